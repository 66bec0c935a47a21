//! Sums of floating-point numbers that do not depend on the order of the terms.
//!
//! Each number is split into digits of [`DIGIT_BITS`] bits at fixed places of the binary scale, and
//! the digits of each place are summed as integers. Only three places are kept: that of the largest
//! number so far and the two below it (at least 60 bits below its leading one). A number's digit at
//! a place does not depend on the other numbers, so dropping low places early or late gives the
//! same sums. (The idea is that of Demmel and Nguyen, "Parallel Reproducible Summation", IEEE
//! Transactions on Computers 64(7), 2015, with integers as bins.)

use macro_rules_attribute::apply;
use serde::{Deserialize, Serialize};

use crate::raster::TILE;

/// Bits of a digit.
const DIGIT_BITS: i32 = 30;

/// Digits kept.
const DIGITS: usize = 3;

/// The lowest leading place: numbers below 2^-990 count as zero.
const LOWEST_PLACE: i32 = -33;

/// The highest leading place, of numbers up to 2^1000.
const HIGHEST_PLACE: i32 = 33;

/// Many sums (for example one per class) of the same kind of terms, which share their leading
/// place.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ExactSums {
    /// The place of the first digit: its unit is `2^(DIGIT_BITS * place)`.
    place: i32,
    digits: Vec<[i128; DIGITS]>,
    /// Digits of 64 bits in front of the digits of 128 bits. (The fourth stays 0: four are quicker
    /// to address.) Empty when sums are saved.
    #[serde(skip)]
    narrow: Vec<[i64; 4]>,
    #[serde(skip)]
    n_narrow: usize,
}

/// So many terms never overflow the digits of a sum of 64 bits.
const NARROW_TERMS: usize = 1 << 32;

impl PartialEq for ExactSums {
    fn eq(&self, other: &ExactSums) -> bool {
        self.place == other.place && self.settled() == other.settled()
    }
}

impl Eq for ExactSums {}

impl ExactSums {
    /// `n` sums without terms.
    pub fn new(n: usize) -> ExactSums {
        ExactSums {
            place: LOWEST_PLACE,
            digits: vec![[0; DIGITS]; n],
            narrow: Vec::new(),
            n_narrow: 0,
        }
    }

    /// The bytes of one sum.
    pub const fn bytes() -> usize {
        size_of::<[i128; DIGITS]>() + size_of::<[i64; 4]>()
    }

    /// Makes room for so many terms up to this magnitude, which must be finite and below 2^1000.
    pub fn reserve(&mut self, magnitude: f64, n_terms: usize) {
        if self.n_narrow + n_terms > NARROW_TERMS {
            self.settle();
        }
        self.narrow.resize(self.digits.len(), [0; 4]);
        self.n_narrow += n_terms;
        let exponent = ((magnitude.to_bits() >> 52) & 0x7FF) as i32 - 1023;
        self.raise(exponent.div_euclid(DIGIT_BITS));
    }

    fn raise(&mut self, place: i32) {
        let Some(up) = usize::try_from(place - self.place).ok().filter(|up| *up > 0) else {
            return;
        };
        self.settle();
        self.place = place;
        for digits in &mut self.digits {
            let old = *digits;
            for (i, digit) in digits.iter_mut().enumerate() {
                *digit = i.checked_sub(up).map_or(0, |from| old[from]);
            }
        }
    }

    /// All the digits.
    fn settled(&self) -> Vec<[i128; DIGITS]> {
        (0..self.len()).map(|sum| self.digits_of(sum)).collect()
    }

    fn digits_of(&self, sum: usize) -> [i128; DIGITS] {
        let narrow = self.narrow.get(sum).copied().unwrap_or_default();
        std::array::from_fn(|i| self.digits[sum][i] + i128::from(narrow[i]))
    }

    /// Empties the narrow digits into the wide ones.
    pub fn settle(&mut self) {
        self.digits = self.settled();
        self.narrow.fill([0; 4]);
        self.n_narrow = 0;
    }

    /// Whether these can be the sums of so many terms each: others would overflow, or be NaN.
    pub fn can_be_of(&self, n_terms: &[u64]) -> bool {
        let most = |n_terms: u64| i128::from(n_terms) << DIGIT_BITS;
        let digits = self.digits.iter().zip(n_terms);
        (LOWEST_PLACE..=HIGHEST_PLACE).contains(&self.place)
            && self.digits.len() == n_terms.len()
            && digits
                .flat_map(|(digits, n_terms)| digits.map(|digit| (digit, *n_terms)))
                .all(|(digit, n_terms)| (-most(n_terms)..=most(n_terms)).contains(&digit))
    }

    /// Number of sums.
    pub fn len(&self) -> usize {
        self.digits.len()
    }

    /// Adds terms, each to the sum of its label; all of them within [reach](ExactSums::reach).
    pub fn add(&mut self, terms: &[f64], labels: &[u16], digits: &mut Digits) {
        let [first, second, third] = digits.of(terms, self.place);
        for (((label, first), second), third) in labels.iter().zip(first).zip(second).zip(third) {
            let sum = &mut self.narrow[usize::from(*label)];
            sum[0] += i64::from(*first);
            sum[1] += i64::from(*second);
            sum[2] += i64::from(*third);
        }
    }

    /// Adds terms to the first sum; all of them within [reach](ExactSums::reach).
    pub fn add_to_first(&mut self, terms: &[f64], digits: &mut Digits) {
        for (to, digits) in self.narrow[0].iter_mut().zip(digits.of(terms, self.place)) {
            *to += total(digits);
        }
    }

    /// Adds the sums of the same kind of terms.
    pub fn merge(&mut self, other: &ExactSums) {
        self.raise(other.place);
        let mut other = other.clone();
        other.settle();
        other.raise(self.place);
        for (mine, theirs) in self.digits.iter_mut().zip(&other.digits) {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        }
    }

    /// A sum, rounded to a double.
    pub fn value(&self, sum: usize) -> f64 {
        let Pair(high, low) = self.pair(sum);
        high + low
    }

    /// A sum, with twice the digits of a double.
    pub fn pair(&self, sum: usize) -> Pair {
        let digits = self.digits_of(sum);
        let parts = digits.iter().zip(0..).map(|(digit, i)| *digit as f64 * unit(self.place - i));
        parts.fold(Pair(0.0, 0.0), Pair::plus)
    }
}

/// A number as the unevaluated sum of two doubles; the second one is small.
///
/// Dekker, "A floating-point technique for extending the available precision", Numerische
/// Mathematik 18, 1971.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair(pub f64, pub f64);

impl Pair {
    /// The sum with a double.
    pub fn plus(self, term: f64) -> Pair {
        let high = self.0 + term;
        let of_term = high - self.0;
        let lost = (self.0 - (high - of_term)) + (term - of_term);
        let low = self.1 + lost;
        Pair(high + low, low - ((high + low) - high))
    }

    /// The product with a double.
    pub fn times(self, factor: f64) -> Pair {
        let high = self.0 * factor;
        Pair(high, self.0.mul_add(factor, -high) + self.1 * factor)
    }
}

/// Room for the digits of a tile's terms: all first digits, then all second, then all third ones.
pub(super) struct Digits([[i32; TILE]; DIGITS]);

impl Digits {
    pub fn new() -> Digits {
        Digits([[0; TILE]; DIGITS])
    }

    /// The digits of terms within reach of a leading place.
    fn of(&mut self, terms: &[f64], place: i32) -> [&[i32]; DIGITS] {
        split(terms, unit(-place), &mut self.0);
        self.0.each_ref().map(|digits| &digits[..terms.len()])
    }
}

/// The digits of terms. `scale` moves a term's first digit before the binary point.
#[apply(vectors)]
fn split(terms: &[f64], scale: f64, [first, second, third]: &mut [[i32; TILE]; DIGITS]) {
    const UNIT: f64 = (1u64 << DIGIT_BITS) as f64;
    // Products with a power of two are exact, and so are the differences.
    for (((term, first), second), third) in terms.iter().zip(first).zip(second).zip(third) {
        let scaled = term * scale;
        *first = digit(scaled);
        let rest = (scaled - f64::from(*first)) * UNIT;
        *second = digit(rest);
        *third = digit((rest - f64::from(*second)) * UNIT);
    }
}

/// The digit before the binary point.
#[inline(always)]
fn digit(scaled: f64) -> i32 {
    debug_assert!(scaled.abs() < f64::from(1u32 << DIGIT_BITS));
    // SAFETY: terms within reach are finite, and each of their digits has at most 30 bits. (`as`
    // would check.)
    unsafe { scaled.to_int_unchecked() }
}

#[apply(vectors)]
fn total(digits: &[i32]) -> i64 {
    digits.iter().map(|digit| i64::from(*digit)).sum()
}

/// The unit of a place.
#[inline]
fn unit(place: i32) -> f64 {
    // Lower places occur only in numbers that count as zero.
    2f64.powi(DIGIT_BITS * place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(terms: &[f64]) -> ExactSums {
        let mut sums = ExactSums::new(1);
        for term in terms {
            sums.reserve(term.abs(), 1);
            sums.add(&[*term], &[0], &mut Digits::new());
        }
        sums
    }

    #[test]
    fn does_not_depend_on_the_order_or_the_grouping() {
        let terms: Vec<f64> = (0..3000)
            .map(|i| (f64::from(i) * 0.77).sin() * 10f64.powi(i % 40 - 20))
            .chain([1e30, -1e30])
            .collect();
        let all = sum(&terms);
        let reversed: Vec<f64> = terms.iter().rev().copied().collect();
        assert_eq!(all, sum(&reversed));
        let mut merged = sum(&terms[2000..]);
        merged.merge(&sum(&terms[..2000]));
        assert_eq!(all, merged);
    }

    #[test]
    fn sums_that_cannot_be_are_told() {
        let mut sums = sum(&[3.0, -1e300]);
        sums.settle();
        assert!(sums.can_be_of(&[2]) && !sums.can_be_of(&[2, 2]) && !sums.can_be_of(&[0]));
        for place in [i32::MIN, LOWEST_PLACE - 1, HIGHEST_PLACE + 1, i32::MAX] {
            assert!(!ExactSums { place, ..sums.clone() }.can_be_of(&[2]), "{place}");
        }
        sums.digits[0][2] = i128::MIN;
        assert!(!sums.can_be_of(&[2]));
    }

    #[test]
    fn pairs_keep_what_a_double_loses() {
        let Pair(high, low) = sum(&[1e16, 1.0]).pair(0);
        assert_eq!((high, low), (1e16, 1.0));
        let Pair(high, low) = Pair(1e16, 1.0).times(3.0).plus(-3e16);
        assert_eq!(high + low, 3.0);
    }

    #[test]
    fn is_the_sum() {
        assert_eq!(sum(&[1e16, 1.0, -1e16]).value(0), 1.0);
        assert_eq!(sum(&[0.1; 10]).value(0), 1.0);
        assert_eq!(sum(&[]).value(0), 0.0);
        assert_eq!(sum(&[-2.5, -0.25]).value(0), -2.75);
        let tiny = sum(&[3e-30, 4e-30]).value(0);
        assert!((tiny - 7e-30).abs() < 1e-45, "{tiny}");
    }
}
