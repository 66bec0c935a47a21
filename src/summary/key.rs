//! Keys: the codes of a pixel's bands, packed side by side into words.

use crate::raster::{with_sample_type, Sample, SampleType};

/// How codes are packed: each in a field as wide as a code, as many fields as fit in a word of 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Packing {
    pub n_bands: usize,
    /// Bits of a field: 8, 16, 32 or 48.
    pub bits: u32,
    /// The last bits of a field, which sums leave out.
    pub fine_bits: u32,
    /// Words of a key.
    pub words: usize,
}

impl Packing {
    pub fn new(n_bands: usize, sample_type: SampleType) -> Packing {
        let bits = with_sample_type!(sample_type, T => T::CODE_BITS);
        let fine_bits = with_sample_type!(sample_type, T => T::FINE_BITS);
        Packing { n_bands, bits, fine_bits, words: n_bands.div_ceil(64 / bits as usize) }
    }

    /// Fields in a word.
    fn fields(self) -> usize {
        (64 / self.bits) as usize
    }

    /// The word that holds a band's field, and how far left its field lies.
    pub fn place(self, band: usize) -> (usize, u32) {
        (band / self.fields(), (band % self.fields()) as u32 * self.bits)
    }

    /// A band's field.
    pub fn field(self, key: &[u64], band: usize) -> u64 {
        let (word, left) = self.place(band);
        key[word] >> left & low_bits(self.bits)
    }

    /// What keeps, in every field of a word shifted right by `shift`, the field's own bits.
    pub fn mask(self, shift: u32) -> u64 {
        let field = low_bits(self.bits - shift);
        (0..self.fields()).fold(0, |mask, index| mask | field << (index as u32 * self.bits))
    }
}

/// A number of low bits set; up to 63.
pub(super) fn low_bits(n: u32) -> u64 {
    (1 << n) - 1
}

/// The hash of a key.
#[inline(always)]
pub(super) fn hash(key: impl Iterator<Item = u64>) -> u64 {
    let mixed =
        key.fold(0u64, |hash, word| (hash.rotate_left(29) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    // The upper half of a product depends on all bits of its factor.
    mixed ^ mixed >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_lie_side_by_side() {
        let packing = Packing::new(5, SampleType::U16);
        assert_eq!((packing.words, packing.place(3), packing.place(4)), (2, (0, 48), (1, 0)));
        let key = [0x0004_0003_0002_0001, 0x0005];
        assert_eq!((0..5).map(|band| packing.field(&key, band)).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        assert_eq!(key[0] >> 1 & packing.mask(1), 0x0002_0001_0001_0000);
        assert_eq!(Packing::new(2, SampleType::F32).mask(32), 0);
        assert_eq!(Packing::new(9, SampleType::I8).words, 2);
    }
}
