//! Algorithms, from a summary to a model: [`Algorithm`] knows them all.
//!
//! The files of this folder import only downwards in this list: the algorithms (`kmeans/`,
//! `mixture/`, `density/`, `hierarchical/`, and those of one file); the representatives that many
//! of them use; statistics and profiles of classes; Lloyd's algorithm; points and options.

mod affinity;
mod algorithm;
mod assignment;
mod bisecting;
mod border;
mod density;
mod eigenvectors;
mod hierarchical;
mod isodata;
mod kmeans;
mod lloyd;
mod meanshift;
mod mixture;
mod options;
mod points;
mod profile;
mod representatives;
mod seeding;
#[cfg(test)]
mod silence;
mod spanning_tree;
mod spectral;
mod statistics;
#[cfg(test)]
mod test_scenes;

pub use affinity::Affinity;
pub(crate) use algorithm::advice;
pub use algorithm::Algorithm;
pub use bisecting::{Bisecting, Strategy};
pub use density::{ClusterMethod, ClusterSelection, Dbscan, Hdbscan, Optics};
pub use hierarchical::{Agglomerative, Birch, Linkage};
pub use isodata::Isodata;
pub use kmeans::KMeans;
pub use meanshift::MeanShift;
pub use mixture::Gmm;
pub use options::ScalingMethod;
pub use spectral::{GraphAffinity, Spectral};

pub(crate) use kmeans::{search_once, Found, Prepared};
pub(crate) use lloyd::assign;
pub(crate) use mixture::{likeliest, Data};
pub(crate) use points::Points;
