//! Bands of several files as one virtual raster (`.vrt`) for other programs: on a common grid, with
//! names, scales and offsets.

use std::path::{Path, PathBuf};

use super::inventory::{self, Entry, Inventory};
use super::select::{check_bands, BandRef};
use super::source::{split_options, MaskKind, Source};
use super::virtual_xml::{self, pairs, text, Xml};
use super::{colors, common_grid, georeference, product, subdataset};
use crate::error::{invalid_data, Result};
use crate::gdal::library;
use crate::product::SCL_LEFT_OUT;
use crate::raster::SampleType;

/// A virtual raster, before it is written to a file.
#[derive(Debug, Clone, PartialEq)]
pub struct VirtualRaster {
    /// The contents of its file.
    pub xml: String,
    /// The names of its bands.
    pub bands: Vec<String>,
    /// Columns and rows.
    pub size: (usize, usize),
}

/// The bands of a raster, opened and resampled to a common grid.
struct Opened {
    sources: Vec<Source>,
    bands: Vec<Entry>,
    nodata: Vec<Option<f64>>,
    scl: Option<Entry>,
}

/// Whether an input is a Sentinel-2 product: a folder, a zip of one, or its metadata file.
///
/// # Errors
/// `InvalidData` for a product that is incomplete, or has more than one granule.
pub fn is_product(input: &Path) -> Result<bool> {
    library::find()?;
    product::parts(input).map(|parts| parts.is_some())
}

impl VirtualRaster {
    /// A virtual raster of bands of files, in the given order. If no bands are given: all, or the
    /// bands of 10 m of a product. They are resampled to the pixels of the finest band, or to
    /// `resolution` from the same corner, over the ground that all cover. With `mask_scl`, the mask
    /// leaves out clouds, their shadows and unusable pixels by the scene classification.
    ///
    /// # Errors
    /// As [`Scene::open`](super::Scene::open); `InvalidData` also for files with a mask or an alpha
    /// band, or with signed bytes as in GDAL before 3.7, which a virtual raster of several files
    /// does not keep.
    pub fn of(
        files: &[PathBuf],
        wanted: &[BandRef],
        resolution: Option<f64>,
        mask_scl: bool,
    ) -> Result<VirtualRaster> {
        check_bands(wanted)?;
        library::find()?;
        let opened = Opened::new(&absolute(files), wanted, resolution, mask_scl)?;
        let xml = virtual_xml::written(|writer| opened.write(writer)) + "\n";
        let bands = opened.bands.iter().map(|entry| entry.name.clone()).collect();
        Ok(VirtualRaster { xml, bands, size: opened.sources[0].size })
    }
}

/// Files by absolute names, which are valid wherever the virtual raster is read from.
fn absolute(files: &[PathBuf]) -> Vec<PathBuf> {
    let absolute = |file: &PathBuf| {
        let name = file.to_string_lossy();
        let inside = subdataset::split(&name).map(|(file, _)| file);
        let own = inside.unwrap_or(split_options(&name).0);
        let found = if Path::new(own).exists() { std::path::absolute(own).ok() } else { None };
        let with_options = |found: PathBuf| name.replacen(own, &found.to_string_lossy(), 1).into();
        found.map_or_else(|| file.clone(), with_options)
    };
    files.iter().map(absolute).collect()
}

impl Opened {
    fn new(
        files: &[PathBuf],
        wanted: &[BandRef],
        resolution: Option<f64>,
        mask_scl: bool,
    ) -> Result<Opened> {
        let mut inventory = Inventory::open(files)?;
        let scl = mask_scl.then(|| inventory.take_scl()).transpose()?;
        let chosen = inventory.choose(wanted)?;
        let n_bands = chosen.len();
        if n_bands == 0 {
            return invalid_data("there is no band beside SCL: give the files of the bands, too");
        }
        let mut nodata = inventory::nodata(&chosen, None)?;
        let mut bands: Vec<Entry> = chosen.into_iter().chain(scl).collect();
        let mut sources = inventory.files_of(&mut bands)?;
        nodata.resize(bands.len(), None);
        check_representable(&sources, &bands)?;
        common_grid::resample(&mut sources, &mut bands, &nodata, resolution)?;
        let scl = bands.drain(n_bands..).next();
        Ok(Opened { sources, bands, nodata, scl })
    }

    fn write(&self, writer: &mut Xml) -> std::io::Result<()> {
        let (width, height) = self.sources[0].size;
        let size = [("rasterXSize", width.to_string()), ("rasterYSize", height.to_string())];
        writer.create_element("VRTDataset").with_attributes(pairs(&size)).write_inner_content(
            |writer| {
                let reference = georeference::reference(&self.sources);
                virtual_xml::write_georeference(writer, &self.sources[reference].dataset)?;
                let names: Vec<_> = self.bands.iter().map(|entry| entry.name.clone()).collect();
                let facts: Vec<_> = self.bands.iter().map(|entry| &entry.band).collect();
                let rgb = colors::rgb(&names, &facts);
                for (index, entry) in self.bands.iter().enumerate() {
                    self.write_band(writer, index, entry, rgb)?;
                }
                self.scl.iter().try_for_each(|scl| self.write_mask(writer, scl))
            },
        )?;
        Ok(())
    }

    fn write_band(
        &self,
        writer: &mut Xml,
        index: usize,
        entry: &Entry,
        rgb: Option<[usize; 3]>,
    ) -> std::io::Result<()> {
        let band = &entry.band;
        // So blocks are read as the file stores them.
        let (width, height) = band.blocks.size;
        let attributes = [
            ("dataType", band.type_name.clone()),
            ("band", (index + 1).to_string()),
            ("blockXSize", width.to_string()),
            ("blockYSize", height.to_string()),
        ];
        let element = writer.create_element("VRTRasterBand").with_attributes(pairs(&attributes));
        element.write_inner_content(|writer| {
            text(writer, "Description", &entry.name)?;
            if let Some(nodata) = self.nodata[index] {
                text(writer, "NoDataValue", &nodata.to_string().to_lowercase())?;
            }
            if let Some(color) = rgb.and_then(|rgb| rgb.iter().position(|place| *place == index)) {
                text(writer, "ColorInterp", ["Red", "Green", "Blue"][color])?;
            }
            text(writer, "Offset", &band.offset.to_string())?;
            text(writer, "Scale", &band.scale.to_string())?;
            let source = &self.sources[entry.file];
            virtual_xml::source(writer, "SimpleSource", source, &band.index.to_string(), &[])
        })?;
        Ok(())
    }

    fn write_mask(&self, writer: &mut Xml, scl: &Entry) -> std::io::Result<()> {
        let valid = |class: u8| if SCL_LEFT_OUT.contains(&class) { 0 } else { 255 };
        let table: Vec<_> = (0..=255).map(|class| format!("{class}:{}", valid(class))).collect();
        let table = table.join(",");
        let (source, number) = (&self.sources[scl.file], scl.band.index.to_string());
        writer.create_element("MaskBand").write_inner_content(|writer| {
            let band = writer.create_element("VRTRasterBand").with_attribute(("dataType", "Byte"));
            band.write_inner_content(|writer| {
                virtual_xml::source(writer, "ComplexSource", source, &number, &[("LUT", &table)])
            })?;
            Ok(())
        })?;
        Ok(())
    }
}

/// Checks that files have nothing that a virtual raster of several files would lose.
fn check_representable(sources: &[Source], bands: &[Entry]) -> Result<()> {
    for entry in bands {
        let source = &sources[entry.file];
        if source.alphas().next().is_some() || entry.band.mask != MaskKind::None {
            return invalid_data(format!(
                "{} has a mask or an alpha band, which a virtual raster of bands cannot keep: \
                 give its pixels without data a nodata value first (gdalwarp)",
                source.name()
            ));
        }
        if entry.band.sample_type == SampleType::I8 && entry.band.type_name == "Byte" {
            return invalid_data(format!(
                "{} has signed bytes, which a virtual raster of bands cannot keep: convert it \
                 first (gdal_translate -ot Int16)",
                source.name()
            ));
        }
    }
    Ok(())
}
