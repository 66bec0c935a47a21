//! Statistics of bands and classes from the cells of a summary, for every model.

use ndarray::Array2;

use super::lloyd::{assign, LloydResult, Step};
use super::options::ScalingMethod;
use super::points::Points;
use crate::error::{invalid_data, Result};
use crate::kernel::Centers;
use crate::model::{Band, BandWeights, Fitted, Quantiles, Scaling, ZScore};
use crate::progress::Stop;
use crate::summary::{Cells, Summary};

/// Checks that there are at least as many cells as clusters.
///
/// # Errors
/// `InvalidData` when there is no valid pixel, or there are fewer cells than clusters.
pub(super) fn check_cells(cells: &Cells, summary: &Summary, n_clusters: usize) -> Result<()> {
    if cells.is_empty() {
        return invalid_data(format!(
            "none of the {} pixels is valid (all are nodata, NaN, infinite or masked): check \
             nodata values and mask",
            summary.n_pixels()
        ));
    }
    check_resolution(cells)?;
    if cells.len() >= n_clusters {
        return Ok(());
    }
    let distinct = cells.len();
    if cells.resolution.is_some() {
        return invalid_data(format!(
            "{n_clusters} clusters were asked for, but only {distinct} of the valid pixels differ \
             (of float64 bands, by more than a part in {PARTS} of their values): ask for at most \
             {distinct}, or, if more should differ, subtract a constant from the bands, such as {}",
            nearly_all(cells.mean[0])
        ));
    }
    if cells.finest {
        return invalid_data(format!(
            "{n_clusters} clusters were asked for, but only {distinct} of the valid pixels \
             differ: ask for at most {distinct}"
        ));
    }
    invalid_data(format!(
        "{n_clusters} clusters were asked for, but the summary has only {} cells: ask for at most \
         that many, or give it more memory",
        cells.len()
    ))
}

/// Cells of float64 samples resolve a difference if it is at least one part in this many of the
/// value: codes keep 36 of the 52 bits after the first.
const PARTS: &str = "7e10";

/// Checks that the bands vary by more than cells can resolve.
///
/// # Errors
/// `InvalidData` when they do not: values are large and differ little.
fn check_resolution(cells: &Cells) -> Result<()> {
    let Some(resolution) = &cells.resolution else { return Ok(()) };
    let squares = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>();
    let variance: f64 = cells.variance.iter().sum();
    if variance == 0.0 || variance >= squares(resolution) {
        return Ok(());
    }
    let size = |band: &usize| cells.mean[*band].abs();
    let band = (0..cells.n_bands()).max_by(|a, b| size(a).total_cmp(&size(b))).unwrap_or(0);
    invalid_data(format!(
        "band {} of those chosen has values about {:e} that differ by about {:.1e}: differences \
         of float64 bands must be more than a part in {PARTS} of their values, {:.1e} here, to be \
         told; subtract a constant from the band, such as {}",
        band + 1,
        nearly_all(cells.mean[band]),
        cells.variance[band].sqrt(),
        resolution[band],
        nearly_all(cells.mean[band])
    ))
}

/// A round number near a value, to be subtracted from it.
fn nearly_all(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

/// The scaling of bands with the means and variances of these cells, and their weights.
///
/// # Errors
/// `InvalidArgument` when there is not one weight for each band; `InvalidData` when a band to be
/// scaled is constant.
pub(super) fn scaling(
    method: ScalingMethod,
    band_weights: &BandWeights,
    cells: &Cells,
) -> Result<Scaling> {
    let Cells { mean, variance, constant, .. } = cells;
    let band_weights = band_weights.for_bands(cells.n_bands())?;
    if method == ScalingMethod::None {
        return Ok(Scaling { zscore: None, band_weights });
    }
    if let Some(band) = (0..mean.len()).find(|&band| constant[band] && variance[band] > 0.0) {
        return invalid_data(format!(
            "the values of band {} of those chosen, about {:e}, differ by less than a part in \
             {PARTS}: z-score cannot scale that; subtract a constant from the band, such as {}, \
             leave it out or choose no scaling",
            band + 1,
            nearly_all(mean[band]),
            nearly_all(mean[band])
        ));
    }
    if let Some(band) = (0..mean.len()).find(|&band| constant[band] || variance[band] <= 0.0) {
        return invalid_data(format!(
            "band {} of those chosen is constant ({} everywhere): z-score cannot scale it; leave \
             it out or choose no scaling",
            band + 1,
            mean[band]
        ));
    }
    let zscore = ZScore {
        mean: mean.to_vec(),
        std: variance.iter().map(|variance| variance.sqrt()).collect(),
    };
    Ok(Scaling { zscore: Some(zscore), band_weights })
}

/// The bands of a model. The caller, who knows their names, sets these later.
pub(super) fn bands(cells: &Cells) -> Vec<Band> {
    let band = |index: usize| Band {
        name: format!("band {}", index + 1),
        nodata: None,
        scale: 1.0,
        offset: 0.0,
        percentiles: cells.quantiles(index, [0.05, 0.95]),
        distribution: distribution(cells, index),
    };
    (0..cells.n_bands()).map(band).collect()
}

/// The distribution of the pixels in a band, as if they lay at the means of their cells.
fn distribution(cells: &Cells, band: usize) -> Option<Quantiles> {
    Quantiles::of_ascending(
        cells.ascending(band).map(|(mean, count)| (mean, count as f64)).collect(),
    )
}

/// The statistics of each class over the pixels of the cells that are nearest to its centre.
///
/// # Errors
/// `Cancelled`.
pub(super) fn statistics(
    cells: &Cells,
    points: &Points,
    rest: LloydResult,
    weights: &[f64],
    stop: &Stop,
) -> Result<Fitted> {
    let centers = Centers::with_stop(rest.centers.clone(), weights.to_vec(), stop)?;
    let sizes = Step::take(points, &centers, stop)?.sizes().to_vec();
    let labels = assign(points, &centers, stop)?;
    Ok(Fitted { sizes, ..labelled_statistics(cells, &labels, rest.centers, rest.n_iter) })
}

/// The statistics of each class over the pixels of its cells, given the class (0-based) of each
/// cell.
pub(super) fn labelled_statistics(
    cells: &Cells,
    labels: &[u16],
    centers: Array2<f64>,
    n_iter: u32,
) -> Fitted {
    let shape = centers.raw_dim();
    let mut counts = vec![0; shape[0]];
    let mut means = Array2::zeros(shape);
    let mut scatter = Array2::zeros(shape);
    let each_cell =
        || labels.iter().map(|label| usize::from(*label)).zip(&cells.counts).enumerate();
    for (cell, (class, count)) in each_cell() {
        counts[class] += count;
        means.row_mut(class).scaled_add(*count as f64, &cells.means.row(cell));
    }
    for (mut mean, count) in means.rows_mut().into_iter().zip(&counts) {
        mean /= *count as f64;
    }
    for (cell, (class, count)) in each_cell() {
        for (band, value) in cells.means.row(cell).iter().enumerate() {
            let offset = value - means[(class, band)];
            scatter[(class, band)] += offset * offset * *count as f64;
        }
    }
    // The variance within cells is shared out evenly: an estimate until the refinement (and 0 if
    // cells are exact).
    for (mut scatter, count) in scatter.rows_mut().into_iter().zip(&counts) {
        scatter.scaled_add(*count as f64, &ndarray::ArrayView1::from(&cells.within));
    }
    let sizes = counts.iter().map(|count| *count as f64).collect();
    Fitted { centers, counts, sizes, means, scatter, inertia: None, n_iter, converged: cells.exact }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::cluster::Algorithm;
    use crate::error::Result;
    use crate::model::Model;
    use crate::progress::Run;
    use crate::raster::Raster;

    fn fit(samples: &[f64], n_bands: usize, scaling: &str) -> Result<Model> {
        let raster = Raster::bsq(samples, n_bands, samples.len() / n_bands, 1)?;
        let options = json!({"n_clusters": 4, "scaling": scaling});
        let algorithm = Algorithm::new("kmeans", options.as_object().unwrap().clone())?;
        algorithm.fit_raster(&raster, 0, &mut Run::silent(1))
    }

    fn refusal(samples: &[f64], n_bands: usize, scaling: &str) -> String {
        fit(samples, n_bands, scaling).unwrap_err().to_string()
    }

    /// Rounding leaves a variance of equal pixels, which is no difference.
    #[test]
    fn equal_floats_do_not_differ() {
        let pixel = [-0.3364725343056435, 0.05522264283042688, 0.1173133123418233];
        let wanted = "4 clusters were asked for, but only 1 of the valid pixels differ";
        for n_pixels in [1, 3, 7] {
            let samples: Vec<f64> = pixel.iter().flat_map(|value| vec![*value; n_pixels]).collect();
            let message = refusal(&samples, 3, "none");
            assert!(message.starts_with(wanted), "{message}");
            let message = refusal(&samples, 3, "zscore");
            assert!(message.contains("is constant") || message.starts_with(wanted), "{message}");
        }
    }

    /// Steps that double precision resolves, but cells do not.
    #[test]
    fn small_differences_of_large_values_are_not_taken_for_none() {
        let steps = |from: f64| (0..1000).map(move |i| from + f64::from(i) * 1e-3);
        let near: Vec<f64> = steps(1e12).collect();
        let message = refusal(&near, 1, "none");
        assert!(message.starts_with("band 1 of those chosen has values about 1"), "{message}");
        assert!(
            message.ends_with("subtract a constant from the band, such as 1000000000000"),
            "{message}"
        );
        assert_eq!(
            fit(&near.iter().map(|value| value - 1e12).collect::<Vec<_>>(), 1, "none")
                .unwrap()
                .n_classes(),
            4
        );
        // Two values far enough apart, with others close to each.
        let pairs: Vec<f64> = steps(1e12).chain(steps(1e12 + 1e3)).collect();
        let message = refusal(&pairs, 1, "none");
        assert!(
            message.contains(
                "of the valid pixels differ (of float64 bands, by more than a part in 7e10"
            ),
            "{message}"
        );
        assert!(message.contains("if more should differ, subtract a constant"), "{message}");
        // Beside a band that varies; z-scores of the other would be meaningless.
        let both: Vec<f64> = (0..1000).map(f64::from).chain(near).collect();
        let message = refusal(&both, 2, "zscore");
        assert!(
            message.contains("band 2 of those chosen, about 1e12, differ by less"),
            "{message}"
        );
        assert!(fit(&both, 2, "none").is_ok());
    }
}
