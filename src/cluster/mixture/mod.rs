//! Gaussian mixture: classes are normal distributions, each with a covariance of its own.

mod expectation;
mod fit;
mod options;

pub use options::Gmm;

pub(crate) use expectation::{likeliest, Data};
pub(crate) use fit::fit;
