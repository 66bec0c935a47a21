//! The options of BIRCH in C.

use super::super::guard::guard;
use super::super::library::bandcluster_status;
use super::super::structs::{init, size_of_struct, Sized32};
use super::{bandcluster_algorithm_options, given, AlgorithmOptions, BANDCLUSTER_ALGORITHM_BIRCH};
use crate::cluster::{Algorithm, Birch};
use crate::error::Result;

/// The options of BIRCH: scikit-learn's `Birch`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_birch_options {
    /// Set by `bandcluster_birch_options_init`; `scaling` and `seed` may be changed.
    pub common: bandcluster_algorithm_options,
    /// The largest radius (root mean square distance from the mean) of a subcluster, in (scaled)
    /// band units. It is raised until at most `n_representatives` subclusters are left. NaN (the
    /// default): the smallest radius for which this is so.
    pub threshold: f64,
    /// Number of classes, 1 to 65535. Default 4.
    pub n_clusters: u32,
    /// Maximum number of subclusters: the number of classes to 5000. Default 2000.
    pub n_representatives: u32,
}

// SAFETY: `repr(C)`, and `common`, whose first field is `struct_size`, is first.
unsafe impl Sized32 for bandcluster_birch_options {
    const NAME: &'static str = "bandcluster_birch_options";
    const FIRST: u32 = size_of_struct::<bandcluster_algorithm_options>();

    fn initial() -> Self {
        let options = Birch::default();
        bandcluster_birch_options {
            common: bandcluster_algorithm_options::of::<Self>(BANDCLUSTER_ALGORITHM_BIRCH),
            threshold: options.threshold.unwrap_or(f64::NAN),
            n_clusters: options.n_clusters,
            n_representatives: options.n_representatives,
        }
    }
}

impl AlgorithmOptions for bandcluster_birch_options {
    unsafe fn algorithm(&self) -> Result<Algorithm> {
        let (scaling, seed) = self.common.read(0)?;
        Ok(Algorithm::Birch(Birch {
            threshold: given(self.threshold),
            n_clusters: self.n_clusters,
            n_representatives: self.n_representatives,
            scaling,
            seed,
            ..Birch::default()
        }))
    }
}

/// Fills in the defaults. Pass `sizeof(bandcluster_birch_options)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_birch_options_init(
    output: *mut bandcluster_birch_options,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(output, struct_size) })
}
