//! The options of HDBSCAN in C.

use super::super::guard::guard;
use super::super::library::bandcluster_status;
use super::super::structs::{init, size_of_struct, Sized32};
use super::{
    bandcluster_algorithm_options, choice, given, AlgorithmOptions, BANDCLUSTER_ALGORITHM_HDBSCAN,
};
use crate::cluster::{Algorithm, ClusterSelection, Hdbscan};
use crate::error::Result;

/// The clusters with the largest "excess of mass" are taken: large ones that persist over a wide
/// range of densities.
pub const BANDCLUSTER_HDBSCAN_EOM: u32 = 0;
/// The clusters that do not split any more are taken: many small ones.
pub const BANDCLUSTER_HDBSCAN_LEAF: u32 = 1;

/// The options of HDBSCAN: scikit-learn's `HDBSCAN`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_hdbscan_options {
    /// Set by `bandcluster_hdbscan_options_init`; `scaling` and `seed` may be changed.
    pub common: bandcluster_algorithm_options,
    /// Minimum number of pixels of a cluster, counted as if there were `n_representatives` pixels:
    /// 20 of 2000 are a hundredth of them. At least 2. Default 20.
    pub min_cluster_size: f64,
    /// The density of a pixel is that of the neighbourhood that holds this number of pixels, itself
    /// included, counted in the same way. The larger the number, the more pixels are noise. NaN
    /// (the default): `min_cluster_size`.
    pub min_samples: f64,
    /// Clusters nearer than this, in (scaled) band units, are not separated. Default 0.
    pub cluster_selection_epsilon: f64,
    /// Which clusters of the tree are taken. `BANDCLUSTER_HDBSCAN_EOM` (the default),
    /// `BANDCLUSTER_HDBSCAN_LEAF`.
    pub cluster_selection_method: u32,
    /// Size of the sample of the pixels that is clustered: 2 to 5000. Default 2000.
    pub n_representatives: u32,
}

// SAFETY: `repr(C)`, and `common`, whose first field is `struct_size`, is first.
unsafe impl Sized32 for bandcluster_hdbscan_options {
    const NAME: &'static str = "bandcluster_hdbscan_options";
    const FIRST: u32 = size_of_struct::<bandcluster_algorithm_options>();

    fn initial() -> Self {
        let options = Hdbscan::default();
        bandcluster_hdbscan_options {
            common: bandcluster_algorithm_options::of::<Self>(BANDCLUSTER_ALGORITHM_HDBSCAN),
            min_cluster_size: options.min_cluster_size,
            min_samples: options.min_samples.unwrap_or(f64::NAN),
            cluster_selection_epsilon: options.cluster_selection_epsilon,
            cluster_selection_method: BANDCLUSTER_HDBSCAN_EOM,
            n_representatives: options.n_representatives,
        }
    }
}

impl AlgorithmOptions for bandcluster_hdbscan_options {
    unsafe fn algorithm(&self) -> Result<Algorithm> {
        let (scaling, seed) = self.common.read(0)?;
        let cluster_selection_method = choice(
            "cluster_selection_method",
            self.cluster_selection_method,
            &[
                ("BANDCLUSTER_HDBSCAN_EOM", ClusterSelection::Eom),
                ("BANDCLUSTER_HDBSCAN_LEAF", ClusterSelection::Leaf),
            ],
        )?;
        Ok(Algorithm::Hdbscan(Hdbscan {
            min_cluster_size: self.min_cluster_size,
            min_samples: given(self.min_samples),
            cluster_selection_epsilon: self.cluster_selection_epsilon,
            cluster_selection_method,
            n_representatives: self.n_representatives,
            scaling,
            seed,
            ..Hdbscan::default()
        }))
    }
}

/// Fills in the defaults. Pass `sizeof(bandcluster_hdbscan_options)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_hdbscan_options_init(
    output: *mut bandcluster_hdbscan_options,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(output, struct_size) })
}
