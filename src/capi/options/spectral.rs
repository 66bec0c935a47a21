//! The options of spectral clustering in C.

use super::super::guard::guard;
use super::super::library::bandcluster_status;
use super::super::structs::{init, size_of_struct, Sized32};
use super::{
    bandcluster_algorithm_options, choice, given, AlgorithmOptions, BANDCLUSTER_ALGORITHM_SPECTRAL,
};
use crate::cluster::{Algorithm, GraphAffinity, Spectral};
use crate::error::Result;

/// Two points are alike if each is among the nearest of the other, and half alike if only one is.
/// Where pixels are few, the nearest may be far away.
pub const BANDCLUSTER_SPECTRAL_NEAREST_NEIGHBORS: u32 = 0;
/// Two points are as alike as the Gaussian of their distance says.
pub const BANDCLUSTER_SPECTRAL_RBF: u32 = 1;

/// The options of spectral clustering: scikit-learn's `SpectralClustering`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_spectral_options {
    /// Set by `bandcluster_spectral_options_init`; `scaling` and `seed` may be changed.
    pub common: bandcluster_algorithm_options,
    /// With `rbf`: the factor of squared distances, in inverse squared (scaled) band units. It is
    /// the same for all points, so that a few pixels far from all others easily make a class. NaN
    /// (the default): for each pair of points, 1 divided by the larger of their squared distances
    /// from their `n_neighbors`th nearest.
    pub gamma: f64,
    /// Number of classes, 1 to 3000. Default 4.
    pub n_clusters: u32,
    /// How alike two points are. `BANDCLUSTER_SPECTRAL_NEAREST_NEIGHBORS` (the default),
    /// `BANDCLUSTER_SPECTRAL_RBF`.
    pub affinity: u32,
    /// Number of neighbours of a point, itself included; at least 2. Default 10.
    pub n_neighbors: u32,
    /// Number of starts of k-means on the embedding, at least 1. Default 10.
    pub n_init: u32,
    /// Number of points that stand for the pixels: the number of classes to 3000. The time grows
    /// with its cube. Default 1000.
    pub n_representatives: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, and `common`, whose first field is `struct_size`, is first.
unsafe impl Sized32 for bandcluster_spectral_options {
    const NAME: &'static str = "bandcluster_spectral_options";
    const FIRST: u32 = size_of_struct::<bandcluster_algorithm_options>();

    fn initial() -> Self {
        let options = Spectral::default();
        bandcluster_spectral_options {
            common: bandcluster_algorithm_options::of::<Self>(BANDCLUSTER_ALGORITHM_SPECTRAL),
            gamma: options.gamma.unwrap_or(f64::NAN),
            n_clusters: options.n_clusters,
            affinity: BANDCLUSTER_SPECTRAL_NEAREST_NEIGHBORS,
            n_neighbors: options.n_neighbors,
            n_init: options.n_init,
            n_representatives: options.n_representatives,
            reserved: 0,
        }
    }
}

impl AlgorithmOptions for bandcluster_spectral_options {
    unsafe fn algorithm(&self) -> Result<Algorithm> {
        let (scaling, seed) = self.common.read(self.reserved)?;
        let affinity = choice(
            "affinity",
            self.affinity,
            &[
                ("BANDCLUSTER_SPECTRAL_NEAREST_NEIGHBORS", GraphAffinity::NearestNeighbors),
                ("BANDCLUSTER_SPECTRAL_RBF", GraphAffinity::Rbf),
            ],
        )?;
        Ok(Algorithm::Spectral(Spectral {
            gamma: given(self.gamma),
            n_clusters: self.n_clusters,
            affinity,
            n_neighbors: self.n_neighbors,
            n_init: self.n_init,
            n_representatives: self.n_representatives,
            scaling,
            seed,
            ..Spectral::default()
        }))
    }
}

/// Fills in the defaults. Pass `sizeof(bandcluster_spectral_options)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_spectral_options_init(
    output: *mut bandcluster_spectral_options,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(output, struct_size) })
}
