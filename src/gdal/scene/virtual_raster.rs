//! Bands of several files as one virtual raster (`.vrt`) that other programs open: on one grid,
//! with their names and what their samples mean.

use std::path::{Path, PathBuf};

use quick_xml::events::BytesText;
use quick_xml::writer::Writer;

use super::inventory::{self, Entry, Inventory};
use super::select::{check_bands, BandRef};
use super::source::{split_options, MaskKind, Source};
use super::{colors, georeference, grid, product, subdataset};
use crate::error::{invalid_data, Result};
use crate::gdal::library;
use crate::product::SCL_LEFT_OUT;
use crate::raster::SampleType;

/// A virtual raster, to be written to a file.
#[derive(Debug, Clone, PartialEq)]
pub struct VirtualRaster {
    /// What its file holds.
    pub xml: String,
    /// The names of its bands.
    pub bands: Vec<String>,
    /// Columns and rows.
    pub size: (usize, usize),
}

/// The bands of a raster, opened and brought to one grid.
struct Opened {
    sources: Vec<Source>,
    bands: Vec<Entry>,
    nodata: Vec<Option<f64>>,
    scl: Option<Entry>,
}

/// Whether an input is a Sentinel-2 product: a folder, a zip of one, or its metadata file.
///
/// # Errors
/// `InvalidData` for a product of which something is missing, or that has more than one granule.
pub fn is_product(input: &Path) -> Result<bool> {
    library::find()?;
    product::parts(input).map(|parts| parts.is_some())
}

impl VirtualRaster {
    /// A virtual raster of bands of files, in the order wanted; none wanted: all, of a product
    /// those of 10 m. They are brought to the pixels of the finest of them, or to `resolution` from
    /// the same corner, over the ground that all show. Where `mask_scl` says so, the mask leaves
    /// out what the scene classification has as clouds, their shadows or unusable.
    ///
    /// # Errors
    /// As [`Scene::open`](super::Scene::open); `InvalidData` also for files with a mask or an alpha
    /// band, or of signed bytes as GDAL before 3.7 has them, which a virtual raster of several
    /// files does not keep.
    pub fn of(
        files: &[PathBuf],
        wanted: &[BandRef],
        resolution: Option<f64>,
        mask_scl: bool,
    ) -> Result<VirtualRaster> {
        check_bands(wanted)?;
        library::find()?;
        let opened = Opened::new(&absolute(files), wanted, resolution, mask_scl)?;
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        // Writing to memory does not fail.
        let _ = opened.write(&mut writer);
        let xml = String::from_utf8_lossy(&writer.into_inner()).into_owned() + "\n";
        let bands = opened.bands.iter().map(|entry| entry.name.clone()).collect();
        Ok(VirtualRaster { xml, bands, size: opened.sources[0].size })
    }
}

/// Files by names that hold wherever the virtual raster is read from.
fn absolute(files: &[PathBuf]) -> Vec<PathBuf> {
    let absolute = |file: &PathBuf| {
        let name = file.to_string_lossy();
        let inside = subdataset::split(&name).map(|(file, _)| file);
        let own = inside.unwrap_or(split_options(&name).0);
        let found = if Path::new(own).exists() { std::path::absolute(own).ok() } else { None };
        let whole = |found: PathBuf| name.replacen(own, &found.to_string_lossy(), 1).into();
        found.map_or_else(|| file.clone(), whole)
    };
    files.iter().map(absolute).collect()
}

impl Opened {
    fn new(files: &[PathBuf], wanted: &[BandRef], resolution: Option<f64>, mask_scl: bool) -> Result<Opened> {
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
        check_kept(&sources, &bands)?;
        grid::unite(&mut sources, &mut bands, &nodata, resolution)?;
        let scl = bands.drain(n_bands..).next();
        Ok(Opened { sources, bands, nodata, scl })
    }

    fn write(&self, writer: &mut Writer<Vec<u8>>) -> std::io::Result<()> {
        let (width, height) = self.sources[0].size;
        let size = [("rasterXSize", width.to_string()), ("rasterYSize", height.to_string())];
        writer.create_element("VRTDataset").with_attributes(pairs(&size)).write_inner_content(|writer| {
            self.write_place(writer)?;
            let names: Vec<_> = self.bands.iter().map(|entry| entry.name.clone()).collect();
            let facts: Vec<_> = self.bands.iter().map(|entry| &entry.band).collect();
            let rgb = colors::rgb(&names, &facts);
            for (index, entry) in self.bands.iter().enumerate() {
                self.write_band(writer, index, entry, rgb)?;
            }
            self.scl.iter().try_for_each(|scl| self.write_mask(writer, scl))
        })?;
        Ok(())
    }

    /// Reference system and transform. Without a word on axes GDAL takes x before y, as rasters
    /// have them.
    fn write_place(&self, writer: &mut Writer<Vec<u8>>) -> std::io::Result<()> {
        let dataset = &self.sources[georeference::reference(&self.sources)].dataset;
        if let Some(system) = dataset.spatial_ref().ok().and_then(|system| system.to_wkt().ok()) {
            text(writer, "SRS", &system)?;
        }
        if let Some(transform) = georeference::transform(dataset) {
            text(writer, "GeoTransform", &transform.map(|number| number.to_string()).join(", "))?;
        }
        Ok(())
    }

    fn write_band(
        &self,
        writer: &mut Writer<Vec<u8>>,
        index: usize,
        entry: &Entry,
        rgb: Option<[usize; 3]>,
    ) -> std::io::Result<()> {
        let band = &entry.band;
        // Blocks are then read as the file stores them.
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
            self.write_source(writer, "SimpleSource", entry, None)
        })?;
        Ok(())
    }

    fn write_mask(&self, writer: &mut Writer<Vec<u8>>, scl: &Entry) -> std::io::Result<()> {
        let valid = |class: u8| if SCL_LEFT_OUT.contains(&class) { 0 } else { 255 };
        let table: Vec<_> = (0..=255).map(|class| format!("{class}:{}", valid(class))).collect();
        writer.create_element("MaskBand").write_inner_content(|writer| {
            let band = writer.create_element("VRTRasterBand").with_attribute(("dataType", "Byte"));
            band.write_inner_content(|writer| {
                self.write_source(writer, "ComplexSource", scl, Some(&table.join(",")))
            })?;
            Ok(())
        })?;
        Ok(())
    }

    /// Where a band's samples are: all of a band of a file, or of a virtual raster that resamples
    /// it.
    fn write_source(
        &self,
        writer: &mut Writer<Vec<u8>>,
        kind: &str,
        entry: &Entry,
        table: Option<&str>,
    ) -> std::io::Result<()> {
        let source = &self.sources[entry.file];
        writer.create_element(kind).write_inner_content(|writer| {
            let name = source.path.to_string_lossy();
            let (name, options) = split_options(&name);
            let file = writer.create_element("SourceFilename").with_attribute(("relativeToVRT", "0"));
            file.write_text_content(BytesText::new(name))?;
            write_options(writer, &options)?;
            text(writer, "SourceBand", &entry.band.index.to_string())?;
            for rectangle in ["SrcRect", "DstRect"] {
                let (width, height) = (source.size.0.to_string(), source.size.1.to_string());
                let whole = [("xOff", "0"), ("yOff", "0"), ("xSize", &*width), ("ySize", &*height)];
                writer.create_element(rectangle).with_attributes(whole).write_empty()?;
            }
            table.map_or(Ok(()), |table| text(writer, "LUT", table))
        })?;
        Ok(())
    }
}

/// Checks that files have nothing that a virtual raster of several would lose.
fn check_kept(sources: &[Source], bands: &[Entry]) -> Result<()> {
    for entry in bands {
        let source = &sources[entry.file];
        if source.alpha().is_some() || entry.band.mask != MaskKind::None {
            return invalid_data(format!(
                "{} has a mask or an alpha band, which a virtual raster of bands cannot keep: give its pixels without data a nodata value first (gdalwarp)",
                source.name()
            ));
        }
        if entry.band.sample_type == SampleType::I8 && entry.band.type_name == "Byte" {
            return invalid_data(format!(
                "{} has signed bytes, which a virtual raster of bands cannot keep: convert it first (gdal_translate -ot Int16)",
                source.name()
            ));
        }
    }
    Ok(())
}

/// The options that a file is to be opened with, if there are any.
fn write_options(writer: &mut Writer<Vec<u8>>, options: &[&str]) -> std::io::Result<()> {
    if options.is_empty() {
        return Ok(());
    }
    writer.create_element("OpenOptions").write_inner_content(|writer| {
        options.iter().filter_map(|option| option.split_once('=')).try_for_each(|(key, value)| {
            let element = writer.create_element("OOI").with_attribute(("key", key));
            element.write_text_content(BytesText::new(value)).map(|_| ())
        })
    })?;
    Ok(())
}

fn pairs<'a>(attributes: &'a [(&'a str, String)]) -> impl Iterator<Item = (&'a str, &'a str)> {
    attributes.iter().map(|(name, value)| (*name, value.as_str()))
}

/// An element with a text.
fn text(writer: &mut Writer<Vec<u8>>, element: &str, text: &str) -> std::io::Result<()> {
    writer.create_element(element).write_text_content(BytesText::new(text))?;
    Ok(())
}
