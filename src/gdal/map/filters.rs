//! Postprocessing of a finished map: labels are renumbered, and speckle is filtered out.

use gdal::DriverManager;

use super::class_counts::{Written, ROWS};
use super::completeness::check_complete;
use super::labels::LabelBuf;
use super::tiled::close;
use super::writer::LabelWriter;
use crate::error::Result;
use crate::file::{unwritten, Staged};
use crate::gdal::blocks::Window;
use crate::gdal::{ffi, problem, Scene};
use crate::kernel::Majority;
use crate::model::Model;
use crate::progress::Run;
use crate::raster::LabelType;

/// The filters, in their order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filters {
    /// Every pixel takes the most frequent class around it.
    pub majority: Option<Majority>,
    /// Patches smaller than this number of pixels take the class of their largest neighbour.
    pub sieve: Option<u32>,
}

impl Filters {
    /// Whether there is anything to do.
    pub fn any(&self) -> bool {
        self.majority.is_some() || self.sieve.is_some()
    }

    /// Filters the map of a scene that lies beside its final name, the last of `files`. Returns the
    /// files with the filtered map. Nodata and the labels' confidence stay as they are.
    ///
    /// # Errors
    /// `Io` when something cannot be read or written; `Cancelled`.
    pub fn apply(
        &self,
        scene: &Scene,
        model: &Model,
        mut files: Vec<Staged>,
        run: &mut Run,
    ) -> Result<Vec<Staged>> {
        if let (Some(majority), Some(map)) = (self.majority, files.last()) {
            let new = smoothed(majority, scene, model, map, &mut run.stage(0.0, 0.5))?;
            replace(&mut files, new);
        }
        if let (Some(size), Some(map)) = (self.sieve, files.last()) {
            let new = sieved(size, scene, model, map, &mut run.stage(0.5, 1.0))?;
            replace(&mut files, new);
        }
        Ok(files)
    }
}

/// Gives the labels of a map that lies beside its final name, the last of `files`, other values:
/// `values[i]` to label `i + 1`. Returns the files with the new map. Label 0 and labels beyond the
/// values stay.
///
/// # Errors
/// `Io` when something cannot be read or written; `Cancelled`.
pub fn renumbered(
    values: &[u32],
    scene: &Scene,
    model: &Model,
    mut files: Vec<Staged>,
    run: &mut Run,
) -> Result<Vec<Staged>> {
    if let Some(map) = files.last() {
        let from = Written::open(map)?;
        let new = rewritten(scene, model, map, ("relabelling", run), |rows, labels, _| {
            labels.set(&from.rows(rows.start, rows.len())?);
            labels.renumber(values);
            Ok(())
        })?;
        replace(&mut files, new);
    }
    Ok(files)
}

/// Replaces a map and its companion by others; the files before them (the confidence) stay.
pub(super) fn replace(files: &mut Vec<Staged>, new: Vec<Staged>) {
    files.truncate(files.len() - new.len());
    files.extend(new);
}

fn smoothed(
    majority: Majority,
    scene: &Scene,
    model: &Model,
    map: &Staged,
    run: &mut Run,
) -> Result<Vec<Staged>> {
    let from = Written::open(map)?;
    let (width, height) = from.size();
    rewritten(scene, model, map, ("filtering", run), |rows, labels, run| {
        let first = rows.start.saturating_sub(majority.half_window());
        let last = (rows.end + majority.half_window()).min(height);
        let around = from.rows(first, last - first)?;
        let mut out = vec![0; rows.len() * width];
        majority.filter(&around, width, rows.start - first..rows.end - first, &mut out, run)?;
        labels.set(&out);
        Ok(())
    })
}

fn sieved(
    size: u32,
    scene: &Scene,
    model: &Model,
    map: &Staged,
    run: &mut Run,
) -> Result<Vec<Staged>> {
    // GDAL writes row by row, so it writes to a plain file: tiles would be compressed again for
    // each row.
    let plain = Staged::beside(map.target())?;
    sieve(map, &plain, size, LabelType::for_classes(model.n_labels()), &mut run.stage(0.0, 0.7))?;
    let from = Written::open(&plain)?;
    rewritten(scene, model, map, ("filtering", &mut run.stage(0.7, 1.0)), |rows, labels, _| {
        labels.set(&from.rows(rows.start, rows.len())?);
        Ok(())
    })
}

fn sieve(
    map: &Staged,
    plain: &Staged,
    size: u32,
    label_type: LabelType,
    run: &mut Run,
) -> Result<()> {
    let from = Written::open(map)?;
    let failed = |error: &gdal::errors::GdalError| unwritten(map, &problem::text(error));
    let (width, height) = from.size();
    let driver = DriverManager::get_driver_by_name("GTiff").map_err(|error| failed(&error))?;
    let mut to = match label_type {
        LabelType::U8 => driver.create_with_band_type::<u8, _>(plain.path(), width, height, 1),
        LabelType::U16 => driver.create_with_band_type::<u16, _>(plain.path(), width, height, 1),
    }
    .map_err(|error| failed(&error))?;
    let mut cancelled = Ok(());
    // A patch has no more pixels than that.
    let size = i32::try_from(size).unwrap_or(i32::MAX);
    let done = ffi::sieve(from.dataset(), &mut to, size, &mut |fraction| {
        cancelled = run.tick(fraction, "sieving");
        cancelled.is_ok()
    });
    cancelled?;
    done.map_err(|error| failed(&error))?;
    close(to, plain)?;
    check_complete(plain)
}

/// A new map of a scene, which replaces another, made in strips of whole rows.
fn rewritten(
    scene: &Scene,
    model: &Model,
    map: &Staged,
    (message, run): (&str, &mut Run),
    mut strip: impl FnMut(std::ops::Range<usize>, &mut LabelBuf, &mut Run) -> Result<()>,
) -> Result<Vec<Staged>> {
    let writer = LabelWriter::create(scene, map.target(), None, model, run.threads())?;
    let mut labels = writer.buffer();
    let (width, height) = (scene.width(), scene.height());
    for y in (0..height).step_by(ROWS) {
        let rows = y..(y + ROWS).min(height);
        let share = |row: usize| row as f64 / height as f64;
        let mut stage = run.stage(share(rows.start), share(rows.end));
        stage.tell(0.0, message)?;
        strip(rows.clone(), &mut labels, &mut stage)?;
        writer.write(Window { x: 0, y, width, height: rows.len() }, &labels)?;
    }
    writer.finish(model)
}
