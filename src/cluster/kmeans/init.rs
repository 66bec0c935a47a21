//! k-means from centres that are given: one descent of Lloyd's algorithm from these, without
//! restarts and swaps, which would lead elsewhere; or none, where the centres are to stay.
//!
//! This is scikit-learn's `KMeans(init=centers, n_init=1)`. Centres that are given as starts, and
//! whose classes take their names, are the signatures of GRASS's i.cluster and of the
//! Semi-Automatic Classification Plugin.

use rand_pcg::Pcg64;

use super::options::KMeans;
use super::prepared::Prepared;
use super::two_grids::{guided_lloyd, OnCells};
use crate::cluster::lloyd::{costs, lloyd, Rest};
use crate::cluster::seeding::kmeans_plus_plus_beside;
use crate::error::{invalid_argument, Result};
use crate::kernel::Centers;
use crate::model::Init;
use crate::progress::Run;
use crate::summary::Summary;

/// Checks that centres have the bands of the pixels.
///
/// # Errors
/// `InvalidArgument` where they do not.
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

/// The cells, prepared for a start from given centres. As many classes as are asked for must be
/// found, unless all centres stay.
///
/// # Errors
/// As [`Prepared::new`].
pub(super) fn prepared(summary: &Summary, options: &KMeans) -> Result<Prepared> {
    Prepared::new(summary, options, if options.fix { 1 } else { options.n_clusters })
}

/// Where Lloyd's algorithm comes to rest on all cells from the given centres, and from further ones
/// that k-means++ draws where these are fewer than the clusters; the given centres themselves,
/// where they stay.
///
/// # Errors
/// `Cancelled`.
pub(super) fn rest_from(
    prepared: &Prepared,
    init: &Init,
    options: &KMeans,
    run: &mut Run,
) -> Result<Rest> {
    run.with_stop("fitting", |stop| {
        let Prepared { coarse, on_cells: OnCells { points, tolerance, .. }, band_weights, .. } =
            prepared;
        let given = options.metric.place(init.centers().clone());
        if options.fix {
            let centers = Centers::with_stop(given, band_weights.clone(), stop)?;
            let inertia = costs(points, &centers, stop)?.iter().sum();
            return Ok(Rest { centers: centers.values().to_owned(), inertia, n_iter: 0 });
        }
        let random = &mut Pcg64::new(u128::from(options.seed), 0);
        let start = match options.n_clusters as usize {
            k if k == given.nrows() => given,
            k => kmeans_plus_plus_beside(coarse, &given, k, band_weights, random, stop)?,
        };
        // Plain steps on all cells, as on the pixels, until the tolerance that was asked for: which
        // fixed point it is is settled by then. What is guided by coarser cells might leap into
        // another.
        let rest = lloyd(points, start, band_weights, options.max_iter, prepared.tolerance, stop)?;
        let (guide, left) = (prepared.guide.as_ref(), options.max_iter - rest.n_iter);
        let end = guided_lloyd(points, guide, rest.centers, band_weights, left, *tolerance, stop)?;
        Ok(Rest { n_iter: rest.n_iter + end.n_iter, ..end })
    })
}
