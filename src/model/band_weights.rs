//! How much each band counts in distances.

use serde::{Deserialize, Serialize};

use crate::error::{invalid_argument, Result};

/// The weight of each band in distances: it multiplies the band's difference, after scaling. A band
/// of weight 2 counts like one whose values differ twice as much. By default all bands count
/// equally, which is the same as a weight of 1 each.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<f64>", into = "Vec<f64>")]
pub struct BandWeights(Vec<f64>);

impl BandWeights {
    /// The name of the option and of the model's key.
    pub(crate) const OPTION: &str = "band_weights";

    /// The least and the largest weight: beyond these, squared distances would lose the other
    /// bands, or their own digits.
    const RANGE: (f64, f64) = (1e-9, 1e9);

    /// What weights must be.
    const WANTED: &str =
        "numbers above 0 (from 1e-9 to 1e9; to leave a band out, do not choose it)";

    /// The weights of bands, in the order in which these were chosen; none: all count equally.
    ///
    /// # Errors
    /// `InvalidArgument` for a weight that is not a number from 1e-9 to 1e9.
    pub fn new(weights: Vec<f64>) -> Result<BandWeights> {
        let (least, most) = BandWeights::RANGE;
        match weights.iter().find(|weight| !(least..=most).contains(*weight)) {
            Some(weight) => {
                invalid_argument(format!("a band weight is {weight}: give {}", BandWeights::WANTED))
            }
            None => Ok(BandWeights(weights)),
        }
    }

    /// The weights for so many bands; none if all are 1.
    ///
    /// # Errors
    /// `InvalidArgument` when weights are given, and their number is another.
    pub(crate) fn for_bands(&self, n_bands: usize) -> Result<BandWeights> {
        let n_weights = self.0.len();
        if n_weights != 0 && n_weights != n_bands {
            return invalid_argument(format!(
                "{n_weights} band weights are given for {n_bands} bands: give one for each band, \
                 in the order of the bands"
            ));
        }
        Ok(if self.are_equal() { BandWeights::default() } else { self.clone() })
    }

    /// Whether all bands count equally, each with weight 1.
    pub fn are_equal(&self) -> bool {
        self.0.iter().all(|weight| *weight == 1.0)
    }

    /// The weight of a band (0-based).
    pub(crate) fn of(&self, band: usize) -> f64 {
        self.0.get(band).copied().unwrap_or(1.0)
    }

    /// The weights as text: `1, 2, 0.5`; `None` if all bands count equally.
    pub fn text(&self) -> Option<String> {
        let weights: Vec<String> = self.0.iter().map(f64::to_string).collect();
        (!self.are_equal()).then(|| weights.join(", "))
    }
}

impl TryFrom<Vec<f64>> for BandWeights {
    type Error = String;

    fn try_from(weights: Vec<f64>) -> std::result::Result<BandWeights, String> {
        // In the form of serde's own errors.
        BandWeights::new(weights)
            .map_err(|_| format!("invalid value: a weight, expected {}", BandWeights::WANTED))
    }
}

impl From<BandWeights> for Vec<f64> {
    fn from(weights: BandWeights) -> Vec<f64> {
        weights.0
    }
}
