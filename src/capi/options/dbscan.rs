//! The options of DBSCAN in C.

use super::super::guard::guard;
use super::super::library::bandcluster_status;
use super::super::structs::{init, size_of_struct, Sized32};
use super::{bandcluster_algorithm_options, given, AlgorithmOptions, BANDCLUSTER_ALGORITHM_DBSCAN};
use crate::cluster::{Algorithm, Dbscan};
use crate::error::Result;

/// The options of DBSCAN: scikit-learn's `DBSCAN`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_dbscan_options {
    /// Set by `bandcluster_dbscan_options_init`; `scaling` and `seed` may be changed.
    pub common: bandcluster_algorithm_options,
    /// Radius of a neighbourhood, in (scaled) band units. NaN (the default): the radius that
    /// separates the most classes of a hundredth of the pixels or more, among those for which half
    /// of the pixels or more are dense.
    pub eps: f64,
    /// Minimum number of pixels in the neighbourhood of a dense pixel, itself included, counted as
    /// if there were `n_representatives` pixels: 5 of 2000 are as many as 5000 of two million, and
    /// 25 of the 10,000 that are drawn. Default 5.
    pub min_samples: f64,
    /// Number of points that label the pixels: 2 to 5000. Classes are found in a sample of five
    /// times as many pixels, drawn in proportion. Default 2000.
    pub n_representatives: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, and `common`, whose first field is `struct_size`, is first.
unsafe impl Sized32 for bandcluster_dbscan_options {
    const NAME: &'static str = "bandcluster_dbscan_options";
    const FIRST: u32 = size_of_struct::<bandcluster_algorithm_options>();

    fn initial() -> Self {
        let options = Dbscan::default();
        bandcluster_dbscan_options {
            common: bandcluster_algorithm_options::of::<Self>(BANDCLUSTER_ALGORITHM_DBSCAN),
            eps: options.eps.unwrap_or(f64::NAN),
            min_samples: options.min_samples,
            n_representatives: options.n_representatives,
            reserved: 0,
        }
    }
}

impl AlgorithmOptions for bandcluster_dbscan_options {
    unsafe fn algorithm(&self) -> Result<Algorithm> {
        let (scaling, seed) = self.common.read(self.reserved)?;
        Ok(Algorithm::Dbscan(Dbscan {
            eps: given(self.eps),
            min_samples: self.min_samples,
            n_representatives: self.n_representatives,
            scaling,
            seed,
            ..Dbscan::default()
        }))
    }
}

/// Fills in the defaults. Pass `sizeof(bandcluster_dbscan_options)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_dbscan_options_init(
    output: *mut bandcluster_dbscan_options,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(output, struct_size) })
}
