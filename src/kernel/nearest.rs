//! The nearest centre of each pixel of a tile.

use multiversion::multiversion;

use super::Centers;
use crate::raster::TILE;

/// Pixels that are compared side by side: four vectors of eight or eight of four.
const LANES: usize = 16;

/// Finds the nearest centre of every pixel, the lower one where two are equally near, and its squared distance.
///
/// `samples` holds the pixels band by band, [`TILE`] apart; only the first `labels.len()` of each band are read,
/// rounded up to a whole number of vectors.
///
/// Bit for bit what [`nearest_reference`] gives on any machine: each lane does the same operations in the same
/// order, and nothing is fused.
///
/// # Panics
/// When a slice is too short.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2", "aarch64+neon"))]
pub fn nearest(centers: &Centers, samples: &[f64], labels: &mut [u16], distances: &mut [f64]) {
    let n_bands = centers.n_bands();
    let len = labels.len();
    assert!(len <= TILE && samples.len() >= n_bands * TILE && distances.len() >= len);
    for start in (0..len).step_by(LANES) {
        let mut best = [f64::INFINITY; LANES];
        let mut label = [0u64; LANES];
        for center in 0..centers.len() {
            let mut sum = [0.0; LANES];
            for (band, (value, weight)) in centers.row(center).iter().zip(centers.weights()).enumerate() {
                let lanes = &samples[band * TILE + start..][..LANES];
                for lane in 0..LANES {
                    let difference = (lanes[lane] - value) * weight;
                    sum[lane] += difference * difference;
                }
            }
            for lane in 0..LANES {
                let nearer = sum[lane] < best[lane];
                best[lane] = if nearer { sum[lane] } else { best[lane] };
                label[lane] = if nearer { center as u64 } else { label[lane] };
            }
        }
        let lanes = LANES.min(len - start);
        for lane in 0..lanes {
            labels[start + lane] = label[lane] as u16;
            distances[start + lane] = best[lane];
        }
    }
}

/// The plain reference of [`nearest`]: one pixel after the other.
pub fn nearest_reference(centers: &Centers, samples: &[f64], labels: &mut [u16], distances: &mut [f64]) {
    for (i, (label, distance)) in labels.iter_mut().zip(distances).enumerate() {
        (*label, *distance) = (0, f64::INFINITY);
        for center in 0..centers.len() {
            let candidate = centers.squared_distance(center, |band| samples[band * TILE + i]);
            if candidate < *distance {
                (*label, *distance) = (center as u16, candidate);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use rand_core::RngCore;
    use rand_pcg::Pcg64Mcg;

    use super::*;

    /// Every length around the edges of a vector, few and many centres, weighted or not, with ties.
    #[test]
    fn equals_the_reference_bit_for_bit() {
        let mut random = Pcg64Mcg::new(1);
        for (n_bands, n_centers) in [(1, 1), (3, 4), (4, 20), (13, 7), (6, 300)] {
            let mut number = || (random.next_u32() % 50) as f64;
            let samples: Vec<f64> = (0..n_bands * TILE).map(|_| number()).collect();
            let values = Array2::from_shape_fn((n_centers, n_bands), |_| number());
            for weights in [vec![1.0; n_bands], (1..=n_bands).map(|band| 1.0 / band as f64).collect()] {
                let centers = Centers::new(values.clone(), weights);
                for len in [1, 2, 15, 16, 17, 31, 33, 500, TILE] {
                    let (mut fast, mut plain) =
                        ((vec![0; len], vec![0.0; len]), (vec![0; len], vec![0.0; len]));
                    nearest(&centers, &samples, &mut fast.0, &mut fast.1);
                    nearest_reference(&centers, &samples, &mut plain.0, &mut plain.1);
                    assert_eq!(fast, plain, "{n_bands} bands, {n_centers} centres, {len} pixels");
                }
            }
        }
    }

    #[test]
    fn takes_the_lower_of_two_equally_near_centres() {
        let centers = Centers::new(Array2::from_shape_vec((3, 1), vec![4.0, 2.0, 2.0]).unwrap(), vec![1.0]);
        let samples = vec![3.0; TILE];
        let (mut labels, mut distances) = ([9u16; 1], [0.0; 1]);
        nearest(&centers, &samples, &mut labels, &mut distances);
        assert_eq!((labels, distances), ([0], [1.0]));
    }
}
