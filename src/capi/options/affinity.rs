//! The options of affinity propagation in C.

use super::super::guard::guard;
use super::super::library::bandcluster_status;
use super::super::structs::{init, size_of_struct, Sized32};
use super::{
    bandcluster_algorithm_options, given, AlgorithmOptions, BANDCLUSTER_ALGORITHM_AFFINITY,
};
use crate::cluster::{Affinity, Algorithm};
use crate::error::Result;

/// The options of affinity propagation: scikit-learn's `AffinityPropagation`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_affinity_options {
    /// Set by `bandcluster_affinity_options_init`; `scaling` and `seed` may be changed.
    pub common: bandcluster_algorithm_options,
    /// The share of each message that is kept from the previous one, 0.5 to less than 1. With a
    /// larger share the exemplars settle more slowly, but more surely. NaN (the default): 0.5, as
    /// in scikit-learn; if the exemplars do not settle, 0.7, and finally 0.9.
    pub damping: f64,
    /// How readily a pixel becomes an exemplar, in squared (scaled) band units: the further below
    /// 0, the fewer classes. NaN (the default): the median of the similarities (negative squared
    /// distances) of all pairs.
    pub preference: f64,
    /// Maximum number of rounds of messages, at least 1. Default 200.
    pub max_iter: u32,
    /// The rounds end after this number of rounds without a change of the exemplars, at least 1.
    /// Default 15.
    pub convergence_iter: u32,
    /// Size of the sample of the pixels that is clustered: 2 to 3000. Time and memory grow with its
    /// square. A larger sample also gives more classes. Default 1000.
    pub n_representatives: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, and `common`, whose first field is `struct_size`, is first.
unsafe impl Sized32 for bandcluster_affinity_options {
    const NAME: &'static str = "bandcluster_affinity_options";
    const FIRST: u32 = size_of_struct::<bandcluster_algorithm_options>();

    fn initial() -> Self {
        let options = Affinity::default();
        bandcluster_affinity_options {
            common: bandcluster_algorithm_options::of::<Self>(BANDCLUSTER_ALGORITHM_AFFINITY),
            damping: options.damping.unwrap_or(f64::NAN),
            preference: options.preference.unwrap_or(f64::NAN),
            max_iter: options.max_iter,
            convergence_iter: options.convergence_iter,
            n_representatives: options.n_representatives,
            reserved: 0,
        }
    }
}

impl AlgorithmOptions for bandcluster_affinity_options {
    unsafe fn algorithm(&self) -> Result<Algorithm> {
        let (scaling, seed) = self.common.read(self.reserved)?;
        Ok(Algorithm::Affinity(Affinity {
            damping: given(self.damping),
            preference: given(self.preference),
            max_iter: self.max_iter,
            convergence_iter: self.convergence_iter,
            n_representatives: self.n_representatives,
            scaling,
            seed,
            ..Affinity::default()
        }))
    }
}

/// Fills in the defaults. Pass `sizeof(bandcluster_affinity_options)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_affinity_options_init(
    output: *mut bandcluster_affinity_options,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(output, struct_size) })
}
