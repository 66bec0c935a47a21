//! Algorithms: one file each, from a summary to a model.

pub mod affinity;
pub mod agglomerative;
mod algorithm;
pub mod birch;
pub mod bisecting;
mod border;
pub mod dbscan;
mod drawn;
mod expectation;
pub mod gmm;
mod ground;
pub mod hdbscan;
pub mod isodata;
pub mod kmeans;
mod lloyd;
pub mod meanshift;
mod on_cells;
mod on_sample;
pub mod optics;
mod points;
mod profile;
mod reachability;
mod reduce;
#[cfg(test)]
mod scenes;
mod search;
mod seeding;
pub mod spectral;
mod swap;
mod tree;

pub use algorithm::Algorithm;
pub(crate) use expectation::{likeliest, Data};
pub(crate) use gmm::labels as gmm_labels;
pub(crate) use ground::Ground;
pub(crate) use lloyd::assign;
pub(crate) use points::Points;
pub(crate) use search::{search, Found};
