//! Agglomerative clustering: the two nearest clusters are joined, until the requested number is
//! left.

use kodama::{linkage, Dendrogram as Joined, Method as Joining};
use serde::{Deserialize, Serialize};

use crate::cluster::options::{check_classes, check_representatives, method, ScalingMethod};
use crate::cluster::representatives::{groups, sample, Representatives};
use crate::error::{invalid_data, Result};
use crate::model::{BandWeights, Dendrogram, Model};
use crate::progress::{Run, Stop};
use crate::summary::Summary;

/// The distance between two clusters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Linkage {
    /// The increase of the inertia when they are joined.
    #[default]
    Ward,
    /// The mean distance between their pixels.
    Average,
    /// The largest distance between their pixels.
    Complete,
    /// The least distance between their pixels.
    Single,
}

/// The options, with the names of scikit-learn's `AgglomerativeClustering`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Agglomerative {
    /// Number of classes, 1 to 65535. Default 4.
    pub n_clusters: u32,
    /// The distance between two clusters. Default Ward's.
    pub linkage: Linkage,
    /// Size of the sample of the pixels that is clustered: the number of classes to 5000.
    /// Default 2000.
    pub n_representatives: u32,
    /// Scaling of the bands. Default none.
    pub scaling: ScalingMethod,
    /// How much each band counts in distances. Default: all bands equally.
    pub band_weights: BandWeights,
    /// Not used: nothing is random. Default 0.
    pub seed: u64,
}

impl Default for Agglomerative {
    fn default() -> Agglomerative {
        Agglomerative {
            n_clusters: 4,
            linkage: Linkage::default(),
            n_representatives: 2000,
            scaling: ScalingMethod::default(),
            band_weights: BandWeights::default(),
            seed: 0,
        }
    }
}

impl Agglomerative {
    /// Checks the options alone.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the option, what it is and what it may be.
    pub fn check(&self) -> Result<()> {
        check_classes(self.n_clusters)?;
        check_representatives(self.n_representatives, self.n_clusters)
    }
}

/// Joins the pixels of a sample of the summary (drawn in even steps along its cells). Every pixel
/// gets the class of the nearest sampled pixel.
///
/// The crate `kodama` joins: Müllner, "Modern hierarchical, agglomerative clustering algorithms",
/// 2011.
///
/// # Errors
/// As [`Algorithm::fit`](crate::cluster::Algorithm::fit).
pub(crate) fn fit(summary: &Summary, options: &Agglomerative, run: &mut Run) -> Result<Model> {
    let (n, n_clusters) = (options.n_representatives as usize, options.n_clusters as usize);
    let drawn = Representatives::new(
        summary,
        (options.scaling, &options.band_weights),
        options.seed,
        n_clusters,
        &mut run.stage(0.0, 0.2),
        |cells, band_weights, stop| {
            let drawn = sample(cells, n);
            if drawn.1.len() >= n_clusters {
                return Ok(drawn);
            }
            // Too few distinct draws for the classes: uses groups of cells instead, which are even
            // in space, and counts each group once.
            let (points, weights) = groups(cells, n, band_weights, options.seed, stop)?;
            Ok((points, vec![1.0; weights.len()]))
        },
    )?;
    let places = drawn.repeated();
    let (classes, joined) = run
        .stage(0.2, 0.9)
        .with_stop("fitting", |stop| classes(&drawn, &places, options.linkage, n_clusters, stop))?;
    let dendrogram = dendrogram(&joined, &places, &drawn.weights);
    Ok(drawn.model(method("agglomerative", options), &classes, run)?.with_dendrogram(dendrogram))
}

/// The class of each point. Some points are `drawn`, once or more; draws of one point are at
/// distance 0, so they are joined first. Points that were not drawn get the class of the nearest
/// drawn point.
///
/// # Errors
/// `InvalidData` when fewer points were drawn than clusters are asked for.
pub(super) fn classes(
    points: &Representatives,
    drawn: &[usize],
    how: Linkage,
    n_clusters: usize,
    stop: &Stop,
) -> Result<(Vec<Option<usize>>, Joined<f64>)> {
    let all: Vec<usize> = (0..points.len()).collect();
    let n_distinct = drawn.chunk_by(|a, b| a == b).count();
    // If too few distinct points were drawn, each point counts once.
    let drawn = if n_distinct < n_clusters { &all } else { drawn };
    if points.len() < n_clusters {
        return invalid_data(format!(
            "{n_clusters} clusters were asked for, but the pixels have only {} representatives: \
             ask for fewer, or for more n_representatives",
            points.len()
        ));
    }
    let joined = join(drawn.len(), how, |a, b| points.squared_distance(drawn[a], drawn[b]), stop)?;
    let mut classes = vec![None; points.len()];
    for (point, class) in drawn.iter().zip(cut(&joined, n_clusters)) {
        classes[*point] = Some(class);
    }
    let nearest_drawn = |point: usize| {
        let distance = |other: &usize| points.squared_distance(point, *other);
        drawn.iter().copied().min_by(|a, b| distance(a).total_cmp(&distance(b)))
    };
    let mut found = Vec::with_capacity(points.len());
    for (point, class) in classes.iter().enumerate() {
        stop.check()?;
        found.push(class.or_else(|| classes[nearest_drawn(point)?]));
    }
    Ok((found, joined))
}

/// The joins of regions, given those of `places` (draws of these regions, in order) and how often
/// each was drawn. Draws of one region are joined first, at distance 0; these joins are left out.
fn dendrogram(joined: &Joined<f64>, places: &[usize], draws: &[f64]) -> Dendrogram {
    let (n, n_regions) = (places.len(), draws.len());
    // The node of the regions for each cluster of draws.
    let mut node: Vec<usize> = places.to_vec();
    let mut found = Dendrogram::default();
    let mut size = draws.iter().map(|draws| *draws as u64).collect::<Vec<_>>();
    debug_assert_eq!(joined.observations(), n);
    for step in joined.steps() {
        let (a, b) = (node[step.cluster1], node[step.cluster2]);
        if a == b {
            node.push(a);
            continue;
        }
        node.push(n_regions + found.joins.len());
        size.push(size[a] + size[b]);
        found.joins.push([a.min(b) as u32, a.max(b) as u32]);
        found.distances.push(step.dissimilarity);
        found.sizes.push(size[a] + size[b]);
    }
    found
}

/// The joins of `n` points, given their squared distances. (`kodama` cannot be stopped: see
/// docs/design-decisions.md.)
///
/// # Errors
/// `Cancelled`.
fn join(
    n: usize,
    how: Linkage,
    squared_distance: impl Fn(usize, usize) -> f64,
    stop: &Stop,
) -> Result<Joined<f64>> {
    let mut distances = Vec::with_capacity(n * n.saturating_sub(1) / 2);
    for a in 0..n {
        stop.check()?;
        distances.extend((a + 1..n).map(|b| squared_distance(a, b).sqrt()));
    }
    let how = match how {
        Linkage::Ward => Joining::Ward,
        Linkage::Average => Joining::Average,
        Linkage::Complete => Joining::Complete,
        Linkage::Single => Joining::Single,
    };
    Ok(linkage(&mut distances, n, how))
}

/// The class of each point (below `n_clusters`), if the dendrogram is cut so that this number of
/// clusters is left.
fn cut(joined: &Joined<f64>, n_clusters: usize) -> Vec<usize> {
    let n = joined.observations();
    // Clusters are numbered from `n` up in the order of their joins. The last joins are undone.
    let is_kept = |cluster: usize| cluster < 2 * n - n_clusters;
    let mut class: Vec<Option<usize>> = vec![None; 2 * n];
    let mut n_classes = 0;
    let mut new_class = || {
        n_classes += 1;
        n_classes - 1
    };
    for (cluster, step) in (n..).zip(joined.steps()).collect::<Vec<_>>().into_iter().rev() {
        if is_kept(cluster) {
            let own = *class[cluster].get_or_insert_with(&mut new_class);
            (class[step.cluster1], class[step.cluster2]) = (Some(own), Some(own));
        }
    }
    class[..n].iter().map(|class| class.unwrap_or_else(&mut new_class)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_found_in_steps_that_can_be_stopped() {
        let stop = Stop::default();
        join(50, Linkage::Ward, |a, b| (a as f64 - b as f64).powi(2), &stop).unwrap();
        assert!(stop.looks.load(std::sync::atomic::Ordering::Relaxed) >= 50);
    }

    #[test]
    fn cuts_where_so_many_are_left() {
        let values = [0.0f64, 1.0, 10.0, 11.5, 30.0];
        let joined =
            join(5, Linkage::Single, |a, b| (values[a] - values[b]).powi(2), &Stop::default())
                .unwrap();
        let groups = |n| {
            let classes = cut(&joined, n);
            let mut seen: Vec<usize> = Vec::new();
            let number = |class| {
                let known = seen.iter().position(|other| *other == class);
                known.unwrap_or_else(|| {
                    seen.push(class);
                    seen.len() - 1
                })
            };
            classes.into_iter().map(number).collect::<Vec<_>>()
        };
        assert_eq!(groups(1), [0, 0, 0, 0, 0]);
        assert_eq!(groups(2), [0, 0, 0, 0, 1]);
        assert_eq!(groups(3), [0, 0, 1, 1, 2]);
        assert_eq!(groups(4), [0, 0, 1, 2, 3]);
        assert_eq!(groups(5), [0, 1, 2, 3, 4]);
    }
}
