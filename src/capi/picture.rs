//! Small copies of scenes and their labels, for reports.

use std::ffi::c_char;

use super::guard::{borrow, borrow_mut, free, give, guard, output, string};
use super::library::bandcluster_status;
use super::model::bandcluster_model;
use super::raster::{bandcluster_labels, bandcluster_raster, labels_as_raster, raster};
use crate::error::{invalid_argument, Result};
use crate::model::{default_rgb, Model};
use crate::raster::{Raster, Sample, SampleType, Tile};
use crate::report::Thumbnail;

/// A small copy of a scene and of its labels (some 1000 pixels wide, whatever the scene's size),
/// gathered block by block. It also counts the pixels of each label.
pub struct bandcluster_picture {
    pub(super) name: String,
    pub(super) thumbnail: Thumbnail,
    /// Pixels of each label, from 0 (not valid).
    pub(super) counts: Vec<u64>,
    size: (usize, usize),
    n_bands: usize,
    /// Whether other labels have replaced those that came with the blocks.
    relabelled: bool,
}

/// A blank picture of a scene of `width x height` pixels that `model` labels; `name` is what the
/// report calls the scene. `red`, `green` and `blue` are the bands (from 1) that show as these
/// colours. All 0: the first three, in the usual order for the number of bands. The caller frees it
/// with `bandcluster_picture_free`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_picture_new(
    model: *const bandcluster_model,
    name: *const c_char,
    width: u64,
    height: u64,
    red: u32,
    green: u32,
    blue: u32,
    picture: *mut *mut bandcluster_picture,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (picture, model, name) = unsafe {
            (
                output(picture, "picture")?,
                borrow(model, "model")?.model(),
                string(name, "name")?.to_string(),
            )
        };
        let rgb = rgb(model, [red, green, blue])?;
        let side = |pixels: u64| usize::try_from(pixels).ok().filter(|pixels| *pixels > 0);
        let (Some(width), Some(height)) = (side(width), side(height)) else {
            return invalid_argument(format!(
                "a picture of {width} x {height} pixels: give the scene's size"
            ));
        };
        let thumbnail = Thumbnail::new(width, height, rgb);
        let counts = vec![0; model.n_labels() + 1];
        let (size, n_bands) = ((width, height), model.n_bands());
        give(
            picture,
            bandcluster_picture { name, thumbnail, counts, size, n_bands, relabelled: false },
        );
        Ok(())
    })
}

/// The bands (from 0) that show as red, green and blue.
fn rgb(model: &Model, rgb: [u32; 3]) -> Result<[usize; 3]> {
    let n_bands = model.n_bands();
    if rgb == [0; 3] {
        return Ok(default_rgb(n_bands));
    }
    match rgb.iter().find(|band| !(1..=n_bands).contains(&(**band as usize))) {
        Some(band) => {
            invalid_argument(format!("there is no band {band}: the bands are 1 to {n_bands}"))
        }
        None => Ok(rgb.map(|band| band as usize - 1)),
    }
}

/// Adds a block of the scene with its labels: the block's first pixel is at column `x` and row `y`
/// of the scene (from 0). Each pixel is added once, in any order.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_picture_add(
    picture: *mut bandcluster_picture,
    raster: *const bandcluster_raster,
    labels: *const bandcluster_labels,
    x: u64,
    y: u64,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (picture, raster, labels) = unsafe {
            (borrow_mut(picture, "picture")?, self::raster(raster)?, labels_as_raster(labels)?)
        };
        picture.add((x, y), &raster, &labels)
    })
}

/// Replaces the labels that came with the blocks, for instance by filtered ones. `labels` are whole
/// rows of the scene; the first is row `y` (from 0). Give each row once, in any order, after all
/// blocks were added.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_picture_relabel(
    picture: *mut bandcluster_picture,
    labels: *const bandcluster_labels,
    y: u64,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (picture, labels) =
            unsafe { (borrow_mut(picture, "picture")?, labels_as_raster(labels)?) };
        picture.relabel(y, &labels)
    })
}

/// Frees a picture. NULL is ignored.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_picture_free(picture: *mut bandcluster_picture) {
    // SAFETY: the caller's promise.
    unsafe { free(picture) }
}

impl bandcluster_picture {
    fn add(&mut self, (x, y): (u64, u64), raster: &Raster, labels: &Raster) -> Result<()> {
        let size = (raster.width(), raster.height());
        if raster.n_bands() != self.n_bands {
            let (found, wanted) = (raster.n_bands(), self.n_bands);
            return invalid_argument(format!(
                "the block has {found} bands, the model {wanted}: give those of the model"
            ));
        }
        if (labels.width(), labels.height()) != size {
            return invalid_argument(format!(
                "the labels are {} x {} pixels, the block {} x {}: they must be of one size",
                labels.width(),
                labels.height(),
                size.0,
                size.1
            ));
        }
        if !fits(x, size.0, self.size.0) || !fits(y, size.1, self.size.1) {
            return invalid_argument(format!(
                "a block of {} x {} pixels at column {x} and row {y} is not within the scene of \
                 {} x {}",
                size.0, size.1, self.size.0, self.size.1
            ));
        }
        let labels = self.labels(labels)?;
        self.count(&labels);
        let part =
            self.thumbnail.frame().part((x as usize, y as usize), raster, |pixel| labels[pixel]);
        self.thumbnail.add(&part);
        Ok(())
    }

    fn relabel(&mut self, y: u64, labels: &Raster) -> Result<()> {
        let (width, height) = self.size;
        if labels.width() != width || !fits(y, labels.height(), height) {
            return invalid_argument(format!(
                "labels of {} x {} pixels at row {y} are not whole rows of the scene of {width} x \
                 {height}",
                labels.width(),
                labels.height()
            ));
        }
        let labels = self.labels(labels)?;
        if !std::mem::replace(&mut self.relabelled, true) {
            self.counts.fill(0);
        }
        self.count(&labels);
        self.thumbnail.relabel(y as usize, &labels);
        Ok(())
    }

    /// The values of labels, which must be the model's.
    fn labels(&self, labels: &Raster) -> Result<Vec<u16>> {
        let labels = match labels.sample_type() {
            SampleType::U8 => values::<u8>(labels),
            _ => values::<u16>(labels),
        };
        match labels.iter().find(|label| usize::from(**label) >= self.counts.len()) {
            Some(label) => {
                let k = self.counts.len() - 1;
                invalid_argument(format!("there is a label {label}, but the model's are 1 to {k}"))
            }
            None => Ok(labels),
        }
    }

    fn count(&mut self, labels: &[u16]) {
        labels.iter().for_each(|label| self.counts[usize::from(*label)] += 1);
    }
}

/// Whether a block's side is within the scene's.
fn fits(first: u64, len: usize, total: usize) -> bool {
    first.checked_add(len as u64).is_some_and(|end| end <= total as u64)
}

/// The values of an image of one band, row after row.
fn values<T: Sample + Into<u16>>(raster: &Raster) -> Vec<u16> {
    let mut tile = Tile::<T>::new(1);
    let mut values = Vec::with_capacity(raster.width() * raster.height());
    for index in 0..raster.n_tiles() {
        tile.fill(raster, index);
        values.extend(tile.band(0).iter().map(|value| (*value).into()));
    }
    values
}
