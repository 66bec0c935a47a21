//! How a model's classes were found.

use serde_json::{Map, Value};

/// The name of k-means, whose models are refined on the pixels.
pub(crate) const KMEANS: &str = "kmeans";

/// An algorithm's name, and its own parameters by name. Those of k-means are the model's
/// [`Parameters`].
///
/// [`Parameters`]: super::Parameters
#[derive(Debug, Clone, PartialEq)]
pub struct Method {
    /// The name, such as `kmeans` or `dbscan`.
    pub name: String,
    /// The given parameters, and the algorithm's choice for each one not given.
    pub parameters: Map<String, Value>,
}

impl Method {
    /// k-means.
    pub(crate) fn kmeans() -> Method {
        Method { name: KMEANS.into(), parameters: Map::new() }
    }
}
