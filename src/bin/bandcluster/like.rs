//! `--like`: a new fit takes the numbers, names and colours of an old model.

use std::path::PathBuf;

use bandcluster::gdal::Scene;
use bandcluster::model::{Match, Model};
use bandcluster::Result;
use clap::Args;
use serde_json::{json, Value};

use super::outcome::Outcome;
use super::table;

/// Which model a fit is to be like.
#[derive(Args)]
pub struct LikeArgs {
    /// Model of the same bands, whose numbers, names and colours the classes get that are most like its own; new ones come after them,
    /// and what is not found keeps its number for the next time
    #[arg(long, value_name = "OLD.json", conflicts_with = "colors")]
    like: Option<PathBuf>,
}

/// What a fit is to be like, if anything.
pub struct Like(Option<Model>);

/// A model in the numbers of another, if it was to be like one.
pub struct InNumbers {
    pub model: Model,
    /// The value that each label had before has in it; `None` where there was nothing to be like.
    pub values: Option<Vec<u32>>,
    matches: Vec<Match>,
}

impl LikeArgs {
    /// The file of the old model.
    pub fn path(&self) -> Option<&PathBuf> {
        self.like.as_ref()
    }

    /// The old model, whose bands must be those of the scenes.
    pub fn load(&self, scenes: &[Scene]) -> Result<Like> {
        let like = self.like.as_deref().map(Model::load).transpose()?;
        for scene in scenes {
            let names: Vec<_> = scene.bands().iter().map(|band| band.name.as_str()).collect();
            like.iter().try_for_each(|like| like.check_like(&names))?;
        }
        Ok(Like(like))
    }
}

impl Like {
    /// The most classes that a fit can have which finds at most `most` itself: noise, too, may be without a counterpart.
    pub fn most_classes(&self, most: usize) -> usize {
        self.0.as_ref().map_or(most, |like| most.max(like.n_classes()) + 1)
    }

    /// A model as it is to be numbered, named and coloured.
    pub fn apply(&self, model: &Model) -> Result<InNumbers> {
        let Some(like) = &self.0 else {
            return Ok(InNumbers { model: model.clone(), values: None, matches: Vec::new() });
        };
        let aligned = model.aligned(like)?;
        Ok(InNumbers { model: aligned.model, values: Some(aligned.values), matches: aligned.matches })
    }
}

/// What each class is like, a line each: the nearer the surer. `aligned` is what was noted of it.
pub fn lines(aligned: Option<&Value>, model: &Model) -> String {
    let Some(matches) = aligned.and_then(Value::as_array) else { return String::new() };
    let row = |one: &Value| {
        let value = one["value"].as_u64().unwrap_or_default();
        let name = model.classes.get((value as usize).wrapping_sub(1)).map(|class| class.name.clone());
        let old = one["like"].as_u64().map_or("none, it is new".into(), |old| old.to_string());
        let apart = one["distance"].as_f64().map(table::value);
        vec![value.to_string(), name.unwrap_or_default(), old, apart.unwrap_or_default()]
    };
    let rows: Vec<_> = matches.iter().map(row).collect();
    let headings = ["value", "name", "like class", "distance of the means"];
    format!(
        "numbered after the model given:\n{}",
        table::table(&headings, &[false, true, false, false], &rows)
    )
}

impl InNumbers {
    /// Notes what each class is like; returns the model.
    pub fn note(self, outcome: &mut Outcome) -> Model {
        if self.values.is_some() {
            let matched = |Match { value, like, distance }: &Match| json!({"value": value, "like": like, "distance": distance});
            outcome.note("aligned", self.matches.iter().map(matched).collect::<Vec<Value>>());
        }
        self.model
    }
}
