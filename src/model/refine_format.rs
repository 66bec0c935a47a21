//! A refinement as bytes, for blocks that are added in other processes.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::refine::SavedSums;
use super::{Model, Refinement};
use crate::error::Result;
use crate::file::Seal;
use crate::raster::SampleType;

const SEAL: Seal = Seal { magic: b"BCREFINE", version: 1, what: "refinement" };

#[derive(Serialize, Deserialize)]
struct Contents {
    /// The model from which it was made, as the text of its file.
    model: String,
    sample_type: String,
    part: SavedSums,
}

impl Refinement {
    /// The refinement as bytes. Equal refinements of one model give equal bytes, whatever the order
    /// in which their blocks were added and merged.
    pub fn to_bytes(&self) -> Vec<u8> {
        SEAL.close(&Contents {
            model: self.model().to_json(),
            sample_type: self.sample_type().name().into(),
            part: self.saved(),
        })
    }

    /// The refinement in these bytes. It can be merged with others of its model, take more blocks,
    /// and be applied to its model.
    ///
    /// # Errors
    /// `InvalidModel` when they are not a refinement, damaged, or of a newer version;
    /// `OutOfMemory`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Refinement> {
        let Contents { model, sample_type, part } = SEAL.open(bytes)?;
        let model = Model::from_json(&model)?;
        let sample_type =
            SampleType::from_name(&sample_type).ok_or_else(|| SEAL.contradiction())?;
        Refinement::new(&model, sample_type).with_saved(part)?.ok_or_else(|| SEAL.contradiction())
    }

    /// Writes the refinement to a file, which appears only when complete.
    ///
    /// # Errors
    /// `Io` when it cannot be written; `OutOfMemory`.
    pub fn save(&self, path: &Path) -> Result<()> {
        // The sums of all workers, their settled form, and their bytes.
        self.check_room(3)?;
        crate::file::write(path, &self.to_bytes())
    }

    /// Reads a refinement from a file.
    ///
    /// # Errors
    /// `Io` when it cannot be read; as [`Refinement::from_bytes`].
    pub fn load(path: &Path) -> Result<Refinement> {
        Refinement::from_bytes(&crate::file::read(path)?)
    }
}
