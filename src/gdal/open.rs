//! From an input and what is wanted of it to a scene that can be read.

use std::path::{Path, PathBuf};

use super::inventory::{Entry, Inventory};
use super::masks::Masks;
use super::scene::{Scene, SceneBand};
use super::select::{self, BandRef};
use super::source::Source;
use super::types::union;
use super::{colors, place};
use crate::error::{invalid_argument, Result};
use crate::raster::SampleType;

/// What to read of an input.
#[derive(Debug, Clone, Default)]
pub struct SceneOptions {
    /// Bands by number or name, in the order wanted; empty: all bands that hold data.
    pub bands: Vec<BandRef>,
    /// Nodata instead of the files': one entry for all bands or one per band; `None` in it: no nodata.
    pub nodata: Option<Vec<Option<f64>>>,
    /// A raster of the same size: pixels where it is 0 are left out.
    pub mask: Option<PathBuf>,
}

impl Scene {
    /// Looks at an input (see [`split_paths`](super::split_paths)) and checks that it can be read as asked.
    ///
    /// # Errors
    /// `Io` for a file that cannot be read; `InvalidData` for files that do not fit together or have no real
    /// numbers; `InvalidArgument` for options that do not fit the files.
    pub fn open(input: &Path, options: &SceneOptions) -> Result<Scene> {
        let inventory = Inventory::open(input)?;
        let sources = &inventory.sources;
        sources[1..]
            .iter()
            .try_for_each(|other| place::check_same(&sources[0], other, "the bands of a scene"))?;
        let chosen = inventory.choose(&options.bands)?;
        let nodata = select::nodata(&chosen, options.nodata.as_deref())?;
        if let Some(mask) = &options.mask {
            place::check_same(&sources[0], &Source::open(mask)?, "a scene and its mask")?;
        }
        let names: Vec<_> = chosen.iter().map(|entry| entry.name.clone()).collect();
        let facts: Vec<_> = chosen.iter().map(|entry| &entry.band).collect();
        let stored_type = union(facts.iter().map(|band| band.sample_type));
        let legacy_bytes = facts.iter().any(|b| b.sample_type == SampleType::I8 && b.type_name == "Byte");
        let scene = Scene {
            name: input.display().to_string(),
            files: sources.iter().map(|source| source.path.clone()).collect(),
            rgb: colors::rgb(&names, &facts),
            bands: scene_bands(&chosen, &nodata),
            all_names: inventory.names(),
            nodata,
            masks: Masks::new(sources, &chosen, options.mask.clone()),
            size: sources[0].size,
            block: facts[0].block,
            stored_type,
            sample_type: stored_type,
            legacy_bytes,
        };
        scene.read_as(stored_type)
    }

    /// The input's bands with these names, in their order; `None` where names do not tell. Names that only count
    /// (`band 1`) say nothing about a scene with another number of bands.
    ///
    /// # Errors
    /// `InvalidArgument` when both have real names, and they contradict each other.
    pub fn bands_named(&self, names: &[&str]) -> Result<Option<Vec<BandRef>>> {
        let find = |name: &&str| {
            let mut found = self.all_names.iter().filter(|own| own.eq_ignore_ascii_case(name));
            found.next().filter(|_| found.next().is_none()).map(|own| BandRef::Name(own.clone()))
        };
        let counts = |name: &str| name.starts_with("band ");
        let counting = names.iter().any(|name| counts(name));
        if counting && names.len() != self.bands.len() {
            return Ok(None);
        }
        let found: Option<Vec<_>> = names.iter().map(find).collect();
        if found.is_none() && !counting && !self.bands.iter().any(|band| counts(&band.name)) {
            return invalid_argument(format!(
                "{} has the bands {}, the model was fitted on {}: if they are the same, choose them with --bands, in that order",
                self.name(),
                self.all_names.join(", "),
                names.join(", ")
            ));
        }
        Ok(found)
    }
}

fn scene_bands(chosen: &[Entry], nodata: &[Option<f64>]) -> Vec<SceneBand> {
    let band = |(entry, nodata): (&Entry, &Option<f64>)| SceneBand {
        name: entry.name.clone(),
        type_name: entry.band.type_name.clone(),
        nodata: *nodata,
        scale: entry.band.scale,
        offset: entry.band.offset,
        place: entry.place(),
    };
    chosen.iter().zip(nodata).map(band).collect()
}
