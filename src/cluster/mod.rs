//! Algorithms: one file each, from a summary to a model.

mod border;
mod ground;
pub mod kmeans;
mod lloyd;
mod on_cells;
mod points;
mod search;
mod seeding;
mod swap;

pub(crate) use ground::Ground;
pub(crate) use lloyd::assign;
pub(crate) use search::{search, Found};
