//! The distribution of training pixels: about the centre of their class, and along the bands.

use ndarray::Array2;

use crate::raster::{float_bits, ordered_bits};

/// The distribution of a class's training pixels, from the summary's cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Correlation of the bands: bands x bands; 0 if a band is constant.
    pub correlation: Array2<f64>,
    /// Distances of the pixels from their centre, or from the nearest point of the class's regions,
    /// in (scaled) band units.
    pub distances: Quantiles,
}

/// A distribution of numbers, as its quantiles at fixed fractions.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantiles {
    /// One value for each of [`Quantiles::FRACTIONS`], ascending.
    values: Vec<f64>,
}

impl Quantiles {
    /// The fractions whose quantiles are kept. They are closer together towards the ends, where
    /// thresholds are set.
    pub const FRACTIONS: [f64; 17] = [
        0.0, 0.001, 0.01, 0.02, 0.05, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.95, 0.98, 0.99, 0.999,
        1.0,
    ];

    /// The quantiles of values with weights; `None` if there are no values.
    pub(crate) fn of(mut values: Vec<(f64, f64)>) -> Option<Quantiles> {
        values.retain(|(_, weight)| *weight > 0.0);
        Quantiles::of_ascending(sorted(&values))
    }

    /// The same for sorted values with weights above 0.
    pub(crate) fn of_ascending(values: Vec<(f64, f64)>) -> Option<Quantiles> {
        let last = values.last()?.0;
        let total: f64 = values.iter().map(|(_, weight)| weight).sum();
        let (mut below, mut next) = (0.0, values.iter().peekable());
        let value = |fraction: f64| {
            while let Some((value, weight)) = next.peek() {
                if below + weight >= fraction * total && fraction < 1.0 {
                    return *value;
                }
                below += weight;
                next.next();
            }
            last
        };
        Some(Quantiles { values: Quantiles::FRACTIONS.map(value).to_vec() })
    }

    /// The quantiles from their values; `None` unless there is one for each fraction, and all are
    /// finite and ascending.
    pub(super) fn from_values(values: Vec<f64>) -> Option<Quantiles> {
        let fit = values.len() == Quantiles::FRACTIONS.len()
            && values.iter().all(|value| value.is_finite());
        (fit && values.is_sorted()).then_some(Quantiles { values })
    }

    /// One value for each of [`Quantiles::FRACTIONS`], ascending.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The value below which a fraction (0 to 1) lies, with linear interpolation between quantiles.
    pub fn at(&self, fraction: f64) -> f64 {
        interpolate(&Quantiles::FRACTIONS, &self.values, fraction)
    }

    /// The fraction that lies below a value.
    pub fn below(&self, value: f64) -> f64 {
        interpolate(&self.values, &Quantiles::FRACTIONS, value)
    }

    /// The distribution of several distributions together, each with its number of pixels; `None`
    /// if there is none.
    pub fn mixed(parts: &[(&Quantiles, u64)]) -> Option<Quantiles> {
        // Each part is divided into steps of equal weight along its quantiles.
        let steps = |(quantiles, count): &(&Quantiles, u64)| {
            let weight = *count as f64 / STEPS as f64;
            let value = |step: usize| quantiles.at((step as f64 + 0.5) / STEPS as f64);
            (0..STEPS).map(|step| (value(step), weight)).collect::<Vec<_>>()
        };
        let mut mixed = Quantiles::of(parts.iter().flat_map(steps).collect())?;
        let used = || {
            parts.iter().filter(|(_, count)| *count > 0).map(|(quantiles, _)| quantiles.values())
        };
        let last = Quantiles::FRACTIONS.len() - 1;
        mixed.values[0] = used().map(|values| values[0]).fold(f64::INFINITY, f64::min);
        mixed.values[last] = used().map(|values| values[last]).fold(f64::NEG_INFINITY, f64::max);
        Some(mixed)
    }
}

/// Values with weights above 0, by value and then by weight. A pair is sorted as one number, which
/// takes a third of the time of comparing floats.
fn sorted(values: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let place = |(value, weight): &(f64, f64)| {
        (u128::from(ordered_bits(value.to_bits(), 64)) << 64) | u128::from(weight.to_bits())
    };
    let mut places: Vec<u128> = values.iter().map(place).collect();
    places.sort_unstable();
    let pair = |place: u128| {
        (f64::from_bits(float_bits((place >> 64) as u64, 64)), f64::from_bits(place as u64))
    };
    places.into_iter().map(pair).collect()
}

/// The number of steps of each distribution in a mix.
const STEPS: usize = 2000;

/// Linear interpolation between neighbours in ascending `x`; beyond the ends, the end's value.
fn interpolate(x: &[f64], y: &[f64], at: f64) -> f64 {
    let right = x.partition_point(|x| *x <= at);
    match (right.checked_sub(1), y.get(right)) {
        (None, _) => y[0],
        (Some(left), None) => y[left],
        (Some(left), Some(after)) => {
            y[left] + (after - y[left]) * (at - x[left]) / (x[right] - x[left])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uniform(from: u32, to: u32) -> Quantiles {
        Quantiles::of((from..to).map(|value| (f64::from(value), 1.0)).collect()).unwrap()
    }

    #[test]
    fn quantiles_are_those_of_the_values() {
        let quantiles = uniform(0, 10_001);
        for fraction in [0.0, 0.05, 0.3, 0.5, 0.97, 1.0] {
            assert!((quantiles.at(fraction) - 10_000.0 * fraction).abs() < 1.5, "{fraction}");
            assert!((quantiles.below(10_000.0 * fraction) - fraction).abs() < 2e-4, "{fraction}");
        }
        assert_eq!((quantiles.below(-1.0), quantiles.below(1e9)), (0.0, 1.0));
        assert!(Quantiles::of(vec![(1.0, 0.0)]).is_none());
    }

    #[test]
    fn weights_count() {
        let quantiles = Quantiles::of(vec![(5.0, 1.0), (1.0, 98.0), (9.0, 1.0)]).unwrap();
        assert_eq!((quantiles.at(0.5), quantiles.at(0.99), quantiles.at(1.0)), (1.0, 5.0, 9.0));
        let single = Quantiles::of(vec![(3.0, 7.0)]).unwrap();
        assert_eq!((single.at(0.3), single.below(2.0), single.below(3.0)), (3.0, 0.0, 1.0));
    }

    #[test]
    fn mixtures_lie_between() {
        let mixed =
            Quantiles::mixed(&[(&uniform(0, 1001), 1000), (&uniform(9000, 10_001), 3000)]).unwrap();
        assert!((mixed.at(0.1) - 400.0).abs() < 10.0, "{}", mixed.at(0.1));
        assert!((mixed.at(0.75) - 9667.0).abs() < 20.0, "{}", mixed.at(0.75));
        assert_eq!((mixed.at(0.0), mixed.at(1.0)), (0.0, 10_000.0));
    }
}
