//! The class of a pixel by the nearest of many centres, starting from a good guess.
//!
//! If a pixel is at distance `d` from a guessed centre, every nearer centre lies within `2 d` of
//! the guess. Mostly no centre of another class does. Then the guess has the pixel's class, even if
//! it is not the nearest centre. Else the nearest of those centres becomes the new guess, until
//! there is none. If each centre is a class of its own, this finds the nearest. Any guess leads to
//! the same class; a bad one takes longer. (This is Exponion, after Newling and Fleuret, "Fast
//! k-means with accurate bounds", ICML 2016, by classes.)

use std::sync::atomic::{AtomicU32, Ordering};

use ndarray::{Array2, ArrayView1};

use super::best::{Best, LANES, SLACK, TINY};
use crate::error::Result;
use crate::progress::Stop;
use crate::raster::{Sample, TILE};

/// Batches of neighbours that are kept for each centre: with few bands a pixel seldom needs more.
const BATCHES: usize = 8;

/// With more centres, it takes too long to find the neighbours of each.
const MOST: usize = 4096;

/// With more bands, a centre has too many neighbours.
const MOST_BANDS: usize = 6;

/// Bits of a hash that choose the slot of a guess. The slot keeps the other bits, and a centre.
const SLOT_BITS: u32 = 16;

/// For each centre, its neighbours of other classes.
#[derive(Debug)]
pub(super) struct Neighbours {
    /// The values of each centre.
    centers: Vec<f64>,
    /// [`BATCHES`] batches for each centre, in the order of their distances: the values, [`LANES`]
    /// side by side, band by band.
    values: Vec<[f64; LANES]>,
    indices: Vec<[u16; LANES]>,
    /// For each centre, the squared distances at which its batches begin. The last one is that of
    /// the nearest neighbour that was left out.
    begin: Vec<[f64; BATCHES + 1]>,
    /// Whether each centre is a class of its own.
    alone: bool,
    guesses: Guesses,
    /// Per band: the factor that turns a sample into the number of its coarse cell.
    steps: Vec<f32>,
}

/// For coarse cells, by their hash: a centre that was the nearest of some pixel, and the bits of
/// the hash that do not choose the slot. All threads share the guesses, which affect only the time.
#[derive(Debug)]
struct Guesses(Vec<AtomicU32>);

impl Guesses {
    fn new() -> Guesses {
        Guesses((0..1 << SLOT_BITS).map(|_| AtomicU32::new(0)).collect())
    }

    #[inline(always)]
    fn slot(&self, cell: u32) -> &AtomicU32 {
        &self.0[(cell >> (32 - SLOT_BITS)) as usize]
    }

    /// The guess for a cell, and whether it was made by this cell.
    #[inline(always)]
    fn get(&self, cell: u32) -> (u16, bool) {
        let guess = self.slot(cell).load(Ordering::Relaxed);
        (guess as u16, guess >> SLOT_BITS == cell & (u32::MAX >> SLOT_BITS))
    }
}

impl Neighbours {
    /// The neighbours of each centre (scaled by `weights`); `None` if this would not help.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn new(
        centers: &Array2<f64>,
        weights: &[f64],
        class_of: &[u16],
        stop: &Stop,
    ) -> Result<Option<Neighbours>> {
        let (k, n_bands) = centers.dim();
        if k > MOST || n_bands > MOST_BANDS {
            return Ok(None);
        }
        let n_kept = BATCHES * LANES;
        let mut classes = class_of.to_vec();
        classes.sort_unstable();
        classes.dedup();
        let mut found = Neighbours {
            centers: centers.iter().copied().collect(),
            values: Vec::with_capacity(k * BATCHES * n_bands),
            indices: Vec::with_capacity(k * BATCHES),
            begin: Vec::with_capacity(k),
            alone: classes.len() == k,
            guesses: Guesses::new(),
            steps: Vec::new(),
        };
        let mut apart = 0.0;
        for (index, center) in centers.rows().into_iter().enumerate() {
            stop.check()?;
            let square = |other: ArrayView1<f64>| {
                let bands = center.iter().zip(other).zip(weights);
                bands.map(|((a, b), weight)| ((a - b) * weight) * ((a - b) * weight)).sum::<f64>()
            };
            let squares: Vec<f64> = centers.rows().into_iter().map(square).collect();
            if squares.iter().any(|square| square.is_nan()) {
                return Ok(None);
            }
            let nearest = squares.iter().enumerate().filter(|(other, _)| *other != index);
            apart += nearest.map(|(_, square)| *square).fold(f64::INFINITY, f64::min).sqrt();
            let of_others = squares.into_iter().zip(0..).zip(class_of);
            let mut others: Vec<(f64, u16)> = of_others
                .filter(|(_, class)| **class != class_of[index])
                .map(|(other, _)| other)
                .collect();
            // One more than is kept: the bound of all others.
            if others.len() > n_kept + 1 {
                others.select_nth_unstable_by(n_kept, |a, b| a.0.total_cmp(&b.0));
                others.truncate(n_kept + 1);
            }
            others.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
            let begin =
                |batch: usize| others.get(batch * LANES).map_or(f64::INFINITY, |other| other.0);
            found.begin.push(std::array::from_fn(begin));
            for batch in 0..BATCHES {
                // If there are no more, the centre itself fills up: it is not nearer than itself.
                let member = |lane: usize| {
                    others.get(batch * LANES + lane).map_or(index as u16, |other| other.1)
                };
                let members: [u16; LANES] = std::array::from_fn(member);
                found.indices.push(members);
                found.values.extend(
                    (0..n_bands)
                        .map(|band| members.map(|member| centers[(usize::from(member), band)])),
                );
            }
        }
        let step = k as f64 / apart;
        found.steps = weights.iter().map(|weight| (weight * step) as f32).collect();
        // An infinite step means that all centres are equal.
        Ok(step.is_finite().then_some(found))
    }

    /// The cells of a tile's pixels: their hashes.
    #[inline(always)]
    pub fn find_cells<T: Sample>(&self, samples: &[T], cells: &mut [u32]) {
        cells.fill(0);
        for (samples, step) in samples.chunks(TILE).zip(&self.steps) {
            for (cell, sample) in cells.iter_mut().zip(samples) {
                *cell = hash(*cell ^ (sample.to_f32() * step) as i32 as u32).rotate_left(15);
            }
        }
        cells.iter_mut().for_each(|cell| *cell = hash(*cell));
    }

    /// Keeps the nearest centre of some pixel of a cell as a guess.
    #[inline(always)]
    pub fn keep(&self, cell: u32, center: u16) {
        self.guesses.slot(cell).store((cell << SLOT_BITS) | u32::from(center), Ordering::Relaxed);
    }

    /// A centre of the class of a pixel's nearest one (the lower of two equally near), with its
    /// squared distance; `None` if the neighbours of the guess do not decide.
    #[inline(always)]
    pub fn nearest(&self, weights: &[f64], pixel: &[f64], cell: u32) -> Option<Best> {
        let (guess, is_of_cell) = self.guesses.get(cell);
        let mut guess = self.at(usize::from(guess), weights, pixel)?;
        if self.begin[usize::from(guess.index)][0] > enough(guess) {
            return Some(guess);
        }
        if !is_of_cell {
            return None;
        }
        // Each round finds a better guess: mostly one round, or two.
        for _ in 0..4 {
            let index = usize::from(guess.index);
            let (begin, enough) = (&self.begin[index], enough(guess));
            let mut best = guess;
            let mut batch = 0;
            while batch < BATCHES && begin[batch] <= enough {
                best = self.look(index * BATCHES + batch, weights, pixel, best);
                batch += 1;
            }
            let are_all = begin[batch] > enough;
            if are_all && (self.alone || best.index == guess.index) {
                return Some(best);
            }
            if best.index == guess.index {
                return None;
            }
            guess = best;
        }
        None
    }

    /// A centre, with its squared distance from a pixel; `None` if that is NaN.
    #[inline(always)]
    fn at(&self, index: usize, weights: &[f64], pixel: &[f64]) -> Option<Best> {
        let values = &self.centers[index * pixel.len()..][..pixel.len()];
        let square =
            values.iter().zip(pixel).zip(weights).fold(0.0, |sum, ((value, sample), weight)| {
                let difference = (sample - value) * weight;
                sum + difference * difference
            });
        square.is_finite().then_some(Best { square, index: index as u16 })
    }

    /// The best of a batch and the best so far.
    #[inline(always)]
    fn look(&self, batch: usize, weights: &[f64], pixel: &[f64], best: Best) -> Best {
        let values = &self.values[batch * pixel.len()..][..pixel.len()];
        best.or_of(values, &self.indices[batch], weights, pixel)
    }
}

/// The squared distance from a guess beyond which no centre is as near to the pixel.
#[inline(always)]
fn enough(guess: Best) -> f64 {
    4.0 * guess.square * SLACK + TINY
}

#[inline(always)]
fn hash(value: u32) -> u32 {
    value.wrapping_mul(0x9E37_79B1)
}
