//! A buffer for the labels of a block.

use crate::error::Result;
use crate::gdal::blocks::Window;
use crate::gdal::ffi;
use crate::kernel::{count_bytes, count_words};
use crate::raster::{LabelType, LabelsMut, Raster};

/// Labels of one or two bytes, row after row, and their confidence if it is wanted: filled by
/// predict, written to files.
pub struct LabelBuf {
    bytes: Vec<u8>,
    label_type: LabelType,
    /// Floats of four bytes.
    confidence: Option<Vec<u8>>,
}

impl LabelBuf {
    /// An empty buffer.
    pub(in crate::gdal) fn new(label_type: LabelType, with_confidence: bool) -> LabelBuf {
        LabelBuf { bytes: Vec::new(), label_type, confidence: with_confidence.then(Vec::new) }
    }

    /// Makes room for the labels of a window, for predict to write.
    ///
    /// # Errors
    /// `InvalidArgument` when the window is empty.
    pub fn for_window(&mut self, window: Window) -> Result<LabelsMut<'_>> {
        self.bytes.resize(window.n_pixels() * self.label_type.size(), 0);
        if let Some(confidence) = &mut self.confidence {
            confidence.resize(window.n_pixels() * size_of::<f32>(), 0);
        }
        let confidence = self.confidence.as_deref_mut();
        ffi::labels_over(&mut self.bytes, confidence, self.label_type, window.width, window.height)
    }

    /// The labels of a window, for reading.
    ///
    /// # Errors
    /// `InvalidArgument` when the window is empty.
    pub fn view(&self, window: Window) -> Result<Raster<'_>> {
        ffi::labels_in(&self.bytes, self.label_type, window.width, window.height)
    }

    /// Takes labels that exist already.
    pub(in crate::gdal) fn set(&mut self, labels: &[u16]) {
        self.bytes.clear();
        match self.label_type {
            LabelType::U8 => self.bytes.extend(labels.iter().map(|label| *label as u8)),
            LabelType::U16 => {
                self.bytes.extend(labels.iter().flat_map(|label| label.to_ne_bytes()))
            }
        }
    }

    /// Makes the labels of a window all 0: none of its pixels is valid.
    pub fn clear(&mut self, window: Window) {
        self.bytes.clear();
        self.bytes.resize(window.n_pixels() * self.label_type.size(), 0);
        if let Some(confidence) = &mut self.confidence {
            *confidence = f32::NAN.to_ne_bytes().repeat(window.n_pixels());
        }
    }

    /// The labels as bytes in the machine's order.
    pub(in crate::gdal) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Their confidence, as bytes in the machine's order.
    pub(in crate::gdal) fn confidence(&self) -> Option<&[u8]> {
        self.confidence.as_deref()
    }

    /// Label of pixel `index`, counted row after row.
    pub fn get(&self, index: usize) -> u16 {
        match self.label_type {
            LabelType::U8 => u16::from(self.bytes[index]),
            LabelType::U16 => {
                u16::from_ne_bytes([self.bytes[2 * index], self.bytes[2 * index + 1]])
            }
        }
    }

    /// Gives every label its new value: `values[i]` for label `i + 1`, if the buffer's type can
    /// hold it.
    pub fn renumber(&mut self, values: &[u32]) {
        // Label 0 stays, and so do labels without a value.
        let new = |label: u16| match values.get(usize::from(label).wrapping_sub(1)) {
            Some(value) => *value as u16,
            None => label,
        };
        match self.label_type {
            LabelType::U8 => {
                self.bytes.iter_mut().for_each(|label| *label = new(u16::from(*label)) as u8)
            }
            LabelType::U16 => self.bytes.chunks_exact_mut(2).for_each(|label| {
                label.copy_from_slice(&new(u16::from_ne_bytes([label[0], label[1]])).to_ne_bytes());
            }),
        }
    }

    /// Adds the number of pixels of each label to `counts`, which has an entry for every possible
    /// label.
    pub fn count(&self, counts: &mut [u64]) {
        match self.label_type {
            LabelType::U8 => count_bytes(&self.bytes, counts),
            LabelType::U16 => count_words((0..self.bytes.len() / 2).map(|i| self.get(i)), counts),
        }
    }
}
