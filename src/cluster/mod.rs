//! Algorithms: one file each, from a summary to a model.

pub mod kmeans;
mod lloyd;
mod points;
mod seeding;
mod swap;
