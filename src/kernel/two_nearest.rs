//! The two nearest centres of each of some points, with their distances: what iterations on the
//! cells of a summary need.

use macro_rules_attribute::apply;

use super::Centers;
use crate::raster::TILE;

/// Points that are compared side by side: several vectors, so that compilers make loops of them.
const LANES: usize = 64;

/// For each point of a tile, its nearest centre (0-based) and the second nearest, with their
/// squared distances. If there is only one centre, it is also the second, infinitely far.
pub struct TwoNearest {
    pub nearest: [u16; TILE],
    pub distance: [f64; TILE],
    pub next: [u16; TILE],
    pub next_distance: [f64; TILE],
}

impl TwoNearest {
    /// Buffers for a tile.
    pub fn new() -> TwoNearest {
        TwoNearest {
            nearest: [0; TILE],
            distance: [0.0; TILE],
            next: [0; TILE],
            next_distance: [0.0; TILE],
        }
    }

    /// Finds the two nearest centres of `len` points, the lower ones if two are equally near.
    /// `samples` holds the points band by band, [`TILE`] apart. Each lane of a vector computes what
    /// plain code does, without fused operations: the result is the same on any machine.
    ///
    /// # Panics
    /// When there are more points than a tile has, or `samples` is too short.
    pub fn find(&mut self, centers: &Centers, samples: &[f64], len: usize) {
        find(centers, samples, len, self);
    }
}

impl Default for TwoNearest {
    fn default() -> TwoNearest {
        TwoNearest::new()
    }
}

#[apply(vectors)]
fn find(centers: &Centers, samples: &[f64], len: usize, found: &mut TwoNearest) {
    for start in (0..len).step_by(LANES) {
        let mut lanes = Lanes {
            nearest: [0; LANES],
            next: [0; LANES],
            distance: [f64::INFINITY; LANES],
            next_distance: [f64::INFINITY; LANES],
        };
        for center in 0..centers.len() {
            // A number of bands known at compile time is faster.
            let sum = match centers.n_bands() {
                3 => distances::<3>(centers, center, samples, start),
                4 => distances::<4>(centers, center, samples, start),
                _ => distances_of_any(centers, center, samples, start),
            };
            lanes.compare(center as u64, &sum);
        }
        let (nearest, next) =
            (&mut found.nearest[start..start + LANES], &mut found.next[start..start + LANES]);
        // A plain loop: the compiler does not always make vectors of an array's `map`.
        for lane in 0..LANES {
            nearest[lane] = lanes.nearest[lane] as u16;
            next[lane] = lanes.next[lane] as u16;
        }
        found.distance[start..start + LANES].copy_from_slice(&lanes.distance);
        found.next_distance[start..start + LANES].copy_from_slice(&lanes.next_distance);
    }
}

/// The squared distances of some points from one centre.
#[inline(always)]
fn distances<const BANDS: usize>(
    centers: &Centers,
    center: usize,
    samples: &[f64],
    start: usize,
) -> [f64; LANES] {
    let (row, weights) = (&centers.row(center)[..BANDS], &centers.weights()[..BANDS]);
    let samples = &samples[start..(BANDS - 1) * TILE + start + LANES];
    let mut sums = [0.0; LANES];
    for (lane, sum) in sums.iter_mut().enumerate() {
        for band in 0..BANDS {
            let difference = (samples[band * TILE + lane] - row[band]) * weights[band];
            *sum += difference * difference;
        }
    }
    sums
}

/// [`distances`] in any number of bands.
#[inline(always)]
fn distances_of_any(
    centers: &Centers,
    center: usize,
    samples: &[f64],
    start: usize,
) -> [f64; LANES] {
    let mut sums = [0.0; LANES];
    let bands = samples.chunks(TILE).zip(centers.row(center)).zip(centers.weights());
    for ((samples, value), weight) in bands {
        for (sum, sample) in sums.iter_mut().zip(&samples[start..start + LANES]) {
            let difference = (sample - value) * weight;
            *sum += difference * difference;
        }
    }
    sums
}

/// The two nearest centres so far. All numbers have the same size, as vectors need it.
struct Lanes {
    nearest: [u64; LANES],
    next: [u64; LANES],
    distance: [f64; LANES],
    next_distance: [f64; LANES],
}

impl Lanes {
    #[inline(always)]
    fn compare(&mut self, center: u64, sum: &[f64; LANES]) {
        for (lane, &sum) in sum.iter().enumerate() {
            // Everything is read before anything is chosen: choices between values in registers
            // need no branch.
            let (nearest, next) = (self.nearest[lane], self.next[lane]);
            let (distance, next_distance) = (self.distance[lane], self.next_distance[lane]);
            let (is_first, is_second) = (sum < distance, sum < next_distance);
            let other = if is_second { center } else { next };
            let other_distance = if is_second { sum } else { next_distance };
            self.next[lane] = if is_first { nearest } else { other };
            self.next_distance[lane] = if is_first { distance } else { other_distance };
            self.nearest[lane] = if is_first { center } else { nearest };
            self.distance[lane] = if is_first { sum } else { distance };
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use rand_core::RngCore;
    use rand_pcg::Pcg64Mcg;

    use super::*;

    #[test]
    fn are_the_two_nearest() {
        let mut random = Pcg64Mcg::new(3);
        for (n_bands, k) in [(1, 1), (3, 2), (4, 20), (13, 7)] {
            let mut number = || f64::from(random.next_u32() % 50);
            let samples: Vec<f64> = (0..n_bands * TILE).map(|_| number()).collect();
            let values = Array2::from_shape_fn((k, n_bands), |_| number());
            let centers =
                Centers::new(values, (1..=n_bands).map(|band| 1.0 / band as f64).collect());
            let mut found = TwoNearest::new();
            for len in [1, 7, 8, 9, 100, TILE] {
                found.find(&centers, &samples, len);
                for i in 0..len {
                    let distance =
                        |center| centers.squared_distance(center, |band| samples[band * TILE + i]);
                    let mut order: Vec<usize> = (0..k).collect();
                    order.sort_by(|a, b| distance(*a).total_cmp(&distance(*b)));
                    assert_eq!(
                        (usize::from(found.nearest[i]), found.distance[i]),
                        (order[0], distance(order[0]))
                    );
                    if k > 1 {
                        assert_eq!(
                            (usize::from(found.next[i]), found.next_distance[i]),
                            (order[1], distance(order[1]))
                        );
                    }
                }
            }
        }
    }
}
