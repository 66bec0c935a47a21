//! Weighted moments of points about an origin: what expectation-maximisation sums.

use macro_rules_attribute::apply;

use crate::raster::TILE;

/// Sums that run side by side: the order of additions is the same on any machine.
const LANES: usize = 8;

/// The weight, the sum of offsets, and the sum of products of offsets (bands x bands, the lower
/// triangle), of weighted points about an origin.
#[derive(Debug, Clone)]
pub struct Moments {
    /// Sum of the weights.
    pub weight: f64,
    /// Per band.
    pub first: Vec<f64>,
    /// Row by row: the products of each band with itself and the bands before it.
    pub second: Vec<f64>,
}

impl Moments {
    /// Moments of no points.
    pub fn new(n_bands: usize) -> Moments {
        Moments {
            weight: 0.0,
            first: vec![0.0; n_bands],
            second: vec![0.0; n_bands * (n_bands + 1) / 2],
        }
    }

    /// Adds a tile of points (band by band, [`TILE`] apart), each with its weight. `offsets` has
    /// room for a tile.
    ///
    /// # Panics
    /// When there are more points than a tile has, or samples and offsets are too short.
    pub fn add(&mut self, origin: &[f64], samples: &[f64], weights: &[f64], offsets: &mut [f64]) {
        add(self, origin, samples, weights, offsets);
    }
}

#[apply(vectors)]
fn add(
    moments: &mut Moments,
    origin: &[f64],
    samples: &[f64],
    weights: &[f64],
    offsets: &mut [f64],
) {
    let len = weights.len();
    for ((samples, offsets), origin) in
        samples.chunks(TILE).zip(offsets.chunks_mut(TILE)).zip(origin)
    {
        for (offset, sample) in offsets[..len].iter_mut().zip(&samples[..len]) {
            *offset = sample - origin;
        }
    }
    moments.weight += sum(len, |i| weights[i]);
    let mut weighted = [0.0; TILE];
    let mut seconds = moments.second.iter_mut();
    for band in 0..origin.len() {
        let row = &offsets[band * TILE..][..len];
        for ((weighted, offset), weight) in weighted[..len].iter_mut().zip(row).zip(weights) {
            *weighted = weight * offset;
        }
        let weighted = &weighted[..len];
        moments.first[band] += sum(len, |i| weighted[i]);
        for (other, second) in offsets.chunks(TILE).take(band + 1).zip(&mut seconds) {
            let other = &other[..len];
            *second += sum(len, |i| weighted[i] * other[i]);
        }
    }
}

#[inline(always)]
fn sum(len: usize, term: impl Fn(usize) -> f64) -> f64 {
    let mut sums = [0.0; LANES];
    let full_lanes = len / LANES * LANES;
    for start in (0..full_lanes).step_by(LANES) {
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum += term(start + lane);
        }
    }
    let rest: f64 = (full_lanes..len).map(&term).sum();
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_the_sums() {
        let samples: Vec<f64> = (0..2 * TILE).map(|i| (i * 7919 % 100) as f64).collect();
        let mut moments = Moments::new(2);
        let mut offsets = vec![0.0; 2 * TILE];
        let origin = [10.0, 20.0];
        for len in [3, 100, TILE] {
            let weights: Vec<f64> = (0..len).map(|i| (i % 5) as f64).collect();
            let mut expected = moments.clone();
            for (i, weight) in weights.iter().enumerate() {
                let [a, b] = [samples[i] - origin[0], samples[TILE + i] - origin[1]];
                expected.weight += weight;
                [a, b]
                    .iter()
                    .zip(&mut expected.first)
                    .for_each(|(value, sum)| *sum += weight * value);
                let products = [a * a, b * a, b * b];
                products
                    .iter()
                    .zip(&mut expected.second)
                    .for_each(|(value, sum)| *sum += weight * value);
            }
            moments.add(&origin, &samples, &weights, &mut offsets);
            // Whole numbers: exact in any order.
            assert_eq!((moments.weight, &moments.first), (expected.weight, &expected.first));
            assert_eq!(moments.second, expected.second);
        }
    }
}
