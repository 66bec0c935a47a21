//! Maps: their colours and legend, the majority filter, counts of labels, areas of pixels.

use std::ffi::c_char;

use super::guard::{borrow, borrow_mut, guard, path, string};
use super::library::bandcluster_status;
use super::model::bandcluster_model;
use super::raster::{bandcluster_labels, labels, labels_as_raster};
use super::run::{bandcluster_run, with_run};
use crate::error::{invalid_argument, Result};
use crate::kernel::{count_bytes, count_words, Majority};
use crate::model::Colors;
use crate::raster::{Ellipsoid, Raster, Sample, SampleType, Tile};
use crate::report::{map_qml, polygons_qml};

/// Colours every class. `colors` is a list with one colour for each class, by its CSS name or as
/// #rrggbb, such as "black,#00ff00,red"; or "palette:NAME" for any number of classes: okabe-ito,
/// tol-bright, tol-muted, tab10, set2, paired, viridis, plasma, cividis, turbo.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_set_colors(
    model: *mut bandcluster_model,
    colors: *const c_char,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let model = unsafe { borrow_mut(model, "model")? };
        // SAFETY: as above.
        let colors: Colors = unsafe { string(colors, "colors")? }.parse()?;
        model.model_mut().set_colors(&colors)
    })
}

/// Writes the legend of a map: the colour of each class, its name and its share of the map. QGIS
/// loads it by itself if it lies beside the raster (map.qml beside map.tif). `counts` is the number
/// of the map's pixels of each label, from 0 (nodata) to `bandcluster_model_n_labels`; `length` is
/// one more than that. NULL and 0: the counts of the training pixels. The file appears only when
/// complete.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_save_qml(
    model: *const bandcluster_model,
    counts: *const u64,
    length: u64,
    path: *const c_char,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (model, path) = unsafe { (borrow(model, "model")?.model(), self::path(path, "path")?) };
        let n_labels = model.n_labels() + 1;
        let counts = match (counts.is_null(), length) {
            (true, 0) => {
                std::iter::once(0).chain(model.classes.iter().map(|class| class.count)).collect()
            }
            (false, length) if length == n_labels as u64 => {
                // SAFETY: as above.
                unsafe { std::slice::from_raw_parts(counts, n_labels) }.to_vec()
            }
            _ => {
                return invalid_argument(format!(
                    "counts has {length} numbers: {n_labels} are wanted, one for each label from \
                     0, or NULL and 0"
                ))
            }
        };
        crate::file::write(&path, map_qml(model, &counts).as_bytes())
    })
}

/// Writes the style of a map's polygons: they have the colour and the name of the class in their
/// field `value`. QGIS loads it by itself from a file beside the polygons, or from inside a
/// GeoPackage. The file appears only when complete.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_save_polygons_qml(
    model: *const bandcluster_model,
    path: *const c_char,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (model, path) = unsafe { (borrow(model, "model")?.model(), self::path(path, "path")?) };
        let classes = model.map_classes(&vec![0; model.n_labels() + 1]);
        crate::file::write(&path, polygons_qml(&classes, None).as_bytes())
    })
}

/// The majority filter: every pixel of the rows from `first_row` on gets the label that is most
/// frequent in the `window` x `window` pixels around it (odd, 3 to 255). If several labels are, the
/// pixel keeps its own if it is one of them, else it gets the lowest. Pixels of label 0 (nodata)
/// keep it and do not count. All rows of `filtered` are written. `labels` is only read: it is the
/// whole map or, to filter a map strip by strip, those rows and `window / 2` more on each side
/// (none beyond the map's edges). Both may be the same memory. Confidence is neither read nor
/// written.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_majority(
    labels: *const bandcluster_labels,
    filtered: *const bandcluster_labels,
    window: u32,
    first_row: u64,
    run: *const bandcluster_run,
) -> bandcluster_status {
    guard(|| {
        let majority = Majority::new(window)?;
        // SAFETY: the caller's promise, here and below. What is read is copied before anything is
        // written.
        let (from, size) = {
            // SAFETY: as above.
            let view = unsafe { self::labels(labels)? };
            (view.to_vec(), view.size())
        };
        // SAFETY: as above.
        let mut to = unsafe { self::labels(filtered)? };
        let (width, rows) = to.size();
        let first = usize::try_from(first_row).unwrap_or(usize::MAX);
        let Some(last) = first.checked_add(rows).filter(|last| *last <= size.1 && width == size.0)
        else {
            return invalid_argument(format!(
                "rows {first_row} and on, {width} x {rows} pixels, are not within labels of {} x \
                 {} pixels",
                size.0, size.1
            ));
        };
        if let Some(label) =
            from.iter().find(|label| usize::from(**label) > to.label_type().max_classes())
        {
            return invalid_argument(format!(
                "label {label} does not fit in labels of one byte: use 16-bit labels"
            ));
        }
        let mut out = vec![0; width * rows];
        // SAFETY: as above.
        unsafe { with_run(run, |run| majority.filter(&from, width, first..last, &mut out, run))? };
        to.copy_from(&out)
    })
}

/// Counts the labels of a map, or of a part of it: adds the pixels of each label to `counts`, from
/// 0 (nodata) to `length` - 1. A larger label is an error, and nothing is added. Confidence is not
/// read.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_count_labels(
    labels: *const bandcluster_labels,
    counts: *mut u64,
    length: u64,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let found = count(&unsafe { labels_as_raster(labels)? });
        let most = found.iter().rposition(|count| *count > 0).unwrap_or(0);
        if most as u64 >= length {
            return invalid_argument(format!(
                "there is a label {most}, and counts has {length} numbers: give one for each \
                 label from 0 to the largest"
            ));
        }
        // SAFETY: as above.
        unsafe { borrow_mut(counts, "counts")? };
        // SAFETY: as above.
        let counts = unsafe { std::slice::from_raw_parts_mut(counts, most + 1) };
        counts.iter_mut().zip(found).for_each(|(sum, count)| *sum += count);
        Ok(())
    })
}

/// The number of pixels of each label that its type can have, in an image of one band.
fn count(labels: &Raster) -> Vec<u64> {
    fn tiles<T: Sample>(labels: &Raster, mut each: impl FnMut(&[T])) {
        let mut tile = Tile::new(1);
        for index in 0..labels.n_tiles() {
            tile.fill(labels, index);
            each(tile.band(0));
        }
    }
    let mut counts = vec![0; 1 << (8 * labels.sample_type().size())];
    match labels.sample_type() {
        SampleType::U8 => tiles(labels, |labels| count_bytes(labels, &mut counts)),
        _ => tiles::<u16>(labels, |labels| count_words(labels.iter().copied(), &mut counts)),
    }
    counts
}

/// The area of a pixel in each of `n_rows` rows of a grid of longitudes and latitudes, in square
/// metres. The half axes of the ellipsoid are in metres. Rows lie between neighbouring `latitudes`,
/// of which there is one more than rows, and pixels are `width` wide (both in radians). The closed
/// formula of a zone of the ellipsoid is used (Snyder 1987, equation 3-12).
#[no_mangle]
pub unsafe extern "C" fn bandcluster_row_areas(
    semi_major: f64,
    semi_minor: f64,
    latitudes: *const f64,
    n_rows: u64,
    width: f64,
    areas: *mut f64,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        unsafe { borrow(latitudes, "latitudes")? };
        // SAFETY: as above.
        unsafe { borrow_mut(areas, "areas")? };
        let n_rows = length(n_rows)?;
        // SAFETY: as above.
        let latitudes = unsafe { std::slice::from_raw_parts(latitudes, n_rows + 1) };
        let found = Ellipsoid::new(semi_major, semi_minor)?.row_areas(latitudes, width)?;
        // SAFETY: as above.
        unsafe { areas.copy_from_nonoverlapping(found.as_ptr(), found.len()) };
        Ok(())
    })
}

/// The number of rows, if memory can hold them.
fn length(n_rows: u64) -> Result<usize> {
    match usize::try_from(n_rows) {
        Ok(n_rows) if n_rows < isize::MAX as usize / 8 => Ok(n_rows),
        _ => invalid_argument(format!("{n_rows} rows are more than memory can hold")),
    }
}
