//! Weighted sums of the points of each centre, in the order of the points: what a step of Lloyd's
//! algorithm needs.

use macro_rules_attribute::apply;

use super::TwoNearest;
use crate::raster::TILE;

/// Bands that are added at once: rows of sums and of samples are padded to a multiple.
const LANES: usize = 4;

/// Numbers in the points that are turned into rows at once, which stay near the processor; and the
/// fewest of these points.
const NUMBERS: usize = 512;
const FEWEST_ROWS: usize = 8;

/// For each centre, the sum of the weights of its points, and in each band the sum of their samples
/// times their weights.
pub struct WeightedSums {
    n_bands: usize,
    /// Centres x bands, each row padded to `width`.
    sums: Vec<f64>,
    width: usize,
    weights: Vec<f64>,
    /// Some points of a tile, row by row. (In the tile, the samples of a point are a page apart, so
    /// that they share one set of cache lines, which does not hold many.)
    rows: Vec<f64>,
}

/// The part of a point that does not go to its nearest centre.
pub struct Part<'a> {
    /// The share of the point that goes to the next centre.
    pub share: f64,
    /// Per band, times `factor`: what to add to the samples of that share. [Padded](padded).
    pub moment: &'a [f64],
    pub factor: f64,
}

/// Tells which part of a point goes to the next centre.
pub trait Parts {
    /// The part of a point of those found, if there is any.
    fn part(&mut self, found: &TwoNearest, point: usize) -> Option<Part<'_>>;
}

/// A number of bands, padded as rows of sums are.
pub fn padded(n_bands: usize) -> usize {
    n_bands.next_multiple_of(LANES)
}

impl WeightedSums {
    /// The sums of no points yet.
    pub fn new(n_centers: usize, n_bands: usize) -> WeightedSums {
        let width = padded(n_bands);
        let n_rows = (NUMBERS / width).max(FEWEST_ROWS);
        WeightedSums {
            n_bands,
            sums: vec![0.0; n_centers * width],
            width,
            weights: vec![0.0; n_centers],
            rows: vec![0.0; n_rows * width],
        }
    }

    /// Adds each point to the centre (0-based) that `labels` names. `samples` holds the points band
    /// by band, [`TILE`] apart.
    ///
    /// # Panics
    /// When a label is not below the number of centres, or `samples` is too short.
    pub fn add(&mut self, labels: &[u16], samples: &[f64], weights: &[f64]) {
        match self.width {
            // A width known at compile time is faster.
            4 => add::<4>(self, labels, samples, weights),
            16 => add::<16>(self, labels, samples, weights),
            _ => add::<0>(self, labels, samples, weights),
        }
    }

    /// Adds each point to its nearest centre, except the part that goes to the next one, which only
    /// points of more than one pixel have.
    ///
    /// # Panics
    /// As [`WeightedSums::add`].
    pub fn add_split(
        &mut self,
        found: &TwoNearest,
        samples: &[f64],
        weights: &[f64],
        parts: &mut impl Parts,
    ) {
        match self.width {
            4 => add_split::<_, 4>(self, found, (samples, weights), parts),
            16 => add_split::<_, 16>(self, found, (samples, weights), parts),
            _ => add_split::<_, 0>(self, found, (samples, weights), parts),
        }
    }

    /// Adds the sums of other points.
    pub fn merge(&mut self, other: &WeightedSums) {
        self.sums.iter_mut().zip(&other.sums).for_each(|(sum, other)| *sum += other);
        self.weights.iter_mut().zip(&other.weights).for_each(|(sum, other)| *sum += other);
    }

    /// The sums of the weights of each centre.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The sums of a centre, per band.
    pub fn of(&self, center: usize) -> &[f64] {
        &self.sums[center * self.width..][..self.n_bands]
    }

    /// Turns some points of a tile into rows, as many as there is room for.
    #[inline(always)]
    fn turn(&mut self, samples: &[f64], start: usize, len: usize) {
        for (band, samples) in samples.chunks(TILE).take(self.n_bands).enumerate() {
            let column = self.rows[band..].iter_mut().step_by(self.width);
            column.zip(&samples[start..start + len]).for_each(|(to, from)| *to = *from);
        }
    }
}

/// Adds points; `WIDTH` is that of a row, or 0.
#[apply(vectors)]
fn add<const WIDTH: usize>(
    all: &mut WeightedSums,
    labels: &[u16],
    samples: &[f64],
    weights: &[f64],
) {
    let width = if WIDTH == 0 { all.width } else { WIDTH };
    let n_rows = all.rows.len() / width;
    for (index, (labels, weights)) in labels.chunks(n_rows).zip(weights.chunks(n_rows)).enumerate()
    {
        all.turn(samples, index * n_rows, weights.len());
        let WeightedSums { sums, rows, weights: of_centers, .. } = &mut *all;
        for ((row, label), weight) in rows.chunks_exact(width).zip(labels).zip(weights) {
            let label = usize::from(*label);
            of_centers[label] += weight;
            add_row(&mut sums[label * width..][..width], row, *weight);
        }
    }
}

#[inline(always)]
fn add_row(sums: &mut [f64], row: &[f64], weight: f64) {
    for (sums, row) in sums.chunks_exact_mut(LANES).zip(row.chunks_exact(LANES)) {
        sums.iter_mut().zip(row).for_each(|(sum, sample)| *sum += weight * sample);
    }
}

/// Adds points and moves their parts; `WIDTH` is that of a row, or 0.
#[apply(vectors)]
fn add_split<P: Parts, const WIDTH: usize>(
    all: &mut WeightedSums,
    found: &TwoNearest,
    (samples, weights): (&[f64], &[f64]),
    parts: &mut P,
) {
    let width = if WIDTH == 0 { all.width } else { WIDTH };
    let n_rows = all.rows.len() / width;
    for (index, weights) in weights.chunks(n_rows).enumerate() {
        let first = index * n_rows;
        all.turn(samples, first, weights.len());
        let WeightedSums { sums, rows, weights: of_centers, .. } = &mut *all;
        for ((row, weight), point) in rows.chunks_exact(width).zip(weights).zip(first..) {
            let (nearest, next) =
                (usize::from(found.nearest[point]), usize::from(found.next[point]));
            of_centers[nearest] += weight;
            add_row(&mut sums[nearest * width..][..width], row, *weight);
            if *weight <= 1.0 {
                continue;
            }
            if let Some(part) = parts.part(found, point) {
                of_centers[nearest] -= weight * part.share;
                of_centers[next] += weight * part.share;
                move_part(sums, (nearest * width, next * width), row, *weight, &part);
            }
        }
    }
}

/// Moves a part of a point from one row of the sums to another; given are the places of the rows.
#[inline(always)]
fn move_part(
    sums: &mut [f64],
    (from, to): (usize, usize),
    row: &[f64],
    weight: f64,
    part: &Part,
) {
    let lanes = row.chunks_exact(LANES).zip(part.moment.chunks_exact(LANES));
    for ((row, moment), first) in lanes.zip((0..).step_by(LANES)) {
        let mut sum = [0.0; LANES];
        for (sum, (sample, moment)) in sum.iter_mut().zip(row.iter().zip(moment)) {
            *sum = weight * (part.share * sample + moment * part.factor);
        }
        let from = &mut sums[from + first..][..LANES];
        from.iter_mut().zip(&sum).for_each(|(from, sum)| *from -= sum);
        let to = &mut sums[to + first..][..LANES];
        to.iter_mut().zip(&sum).for_each(|(to, sum)| *to += sum);
    }
}
