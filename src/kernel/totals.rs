//! Loops over one band of a tile, the same for all pixels, so that they run on vectors.

use macro_rules_attribute::apply;

use crate::raster::Sample;

/// The sum and the sum of squares of the valid samples of a tile, for types of up to 16 bits, whose
/// squares fit in 32 bits.
#[apply(vectors)]
pub(super) fn narrow_sums<T: Sample>(samples: &[T], valid: &[u8]) -> [i64; 2] {
    let (mut sum, mut square) = (0i32, 0u64);
    for (sample, valid) in samples.iter().zip(valid) {
        // An invalid sample counts as 0.
        let value = sample.to_i64() as i32 * i32::from(*valid);
        sum += value;
        square += u64::from(value.wrapping_mul(value) as u32);
    }
    [i64::from(sum), square as i64]
}

/// The least and the largest of the valid samples of a tile; `None` if none is valid.
#[apply(vectors)]
pub fn extent<T: Sample>(samples: &[T], valid: &[u8]) -> Option<[T; 2]> {
    let first = samples[valid.iter().position(|valid| *valid == 1)?];
    let (mut least, mut largest) = (first, first);
    for (sample, valid) in samples.iter().zip(valid) {
        // An invalid sample is replaced by the first valid one.
        let sample = if *valid == 1 { *sample } else { first };
        least = if sample < least { sample } else { least };
        largest = if sample > largest { sample } else { largest };
    }
    Some([least, largest])
}

/// Writes the samples, with 0 for invalid ones (cheaper than a branch later), and returns the
/// largest magnitude.
#[apply(vectors)]
pub(super) fn gather<T: Sample>(samples: &[T], valid: &[u8], values: &mut [f64]) -> f64 {
    for (value, (sample, valid)) in values.iter_mut().zip(samples.iter().zip(valid)) {
        *value = if *valid == 1 { sample.to_f64() } else { 0.0 };
    }
    // Eight at once: the compiler may not reorder a single maximum.
    let mut largest = [0.0; 8];
    let rest = values.chunks_exact(8).remainder();
    for (i, value) in rest.iter().enumerate() {
        largest[i] = value.abs();
    }
    for chunk in values.chunks_exact(8) {
        for (largest, value) in largest.iter_mut().zip(chunk) {
            *largest = if value.abs() > *largest { value.abs() } else { *largest };
        }
    }
    largest.into_iter().fold(0.0, f64::max)
}

/// Puts the codes of samples into words that are `stride` apart. Each code goes to a field that
/// begins `left` bits from the right; the first field of a word (`left` 0) clears the word.
#[apply(vectors)]
pub fn pack_codes<T: Sample>(samples: &[T], words: &mut [u64], stride: usize, left: u32) {
    if stride == 1 {
        // The same, without a stride, so that it runs on vectors.
        let words = words.iter_mut().zip(samples);
        return words.for_each(|(word, sample)| *word = field(*word, sample.code(), left));
    }
    for (word, sample) in words.iter_mut().step_by(stride).zip(samples) {
        *word = field(*word, sample.code(), left);
    }
}

#[inline(always)]
fn field(word: u64, code: u64, left: u32) -> u64 {
    let before = if left == 0 { 0 } else { word };
    before | (code << left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gathers_what_is_valid_and_its_largest_magnitude() {
        for n in [1, 7, 8, 29] {
            for place in 0..n {
                let mut samples: Vec<f32> = (0..n).map(|i| i as f32 / 8.0).collect();
                let mut valid = vec![1; n];
                samples[place] = -50.5;
                let mut values = vec![0.0; n];
                assert_eq!(gather(&samples, &valid, &mut values), 50.5);
                assert!(values
                    .iter()
                    .zip(&samples)
                    .all(|(value, sample)| *value == f64::from(*sample)));
                valid[place] = 0;
                samples[place] = f32::NAN;
                assert!(gather(&samples, &valid, &mut values) < 4.0);
                assert_eq!(values[place], 0.0);
            }
        }
    }

    #[test]
    fn only_valid_samples_count() {
        let samples: Vec<i16> = (0..100).map(|i| 300 * (i % 7) - 900).collect();
        let valid: Vec<u8> = (0..100).map(|i| u8::from(i % 7 != 0 && i % 7 != 6)).collect();
        let kept = samples.iter().zip(&valid).filter(|(_, ok)| **ok == 1);
        let values: Vec<i64> = kept.map(|(value, _)| i64::from(*value)).collect();
        let square: i64 = values.iter().map(|value| value * value).sum();
        assert_eq!(narrow_sums(&samples, &valid), [values.iter().sum::<i64>(), square]);
        assert_eq!(extent(&samples, &valid), Some([-600, 600]));
        assert_eq!(extent(&samples, &[0; 100]), None);
        let largest = [u16::MAX; 512];
        assert_eq!(narrow_sums(&largest, &[1; 512]), [512 * 65535, 512 * 65535 * 65535]);
    }

    #[test]
    fn codes_lie_side_by_side() {
        let mut words = [9; 4];
        pack_codes(&[1u8, 2], &mut words, 2, 0);
        pack_codes(&[3u8, 4], &mut words, 2, 8);
        assert_eq!(words, [0x301, 9, 0x402, 9]);
    }
}
