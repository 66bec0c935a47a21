//! The majority filter: every pixel of a map takes the class that is most frequent around it.

use std::ops::Range;
use std::sync::Mutex;

use crate::error::{invalid_argument, Result};
use crate::progress::Run;

/// The largest window: a larger one leaves few details of a map.
const LARGEST: u32 = 255;

/// Rows that a thread filters at a time.
const ROWS: usize = 64;

/// A filter with a square window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Majority {
    /// Pixels on each side of the one in the middle.
    half_window: usize,
}

/// How often each label occurs in the window, and which occurs most often.
struct Window {
    counts: Vec<u32>,
    /// How many labels occur so many times.
    with_count: Vec<u32>,
    most: usize,
}

impl Majority {
    /// A filter whose window is so many pixels wide and high.
    ///
    /// # Errors
    /// `InvalidArgument` unless it is an odd number from 3 to 255.
    pub fn new(window: u32) -> Result<Majority> {
        if window % 2 == 1 && (3..=LARGEST).contains(&window) {
            return Ok(Majority { half_window: window as usize / 2 });
        }
        invalid_argument(format!(
            "the window of the majority filter is {window}: give an odd number from 3 to \
             {LARGEST}, such as 3"
        ))
    }

    /// The half window: so many rows above and below a row decide about it.
    pub fn half_window(&self) -> usize {
        self.half_window
    }

    /// Filters some rows of `labels`, which are a map, or a strip of one that includes a half
    /// window above and below the rows (except beyond the map's own edges); row after row, each
    /// `width` wide. `out` has room for the rows. The most frequent label of the window wins. If
    /// several are equally frequent, the pixel's own wins if it is one of them, else the lowest.
    /// Pixels with label 0 (nodata) keep it and are not counted.
    ///
    /// # Errors
    /// Those of [`Run::parallel`].
    ///
    /// # Panics
    /// When the sizes do not match.
    pub fn filter(
        &self,
        labels: &[u16],
        width: usize,
        rows: Range<usize>,
        out: &mut [u16],
        run: &mut Run,
    ) -> Result<()> {
        assert!(labels.len() >= rows.end * width && out.len() == rows.len() * width);
        let n_labels = labels.iter().max().map_or(1, |most| usize::from(*most) + 1);
        let parts: Vec<_> = out.chunks_mut(ROWS * width).map(Mutex::new).collect();
        let mut windows: Vec<_> = (0..run.threads().min(parts.len()))
            .map(|_| Window::new(n_labels, 2 * self.half_window + 1))
            .collect();
        run.parallel("filtering", parts.len(), &mut windows, |window, part, _| {
            let mut out = parts[part].lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            for (row, out) in (rows.start + part * ROWS..).zip(out.chunks_exact_mut(width)) {
                self.row(labels, width, row, window, out);
            }
            Ok(())
        })
    }

    /// Filters a row, with a window that slides along it.
    fn row(&self, labels: &[u16], width: usize, row: usize, window: &mut Window, out: &mut [u16]) {
        let height = labels.len() / width;
        let around = row.saturating_sub(self.half_window)..(row + self.half_window + 1).min(height);
        let column = |x: usize| around.clone().map(move |y| labels[y * width + x]);
        window.clear();
        (0..self.half_window.min(width))
            .for_each(|x| column(x).for_each(|label| window.add(label)));
        for (x, out) in out.iter_mut().enumerate() {
            if let Some(left) = x.checked_sub(self.half_window + 1) {
                column(left).for_each(|label| window.remove(label));
            }
            if x + self.half_window < width {
                column(x + self.half_window).for_each(|label| window.add(label));
            }
            let own = labels[row * width + x];
            *out = if own == 0 || window.is_most(own) {
                own
            } else {
                let columns =
                    x.saturating_sub(self.half_window)..(x + self.half_window + 1).min(width);
                let lowest = columns.flat_map(column).filter(|label| window.is_most(*label)).min();
                lowest.unwrap_or(own)
            };
        }
    }
}

impl Window {
    fn new(n_labels: usize, side: usize) -> Window {
        Window { counts: vec![0; n_labels], with_count: vec![0; side * side + 1], most: 0 }
    }

    fn clear(&mut self) {
        self.counts.fill(0);
        self.with_count.fill(0);
        self.most = 0;
    }

    fn add(&mut self, label: u16) {
        if label != 0 {
            let count = &mut self.counts[usize::from(label)];
            self.with_count[*count as usize] = self.with_count[*count as usize].wrapping_sub(1);
            *count += 1;
            self.with_count[*count as usize] = self.with_count[*count as usize].wrapping_add(1);
            self.most = self.most.max(*count as usize);
        }
    }

    fn remove(&mut self, label: u16) {
        if label != 0 {
            let count = &mut self.counts[usize::from(label)];
            self.with_count[*count as usize] = self.with_count[*count as usize].wrapping_sub(1);
            // One of the most frequent labels has one pixel less now, so some label still has
            // `most - 1`.
            if *count as usize == self.most && self.with_count[self.most] == 0 {
                self.most -= 1;
            }
            *count -= 1;
            self.with_count[*count as usize] = self.with_count[*count as usize].wrapping_add(1);
        }
    }

    fn is_most(&self, label: u16) -> bool {
        label != 0 && self.counts[usize::from(label)] as usize == self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the filter should give, pixel by pixel.
    fn plain(labels: &[u16], width: usize, half_window: usize) -> Vec<u16> {
        let height = labels.len() / width;
        let of = |x: usize, y: usize| {
            let mut counts = std::collections::BTreeMap::new();
            for j in y.saturating_sub(half_window)..(y + half_window + 1).min(height) {
                for i in x.saturating_sub(half_window)..(x + half_window + 1).min(width) {
                    *counts.entry(labels[j * width + i]).or_insert(0) += 1;
                }
            }
            counts.remove(&0);
            let (own, most) = (labels[y * width + x], counts.values().copied().max().unwrap_or(0));
            match own {
                0 => 0,
                own if counts[&own] == most => own,
                _ => *counts.iter().find(|(_, count)| **count == most).unwrap().0,
            }
        };
        (0..labels.len()).map(|i| of(i % width, i / width)).collect()
    }

    /// A speckled map with nodata.
    fn speckled(width: usize, height: usize) -> Vec<u16> {
        let mut state = 7u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 16
        };
        (0..width * height).map(|_| [0, 1, 1, 2, 3, 3, 300][next() as usize % 7]).collect()
    }

    #[test]
    fn it_is_the_plain_filter_whatever_strips_and_threads() {
        for (width, height) in [(1, 1), (2, 300), (97, 150)] {
            let labels = speckled(width, height);
            for window in [3, 5, 11] {
                let filter = Majority::new(window).unwrap();
                let expected = plain(&labels, width, filter.half_window());
                for (threads, strip) in [(1, height), (3, height), (2, 13)] {
                    let mut found = Vec::new();
                    for first in (0..height).step_by(strip) {
                        let rows = first..(first + strip).min(height);
                        let from = first.saturating_sub(filter.half_window());
                        let to = (rows.end + filter.half_window()).min(height);
                        let mut out = vec![9; rows.len() * width];
                        let local = rows.start - from..rows.end - from;
                        let part = &labels[from * width..to * width];
                        filter
                            .filter(part, width, local, &mut out, &mut Run::silent(threads))
                            .unwrap();
                        found.extend(out);
                    }
                    assert!(
                        found == expected,
                        "{width} x {height}, window {window}, strips of {strip}"
                    );
                }
            }
        }
    }

    #[test]
    fn ties_keep_the_own_class_and_nodata_has_no_voice() {
        let filter = Majority::new(3).unwrap();
        let row = |labels: &[u16]| {
            let mut out = vec![0; labels.len()];
            filter.filter(labels, labels.len(), 0..1, &mut out, &mut Run::silent(1)).unwrap();
            out
        };
        assert_eq!(row(&[1, 2, 3]), [1, 2, 3]);
        assert_eq!(row(&[0, 2, 0, 0, 1]), [0, 2, 0, 0, 1]);
        assert_eq!(row(&[1, 2, 1, 1]), [1, 1, 1, 1]);
    }

    #[test]
    fn windows_are_odd() {
        for window in [0, 1, 2, 4, 257] {
            assert!(Majority::new(window)
                .unwrap_err()
                .to_string()
                .contains(&format!("is {window}: give an odd")));
        }
    }
}
