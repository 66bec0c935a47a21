//! Class alignment: a new fit takes the numbers, names and colours of an old model.

use std::path::Path;

use crate::error::Result;
use crate::gdal::Scene;
use crate::model::{Match, Model};

/// The reference model of a fit, if there is one.
pub(super) struct Alignment(Option<Model>);

/// A model, renumbered after the reference model if there is one.
pub(super) struct Renumbered {
    pub model: Model,
    /// The new value of each old label; `None` without a reference model.
    pub values: Option<Vec<u32>>,
    /// The class that each of its classes is like.
    pub matches: Vec<Match>,
}

impl Alignment {
    /// Loads the reference model, whose bands must be those of the scenes.
    pub fn load(path: Option<&Path>, scenes: &[Scene]) -> Result<Alignment> {
        let reference = path.map(Model::load).transpose()?;
        for scene in scenes {
            reference
                .iter()
                .try_for_each(|reference| reference.check_reference_bands(&scene.band_names()))?;
        }
        Ok(Alignment(reference))
    }

    /// The largest number of classes of a fit that finds at most `most` itself: noise, too, may be
    /// without a counterpart.
    pub fn most_classes(&self, most: usize) -> usize {
        self.0.as_ref().map_or(most, |reference| most.max(reference.n_classes()) + 1)
    }

    /// The model with its final numbers, names and colours.
    pub fn apply(&self, model: &Model) -> Result<Renumbered> {
        let Some(reference) = &self.0 else {
            return Ok(Renumbered { model: model.clone(), values: None, matches: Vec::new() });
        };
        let aligned = model.aligned(reference)?;
        Ok(Renumbered {
            model: aligned.model,
            values: Some(aligned.values),
            matches: aligned.matches,
        })
    }
}
