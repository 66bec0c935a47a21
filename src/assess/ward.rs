//! The order in which Ward's rule joins classes, and the cost of each join.

use crate::model::{Class, Scaling};

/// A join of two clusters. Clusters are the classes, from 0 in their order, then one for each join.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Join {
    /// The clusters that are joined.
    pub clusters: (usize, usize),
    /// The increase of the inertia, in squared (scaled) band units.
    pub added: f64,
}

/// Joins classes of a model with this scaling by Ward's rule until one is left: the pair whose join
/// adds least to the inertia comes first. The weight of a class is its number of training pixels.
/// (Ward, "Hierarchical grouping to optimize an objective function", 1963. `kodama` supports only
/// points of weight 1.)
pub fn ward(classes: &[&Class], scaling: &Scaling) -> Vec<Join> {
    let weights = scaling.weights(classes.first().map_or(0, |class| class.mean.len()));
    let scaled =
        |mean: &[f64]| mean.iter().zip(&weights).map(|(mean, weight)| mean * weight).collect();
    let mut clusters: Vec<Cluster> = classes
        .iter()
        .enumerate()
        .map(|(number, class)| Cluster {
            number,
            count: class.count as f64,
            mean: scaled(&class.mean),
        })
        .collect();
    let n = clusters.len();
    let mut joins = Vec::with_capacity(n.saturating_sub(1));
    while clusters.len() > 1 {
        let pairs = (0..clusters.len()).flat_map(|a| (a + 1..clusters.len()).map(move |b| (a, b)));
        let costs = pairs.map(|(a, b)| (clusters[a].cost(&clusters[b]), a, b));
        let Some((added, a, b)) = costs.min_by(|x, y| x.0.total_cmp(&y.0)) else {
            break;
        };
        let other = clusters.remove(b);
        joins.push(Join { clusters: (clusters[a].number, other.number), added });
        clusters[a] = clusters[a].with(&other, n + joins.len() - 1);
    }
    joins
}

struct Cluster {
    number: usize,
    count: f64,
    mean: Vec<f64>,
}

impl Cluster {
    /// What a join adds to the inertia.
    fn cost(&self, other: &Cluster) -> f64 {
        let squared: f64 = self.mean.iter().zip(&other.mean).map(|(a, b)| (a - b) * (a - b)).sum();
        match self.count + other.count {
            0.0 => 0.0,
            count => self.count * other.count / count * squared,
        }
    }

    fn with(&self, other: &Cluster, number: usize) -> Cluster {
        let count = self.count + other.count;
        let part = if count > 0.0 { other.count / count } else { 0.5 };
        let mean = self.mean.iter().zip(&other.mean).map(|(a, b)| a + (b - a) * part).collect();
        Cluster { number, count, mean }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{Algorithm, KMeans};
    use crate::progress::Run;
    use crate::raster::Raster;
    use crate::summary::Summary;

    /// Classes of single values: the costs of all joins add up to the inertia of all pixels about
    /// their mean.
    #[test]
    fn the_costs_add_up_to_the_scatter_of_all() {
        let samples: Vec<u8> = [3u8, 5, 30, 33, 200, 90].iter().cycle().take(60).copied().collect();
        let raster = Raster::bsq(&samples, 1, 60, 1).unwrap();
        let mut summary = Summary::new(1, raster.sample_type(), 1 << 24).unwrap();
        summary.add(&raster, &mut Run::silent(1)).unwrap();
        let kmeans = Algorithm::KMeans(KMeans { n_clusters: 6, ..KMeans::default() });
        let model = kmeans.fit(&summary, &mut Run::silent(1)).unwrap();
        let classes: Vec<&Class> = model.classes.iter().collect();
        let joins = ward(&classes, &model.scaling);
        let mean = samples.iter().map(|s| f64::from(*s)).sum::<f64>() / 60.0;
        let scatter: f64 = samples.iter().map(|s| (f64::from(*s) - mean).powi(2)).sum();
        assert_eq!(joins.len(), 5);
        assert!(
            (joins.iter().map(|join| join.added).sum::<f64>() - scatter).abs() < 1e-6 * scatter
        );
        assert!(joins.is_sorted_by_key(|join| join.added), "{joins:?}");
        let values = |join: &Join| {
            let value = |cluster: usize| model.classes[cluster].mean[0];
            (
                value(join.clusters.0).min(value(join.clusters.1)),
                value(join.clusters.0).max(value(join.clusters.1)),
            )
        };
        assert_eq!(values(&joins[0]), (3.0, 5.0));
        assert!(ward(&classes[..1], &model.scaling).is_empty());
    }
}
