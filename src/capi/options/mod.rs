//! The options of each algorithm as a struct of its own, and fits by them.

mod affinity;
mod agglomerative;
mod birch;
mod bisecting;
mod dbscan;
mod gmm;
mod hdbscan;
mod isodata;
mod meanshift;
mod optics;
mod spectral;

use super::algorithm::{fit_image, fit_summary};
use super::fit::{scaling, BANDCLUSTER_SCALING_NONE};
use super::guard::borrow;
use super::library::bandcluster_status;
use super::model::bandcluster_model;
use super::raster::bandcluster_raster;
use super::run::bandcluster_run;
use super::structs::{read, size_of_struct, Sized32};
use super::summary::bandcluster_summary;
use crate::cluster::{Algorithm, ScalingMethod};
use crate::error::{invalid_argument, Result};

pub use affinity::*;
pub use agglomerative::*;
pub use birch::*;
pub use bisecting::*;
pub use dbscan::*;
pub use gmm::*;
pub use hdbscan::*;
pub use isodata::*;
pub use meanshift::*;
pub use optics::*;
pub use spectral::*;

/// The options are a `bandcluster_bisecting_options`.
pub const BANDCLUSTER_ALGORITHM_BISECTING: u32 = 1;
/// The options are a `bandcluster_isodata_options`.
pub const BANDCLUSTER_ALGORITHM_ISODATA: u32 = 2;
/// The options are a `bandcluster_gmm_options`.
pub const BANDCLUSTER_ALGORITHM_GMM: u32 = 3;
/// The options are a `bandcluster_agglomerative_options`.
pub const BANDCLUSTER_ALGORITHM_AGGLOMERATIVE: u32 = 4;
/// The options are a `bandcluster_birch_options`.
pub const BANDCLUSTER_ALGORITHM_BIRCH: u32 = 5;
/// The options are a `bandcluster_dbscan_options`.
pub const BANDCLUSTER_ALGORITHM_DBSCAN: u32 = 6;
/// The options are a `bandcluster_optics_options`.
pub const BANDCLUSTER_ALGORITHM_OPTICS: u32 = 7;
/// The options are a `bandcluster_hdbscan_options`.
pub const BANDCLUSTER_ALGORITHM_HDBSCAN: u32 = 8;
/// The options are a `bandcluster_meanshift_options`.
pub const BANDCLUSTER_ALGORITHM_MEANSHIFT: u32 = 9;
/// The options are a `bandcluster_spectral_options`.
pub const BANDCLUSTER_ALGORITHM_SPECTRAL: u32 = 10;
/// The options are a `bandcluster_affinity_options`.
pub const BANDCLUSTER_ALGORITHM_AFFINITY: u32 = 11;

/// What the options of every algorithm begin with. (Those of k-means, which came first, are a struct of their own.)
#[repr(C)]
pub struct bandcluster_algorithm_options {
    /// Size of the whole struct of options; set by its `_init` function, as is `algorithm`.
    pub struct_size: u32,
    /// Which algorithm it is for: `BANDCLUSTER_ALGORITHM_BISECTING` and its like.
    pub algorithm: u32,
    /// `BANDCLUSTER_SCALING_NONE` (the default) or `BANDCLUSTER_SCALING_ZSCORE`.
    pub scaling: u32,
    /// 0.
    pub reserved: u32,
    /// Seed of the random numbers: the same seed, pixels and options give the same model. Default 0.
    pub seed: u64,
}

/// A struct of options.
trait AlgorithmOptions: Sized32 {
    /// The algorithm that it tells of; its values are checked when it is run.
    ///
    /// # Errors
    /// `InvalidArgument` for a choice that there is not, or a reserved field that is not 0.
    fn algorithm(&self) -> Result<Algorithm>;
}

impl bandcluster_algorithm_options {
    /// The beginning of options of this type.
    fn of<T>(algorithm: u32) -> Self {
        let (struct_size, scaling) = (size_of_struct::<T>(), BANDCLUSTER_SCALING_NONE);
        bandcluster_algorithm_options { struct_size, algorithm, scaling, reserved: 0, seed: 0 }
    }

    /// Scaling and seed, given a reserved field of the whole struct.
    fn read(&self, reserved: u32) -> Result<(ScalingMethod, u64)> {
        if self.reserved != 0 || reserved != 0 {
            return invalid_argument(
                "a reserved field of the options is not 0: fill the struct with its _init function",
            );
        }
        Ok((scaling(self.scaling)?, self.seed))
    }
}

/// A number that may be left out, which is said by NaN.
fn given(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

/// The choice of this number among those that there are, each with its name in C.
fn choice<T: Copy>(option: &str, number: u32, choices: &[(&str, T)]) -> Result<T> {
    if let Some((_, choice)) = choices.get(number as usize) {
        return Ok(*choice);
    }
    let names: Vec<_> =
        choices.iter().enumerate().map(|(number, (name, _))| format!("{name} ({number})")).collect();
    invalid_argument(format!("{option} {number} is unknown: use {}", names.join(" or ")))
}

/// The algorithm that options tell of, whichever it is.
///
/// # Safety
/// NULL, or the `common` of one of the structs of options, readable for as many bytes as its `struct_size` says.
unsafe fn algorithm(options: *const bandcluster_algorithm_options) -> Result<Algorithm> {
    /// Reads the options as a struct of this type.
    unsafe fn read_as<T: AlgorithmOptions>(
        options: *const bandcluster_algorithm_options,
    ) -> Result<Algorithm> {
        // SAFETY: `common` is the first field, and `read` checks the size.
        unsafe { read(options.cast::<T>())?.algorithm() }
    }
    // SAFETY: the caller's promise, here and below; every struct is at least as large as its beginning.
    let which = unsafe { borrow(options, "bandcluster_algorithm_options")?.algorithm };
    let read = match which {
        BANDCLUSTER_ALGORITHM_BISECTING => read_as::<bandcluster_bisecting_options>,
        BANDCLUSTER_ALGORITHM_ISODATA => read_as::<bandcluster_isodata_options>,
        BANDCLUSTER_ALGORITHM_GMM => read_as::<bandcluster_gmm_options>,
        BANDCLUSTER_ALGORITHM_AGGLOMERATIVE => read_as::<bandcluster_agglomerative_options>,
        BANDCLUSTER_ALGORITHM_BIRCH => read_as::<bandcluster_birch_options>,
        BANDCLUSTER_ALGORITHM_DBSCAN => read_as::<bandcluster_dbscan_options>,
        BANDCLUSTER_ALGORITHM_OPTICS => read_as::<bandcluster_optics_options>,
        BANDCLUSTER_ALGORITHM_HDBSCAN => read_as::<bandcluster_hdbscan_options>,
        BANDCLUSTER_ALGORITHM_MEANSHIFT => read_as::<bandcluster_meanshift_options>,
        BANDCLUSTER_ALGORITHM_SPECTRAL => read_as::<bandcluster_spectral_options>,
        BANDCLUSTER_ALGORITHM_AFFINITY => read_as::<bandcluster_affinity_options>,
        _ => {
            return invalid_argument(format!(
                "algorithm {which} is unknown: fill the options with the _init function of their struct"
            ))
        }
    };
    let algorithm = unsafe { read(options)? };
    algorithm.check()?;
    Ok(algorithm)
}

/// Fits by the algorithm whose options these are, on the pixels of one image: pass the `common` of such as
/// `bandcluster_gmm_options`. `memory` is the bytes that the summary may take; 0: 256 MiB. The caller frees the model with
/// `bandcluster_model_free`. Since 0.1.0.
///
/// # Safety
/// `options` is NULL or the first field of one of the structs of options; `raster` and `run` are as their documentation says; `model` is
/// NULL or writable.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_fit_with(
    raster: *const bandcluster_raster,
    options: *const bandcluster_algorithm_options,
    memory: u64,
    run: *const bandcluster_run,
    model: *mut *mut bandcluster_model,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    unsafe { fit_image(raster, || algorithm(options), memory, run, model) }
}

/// Fits by the algorithm whose options these are, on a summary, as `bandcluster_fit_summary` does by k-means. The caller frees
/// the model with `bandcluster_model_free`. Since 0.1.0.
///
/// # Safety
/// `summary` is NULL or alive; `options` is NULL or the first field of one of the structs of options; `run` is as its documentation
/// says; `model` is NULL or writable.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_fit_summary_with(
    summary: *const bandcluster_summary,
    options: *const bandcluster_algorithm_options,
    run: *const bandcluster_run,
    model: *mut *mut bandcluster_model,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    unsafe { fit_summary(summary, || algorithm(options), run, model) }
}
