//! The confidence of a label: how much nearer a pixel is to its class than to the next one.

use crate::error::Result;
use crate::kernel::{Centers, Mixture, MixtureSearch, NearestSearch, TwoNearest};
use crate::machine::check_room;
use crate::progress::Stop;
use crate::raster::{Sample, Tile, TILE};

/// How the confidence of labels is computed: 1 less the ratio of the distances from the nearest and
/// from the second nearest class. It is 1 at a centre and 0 on a border.
///
/// The ratio is that of fuzzy maximum-likelihood and of the nearest-neighbour ratio test (Lowe,
/// "Distinctive image features from scale-invariant keypoints", 2004).
#[derive(Debug, Clone)]
pub(super) enum Confidence {
    /// Every centre is a class of its own.
    Centers,
    /// Classes of several points: for each class, the points of all others; `None` if there is no
    /// other class.
    Regions { class_of: Vec<u16>, others: Vec<Option<Centers>> },
}

/// Buffers to compute the confidence of a tile's pixels, made on first use.
#[derive(Default)]
pub(super) struct ConfidenceSearch {
    samples: Vec<f64>,
    two_nearest: Option<Box<TwoNearest>>,
    search: Option<NearestSearch>,
}

impl Confidence {
    /// The confidence for points with these labels.
    ///
    /// # Errors
    /// `OutOfMemory`, if there are many classes: each has the points of all others; `Cancelled`.
    pub fn of_regions(points: &Centers, label_of: &[u16], stop: &Stop) -> Result<Confidence> {
        let largest = label_of.iter().max().copied().unwrap_or(0);
        let bytes =
            Centers::bytes(points.len(), points.n_bands()).saturating_mul(usize::from(largest));
        check_room(
            bytes,
            &format!("the confidence of {largest} classes of {} regions", points.len()),
        )?;
        let others = |label: u16| {
            let rows: Vec<usize> =
                (0..points.len()).filter(|&point| label_of[point] != label).collect();
            let others = || points.values().select(ndarray::Axis(0), &rows);
            let centers = || Centers::with_stop(others(), points.weights().to_vec(), stop);
            (!rows.is_empty()).then(centers).transpose()
        };
        let class_of = label_of.iter().map(|label| label - 1).collect();
        Ok(Confidence::Regions {
            class_of,
            others: (1..=largest).map(others).collect::<Result<_>>()?,
        })
    }
}

/// Writes the confidence of each valid pixel of a tile, after a search for the likeliest
/// components: the posterior probability of its class.
pub(super) fn find_posteriors(
    search: &mut MixtureSearch,
    mixture: &Mixture,
    label_of: &[u16],
    valid: &[u8],
    found: &mut [f32; TILE],
) {
    let mut posteriors = [0.0; TILE];
    search.posteriors(mixture, label_of, &mut posteriors[..valid.len()]);
    for (i, _) in valid.iter().enumerate().filter(|(_, valid)| **valid == 1) {
        found[i] = in_steps(posteriors[i]);
    }
}

impl ConfidenceSearch {
    /// Writes the confidence of each valid pixel of a tile, given its nearest point.
    pub fn find<T: Sample>(
        &mut self,
        confidence: &Confidence,
        points: &Centers,
        tile: &Tile<T>,
        nearest: &[u16],
        found: &mut [f32; TILE],
    ) {
        let valid =
            || tile.valid().iter().enumerate().filter(|(_, valid)| **valid == 1).map(|(i, _)| i);
        match confidence {
            Confidence::Centers => {
                self.samples.resize(tile.n_bands() * TILE, 0.0);
                for (to, from) in self.samples.iter_mut().zip(tile.samples()) {
                    *to = from.to_f64();
                }
                let two = self.two_nearest.get_or_insert_default();
                two.find(points, &self.samples, tile.len());
                valid().for_each(|i| found[i] = lead(two.distance[i], two.next_distance[i]));
            }
            Confidence::Regions { class_of, others } => {
                let search = self.search.get_or_insert_with(|| NearestSearch::new(tile.n_bands()));
                let class = |i: usize| usize::from(class_of[usize::from(nearest[i])]);
                for (this, others) in others.iter().enumerate() {
                    let of_class = valid().map(|i| (i, class(i) == this));
                    let mut mask = [0; TILE];
                    of_class.for_each(|(i, is_of_class)| mask[i] = u8::from(is_of_class));
                    if !mask.contains(&1) {
                        continue;
                    }
                    let next = others.as_ref().map(|others| {
                        (others, search.search(others, tile.samples(), &mask[..tile.len()]).0)
                    });
                    for i in valid().filter(|&i| mask[i] == 1) {
                        let sample = |band: usize| tile.band(band)[i].to_f64();
                        let own = points.squared_distance(usize::from(nearest[i]), sample);
                        let other = next.as_ref().map_or(f64::INFINITY, |(others, next)| {
                            others.squared_distance(usize::from(next[i]), sample)
                        });
                        found[i] = lead(own, other);
                    }
                }
            }
        }
    }
}

/// Confidence is rounded to steps of 1 / `STEPS`: finer steps would be meaningless, and make files
/// three times as large.
const STEPS: f64 = 1024.0;

fn in_steps(confidence: f64) -> f32 {
    ((confidence * STEPS).round() / STEPS) as f32
}

/// 1 less the ratio of two distances, given their squares; the first is at most the second.
fn lead(nearest: f64, next: f64) -> f32 {
    if next > 0.0 {
        in_steps(1.0 - (nearest / next).sqrt())
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_at_a_centre_and_nothing_on_a_border() {
        assert_eq!(lead(0.0, 4.0), 1.0);
        assert_eq!(lead(4.0, 4.0), 0.0);
        assert_eq!(lead(1.0, 4.0), 0.5);
        assert_eq!(lead(0.0, 0.0), 0.0);
        assert_eq!(lead(7.0, f64::INFINITY), 1.0);
    }
}
