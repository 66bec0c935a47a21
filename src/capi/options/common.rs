//! What the options of all algorithms have in common.

use super::super::structs::{size_of_struct, Sized32};
use crate::cluster::Algorithm;
use crate::cluster::ScalingMethod;
use crate::error::{invalid_argument, Result};
use crate::model::Metric;

/// The options are a `bandcluster_kmeans_options`.
pub const BANDCLUSTER_ALGORITHM_KMEANS: u32 = 1;
/// The options are a `bandcluster_bisecting_options`.
pub const BANDCLUSTER_ALGORITHM_BISECTING: u32 = 2;
/// The options are a `bandcluster_isodata_options`.
pub const BANDCLUSTER_ALGORITHM_ISODATA: u32 = 3;
/// The options are a `bandcluster_gmm_options`.
pub const BANDCLUSTER_ALGORITHM_GMM: u32 = 4;
/// The options are a `bandcluster_agglomerative_options`.
pub const BANDCLUSTER_ALGORITHM_AGGLOMERATIVE: u32 = 5;
/// The options are a `bandcluster_birch_options`.
pub const BANDCLUSTER_ALGORITHM_BIRCH: u32 = 6;
/// The options are a `bandcluster_dbscan_options`.
pub const BANDCLUSTER_ALGORITHM_DBSCAN: u32 = 7;
/// The options are a `bandcluster_optics_options`.
pub const BANDCLUSTER_ALGORITHM_OPTICS: u32 = 8;
/// The options are a `bandcluster_hdbscan_options`.
pub const BANDCLUSTER_ALGORITHM_HDBSCAN: u32 = 9;
/// The options are a `bandcluster_meanshift_options`.
pub const BANDCLUSTER_ALGORITHM_MEANSHIFT: u32 = 10;
/// The options are a `bandcluster_spectral_options`.
pub const BANDCLUSTER_ALGORITHM_SPECTRAL: u32 = 11;
/// The options are a `bandcluster_affinity_options`.
pub const BANDCLUSTER_ALGORITHM_AFFINITY: u32 = 12;

/// Bands as they are.
pub const BANDCLUSTER_SCALING_NONE: u32 = 0;
/// Bands scaled to mean 0 and standard deviation 1 before distances are measured.
pub const BANDCLUSTER_SCALING_ZSCORE: u32 = 1;

/// Pixels are compared by the length of their difference.
pub const BANDCLUSTER_METRIC_EUCLIDEAN: u32 = 0;
/// Pixels are compared by the angle between their spectra, whatever their brightness.
pub const BANDCLUSTER_METRIC_SPECTRAL_ANGLE: u32 = 1;

/// The first field, `common`, of the options of every algorithm. The functions that fit take its
/// address. The `_init` function of each struct sets all of it; `scaling` and `seed` may be
/// changed.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_algorithm_options {
    /// Size of the whole struct of options.
    pub struct_size: u32,
    /// Which options these are: one of `BANDCLUSTER_ALGORITHM_*`.
    pub algorithm: u32,
    /// `BANDCLUSTER_SCALING_NONE` (the default) or `BANDCLUSTER_SCALING_ZSCORE`. Weights of bands
    /// are the option `band_weights` of the functions that take options as JSON.
    pub scaling: u32,
    /// 0.
    pub reserved: u32,
    /// Seed of the random numbers: the same seed, pixels and options give the same model. Default
    /// 0.
    pub seed: u64,
}

/// A struct of options.
pub(super) trait AlgorithmOptions: Sized32 {
    /// The algorithm with these options; their values are checked when it is run.
    ///
    /// # Errors
    /// `InvalidArgument` for an unknown choice, or a reserved field that is not 0.
    ///
    /// # Safety
    /// What it points to is as its documentation says.
    unsafe fn algorithm(&self) -> Result<Algorithm>;
}

impl bandcluster_algorithm_options {
    /// The beginning of options of this type.
    pub(super) fn of<T>(algorithm: u32) -> Self {
        let (struct_size, scaling) = (size_of_struct::<T>(), BANDCLUSTER_SCALING_NONE);
        bandcluster_algorithm_options { struct_size, algorithm, scaling, reserved: 0, seed: 0 }
    }

    /// Scaling and seed, given a reserved field of the whole struct.
    pub(super) fn read(&self, reserved: u32) -> Result<(ScalingMethod, u64)> {
        if self.reserved != 0 || reserved != 0 {
            return invalid_argument(
                "a reserved field of the options is not 0: fill the struct with its _init function",
            );
        }
        Ok((scaling(self.scaling)?, self.seed))
    }
}

/// A number that may be left out: it is NaN then.
pub(super) fn given(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

/// The choice with this number; each choice has a name in C.
pub(super) fn choice<T: Copy>(option: &str, number: u32, choices: &[(&str, T)]) -> Result<T> {
    if let Some((_, choice)) = choices.get(number as usize) {
        return Ok(*choice);
    }
    let names: Vec<_> = choices
        .iter()
        .enumerate()
        .map(|(number, (name, _))| format!("{name} ({number})"))
        .collect();
    invalid_argument(format!("{option} {number} is unknown: use {}", names.join(" or ")))
}

pub(in super::super) fn scaling(method: u32) -> Result<ScalingMethod> {
    let choices = [
        ("BANDCLUSTER_SCALING_NONE", ScalingMethod::None),
        ("BANDCLUSTER_SCALING_ZSCORE", ScalingMethod::ZScore),
    ];
    choice("scaling", method, &choices)
}

pub(in super::super) fn metric(metric: u32) -> Result<Metric> {
    let choices = [
        ("BANDCLUSTER_METRIC_EUCLIDEAN", Metric::Euclidean),
        ("BANDCLUSTER_METRIC_SPECTRAL_ANGLE", Metric::SpectralAngle),
    ];
    choice("metric", metric, &choices)
}
