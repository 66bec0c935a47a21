//! The nearest of many centres, from a good guess: by way of the centres about it.
//!
//! Where a pixel is at distance `d` from a guessed centre, its nearest centre lies within `2 d` of the guess: so the centres about it are looked
//! at in the order of their distances from it, until these are larger. A better one found becomes the guess. (Exponion, after Newling and
//! Fleuret, "Fast k-means with accurate bounds", ICML 2016.) The guess is the centre of the last pixel that fell into the same
//! coarse cell. Any guess leads to the same centre; a bad one takes longer.

use ndarray::{Array2, ArrayView1};

use super::best::{Best, LANES, SLACK};
use crate::error::Result;
use crate::progress::Stop;

/// Batches of centres that are kept about each: with few bands a pixel seldom wants more.
const BATCHES: usize = 8;

/// Centres for which it is worth while to look for those about each.
const MOST: usize = 4096;

/// Bands up to which what is about a centre is few enough.
const MOST_BANDS: usize = 6;

/// Guesses that are remembered; a power of two.
const GUESSES: usize = 1 << 14;

/// For each centre, those about it.
#[derive(Debug, Clone)]
pub(super) struct Neighbours {
    n_bands: usize,
    /// For each centre its own values.
    centers: Array2<f64>,
    /// [`BATCHES`] batches for each centre, in the order of their distances: the values, [`LANES`] side by side, band by band.
    values: Vec<[f64; LANES]>,
    indices: Vec<[u16; LANES]>,
    /// For each of those, the squared distance beyond which the next one's members lie; of the last, what none that is left out is nearer than.
    beyond: Vec<f64>,
    /// Per band: what a sample is multiplied by to tell its coarse cell.
    steps: Vec<f64>,
}

/// The last centre found in coarse cells, by their hash.
#[derive(Debug)]
pub(super) struct Guesses(Vec<u16>);

impl Guesses {
    pub fn new() -> Guesses {
        Guesses(vec![0; GUESSES])
    }
}

impl Neighbours {
    /// Those about each centre (scaled by `weights`); `None` where this would not help.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn new(centers: &Array2<f64>, weights: &[f64], stop: &Stop) -> Result<Option<Neighbours>> {
        let (k, n_bands) = centers.dim();
        if k > MOST || n_bands > MOST_BANDS || k <= BATCHES * LANES {
            return Ok(None);
        }
        let n_kept = BATCHES * LANES;
        let mut found = Neighbours {
            n_bands,
            centers: centers.clone(),
            values: Vec::with_capacity(k * BATCHES * n_bands),
            indices: Vec::with_capacity(k * BATCHES),
            beyond: Vec::with_capacity(k * BATCHES),
            steps: Vec::new(),
        };
        let mut apart = 0.0;
        for center in centers.rows() {
            stop.check()?;
            let square = |other: ArrayView1<f64>| {
                let bands = center.iter().zip(other).zip(weights);
                bands.map(|((a, b), weight)| ((a - b) * weight) * ((a - b) * weight)).sum::<f64>()
            };
            let mut others: Vec<(f64, u16)> = centers.rows().into_iter().map(square).zip(0..).collect();
            // One more than is kept: what all others are at least as far as.
            others.select_nth_unstable_by(n_kept, |a, b| a.0.total_cmp(&b.0));
            others.truncate(n_kept + 1);
            others.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
            apart += others[1].0.sqrt();
            for (batch, members) in others[..n_kept].chunks_exact(LANES).enumerate() {
                let members: [u16; LANES] = std::array::from_fn(|lane| members[lane].1);
                found.indices.push(members);
                found.values.extend(
                    (0..n_bands).map(|band| members.map(|member| centers[(usize::from(member), band)])),
                );
                found.beyond.push(others[(batch + 1) * LANES].0);
            }
        }
        let step = k as f64 / apart;
        found.steps = weights.iter().map(|weight| weight * step).collect();
        // Centres that are none, or all alike.
        Ok((step.is_finite() && found.beyond.iter().all(|beyond| !beyond.is_nan())).then_some(found))
    }

    /// The nearest centre of a pixel, the lower of two equally near; `None` where those about the guess do not tell.
    #[inline(always)]
    pub fn nearest(&self, weights: &[f64], pixel: &[f64], guesses: &mut Guesses) -> Option<Best> {
        let hash = pixel.iter().zip(&self.steps).fold(0u64, |hash, (sample, step)| {
            (hash ^ (sample * step) as i64 as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
        });
        let slot = (hash >> 7) as usize % GUESSES;
        let mut guess = usize::from(guesses.0[slot]).min(self.centers.nrows() - 1);
        let mut best = Best { square: f64::INFINITY, index: guess as u16 };
        // Each time the guess is better: mostly once, or twice.
        for _ in 0..4 {
            let at = self.centers.row(guess);
            let square = at.iter().zip(pixel).zip(weights).fold(0.0, |sum, ((value, sample), weight)| {
                let difference = (sample - value) * weight;
                sum + difference * difference
            });
            if !square.is_finite() {
                return None;
            }
            let enough = 4.0 * square * SLACK;
            for batch in guess * BATCHES..(guess + 1) * BATCHES {
                best = self.look(batch, weights, pixel, best);
                if self.beyond[batch] > enough {
                    guesses.0[slot] = best.index;
                    return Some(best);
                }
            }
            guesses.0[slot] = best.index;
            if usize::from(best.index) == guess {
                return None;
            }
            guess = usize::from(best.index);
        }
        None
    }

    /// The best of a batch and the best before.
    #[inline(always)]
    fn look(&self, batch: usize, weights: &[f64], pixel: &[f64], best: Best) -> Best {
        let values = &self.values[batch * self.n_bands..][..self.n_bands];
        best.or_of(values, &self.indices[batch], weights, pixel)
    }
}
