//! k-means: Lloyd's algorithm from several k-means++ starts, on the cells of a summary.
//!
//! The restarts run on a coarse copy of the cells. The best few are improved there by random swaps,
//! and the best of these is finished on all cells. The model is then refined on the pixels
//! ([`crate::model::Refinement`]), unless the cells are single values: then cells and pixels are
//! the same.

mod fit;
mod init;
mod on_sample;
mod options;
mod prepared;
mod search;
mod subsets;
mod swap;
mod two_grids;

pub use options::KMeans;

pub(crate) use fit::fit;
pub(crate) use prepared::Prepared;
pub(crate) use search::{search_once, Found};
