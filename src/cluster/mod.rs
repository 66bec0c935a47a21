//! Algorithms: one file each, from a summary to a model.

mod border;
pub mod kmeans;
mod lloyd;
mod on_cells;
mod points;
mod seeding;
mod swap;
