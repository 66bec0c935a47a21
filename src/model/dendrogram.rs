//! The tree of a hierarchical clustering: which regions were joined, in which order, and at which
//! distances.

use serde::{Deserialize, Serialize};

use super::Model;
use crate::error::{invalid_argument, Result};

/// The joins of a model's regions, nearest first, with scikit-learn's numbers: a number below the
/// number of regions is a region; from there on, numbers are the joins, in order. (`joins` is its
/// `children_`, `distances` its `distances_`.) The tree can be cut again at any number of classes,
/// without the scene.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Dendrogram {
    /// The two clusters of each join.
    pub joins: Vec<[u32; 2]>,
    /// The distance between the two clusters by the linkage; in (scaled) band units.
    pub distances: Vec<f64>,
    /// The number of sampled pixels in each join.
    pub sizes: Vec<u64>,
}

impl Dendrogram {
    /// Whether it joins so many regions into one, uses each cluster once, and has a possible order.
    pub(super) fn fits(&self, n_regions: usize) -> bool {
        let n_joins = n_regions.saturating_sub(1);
        let lengths = [self.joins.len(), self.distances.len(), self.sizes.len()];
        let mut is_used = vec![false; n_regions + n_joins];
        let mut use_once = |cluster: u32, below: usize| {
            (cluster as usize) < below && !std::mem::replace(&mut is_used[cluster as usize], true)
        };
        let mut joins = self.joins.iter().enumerate();
        lengths == [n_joins; 3]
            && self.distances.iter().all(|distance| distance.is_finite() && *distance >= 0.0)
            && joins.all(|(index, pair)| {
                pair.iter().all(|cluster| use_once(*cluster, n_regions + index))
            })
    }

    /// The class of each region (0-based, numbered in the order of the regions), if the tree is cut
    /// so that so many clusters are left.
    fn classes(&self, n_clusters: usize) -> Vec<u16> {
        let n_regions = self.joins.len() + 1;
        let mut cluster: Vec<usize> = (0..2 * n_regions - 1).collect();
        // From the last remaining join down: the parts of a join are in the class of the join.
        for (index, pair) in self.joins[..n_regions - n_clusters].iter().enumerate().rev() {
            pair.iter().for_each(|joined| cluster[*joined as usize] = cluster[n_regions + index]);
        }
        let mut seen = Vec::new();
        let number = |cluster: &usize| {
            seen.iter().position(|other| other == cluster).unwrap_or_else(|| {
                seen.push(*cluster);
                seen.len() - 1
            }) as u16
        };
        cluster[..n_regions].iter().map(number).collect()
    }
}

impl Model {
    /// The tree of the regions that the classes consist of, if the algorithm (agglomerative) made
    /// one.
    pub fn dendrogram(&self) -> Option<&Dendrogram> {
        self.dendrogram.as_ref()
    }

    pub(crate) fn with_dendrogram(mut self, dendrogram: Dendrogram) -> Model {
        self.dendrogram = Some(dendrogram);
        self
    }

    /// The class of each region (from 0, numbered in the order of the regions), if the dendrogram
    /// is cut at another number of classes.
    ///
    /// # Errors
    /// `InvalidArgument` when the model has no dendrogram, or the number is not between 1 and the
    /// number of its regions.
    pub fn cut(&self, n_clusters: usize) -> Result<Vec<u16>> {
        let Some(dendrogram) = &self.dendrogram else {
            return invalid_argument(format!(
                "the model is of algorithm {}, which keeps no dendrogram: fit with agglomerative",
                self.method.name
            ));
        };
        let n_regions = dendrogram.joins.len() + 1;
        if !(1..=n_regions).contains(&n_clusters) {
            return invalid_argument(format!(
                "{n_clusters} classes were asked for: the dendrogram can be cut at 1 to \
                 {n_regions}"
            ));
        }
        Ok(dendrogram.classes(n_clusters))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dendrogram() -> Dendrogram {
        Dendrogram {
            joins: vec![[0, 1], [2, 3], [5, 6], [4, 7]],
            distances: vec![1.0, 1.5, 9.0, 18.5],
            sizes: vec![2, 2, 4, 5],
        }
    }

    #[test]
    fn cuts_where_so_many_are_left() {
        let classes = |n| dendrogram().classes(n);
        assert_eq!(classes(1), [0, 0, 0, 0, 0]);
        assert_eq!(classes(2), [0, 0, 0, 0, 1]);
        assert_eq!(classes(3), [0, 0, 1, 1, 2]);
        assert_eq!(classes(4), [0, 0, 1, 2, 3]);
        assert_eq!(classes(5), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn what_is_no_tree_does_not_fit() {
        assert!(dendrogram().fits(5) && !dendrogram().fits(4));
        for pair in [[0, 0], [1, 5], [4, 8], [4, 9], [4, 5]] {
            let mut damaged = dendrogram();
            damaged.joins[3] = pair;
            assert!(!damaged.fits(5), "{pair:?}");
        }
        let damaged = Dendrogram { distances: vec![1.0, 1.5, 9.0, f64::NAN], ..dendrogram() };
        assert!(!damaged.fits(5));
        assert!(Dendrogram::default().fits(1));
    }
}
