//! Cells that lie across the border between two centres: the share of their pixels that is nearer
//! to the other centre.
//!
//! Without this, all pixels of a cell go where its mean goes. Then steps on wide cells end
//! elsewhere than steps on pixels, and jump when a mean crosses a border. With this, steps are
//! smooth and end nearly where steps on pixels do.

use ndarray::Array1;

use crate::kernel::{padded, Centers, Part, Parts, TwoNearest};
use crate::summary::Spread;

/// Across a border, the pixels of a cell are assumed to follow Epanechnikov's kernel: a parabola
/// that ends at this many standard deviations, `sqrt(5)`. (It lies between the uniform and the
/// normal distribution, and needs no functions that differ between machines.)
const SUPPORT: f64 = 2.23606797749979;

/// With more centres, nothing is kept for each pair.
const MOST_CACHED: usize = 256;

/// Finds the shares of cells beyond the borders of centres.
pub(super) struct Border<'a> {
    centers: &'a Centers,
    spread: &'a Spread,
    /// The largest standard deviation in any direction, in scaled units, if cells are equally wide.
    largest_std: f64,
    /// What is known of each pair of centres, if cells are equally wide and centres few.
    cached: Vec<Option<Crossing>>,
    /// How the last cell looked at lies across the border, if cells differ or centres are many.
    last: Option<Crossing>,
    /// The cell of the first point of those found.
    pub first: usize,
}

/// How the pixels of a cell lie across the border between two centres.
#[derive(Clone)]
struct Crossing {
    /// Distance between the centres.
    apart: f64,
    /// How far the cell's pixels extend from its mean, across the border.
    support: f64,
    /// Per band, for a cell whose mean lies on the border: the sum of the deviations of the pixels
    /// beyond it from the cell's mean, divided by the number of all pixels in the cell. Padded.
    moment: Vec<f64>,
}

impl<'a> Border<'a> {
    pub fn new(centers: &'a Centers, spread: &'a Spread) -> Border<'a> {
        let variances = spread.covariance.diag();
        let scaled = variances
            .iter()
            .zip(centers.weights())
            .map(|(variance, weight)| variance * weight * weight);
        let largest_std = scaled.sum::<f64>().sqrt();
        let is_cached = spread.widths.is_none() && centers.len() <= MOST_CACHED;
        let cached = vec![None; if is_cached { centers.len() * centers.len() } else { 0 }];
        Border { centers, spread, largest_std, cached, last: None, first: 0 }
    }

    /// No pixel of a cell is beyond a border, if the cell's mean is nearer to its centre than to
    /// any other by this much, in scaled units. (The centres are at most as far apart as the sum of
    /// both distances.) Given is the cell's largest width.
    pub fn margin(&self, widest: f64) -> f64 {
        2.0 * SUPPORT * self.largest_std * widest
    }

    /// The part of a cell's pixels that is nearer to the next centre than to the nearest, given the
    /// squared distances of its mean from both; `None` if all are on one side.
    #[inline(always)]
    fn beyond(&mut self, cell: usize, nearest: (u16, f64), next: (u16, f64)) -> Option<Part<'_>> {
        let pair = (usize::from(nearest.0), usize::from(next.0));
        let twice_apart_times_distance = next.1 - nearest.1;
        let crossing = if self.cached.is_empty() {
            if !self.may_cross(cell, pair, twice_apart_times_distance) {
                return None;
            }
            self.last = Some(self.crossing(cell, pair));
            self.last.as_ref()
        } else {
            let index = pair.0 * self.centers.len() + pair.1;
            if self.cached[index].is_none() {
                self.cached[index] = Some(self.crossing(cell, pair));
            }
            self.cached[index].as_ref()
        };
        crossing.and_then(|crossing| crossing.part(twice_apart_times_distance))
    }

    /// Whether the cell may be wide enough to cross the border: a quick test.
    fn may_cross(
        &self,
        cell: usize,
        (from, to): (usize, usize),
        twice_apart_times_distance: f64,
    ) -> bool {
        let widths = self.spread.widths.as_ref().map(|widths| widths.row(cell));
        let widest = widths.map_or(1.0, |widths| widths.iter().copied().fold(0.0, f64::max));
        let apart = self.centers.squared_distance(from, |band| self.centers.row(to)[band]).sqrt();
        twice_apart_times_distance < 2.0 * apart * SUPPORT * widest * self.largest_std
    }

    fn crossing(&self, cell: usize, (from, to): (usize, usize)) -> Crossing {
        let widths = self.spread.widths.as_ref().map(|widths| widths.row(cell));
        let (from_row, to_row) = (self.centers.row(from), self.centers.row(to));
        let apart = self.centers.squared_distance(from, |band| to_row[band]).sqrt();
        // The direction across the border, scaled so that its product with a deviation is a
        // distance in scaled units.
        let across = from_row.iter().zip(to_row).zip(self.centers.weights());
        let mut across: Array1<f64> =
            across.map(|((from, to), weight)| weight * weight * (to - from) / apart).collect();
        if let Some(widths) = widths {
            across *= &widths;
        }
        let mut covariance = self.spread.covariance.dot(&across);
        let variance = covariance.dot(&across);
        if let Some(widths) = widths {
            covariance *= &widths;
        }
        let support = SUPPORT * variance.sqrt();
        let mut moment = (covariance * (3.0 / 16.0 * support / variance)).to_vec();
        moment.resize(padded(moment.len()), 0.0);
        Crossing { apart, support, moment }
    }
}

impl Crossing {
    /// The part of a cell beyond the border. If both centres are equal, `u` is NaN, and nothing is
    /// beyond.
    #[inline(always)]
    fn part(&self, twice_apart_times_distance: f64) -> Option<Part<'_>> {
        let u = twice_apart_times_distance / (2.0 * self.apart * self.support);
        let share = (2.0 - 3.0 * u + u * u * u) / 4.0;
        let is_beyond = u < 1.0 && share > 0.0;
        is_beyond.then(|| Part { share, moment: &self.moment, factor: (1.0 - u * u).powi(2) })
    }
}

impl Parts for Border<'_> {
    #[inline(always)]
    fn part(&mut self, found: &TwoNearest, point: usize) -> Option<Part<'_>> {
        let nearest = (found.nearest[point], found.distance[point]);
        let next = (found.next[point], found.next_distance[point]);
        if next.1 == f64::INFINITY {
            return None;
        }
        self.beyond(self.first + point, nearest, next)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn half_of_a_cell_on_the_border_is_beyond() {
        let centers = Centers::new(array![[0.0, 0.0], [10.0, 0.0]], vec![1.0; 2]);
        let widths = Some(array![[1.0, 1.0], [0.5, 1.0]]);
        let spread = Spread { covariance: array![[4.0, 1.0], [1.0, 2.0]], widths };
        let mut border = Border::new(&centers, &spread);
        let part = border.beyond(0, (0, 25.0), (1, 25.0)).expect("half of the cell");
        assert_eq!((part.share, part.factor), (0.5, 1.0));
        // The mean deviation of half of the parabola is 3/8 of its support. The second band follows
        // by its covariance.
        let mean = 3.0 / 8.0 * SUPPORT * 2.0;
        assert!((2.0 * part.moment[0] - mean).abs() < 1e-12);
        assert!((2.0 * part.moment[1] - mean / 4.0).abs() < 1e-12);
        // At 4 from the border: within the support of a wide cell, but not of a narrow one.
        assert!(border.beyond(0, (0, 1.0), (1, 81.0)).is_some());
        assert!(border.beyond(1, (0, 1.0), (1, 81.0)).is_none());
        assert!(border.beyond(0, (0, 1.0), (0, f64::INFINITY)).is_none());
    }
}
