//! Opening an input with its options as a scene that can be read.

use std::path::PathBuf;

use super::aoi::AreaOfInterest;
use super::inventory::{self, scene_name, Entry, Inventory};
use super::masks::{alphas, Masks};
use super::scene::{Scene, SceneBand};
use super::select::{check_bands, BandRef};
use super::source::Source;
use super::stamps::Stamps;
use super::types::union;
use super::{colors, common_grid, georeference, names};
use crate::error::{Error, Result};
use crate::gdal::library;
use crate::raster::SampleType;

/// The options of reading an input.
#[derive(Debug, Clone, Default)]
pub struct SceneOptions {
    /// Bands by number or name, in the order wanted; empty: all bands that hold data.
    pub bands: Vec<BandRef>,
    /// Nodata instead of the files': one entry for all bands or one per band; `None` in it: no
    /// nodata.
    pub nodata: Option<Vec<Option<f64>>>,
    /// Nodata of each band if its file does not say which pixels are valid, by nodata, a mask or
    /// alpha.
    pub nodata_otherwise: Vec<Option<f64>>,
    /// A raster of the same size: pixels where it is 0 are left out.
    pub mask: Option<PathBuf>,
    /// Polygons: pixels whose centre is in none of them are left out. A file in any vector format
    /// that GDAL reads, followed by `|layername=NAME` for one of several layers.
    pub aoi: Option<PathBuf>,
    /// Whether to leave out clouds, their shadows, cirrus and pixels without data, by Sentinel-2's
    /// scene classification.
    pub mask_scl: bool,
    /// Size of a pixel to resample to, in units of the reference system; `None`: that of the finest
    /// band.
    pub resolution: Option<f64>,
}

impl Scene {
    /// Examines the files of a scene and checks that they can be read with these options.
    ///
    /// # Errors
    /// `Io` for a file that cannot be read; `InvalidData` for files that do not fit together or
    /// have no real numbers; `InvalidArgument` for options that do not fit the files.
    pub fn open(files: &[PathBuf], options: &SceneOptions) -> Result<Scene> {
        library::find()?;
        check_bands(&options.bands)?;
        let mut inventory = Inventory::open(files)?;
        let scl = options.mask_scl.then(|| inventory.take_scl()).transpose()?;
        let chosen = inventory.choose(&options.bands)?;
        let (n_bands, all_names) = (chosen.len(), inventory.names());
        let mut nodata = inventory::nodata(&chosen, options.nodata.as_deref())?;
        let mut chosen: Vec<Entry> = chosen.into_iter().chain(scl).collect();
        let mut sources = inventory.files_of(&mut chosen)?;
        let mut stamps = Stamps::default();
        sources.iter().for_each(|source| stamps.add(source));
        let assumed = match options.nodata {
            None => {
                inventory::assumed_nodata(&sources, &chosen[..n_bands], &options.nodata_otherwise)
            }
            Some(_) => vec![None; n_bands],
        };
        nodata.iter_mut().zip(&assumed).for_each(|(value, assumed)| *value = value.or(*assumed));
        nodata.resize(chosen.len(), None);
        let alpha_masks = alphas(&sources, &chosen[..n_bands])
            .into_iter()
            .map(|(file, band)| (sources[file].name(), band))
            .collect();
        let blocks = common_grid::resample(&mut sources, &mut chosen, &nodata, options.resolution)?;
        let scl = chosen.drain(n_bands..).next();
        nodata.truncate(n_bands);
        let reference = georeference::reference(&sources);
        let mut masks = Masks::new(&sources, &chosen);
        masks.scl = scl.map(|scl| scl.place());
        let mut in_turn = sources.iter().any(|source| source.in_turn);
        if let Some(mask) = &options.mask {
            let source = Source::open(mask)?;
            georeference::check_same(&sources[reference], &source, "a scene and its mask")?;
            in_turn |= source.in_turn;
            stamps.add(&source);
            masks.file = Some(mask.clone());
        }
        masks.aoi = options
            .aoi
            .as_deref()
            .map(|aoi| AreaOfInterest::open(aoi, &sources[reference]))
            .transpose()?;
        let names: Vec<_> = chosen.iter().map(|entry| entry.name.clone()).collect();
        let facts: Vec<_> = chosen.iter().map(|entry| &entry.band).collect();
        let stored_type = union(facts.iter().map(|band| band.sample_type));
        let legacy_bytes =
            facts.iter().any(|b| b.sample_type == SampleType::I8 && b.type_name == "Byte");
        let scene = Scene {
            name: scene_name(files),
            stamps,
            files: sources.iter().map(|source| source.path.clone()).collect(),
            reference,
            in_turn,
            titles: sources.iter().map(Source::name).collect(),
            rgb: colors::rgb(&names, &facts),
            bands: scene_bands(&chosen, &nodata),
            all_names,
            nodata_ranges: chosen
                .iter()
                .zip(&nodata)
                .map(|(e, value)| e.band.nodata_range((*value)?))
                .collect(),
            nodata,
            assumed_nodata: assumed,
            masks,
            alpha_masks,
            size: sources[0].size,
            blocks,
            stored_type,
            sample_type: stored_type,
            corrections: None,
            legacy_bytes,
        };
        scene.read_as(stored_type)
    }

    /// The input's bands with these names, in their order; `None` if names do not decide. Names
    /// that only count (`band 1`) say nothing about a scene with another number of bands. Names
    /// that are the same already decide nothing either, even if several bands have one name. Parts
    /// of names that belong to the scene (a date, an orbit) do not count.
    ///
    /// # Errors
    /// `Option` when both have real names, and they contradict each other.
    pub fn bands_named(&self, names: &[&str]) -> Result<Option<Vec<BandRef>>> {
        let find = |name: &&str| {
            let own = only(&self.all_names, |own| own.eq_ignore_ascii_case(name))?;
            Some(BandRef::Name(self.all_names[own].clone()))
        };
        if self.is_named(names) {
            return Ok(None);
        }
        let counts = names::only_counts;
        let counting = names.iter().any(|name| counts(name));
        if counting && names.len() != self.bands.len() {
            return Ok(None);
        }
        let found: Option<Vec<_>> = names.iter().map(find).collect();
        let found = found.or_else(|| self.bands_by_keys(names));
        if found.is_none() && !counting && !self.bands.iter().any(|band| counts(&band.name)) {
            return Err(Error::Option {
                before: format!(
                    "{} has the bands {}, and {} are wanted: if they are the same, choose them \
                     with ",
                    self.name(),
                    self.all_names.join(", "),
                    names.join(", ")
                ),
                field: "bands".into(),
                after: ", in that order".into(),
            });
        }
        Ok(found)
    }
}

impl Scene {
    /// Whether its bands have these names, in this order, ignoring parts that belong to the scene.
    pub fn is_named(&self, names: &[&str]) -> bool {
        let own = self.band_names();
        let is_one = |(own, name): (&&str, &&str)| own.eq_ignore_ascii_case(name);
        own.len() == names.len()
            && (own.iter().zip(names).all(is_one) || names::keys(&own) == names::keys(names))
    }

    fn bands_by_keys(&self, names: &[&str]) -> Option<Vec<BandRef>> {
        let own = names::keys(&self.all_names);
        let find = |key: &String| {
            let place = only(&own, |own| own == key)?;
            Some(BandRef::Name(self.all_names[place].clone()))
        };
        names::keys(names).iter().map(find).collect()
    }
}

/// The position of the only name for which this is true.
fn only(names: &[String], is_it: impl Fn(&String) -> bool) -> Option<usize> {
    let mut found = (0..names.len()).filter(|place| is_it(&names[*place]));
    found.next().filter(|_| found.next().is_none())
}

fn scene_bands(chosen: &[Entry], nodata: &[Option<f64>]) -> Vec<SceneBand> {
    let band = |(entry, nodata): (&Entry, &Option<f64>)| SceneBand {
        name: entry.name.clone(),
        type_name: entry.band.type_name.clone(),
        number: entry.number,
        nodata: *nodata,
        scale: entry.band.scale,
        offset: entry.band.offset,
        place: entry.place(),
        is_classes: entry.is_classes(),
    };
    chosen.iter().zip(nodata).map(band).collect()
}
