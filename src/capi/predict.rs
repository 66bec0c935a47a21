//! Labels for the pixels of an image.

use super::guard::{borrow, guard};
use super::library::bandcluster_status;
use super::model::bandcluster_model;
use super::raster::{bandcluster_labels, bandcluster_raster, labels, raster};
use super::run::{bandcluster_run, with_run};

/// Gives every valid pixel the label of its class (1 to k), the others 0, and pixels beyond the
/// radius of their class k + 1 (see `bandcluster_model_set_max_distance`). With each label goes its
/// confidence, if `labels` has room for it. What both mean depends on the kind of the model:
///
/// - Centres (kmeans, bisecting, isodata). The class is that of the nearest centre, by the model's
///   metric and scaling; the lower label where two are equally near. Confidence is 1 less the ratio
///   of the distances from the nearest and the second nearest centre: 1 at a centre, 0 on a border.
/// - Representatives (agglomerative, birch, dbscan, optics, hdbscan, meanshift, spectral, affinity;
///   and the first kind once classes are merged). The class is that of the nearest representative;
///   noise is a class as the others are. Confidence is 1 less the ratio of the distances from the
///   nearest representative of the class and from the nearest of any other: 1 at a representative,
///   0 on a border.
/// - Mixtures (gmm). The class is that of the likeliest component. Confidence is the posterior
///   probability of the class: 1 where the pixel can be of no other.
///
/// Confidence is 0 where a pixel is unclassified, NaN where it is not valid, and 1 where there is
/// only one class. It comes in steps of 1/1024.
///
/// The image needs the model's number of bands, in their order; its sample type may be another, and
/// what is nodata in it, only the raster says. After a cancel some labels may have been written;
/// after any other error none.
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
