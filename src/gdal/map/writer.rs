//! Writing labels: a tiled, compressed GeoTIFF with colours and class names; and their confidence.

use std::path::Path;

use gdal::raster::{ColorEntry, ColorTable, PaletteInterpretation};
use gdal::{Dataset, Metadata};

use super::companions::COMPANION;
use super::labels::LabelBuf;
use super::tiled::{close, TiledWriter, ValueType};
use crate::error::{invalid_argument, Result};
use crate::file::{unwritten, Staged};
use crate::gdal::blocks::{Unit, Window};
use crate::gdal::scene::source::open_for_update;
use crate::gdal::{ffi, problem, settings, Scene};
use crate::model::{Class, Model};
use crate::progress::Stop;
use crate::raster::LabelType;

/// A label file that is being written, and one of the labels' confidence beside it, if it is
/// wanted.
pub struct LabelWriter {
    labels: TiledWriter,
    confidence: Option<TiledWriter>,
    label_type: LabelType,
    style: Style,
    companion: Staged,
}

/// Checks that labels, or their confidence, can be written to a file of this name.
///
/// # Errors
/// `InvalidArgument` when its extension is not that of a GeoTIFF.
pub fn check_label_name(path: &Path) -> Result<()> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("tif" | "tiff") => Ok(()),
        _ => invalid_argument(format!(
            "{}: labels are written as GeoTIFF; give a name that ends in .tif",
            path.display()
        )),
    }
}

impl LabelWriter {
    /// Begins the label file of a scene beside its final name, and the file of the labels'
    /// confidence.
    ///
    /// # Errors
    /// `InvalidArgument` for a name that is not a GeoTIFF's; `Io` when a file cannot be created.
    pub fn create(
        scene: &Scene,
        target: &Path,
        confidence: Option<&Path>,
        model: &Model,
        threads: usize,
    ) -> Result<LabelWriter> {
        check_label_name(target)?;
        let label_type = LabelType::for_classes(model.n_labels());
        let style = Style::of(model);
        let labels = TiledWriter::create(scene, target, value_type(label_type), threads, |file| {
            style.apply(file)
        })?;
        // GDAL keeps names of values beside a GeoTIFF, not in it.
        let companion = labels.staged().companion(COMPANION)?;
        let create = |path: &Path| {
            check_label_name(path)?;
            TiledWriter::create(scene, path, ValueType::F32, threads, |file| {
                let mut band = file.rasterband(1)?;
                band.set_description("confidence")?;
                band.set_no_data_value(Some(f64::NAN))
            })
        };
        let confidence = confidence.map(create).transpose()?;
        Ok(LabelWriter { labels, confidence, label_type, style, companion })
    }

    /// The memory that writing a file of this width takes at most: see [`LabelWriter::create`].
    pub fn most_bytes(width: usize, label_type: LabelType, with_confidence: bool) -> usize {
        let confidence =
            if with_confidence { TiledWriter::most_bytes(width, ValueType::F32) } else { 0 };
        TiledWriter::most_bytes(width, value_type(label_type)) + confidence
    }

    /// Room for the labels of a block.
    pub fn buffer(&self) -> LabelBuf {
        LabelBuf::new(self.label_type, self.wants_confidence())
    }

    /// Whether the confidence of labels is also written.
    pub fn wants_confidence(&self) -> bool {
        self.confidence.is_some()
    }

    /// Waits while a unit is too far ahead of the complete rows. A thread asks before it begins a
    /// unit, and takes units in their order: so the first unfinished unit never waits.
    ///
    /// # Errors
    /// `Cancelled` when asked to stop while waiting.
    pub fn await_turn(&self, unit: &Unit, stop: &Stop) -> Result<()> {
        self.labels.await_turn(unit, stop)
    }

    /// Takes the labels of a window.
    ///
    /// # Errors
    /// `Io` when a file cannot be written.
    pub fn write(&self, window: Window, labels: &LabelBuf) -> Result<()> {
        if let (Some(writer), Some(confidence)) = (&self.confidence, labels.confidence()) {
            writer.write(window, confidence)?;
        }
        self.labels.write(window, labels.bytes())
    }

    /// Closes the files. Classes get the colours and names that the model has now. The labels' file
    /// is the last. The files get their final names when they are committed.
    ///
    /// # Errors
    /// `Io` when something could not be written.
    pub fn finish(self, model: &Model) -> Result<Vec<Staged>> {
        let confidence = self.confidence.map(TiledWriter::finish).transpose()?;
        let labels = self.labels.finish()?;
        let wanted = Style::of(model);
        if wanted != self.style {
            let _ours = settings::for_own_files();
            // A palette cannot be changed after pixels were written, unless the file is opened
            // again.
            let mut dataset = open_for_update(labels.path())?;
            wanted
                .apply(&mut dataset)
                .map_err(|error| unwritten(&labels, &problem::text(&error)))?;
            close(dataset, &labels)?;
        }
        Ok(confidence.into_iter().chain([self.companion, labels]).collect())
    }
}

fn value_type(label_type: LabelType) -> ValueType {
    match label_type {
        LabelType::U8 => ValueType::U8,
        LabelType::U16 => ValueType::U16,
    }
}

/// The colours and names of the values of a label file, from 0 (nodata).
#[derive(PartialEq)]
struct Style {
    colors: Vec<[u8; 4]>,
    names: Vec<String>,
}

impl Style {
    fn of(model: &Model) -> Style {
        let legend = model.legend();
        let color = |class: &Class| [class.color.r, class.color.g, class.color.b, 255];
        Style {
            colors: std::iter::once([0; 4]).chain(legend.iter().map(color)).collect(),
            names: std::iter::once("nodata".to_string())
                .chain(legend.iter().map(|class| class.name.clone()))
                .collect(),
        }
    }

    /// Gives the file its nodata value, and each value its colour and name.
    fn apply(&self, dataset: &mut Dataset) -> gdal::errors::Result<()> {
        let mut colors = ColorTable::new(PaletteInterpretation::Rgba);
        for (value, color) in (0..).zip(&self.colors) {
            let [r, g, b, a] = color.map(i16::from);
            colors.set_color_entry(value, &ColorEntry::rgba(r, g, b, a));
        }
        let mut band = dataset.rasterband(1)?;
        band.set_no_data_value(Some(0.0))?;
        band.set_color_table(&colors);
        ffi::set_category_names(dataset, &self.names)
    }
}
