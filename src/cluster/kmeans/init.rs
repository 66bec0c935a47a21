//! k-means from given centres: one descent of Lloyd's algorithm from them. There are no restarts
//! and swaps, which would lead elsewhere. If the centres are fixed, there is no descent either.
//!
//! This is scikit-learn's `KMeans(init=centers, n_init=1)`. In GRASS's i.cluster and in the
//! Semi-Automatic Classification Plugin, such centres, whose names the classes take, are called
//! signatures.

use rand_pcg::Pcg64;

use super::options::KMeans;
use super::prepared::Prepared;
use super::two_grids::{guided_lloyd, OnCells};
use crate::cluster::lloyd::{costs, lloyd, LloydResult};
use crate::cluster::seeding::kmeans_plus_plus_beside;
use crate::error::{invalid_argument, Result};
use crate::kernel::Centers;
use crate::model::Init;
use crate::progress::Run;
use crate::summary::Summary;

/// Checks that centres have the bands of the pixels.
///
/// # Errors
/// `InvalidArgument` if they do not.
pub(super) fn check_bands(init: &Init, summary: &Summary) -> Result<()> {
    let (found, wanted) = (init.n_bands(), summary.n_bands());
    if found == wanted {
        return Ok(());
    }
    invalid_argument(format!(
        "the centres of init have {found} bands, the pixels {wanted}: give one number per band, \
         in the bands' order"
    ))
}

/// The cells, prepared for a start from given centres. The requested number of classes must be
/// found, unless the centres are fixed.
///
/// # Errors
/// As [`Prepared::new`].
pub(super) fn prepared(summary: &Summary, options: &KMeans) -> Result<Prepared> {
    Prepared::new(summary, options, if options.fix { 1 } else { options.n_clusters })
}

/// The fixed point of Lloyd's algorithm on all cells, from the given centres. If there are fewer
/// given centres than clusters, k-means++ draws the others. If the centres are fixed, returns them.
///
/// # Errors
/// `Cancelled`.
pub(super) fn converge_from(
    prepared: &Prepared,
    init: &Init,
    options: &KMeans,
    run: &mut Run,
) -> Result<LloydResult> {
    run.with_stop("fitting", |stop| {
        let Prepared { coarse, on_cells: OnCells { points, tolerance, .. }, band_weights, .. } =
            prepared;
        let given = options.metric.transform(init.centers().clone());
        if options.fix {
            let centers = Centers::with_stop(given, band_weights.clone(), stop)?;
            let inertia = costs(points, &centers, stop)?.iter().sum();
            return Ok(LloydResult { centers: centers.values().to_owned(), inertia, n_iter: 0 });
        }
        let random = &mut Pcg64::new(u128::from(options.seed), 0);
        let start = match options.n_clusters as usize {
            k if k == given.nrows() => given,
            k => kmeans_plus_plus_beside(coarse, &given, k, band_weights, random, stop)?,
        };
        // Plain steps on all cells, as on the pixels, to the requested tolerance: then the fixed
        // point is decided. Steps guided by coarser cells might jump to another one.
        let rest = lloyd(points, start, band_weights, options.max_iter, prepared.tolerance, stop)?;
        let (guide, left) = (prepared.guide.as_ref(), options.max_iter - rest.n_iter);
        let end = guided_lloyd(points, guide, rest.centers, band_weights, left, *tolerance, stop)?;
        Ok(LloydResult { n_iter: rest.n_iter + end.n_iter, ..end })
    })
}
