//! The nearest of several centres that are compared side by side.

/// Centres that are compared side by side.
pub(super) const LANES: usize = 8;

/// Comparisons of distances allow for this relative error, many times that of rounding.
pub(super) const SLACK: f64 = 1.0 + 1e-9;

/// Squares below this have lost digits: comparisons allow for it.
pub(super) const TINY: f64 = 1e-300;

/// The best centre so far.
#[derive(Clone, Copy)]
pub(super) struct Best {
    pub square: f64,
    pub index: u16,
}

impl Best {
    /// The best of a batch of centres and this one.
    #[inline(always)]
    pub fn or_of(
        mut self,
        values: &[[f64; LANES]],
        indices: &[u16; LANES],
        weights: &[f64],
        pixel: &[f64],
    ) -> Best {
        let sums = squares(values, weights, pixel);
        if !sums.iter().fold(false, |any, sum| any | (*sum <= self.square)) {
            return self;
        }
        for (square, index) in sums.into_iter().zip(indices) {
            if square < self.square || (square == self.square && *index < self.index) {
                self = Best { square, index: *index };
            }
        }
        self
    }
}

/// The squared distances of a pixel from a batch of centres.
#[inline(always)]
pub(super) fn squares(values: &[[f64; LANES]], weights: &[f64], pixel: &[f64]) -> [f64; LANES] {
    let mut sums = [0.0; LANES];
    for ((values, sample), weight) in values.iter().zip(pixel).zip(weights) {
        for (sum, value) in sums.iter_mut().zip(values) {
            let difference = (sample - value) * weight;
            *sum += difference * difference;
        }
    }
    sums
}
