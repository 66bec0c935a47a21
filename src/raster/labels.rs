//! The labels that predict writes, in borrowed memory.

use std::marker::PhantomData;

use super::view::Layout;
use super::{Raster, SampleType, TILE, TILES_PER_TASK};
use crate::error::{invalid_argument, Result};
use crate::progress::Run;

/// The type of a label: 0 is nodata, classes are 1 to k.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelType {
    /// One byte: up to 255 classes.
    U8,
    /// Two bytes: up to 65535 classes.
    U16,
}

impl LabelType {
    /// The smallest type that holds `n_classes` classes.
    pub fn for_classes(n_classes: usize) -> LabelType {
        if n_classes <= 255 {
            LabelType::U8
        } else {
            LabelType::U16
        }
    }

    /// The largest class.
    pub fn max_classes(self) -> usize {
        match self {
            LabelType::U8 => 255,
            LabelType::U16 => 65535,
        }
    }

    /// The sample type of labels that are read as an image.
    pub fn sample_type(self) -> SampleType {
        match self {
            LabelType::U8 => SampleType::U8,
            LabelType::U16 => SampleType::U16,
        }
    }

    /// Size of a label in bytes.
    pub fn size(self) -> usize {
        match self {
            LabelType::U8 => 1,
            LabelType::U16 => 2,
        }
    }
}

/// Memory for the labels of an image, with any strides.
pub struct LabelsMut<'a> {
    first: *mut u8,
    label_type: LabelType,
    layout: Layout,
    /// The memory of each label's confidence, if it is wanted: a `f32` at these strides.
    confidence: Option<(*mut u8, Layout)>,
    lifetime: PhantomData<&'a mut u8>,
}

/// What is written for the pixels of a tile.
pub(crate) struct TileLabels {
    pub labels: [u16; TILE],
    /// 0 to 1, NaN for a pixel without a label; meaningless unless wanted.
    pub confidence: [f32; TILE],
    pub wants_confidence: bool,
}

// SAFETY: `from_raw`'s caller vouches that the memory is this view's alone.
unsafe impl Send for LabelsMut<'_> {}
// SAFETY: through a shared reference only `write` reaches the memory, whose contract is that no two
// threads write one tile.
unsafe impl Sync for LabelsMut<'_> {}

impl<'a> LabelsMut<'a> {
    /// A view of memory for labels.
    ///
    /// # Errors
    /// `InvalidArgument` when the pointer is null, or the size is 0 or overflows.
    ///
    /// # Safety
    /// Every label that `layout` reaches from `first` is writable, and nothing else accesses it for
    /// `'a`; no two pixels share a byte.
    pub unsafe fn from_raw(
        first: *mut u8,
        label_type: LabelType,
        layout: Layout,
    ) -> Result<LabelsMut<'a>> {
        if first.is_null() {
            return invalid_argument("the pointer to the labels is NULL");
        }
        layout.check(label_type.size())?;
        Ok(LabelsMut { first, label_type, layout, confidence: None, lifetime: PhantomData })
    }

    /// The same labels, each with its confidence: see
    /// [`Model::predict`](crate::model::Model::predict).
    ///
    /// # Errors
    /// `InvalidArgument` when the pointer is null, or the layout is of another size than the labels
    /// or overflows.
    ///
    /// # Safety
    /// As for [`LabelsMut::from_raw`], for every `f32` that `layout` reaches from `first` (it need
    /// not be aligned).
    pub unsafe fn with_raw_confidence(
        self,
        first: *mut u8,
        layout: Layout,
    ) -> Result<LabelsMut<'a>> {
        if first.is_null() {
            return invalid_argument("the pointer to the confidence is NULL");
        }
        layout.check(size_of::<f32>())?;
        if (layout.width, layout.height) != (self.layout.width, self.layout.height) {
            return invalid_argument(format!(
                "the confidence is {} x {} pixels, the labels are {} x {}: they must be of one \
                 size",
                layout.width, layout.height, self.layout.width, self.layout.height
            ));
        }
        Ok(LabelsMut { confidence: Some((first, layout)), ..self })
    }

    /// The same labels, each with its confidence, in a slice, row after row: see
    /// [`Model::predict`](crate::model::Model::predict).
    ///
    /// # Errors
    /// `InvalidArgument` when the length of the slice is not the number of labels.
    pub fn with_confidence(self, confidence: &'a mut [f32]) -> Result<LabelsMut<'a>> {
        let (width, height) = (self.layout.width, self.layout.height);
        check_len(confidence.len(), width, height)?;
        let layout = Layout::packed(width, height, size_of::<f32>())?;
        // SAFETY: the slice is borrowed for 'a and holds a number per pixel.
        unsafe { self.with_raw_confidence(confidence.as_mut_ptr().cast(), layout) }
    }

    /// Labels of one byte in a slice, row after row.
    ///
    /// # Errors
    /// `InvalidArgument` when the slice is not `width * height` long, or that is 0.
    pub fn from_u8(labels: &'a mut [u8], width: usize, height: usize) -> Result<LabelsMut<'a>> {
        check_len(labels.len(), width, height)?;
        // SAFETY: the slice is borrowed for 'a and holds one byte per pixel.
        unsafe {
            LabelsMut::from_raw(
                labels.as_mut_ptr(),
                LabelType::U8,
                Layout::packed(width, height, 1)?,
            )
        }
    }

    /// Labels of two bytes in a slice, row after row.
    ///
    /// # Errors
    /// As [`LabelsMut::from_u8`].
    pub fn from_u16(labels: &'a mut [u16], width: usize, height: usize) -> Result<LabelsMut<'a>> {
        check_len(labels.len(), width, height)?;
        // SAFETY: the slice is borrowed for 'a and holds two bytes per pixel.
        unsafe {
            LabelsMut::from_raw(
                labels.as_mut_ptr().cast(),
                LabelType::U16,
                Layout::packed(width, height, 2)?,
            )
        }
    }

    /// The type of every label.
    pub fn label_type(&self) -> LabelType {
        self.label_type
    }

    /// Whether the confidence of each label is wanted.
    pub(crate) fn wants_confidence(&self) -> bool {
        self.confidence.is_some()
    }

    /// Width and height.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.layout.width, self.layout.height)
    }

    /// A copy of all labels, row after row.
    pub(crate) fn to_vec(&self) -> Vec<u16> {
        let (mut labels, stride) =
            (Vec::with_capacity(self.layout.width * self.layout.height), self.layout.pixel_stride);
        for row in 0..self.layout.height {
            // SAFETY: the row lies within the layout, for which `from_raw`'s caller vouches.
            let first = unsafe { self.first.offset(self.layout.offset(row, 0)) };
            // SAFETY: as above; labels of two bytes need not be aligned.
            labels.extend((0..self.layout.width as isize).map(|column| unsafe {
                let at = first.offset(column * stride);
                match self.label_type {
                    LabelType::U8 => u16::from(at.read()),
                    LabelType::U16 => at.cast::<u16>().read_unaligned(),
                }
            }));
        }
        labels
    }

    /// Writes all labels from a copy, row after row; their confidence is unchanged.
    pub(crate) fn copy_from(&mut self, labels: &[u16]) -> Result<()> {
        self.confidence = None;
        let (width, per_row) = (self.layout.width, self.layout.width.div_ceil(TILE));
        self.fill_tiles("writing", &mut Run::silent(1), &mut [()], |(), index, tile| {
            let (row, column) = (index / per_row, index % per_row * TILE);
            let part = &labels[row * width + column..][..TILE.min(width - column)];
            tile.labels[..part.len()].copy_from_slice(part);
        })
    }

    /// Checks that these labels have the size of the image and a type for so many classes.
    pub(crate) fn check_fits(&self, raster: &Raster, n_classes: usize) -> Result<()> {
        if n_classes > self.label_type.max_classes() {
            return invalid_argument(format!(
                "{n_classes} classes do not fit in labels of one byte: use 16-bit labels"
            ));
        }
        if (self.layout.width, self.layout.height) == (raster.width(), raster.height()) {
            return Ok(());
        }
        invalid_argument(format!(
            "the labels are {} x {} pixels, the image {} x {}: they must be of one size",
            self.layout.width,
            self.layout.height,
            raster.width(),
            raster.height()
        ))
    }

    /// Number of tasks of [`LabelsMut::fill_tiles`]: more workers would have nothing to do.
    pub(crate) fn n_tasks(&self) -> usize {
        self.layout.n_tiles().div_ceil(TILES_PER_TASK)
    }

    /// Writes every tile: `label(worker, index, labels)` fills in the labels of tile `index` (and
    /// their confidence), on one thread per worker. Before, both have the values of invalid pixels.
    ///
    /// # Errors
    /// As [`Run::parallel`].
    pub(crate) fn fill_tiles<W: Send>(
        &mut self,
        message: &str,
        run: &mut Run,
        workers: &mut [W],
        label: impl Fn(&mut W, usize, &mut TileLabels) + Sync,
    ) -> Result<()> {
        let n_tiles = self.layout.n_tiles();
        let this = &*self;
        run.parallel(message, self.n_tasks(), workers, |worker, task, stop| {
            let first = task * TILES_PER_TASK;
            for index in first..n_tiles.min(first + TILES_PER_TASK) {
                stop.check()?;
                let mut labels = TileLabels {
                    labels: [0; TILE],
                    confidence: [f32::NAN; TILE],
                    wants_confidence: this.wants_confidence(),
                };
                label(worker, index, &mut labels);
                // SAFETY: each task, and so each tile, is given to one worker, and `&mut self`
                // keeps others away.
                unsafe { this.write(index, &labels) };
            }
            Ok(())
        })
    }

    /// Writes the labels of tile `index`, and their confidence if it is wanted.
    ///
    /// # Safety
    /// No two threads write one tile at the same time.
    unsafe fn write(&self, index: usize, TileLabels { labels, confidence, .. }: &TileLabels) {
        if let Some((first, layout)) = self.confidence {
            let (row, column, len) = layout.tile(index);
            // SAFETY: the tile lies within the layout, for which `with_raw_confidence`'s caller
            // vouches.
            let first = unsafe { first.offset(layout.offset(row, column)) };
            for (i, confidence) in confidence[..len].iter().enumerate() {
                // SAFETY: as above; numbers need not be aligned.
                unsafe {
                    first
                        .offset(i as isize * layout.pixel_stride)
                        .cast::<f32>()
                        .write_unaligned(*confidence);
                }
            }
        }
        let (row, column, len) = self.layout.tile(index);
        let stride = self.layout.pixel_stride;
        // SAFETY: the tile lies within the layout, for which `from_raw`'s caller vouches.
        let first = unsafe { self.first.offset(self.layout.offset(row, column)) };
        for (i, label) in labels[..len].iter().enumerate() {
            // SAFETY: as above; labels of two bytes need not be aligned.
            unsafe {
                let at = first.offset(i as isize * stride);
                match self.label_type {
                    LabelType::U8 => at.write(*label as u8),
                    LabelType::U16 => at.cast::<u16>().write_unaligned(*label),
                }
            }
        }
    }
}

fn check_len(len: usize, width: usize, height: usize) -> Result<()> {
    if width.checked_mul(height) == Some(len) {
        return Ok(());
    }
    invalid_argument(format!("{len} labels do not make an image of {width} x {height} pixels"))
}
