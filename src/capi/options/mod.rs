//! The options of each algorithm as a struct of its own.

mod affinity;
mod agglomerative;
mod birch;
mod bisecting;
mod common;
mod dbscan;
mod gmm;
mod hdbscan;
mod isodata;
mod kmeans;
mod meanshift;
mod optics;
mod spectral;

use super::guard::borrow;
use super::structs::read;
use crate::cluster::Algorithm;
use crate::error::{invalid_argument, Result};

pub use affinity::*;
pub use agglomerative::*;
pub use birch::*;
pub use bisecting::*;
pub use common::*;
pub use dbscan::*;
pub use gmm::*;
pub use hdbscan::*;
pub use isodata::*;
pub use kmeans::*;
pub use meanshift::*;
pub use optics::*;
pub use spectral::*;

/// The algorithm of some options, whichever it is.
///
/// # Safety
/// NULL, or the `common` of one of the structs of options, readable for as many bytes as its
/// `struct_size` says.
pub(super) unsafe fn algorithm(options: *const bandcluster_algorithm_options) -> Result<Algorithm> {
    /// Reads the options as a struct of this type.
    unsafe fn read_as<T: AlgorithmOptions>(
        options: *const bandcluster_algorithm_options,
    ) -> Result<Algorithm> {
        // SAFETY: `common` is the first field, `read` checks the size, and what the struct points
        // to is the caller's promise.
        unsafe { read(options.cast::<T>())?.algorithm() }
    }
    // SAFETY: the caller's promise, here and below; every struct is at least as large as its
    // beginning.
    let which = unsafe { borrow(options, "bandcluster_algorithm_options")?.algorithm };
    let read = match which {
        BANDCLUSTER_ALGORITHM_KMEANS => read_as::<bandcluster_kmeans_options>,
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
                "algorithm {which} is unknown: fill the options with the _init function of their \
                 struct"
            ))
        }
    };
    // SAFETY: as above.
    let algorithm = unsafe { read(options)? };
    algorithm.check()?;
    Ok(algorithm)
}
