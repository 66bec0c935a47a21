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
        let (sums, weights) = (vec![0.0; n_centers * width], vec![0.0; n_centers]);
        WeightedSums { n_bands, sums, width, weights, rows: Vec::new() }
    }

    /// Adds each point to the centre (0-based) that `labels` names. `samples` holds the points band
    /// by band, [`TILE`] apart.
    ///
    /// # Panics
    /// When a label is not below the number of centres, or `samples` is too short.
    pub fn add(&mut self, labels: &[u16], samples: &[f64], weights: &[f64]) {
        let n_rows = (NUMBERS / self.width).max(FEWEST_ROWS);
        let mut rows = std::mem::take(&mut self.rows);
        rows.resize(n_rows * self.width, 0.0);
        let points = labels.chunks(n_rows).zip(weights.chunks(n_rows));
        for ((labels, weights), start) in points.zip((0..).step_by(n_rows)) {
            turn(&samples[start..], self.n_bands, &mut rows[..weights.len() * self.width]);
            self.add_rows(labels, &rows, weights);
        }
        self.rows = rows;
    }

    /// The same for points that lie in [padded] rows.
    ///
    /// # Panics
    /// When a label is not below the number of centres.
    pub fn add_rows(&mut self, labels: &[u16], rows: &[f64], weights: &[f64]) {
        match self.width {
            // A width known at compile time is faster.
            4 => add_rows::<4>(self, labels, rows, weights),
            16 => add_rows::<16>(self, labels, rows, weights),
            _ => add_rows::<0>(self, labels, rows, weights),
        }
    }

    /// Adds each point to its nearest centre, except the part that goes to the next one, which only
    /// points of more than one pixel have. The points lie in [padded] rows.
    ///
    /// # Panics
    /// As [`WeightedSums::add`].
    pub fn add_split(
        &mut self,
        found: &TwoNearest,
        rows: &[f64],
        weights: &[f64],
        parts: &mut impl Parts,
    ) {
        match self.width {
            4 => add_split::<_, 4>(self, found, (rows, weights), parts),
            16 => add_split::<_, 16>(self, found, (rows, weights), parts),
            _ => add_split::<_, 0>(self, found, (rows, weights), parts),
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
}

/// Turns points that lie band by band, [`TILE`] apart, into rows.
fn turn(samples: &[f64], n_bands: usize, rows: &mut [f64]) {
    let width = padded(n_bands);
    for (band, samples) in samples.chunks(TILE).take(n_bands).enumerate() {
        let column = rows[band..].iter_mut().step_by(width);
        column.zip(samples).for_each(|(to, from)| *to = *from);
    }
}

/// Adds points; `WIDTH` is that of a row, or 0.
#[apply(vectors)]
fn add_rows<const WIDTH: usize>(
    all: &mut WeightedSums,
    labels: &[u16],
    rows: &[f64],
    weights: &[f64],
) {
    let width = if WIDTH == 0 { all.width } else { WIDTH };
    for ((row, label), weight) in rows.chunks_exact(width).zip(labels).zip(weights) {
        let label = usize::from(*label);
        all.weights[label] += weight;
        add_row(&mut all.sums[label * width..][..width], row, *weight);
    }
}

#[inline(always)]
fn add_row(sums: &mut [f64], row: &[f64], weight: f64) {
    for (sums, row) in sums.chunks_exact_mut(LANES).zip(row.chunks_exact(LANES)) {
        // All lanes are computed before any is stored: so compilers make vectors of them.
        let mut lanes = [0.0; LANES];
        for (lane, (sum, sample)) in lanes.iter_mut().zip(sums.iter().zip(row)) {
            *lane = sum + weight * sample;
        }
        sums.copy_from_slice(&lanes);
    }
}

/// Adds points and moves their parts; `WIDTH` is that of a row, or 0.
#[apply(vectors)]
fn add_split<P: Parts, const WIDTH: usize>(
    all: &mut WeightedSums,
    found: &TwoNearest,
    (rows, weights): (&[f64], &[f64]),
    parts: &mut P,
) {
    let width = if WIDTH == 0 { all.width } else { WIDTH };
    for (point, (row, weight)) in rows.chunks_exact(width).zip(weights).enumerate() {
        let (nearest, next) = (usize::from(found.nearest[point]), usize::from(found.next[point]));
        all.weights[nearest] += weight;
        add_row(&mut all.sums[nearest * width..][..width], row, *weight);
        let part = if *weight > 1.0 { parts.part(found, point) } else { None };
        if let Some(part) = part {
            all.weights[nearest] -= weight * part.share;
            all.weights[next] += weight * part.share;
            move_part(&mut all.sums, (nearest * width, next * width), row, *weight, &part);
        }
    }
}

/// Moves a part of a point from one row of the sums to another; given are the places of the rows.
#[inline(always)]
fn move_part(sums: &mut [f64], (from, to): (usize, usize), row: &[f64], weight: f64, part: &Part) {
    let lanes = row.chunks_exact(LANES).zip(part.moment.chunks_exact(LANES));
    for ((row, moment), first) in lanes.zip((0..).step_by(LANES)) {
        let mut lanes = [0.0; LANES];
        for (lane, (sample, moment)) in lanes.iter_mut().zip(row.iter().zip(moment)) {
            *lane = weight * (part.share * sample + moment * part.factor);
        }
        let from = &mut sums[from + first..][..LANES];
        from.iter_mut().zip(&lanes).for_each(|(from, lane)| *from -= lane);
        let to = &mut sums[to + first..][..LANES];
        to.iter_mut().zip(&lanes).for_each(|(to, lane)| *to += lane);
    }
}

#[cfg(test)]
mod tests {
    use rand_core::RngCore;
    use rand_pcg::Pcg64Mcg;

    use super::*;

    /// Every third point of those found sends a share to its next centre.
    struct EveryThird<'m>(&'m [f64]);

    impl Parts for EveryThird<'_> {
        fn part(&mut self, _found: &TwoNearest, point: usize) -> Option<Part<'_>> {
            let share = 0.1 + point as f64 / 1000.0;
            (point % 3 == 0).then_some(Part { share, moment: self.0, factor: 0.7 })
        }
    }

    /// Sums are those of plain code that takes one point after the other, bit for bit: from tiles,
    /// from rows, and with parts that go to the next centre.
    #[test]
    fn sums_are_those_of_one_point_after_the_other() {
        let mut random = Pcg64Mcg::new(6);
        for (n_bands, k, len) in [(1, 1, 1), (3, 4, 77), (4, 5, TILE), (13, 9, 500), (40, 3, 33)] {
            let mut number = || f64::from(random.next_u32()) / 1e5;
            let samples: Vec<f64> = (0..n_bands * TILE).map(|_| number()).collect();
            let weights: Vec<f64> = (0..len).map(|_| number().round() + 1.0).collect();
            let labels: Vec<u16> = (0..len).map(|_| number() as u16 % k as u16).collect();
            let mut moment: Vec<f64> = (0..n_bands).map(|_| number()).collect();
            moment.resize(padded(n_bands), 0.0);
            let mut rows = vec![0.0; len * padded(n_bands)];
            turn(&samples, n_bands, &mut rows);
            let mut found = TwoNearest::new();
            found.nearest[..len].copy_from_slice(&labels);
            let next = |label: u16| (label + 1) % k as u16;
            found.next.iter_mut().zip(&labels).for_each(|(to, label)| *to = next(*label));

            let new = || WeightedSums::new(k, n_bands);
            let (mut of_tile, mut of_rows, mut split) = (new(), new(), new());
            of_tile.add(&labels, &samples, &weights);
            of_rows.add_rows(&labels, &rows, &weights);
            split.add_split(&found, &rows, &weights, &mut EveryThird(&moment));

            let mut whole = (vec![0.0; k * n_bands], vec![0.0; k]);
            let mut parted = whole.clone();
            for (point, (label, weight)) in labels.iter().zip(&weights).enumerate() {
                let (own, other) = (usize::from(*label), usize::from(next(*label)));
                whole.1[own] += weight;
                parted.1[own] += weight;
                for band in 0..n_bands {
                    whole.0[own * n_bands + band] += weight * samples[band * TILE + point];
                    parted.0[own * n_bands + band] += weight * samples[band * TILE + point];
                }
                let mut parts = EveryThird(&moment);
                let part = parts.part(&found, point).filter(|_| *weight > 1.0);
                let Some(part) = part else { continue };
                parted.1[own] -= weight * part.share;
                parted.1[other] += weight * part.share;
                for (band, moment) in moment[..n_bands].iter().enumerate() {
                    let sample = samples[band * TILE + point];
                    let sum = weight * (part.share * sample + moment * 0.7);
                    parted.0[own * n_bands + band] -= sum;
                    parted.0[other * n_bands + band] += sum;
                }
            }
            for (sums, (expected, sizes)) in
                [(of_tile, &whole), (of_rows, &whole), (split, &parted)]
            {
                let found: Vec<f64> = (0..k).flat_map(|center| sums.of(center).to_vec()).collect();
                assert_eq!(&found, expected, "{n_bands} bands");
                assert_eq!(sums.weights(), sizes);
            }
        }
    }
}
