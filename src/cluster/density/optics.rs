//! OPTICS: pixels in an order in which clusters of any density are valleys; the rest is noise. This
//! file has its options, and the fit.

use serde::{Deserialize, Serialize};

use super::reachability::Plot;
use crate::cluster::options::{check_positive, check_representatives, method, ScalingMethod};
use crate::cluster::representatives::{sample, Representatives};
use crate::error::{invalid_argument, Result};
use crate::model::{BandWeights, Model};
use crate::progress::Run;
use crate::summary::Summary;

/// How clusters are found in the order of the pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClusterMethod {
    /// Valleys with steep sides, of any depth; of nested valleys, the innermost.
    #[default]
    Xi,
    /// Pixels below one height: the clusters of DBSCAN.
    Dbscan,
}

/// The options, with the names of scikit-learn's `OPTICS`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Optics {
    /// Least number of pixels in the neighbourhood of a dense pixel, itself included, if there were
    /// `n_representatives` pixels in all; 2 to `n_representatives`. Default 5.
    pub min_samples: u32,
    /// The largest radius of a neighbourhood, in (scaled) band units. Default: no limit.
    pub max_eps: Option<f64>,
    /// How clusters are found. Default `xi`.
    pub cluster_method: ClusterMethod,
    /// How steep the sides of a valley are: the least fraction by which the reachability distance
    /// falls or rises from one pixel to the next; between 0 and 1. Default 0.05.
    pub xi: f64,
    /// With `dbscan`: radius of a neighbourhood, in (scaled) band units, at most `max_eps`.
    /// Default: `max_eps`.
    pub eps: Option<f64>,
    /// With `xi`: least number of pixels of a cluster, counted like `min_samples`; 2 to
    /// `n_representatives`. Default: `min_samples`.
    pub min_cluster_size: Option<u32>,
    /// Size of the sample of the pixels that is clustered: 2 to 5000. Default 2000.
    pub n_representatives: u32,
    /// Scaling of the bands. Default none.
    pub scaling: ScalingMethod,
    /// How much each band counts in distances. Default: all bands equally.
    pub band_weights: BandWeights,
    /// Not used: nothing is random. Default 0.
    pub seed: u64,
}

impl Default for Optics {
    fn default() -> Optics {
        Optics {
            min_samples: 5,
            max_eps: None,
            cluster_method: ClusterMethod::default(),
            xi: 0.05,
            eps: None,
            min_cluster_size: None,
            n_representatives: 2000,
            scaling: ScalingMethod::default(),
            band_weights: BandWeights::default(),
            seed: 0,
        }
    }
}

impl Optics {
    /// Checks the options alone.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the option, what it is and what it may be.
    pub fn check(&self) -> Result<()> {
        check_representatives(self.n_representatives, 2)?;
        let sizes =
            [("min_samples", Some(self.min_samples)), ("min_cluster_size", self.min_cluster_size)];
        for (name, size) in sizes {
            if let Some(size) = size.filter(|size| !(2..=self.n_representatives).contains(size)) {
                return invalid_argument(format!(
                    "{name} is {size}: give a number from 2 to n_representatives, {}",
                    self.n_representatives
                ));
            }
        }
        check_positive("max_eps", self.max_eps)?;
        check_positive("eps", self.eps)?;
        if !(self.xi > 0.0 && self.xi < 1.0) {
            return invalid_argument(format!("xi is {}: give a number between 0 and 1", self.xi));
        }
        match (self.cluster_method, self.eps.or(self.max_eps), self.max_eps) {
            (ClusterMethod::Dbscan, None, _) => {
                invalid_argument("cluster_method is \"dbscan\" without a radius: give eps")
            }
            (ClusterMethod::Dbscan, Some(eps), Some(max_eps)) if eps > max_eps => {
                invalid_argument(format!("eps is {eps}: give at most max_eps, {max_eps}"))
            }
            _ => Ok(()),
        }
    }
}

/// Orders the pixels of a sample of the summary (drawn in even steps along its cells), and finds
/// the valleys. Every pixel gets the class, or noise, of the nearest sampled pixel.
///
/// Ankerst, Breunig, Kriegel and Sander, "OPTICS: ordering points to identify the clustering
/// structure", SIGMOD 1999; with the corrections of scikit-learn, and the one of Schubert and
/// Gertz, "Improving the cluster structure extracted from OPTICS plots", LWDA 2018.
/// (`petal-clustering` and `linfa-clustering` have the order, but do not find valleys.)
///
/// # Errors
/// As [`Algorithm::fit`](crate::cluster::Algorithm::fit).
pub(crate) fn fit(summary: &Summary, options: &Optics, run: &mut Run) -> Result<Model> {
    let n = options.n_representatives as usize;
    let drawn = Representatives::new(
        summary,
        (options.scaling, &options.band_weights),
        options.seed,
        1,
        &mut run.stage(0.0, 0.2),
        |cells, _, _| Ok(sample(cells, n)),
    )?;
    let classes = run.stage(0.2, 0.9).with_stop("fitting", |stop| {
        let pixels = drawn.repeated();
        let max_eps = options.max_eps.unwrap_or(f64::INFINITY);
        let plot = Plot::new(&drawn, &pixels, options.min_samples, max_eps, stop)?;
        let of_pixels = match options.cluster_method {
            ClusterMethod::Xi => {
                let least = options.min_cluster_size.unwrap_or(options.min_samples) as usize;
                plot.valleys(options.xi, options.min_samples as usize, least, stop)?
            }
            ClusterMethod::Dbscan => plot.below(options.eps.unwrap_or(max_eps)),
        };
        // A cell that was drawn several times is noise only if all its draws are noise.
        let mut classes = vec![None; drawn.len()];
        for (pixel, class) in plot.order.iter().zip(of_pixels) {
            let point = &mut classes[pixels[*pixel]];
            *point = point.or(class);
        }
        Ok(classes)
    })?;
    drawn.model(method("optics", options), &classes, run)
}

#[cfg(test)]
mod tests {
    use crate::cluster::test_scenes::{refusal, Scene};
    use serde_json::json;

    #[test]
    fn finds_blobs_and_noise() {
        for n_bands in [2, 4] {
            let scene = Scene::new(&[1200, 400, 200, 120], 12, n_bands);
            let by_radius = json!({"cluster_method": "dbscan", "eps": 400});
            let (model, labels) = scene.classify("optics", by_radius).unwrap();
            scene.check(&model, &labels, 0);
            let by_valleys = json!({"min_cluster_size": 50, "xi": 0.5});
            let (model, labels) = scene.classify("optics", by_valleys).unwrap();
            scene.check(&model, &labels, 20);
            scene.check_repeats("optics", json!({}));
        }
    }

    #[test]
    fn refuses_what_is_out_of_range() {
        let refused = |options| refusal("optics", options);
        assert_eq!(
            refused(json!({"min_samples": 1})),
            "min_samples is 1: give a number from 2 to n_representatives, 2000"
        );
        assert!(refused(json!({"min_cluster_size": 2001}))
            .starts_with("min_cluster_size is 2001: give"));
        assert_eq!(refused(json!({"xi": 1})), "xi is 1: give a number between 0 and 1");
        assert_eq!(refused(json!({"max_eps": 0})), "max_eps is 0: give a number above 0");
        assert!(refused(json!({"cluster_method": "dbscan"})).ends_with("give eps"));
        let too_wide = json!({"cluster_method": "dbscan", "eps": 3, "max_eps": 2});
        assert_eq!(refused(too_wide), "eps is 3: give at most max_eps, 2");
        assert!(refused(json!({"cluster_method": "best"})).contains("dbscan"));
    }
}
