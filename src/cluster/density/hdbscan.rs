//! HDBSCAN: DBSCAN finds clusters at every density; the clusters that last longest are taken, and
//! the rest is noise.

use serde::{Deserialize, Serialize};

use crate::cluster::options::{check_positive, check_representatives, method, ScalingMethod};
use crate::cluster::representatives::{sample, Representatives};
use crate::cluster::spanning_tree::{spanning_tree, Edge};
use crate::error::{invalid_argument, Result};
use crate::model::{BandWeights, Model};
use crate::progress::{Run, Stop};
use crate::summary::Summary;

/// The least distance whose inverse is taken: densities stay finite.
const LEAST_DISTANCE: f64 = 1e-100;

/// Which clusters of the tree are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClusterSelection {
    /// Those with the largest "excess of mass": large ones that last over a wide range of
    /// densities.
    #[default]
    Eom,
    /// Those that do not split any more: many small ones.
    Leaf,
}

/// The options, with the names of scikit-learn's `HDBSCAN`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hdbscan {
    /// Least number of pixels of a cluster, if there were `n_representatives` pixels in all: 20 of
    /// 2000 are a hundredth of them. At least 2. Default 20.
    pub min_cluster_size: f64,
    /// The density of a pixel is given by the neighbourhood that holds so many pixels, itself
    /// included, counted in the same way. The larger the number, the more noise. Default:
    /// `min_cluster_size`.
    pub min_samples: Option<f64>,
    /// Clusters nearer than this, in (scaled) band units, are not separated. Default 0.
    pub cluster_selection_epsilon: f64,
    /// Which clusters of the tree are taken. Default `eom`.
    pub cluster_selection_method: ClusterSelection,
    /// Size of the sample of the pixels that is clustered: 2 to 5000. Default 2000.
    pub n_representatives: u32,
    /// Scaling of the bands. Default none.
    pub scaling: ScalingMethod,
    /// How much each band counts in distances. Default: all bands equally.
    pub band_weights: BandWeights,
    /// Not used: nothing is random. Default 0.
    pub seed: u64,
}

impl Default for Hdbscan {
    fn default() -> Hdbscan {
        Hdbscan {
            min_cluster_size: 20.0,
            min_samples: None,
            cluster_selection_epsilon: 0.0,
            cluster_selection_method: ClusterSelection::default(),
            n_representatives: 2000,
            scaling: ScalingMethod::default(),
            band_weights: BandWeights::default(),
            seed: 0,
        }
    }
}

impl Hdbscan {
    /// Checks the options alone.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the option, what it is and what it may be.
    pub fn check(&self) -> Result<()> {
        check_representatives(self.n_representatives, 2)?;
        let most = f64::from(self.n_representatives);
        if !(2.0..=most).contains(&self.min_cluster_size) {
            return invalid_argument(format!(
                "min_cluster_size is {}, of {most} representatives: give a number from 2 to {most}",
                self.min_cluster_size
            ));
        }
        check_positive("min_samples", self.min_samples)?;
        if let Some(min_samples) = self.min_samples.filter(|min_samples| *min_samples > most) {
            return invalid_argument(format!(
                "min_samples is {min_samples}, of {most} representatives: give fewer"
            ));
        }
        if !(self.cluster_selection_epsilon >= 0.0 && self.cluster_selection_epsilon.is_finite()) {
            return invalid_argument(format!(
                "cluster_selection_epsilon is {}: give a distance from 0 up",
                self.cluster_selection_epsilon
            ));
        }
        Ok(())
    }
}

/// Finds the clusters that last among the pixels of a sample of the summary (drawn in even steps
/// along its cells). Every pixel gets the class, or noise, of the nearest sampled pixel. All pixels
/// together are never a cluster.
///
/// Campello, Moulavi and Sander, "Density-based clustering based on hierarchical density
/// estimates", PAKDD 2013; McInnes and Healy, "Accelerated hierarchical density based
/// clustering", 2017. This follows scikit-learn, except that a cell that was drawn several times
/// has as much weight. In scikit-learn it would be several pixels at distance 0, with infinite
/// density. (The crate `hdbscan` takes no weights, and does not select leaves.)
///
/// # Errors
/// As [`Algorithm::fit`](crate::cluster::Algorithm::fit).
pub(crate) fn fit(summary: &Summary, options: &Hdbscan, run: &mut Run) -> Result<Model> {
    let n = options.n_representatives as usize;
    let drawn = Representatives::new(
        summary,
        (options.scaling, &options.band_weights),
        options.seed,
        1,
        &mut run.stage(0.0, 0.2),
        |cells, _, _| Ok(sample(cells, n)),
    )?;
    let min_samples = options.min_samples.unwrap_or(options.min_cluster_size);
    let classes = run.stage(0.2, 0.9).with_stop("fitting", |stop| {
        let joined =
            Joined::new(drawn.weights.clone(), reachability_tree(&drawn, min_samples, stop)?);
        let condensed = Condensed::new(&joined, options.min_cluster_size, stop)?;
        Ok(condensed.classes(options))
    })?;
    drawn.model(
        method("hdbscan", &Hdbscan { min_samples: Some(min_samples), ..options.clone() }),
        &classes,
        run,
    )
}

/// The spanning tree of "mutual reachability": the distance of two points, or the larger of their
/// core distances if that is larger.
fn reachability_tree(points: &Representatives, min_samples: f64, stop: &Stop) -> Result<Vec<Edge>> {
    let mut radii = Vec::with_capacity(points.len());
    for point in 0..points.len() {
        stop.check()?;
        radii.push(points.radius_of(point, min_samples));
    }
    let length =
        |a: usize, b: usize| points.squared_distance(a, b).sqrt().max(radii[a]).max(radii[b]);
    spanning_tree(points.len(), length, stop)
}

/// Points joined along the edges of a tree, the shortest first. Nodes are the points, followed by
/// the results of the joins, in order.
struct Joined {
    /// The two nodes that were joined, and their distance.
    joins: Vec<(usize, usize, f64)>,
    /// The weight of each node.
    weights: Vec<f64>,
}

impl Joined {
    fn new(mut weights: Vec<f64>, mut edges: Vec<Edge>) -> Joined {
        edges.sort_by(|a, b| a.length.total_cmp(&b.length));
        let mut above: Vec<usize> = (0..weights.len()).collect();
        let mut joins = Vec::with_capacity(edges.len());
        for edge in edges {
            let (a, b) = (top(&mut above, edge.from), top(&mut above, edge.to));
            let joined = above.len();
            above.push(joined);
            (above[a], above[b]) = (joined, joined);
            weights.push(weights[a] + weights[b]);
            joins.push((a, b, edge.length));
        }
        Joined { joins, weights }
    }

    /// The two nodes that were joined into this one; `None` for a point.
    fn join(&self, node: usize) -> Option<(usize, usize, f64)> {
        let n_points = self.weights.len() - self.joins.len();
        node.checked_sub(n_points).map(|index| self.joins[index])
    }
}

/// The node at the top of the joins that contain a node; shortens the path to it.
fn top(above: &mut [usize], mut node: usize) -> usize {
    while above[node] != node {
        above[node] = above[above[node]];
        node = above[node];
    }
    node
}

/// A cluster of the condensed tree. Densities are inverse distances.
struct Cluster {
    parent: Option<usize>,
    /// The density at which it splits off from its parent.
    birth: f64,
    /// The densities over which each of its pixels stays in it, summed.
    stability: f64,
}

/// The tree of clusters that are large enough. A small part that falls off a cluster is not a new
/// cluster; a split into two large parts makes two.
struct Condensed {
    /// Parents before children.
    clusters: Vec<Cluster>,
    /// The last cluster that each point is in.
    last: Vec<usize>,
}

impl Condensed {
    fn new(joined: &Joined, min_cluster_size: f64, stop: &Stop) -> Result<Condensed> {
        let is_large = |node: usize| joined.weights[node] >= min_cluster_size;
        let n_points = joined.weights.len() - joined.joins.len();
        let mut clusters = vec![Cluster { parent: None, birth: 0.0, stability: 0.0 }];
        let mut last = vec![0; n_points];
        // Nodes, each with its cluster and the density up to which it is known to be in it.
        let mut left = vec![(joined.weights.len() - 1, 0, 0.0)];
        while let Some((node, cluster, density)) = left.pop() {
            let Some((a, b, distance)) = joined.join(node) else {
                last[node] = cluster;
                clusters[cluster].stability +=
                    (density - clusters[cluster].birth) * joined.weights[node];
                continue;
            };
            stop.check()?;
            // A small part has left the cluster, whatever happens within it later.
            let density = if is_large(node) { 1.0 / distance.max(LEAST_DISTANCE) } else { density };
            let splits = is_large(a) && is_large(b);
            for child in [a, b] {
                if splits {
                    let stayed = density - clusters[cluster].birth;
                    clusters[cluster].stability += stayed * joined.weights[child];
                    clusters.push(Cluster {
                        parent: Some(cluster),
                        birth: density,
                        stability: 0.0,
                    });
                }
                let cluster = if splits { clusters.len() - 1 } else { cluster };
                left.push((child, cluster, density));
            }
        }
        Ok(Condensed { clusters, last })
    }

    /// The class of each point: the taken cluster that it is in.
    fn classes(&self, options: &Hdbscan) -> Vec<Option<usize>> {
        let mut taken = match options.cluster_selection_method {
            ClusterSelection::Eom => self.most_stable(),
            ClusterSelection::Leaf => self.leaves(),
        };
        if options.cluster_selection_epsilon > 0.0 {
            taken = self.at_least_apart(&taken, options.cluster_selection_epsilon);
        }
        let class_of: Vec<Option<usize>> = self.highest(&taken);
        self.last.iter().map(|cluster| class_of[*cluster]).collect()
    }

    /// Whether each cluster is taken: a cluster is taken unless the clusters below it are more
    /// stable.
    fn most_stable(&self) -> Vec<bool> {
        let mut below = vec![0.0; self.clusters.len()];
        let mut taken = vec![false; self.clusters.len()];
        for (index, cluster) in self.clusters.iter().enumerate().rev() {
            let Some(parent) = cluster.parent else { continue };
            taken[index] = below[index] <= cluster.stability;
            below[parent] += cluster.stability.max(below[index]);
        }
        taken
    }

    /// Whether each cluster is one that does not split.
    fn leaves(&self) -> Vec<bool> {
        let mut is_leaf: Vec<bool> =
            self.clusters.iter().map(|cluster| cluster.parent.is_some()).collect();
        self.clusters
            .iter()
            .filter_map(|cluster| cluster.parent)
            .for_each(|parent| is_leaf[parent] = false);
        is_leaf
    }

    /// The taken clusters; but a cluster that split off at less than `distance` is replaced by the
    /// cluster that it split off from.
    fn at_least_apart(&self, taken: &[bool], distance: f64) -> Vec<bool> {
        let highest = self.highest(taken);
        let mut apart = vec![false; taken.len()];
        for mut cluster in (0..taken.len()).filter(|&cluster| highest[cluster] == Some(cluster)) {
            while 1.0 / self.clusters[cluster].birth < distance {
                match self.clusters[cluster].parent {
                    Some(parent) if self.clusters[parent].parent.is_some() => cluster = parent,
                    _ => break,
                }
            }
            apart[cluster] = true;
        }
        apart
    }

    /// For each cluster, the highest taken cluster that is, or contains, this cluster.
    fn highest(&self, taken: &[bool]) -> Vec<Option<usize>> {
        let mut highest: Vec<Option<usize>> = Vec::with_capacity(taken.len());
        for (index, cluster) in self.clusters.iter().enumerate() {
            let above = cluster.parent.and_then(|parent| highest[parent]);
            highest.push(above.or(taken[index].then_some(index)));
        }
        highest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::test_scenes::{refusal, Scene};
    use serde_json::json;

    #[test]
    fn finds_blobs_and_noise() {
        for n_bands in [2, 4] {
            let scene = Scene::new(&[1200, 400, 200, 120], 12, n_bands);
            for how in ["eom", "leaf"] {
                let options = json!({
                    "min_samples": 5,
                    "cluster_selection_method": how,
                    "cluster_selection_epsilon": 500
                });
                let (model, labels) = scene.classify("hdbscan", options).unwrap();
                scene.check(&model, &labels, 20);
            }
            scene.check_repeats("hdbscan", json!({}));
        }
    }

    /// Two blobs of five points each, one of them in two halves, and a point far away.
    fn condensed() -> Condensed {
        let places = [0.0f64, 1.0, 2.0, 6.0, 7.0, 8.0, 40.0, 41.0, 42.0, 43.0, 100.0];
        let n = places.len();
        let edges =
            spanning_tree(n, |a, b| (places[a] - places[b]).abs(), &Stop::default()).unwrap();
        Condensed::new(&Joined::new(vec![1.0; n], edges), 3.0, &Stop::default()).unwrap()
    }

    #[test]
    fn takes_what_is_stable_or_does_not_split() {
        let of = |how, epsilon| {
            let options = Hdbscan {
                cluster_selection_method: how,
                cluster_selection_epsilon: epsilon,
                ..Hdbscan::default()
            };
            let classes = condensed().classes(&options);
            let mut seen: Vec<usize> = classes.iter().flatten().copied().collect();
            seen.sort_unstable();
            seen.dedup();
            let number =
                |class: &Option<usize>| class.map(|class| seen.binary_search(&class).unwrap());
            (seen.len(), classes.iter().map(number).collect::<Vec<_>>())
        };
        let (n, halves) = of(ClusterSelection::Leaf, 0.0);
        assert_eq!(n, 3);
        assert!(halves[0] == halves[2] && halves[3] == halves[5] && halves[0] != halves[3]);
        // 1/1 - 1/4 for six points is more than 1/4 - 1/32.
        assert_eq!(of(ClusterSelection::Eom, 0.0), (n, halves));
        // The halves split at 4.
        let (n, whole) = of(ClusterSelection::Leaf, 5.0);
        assert_eq!(n, 2);
        assert!(whole[..6].iter().all(|class| *class == whole[0] && class.is_some()));
        assert_eq!(whole[10], None);
    }

    #[test]
    fn refuses_what_is_out_of_range() {
        let refused = |options| refusal("hdbscan", options);
        assert_eq!(
            refused(json!({"min_cluster_size": 1})),
            "min_cluster_size is 1, of 2000 representatives: give a number from 2 to 2000"
        );
        assert_eq!(refused(json!({"min_samples": 0})), "min_samples is 0: give a number above 0");
        assert_eq!(
            refused(json!({"min_samples": 2001})),
            "min_samples is 2001, of 2000 representatives: give fewer"
        );
        assert!(
            refused(json!({"cluster_selection_epsilon": -1})).contains("give a distance from 0 up")
        );
        assert!(refused(json!({"cluster_selection_method": "best"})).contains("eom"));
        assert!(refused(json!({"n_representatives": 1})).contains("give a number from 2 to 5000"));
    }
}
