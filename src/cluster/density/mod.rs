//! Algorithms whose classes are dense regions; the rest is noise.

pub(super) mod dbscan;
mod drawn;
pub(super) mod hdbscan;
pub(super) mod optics;
mod reachability;

pub use dbscan::Dbscan;
pub use hdbscan::{ClusterSelection, Hdbscan};
pub use optics::{ClusterMethod, Optics};
