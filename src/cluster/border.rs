//! Cells that lie across the border between two centres: which part of their pixels is nearer to
//! the other one.
//!
//! Without this, all pixels of a cell go where its mean goes: with wide cells, steps on cells lead
//! elsewhere than steps on pixels, and jump where a mean crosses a border. With it, they lead
//! nearly where the pixels do, smoothly.

use ndarray::Array1;

use crate::kernel::Centers;
use crate::summary::Spread;

/// The pixels of a cell are taken to be distributed as Epanechnikov's kernel across a border: a
/// parabola that ends at this many standard deviations, `sqrt(5)`. (It stands between the uniform
/// and the normal, and wants no functions that differ between machines.)
const SUPPORT: f64 = 2.23606797749979;

/// Most centres for which what is known of each pair is kept.
const MOST_KEPT: usize = 256;

/// Looks at cells about the borders of centres.
pub(super) struct Border<'a> {
    centers: &'a Centers,
    spread: &'a Spread,
    /// No direction has a standard deviation above this, in scaled units, where cells are alike.
    largest_std: f64,
    /// What is known of each pair of centres, where cells are alike and centres few.
    kept: Vec<Option<Crossing>>,
    /// Per band: of the pixels beyond the border, the sum of their deviations from the cell's mean,
    /// divided by the number of all pixels in the cell. Of the last cell looked at.
    pub moment: Array1<f64>,
}

/// How the pixels of a cell lie across the border of two centres.
#[derive(Clone)]
struct Crossing {
    /// Distance of the centres.
    apart: f64,
    /// Where the cell's pixels end, from its mean, across the border.
    support: f64,
    /// Per band, the moment of a cell whose mean lies on the border.
    moment: Array1<f64>,
}

impl<'a> Border<'a> {
    pub fn new(centers: &'a Centers, spread: &'a Spread) -> Border<'a> {
        let variances = spread.covariance.diag();
        let scaled = variances
            .iter()
            .zip(centers.weights())
            .map(|(variance, weight)| variance * weight * weight);
        let largest_std = scaled.sum::<f64>().sqrt();
        let is_kept = spread.widths.is_none() && centers.len() <= MOST_KEPT;
        let kept = vec![None; if is_kept { centers.len() * centers.len() } else { 0 }];
        Border { centers, spread, largest_std, kept, moment: Array1::zeros(centers.n_bands()) }
    }

    /// The share of a cell's pixels that is nearer to the next centre than to the nearest, given
    /// the squared distances of its mean from both; 0 where all are on one side. See
    /// [`Border::moment`].
    pub fn beyond(&mut self, cell: usize, nearest: (u16, f64), next: (u16, f64)) -> f64 {
        let pair = (usize::from(nearest.0), usize::from(next.0));
        let twice_apart_times_distance = next.1 - nearest.1;
        if self.kept.is_empty() {
            if !self.may_cross(cell, pair, twice_apart_times_distance) {
                return 0.0;
            }
            let crossing = self.crossing(cell, pair);
            return share(&crossing, twice_apart_times_distance, &mut self.moment);
        }
        let index = pair.0 * self.centers.len() + pair.1;
        if self.kept[index].is_none() {
            self.kept[index] = Some(self.crossing(cell, pair));
        }
        let Border { kept, moment, .. } = self;
        kept[index]
            .as_ref()
            .map_or(0.0, |crossing| share(crossing, twice_apart_times_distance, moment))
    }

    /// Whether the cell may be so wide: a look that is quicker than to tell.
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
        // The direction across the border, such that its product with a deviation is a scaled
        // distance.
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
        Crossing { apart, support, moment: covariance * (3.0 / 16.0 * support / variance) }
    }
}

/// The share beyond the border of a cell, and its moment. Where both centres are the same, `u` is
/// NaN, and nothing is beyond.
fn share(crossing: &Crossing, twice_apart_times_distance: f64, moment: &mut Array1<f64>) -> f64 {
    let u = twice_apart_times_distance / (2.0 * crossing.apart * crossing.support);
    let is_near = u < 1.0;
    if !is_near {
        return 0.0;
    }
    let factor = (1.0 - u * u).powi(2);
    moment.iter_mut().zip(&crossing.moment).for_each(|(to, from)| *to = from * factor);
    (2.0 - 3.0 * u + u * u * u) / 4.0
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
        assert_eq!(border.beyond(0, (0, 25.0), (1, 25.0)), 0.5);
        // The mean deviation of half of the parabola is 3/8 of its support; the second band follows
        // with its covariance.
        let mean = 3.0 / 8.0 * SUPPORT * 2.0;
        assert!((2.0 * border.moment[0] - mean).abs() < 1e-12);
        assert!((2.0 * border.moment[1] - mean / 4.0).abs() < 1e-12);
        // 4 from the border: within the support of a wide cell, not of a narrow one.
        assert!(border.beyond(0, (0, 1.0), (1, 81.0)) > 0.0);
        assert_eq!(border.beyond(1, (0, 1.0), (1, 81.0)), 0.0);
        assert_eq!(border.beyond(0, (0, 1.0), (0, f64::INFINITY)), 0.0);
    }
}
