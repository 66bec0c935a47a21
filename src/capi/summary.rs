//! Summaries.

use std::ffi::c_char;

use super::guard::{borrow, borrow_mut, free, give, guard, output, path};
use super::library::bandcluster_status;
use super::raster::{bandcluster_raster, raster, sample_type, sample_type_code};
use super::run::{bandcluster_run, with_run};
use super::structs::{init, size_of_struct, write, Sized32};
use crate::error::Result;
use crate::summary::Summary;

/// A digest, of bounded size, of the valid pixels of any number of images with the same bands. Any
/// number of threads may fit on it at once, as long as none changes it.
pub struct bandcluster_summary(pub(super) Summary);

/// Facts about a summary.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_summary_info {
    /// `sizeof(bandcluster_summary_info)`; set by `bandcluster_summary_info_init`.
    pub struct_size: u32,
    /// Number of bands.
    pub n_bands: u32,
    /// Pixels seen, valid or not.
    pub n_pixels: u64,
    /// Valid pixels among them.
    pub n_valid: u64,
    /// Occupied cells.
    pub n_cells: u64,
    /// For integer samples, the width of a cell is 2 to the power of this; 0: cells are single
    /// values.
    pub width_exponent: u32,
    /// The type of every sample.
    pub sample_type: u32,
}

// SAFETY: `repr(C)` with `struct_size` first.
unsafe impl Sized32 for bandcluster_summary_info {
    const NAME: &'static str = "bandcluster_summary_info";

    fn initial() -> Self {
        bandcluster_summary_info {
            struct_size: size_of_struct::<Self>(),
            n_bands: 0,
            n_pixels: 0,
            n_valid: 0,
            n_cells: 0,
            width_exponent: 0,
            sample_type: 0,
        }
    }
}

/// Fills in zeros. Pass `sizeof(bandcluster_summary_info)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_summary_info_init(
    info: *mut bandcluster_summary_info,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(info, struct_size) })
}

/// Makes an empty summary of pixels with `n_bands` samples of one type, in at most `memory` bytes
/// (0: 256 MiB). The caller frees it with `bandcluster_summary_free`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_summary_new(
    n_bands: u32,
    sample_type: u32,
    memory: u64,
    summary: *mut *mut bandcluster_summary,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let summary = unsafe { output(summary, "summary")? };
        let new = Summary::new(n_bands as usize, self::sample_type(sample_type)?, bytes(memory))?;
        give(summary, bandcluster_summary(new));
        Ok(())
    })
}

/// A number of bytes, at most as many as can be addressed.
pub(super) fn bytes(memory: u64) -> usize {
    usize::try_from(memory).unwrap_or(usize::MAX)
}

/// Adds the valid pixels of an image, or of a block of one. The order and the size of blocks do not
/// matter. After an error the summary holds some of the pixels: free it.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_summary_add(
    summary: *mut bandcluster_summary,
    raster: *const bandcluster_raster,
    run: *const bandcluster_run,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (summary, raster) = unsafe { (borrow_mut(summary, "summary")?, self::raster(raster)?) };
        // SAFETY: as above.
        unsafe { with_run(run, |run| summary.0.add(&raster, run)) }
    })
}

/// Adds what another summary holds; both must be of the same bands, sample type and memory.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_summary_merge(
    summary: *mut bandcluster_summary,
    other: *const bandcluster_summary,
) -> bandcluster_status {
    guard(|| {
        if std::ptr::eq(summary, other) && !other.is_null() {
            return crate::error::invalid_argument(
                "a summary cannot be merged into itself: give another one",
            );
        }
        // SAFETY: the caller's promise, here and below; they are not the same.
        let (summary, other) =
            unsafe { (borrow_mut(summary, "summary")?, borrow(other, "other")?) };
        summary.0.merge(&other.0)
    })
}

/// Gets the facts about a summary.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_summary_get_info(
    summary: *const bandcluster_summary,
    info: *mut bandcluster_summary_info,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let summary = &unsafe { borrow(summary, "summary")? }.0;
        let told = bandcluster_summary_info {
            struct_size: size_of_struct::<bandcluster_summary_info>(),
            n_bands: summary.n_bands() as u32,
            n_pixels: summary.n_pixels(),
            n_valid: summary.n_valid(),
            n_cells: summary.n_cells() as u64,
            width_exponent: summary.width_exponent(),
            sample_type: sample_type_code(summary.sample_type()),
        };
        // SAFETY: as above.
        unsafe { write(info, &told) }
    })
}

/// Writes a summary to a file, which appears only when complete.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_summary_save(
    summary: *const bandcluster_summary,
    path: *const c_char,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let summary = unsafe { borrow(summary, "summary")? };
        // SAFETY: as above.
        summary.0.save(&unsafe { self::path(path, "path")? })
    })
}

/// Reads a summary from a file. The caller frees it.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_summary_load(
    path: *const c_char,
    summary: *mut *mut bandcluster_summary,
) -> bandcluster_status {
    guard(|| -> Result<()> {
        // SAFETY: the caller's promise, here and below.
        let summary = unsafe { output(summary, "summary")? };
        // SAFETY: as above.
        let loaded = Summary::load(&unsafe { self::path(path, "path")? })?;
        give(summary, bandcluster_summary(loaded));
        Ok(())
    })
}

/// Frees a summary. NULL is ignored.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_summary_free(summary: *mut bandcluster_summary) {
    // SAFETY: the caller's promise.
    unsafe { free(summary) }
}
