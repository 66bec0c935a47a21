//! Algorithms that join clusters, the nearest clusters first.

pub(super) mod agglomerative;
pub(super) mod birch;

pub use agglomerative::{Agglomerative, Linkage};
pub use birch::Birch;
