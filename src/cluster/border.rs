//! Cells that lie across the border between two centres: which part of their pixels is nearer to the other one.
//!
//! Without this, all pixels of a cell go where its mean goes: with wide cells, steps on cells lead elsewhere than steps on pixels, and
//! jump where a mean crosses a border. With it, they lead nearly where the pixels do, smoothly.

use ndarray::Array1;

use crate::kernel::Centers;
use crate::summary::Spread;

/// The pixels of a cell are taken to be distributed as Epanechnikov's kernel across a border: a parabola that ends at this many
/// standard deviations, `sqrt(5)`. (It stands between the uniform and the normal, and wants no functions that differ
/// between machines.)
const REACH: f64 = 2.23606797749979;

/// Looks at cells about the borders of centres.
pub(super) struct Border<'a> {
    centers: &'a Centers,
    spread: &'a Spread,
    /// No direction has a standard deviation above this, in scaled units, where cells are alike.
    largest_std: f64,
    /// Per band: of the pixels beyond the border, the sum of their deviations from the cell's mean, divided by the number of
    /// all pixels in the cell. Of the last cell looked at.
    pub moment: Array1<f64>,
}

impl<'a> Border<'a> {
    pub fn new(centers: &'a Centers, spread: &'a Spread) -> Border<'a> {
        let variances = spread.covariance.diag();
        let scaled =
            variances.iter().zip(centers.weights()).map(|(variance, weight)| variance * weight * weight);
        let largest_std = scaled.sum::<f64>().sqrt();
        Border { centers, spread, largest_std, moment: Array1::zeros(centers.n_bands()) }
    }

    /// The share of a cell's pixels that is nearer to the next centre than to the nearest, given the squared distances of its mean from
    /// both; 0 where all are on one side. See [`Border::moment`].
    pub fn beyond(&mut self, cell: usize, nearest: (u16, f64), next: (u16, f64)) -> f64 {
        let [from, to] = [nearest.0, next.0].map(|center| self.centers.row(usize::from(center)));
        let apart = self.centers.squared_distance(usize::from(nearest.0), |band| to[band]).sqrt();
        let distance = (next.1 - nearest.1) / (2.0 * apart);
        let widths = self.spread.widths.as_ref().map(|widths| widths.row(cell));
        let widest = widths.map_or(1.0, |widths| widths.iter().copied().fold(0.0, f64::max));
        // Not a number where both centres are the same.
        let is_near = distance < REACH * widest * self.largest_std;
        if !is_near {
            return 0.0;
        }
        // The direction across the border, such that its product with a deviation is a scaled distance.
        let weights = self.centers.weights().iter();
        let across = from
            .iter()
            .zip(to)
            .zip(weights)
            .map(|((from, to), weight)| weight * weight * (to - from) / apart);
        let mut across: Array1<f64> = across.collect();
        if let Some(widths) = widths {
            across *= &widths;
        }
        let mut covariance = self.spread.covariance.dot(&across);
        let variance = covariance.dot(&across);
        if let Some(widths) = widths {
            covariance *= &widths;
        }
        let reach = REACH * variance.sqrt();
        let is_near = distance < reach;
        if !is_near {
            return 0.0;
        }
        let u = distance / reach;
        let deviation = 3.0 / 16.0 * reach * (1.0 - u * u).powi(2);
        self.moment = covariance * (deviation / variance);
        (2.0 - 3.0 * u + u * u * u) / 4.0
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
        assert_eq!(border.beyond(0, (0, 25.0), (1, 25.0)), 0.5);
        // The mean deviation of half of the parabola is 3/8 of its reach; the second band follows with its covariance.
        let mean = 3.0 / 8.0 * REACH * 2.0;
        assert!((2.0 * border.moment[0] - mean).abs() < 1e-12);
        assert!((2.0 * border.moment[1] - mean / 4.0).abs() < 1e-12);
        // 4 from the border: within reach of a wide cell, not of a narrow one.
        assert!(border.beyond(0, (0, 1.0), (1, 81.0)) > 0.0);
        assert_eq!(border.beyond(1, (0, 1.0), (1, 81.0)), 0.0);
        assert_eq!(border.beyond(0, (0, 1.0), (0, f64::INFINITY)), 0.0);
    }
}
