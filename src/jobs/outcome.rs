//! What a job did.

use schemars::JsonSchema;
use serde::Serialize;

use super::choose_k::Chosen;
use super::info::{ModelInfo, Named, RasterInfo};
use super::merge::Merging;
use super::record::Classified;
use super::virtual_raster::Stacked;

/// What a job did.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Outcome {
    /// Of `cluster`, `fit` and `predict`.
    Classified(Classified),
    /// Of `choose_k`.
    Chosen(Chosen),
    /// Of `merge`.
    Merging(Merging),
    /// Of `info` about a raster.
    Raster(RasterInfo),
    /// Of `open_product` and `stack`.
    Stacked(Stacked),
    /// Of `info` about a model: the model itself, as its file has it.
    Model(#[schemars(with = "serde_json::Map<String, serde_json::Value>")] ModelInfo),
}

impl Outcome {
    /// The outcome as a JSON object. Numbers that are not finite become null.
    pub fn to_json(&self) -> String {
        match self {
            Outcome::Model(info) => info.model.to_json(),
            other => {
                serde_json::to_string(other).unwrap_or_else(|_| unreachable!("names are texts"))
            }
        }
    }
}

impl From<Named> for Outcome {
    fn from(named: Named) -> Outcome {
        match named {
            Named::Raster(raster) => Outcome::Raster(raster),
            Named::Model(model) => Outcome::Model(model),
        }
    }
}
