//! Writing a raster of one band in tiles: blocks arrive in any order, from any thread.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use gdal::raster::RasterCreationOptions;
use gdal::{Dataset, DriverManager};

use super::completeness::check_complete;
use crate::error::Result;
use crate::file::{unwritten, Staged};
use crate::gdal::blocks::{Unit, Window};
use crate::gdal::scene::georeference;
use crate::gdal::scene::source::open_own;
use crate::gdal::{ffi, problem, settings, Scene};
use crate::progress::Stop;

/// Width and height of the file's tiles.
const TILE: usize = 512;

/// The level of compression: GDAL's default of 6 takes three times as long as this, and saves a
/// tenth of the size.
pub(super) const LEVEL: &str = "4";

/// How many rows of tiles readers may be ahead of the first incomplete row. It limits the memory.
const AHEAD: usize = 6;

/// The type of the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::gdal) enum ValueType {
    U8,
    U16,
    F32,
}

impl ValueType {
    /// Bytes of a value.
    pub fn size(self) -> usize {
        match self {
            ValueType::U8 => 1,
            ValueType::U16 => 2,
            ValueType::F32 => 4,
        }
    }
}

/// A tiled, compressed GeoTIFF with the georeference of a scene. Its blocks arrive in any order,
/// from any thread, and are written from the top, so that the file does not depend on the order.
pub(in crate::gdal) struct TiledWriter {
    state: Mutex<State>,
    /// The first row of tiles that is not written yet.
    next: AtomicUsize,
    size: (usize, usize),
    value_type: ValueType,
    /// Whether the scene has a reference system.
    is_located: bool,
    // Declared after the state: the file is closed before it is deleted.
    staged: Staged,
}

struct State {
    dataset: Dataset,
    /// Rows of tiles that have begun to arrive.
    rows: BTreeMap<usize, TileRow>,
}

/// A row of tiles: their values, tile after tile, and how many have not arrived.
struct TileRow {
    tiles: Vec<u8>,
    missing: usize,
}

impl TiledWriter {
    /// Begins a file with the georeference of a scene, beside its final name; `describe` sets what
    /// its values mean.
    ///
    /// # Errors
    /// `Io` when the file cannot be created.
    pub fn create(
        scene: &Scene,
        target: &Path,
        value_type: ValueType,
        threads: usize,
        describe: impl FnOnce(&mut Dataset) -> gdal::errors::Result<()>,
    ) -> Result<TiledWriter> {
        let staged = Staged::beside(target)?;
        let size = (scene.width(), scene.height());
        let name = target.display().to_string();
        let georeference = georeference::Georeference::open(scene.reference(), scene.in_turn)?;
        let _ours = settings::for_own_files();
        let mut dataset = create_dataset(staged.path(), size, value_type, threads)
            .map_err(|error| problem::io(&name, "cannot be created", &error))?;
        georeference.copy_to(&mut dataset, &name)?;
        // Before any pixel: a palette set later would not fit into the open file.
        describe(&mut dataset)
            .map_err(|error| problem::io(&name, "cannot be described", &error))?;
        let state = Mutex::new(State { dataset, rows: BTreeMap::new() });
        let is_located = georeference.has_system();
        Ok(TiledWriter { state, next: AtomicUsize::new(0), size, value_type, is_located, staged })
    }

    /// The memory that writing a file of this width takes at most: rows of tiles that have begun to
    /// arrive, and those being compressed.
    pub fn most_bytes(width: usize, value_type: ValueType) -> usize {
        (AHEAD + 3) * width.next_multiple_of(TILE) * TILE * value_type.size()
    }

    /// The file beside its final name.
    pub fn staged(&self) -> &Staged {
        &self.staged
    }

    /// Waits while a unit is too far ahead of the complete rows. A thread asks before it begins a
    /// unit, and takes units in their order: so the first unfinished unit never waits.
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

    /// Takes the values of a window, as bytes in the machine's order.
    ///
    /// # Errors
    /// `Io` when the file cannot be written.
    pub fn write(&self, window: Window, values: &[u8]) -> Result<()> {
        let _quiet = problem::quiet();
        let bytes = self.value_type.size();
        let mut state = self.lock();
        state.take(window, values, self.size, bytes);
        while let Some(row) = state.complete(self.next.load(Ordering::Relaxed)) {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            for (column, tile) in row.tiles.chunks_exact(TILE * TILE * bytes).enumerate() {
                ffi::write_block(&mut state.dataset, (column, index), bytes, tile)
                    .map_err(|error| unwritten(&self.staged, &problem::text(&error)))?;
            }
        }
        Ok(())
    }

    /// Closes the file. It gets its name when what is returned is committed.
    ///
    /// # Errors
    /// `Io` when something could not be written.
    pub fn finish(self) -> Result<Staged> {
        let TiledWriter { state, staged, next, size, is_located, .. } = self;
        let state = state.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        if next.into_inner() * TILE < size.1 {
            return Err(unwritten(&staged, "some of its pixels are missing"));
        }
        close(state.dataset, &staged)?;
        check_complete(&staged)?;
        if is_located && open_own(staged.path())?.spatial_ref().is_err() {
            return Err(unwritten(&staged, "its reference system was not kept"));
        }
        Ok(staged)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Closes a file, and checks that all of it was written.
pub(in crate::gdal) fn close(dataset: Dataset, file: &Staged) -> Result<()> {
    let _ours = settings::for_own_files();
    // Before version 3.7 closing returns nothing: errors are only reported to the handler.
    let (closed, failures) = problem::with_failures(|| dataset.close());
    match (closed, failures.first()) {
        (Err(error), _) => Err(unwritten(file, &problem::text(&error))),
        (Ok(()), Some(why)) => Err(unwritten(file, why)),
        (Ok(()), None) => Ok(()),
    }
}

impl State {
    /// Copies a window's values into the rows of tiles it touches.
    fn take(&mut self, window: Window, values: &[u8], size: (usize, usize), bytes: usize) {
        let columns = size.0.div_ceil(TILE);
        let lines = values.chunks_exact(window.width * bytes);
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

/// The creation options of the GeoTIFFs that are written.
pub(super) fn creation_options(threads: usize) -> Vec<(&'static str, String)> {
    vec![
        ("TILED", "YES".into()),
        ("COMPRESS", "DEFLATE".into()),
        ("ZLEVEL", LEVEL.into()),
        ("BIGTIFF", "IF_SAFER".into()),
        ("BLOCKXSIZE", TILE.to_string()),
        ("BLOCKYSIZE", TILE.to_string()),
        ("NUM_THREADS", threads.to_string()),
    ]
}

fn create_dataset(
    path: &Path,
    (width, height): (usize, usize),
    value_type: ValueType,
    threads: usize,
) -> gdal::errors::Result<Dataset> {
    let driver = DriverManager::get_driver_by_name("GTiff")?;
    let mut options = RasterCreationOptions::new();
    for (key, value) in creation_options(threads) {
        options.set_name_value(key, &value)?;
    }
    match value_type {
        ValueType::U8 => {
            driver.create_with_band_type_with_options::<u8, _>(path, width, height, 1, &options)
        }
        ValueType::U16 => {
            driver.create_with_band_type_with_options::<u16, _>(path, width, height, 1, &options)
        }
        ValueType::F32 => {
            options.set_name_value("PREDICTOR", "3")?;
            driver.create_with_band_type_with_options::<f32, _>(path, width, height, 1, &options)
        }
    }
}
