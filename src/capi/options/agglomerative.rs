//! The options of agglomerative clustering in C.

use super::super::guard::guard;
use super::super::library::bandcluster_status;
use super::super::structs::{init, size_of_struct, Sized32};
use super::{
    bandcluster_algorithm_options, choice, AlgorithmOptions, BANDCLUSTER_ALGORITHM_AGGLOMERATIVE,
};
use crate::cluster::{Agglomerative, Algorithm, Linkage};
use crate::error::Result;

/// The distance of two clusters is the increase of the inertia when they are joined.
pub const BANDCLUSTER_LINKAGE_WARD: u32 = 0;
/// The distance of two clusters is the mean distance of their pixels.
pub const BANDCLUSTER_LINKAGE_AVERAGE: u32 = 1;
/// The distance of two clusters is the largest distance of their pixels.
pub const BANDCLUSTER_LINKAGE_COMPLETE: u32 = 2;
/// The distance of two clusters is the smallest distance of their pixels.
pub const BANDCLUSTER_LINKAGE_SINGLE: u32 = 3;

/// The options of agglomerative clustering: scikit-learn's `AgglomerativeClustering`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_agglomerative_options {
    /// Set by `bandcluster_agglomerative_options_init`; `scaling` and `seed` may be changed.
    pub common: bandcluster_algorithm_options,
    /// Number of classes, 1 to 65535. Default 4.
    pub n_clusters: u32,
    /// The distance of two clusters. `BANDCLUSTER_LINKAGE_WARD` (the default),
    /// `BANDCLUSTER_LINKAGE_AVERAGE`, `BANDCLUSTER_LINKAGE_COMPLETE`, `BANDCLUSTER_LINKAGE_SINGLE`.
    pub linkage: u32,
    /// Size of the sample of the pixels that is clustered: the number of classes to 5000. Default
    /// 2000.
    pub n_representatives: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, and `common`, whose first field is `struct_size`, is first.
unsafe impl Sized32 for bandcluster_agglomerative_options {
    const NAME: &'static str = "bandcluster_agglomerative_options";
    const FIRST: u32 = size_of_struct::<bandcluster_algorithm_options>();

    fn initial() -> Self {
        let options = Agglomerative::default();
        bandcluster_agglomerative_options {
            common: bandcluster_algorithm_options::of::<Self>(BANDCLUSTER_ALGORITHM_AGGLOMERATIVE),
            n_clusters: options.n_clusters,
            linkage: BANDCLUSTER_LINKAGE_WARD,
            n_representatives: options.n_representatives,
            reserved: 0,
        }
    }
}

impl AlgorithmOptions for bandcluster_agglomerative_options {
    unsafe fn algorithm(&self) -> Result<Algorithm> {
        let (scaling, seed) = self.common.read(self.reserved)?;
        let linkage = choice(
            "linkage",
            self.linkage,
            &[
                ("BANDCLUSTER_LINKAGE_WARD", Linkage::Ward),
                ("BANDCLUSTER_LINKAGE_AVERAGE", Linkage::Average),
                ("BANDCLUSTER_LINKAGE_COMPLETE", Linkage::Complete),
                ("BANDCLUSTER_LINKAGE_SINGLE", Linkage::Single),
            ],
        )?;
        Ok(Algorithm::Agglomerative(Agglomerative {
            n_clusters: self.n_clusters,
            linkage,
            n_representatives: self.n_representatives,
            scaling,
            seed,
            ..Agglomerative::default()
        }))
    }
}

/// Fills in the defaults. Pass `sizeof(bandcluster_agglomerative_options)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_agglomerative_options_init(
    output: *mut bandcluster_agglomerative_options,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(output, struct_size) })
}
