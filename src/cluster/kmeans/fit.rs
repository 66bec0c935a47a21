//! The fit of k-means to a summary.

use super::init;
use super::on_sample::OnSample;
use super::options::KMeans;
use super::prepared::Prepared;
use super::search::{search_once, FINALISTS};
use crate::cluster::lloyd::LloydResult;
use crate::cluster::profile::set_profiles;
use crate::cluster::statistics::{bands, statistics};
use crate::error::Result;
use crate::model::{Metric, Model, Parameters};
use crate::progress::Run;
use crate::summary::Summary;

/// Fits k-means on a summary.
///
/// If cells hold more than single values, the model has not [converged](Model::converged): refine
/// it on the pixels. The result is the same for any number of threads.
///
/// # Errors
/// `InvalidArgument` when the centres to start from have other bands; `InvalidData` when there is
/// no valid pixel, there are fewer distinct ones than clusters, or a band to be scaled is constant;
/// `Cancelled`.
pub(crate) fn fit(summary: &Summary, options: &KMeans, run: &mut Run) -> Result<Model> {
    run.tell(0.0, "fitting")?;
    let given = options.init.as_ref();
    given.map_or(Ok(()), |given| init::check_bands(given, summary))?;
    let prepared = init::prepared(summary, options)?;
    let mut search_run = run.stage(0.0, 0.7);
    let mut best = match given {
        Some(given) => init::converge_from(&prepared, given, options, &mut search_run)?,
        None => {
            let numbers = &[options.n_clusters];
            search_once(summary, &prepared, numbers, options, FINALISTS, &mut search_run)?[0]
                .best
                .clone()
        }
    };
    let sample = on_sample(summary, &prepared, &mut best, options, &mut run.stage(0.7, 0.9))?;
    let parameters = Parameters {
        n_init: if given.is_some() { 1 } else { options.n_init },
        max_iter: options.max_iter,
        tol: options.tol,
        shift_tolerance: prepared.tolerance,
        seed: options.seed,
        init: options.init.clone(),
        fix: options.fix,
    };
    let cells = prepared.cells_in_bands();
    let model = run.stage(0.9, 1.0).with_stop("fitting", |stop| {
        let (best, inertia) = (best.clone(), best.inertia);
        let mut statistics =
            statistics(cells, prepared.points(), best, &prepared.band_weights, stop)?;
        if let Some(sample) = &sample {
            statistics.sizes = sample.sizes(&statistics.centers, stop)?;
        }
        if options.metric == Metric::SpectralAngle {
            statistics.centers =
                options.metric.in_band_units(&statistics.centers, &statistics.means);
            statistics.inertia = Some(inertia);
        }
        let (parameters, scaling) = (parameters.clone(), prepared.scaling.clone());
        let mut model = Model::new(parameters, bands(cells), scaling, options.metric, statistics);
        set_profiles(&mut model, cells, stop)?;
        Ok(model)
    })?;
    Ok(match sample {
        _ if model.converged() || options.fix => model,
        Some(sample) => model.guided_by(sample),
        None => model.guided_by(prepared.on_cells),
    })
}

/// Moves the centres to a fixed point on the sampled pixels, if the summary has any and cells are
/// more than single values. (The sample is in band units, so it is not used for angles.)
fn on_sample(
    summary: &Summary,
    prepared: &Prepared,
    best: &mut LloydResult,
    options: &KMeans,
    run: &mut Run,
) -> Result<Option<OnSample>> {
    if prepared.cells.exact || options.fix || options.metric != Metric::Euclidean {
        return Ok(None);
    }
    let Some(sampled) = summary.sampled(&prepared.cells) else { return Ok(None) };
    let sample = OnSample::new(sampled, prepared, run.threads());
    run.parallel("fitting", 1, &mut [&mut *best], |best, _, stop| {
        let rest = sample.converge_from(best, prepared, options.max_iter, stop)?;
        **best = rest;
        Ok(())
    })?;
    Ok(Some(sample))
}
