//! Keys: the codes of a pixel's bands, packed side by side into words.

use crate::raster::{with_sample_type, Sample, SampleType};

/// How codes are packed: each in a field as wide as a code, and as many fields as fit in a word of
/// 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Packing {
    pub n_bands: usize,
    /// Bits of a field: 8, 16, 32 or 48.
    pub bits: u32,
    /// The last bits of a field, which are left out of sums.
    pub fine_bits: u32,
    /// Words of a key.
    pub words: usize,
}

// Sums are packed too, so that one addition adds to two of them. Codes of up to 16 bits leave room
// for two sums of 32 bits in a word: the upper half of a word's fields shares its sums with the
// lower half.

impl Packing {
    pub fn new(n_bands: usize, sample_type: SampleType) -> Packing {
        let bits = with_sample_type!(sample_type, T => T::CODE_BITS);
        let fine_bits = with_sample_type!(sample_type, T => T::FINE_BITS);
        Packing { n_bands, bits, fine_bits, words: n_bands.div_ceil(64 / bits as usize) }
    }

    /// The packing of `n_bands` bands of one sample type. The compiler knows all of it, except
    /// perhaps the number of bands.
    #[inline(always)]
    pub fn of<T: Sample>(n_bands: usize, words: usize) -> Packing {
        Packing { n_bands, bits: T::CODE_BITS, fine_bits: T::FINE_BITS, words }
    }

    /// Bits of a sum.
    #[inline(always)]
    pub fn sum_bits(self) -> u32 {
        if self.bits <= 16 {
            32
        } else {
            64
        }
    }

    /// Words that hold the sums of a word's fields.
    #[inline(always)]
    pub fn sums_per_word(self) -> usize {
        if self.sum_bits() == 32 {
            self.fields() / 2
        } else {
            self.fields()
        }
    }

    /// What to add to one of those words for a pixel with these rests, packed like a key.
    #[inline(always)]
    pub fn lanes(self, rests: u64, sum: usize) -> u64 {
        let field = low_bits(self.bits);
        let lanes = rests >> (sum as u32 * self.bits);
        if self.sum_bits() == 32 {
            lanes & (field | (field << 32))
        } else {
            (lanes & field) >> self.fine_bits
        }
    }

    /// A band's sum from packed sums.
    pub fn sum(self, packed: &[u64], band: usize) -> u64 {
        let (word, left) = self.sum_position(band);
        (packed[word] >> left) & (u64::MAX >> (64 - self.sum_bits()))
    }

    /// Adds to packed sums, which must not overflow.
    pub fn add_packed(self, packed: &mut [u64], sums: &[u64]) {
        for (band, sum) in sums.iter().enumerate() {
            let (word, left) = self.sum_position(band);
            packed[word] += sum << left;
        }
    }

    /// The word that holds a band's sum, and the shift of the sum in it.
    fn sum_position(self, band: usize) -> (usize, u32) {
        // All are powers of two, but compilers do not know this: divisions would take longer than
        // all else.
        let (fields, sums) =
            (self.fields().trailing_zeros(), self.sums_per_word().trailing_zeros());
        let (word, field) = (band >> fields, band & (self.fields() - 1));
        ((word << sums) + (field & (self.sums_per_word() - 1)), (field >> sums) as u32 * 32)
    }

    /// Fields in a word.
    #[inline(always)]
    fn fields(self) -> usize {
        match self.bits {
            8 => 8,
            16 => 4,
            32 => 2,
            _ => 1,
        }
    }

    /// The word that holds a band's field, and the shift of the field in it.
    pub fn position(self, band: usize) -> (usize, u32) {
        let fields = self.fields();
        (band >> fields.trailing_zeros(), (band & (fields - 1)) as u32 * self.bits)
    }

    /// A band's field.
    pub fn field(self, key: &[u64], band: usize) -> u64 {
        let (word, left) = self.position(band);
        (key[word] >> left) & low_bits(self.bits)
    }
}

/// A mask of `n` low bits; `n` is at most 63.
#[inline(always)]
pub(super) fn low_bits(n: u32) -> u64 {
    (1 << n) - 1
}

/// The hash of a key. Every bit of it depends on all bits of the key.
#[inline(always)]
pub(super) fn hash(key: &[u64]) -> u64 {
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let mixed =
        key.iter().fold(0u64, |hash, word| (hash.rotate_left(29) ^ word).wrapping_mul(GOLDEN));
    // Low bits of a product depend only on low bits of its factors, which are 0 in a coarse grid.
    // Both halves of the 128-bit product together depend on all bits.
    let product = u128::from(mixed) * u128::from(GOLDEN);
    product as u64 ^ (product >> 64) as u64
}

/// The indices of numbers, the least number first; of equal ones, the first first. A number and its
/// index are sorted as one number, which takes half the time of sorting pairs.
pub(super) fn ascending(numbers: impl Iterator<Item = u64>) -> impl Iterator<Item = usize> {
    let mut places: Vec<u128> = numbers
        .zip(0u64..)
        .map(|(number, index)| (u128::from(number) << 64) | u128::from(index))
        .collect();
    places.sort_unstable();
    places.into_iter().map(|place| place as u64 as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_lie_side_by_side() {
        let packing = Packing::new(5, SampleType::U16);
        assert_eq!((packing.words, packing.position(3), packing.position(4)), (2, (0, 48), (1, 0)));
        let key = [0x0004_0003_0002_0001, 0x0005];
        assert_eq!(
            (0..5).map(|band| packing.field(&key, band)).collect::<Vec<_>>(),
            [1, 2, 3, 4, 5]
        );
        assert_eq!(Packing::new(9, SampleType::I8).words, 2);
    }

    #[test]
    fn packed_sums_are_those_of_each_band() {
        for sample_type in [SampleType::U8, SampleType::I16, SampleType::F32, SampleType::F64] {
            let packing = Packing::new(11, sample_type);
            let mut packed = vec![0; packing.words * packing.sums_per_word()];
            let rest = |band: usize| (10 * band as u64 + 3) << packing.fine_bits;
            for word in 0..packing.words {
                let bands = (0..11).filter(|&band| packing.position(band).0 == word);
                let rests =
                    bands.fold(0, |rests, band| rests | (rest(band) << packing.position(band).1));
                for sum in 0..packing.sums_per_word() {
                    packed[word * packing.sums_per_word() + sum] += packing.lanes(rests, sum);
                }
            }
            packing.add_packed(&mut packed, &[1000; 11]);
            assert!((0..11).all(|band| packing.sum(&packed, band) == 10 * band as u64 + 1003));
        }
    }
}
