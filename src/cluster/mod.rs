//! Algorithms: one file each, from a summary to a model.

pub mod agglomerative;
mod algorithm;
pub mod birch;
pub mod bisecting;
mod border;
pub mod dbscan;
pub mod gmm;
pub mod isodata;
pub mod kmeans;
mod lloyd;
pub mod meanshift;
mod on_cells;
mod points;
mod reduce;
mod seeding;
mod swap;

pub use algorithm::Algorithm;
