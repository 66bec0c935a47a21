//! Spectral clustering: a graph of similar pixels is cut where its connections are weak.

use ndarray::{Array2, ArrayView1};
use rand_pcg::Pcg64;
use serde::{Deserialize, Serialize};

use super::eigenvectors::leading_eigenvectors;
use super::lloyd::{assign, lloyd, LloydResult};
use super::options::{
    check_classes, check_positive, check_representatives_up_to, method, ScalingMethod,
};
use super::points::Points;
use super::representatives::{groups, Representatives};
use super::seeding::kmeans_plus_plus;
use super::spanning_tree::spanning_tree;
use crate::error::{invalid_argument, Result};
use crate::kernel::Centers;
use crate::model::{BandWeights, Model};
use crate::progress::{Run, Stop};
use crate::summary::Summary;

/// The most representatives: a matrix of all pairs takes 72 MB, and its eigenvectors take about ten
/// seconds.
const MOST: u32 = 3000;

/// The least affinity along the minimum spanning tree: it connects the graph, and costs next to
/// nothing to cut.
const THREAD: f64 = 1e-6;

/// Most iterations of k-means on the embedding, as in scikit-learn.
const MAX_ITER: u32 = 300;

/// How similar two points are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GraphAffinity {
    /// By the Gaussian of their distance.
    Rbf,
    /// 1 if each is among the nearest of the other, 0.5 if only one is: the neighbourhood grows
    /// where pixels are sparse.
    #[default]
    NearestNeighbors,
}

/// The options, with the names of scikit-learn's `SpectralClustering`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Spectral {
    /// Number of classes, 1 to 3000. Default 4.
    pub n_clusters: u32,
    /// How similar two points are. Default `nearest_neighbors`.
    pub affinity: GraphAffinity,
    /// With `rbf`: the factor of squared distances, in inverse squared (scaled) band units. It is
    /// the same for all points, so a few pixels far from all others easily form a class. Default:
    /// for each pair of points, 1 divided by the larger of their squared distances from their
    /// `n_neighbors`th nearest.
    pub gamma: Option<f64>,
    /// Number of neighbours of a point, itself included; at least 2. Default 10.
    pub n_neighbors: u32,
    /// Number of restarts of k-means on the embedding, at least 1. Default 10.
    pub n_init: u32,
    /// Number of points that stand for the pixels: the number of classes to 3000. The time grows
    /// with its cube. Default 1000.
    pub n_representatives: u32,
    /// Scaling of the bands. Default none.
    pub scaling: ScalingMethod,
    /// How much each band counts in distances. Default: all bands equally.
    pub band_weights: BandWeights,
    /// Seed of the random numbers. Default 0.
    pub seed: u64,
}

impl Default for Spectral {
    fn default() -> Spectral {
        Spectral {
            n_clusters: 4,
            affinity: GraphAffinity::default(),
            gamma: None,
            n_neighbors: 10,
            n_init: 10,
            n_representatives: 1000,
            scaling: ScalingMethod::default(),
            band_weights: BandWeights::default(),
            seed: 0,
        }
    }
}

impl Spectral {
    /// Checks the options alone.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the option, what it is and what it may be.
    pub fn check(&self) -> Result<()> {
        check_classes(self.n_clusters)?;
        check_positive("gamma", self.gamma)?;
        if self.n_neighbors < 2 {
            return invalid_argument(format!(
                "n_neighbors is {}: give a number from 2 up, as each point is its own neighbour",
                self.n_neighbors
            ));
        }
        if self.n_init == 0 {
            return invalid_argument("n_init is 0: give a number from 1 up");
        }
        if self.n_clusters > MOST {
            return invalid_argument(format!(
                "{} clusters were asked for: ask for 1 to {MOST}",
                self.n_clusters
            ));
        }
        check_representatives_up_to(MOST, self.n_representatives, self.n_clusters)
    }
}

/// Cuts the graph of representatives of the pixels into classes, and gives every pixel the class of
/// its nearest representative.
///
/// The normalised cut of Shi and Malik (2000), by the eigenvectors of the random walk on the graph
/// and k-means on them: von Luxburg, "A tutorial on spectral clustering", 2007.
///
/// A representative stands for many pixels. Any of them is as similar to a pixel of another
/// representative as the two representatives are. So an affinity counts once for each pair of
/// pixels: it is multiplied by both weights, and within a representative by its number of pairs.
/// The eigenvectors of this graph of pixels are equal on all pixels of a representative, and are
/// those of the small graph; weighted k-means on them is k-means on all pixels. So the result is
/// the cut of the graph of all pixels (Dhillon, Guan and Kulis, "Weighted graph cuts without
/// eigenvectors", PAMI 2007).
///
/// # Errors
/// As [`Algorithm::fit`](super::Algorithm::fit).
pub(crate) fn fit(summary: &Summary, options: &Spectral, run: &mut Run) -> Result<Model> {
    let (n, seed) = (options.n_representatives as usize, options.seed);
    let points = Representatives::new(
        summary,
        (options.scaling, &options.band_weights),
        seed,
        options.n_clusters as usize,
        &mut run.stage(0.0, 0.3),
        |cells, band_weights, stop| groups(cells, n, band_weights, seed, stop),
    )?;
    let classes = run.stage(0.3, 0.9).with_stop("fitting", |stop| {
        let neighbors = Neighbors::new(&points, options.n_neighbors as usize, stop)?;
        let mut affinities = match options.affinity {
            GraphAffinity::Rbf => gaussian(&points, options.gamma, &neighbors.squared_radii, stop)?,
            GraphAffinity::NearestNeighbors => neighbors.affinities(),
        };
        connect(&mut affinities, &points, stop)?;
        let embedded = embed(affinities, &points.weights, options.n_clusters as usize, stop)?;
        cluster(&embedded, &points.weights, options, stop)
    })?;
    points.model(method("spectral", options), &classes, run)
}

/// The nearest points of each point, itself first, and the squared distance of the last of them.
struct Neighbors {
    nearest: Vec<Vec<usize>>,
    squared_radii: Vec<f64>,
}

impl Neighbors {
    fn new(points: &Representatives, n_neighbors: usize, stop: &Stop) -> Result<Neighbors> {
        let n = points.len();
        let mut found =
            Neighbors { nearest: Vec::with_capacity(n), squared_radii: Vec::with_capacity(n) };
        for point in 0..n {
            stop.check()?;
            let mut others: Vec<(f64, usize)> =
                (0..n).map(|other| (points.squared_distance(point, other), other)).collect();
            others.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            others.truncate(n_neighbors);
            found.squared_radii.push(others.last().map_or(0.0, |(distance, _)| *distance));
            found.nearest.push(others.into_iter().map(|(_, other)| other).collect());
        }
        Ok(found)
    }

    /// 0.5 for each point of a pair that has the other among its nearest.
    fn affinities(&self) -> Array2<f64> {
        let n = self.nearest.len();
        let mut affinities = Array2::zeros((n, n));
        for (point, nearest) in self.nearest.iter().enumerate() {
            for &other in nearest {
                affinities[(point, other)] += 0.5;
                affinities[(other, point)] += 0.5;
            }
        }
        affinities
    }
}

/// The Gaussian of the distances. If no gamma is given, its width is the distance of the last
/// neighbour: Zelnik-Manor and Perona, "Self-tuning spectral clustering", 2004, but with the larger
/// distance of the two points instead of their product, so that points far from all others stay
/// connected to their nearest. (`libm` instead of the system's functions: the same on every
/// machine.)
fn gaussian(
    points: &Representatives,
    gamma: Option<f64>,
    squared_radii: &[f64],
    stop: &Stop,
) -> Result<Array2<f64>> {
    let n = points.len();
    let mut affinities = Array2::eye(n);
    for a in 0..n {
        stop.check()?;
        for b in 0..a {
            let gamma = gamma.unwrap_or_else(|| {
                1.0 / squared_radii[a].max(squared_radii[b]).max(f64::MIN_POSITIVE)
            });
            let affinity = libm::exp(-gamma * points.squared_distance(a, b));
            (affinities[(a, b)], affinities[(b, a)]) = (affinity, affinity);
        }
    }
    Ok(affinities)
}

/// Raises affinities along the minimum spanning tree to [`THREAD`]. Otherwise, if there are more
/// disconnected parts than classes, some are merged arbitrarily, and a point without any affinity
/// has no place.
fn connect(affinities: &mut Array2<f64>, points: &Representatives, stop: &Stop) -> Result<()> {
    for edge in spanning_tree(points.len(), |a, b| points.squared_distance(a, b), stop)? {
        let affinity = affinities[(edge.from, edge.to)].max(THREAD);
        affinities[(edge.from, edge.to)] = affinity;
        affinities[(edge.to, edge.from)] = affinity;
    }
    Ok(())
}

/// The places of points (rows) by the `k` slowest eigenvectors of the random walk on the graph of
/// their pixels.
fn embed(
    mut affinities: Array2<f64>,
    weights: &[f64],
    k: usize,
    stop: &Stop,
) -> Result<Array2<f64>> {
    let n = weights.len();
    let pairs =
        |a: usize, b: usize| weights[a] * if a == b { weights[b] - 1.0 } else { weights[b] };
    for a in 0..n {
        (0..n).for_each(|b| affinities[(a, b)] *= pairs(a, b));
    }
    let sum = |row: ArrayView1<f64>| row.iter().sum::<f64>();
    let roots: Vec<f64> =
        affinities.rows().into_iter().map(|row| sum(row).max(f64::MIN_POSITIVE).sqrt()).collect();
    for a in 0..n {
        stop.check()?;
        (0..n).for_each(|b| affinities[(a, b)] /= roots[a] * roots[b]);
    }
    let mut embedded = leading_eigenvectors(affinities, k, stop)?;
    let total: f64 = roots.iter().map(|root| root * root).sum();
    for mut column in embedded.columns_mut() {
        // Normalised so that the size does not depend on the number of pixels.
        column
            .iter_mut()
            .zip(&roots)
            .for_each(|(value, root)| *value = *value / root * total.sqrt());
        // The sign is arbitrary, but must always be the same: the component with the largest
        // magnitude is positive.
        let furthest =
            column.iter().copied().fold(0.0f64, |a, b| if b.abs() > a.abs() { b } else { a });
        column *= furthest.signum();
    }
    Ok(embedded)
}

/// The class of each point: the best result of several restarts of k-means on their places.
fn cluster(
    embedded: &Array2<f64>,
    weights: &[f64],
    options: &Spectral,
    stop: &Stop,
) -> Result<Vec<Option<usize>>> {
    let k = options.n_clusters as usize;
    let points = Points::weighted(embedded, weights.to_vec());
    let unscaled = vec![1.0; k];
    let mut best: Option<LloydResult> = None;
    for start in 0..options.n_init {
        let mut random = Pcg64::new(u128::from(options.seed), u128::from(start));
        let first = kmeans_plus_plus(&points, k, &unscaled, &mut random, stop)?;
        let rest = lloyd(&points, first, &unscaled, MAX_ITER, 0.0, stop)?;
        if best.as_ref().is_none_or(|best| rest.inertia < best.inertia) {
            best = Some(rest);
        }
    }
    let centers = best.map_or_else(|| Array2::zeros((1, k)), |best| best.centers);
    let labels = assign(&points, &Centers::with_stop(centers, unscaled, stop)?, stop)?;
    Ok(labels.into_iter().map(|label| Some(usize::from(label))).collect())
}

#[cfg(test)]
mod tests {
    use super::super::test_scenes::{refusal, Scene};
    use super::*;
    use serde_json::json;

    #[test]
    fn finds_blobs() {
        for n_bands in [2, 4] {
            let scene = Scene::new(&[3000, 900, 400, 150], 0, n_bands);
            for affinity in ["nearest_neighbors", "rbf"] {
                let options = json!({"affinity": affinity, "n_representatives": 200});
                let (model, labels) = scene.classify("spectral", options.clone()).unwrap();
                scene.check(&model, &labels, 0);
                scene.check_repeats("spectral", options);
            }
        }
    }

    #[test]
    fn a_weight_is_as_many_points() {
        // A line of points; the second and the fourth stand for three pixels each.
        let places = [0.0f64, 1.0, 3.0, 4.0, 5.5];
        let weights = [1.0, 3.0, 2.0, 3.0, 1.0];
        let pixels: Vec<usize> =
            (0..5).flat_map(|point| std::iter::repeat_n(point, weights[point] as usize)).collect();
        let affinities = |points: &[usize]| {
            Array2::from_shape_fn((points.len(), points.len()), |(a, b)| {
                libm::exp(-(places[points[a]] - places[points[b]]).powi(2) / 4.0)
            })
        };
        let stop = &Stop::default();
        let few = embed(affinities(&[0, 1, 2, 3, 4]), &weights, 3, stop).unwrap();
        let all = embed(affinities(&pixels), &[1.0; 10], 3, stop).unwrap();
        for (pixel, point) in pixels.iter().enumerate() {
            for dimension in 0..3 {
                let (a, b) = (few[(*point, dimension)], all[(pixel, dimension)]);
                assert!((a - b).abs() < 1e-9, "{a} and {b}");
            }
        }
    }

    #[test]
    fn refuses_what_is_out_of_range() {
        let refused = |options| refusal("spectral", options);
        assert!(refused(json!({"n_clusters": 0})).starts_with("0 clusters were asked for"));
        assert_eq!(refused(json!({"gamma": 0})), "gamma is 0: give a number above 0");
        assert!(refused(json!({"n_neighbors": 1}))
            .starts_with("n_neighbors is 1: give a number from 2 up"));
        assert_eq!(refused(json!({"n_init": 0})), "n_init is 0: give a number from 1 up");
        assert_eq!(
            refused(json!({"n_representatives": 3001})),
            "n_representatives is 3001: give a number from 4 to 3000"
        );
        assert!(
            refused(json!({"n_representatives": 5, "n_clusters": 6})).contains("from 6 to 3000")
        );
        assert!(refused(json!({"n_clusters": 3001})).ends_with("ask for 1 to 3000"));
        assert!(refused(json!({"affinity": "best"})).contains("nearest_neighbors"));
    }
}
