//! What is told of a scene that was labelled.

use schemars::JsonSchema;
use serde::Serialize;

use crate::assess::Drift;
use crate::raster::Correction;

/// What `predict` tells besides.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PredictFacts {
    /// The model's bands, and which of the scene each met.
    pub bands: Vec<BandPair>,
    /// Whether those that met have one name, but for what names have of their scene, such as its
    /// date. Others met by place.
    pub by_name: bool,
    /// What made the samples of each band comparable; null where nothing had to.
    pub corrections: Option<Vec<Correction>>,
    /// How far the scene is from what the model was fitted on; null where that is not known.
    pub drift: Option<Drift>,
}

/// A band of a model, and the scene's.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct BandPair {
    /// The model's name of it.
    pub model: String,
    /// The scene's.
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
    /// Number of those that have a class.
    pub n_valid: u64,
    /// Pixels of each label, from 1.
    pub counts: Vec<u64>,
    /// Area of each label in hectares, from 1; null where it is not known how large pixels are.
    pub areas_ha: Vec<Option<f64>>,
    /// Of `predict` alone.
    #[serde(flatten)]
    pub predicted: Option<PredictFacts>,
}
