//! The options of ISODATA in C.

use super::super::guard::guard;
use super::super::library::bandcluster_status;
use super::super::structs::{init, size_of_struct, Sized32};
use super::{
    bandcluster_algorithm_options, given, AlgorithmOptions, BANDCLUSTER_ALGORITHM_ISODATA,
};
use crate::cluster::{Algorithm, Isodata};
use crate::error::Result;

/// The options of ISODATA: those of Ball and Hall.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_isodata_options {
    /// Set by `bandcluster_isodata_options_init`; `scaling` and `seed` may be changed.
    pub common: bandcluster_algorithm_options,
    /// Minimum share of the pixels in a cluster; smaller clusters are dropped. Default 0.001.
    pub min_size: f64,
    /// Maximum standard deviation in any band, in (scaled) band units; wider clusters are split.
    /// NaN (the default): half the root mean square of the bands' standard deviations.
    pub max_std: f64,
    /// Minimum distance of two means, in (scaled) band units; nearer clusters are joined. NaN (the
    /// default): as `max_std`.
    pub min_distance: f64,
    /// Number of clusters to begin with, and about the number to end with. Default 8.
    pub initial_clusters: u32,
    /// Maximum number of clusters, `initial_clusters` to 65535. Default 16.
    pub max_clusters: u32,
    /// Number of iterations, at least 1. Default 20.
    pub max_iter: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, and `common`, whose first field is `struct_size`, is first.
unsafe impl Sized32 for bandcluster_isodata_options {
    const NAME: &'static str = "bandcluster_isodata_options";
    const FIRST: u32 = size_of_struct::<bandcluster_algorithm_options>();

    fn initial() -> Self {
        let options = Isodata::default();
        bandcluster_isodata_options {
            common: bandcluster_algorithm_options::of::<Self>(BANDCLUSTER_ALGORITHM_ISODATA),
            min_size: options.min_size,
            max_std: options.max_std.unwrap_or(f64::NAN),
            min_distance: options.min_distance.unwrap_or(f64::NAN),
            initial_clusters: options.initial_clusters,
            max_clusters: options.max_clusters,
            max_iter: options.max_iter,
            reserved: 0,
        }
    }
}

impl AlgorithmOptions for bandcluster_isodata_options {
    unsafe fn algorithm(&self) -> Result<Algorithm> {
        let (scaling, seed) = self.common.read(self.reserved)?;
        Ok(Algorithm::Isodata(Isodata {
            min_size: self.min_size,
            max_std: given(self.max_std),
            min_distance: given(self.min_distance),
            initial_clusters: self.initial_clusters,
            max_clusters: self.max_clusters,
            max_iter: self.max_iter,
            scaling,
            seed,
            ..Isodata::default()
        }))
    }
}

/// Fills in the defaults. Pass `sizeof(bandcluster_isodata_options)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_isodata_options_init(
    output: *mut bandcluster_isodata_options,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(output, struct_size) })
}
