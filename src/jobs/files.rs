//! The files that a job wrote, as outcomes name them.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

/// Files that were written; null for files that were not. For `predict`, the model is the one that
/// was read.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Files {
    /// The map.
    pub output: Option<String>,
    /// How sure each pixel's class is.
    pub confidence: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// The picture.
    pub quicklook: Option<String>,
    /// The page.
    pub report: Option<String>,
    /// The map's polygons.
    pub polygons: Option<String>,
}

/// A file's name as outcomes show it.
pub(super) fn shown(path: Option<&Path>) -> Option<String> {
    path.map(|path| path.display().to_string())
}
