//! The options of OPTICS in C.

use super::super::guard::guard;
use super::super::library::bandcluster_status;
use super::super::structs::{init, size_of_struct, Sized32};
use super::{
    bandcluster_algorithm_options, choice, given, AlgorithmOptions, BANDCLUSTER_ALGORITHM_OPTICS,
};
use crate::cluster::{Algorithm, ClusterMethod, Optics};
use crate::error::Result;

/// Clusters are valleys with steep sides, of any depth. If valleys lie within each other, the
/// innermost is taken.
pub const BANDCLUSTER_OPTICS_XI: u32 = 0;
/// Clusters are the parts below one height, as DBSCAN finds them.
pub const BANDCLUSTER_OPTICS_DBSCAN: u32 = 1;

/// The options of OPTICS: scikit-learn's `OPTICS`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_optics_options {
    /// Set by `bandcluster_optics_options_init`; `scaling` and `seed` may be changed.
    pub common: bandcluster_algorithm_options,
    /// The largest radius of a neighbourhood, in (scaled) band units. NaN (the default): any.
    pub max_eps: f64,
    /// How steep the sides of a valley are at least: the fraction by which the distance to the next
    /// pixel falls or rises from one pixel to the next; between 0 and 1. Default 0.05.
    pub xi: f64,
    /// With `dbscan`: radius of a neighbourhood, in (scaled) band units, at most `max_eps`. NaN
    /// (the default): `max_eps`.
    pub eps: f64,
    /// Minimum number of pixels in the neighbourhood of a dense pixel, itself included, counted as
    /// if there were `n_representatives` pixels; 2 to `n_representatives`. Default 5.
    pub min_samples: u32,
    /// How clusters are found. `BANDCLUSTER_OPTICS_XI` (the default), `BANDCLUSTER_OPTICS_DBSCAN`.
    pub cluster_method: u32,
    /// With `xi`: minimum number of pixels of a cluster, counted as in `min_samples`; 2 to
    /// `n_representatives`. 0 (the default): `min_samples`.
    pub min_cluster_size: u32,
    /// Size of the sample of the pixels that is clustered: 2 to 5000. Default 2000.
    pub n_representatives: u32,
}

// SAFETY: `repr(C)`, and `common`, whose first field is `struct_size`, is first.
unsafe impl Sized32 for bandcluster_optics_options {
    const NAME: &'static str = "bandcluster_optics_options";
    const FIRST: u32 = size_of_struct::<bandcluster_algorithm_options>();

    fn initial() -> Self {
        let options = Optics::default();
        bandcluster_optics_options {
            common: bandcluster_algorithm_options::of::<Self>(BANDCLUSTER_ALGORITHM_OPTICS),
            max_eps: options.max_eps.unwrap_or(f64::NAN),
            xi: options.xi,
            eps: options.eps.unwrap_or(f64::NAN),
            min_samples: options.min_samples,
            cluster_method: BANDCLUSTER_OPTICS_XI,
            min_cluster_size: options.min_cluster_size.unwrap_or(0),
            n_representatives: options.n_representatives,
        }
    }
}

impl AlgorithmOptions for bandcluster_optics_options {
    unsafe fn algorithm(&self) -> Result<Algorithm> {
        let (scaling, seed) = self.common.read(0)?;
        let cluster_method = choice(
            "cluster_method",
            self.cluster_method,
            &[
                ("BANDCLUSTER_OPTICS_XI", ClusterMethod::Xi),
                ("BANDCLUSTER_OPTICS_DBSCAN", ClusterMethod::Dbscan),
            ],
        )?;
        Ok(Algorithm::Optics(Optics {
            max_eps: given(self.max_eps),
            xi: self.xi,
            eps: given(self.eps),
            min_samples: self.min_samples,
            cluster_method,
            min_cluster_size: (self.min_cluster_size != 0).then_some(self.min_cluster_size),
            n_representatives: self.n_representatives,
            scaling,
            seed,
            ..Optics::default()
        }))
    }
}

/// Fills in the defaults. Pass `sizeof(bandcluster_optics_options)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_optics_options_init(
    output: *mut bandcluster_optics_options,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(output, struct_size) })
}
