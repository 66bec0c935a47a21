//! The outcome of a scene that was labelled.

use schemars::JsonSchema;
use serde::Serialize;

use crate::assess::Drift;
use crate::raster::Correction;

/// What the outcome of `predict` has in addition.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PredictFacts {
    /// The model's bands, each with the band of the scene that it was paired with.
    pub bands: Vec<BandPair>,
    /// Whether bands were paired by name, ignoring parts that belong to the scene, such as its
    /// date. Otherwise they were paired by position.
    pub by_name: bool,
    /// The correction that made the samples of each band comparable; null if none was needed.
    pub corrections: Option<Vec<Correction>>,
    /// How far the scene is from the training pixels of the model; null if that is not known.
    pub drift: Option<Drift>,
}

/// A band of a model, and the scene's.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct BandPair {
    /// Its name in the model.
    pub model: String,
    /// Its name in the scene.
    pub scene: String,
}

/// A map of one of several scenes.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SceneMap {
    /// The scene.
    pub input: String,
    /// The map.
    pub output: String,
    /// Number of pixels.
    pub n_pixels: u64,
    /// Number of pixels that have a class.
    pub n_valid: u64,
    /// Pixels of each label, from 1.
    pub counts: Vec<u64>,
    /// Area of each label in hectares, from 1; null if the size of a pixel is not known.
    pub areas_ha: Vec<Option<f64>>,
    /// Only for `predict`.
    #[serde(flatten)]
    pub predicted: Option<PredictFacts>,
}
