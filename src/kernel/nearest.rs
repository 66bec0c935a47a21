//! The nearest centre of each pixel of a tile. Many centres are searched through groups: see
//! [`super::grouped`].
//!
//! Centres are ranked in single precision, eight or sixteen pixels at once, with a bound on the
//! rounding error. If the best centre leads the second by less than the bound (a few pixels in a
//! thousand), the distances are compared in double precision. So the labels are those of
//! [`Centers::nearest`], bit for bit, on any machine.

use macro_rules_attribute::apply;
use multiversion::target::target_cfg_f;

use super::centers::{Centers, RoughCenters};
use crate::raster::{Sample, TILE};

/// Pixels that are compared side by side: two vectors of eight.
const LANES: usize = 16;

/// Half the distance between 1 and the next single-precision number.
const ROUNDING: f32 = f32::EPSILON / 2.0;

/// Buffers to find the nearest centres of a tile's pixels.
pub struct NearestSearch {
    /// The pixels in the form of [`RoughCenters`](super::centers::RoughCenters), band by band,
    /// [`TILE`] apart.
    scaled: Vec<f32>,
    /// For each pixel, the sum of the magnitudes of its scaled samples (L1 norm) and the sum of
    /// their squares.
    l1_norm: [f32; TILE],
    square: [f32; TILE],
    labels: [u16; TILE],
    /// An upper bound of each pixel's squared distance from its centre.
    farthest: [f32; TILE],
    /// A lower bound of each pixel's squared distance from all other centres.
    others: [f32; TILE],
    /// Pixels whose two best centres are too close to call.
    undecided: Vec<usize>,
}

impl NearestSearch {
    /// Buffers for pixels of `n_bands` bands.
    pub fn new(n_bands: usize) -> NearestSearch {
        NearestSearch {
            scaled: vec![0.0; n_bands * TILE],
            l1_norm: [0.0; TILE],
            square: [0.0; TILE],
            labels: [0; TILE],
            farthest: [0.0; TILE],
            others: [0.0; TILE],
            undecided: Vec::with_capacity(TILE),
        }
    }

    /// Finds the nearest centre (0-based) of every valid pixel, the lower one if two are equally
    /// near. `samples` holds the pixels band by band, [`TILE`] apart; `valid` is 1 for valid
    /// pixels. The labels of other pixels mean nothing.
    ///
    /// Returns the labels, and for each pixel an upper bound of its squared distance. See
    /// [`NearestSearch::found`].
    ///
    /// # Panics
    /// When there are more pixels than a tile has, or `samples` is too short.
    pub fn search<T: Sample>(
        &mut self,
        centers: &Centers,
        samples: &[T],
        valid: &[u8],
    ) -> (&[u16], &[f32]) {
        let len = valid.len();
        if let Some(grouped) = &centers.grouped {
            grouped.search(samples, valid, &mut self.labels[..len], &mut self.farthest[..len]);
            self.others[..len].fill(0.0);
            return (&self.labels[..len], &self.farthest[..len]);
        }
        scale(centers, samples, len, self);
        rank(centers, len, self);
        for &i in self.undecided.iter().filter(|&&i| i < len && valid[i] == 1) {
            self.labels[i] = centers.nearest(|band| samples[band * TILE + i].to_f64());
            self.others[i] = 0.0;
        }
        (&self.labels[..len], &self.farthest[..len])
    }

    /// What the last search returned; and for each pixel a lower bound of its squared distance from
    /// all centres but its own: 0 or less if none is known, as for two equally near ones, or among
    /// many.
    pub fn found(&self) -> (&[u16], &[f32], &[f32]) {
        (&self.labels, &self.farthest, &self.others)
    }
}

/// The squared distance of every point from one centre. `samples` holds the points band by band,
/// [`TILE`] apart.
#[apply(vectors)]
pub fn squared_distances(centers: &Centers, center: usize, samples: &[f64], distances: &mut [f64]) {
    distances.fill(0.0);
    for ((samples, value), weight) in
        samples.chunks(TILE).zip(centers.row(center)).zip(centers.weights())
    {
        for (distance, sample) in distances.iter_mut().zip(samples) {
            let difference = (sample - value) * weight;
            *distance += difference * difference;
        }
    }
}

/// The squared distance of every point from its own centre, the one (0-based) that `labels` gives:
/// that of [`Centers::squared_distance`], bit for bit. `samples` holds the points band by band,
/// [`TILE`] apart.
#[apply(vectors)]
pub fn squared_distances_to_own(
    centers: &Centers,
    labels: &[u16],
    samples: &[f64],
    distances: &mut [f64],
) {
    distances.fill(0.0);
    // A power of two, so that no index needs a check, and lookups run on vectors.
    let mut column = vec![0.0; centers.len().next_power_of_two()];
    let last = column.len() - 1;
    let values = centers.values();
    let bands = samples.chunks(TILE).zip(centers.weights()).zip(values.columns());
    for ((samples, weight), values) in bands {
        column.iter_mut().zip(values).for_each(|(to, value)| *to = *value);
        let column = &column[..=last];
        for ((distance, sample), label) in distances.iter_mut().zip(samples).zip(labels) {
            let difference = (sample - column[usize::from(*label) & last]) * weight;
            *distance += difference * difference;
        }
    }
}

/// Scales samples about the origin, and computes the norms of each pixel. The relative error of the
/// scaled samples is at most `3 * ROUNDING`.
#[apply(vectors)]
fn scale<T: Sample>(centers: &Centers, samples: &[T], len: usize, search: &mut NearestSearch) {
    let NearestSearch { scaled, l1_norm, square, .. } = search;
    let (l1_norm, square) = (&mut l1_norm[..len], &mut square[..len]);
    l1_norm.fill(0.0);
    square.fill(0.0);
    let bands = samples.chunks(TILE).zip(scaled.chunks_exact_mut(TILE));
    let placed = centers.rough.origin.iter().zip(&centers.rough.weights).zip(centers.weights());
    for ((samples, scaled), ((origin, weight), exact_weight)) in bands.zip(placed) {
        let (samples, scaled) = (&samples[..len], &mut scaled[..len]);
        for (to, from) in scaled.iter_mut().zip(samples) {
            *to = if T::CODE_BITS <= 16 {
                // Samples of 16 bits are exact in single precision.
                (from.to_f32() - origin) * weight
            } else {
                ((from.to_f64() - f64::from(*origin)) * exact_weight) as f32
            };
        }
        for ((l1_norm, square), scaled) in l1_norm.iter_mut().zip(square.iter_mut()).zip(&*scaled) {
            *l1_norm += scaled.abs();
            *square += scaled * scaled;
        }
    }
}

/// Ranks the centres for every pixel.
///
/// The rounding error of a score of `n` bands is below
/// `(n + 8) * ROUNDING * (l1_norm * largest component + largest half square)`: 3 roundings in the
/// pixel and one in the centre of each product, `n + 1` in the sum, one in the half square. The
/// double-precision distances that decide have rounding errors too, below `(n + 3) * 2^-53` of
/// their size, and tiny numbers have fewer bits. A number that is not finite leaves its pixel
/// undecided.
#[apply(vectors)]
fn rank(centers: &Centers, len: usize, search: &mut NearestSearch) {
    search.undecided.clear();
    let roundings = 2.0 * (centers.n_bands() + 10) as f32 * ROUNDING;
    let (largest_square, largest) = centers.rough.largest;
    let error_bound = |l1_norm: f32| {
        roundings * (largest_square + l1_norm * largest)
            + 1e-36
            + roundings * ROUNDING * 0.25 * l1_norm * l1_norm
    };
    for start in (0..len).step_by(LANES) {
        // A number of bands known at compile time is twice as fast: loops over three or four bands
        // are unrolled.
        let Ranked { label, best, second } = match centers.n_bands() {
            3 => rank_lanes::<3>(
                &centers.rough,
                &search.scaled,
                start,
                target_cfg_f!(target_feature = "fma"),
            ),
            4 => rank_lanes::<4>(
                &centers.rough,
                &search.scaled,
                start,
                target_cfg_f!(target_feature = "fma"),
            ),
            _ => rank_lanes::<0>(
                &centers.rough,
                &search.scaled,
                start,
                target_cfg_f!(target_feature = "fma"),
            ),
        };
        let (l1_norm, square) =
            (&search.l1_norm[start..start + LANES], &search.square[start..start + LANES]);
        let labels = &mut search.labels[start..start + LANES];
        let farthest = &mut search.farthest[start..start + LANES];
        let others = &mut search.others[start..start + LANES];
        let mut leads = [false; LANES];
        // A plain loop: the compiler does not always make vectors of an array's `map`.
        for lane in 0..LANES {
            let bound = error_bound(l1_norm[lane]);
            leads[lane] = second[lane] - best[lane] > bound;
            farthest[lane] = (2.0 * best[lane] + square[lane] * (1.0 + roundings) + 2.0 * bound)
                * (1.0 + 4.0 * ROUNDING);
            let lower = (2.0 * second[lane] + square[lane] * (1.0 - roundings) - 2.0 * bound)
                * (1.0 - 4.0 * ROUNDING);
            // Doubles may hold what is infinite here.
            others[lane] = if lower == f32::INFINITY { f32::MAX } else { lower };
            labels[lane] = label[lane] as u16;
        }
        if leads.contains(&false) {
            search
                .undecided
                .extend((0..LANES).filter(|&lane| !leads[lane]).map(|lane| start + lane));
        }
    }
}

/// The result of ranking for each lane: the centre with the lowest score, that score and the next.
struct Ranked {
    label: [u32; LANES],
    best: [f32; LANES],
    second: [f32; LANES],
}

/// Ranks the centres for the pixels from `start` on; `BANDS` is their number of bands, or 0.
#[inline(always)]
fn rank_lanes<const BANDS: usize>(
    rough: &RoughCenters,
    scaled: &[f32],
    start: usize,
    fused: bool,
) -> Ranked {
    let n_bands = if BANDS == 0 { rough.origin.len() } else { BANDS };
    let scaled = &scaled[start..(n_bands - 1) * TILE + start + LANES];
    let mut ranked =
        Ranked { label: [0; LANES], best: [f32::INFINITY; LANES], second: [f32::INFINITY; LANES] };
    let rows = rough.minus.chunks_exact(n_bands).zip(&rough.half_squares);
    for ((row, half_square), center) in rows.zip(0u32..) {
        let mut score = [*half_square; LANES];
        for band in 0..n_bands {
            let lanes = &scaled[band * TILE..][..LANES];
            for lane in 0..LANES {
                // If the machine has no fused product, asking for one would call a function.
                score[lane] = if cfg!(target_arch = "aarch64") || fused {
                    lanes[lane].mul_add(row[band], score[lane])
                } else {
                    lanes[lane] * row[band] + score[lane]
                };
            }
        }
        let Ranked { label, best, second } = &mut ranked;
        for lane in 0..LANES {
            let nearer = score[lane] < best[lane];
            let loser = if nearer { best[lane] } else { score[lane] };
            second[lane] = if loser < second[lane] { loser } else { second[lane] };
            best[lane] = if nearer { score[lane] } else { best[lane] };
            label[lane] = if nearer { center } else { label[lane] };
        }
    }
    ranked
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use rand_core::RngCore;
    use rand_pcg::Pcg64Mcg;

    use super::*;
    use crate::progress::Stop;

    /// Labels and bounds of distances are those of plain double precision.
    fn check<T: Sample>(samples: &[T], centers: &Centers, len: usize) {
        let mut search = NearestSearch::new(centers.n_bands());
        let (labels, farthest) = search.search(centers, samples, &[1; TILE][..len]);
        for i in 0..len {
            let sample = |band: usize| samples[band * TILE + i].to_f64();
            assert_eq!(labels[i], centers.nearest(sample), "pixel {i} of {len}");
            let distance = centers.squared_distance(usize::from(labels[i]), sample);
            assert!(
                f64::from(farthest[i]) >= distance || farthest[i].is_nan(),
                "{} {distance}",
                farthest[i]
            );
        }
        let (labels, _, others) = search.found();
        for (i, label) in labels.iter().take(len).enumerate() {
            let distance =
                |center| centers.squared_distance(center, |band| samples[band * TILE + i].to_f64());
            let other_centers = (0..centers.len()).filter(|center| *center != usize::from(*label));
            let least = other_centers.map(distance).fold(f64::INFINITY, f64::min);
            assert!(f64::from(others[i]) <= least || others[i].is_nan(), "{} {least}", others[i]);
        }
    }

    #[test]
    fn distances_from_own_centres_are_those_of_one_point() {
        let mut random = Pcg64Mcg::new(4);
        for (n_bands, n_centers, len) in [(1, 1, 5), (4, 10, TILE), (13, 7, 33), (3, 300, 500)] {
            let mut number = || f64::from(random.next_u32()) / 7.0 - 2e8;
            let samples: Vec<f64> = (0..n_bands * TILE).map(|_| number()).collect();
            let values = Array2::from_shape_fn((n_centers, n_bands), |_| number());
            let weights = (1..=n_bands).map(|band| 1.0 / band as f64).collect();
            let centers = Centers::new(values, weights);
            let labels: Vec<u16> = (0..len).map(|i| (i * 31 % n_centers) as u16).collect();
            let mut distances = vec![f64::NAN; len];
            squared_distances_to_own(&centers, &labels, &samples, &mut distances);
            for (i, (distance, label)) in distances.iter().zip(&labels).enumerate() {
                let sample = |band: usize| samples[band * TILE + i];
                let expected = centers.squared_distance(usize::from(*label), sample);
                assert_eq!(distance.to_bits(), expected.to_bits(), "point {i}");
            }
        }
    }

    /// Every length around the edges of a vector; few and many centres; with and without weights;
    /// ties.
    #[test]
    fn equals_the_reference() {
        let mut random = Pcg64Mcg::new(1);
        for (n_bands, n_centers) in [(1, 1), (3, 4), (4, 20), (13, 7), (6, 300)] {
            let mut number = || (random.next_u32() % 50) as u16;
            let samples: Vec<u16> = (0..n_bands * TILE).map(|_| number()).collect();
            let values = Array2::from_shape_fn((n_centers, n_bands), |_| f64::from(number()));
            for weights in
                [vec![1.0; n_bands], (1..=n_bands).map(|band| 1.0 / band as f64).collect()]
            {
                let centers = Centers::new(values.clone(), weights);
                for len in [1, 2, 15, 16, 17, 31, 33, 500, TILE] {
                    check(&samples, &centers, len);
                }
            }
        }
    }

    /// Pixels of a scene: as near to centres as pixels are, with ties, equal centres, and NaN.
    #[test]
    fn guesses_lead_to_the_nearest() {
        let mut random = Pcg64Mcg::new(2);
        for (n_bands, n_centers, values) in
            [(1, 100, 40), (2, 400, 1000), (4, 500, 6), (4, 2000, 3000), (6, 700, 90)]
        {
            let mut number = || f64::from(random.next_u32() % values);
            let centers = Array2::from_shape_fn((n_centers, n_bands), |_| 3e8 + number());
            let mut samples: Vec<f64> = (0..n_bands * TILE).map(|_| 3e8 + number()).collect();
            (samples[7], samples[8]) = (f64::NAN, 1e300);
            let weights: Vec<f64> = (1..=n_bands).map(|band| 1.0 / band as f64).collect();
            let mut centers = Centers::new(centers, weights);
            centers.prepare_for_points(&Stop::default()).unwrap();
            let mut search = NearestSearch::new(n_bands);
            let valid: Vec<u8> = (0..TILE).map(|i| u8::from(i != 7)).collect();
            for _ in 0..2 {
                let (labels, _) = search.search(&centers, &samples, &valid);
                for i in (0..TILE).filter(|i| valid[*i] == 1) {
                    assert_eq!(
                        labels[i],
                        centers.nearest(|band| samples[band * TILE + i]),
                        "pixel {i}"
                    );
                }
            }
        }
    }

    /// The preparation looks for a stop at each centre: when it is put into a group, and when its
    /// neighbours are searched.
    #[test]
    fn many_centers_are_prepared_in_steps_that_can_be_stopped() {
        use std::sync::atomic::Ordering;

        let values =
            Array2::from_shape_fn((700, 3), |(class, band)| (class * (7 + band) % 97) as f64);
        let stop = Stop::default();
        let centers = Centers::with_stop(values.clone(), vec![1.0; 3], &stop).unwrap();
        assert!(stop.looks.load(Ordering::Relaxed) >= 5 * 700);
        let before = stop.looks.load(Ordering::Relaxed);
        let mut prepared = centers.clone();
        prepared.prepare_for_points(&stop).unwrap();
        assert!(stop.looks.load(Ordering::Relaxed) >= before + 700);
        stop.flag().store(true, Ordering::Relaxed);
        assert!(
            prepared.prepare_for_points(&stop).is_err()
                && Centers::with_stop(values, vec![1.0; 3], &stop).is_err()
        );
    }

    /// When prepared for classes, a search finds some centre of the class of the nearest one, and
    /// an upper bound of the distance from it.
    fn check_classes<T: Sample>(samples: &[T], centers: &Centers, class_of: &[u16], valid: &[u8]) {
        let mut centers = centers.clone();
        centers.prepare_for_classes(class_of, &Stop::default()).unwrap();
        let mut search = NearestSearch::new(centers.n_bands());
        // The second search has guesses.
        for _ in 0..2 {
            let (labels, farthest) = search.search(&centers, samples, valid);
            for i in (0..valid.len()).filter(|i| valid[*i] == 1) {
                let sample = |band: usize| samples[band * TILE + i].to_f64();
                let (found, nearest) =
                    (usize::from(labels[i]), usize::from(centers.nearest(sample)));
                assert_eq!(class_of[found], class_of[nearest], "pixel {i}: {found} for {nearest}");
                let distance = centers.squared_distance(nearest, sample);
                assert!(f64::from(farthest[i]) >= distance || farthest[i].is_nan());
            }
        }
    }

    /// Few distinct values, so that there are ties and equal centres of different classes; or many.
    #[test]
    fn classes_are_those_of_the_nearest() {
        let mut random = Pcg64Mcg::new(3);
        for (n_bands, n_centers, values, places) in [
            (1, 100, 30, 40),
            (1, 300, 60000, 65536),
            (2, 150, 4, 5),
            (3, 400, 300, 400),
            (4, 500, 3, 4),
            (4, 2000, 3000, 4000),
            (6, 700, 90, 200),
            (13, 200, 500, 700),
        ] {
            for n_classes in [1, 2, 7, n_centers as u32] {
                let mut below = |n: u32| random.next_u32() % n;
                let centers =
                    Array2::from_shape_fn((n_centers, n_bands), |_| f64::from(below(values)));
                let class_of: Vec<u16> = (0..n_centers).map(|_| below(n_classes) as u16).collect();
                let samples: Vec<u16> = (0..n_bands * TILE).map(|_| below(places) as u16).collect();
                for weights in
                    [vec![1.0; n_bands], (1..=n_bands).map(|band| 1.0 / band as f64).collect()]
                {
                    check_classes(
                        &samples,
                        &Centers::new(centers.clone(), weights),
                        &class_of,
                        &[1; TILE],
                    );
                }
            }
        }
    }

    /// Integers at the ends of their type, pixels far from all centres, NaN in invalid pixels.
    #[test]
    fn classes_are_those_of_the_nearest_at_the_ends_of_types() {
        let mut random = Pcg64Mcg::new(4);
        let mut below = |n: u32| random.next_u32() % n;
        let class_of: Vec<u16> = (0..200).map(|_| below(5) as u16).collect();
        let ends = [f64::from(i32::MIN), -1.0, 0.0, f64::from(i32::MAX)];
        let values = Array2::from_shape_fn((200, 3), |_| {
            ends[below(4) as usize] + f64::from(below(2)) / 2.0
        });
        let centers = Centers::new(values, vec![1.0; 3]);
        let samples: Vec<i32> =
            (0..3 * TILE).map(|_| [i32::MIN, i32::MAX, -1, 0, 7][below(5) as usize]).collect();
        check_classes(&samples, &centers, &class_of, &[1; TILE]);

        let values = Array2::from_shape_fn((200, 3), |_| f64::from(below(100)));
        let centers = Centers::new(values, vec![1.0; 3]);
        let far = [f64::NAN, 1e150, -1e150, 1e18, 1e-18, 50.0, 49.5, -3.0];
        let samples: Vec<f64> = (0..3 * TILE).map(|_| far[below(8) as usize]).collect();
        let is_valid = |i: usize| (0..3).all(|band| !samples[band * TILE + i].is_nan());
        let valid: Vec<u8> = (0..TILE).map(|i| u8::from(is_valid(i))).collect();
        check_classes(&samples, &centers, &class_of, &valid);
    }

    /// At every scale, including those at which squares lose digits.
    #[test]
    fn classes_are_those_of_the_nearest_at_every_scale() {
        let mut random = Pcg64Mcg::new(5);
        let mut below = |n: u32| f64::from(random.next_u32() % n);
        for scale in [1.0, 1e-30, 1e-155, 1e-162, 1e-165, 1e44, 1e140] {
            let values = Array2::from_shape_fn((150, 2), |_| below(40) * scale);
            let class_of: Vec<u16> = (0..150).map(|_| below(3) as u16).collect();
            let samples: Vec<f64> = (0..2 * TILE).map(|_| (below(80) / 2.0) * scale).collect();
            check_classes(&samples, &Centers::new(values, vec![1.0; 2]), &class_of, &[1; TILE]);
        }
    }

    /// Pixels that differ from a tie by less than single precision resolves, at every scale, and
    /// beyond its range.
    #[test]
    fn decides_what_single_precision_cannot() {
        for scale in [1.0, 1e-30, 1e-44, 1e30, 1e44, 1e140] {
            let at = |value: f64| value * scale;
            let values = Array2::from_shape_fn((3, 2), |(class, band)| {
                at(1000.0 + 2.0 * class as f64 + band as f64)
            });
            let centers = Centers::new(values, vec![1.0; 2]);
            let near_ties = (0..2 * TILE).map(|i| {
                let (band, step) = (i / TILE, (i % TILE) as f64 - 256.0);
                at(1001.0 + 2.0 * ((i % 2) as f64) + band as f64 + step * 1e-12)
            });
            check(&near_ties.collect::<Vec<f64>>(), &centers, TILE);
        }
    }

    /// Large numbers that differ little: for example a band in Kelvin times a hundred, with a
    /// centre for each degree.
    #[test]
    fn keeps_apart_centres_far_from_zero() {
        let values =
            Array2::from_shape_fn((20, 3), |(class, band)| 3e8 + 0.5 * class as f64 + band as f64);
        let centers = Centers::new(values, vec![1.0; 3]);
        let samples: Vec<i32> =
            (0..3 * TILE as i32).map(|i| 300_000_000 + i % TILE as i32 % 12).collect();
        check(&samples, &centers, TILE);
    }

    #[test]
    fn takes_the_lower_of_two_equally_near_centres() {
        let centers =
            Centers::new(Array2::from_shape_vec((3, 1), vec![4.0, 2.0, 2.0]).unwrap(), vec![1.0]);
        let mut search = NearestSearch::new(1);
        assert_eq!(search.search(&centers, &[3u8; TILE], &[1]).0, [0]);
        assert_eq!(search.search(&centers, &[2u8; TILE], &[1]).0, [1]);
    }
}
