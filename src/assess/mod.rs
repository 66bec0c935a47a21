//! Assessment of classes: from a summary, how many there are; from a model, which of them are near
//! each other.
//!
//! ```text
//! choose_k:  search for every k -> partition, measures, rand_index -> rule -> Choice
//! separability, merges, ward:  classes' means, covariances, counts -> pairs, suggestions, joins
//! ```
//!
//! And the drift of another scene from the training pixels of a model: [`drift()`].

mod candidate;
mod choose_k;
mod choose_mixture;
mod drift;
mod hypothesis;
mod measures;
mod partition;
mod rand_index;
mod rule;
mod separability;
mod ward;
mod warning;

pub use candidate::Candidate;
pub use choose_k::{choose_k, Choice, ChooseK, LEAST_K, MOST_K};
pub use choose_mixture::{choose_mixture, ChooseMixture};
pub use drift::{drift, drift_with, is_comparable, BandDrift, Drift};
pub use rule::Certainty;
pub use separability::{merges, separability, Merge, Pair, APART_FROM, JOIN_BELOW};
pub use ward::{ward, Join};
pub use warning::{Finding, Warning};
