//! An image to be read: chosen bands of one file or of several, with what says which pixels are valid.

use std::path::{Path, PathBuf};

use super::blocks::{Blocks, Unit};
use super::source::{MaskKind, Source, SourceBand};
use super::{colors, place, select};
use crate::error::{invalid_argument, invalid_data, Result};
use crate::raster::SampleType;

/// What to read of an input.
#[derive(Debug, Clone, Default)]
pub struct SceneOptions {
    /// Band numbers, from 1, in the order wanted; empty: all bands that hold data.
    pub bands: Vec<usize>,
    /// Nodata instead of the files': one entry for all bands or one per band; `None` in it: no nodata.
    pub nodata: Option<Vec<Option<f64>>>,
    /// A raster of the same size: pixels where it is 0 are left out.
    pub mask: Option<PathBuf>,
}

/// A band of a scene.
#[derive(Debug, Clone)]
pub struct SceneBand {
    /// Its description in the file; else the name of its file; else `band N`.
    pub name: String,
    /// GDAL's name of its type in the file, such as `UInt16`.
    pub type_name: String,
    /// The value that marks pixels without data.
    pub nodata: Option<f64>,
    /// What to multiply samples with to get physical values.
    pub scale: f64,
    /// What to add after that.
    pub offset: f64,
    /// Which of the scene's files it is in, and its number there, from 1.
    pub(super) place: (usize, usize),
}

/// An image that can be read. It holds no open file: each [`Reader`](super::Reader) opens its own.
#[derive(Debug, Clone)]
pub struct Scene {
    name: String,
    files: Vec<PathBuf>,
    bands: Vec<SceneBand>,
    nodata: Vec<Option<f64>>,
    rgb: Option<[usize; 3]>,
    /// Bands whose masks to apply: file, and number there.
    masks: Vec<(usize, usize)>,
    /// Alpha bands, likewise.
    alphas: Vec<(usize, usize)>,
    mask_file: Option<PathBuf>,
    size: (usize, usize),
    blocks: Blocks,
    stored_type: SampleType,
    sample_type: SampleType,
    /// Whether signed bytes are stored as GDAL before 3.7 has them: marked as such, but read as unsigned.
    legacy_bytes: bool,
}

impl Scene {
    /// Looks at an input (see [`split_paths`](super::split_paths)) and checks that it can be read as asked.
    ///
    /// # Errors
    /// `Io` for a file that cannot be read; `InvalidData` for files that do not fit together or have no real
    /// numbers; `InvalidArgument` for options that do not fit the files.
    pub fn open(input: &Path, options: &SceneOptions) -> Result<Scene> {
        let files = select::split_paths(input)?;
        let sources = files.iter().map(|path| Source::open(path)).collect::<Result<Vec<_>>>()?;
        sources[1..]
            .iter()
            .try_for_each(|other| place::check_same(&sources[0], other, "the bands of a scene"))?;
        let chosen = select::choose(&sources, &options.bands)?;
        let nodata = select::nodata(&chosen, options.nodata.as_deref())?;
        if let Some(mask) = &options.mask {
            place::check_same(&sources[0], &Source::open(mask)?, "a scene and its mask")?;
        }
        let names: Vec<_> = chosen.iter().map(|band| band_name(&sources, band)).collect();
        let facts: Vec<_> = chosen.iter().map(|(_, band)| band).collect();
        let stored_type = union(facts.iter().map(|band| band.sample_type));
        let legacy_bytes = facts.iter().any(|b| b.sample_type == SampleType::I8 && b.type_name == "Byte");
        let scene = Scene {
            name: input.display().to_string(),
            files,
            rgb: colors::rgb(&names, &facts),
            bands: scene_bands(&chosen, names, &nodata),
            nodata,
            masks: masks(&chosen),
            alphas: alphas(&sources, &chosen),
            mask_file: options.mask.clone(),
            size: sources[0].size,
            blocks: facts[0].blocks.clone(),
            stored_type,
            sample_type: stored_type,
            legacy_bytes,
        };
        scene.read_as(stored_type)
    }

    /// The same scene, its samples converted to a type that holds them all.
    ///
    /// # Errors
    /// `InvalidData` for signed bytes that this GDAL cannot convert.
    pub fn read_as(mut self, sample_type: SampleType) -> Result<Scene> {
        if self.legacy_bytes && sample_type != SampleType::I8 {
            return invalid_data(format!(
                "{}: signed bytes beside other types cannot be read by GDAL {}; convert them first (gdal_translate -ot Int16)",
                self.name,
                super::version()
            ));
        }
        self.sample_type = sample_type;
        Ok(self)
    }

    /// The numbers (as for [`SceneOptions::bands`]) of the bands with these names, in their order; `None` where names do
    /// not tell. Names that only count (`band 1`) say nothing about a scene with another number of bands.
    ///
    /// # Errors
    /// As [`Scene::open`]; `InvalidArgument` when both have real names, and they contradict each other.
    pub fn bands_named(&self, names: &[&str]) -> Result<Option<Vec<usize>>> {
        let sources = self.files.iter().map(|path| Source::open(path)).collect::<Result<Vec<_>>>()?;
        let places: Vec<_> = sources
            .iter()
            .enumerate()
            .flat_map(|(file, source)| source.bands.iter().map(move |band| (file, band.index)))
            .collect();
        let number =
            |band: &SceneBand| places.iter().position(|place| *place == band.place).map(|index| index + 1);
        let find = |name: &&str| {
            let mut found = self.bands.iter().filter(|band| band.name.eq_ignore_ascii_case(name));
            found.next().filter(|_| found.next().is_none()).and_then(number)
        };
        let counts = |name: &str| name.starts_with("band ");
        let counting = names.iter().any(|name| counts(name));
        if counting && names.len() != self.bands.len() {
            return Ok(None);
        }
        let found: Option<Vec<usize>> = names.iter().map(find).collect();
        if found.is_none() && !counting && !self.bands.iter().any(|band| counts(&band.name)) {
            let own: Vec<_> = self.bands.iter().map(|band| band.name.as_str()).collect();
            return invalid_argument(format!(
                "{} has the bands {}, the model was fitted on {}: if they are the same, choose them with --bands, in that order",
                self.name,
                own.join(", "),
                names.join(", ")
            ));
        }
        Ok(found)
    }

    /// The input as the user gave it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The files that the bands are in.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The file that says which pixels to use.
    pub fn mask_file(&self) -> Option<&Path> {
        self.mask_file.as_deref()
    }

    /// The bands, in the order they are read.
    pub fn bands(&self) -> &[SceneBand] {
        &self.bands
    }

    /// The nodata value of each band.
    pub fn nodata(&self) -> &[Option<f64>] {
        &self.nodata
    }

    /// The places of the red, green and blue band (0-based), where names or the file tell.
    pub fn rgb(&self) -> Option<[usize; 3]> {
        self.rgb
    }

    /// Number of bands.
    pub fn n_bands(&self) -> usize {
        self.bands.len()
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.size.0
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.size.1
    }

    /// Number of pixels.
    pub fn n_pixels(&self) -> u64 {
        self.size.0 as u64 * self.size.1 as u64
    }

    /// The type the samples are read as: one that holds those of all chosen bands.
    pub fn sample_type(&self) -> SampleType {
        self.sample_type
    }

    /// Width and height of the blocks that the file stores.
    pub fn block_size(&self) -> (usize, usize) {
        self.blocks.size
    }

    /// Bytes of all samples, decoded.
    pub fn n_bytes(&self) -> u64 {
        self.n_pixels() * (self.n_bands() * self.sample_type.size()) as u64
    }

    /// The pieces to read the scene in, in the order they are stored.
    pub fn units(&self) -> Vec<Unit> {
        self.blocks.units(self.size, self.n_bands() * self.sample_type.size())
    }

    /// Bands whose masks to apply: file, and number there.
    pub(super) fn masks(&self) -> &[(usize, usize)] {
        &self.masks
    }

    /// Alpha bands, likewise.
    pub(super) fn alphas(&self) -> &[(usize, usize)] {
        &self.alphas
    }

    /// GDAL's number of the type the samples are read as.
    pub(super) fn data_type(&self) -> u32 {
        match self.sample_type {
            SampleType::U8 => 1,
            SampleType::I8 if self.legacy_bytes => 1,
            SampleType::U16 => 2,
            SampleType::I16 => 3,
            SampleType::U32 => 4,
            SampleType::I32 => 5,
            SampleType::F32 => 6,
            SampleType::F64 => 7,
            SampleType::I8 => 14,
        }
    }
}

/// The type that holds the samples of several scenes.
pub fn common_type(scenes: &[Scene]) -> SampleType {
    union(scenes.iter().map(|scene| scene.stored_type))
}

/// The smallest type that holds the samples of all types given; GDAL's rule.
fn union(types: impl Iterator<Item = SampleType>) -> SampleType {
    types.reduce(union_of_two).unwrap_or(SampleType::U8)
}

fn union_of_two(a: SampleType, b: SampleType) -> SampleType {
    use SampleType::{F32, F64, I16, I32, I8, U16, U32, U8};
    // Values that each type holds: bits below and above zero. A float32 holds integers of 24 bits.
    let range = |t| match t {
        U8 => (0, 8),
        I8 => (7, 7),
        U16 => (0, 16),
        I16 => (15, 15),
        U32 => (0, 32),
        I32 => (31, 31),
        F32 | F64 => (0, 0),
    };
    let ((below_a, above_a), (below_b, above_b)) = (range(a), range(b));
    let (below, above): (u32, u32) = (below_a.max(below_b), above_a.max(above_b));
    match (a.is_float() || b.is_float(), a == F64 || b == F64) {
        (true, true) => F64,
        (true, false) if below.max(above) <= 24 => F32,
        (true, false) => F64,
        _ => {
            let holds = |t: &SampleType| range(*t).0 >= below && range(*t).1 >= above;
            [U8, I8, U16, I16, U32, I32].into_iter().find(holds).unwrap_or(F64)
        }
    }
}

/// A band's description; else its file's name where there are several files; else its number.
fn band_name(sources: &[Source], (file, band): &(usize, SourceBand)) -> String {
    let source = &sources[*file];
    let stem = source.path.file_stem().unwrap_or_default().to_string_lossy();
    match (band.description.as_str(), sources.len(), source.data_bands().len()) {
        ("", 1, _) => format!("band {}", band.index),
        ("", _, 1) => band_token(&stem).unwrap_or(&stem).to_string(),
        ("", _, _) => format!("{stem} band {}", band.index),
        (description, _, _) => description.to_string(),
    }
}

/// The band's name in the name of a product's file: `B08` in `T18SVG_20200101T155539_B08_10m`, the same at every date.
fn band_token(stem: &str) -> Option<&str> {
    let is_band = |token: &&str| {
        let number = token.strip_prefix('B').map(|rest| rest.strip_suffix('A').unwrap_or(rest));
        number.is_some_and(|digits| {
            (1..=2).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit())
        })
    };
    let mut tokens = stem.split(['_', '-', '.', ' ']).filter(is_band);
    tokens.next().filter(|_| tokens.next().is_none())
}

fn scene_bands(chosen: &[(usize, SourceBand)], names: Vec<String>, nodata: &[Option<f64>]) -> Vec<SceneBand> {
    let band = |(((file, band), name), nodata): (((&usize, &SourceBand), String), &Option<f64>)| SceneBand {
        name,
        type_name: band.type_name.clone(),
        nodata: *nodata,
        scale: band.scale,
        offset: band.offset,
        place: (*file, band.index),
    };
    chosen.iter().map(|(file, band)| (file, band)).zip(names).zip(nodata).map(band).collect()
}

/// The bands whose masks are to be read: one per file where its bands share a mask.
fn masks(chosen: &[(usize, SourceBand)]) -> Vec<(usize, usize)> {
    let mut masks: Vec<(usize, usize)> = Vec::new();
    for (file, band) in chosen {
        let shared = band.mask == MaskKind::Shared && masks.iter().any(|(other, _)| other == file);
        if band.mask != MaskKind::None && !shared {
            masks.push((*file, band.index));
        }
    }
    masks
}

/// The alpha bands of the files that bands were chosen of.
fn alphas(sources: &[Source], chosen: &[(usize, SourceBand)]) -> Vec<(usize, usize)> {
    let used = |file: usize| chosen.iter().any(|(other, _)| *other == file);
    // An alpha band that is chosen as data is data.
    let is_data = |place: &(usize, usize)| chosen.iter().any(|(file, band)| (*file, band.index) == *place);
    let alpha = |(file, source): (usize, &Source)| {
        Some((file, source.alpha()?)).filter(|place| used(file) && !is_data(place))
    };
    sources.iter().enumerate().filter_map(alpha).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_union_holds_both() {
        use SampleType::{F32, F64, I16, I32, I8, U16, U32, U8};
        for (a, b, both) in [
            (U8, U8, U8),
            (U8, U16, U16),
            (U8, I8, I16),
            (U16, I16, I32),
            (U32, I32, F64),
            (U16, F32, F32),
            (I32, F32, F64),
            (F32, F64, F64),
        ] {
            assert_eq!(union_of_two(a, b), both, "{a} {b}");
            assert_eq!(union_of_two(b, a), both, "{b} {a}");
        }
    }

    #[test]
    fn product_files_tell_their_band() {
        let names = [
            "T18SVG_20200101T155539_B08_10m",
            "S2A.B8A",
            "LC08_L1TP_B10",
            "red",
            "B",
            "B123",
            "B02_B03",
            "BB02",
        ];
        let bands = [Some("B08"), Some("B8A"), Some("B10"), None, None, None, None, None];
        assert_eq!(names.map(band_token), bands);
    }
}
