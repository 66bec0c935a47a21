//! Writing labels: a tiled, compressed GeoTIFF with colours and class names.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use gdal::raster::{ColorEntry, ColorTable, PaletteInterpretation, RasterCreationOptions};
use gdal::{Dataset, DriverManager};

use super::blocks::{Unit, Window};
use super::labels::LabelBuf;
use super::scene::Scene;
use super::source::{open_dataset, open_for_update};
use super::staged::Staged;
use super::{ffi, place, problem};
use crate::error::{invalid_argument, Error, Result};
use crate::model::{Class, Model};
use crate::progress::Stop;
use crate::raster::LabelType;

/// Width and height of the file's tiles.
const TILE: usize = 512;

/// How hard to compress: GDAL's default of 6 takes three times as long as this, and saves a tenth of the size.
const LEVEL: &str = "4";

/// How many rows of tiles readers may be ahead of the row that is not complete yet. It bounds the memory.
const AHEAD: usize = 6;

/// A label file that is being written: its blocks arrive in any order, from any thread, and are written from
/// the top, so that the file is the same whatever the order.
pub struct LabelWriter {
    state: Mutex<State>,
    /// The first row of tiles that is not written yet.
    next: AtomicUsize,
    size: (usize, usize),
    label_type: LabelType,
    style: Style,
    // Declared after the state: the file is closed before it is deleted.
    staged: Vec<Staged>,
}

struct State {
    dataset: Dataset,
    /// Rows of tiles that have begun to arrive.
    rows: BTreeMap<usize, TileRow>,
}

/// A row of tiles: their labels, tile after tile, and how many have not arrived.
struct TileRow {
    tiles: Vec<u8>,
    missing: usize,
}

/// Checks that labels can be written to a file of this name.
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
    /// Begins the label file of a scene beside its name.
    ///
    /// # Errors
    /// `InvalidArgument` for a name that is not a GeoTIFF's; `Io` when the file cannot be created.
    pub fn create(scene: &Scene, target: &Path, model: &Model, threads: usize) -> Result<LabelWriter> {
        check_label_name(target)?;
        let staged = Staged::beside(target)?;
        // GDAL keeps names of values beside a GeoTIFF, not in it.
        let companion = staged.companion(".aux.xml")?;
        let label_type = LabelType::for_classes(model.n_classes());
        let size = (scene.width(), scene.height());
        let name = target.display().to_string();
        let mut dataset = create_dataset(staged.path(), size, label_type, threads)
            .map_err(|error| problem::io(&name, "cannot be created", &error))?;
        place::copy(&open_dataset(&scene.files()[0])?, &mut dataset, &name)?;
        let style = Style::of(model);
        style
            .apply(&mut dataset)
            .map_err(|error| problem::io(&name, "cannot be given its colours", &error))?;
        let state = Mutex::new(State { dataset, rows: BTreeMap::new() });
        Ok(LabelWriter {
            state,
            next: AtomicUsize::new(0),
            size,
            label_type,
            style,
            staged: vec![companion, staged],
        })
    }

    /// The memory that writing a file of this width takes at most: rows of tiles that have begun to arrive, and those being compressed.
    pub fn most_bytes(width: usize, label_type: LabelType) -> usize {
        (AHEAD + 3) * width.next_multiple_of(TILE) * TILE * label_type.size()
    }

    /// Type of the labels.
    pub fn label_type(&self) -> LabelType {
        self.label_type
    }

    /// Waits while a unit is too far ahead of what is complete. A thread asks before it begins a unit, and takes
    /// units in their order: so the first unit that is not done never waits.
    ///
    /// # Errors
    /// `Cancelled` when asked to stop while waiting.
    pub fn await_turn(&self, unit: &Unit, stop: &Stop) -> Result<()> {
        while unit.window().y / TILE > self.next.load(Ordering::Relaxed) + AHEAD {
            stop.check()?;
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    /// Takes the labels of a window.
    ///
    /// # Errors
    /// `Io` when the file cannot be written.
    pub fn write(&self, window: Window, labels: &LabelBuf) -> Result<()> {
        let mut state = self.lock();
        state.take(window, labels.bytes(), self.size, self.label_type.size());
        while let Some(row) = state.complete(self.next.load(Ordering::Relaxed)) {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            for (column, tile) in row.tiles.chunks_exact(TILE * TILE * self.label_type.size()).enumerate() {
                ffi::write_block(&mut state.dataset, column, index, self.label_type, tile)
                    .map_err(|error| self.failed(&problem::text(&error)))?;
            }
        }
        Ok(())
    }

    /// Closes the file, its classes coloured and named as the model has them now. It gets its name when what is
    /// returned is committed.
    ///
    /// # Errors
    /// `Io` when something could not be written.
    pub fn finish(self, model: &Model) -> Result<Vec<Staged>> {
        let LabelWriter { state, staged, next, size, style: styled, .. } = self;
        let state = state.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        if next.into_inner() * TILE < size.1 {
            return Err(unwritten(&staged[1], "some of its pixels are missing"));
        }
        close(state.dataset, &staged[1])?;
        let wanted = Style::of(model);
        if wanted != styled {
            // A palette cannot be changed after pixels, but in a file that is there.
            let mut dataset = open_for_update(staged[1].path())?;
            wanted.apply(&mut dataset).map_err(|error| unwritten(&staged[1], &problem::text(&error)))?;
            close(dataset, &staged[1])?;
        }
        Ok(staged)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn failed(&self, why: &str) -> Error {
        unwritten(&self.staged[1], why)
    }
}

/// Closes a file, and makes sure that all of it was written.
pub(super) fn close(dataset: Dataset, file: &Staged) -> Result<()> {
    problem::take_failures();
    let closed = dataset.close();
    // Before version 3.7 closing returns nothing: what went wrong was only reported.
    match (closed, problem::take_failures().first()) {
        (Err(error), _) => Err(unwritten(file, &problem::text(&error))),
        (Ok(()), Some(why)) => Err(unwritten(file, why)),
        (Ok(()), None) => Ok(()),
    }
}

/// The error of a file that cannot be written.
pub(super) fn unwritten(file: &Staged, why: &str) -> Error {
    Error::Io(format!(
        "cannot write {}: {why}; check the space and permissions there",
        file.target().display()
    ))
}

impl State {
    /// Copies a window's labels into the rows of tiles it touches.
    fn take(&mut self, window: Window, labels: &[u8], size: (usize, usize), bytes: usize) {
        let columns = size.0.div_ceil(TILE);
        let lines = labels.chunks_exact(window.width * bytes);
        for (y, mut line) in (window.y..).zip(lines) {
            let missing = size.0 * TILE.min(size.1 - y / TILE * TILE);
            let new = || TileRow { tiles: vec![0; columns * TILE * TILE * bytes], missing };
            let row = self.rows.entry(y / TILE).or_insert_with(new);
            row.missing -= window.width;
            let mut x = window.x;
            while !line.is_empty() {
                let (part, rest) = line.split_at(line.len().min((TILE - x % TILE) * bytes));
                let at = ((x / TILE * TILE + y % TILE) * TILE + x % TILE) * bytes;
                row.tiles[at..at + part.len()].copy_from_slice(part);
                (x, line) = (x + part.len() / bytes, rest);
            }
        }
    }

    /// Takes out a row of tiles, if all of it has arrived.
    fn complete(&mut self, index: usize) -> Option<TileRow> {
        match self.rows.get(&index) {
            Some(row) if row.missing == 0 => self.rows.remove(&index),
            _ => None,
        }
    }
}

fn create_dataset(
    path: &Path,
    size: (usize, usize),
    label_type: LabelType,
    threads: usize,
) -> gdal::errors::Result<Dataset> {
    let driver = DriverManager::get_driver_by_name("GTiff")?;
    let mut options = RasterCreationOptions::new();
    let fixed = [("TILED", "YES"), ("COMPRESS", "DEFLATE"), ("ZLEVEL", LEVEL), ("BIGTIFF", "IF_SAFER")];
    for (key, value) in fixed {
        options.set_name_value(key, value)?;
    }
    for key in ["BLOCKXSIZE", "BLOCKYSIZE"] {
        options.set_name_value(key, &TILE.to_string())?;
    }
    options.set_name_value("NUM_THREADS", &threads.to_string())?;
    match label_type {
        LabelType::U8 => {
            driver.create_with_band_type_with_options::<u8, _>(path, size.0, size.1, 1, &options)
        }
        LabelType::U16 => {
            driver.create_with_band_type_with_options::<u16, _>(path, size.0, size.1, 1, &options)
        }
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
        let color = |class: &Class| [class.color.r, class.color.g, class.color.b, 255];
        Style {
            colors: std::iter::once([0; 4]).chain(model.classes.iter().map(color)).collect(),
            names: std::iter::once("nodata".to_string())
                .chain(model.classes.iter().map(|class| class.name.clone()))
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
