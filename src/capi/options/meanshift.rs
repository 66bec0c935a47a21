//! The options of mean shift in C.

use super::super::guard::guard;
use super::super::library::bandcluster_status;
use super::super::structs::{init, size_of_struct, Sized32};
use super::{
    bandcluster_algorithm_options, given, AlgorithmOptions, BANDCLUSTER_ALGORITHM_MEANSHIFT,
};
use crate::cluster::{Algorithm, MeanShift};
use crate::error::Result;

/// The options of mean shift: scikit-learn's `MeanShift`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_meanshift_options {
    /// Set by `bandcluster_meanshift_options_init`; `scaling` and `seed` may be changed.
    pub common: bandcluster_algorithm_options,
    /// Radius of the (flat) kernel, in (scaled) band units: the smaller, the more classes. NaN (the
    /// default): the mean radius that holds three tenths of the pixels.
    pub bandwidth: f64,
    /// Number of points that stand for the pixels: 2 to 5000. Default 2000.
    pub n_representatives: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, and `common`, whose first field is `struct_size`, is first.
unsafe impl Sized32 for bandcluster_meanshift_options {
    const NAME: &'static str = "bandcluster_meanshift_options";
    const FIRST: u32 = size_of_struct::<bandcluster_algorithm_options>();

    fn initial() -> Self {
        let options = MeanShift::default();
        bandcluster_meanshift_options {
            common: bandcluster_algorithm_options::of::<Self>(BANDCLUSTER_ALGORITHM_MEANSHIFT),
            bandwidth: options.bandwidth.unwrap_or(f64::NAN),
            n_representatives: options.n_representatives,
            reserved: 0,
        }
    }
}

impl AlgorithmOptions for bandcluster_meanshift_options {
    unsafe fn algorithm(&self) -> Result<Algorithm> {
        let (scaling, seed) = self.common.read(self.reserved)?;
        Ok(Algorithm::MeanShift(MeanShift {
            bandwidth: given(self.bandwidth),
            n_representatives: self.n_representatives,
            scaling,
            seed,
            ..MeanShift::default()
        }))
    }
}

/// Fills in the defaults. Pass `sizeof(bandcluster_meanshift_options)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_meanshift_options_init(
    output: *mut bandcluster_meanshift_options,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(output, struct_size) })
}
