//! Drift: whether a model can be trusted in another scene, by the distance of its pixels from the
//! training pixels.
//!
//! Some differences have a known cause that can be undone: see [`hypothesis`](super::hypothesis). A
//! cause is reported if undoing it brings the scene much nearer to the training pixels.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{json, Value};

use super::hypothesis::{hypotheses, warnings, BandMapping, Cause, Hypothesis};
use super::warning::{Finding, Warning};
use crate::cluster::{assign, Points};
use crate::error::{invalid_argument, invalid_data, Result};
use crate::kernel::Centers;
use crate::model::{Model, Quantiles};
use crate::progress::{Run, Stop};
use crate::summary::{Cells, Summary};

/// The class radius here is this quantile of a class's training distances: 1 % of the training
/// pixels lie beyond it.
const RADIUS: f64 = 0.99;

/// A scene has drifted if its bands have moved by more than so many spreads on average, ...
const FAR: f64 = 1.0;

/// ... or if more than this share of its pixels lies beyond the radius of its class.
const MANY_BEYOND: f64 = 0.1;

/// A cause is looked for only if the bands have moved by this many spreads on average, ...
const MOVED: f64 = 0.3;

/// ... and reported if undoing it leaves at most this share of the move, or ...
const EXPLAINED: f64 = 0.4;

/// ... brings the bands nearer, and leaves at most this share of the many pixels beyond their radii
/// there.
const BROUGHT_BACK: f64 = 0.25;

/// In both cases, the bands must then spread at least so many times as wide as the training pixels,
/// on average. (Otherwise percent and bytes would match numbers up to 10000 with some offset.)
const LEAST_SPREAD: f64 = 0.15;

/// An offset is reported only if it is at least this many spreads of the training pixels, on
/// average (other regions and other days differ by less), ...
const LEAST_OFFSET: f64 = 0.7;

/// ... and if one factor of brightness for all bands would leave a distance larger by more than so
/// many spreads.
const SAME: f64 = 0.05;

/// Two causes together are reported only if a single cause leaves more than so many times as much.
const SECOND_CAUSE: f64 = 2.0;

/// How far a scene is from the training pixels of a model.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Drift {
    /// How far each band moved.
    pub bands: Vec<BandDrift>,
    /// The mean of the bands' distances.
    pub overall: f64,
    /// The share of pixels that are farther from their class than 99 % of its training pixels:
    /// about 0.01 if nothing has moved.
    pub beyond_radius: f64,
    /// What the user should know; empty if nothing is remarkable.
    #[serde(skip)]
    pub warnings: Vec<Warning>,
}

/// How far a band moved.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct BandDrift {
    /// The model's name of the band.
    pub name: String,
    /// The difference of the medians, in the band's units: positive if the scene's is higher.
    pub shift: f64,
    /// The distance between the distributions (Wasserstein's: the mean difference of their
    /// quantiles), in spreads of the training pixels. A spread is half the distance between the
    /// quantiles at 16 % and 84 %: one standard deviation of a normal distribution.
    pub distance: f64,
}

/// Whether a model has the distributions of its training pixels, for its bands and for each class
/// that pixels can get.
pub fn is_comparable(model: &Model) -> bool {
    training(model).is_some()
}

/// The distribution of each band in the training pixels, and the squared radius about each of the
/// model's points.
fn training(model: &Model) -> Option<(Vec<Quantiles>, Vec<f64>)> {
    let radius = |label: &u16| {
        let profile = model.classes[usize::from(*label) - 1].profile.as_ref()?;
        Some(profile.distances.at(RADIUS).powi(2))
    };
    let trained =
        model.bands.iter().map(|band| band.distribution.clone()).collect::<Option<_>>()?;
    Some((trained, model.labels().iter().map(radius).collect::<Option<_>>()?))
}

/// Compares a scene, given the summary of a sample of its pixels, with the training pixels of a
/// model.
///
/// # Errors
/// `InvalidArgument` when the numbers of bands differ, or the model has no distributions (it was
/// fitted by an older version); `InvalidData` when no pixel of the sample is valid.
pub fn drift(model: &Model, sample: &Summary) -> Result<Drift> {
    drift_with(model, sample, &mut Run::silent(1))
}

/// The same, in a run that can be cancelled: with a model of thousands of regions, it takes
/// seconds.
///
/// # Errors
/// As [`drift()`]; `Cancelled`.
pub fn drift_with(model: &Model, sample: &Summary, run: &mut Run) -> Result<Drift> {
    run.with_stop("measuring", |stop| compare(model, sample, stop))
}

fn compare(model: &Model, sample: &Summary, stop: &Stop) -> Result<Drift> {
    if sample.n_bands() != model.n_bands() {
        return invalid_argument(format!(
            "the scene has {} bands, the model {}: choose the model's",
            sample.n_bands(),
            model.n_bands()
        ));
    }
    let Some(comparison) = Comparison::new(model, sample, stop)? else {
        return invalid_argument(
            "the model does not tell how its training pixels are distributed: fit it again",
        );
    };
    if comparison.cells.is_empty() {
        return invalid_data("none of the scene's pixels is valid: check nodata values and mask");
    }
    let as_it_is = Hypothesis::none(model.n_bands());
    let bands = comparison.bands(model);
    let overall = comparison.distance(&as_it_is);
    let beyond_radius = comparison.beyond(&as_it_is, stop)?;
    let causes = comparison.causes(overall, beyond_radius, stop)?;
    let warnings = match causes.is_empty() && (overall > FAR || beyond_radius > MANY_BEYOND) {
        true => vec![Finding::Drift { overall, beyond_radius }.warning(None)],
        false => warnings(&causes, model),
    };
    Ok(Drift { bands, overall, beyond_radius, warnings })
}

impl Drift {
    /// The comparison as a JSON object, with the fields' names.
    pub fn to_json(&self) -> Value {
        let mut object = json!(self);
        object["warnings"] = json!(self.warnings);
        object
    }
}

/// A scene beside the training pixels of a model.
struct Comparison {
    /// Distributions of the training pixels and of the scene, per band.
    trained: Vec<Quantiles>,
    found: Vec<Quantiles>,
    /// The spread of the training pixels, per band.
    spreads: Vec<f64>,
    cells: Arc<Cells>,
    centers: Centers,
    /// For each centre, the squared radius of its class.
    radii: Vec<f64>,
}

impl Comparison {
    fn new(model: &Model, sample: &Summary, stop: &Stop) -> Result<Option<Comparison>> {
        let Some((trained, radii)) = training(model) else { return Ok(None) };
        let cells = sample.cells();
        let of_band = |band: usize| {
            let counts = cells.counts.iter().map(|count| *count as f64);
            Quantiles::of(cells.means.column(band).iter().copied().zip(counts).collect())
        };
        // Without pixels there are no quantiles, but then they are not used.
        let found = (0..model.n_bands()).map_while(of_band).collect();
        let spreads = trained.iter().map(spread).collect();
        let centers = model.kernel_centers(stop)?;
        Ok(Some(Comparison { trained, found, spreads, cells, centers, radii }))
    }

    fn bands(&self, model: &Model) -> Vec<BandDrift> {
        let as_it_is = Hypothesis::none(self.trained.len());
        let band = |(index, band): (usize, &crate::model::Band)| BandDrift {
            name: band.name.clone(),
            shift: self.found[index].at(0.5) - self.trained[index].at(0.5),
            distance: self.band_distance(index, &as_it_is),
        };
        model.bands.iter().enumerate().map(band).collect()
    }

    /// The distance of the distributions in a band of the model, in spreads, if the scene is
    /// changed according to the hypothesis.
    fn band_distance(&self, band: usize, hypothesis: &Hypothesis) -> f64 {
        let from = hypothesis.bands[band];
        let difference = |percent: u32| {
            let fraction = f64::from(percent) / 100.0;
            (self.found[from.band].at(fraction) * from.scale + from.offset
                - self.trained[band].at(fraction))
            .abs()
        };
        let percents = || (5..=95).step_by(5);
        percents().map(difference).sum::<f64>() / percents().count() as f64 / self.spreads[band]
    }

    /// The brightness of the scene relative to the training pixels: the median over the bands of
    /// the ratio of medians.
    fn brightness(&self) -> f64 {
        let ratios = self
            .found
            .iter()
            .zip(&self.trained)
            .map(|(found, trained)| found.at(0.5) / trained.at(0.5));
        let mut ratios: Vec<f64> =
            ratios.filter(|ratio| ratio.is_finite() && *ratio > 0.0).collect();
        ratios.sort_by(f64::total_cmp);
        ratios.get(ratios.len() / 2).copied().unwrap_or(1.0)
    }

    /// The mean of the bands' distances.
    fn distance(&self, hypothesis: &Hypothesis) -> f64 {
        let n_bands = self.trained.len();
        (0..n_bands).map(|band| self.band_distance(band, hypothesis)).sum::<f64>() / n_bands as f64
    }

    /// The mean over the bands of their spread relative to the training pixels', if the scene is
    /// changed according to the hypothesis.
    fn relative_spread(&self, hypothesis: &Hypothesis) -> f64 {
        let relative = |(from, trained): (&BandMapping, &f64)| {
            spread(&self.found[from.band]) * from.scale / trained
        };
        hypothesis.bands.iter().zip(&self.spreads).map(relative).sum::<f64>()
            / self.spreads.len() as f64
    }

    /// The share of pixels beyond the radius of their class, if the scene is changed according to
    /// the hypothesis.
    fn beyond(&self, hypothesis: &Hypothesis, stop: &Stop) -> Result<f64> {
        let mut means = self.cells.means.clone();
        for (mut to, from) in means.columns_mut().into_iter().zip(&hypothesis.bands) {
            to.assign(&self.cells.means.column(from.band));
            to.mapv_inplace(|value| value * from.scale + from.offset);
        }
        let points = Points::weighted(
            &means,
            Vec::from_iter(self.cells.counts.iter().map(|count| *count as f64)),
        );
        let nearest = assign(&points, &self.centers, stop)?;
        let is_beyond = |(cell, point): (usize, &u16)| {
            let point = usize::from(*point);
            self.centers.squared_distance(point, |band| means[(cell, band)]) > self.radii[point]
        };
        let counts = self.cells.counts.iter();
        let beyond =
            nearest.iter().enumerate().map(is_beyond).zip(counts).filter(|(beyond, _)| *beyond);
        Ok(beyond.map(|(_, count)| count).sum::<u64>() as f64 / self.cells.n_pixels() as f64)
    }

    /// The one or two causes that explain most of a distance, if any explains enough of it, or of
    /// the pixels beyond their radii.
    fn causes(&self, overall: f64, beyond: f64, stop: &Stop) -> Result<Vec<Cause>> {
        if overall < MOVED {
            return Ok(Vec::new());
        }
        let brighter = self.distance(&Hypothesis::brighter(self.trained.len(), self.brightness()));
        let is_possible = |hypothesis: &Hypothesis| {
            let shows = hypothesis.offset().is_none_or(|offset| {
                let in_spreads = self.spreads.iter().map(|spread| offset.abs() / spread);
                in_spreads.sum::<f64>() >= LEAST_OFFSET * self.spreads.len() as f64
                    && self.distance(hypothesis) + SAME < brighter
            });
            shows && self.relative_spread(hypothesis) >= LEAST_SPREAD
        };
        let mut likeliest: Option<(f64, Hypothesis)> = None;
        for hypothesis in hypotheses(&self.trained, &self.found).into_iter().filter(is_possible) {
            let (left, still_beyond) =
                (self.distance(&hypothesis), self.beyond(&hypothesis, stop)?);
            let is_near = left <= EXPLAINED * overall && still_beyond <= beyond + 0.01;
            let is_back =
                beyond > MANY_BEYOND && left < overall && still_beyond <= BROUGHT_BACK * beyond;
            let is_single = hypothesis.causes.len() == 1;
            let unlikeliness = if is_single { left } else { SECOND_CAUSE * left };
            let is_likelier =
                likeliest.as_ref().is_none_or(|(least, _)| unlikeliness.total_cmp(least).is_lt());
            if (is_near || is_back) && is_likelier {
                likeliest = Some((unlikeliness, hypothesis));
            }
        }
        Ok(likeliest.map_or(Vec::new(), |(_, hypothesis)| hypothesis.causes))
    }
}

/// Half the distance between the 16 % and the 84 % quantile. If these are equal, the range, or 1,
/// so that it is above 0.
fn spread(quantiles: &Quantiles) -> f64 {
    let between = |low: f64, high: f64| quantiles.at(high) - quantiles.at(low);
    [between(0.16, 0.84) / 2.0, between(0.0, 1.0) / 4.0]
        .into_iter()
        .find(|spread| *spread > 0.0)
        .unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Algorithm;
    use crate::error::Error;
    use crate::raster::{Raster, SampleType};

    #[test]
    fn a_comparison_can_be_cancelled() {
        let samples: Vec<u16> = (0..4000).map(|i| i * 7 % 900).collect();
        let raster = Raster::bsq(&samples, 2, 50, 40).unwrap();
        let mut summary = Summary::new(2, SampleType::U16, 0).unwrap();
        summary.add(&raster, &mut Run::silent(1)).unwrap();
        let model = Algorithm::default().fit_raster(&raster, 0, &mut Run::silent(1)).unwrap();
        assert!(drift(&model, &summary).unwrap().overall < 0.1);
        let mut cancels = |_: f64, _: &str| false;
        let found = drift_with(&model, &summary, &mut Run::new(1, &mut cancels));
        assert_eq!(found, Err(Error::Cancelled));
    }
}
