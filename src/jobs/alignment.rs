//! Class alignment: a new fit takes the numbers, names and colours of an old model.

use std::path::Path;

use crate::error::Result;
use crate::gdal::Scene;
use crate::model::{Match, Model};

/// What a fit is to be like, if anything.
pub(super) struct Like(Option<Model>);

/// A model in the numbers of another, if it was to be like one.
pub(super) struct InNumbers {
    pub model: Model,
    /// The value that each label had before has in it; `None` where there was nothing to be like.
    pub values: Option<Vec<u32>>,
    /// What each of its classes is like.
    pub matches: Vec<Match>,
}

impl Like {
    /// The old model, whose bands must be those of the scenes.
    pub fn load(path: Option<&Path>, scenes: &[Scene]) -> Result<Like> {
        let like = path.map(Model::load).transpose()?;
        for scene in scenes {
            like.iter().try_for_each(|like| like.check_like(&scene.band_names()))?;
        }
        Ok(Like(like))
    }

    /// The most classes that a fit can have which finds at most `most` itself: noise, too, may be
    /// without a counterpart.
    pub fn most_classes(&self, most: usize) -> usize {
        self.0.as_ref().map_or(most, |like| most.max(like.n_classes()) + 1)
    }

    /// A model as it is to be numbered, named and coloured.
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
