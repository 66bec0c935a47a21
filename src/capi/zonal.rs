//! Zonal statistics: the pixels under each label of a map.

use super::guard::{borrow, borrow_mut, free, give, guard, output};
use super::library::bandcluster_status;
use super::raster::{
    bandcluster_labels, bandcluster_raster, labels_as_raster, raster, sample_type,
};
use super::run::{bandcluster_run, with_run};
use crate::error::invalid_argument;
use crate::model::{ZonalMeans, MAX_CLASSES};

/// The number of valid pixels of each label of a map, and their mean in each band, accumulated
/// block by block. One thread at a time may use it.
pub struct bandcluster_zonal(ZonalMeans);

/// Begins the statistics of pixels of `n_bands` bands and one sample type, under labels from 0 to
/// `n_labels` (65535 at most). A model's own means are those of the pixels it was fitted on; these
/// can be of any scene and map. The caller frees them with `bandcluster_zonal_free`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_zonal_new(
    n_labels: u32,
    n_bands: u32,
    sample_type: u32,
    zonal: *mut *mut bandcluster_zonal,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let zonal = unsafe { output(zonal, "zonal")? };
        if n_labels as usize > MAX_CLASSES {
            return invalid_argument(format!(
                "{n_labels} labels were asked for: at most {MAX_CLASSES} are possible"
            ));
        }
        if n_bands == 0 {
            return invalid_argument("n_bands is 0: give the number of bands");
        }
        let new =
            ZonalMeans::new(n_labels as usize, n_bands as usize, self::sample_type(sample_type)?)?;
        give(zonal, bandcluster_zonal(new));
        Ok(())
    })
}

/// Adds the valid pixels of an image, or of a block of one, and their labels, which are only read.
/// After an error the statistics hold some of the pixels: free them.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_zonal_add(
    zonal: *mut bandcluster_zonal,
    raster: *const bandcluster_raster,
    labels: *const bandcluster_labels,
    run: *const bandcluster_run,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (zonal, raster, labels) = unsafe {
            (borrow_mut(zonal, "zonal")?, self::raster(raster)?, labels_as_raster(labels)?)
        };
        // SAFETY: as above.
        unsafe { with_run(run, |run| zonal.0.add(&raster, &labels, run)) }
    })
}

/// Copies the results: `counts`, the number of valid pixels of each label from 0 to `n_labels`; and
/// `means`, a row for each label with a mean per band (NaN if a label has no pixel). `n_counts` and
/// `n_means` are the lengths of the two.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_zonal_read(
    zonal: *const bandcluster_zonal,
    counts: *mut u64,
    n_counts: u64,
    means: *mut f64,
    n_means: u64,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let zonal = &unsafe { borrow(zonal, "zonal")? }.0;
        let rows = zonal.n_labels() + 1;
        let wanted = (rows as u64, (rows * zonal.n_bands()) as u64);
        if (n_counts, n_means) != wanted {
            return invalid_argument(format!(
                "there is room for {n_counts} counts and {n_means} means: {} and {} are wanted",
                wanted.0, wanted.1
            ));
        }
        // SAFETY: as above.
        unsafe { borrow_mut(counts, "counts")? };
        // SAFETY: as above.
        unsafe { borrow_mut(means, "means")? };
        let (found, found_means) = zonal.finish();
        // SAFETY: as above.
        unsafe { counts.copy_from_nonoverlapping(found.as_ptr(), found.len()) };
        for (row, found) in found_means.iter().enumerate() {
            // SAFETY: as above.
            unsafe {
                means.add(row * found.len()).copy_from_nonoverlapping(found.as_ptr(), found.len())
            };
        }
        Ok(())
    })
}

/// Frees statistics. NULL is ignored.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_zonal_free(zonal: *mut bandcluster_zonal) {
    // SAFETY: the caller's promise.
    unsafe { free(zonal) }
}
