//! Class alignment: a new fit takes the numbers, names and colours of an old model.

use std::path::Path;

use crate::error::Result;
use crate::gdal::Scene;
use crate::model::{Match, Model};

/// The reference model of a fit, if there is one.
pub(super) struct Like(Option<Model>);

/// A model, renumbered after the reference model if there is one.
pub(super) struct InNumbers {
    pub model: Model,
    /// The new value of each old label; `None` without a reference model.
    pub values: Option<Vec<u32>>,
    /// The class that each of its classes is like.
    pub matches: Vec<Match>,
}

impl Like {
    /// Loads the reference model, whose bands must be those of the scenes.
    pub fn load(path: Option<&Path>, scenes: &[Scene]) -> Result<Like> {
        let like = path.map(Model::load).transpose()?;
        for scene in scenes {
            like.iter().try_for_each(|like| like.check_like(&scene.band_names()))?;
        }
        Ok(Like(like))
    }

    /// The largest number of classes of a fit that finds at most `most` itself: noise, too, may be
    /// without a counterpart.
    pub fn most_classes(&self, most: usize) -> usize {
        self.0.as_ref().map_or(most, |like| most.max(like.n_classes()) + 1)
    }

    /// The model with its final numbers, names and colours.
    pub fn apply(&self, model: &Model) -> Result<InNumbers> {
        let Some(like) = &self.0 else {
            return Ok(InNumbers { model: model.clone(), values: None, matches: Vec::new() });
        };
        let aligned = model.aligned(like)?;
        Ok(InNumbers {
            model: aligned.model,
            values: Some(aligned.values),
            matches: aligned.matches,
        })
    }
}
