//! The samples that a nodata value marks.

use super::sample::{float_bits, ordered_bits, with_sample_type};
use super::{Sample, SampleType};

/// The samples that a nodata value of a band marks: those from `low` to `high`.
///
/// Integers are compared exactly. Floats are compared as in GDAL: files store a nodata value as
/// text, which may have more or fewer digits than the samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NodataRange {
    low: f64,
    high: f64,
}

impl NodataRange {
    /// The samples of a type that a value marks; `None` if it marks no sample of the type (-9999
    /// among unsigned samples), or only samples that are never valid (NaN, infinities).
    pub fn of(value: f64, sample_type: SampleType) -> Option<NodataRange> {
        match sample_type {
            SampleType::F32 => of_f32(value as f32),
            SampleType::F64 => of_f64(value),
            integer => {
                let is_one = with_sample_type!(integer, T => T::from_value(value).is_some());
                is_one.then(|| NodataRange::exactly(value))
            }
        }
    }

    /// Exactly this value.
    pub fn exactly(value: f64) -> NodataRange {
        NodataRange { low: value, high: value }
    }

    /// Whether a sample is marked.
    #[inline(always)]
    pub fn contains(&self, sample: f64) -> bool {
        self.low <= sample && sample <= self.high
    }

    /// The least and the largest marked sample of a type; `None` if there is none.
    pub(super) fn samples<T: Sample>(&self) -> Option<(T, T)> {
        Some((T::from_value(self.low)?, T::from_value(self.high)?))
    }
}

/// GDAL's `ARE_REAL_EQUAL` for float32.
fn of_f32(value: f32) -> Option<NodataRange> {
    let number = |place: u64| f32::from_bits(float_bits(place, 32) as u32);
    let is_marked = |place: u64| {
        let other = number(place);
        other == value || (value - other).abs() < f32::EPSILON * (value + other).abs() * 2.0
    };
    let place = |number: f32| ordered_bits(u64::from(number.to_bits()), 32);
    let (least, own, most) = (place(f32::MIN), place(value), place(f32::MAX));
    value.is_finite().then(|| NodataRange {
        low: f64::from(number(last_marked(own, least, is_marked))),
        high: f64::from(number(last_marked(own, most, is_marked))),
    })
}

/// The same for float64: GDAL uses the tolerance of float32 there, too.
fn of_f64(value: f64) -> Option<NodataRange> {
    let number = |place: u64| f64::from_bits(float_bits(place, 64));
    let is_marked = |place: u64| {
        let other = number(place);
        other == value
            || (value - other).abs() < f64::from(f32::EPSILON) * (value + other).abs() * 2.0
    };
    let place = |number: f64| ordered_bits(number.to_bits(), 64);
    let (least, own, most) = (place(f64::MIN), place(value), place(f64::MAX));
    value.is_finite().then(|| NodataRange {
        low: number(last_marked(own, least, is_marked)),
        high: number(last_marked(own, most, is_marked)),
    })
}

/// The last code from `from` towards `end` up to which all are marked: found by strides that
/// double, and then by bisection.
fn last_marked(from: u64, end: u64, is_marked: impl Fn(u64) -> bool) -> u64 {
    let toward = |place: u64, stride: u64| {
        if place < end {
            place + stride.min(end - place)
        } else {
            place - stride.min(place - end)
        }
    };
    let (mut marked, mut stride) = (from, 1);
    let mut other = loop {
        let next = toward(marked, stride);
        if next == marked {
            return marked;
        }
        if !is_marked(next) {
            break next;
        }
        (marked, stride) = (next, stride * 2);
    };
    while marked.abs_diff(other) > 1 {
        let middle = marked.min(other) + marked.abs_diff(other) / 2;
        *if is_marked(middle) { &mut marked } else { &mut other } = middle;
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For float32 samples near their nodata value, the number of marked steps towards 0, and away
    /// from it, in the mask band of GDAL 3.6.
    #[test]
    fn float32_is_compared_as_gdals_mask_bands_do() {
        for (value, toward_zero, away) in [(-9999.0, 4, 4), (0.1, 6, 6), (1e20, 5, 5), (1e38, 4, 4)]
        {
            let range = NodataRange::of(value, SampleType::F32).unwrap();
            let own = value as f32;
            let step =
                |steps: i32| f64::from(f32::from_bits((own.to_bits() as i32 + steps) as u32));
            for steps in -12..=12 {
                let marked = (-toward_zero..=away).contains(&steps);
                assert_eq!(range.contains(step(steps)), marked, "{value} and {steps} steps");
            }
        }
    }

    #[test]
    fn the_least_float32_is_known_by_few_digits() {
        for value in [-3.402823e38, -3.4028234663852886e38, -3.4028235e38, -3.4e38] {
            let range = NodataRange::of(value, SampleType::F32).unwrap();
            assert!(range.contains(f64::from(f32::MIN)), "{value}");
            // Their sum with the value exceeds float32: GDAL takes them for equal.
            assert!(range.contains(-3.39e38), "{value}");
            assert!(!range.contains(-1e30) && !range.contains(0.0), "{value}");
        }
        assert_eq!(NodataRange::of(-3.5e38, SampleType::F32), None);
    }

    #[test]
    fn float64_has_the_tolerance_of_float32() {
        let range = NodataRange::of(-9999.0, SampleType::F64).unwrap();
        assert!(range.contains(-9999.0 * (1.0 + 4e-7)) && range.contains(-9999.0 * (1.0 - 4e-7)));
        assert!(!range.contains(-9999.0 * (1.0 + 5e-7)) && !range.contains(-9999.0 * (1.0 - 5e-7)));
        assert!(!range.contains(f64::NAN));
    }

    #[test]
    fn zero_marks_zero_alone() {
        for sample_type in [SampleType::U8, SampleType::I16, SampleType::F32, SampleType::F64] {
            let range = NodataRange::of(0.0, sample_type).unwrap();
            assert!(range.contains(0.0) && range.contains(-0.0));
            assert!(!range.contains(f64::from_bits(1)) && !range.contains(-f64::from_bits(1)));
        }
    }

    #[test]
    fn a_value_outside_of_the_type_marks_nothing() {
        use SampleType::{F32, F64, I16, I8, U16, U8};
        let outside =
            [(-9999.0, U8), (-1.0, U16), (256.0, U8), (0.5, U8), (40000.0, I16), (200.0, I8)];
        for (value, sample_type) in outside {
            assert_eq!(NodataRange::of(value, sample_type), None, "{value} {sample_type}");
        }
        for sample_type in [U8, I16, F32, F64] {
            for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                assert_eq!(NodataRange::of(value, sample_type), None, "{value} {sample_type}");
            }
        }
        assert_eq!(NodataRange::of(255.0, U8), Some(NodataRange::exactly(255.0)));
    }
}
