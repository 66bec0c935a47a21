//! One raster file: opening it, and what it says about its bands.

use std::path::{Path, PathBuf};

use gdal::raster::{ColorInterpretation, GdalDataType, RasterBand};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags, Metadata};

use super::{mosaic, names, side_files, subdataset};
use crate::error::{invalid_data, Error, Result};
use crate::gdal::blocks::Blocks;
use crate::gdal::{ffi, library, problem, settings, turns};
use crate::product::Band;
use crate::raster::{NodataRange, SampleType};
use crate::wording::plain;

/// What a file says about a band.
#[derive(Debug, Clone)]
pub(in crate::gdal) struct SourceBand {
    /// Its place in the file, 1-based, as GDAL counts.
    pub(in crate::gdal) index: usize,
    /// Its name in the file; empty if there is none, or if a driver made it up.
    pub(in crate::gdal) description: String,
    pub(in crate::gdal) sample_type: SampleType,
    /// GDAL's name for the type in the file.
    pub(in crate::gdal) type_name: String,
    pub(in crate::gdal) nodata: Option<f64>,
    pub(in crate::gdal) scale: f64,
    pub(in crate::gdal) offset: f64,
    pub(in crate::gdal) marked: Marked,
    /// Whether its values are indices of a colour table.
    pub(in crate::gdal) paletted: bool,
    pub(in crate::gdal) mask: MaskKind,
    pub(in crate::gdal) blocks: Blocks,
}

/// The role that a file gives a band.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::gdal) enum Marked {
    Red,
    Green,
    Blue,
    Alpha,
    Other,
}

/// How a file says which pixels of a band are valid, besides its nodata value and its alpha band.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::gdal) enum MaskKind {
    /// It does not.
    None,
    /// By a mask for all bands.
    Shared,
    /// By a mask of the band's own.
    Own,
}

/// An open file and what it says about its bands.
pub(in crate::gdal) struct Source {
    /// What GDAL opens: a file's name, or a virtual raster itself.
    pub(in crate::gdal) path: PathBuf,
    /// The file's name, for messages.
    name: String,
    pub(in crate::gdal) dataset: Dataset,
    pub(in crate::gdal) size: (usize, usize),
    pub(in crate::gdal) bands: Vec<SourceBand>,
    /// Whether two threads must not call its driver, or that of a file it reads, at once.
    pub(in crate::gdal) in_turn: bool,
}

/// Opens a file for reading pixels. Of a scene's file, [`Source::open`] has checked the companions.
pub(in crate::gdal) fn open_dataset(path: &Path) -> Result<Dataset> {
    let name = path.display().to_string();
    // Without the last flag, GDAL does not say why a file has none of its formats.
    let open_flags = GdalOpenFlags::GDAL_OF_READONLY
        | GdalOpenFlags::GDAL_OF_RASTER
        | GdalOpenFlags::GDAL_OF_VERBOSE_ERROR;
    let (file, options) = split_options(&name);
    let options =
        DatasetOptions { open_flags, open_options: Some(&options), ..DatasetOptions::default() };
    match Dataset::open_ex(file, options) {
        Ok(dataset) if dataset.raster_count() > 0 => Ok(dataset),
        Ok(dataset) => Err(no_bands(&name, &dataset)),
        Err(_) if is_missing(Path::new(file)) => {
            Err(Error::Io(format!("{name}: no such file; check the path")))
        }
        Err(_) if path.is_dir() => Err(Error::Io(format!(
            "{name} is a folder that GDAL does not read; give a raster file"
        ))),
        Err(error) => Err(Error::Io(format!(
            "{name} cannot be read as a raster ({}); give a GeoTIFF, JPEG 2000, VRT or another \
             format that GDAL reads",
            problem::text(&error)
        ))),
    }
}

/// The file and the open options in a name such as `scene.tif|option:OVERVIEW_LEVEL=0`, as QGIS
/// writes it.
pub(in crate::gdal) fn split_options(name: &str) -> (&str, Vec<&str>) {
    let mut parts = name.split("|option:");
    (parts.next().unwrap_or_default(), parts.collect())
}

/// Opens a file that was written here, to read it again.
pub(in crate::gdal) fn open_own(path: &Path) -> Result<Dataset> {
    let _ours = settings::for_own_files();
    open_dataset(path)
}

/// Opens a written file, to change what it says about its bands.
pub(in crate::gdal) fn open_for_update(path: &Path) -> Result<Dataset> {
    let _ours = settings::for_own_files();
    let open_flags = GdalOpenFlags::GDAL_OF_UPDATE | GdalOpenFlags::GDAL_OF_RASTER;
    let options = DatasetOptions { open_flags, ..DatasetOptions::default() };
    Dataset::open_ex(path, options)
        .map_err(|error| problem::io(&path.display().to_string(), "cannot be opened again", &error))
}

/// Whether a name is that of a missing file, rather than one of GDAL's other names (`/vsizip/...`,
/// `NETCDF:...`).
fn is_missing(path: &Path) -> bool {
    let name = path.to_string_lossy();
    !path.exists() && !name.starts_with("/vsi") && !name.contains(':') && !name.starts_with('<')
}

/// The error for a file that has no bands itself; it names the parts that have.
fn no_bands(name: &str, dataset: &Dataset) -> Error {
    let parts: Vec<String> = dataset
        .metadata_domain("SUBDATASETS")
        .unwrap_or_default()
        .iter()
        .filter_map(|item| item.split_once("_NAME=").map(|(_, part)| part.to_string()))
        .collect();
    match parts.first() {
        Some(first) => Error::InvalidData(format!(
            "{name} holds {} rasters and no bands of its own; give one of them, such as '{first}' \
             (gdalinfo lists them)",
            parts.len()
        )),
        None => Error::InvalidData(format!("{name} has no raster bands; give a file with bands")),
    }
}

impl Source {
    /// Opens a file and reads what it says about its bands.
    pub(in crate::gdal) fn open(path: &Path) -> Result<Source> {
        Source::named(path, path.display().to_string())
    }

    /// The same for a file that has another name in messages.
    pub(in crate::gdal) fn named(path: &Path, name: String) -> Result<Source> {
        let _turn = turns::wait_to_open(path);
        let dataset = open_dataset(path)?;
        let text = path.to_string_lossy();
        side_files::check_raster(Path::new(split_options(&text).0), &dataset)?;
        let (width, height) = dataset.raster_size();
        let n_bands = dataset.raster_count();
        let stored = mosaic::blocks(&dataset);
        let mut bands = (1..=n_bands)
            .map(|index| SourceBand::read(&dataset, index, stored.as_ref(), path))
            .collect::<Result<Vec<_>>>()?;
        // If there are no other bands, alpha bands are the data.
        if bands.iter().all(SourceBand::is_alpha) {
            bands.iter_mut().for_each(|band| band.marked = Marked::Other);
        }
        describe(&mut bands, &dataset, path);
        let in_turn = turns::are_needed(&dataset);
        Ok(Source { path: path.into(), name, dataset, size: (width, height), bands, in_turn })
    }

    /// The file's name, for messages.
    pub(in crate::gdal) fn name(&self) -> String {
        self.name.clone()
    }

    /// Whether masks other than an alpha band say which pixels are valid.
    pub(in crate::gdal) fn is_masked(&self) -> bool {
        self.bands.iter().any(|band| band.mask != MaskKind::None)
    }

    /// Number of bands that hold data: all except alpha bands.
    pub(in crate::gdal) fn n_data_bands(&self) -> usize {
        self.bands.len() - self.alphas().count()
    }

    /// The numbers of the alpha bands. (GDAL itself applies one only to images of one or three
    /// bands, and only the last band.)
    pub(in crate::gdal) fn alphas(&self) -> impl Iterator<Item = usize> + '_ {
        self.bands.iter().filter(|band| band.is_alpha()).map(|band| band.index)
    }

    /// Whether the file says which of its pixels are valid: by nodata, a mask or alpha.
    pub(in crate::gdal) fn tells_validity(&self) -> bool {
        self.is_masked() || self.bands.iter().any(|band| band.nodata.is_some() || band.is_alpha())
    }
}

/// Keeps only the descriptions that name bands. A single band without one is named after its
/// variable.
fn describe(bands: &mut [SourceBand], dataset: &Dataset, path: &Path) {
    let mut descriptions: Vec<String> =
        bands.iter_mut().map(|band| std::mem::take(&mut band.description)).collect();
    names::drop_meaningless_names(&mut descriptions, &subdataset::stem(path));
    if let [only] = &mut descriptions[..] {
        if only.is_empty() {
            *only = plain(&subdataset::variable(path, dataset).unwrap_or_default());
        }
    }
    bands
        .iter_mut()
        .zip(descriptions)
        .for_each(|(band, description)| band.description = description);
}

impl SourceBand {
    /// Whether it says how opaque pixels are.
    pub(in crate::gdal) fn is_alpha(&self) -> bool {
        self.marked == Marked::Alpha
    }

    /// The samples that a nodata value of the band marks.
    pub(in crate::gdal) fn nodata_range(&self, value: f64) -> Option<NodataRange> {
        match self.type_name.as_str() {
            // They are read as floats, but are integers.
            "Int64" | "UInt64" if value.is_finite() => Some(NodataRange::exactly(value)),
            "Int64" | "UInt64" => None,
            _ => NodataRange::of(value, self.sample_type),
        }
    }

    /// What is known about a band of a product before its file is opened.
    pub(in crate::gdal) fn unread(says: &Band) -> SourceBand {
        SourceBand {
            index: 1,
            description: says.name.to_string(),
            sample_type: SampleType::U8,
            type_name: String::new(),
            nodata: says.nodata,
            scale: says.scale,
            offset: says.offset,
            marked: Marked::Other,
            paletted: false,
            mask: MaskKind::None,
            blocks: Blocks { size: (1, 1), parts: Vec::new() },
        }
    }

    fn read(
        dataset: &Dataset,
        index: usize,
        stored: Option<&Blocks>,
        path: &Path,
    ) -> Result<SourceBand> {
        let name = path.display().to_string();
        let band = dataset
            .rasterband(index)
            .map_err(|e| problem::io(&name, "cannot read its bands", &e))?;
        let data_type = band.band_type();
        let signed_byte =
            band.metadata_item("PIXELTYPE", "IMAGE_STRUCTURE").as_deref() == Some("SIGNEDBYTE");
        let paletted = band.color_table().is_some();
        let (scale, offset) = scaling(&band);
        Ok(SourceBand {
            index,
            description: plain(&band.description().unwrap_or_default()).trim().to_string(),
            sample_type: sample_type(data_type, signed_byte, index, &name)?,
            type_name: data_type.name(),
            nodata: nodata(&band, data_type),
            scale,
            offset,
            marked: Marked::of(&band),
            paletted,
            mask: mask_kind(&band),
            blocks: stored
                .cloned()
                .unwrap_or(Blocks { size: band.block_size(), parts: Vec::new() }),
        })
    }
}

impl Marked {
    fn of(band: &RasterBand) -> Marked {
        match band.color_interpretation() {
            ColorInterpretation::RedBand => Marked::Red,
            ColorInterpretation::GreenBand => Marked::Green,
            ColorInterpretation::BlueBand => Marked::Blue,
            ColorInterpretation::AlphaBand => Marked::Alpha,
            _ => Marked::Other,
        }
    }
}

/// The type a band's samples are read as.
fn sample_type(
    data_type: GdalDataType,
    signed_byte: bool,
    index: usize,
    name: &str,
) -> Result<SampleType> {
    Ok(match data_type.name().as_str() {
        "Byte" if signed_byte => SampleType::I8,
        "Byte" => SampleType::U8,
        "Int8" => SampleType::I8,
        "UInt16" => SampleType::U16,
        "Int16" => SampleType::I16,
        "UInt32" => SampleType::U32,
        "Int32" => SampleType::I32,
        "Float32" | "Float16" => SampleType::F32,
        "Float64" | "Int64" | "UInt64" => SampleType::F64,
        _ => {
            return invalid_data(format!(
                "{name}: band {index} holds complex or unknown numbers; convert it to a real type \
                 first (gdal_translate -ot Float32)"
            ))
        }
    })
}

/// The files that a raster consists of, or reads; none if GDAL cannot read it, or if there is no
/// GDAL.
pub fn files_of(path: &Path) -> Vec<PathBuf> {
    let name = path.to_string_lossy();
    let open = || Dataset::open(split_options(&name).0).ok();
    let _turn = turns::wait_to_open(path);
    library::find()
        .ok()
        .and_then(|_| open())
        .map(|dataset| ffi::file_list(&dataset))
        .unwrap_or_default()
        .into_iter()
        .map(PathBuf::from)
        .collect()
}

/// Scale and offset of a band's samples; 1 and 0 if the band gives none, or invalid ones.
fn scaling(band: &RasterBand) -> (f64, f64) {
    let (scale, offset) = (band.scale().unwrap_or(1.0), band.offset().unwrap_or(0.0));
    if scale.is_finite() && scale != 0.0 && offset.is_finite() {
        (scale, offset)
    } else {
        (1.0, 0.0)
    }
}

/// A band's nodata value, as its samples hold it.
fn nodata(band: &RasterBand, data_type: GdalDataType) -> Option<f64> {
    match data_type.name().as_str() {
        "Int64" => band.no_data_value_i64().map(|value| value as f64),
        "UInt64" => band.no_data_value_u64().map(|value| value as f64),
        // A value that the file keeps with more digits than its samples have.
        "Float32" => band.no_data_value().map(|value| f64::from(value as f32)),
        _ => band.no_data_value(),
    }
}

fn mask_kind(band: &RasterBand) -> MaskKind {
    match band.mask_flags() {
        Ok(flags) if flags.is_all_valid() || flags.is_alpha() => MaskKind::None,
        Ok(flags) if flags.is_per_dataset() => MaskKind::Shared,
        Ok(flags) if flags.is_nodata() => MaskKind::None,
        Ok(_) => MaskKind::Own,
        Err(_) => MaskKind::None,
    }
}
