//! Labels for the pixels of an image.

use super::guard::{borrow, guard};
use super::library::bandcluster_status;
use super::model::bandcluster_model;
use super::raster::{bandcluster_labels, bandcluster_raster, labels, raster};
use super::run::{bandcluster_run, with_run};

/// Gives every valid pixel the label of its class (1 to k), or k + 1 if it is beyond the radius of
/// its class (see `bandcluster_model_set_max_distance`). Other pixels get 0. If `labels` has room
/// for it, the confidence of each label is written too. What both mean depends on the kind of the
/// model:
///
/// - Centres (kmeans, bisecting, isodata). The class is that of the nearest centre, by the model's
///   metric and scaling; if two are equally near, the one with the lower label. Confidence is 1
///   less the ratio of the distances from the nearest and the second nearest centre: 1 at a centre,
///   0 on a border.
/// - Representatives (agglomerative, birch, dbscan, optics, hdbscan, meanshift, spectral, affinity;
///   and the first kind once classes are merged). The class is that of the nearest representative;
///   noise is a class like the others. Confidence is 1 less the ratio of the distances from the
///   nearest representative of the class and from the nearest of any other: 1 at a representative,
///   0 on a border.
/// - Mixtures (gmm). The class is that of the likeliest component. Confidence is the posterior
///   probability of the class: 1 if the pixel cannot be of another class.
///
/// Confidence is 0 if a pixel is unclassified, NaN if it is not valid, and 1 if there is only one
/// class. It comes in steps of 1/1024.
///
/// The image needs the model's bands, in the model's order. Its sample type may be another. Only
/// the raster's nodata values count, not the model's. After a cancel some labels may have been
/// written; after any other error none.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_predict(
    model: *const bandcluster_model,
    raster: *const bandcluster_raster,
    labels: *const bandcluster_labels,
    run: *const bandcluster_run,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (model, raster, mut labels) =
            unsafe { (borrow(model, "model")?, self::raster(raster)?, self::labels(labels)?) };
        // SAFETY: as above.
        unsafe { with_run(run, |run| model.model().predict(&raster, &mut labels, run)) }
    })
}
