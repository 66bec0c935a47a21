//! The fit of a Gaussian mixture to a summary.

use super::expectation::{likeliest, Data};
use super::options::Gmm;
use crate::cluster::options::method;
use crate::cluster::points::Points;
use crate::cluster::profile::set_profiles;
use crate::cluster::statistics::{bands, check_cells, labelled_statistics, scaling};
use crate::error::{invalid_data, Result};
use crate::model::{BandWeights, Model, Regions};
use crate::progress::Run;
use crate::summary::Summary;

/// Fits a mixture to the cells of a summary by expectation-maximisation. A cell has the weight and
/// the spread of its pixels. Every pixel then has the class of the component that it most likely
/// belongs to.
///
/// (`linfa-clustering` has a mixture, but takes no weights.)
///
/// # Errors
/// As [`Algorithm::fit`](crate::cluster::Algorithm::fit).
pub(crate) fn fit(summary: &Summary, options: &Gmm, run: &mut Run) -> Result<Model> {
    let cells = summary.cells();
    check_cells(&cells, summary, options.n_components as usize)?;
    let scaling = self::scaling(options.scaling, &BandWeights::default(), &cells)?;
    let band_weights = scaling.weights(cells.n_bands());
    let data = Data::new(&cells, &band_weights);
    let found = run.stage(0.0, 0.9).with_stop("fitting", |stop| {
        likeliest(&data, options.n_components as usize, options, stop)
    })?;
    let (points, normals) = found.in_band_units(&band_weights);
    let classes = (0..options.n_components as u16).collect();
    let regions =
        Regions { points, classes, noise: None, radii: Vec::new(), normals: Some(normals) };
    let Some(mixture) = regions.mixture() else {
        return invalid_data(
            "a class of the mixture has no width in some direction: raise reg_covar",
        );
    };
    run.stage(0.9, 1.0).with_stop("fitting", |stop| {
        let labels = Points::solid(&cells).most_likely(&mixture, stop)?;
        let fitted = labelled_statistics(&cells, &labels, regions.points.clone(), found.n_iter);
        let (method, scaling, regions) = (method("gmm", options), scaling.clone(), regions.clone());
        let mut model =
            Model::of_regions(method, options.seed, bands(&cells), scaling, regions, &fitted);
        set_profiles(&mut model, &cells, stop)?;
        Ok(model)
    })
}
