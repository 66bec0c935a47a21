//! Mean shift: every point climbs to the densest place near it; points that end together are a
//! cluster.

use ndarray::{Array1, ArrayView1};
use serde::{Deserialize, Serialize};

use super::options::{check_positive, check_representatives, method, ScalingMethod};
use super::representatives::{groups, Representatives};
use crate::error::Result;
use crate::model::{BandWeights, Model};
use crate::progress::{Run, Stop};
use crate::summary::Summary;

/// If no bandwidth is given: the share of the pixels within it, on average. It is that of
/// scikit-learn's `estimate_bandwidth`.
const SHARE: f64 = 0.3;

/// Most steps of a climb.
const MAX_ITER: usize = 300;

/// A climb ends when a step is below this times the bandwidth.
const AT_REST: f64 = 1e-3;

/// The options, with the names of scikit-learn's `MeanShift`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MeanShift {
    /// Radius of the (flat) kernel, in (scaled) band units: the smaller, the more classes. Default:
    /// the mean radius that includes three tenths of the pixels.
    pub bandwidth: Option<f64>,
    /// Number of points that stand for the pixels: 2 to 5000. Default 2000.
    pub n_representatives: u32,
    /// Scaling of the bands. Default none.
    pub scaling: ScalingMethod,
    /// How much each band counts in distances. Default: all bands equally.
    pub band_weights: BandWeights,
    /// Seed of the random numbers. Default 0.
    pub seed: u64,
}

impl Default for MeanShift {
    fn default() -> MeanShift {
        MeanShift {
            bandwidth: None,
            n_representatives: 2000,
            scaling: ScalingMethod::default(),
            band_weights: BandWeights::default(),
            seed: 0,
        }
    }
}

impl MeanShift {
    /// Checks the options alone.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the option, what it is and what it may be.
    pub fn check(&self) -> Result<()> {
        check_positive("bandwidth", self.bandwidth)?;
        check_representatives(self.n_representatives, 2)
    }
}

/// Finds the densest places among representatives of the pixels, each with the weight of its
/// pixels. A representative has the class of its nearest densest place, and every pixel that of its
/// nearest representative.
///
/// Comaniciu and Meer, "Mean shift: a robust approach toward feature space analysis", PAMI 2002;
/// flat kernel, and duplicates dropped, as in scikit-learn.
///
/// # Errors
/// As [`Algorithm::fit`](super::Algorithm::fit).
pub(crate) fn fit(summary: &Summary, options: &MeanShift, run: &mut Run) -> Result<Model> {
    let (n, seed) = (options.n_representatives as usize, options.seed);
    let points = Representatives::new(
        summary,
        (options.scaling, &options.band_weights),
        seed,
        1,
        &mut run.stage(0.0, 0.5),
        |cells, band_weights, stop| groups(cells, n, band_weights, seed, stop),
    )?;
    let (bandwidth, classes) = run.stage(0.5, 0.9).with_stop("fitting", |stop| {
        let bandwidth = match options.bandwidth {
            Some(bandwidth) => bandwidth,
            None => estimate_bandwidth(&points, stop)?,
        };
        let peaks = peaks(&points, bandwidth, stop)?;
        let mut classes = Vec::with_capacity(points.len());
        for point in points.scaled.rows() {
            stop.check()?;
            classes.push(nearest(&peaks, point));
        }
        Ok((bandwidth, classes))
    })?;
    points.model(
        method("meanshift", &MeanShift { bandwidth: Some(bandwidth), ..options.clone() }),
        &classes,
        run,
    )
}

/// The mean radius about a pixel that includes a share of all pixels.
fn estimate_bandwidth(points: &Representatives, stop: &Stop) -> Result<f64> {
    let total: f64 = points.weights.iter().sum();
    let mut sum = 0.0;
    for point in 0..points.len() {
        stop.check()?;
        sum += points.weights[point] * points.radius_of(point, SHARE * total);
    }
    Ok((sum / total).max(f64::MIN_POSITIVE))
}

/// The places where climbs end, the densest first; no two are within a bandwidth.
fn peaks(points: &Representatives, bandwidth: f64, stop: &Stop) -> Result<Vec<Array1<f64>>> {
    let mut ends = Vec::with_capacity(points.len());
    for start in points.scaled.rows() {
        stop.check()?;
        ends.push(climb(points, start.to_owned(), bandwidth, stop)?);
    }
    ends.sort_by(|(a, at_a), (b, at_b)| {
        let by_place =
            || at_a.iter().zip(at_b).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne());
        b.total_cmp(a).then_with(|| by_place().unwrap_or(std::cmp::Ordering::Equal))
    });
    let mut peaks: Vec<Array1<f64>> = Vec::new();
    for (_, end) in ends {
        stop.check()?;
        if peaks.iter().all(|peak| squared(peak.view(), end.view()) > bandwidth * bandwidth) {
            peaks.push(end);
        }
    }
    Ok(peaks)
}

/// Where a climb ends, and how many pixels are within the bandwidth there.
fn climb(
    points: &Representatives,
    mut at: Array1<f64>,
    bandwidth: f64,
    stop: &Stop,
) -> Result<(f64, Array1<f64>)> {
    let mut within = 0.0;
    for _ in 0..MAX_ITER {
        stop.check()?;
        let mut mean = Array1::zeros(at.len());
        within = 0.0;
        for (point, weight) in points.scaled.rows().into_iter().zip(&points.weights) {
            if squared(point, at.view()) <= bandwidth * bandwidth {
                mean.scaled_add(*weight, &point);
                within += weight;
            }
        }
        if within == 0.0 {
            break;
        }
        mean /= within;
        let step = squared(mean.view(), at.view());
        at = mean;
        if step <= (AT_REST * bandwidth).powi(2) {
            break;
        }
    }
    Ok((within, at))
}

fn nearest(peaks: &[Array1<f64>], point: ArrayView1<f64>) -> Option<usize> {
    let distance = |peak: usize| squared(peaks[peak].view(), point);
    (0..peaks.len()).min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
}

fn squared(a: ArrayView1<f64>, b: ArrayView1<f64>) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}
