//! How many cells there would be in the grid of each level, found by sorting the pixels once.
//!
//! The bits of a pixel's codes are ordered so that grids drop them from the end. So the pixels of a
//! cell are neighbours when sorted, at every level. Two neighbours share a cell from the level on
//! that drops the first bit in which they differ.

use std::ops::BitOr;

use super::grid::Grid;
use super::key::Packing;

/// The level of the finest grid in which pixels with these packed codes lie in at most so many
/// cells.
pub(super) fn finest_with<'a>(
    n_cells: usize,
    packing: Packing,
    codes: impl Iterator<Item = &'a [u64]> + Clone,
) -> u32 {
    // One word is sorted as it is. Of more, the highest bits in which pixels differ nearly always
    // tell the level.
    let found = match packing.words {
        1 => Window::<u64>::new(packing, &[u64::MAX]).tells(n_cells, codes.clone()),
        _ => Window::<u128>::new(packing, &varying_bits(packing, codes.clone()))
            .tells(n_cells, codes.clone()),
    };
    found.unwrap_or_else(|| finest_by_all_bits(n_cells, packing, codes)) as u32
}

/// [`finest_with`] by all bits of the codes.
fn finest_by_all_bits<'a>(
    n_cells: usize,
    packing: Packing,
    codes: impl Iterator<Item = &'a [u64]>,
) -> usize {
    let coarsest = Grid::coarsest(packing) as usize;
    let words = coarsest.div_ceil(64);
    let mut all = Vec::new();
    for codes in codes {
        let start = all.len();
        all.resize(start + words, 0);
        // The most significant word comes first.
        let last = start + words - 1;
        for band in 0..packing.n_bands {
            let mut field = packing.field(codes, band);
            while field != 0 {
                let place = place(packing, band, field.trailing_zeros());
                all[last - place / 64] |= 1 << (place % 64);
                field &= field - 1;
            }
        }
    }
    let of = |index: u32| &all[index as usize * words..][..words];
    let mut order: Vec<u32> = (0..(all.len() / words) as u32).collect();
    order.sort_unstable_by(|a, b| of(*a).cmp(of(*b)));
    let mut n_merging = vec![0; coarsest + 1];
    order.windows(2).for_each(|pair| n_merging[merging_level(of(pair[0]), of(pair[1]))] += 1);
    finest(n_cells, &n_merging)
}

/// The finest level with at most so many cells, given the number of neighbours that share a cell
/// from each level on, but not before.
fn finest(n_cells: usize, n_merging: &[usize]) -> usize {
    let (mut level, mut n) = (n_merging.len() - 1, 1);
    while level > 0 && n + n_merging[level] <= n_cells {
        n += n_merging[level];
        level -= 1;
    }
    level
}

/// The level from which on two pixels, whose bits are in this order, share a cell; 0 if they are
/// equal.
fn merging_level(one: &[u64], other: &[u64]) -> usize {
    let differing = one.iter().zip(other).position(|(one, other)| one != other);
    differing.map_or(0, |word| {
        (one.len() - word) * 64 - (one[word] ^ other[word]).leading_zeros() as usize
    })
}

/// A bit of packed codes.
struct Bit {
    word: usize,
    shift: u32,
}

impl Bit {
    fn is_in(&self, codes: &[u64]) -> bool {
        codes[self.word] >> self.shift & 1 == 1
    }
}

/// The place of a band's bit in order: grids drop the lowest places first.
fn place(packing: Packing, band: usize, bit: u32) -> usize {
    bit as usize * packing.n_bands + band
}

/// The bits of packed codes, and the place of each.
fn places(packing: Packing) -> impl Iterator<Item = (Bit, usize)> {
    (0..packing.n_bands).flat_map(move |band| {
        let (word, left) = packing.position(band);
        (0..packing.bits)
            .map(move |bit| (Bit { word, shift: left + bit }, place(packing, band, bit)))
    })
}

/// The bits in which packed codes differ.
fn varying_bits<'a>(packing: Packing, mut codes: impl Iterator<Item = &'a [u64]>) -> Vec<u64> {
    let mut varying = vec![0; packing.words];
    let Some(first) = codes.next() else { return varying };
    for codes in codes {
        let words = varying.iter_mut().zip(codes).zip(first);
        words.for_each(|((varying, code), first)| *varying |= code ^ first);
    }
    varying
}

/// A number that holds the bits of some places.
trait Bits: Copy + Ord + Default + BitOr<Output = Self> {
    const SIZE: usize;
    fn bit(place: usize) -> Self;
    /// As [`merging_level`].
    fn merging_level(self, other: Self) -> usize;
}

macro_rules! bits {
    ($($type:ty),*) => {$(
        impl Bits for $type {
            const SIZE: usize = <$type>::BITS as usize;

            #[inline(always)]
            fn bit(place: usize) -> $type {
                1 << place
            }

            #[inline(always)]
            fn merging_level(self, other: $type) -> usize {
                Self::SIZE - (self ^ other).leading_zeros() as usize
            }
        }
    )*};
}

bits!(u64, u128);

/// Puts those bits of packed codes in order that lie in some places next to each other.
struct Window<B> {
    /// The lowest place, and the number of places.
    first: usize,
    n_places: usize,
    /// The words of the codes that vary in these places.
    words: Vec<(usize, Vec<Byte<B>>)>,
}

/// The shift of a byte in a word; and for each of its values the bits in their places.
type Byte<B> = (u32, [B; 256]);

impl<B: Bits> Window<B> {
    /// The window that ends with the highest place of these bits.
    fn new(packing: Packing, varying: &[u64]) -> Window<B> {
        let seen = || places(packing).filter(|(bit, _)| bit.is_in(varying));
        let end = seen().map(|(_, place)| place + 1).max().unwrap_or(0);
        let first = end.saturating_sub(B::SIZE);
        let mut words: Vec<(usize, Vec<Byte<B>>)> = Vec::new();
        for (bit, place) in seen().filter(|(_, place)| *place >= first) {
            let shift = bit.shift / 8 * 8;
            let values = last_byte(&mut words, bit.word, shift);
            let has_bit = |(value, _): &(usize, _)| value >> (bit.shift - shift) & 1 == 1;
            let with_bit = values.iter_mut().enumerate().filter(has_bit);
            with_bit.for_each(|(_, ordered)| *ordered = *ordered | B::bit(place - first));
        }
        Window { first, n_places: end - first, words }
    }

    #[inline(always)]
    fn of(&self, codes: &[u64]) -> B {
        let mut ordered = B::default();
        for (word, bytes) in &self.words {
            let code = codes[*word];
            for (shift, values) in bytes {
                ordered = ordered | values[(code >> shift) as usize & 255];
            }
        }
        ordered
    }

    /// [`finest_with`], unless lower places have to tell it.
    fn tells<'a>(&self, n_cells: usize, codes: impl Iterator<Item = &'a [u64]>) -> Option<usize> {
        let mut all: Vec<B> = codes.map(|codes| self.of(codes)).collect();
        all.sort_unstable();
        let mut n_merging = vec![0; self.n_places + 1];
        all.windows(2).for_each(|pair| n_merging[pair[0].merging_level(pair[1])] += 1);
        let level = finest(n_cells, &n_merging);
        (self.first == 0 || level > 0).then_some(self.first + level)
    }
}

/// The table of a byte's values, which is added if it is not the last one.
fn last_byte<B: Bits>(
    words: &mut Vec<(usize, Vec<Byte<B>>)>,
    word: usize,
    shift: u32,
) -> &mut [B; 256] {
    if words.last().is_none_or(|(last, _)| *last != word) {
        words.push((word, Vec::new()));
    }
    let (_, bytes) = words.last_mut().expect("one was added");
    if bytes.last().is_none_or(|(last, _)| *last != shift) {
        bytes.push((shift, [B::default(); 256]));
    }
    let (_, values) = bytes.last_mut().expect("one was added");
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::SampleType;
    use crate::summary::key::low_bits;
    use std::collections::HashSet;

    /// Compares the levels with those that counting the cells of every grid gives.
    fn check(packing: Packing, codes: &[u64]) {
        let pixels = || codes.chunks_exact(packing.words);
        let n_cells = |level| {
            let (grid, mut key) = (Grid::new(packing, level), vec![0; packing.words]);
            let keys = pixels().map(|codes| {
                grid.key(codes, &mut key);
                key.clone()
            });
            keys.collect::<HashSet<_>>().len()
        };
        for wanted in [1, 2, 7, 30, 150, 399, 400, 1000] {
            let expected =
                (0..=Grid::coarsest(packing)).find(|level| n_cells(*level) <= wanted).unwrap();
            assert_eq!(finest_with(wanted, packing, pixels()), expected, "{packing:?} {wanted}");
        }
    }

    #[test]
    fn levels_are_those_that_counting_cells_gives() {
        let mut state = 5u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        };
        for (n_bands, sample_type) in [
            (1, SampleType::F64),
            (3, SampleType::U8),
            (8, SampleType::U8),
            (9, SampleType::I8),
            (4, SampleType::U16),
            (2, SampleType::F32),
            (5, SampleType::I16),
            (13, SampleType::U16),
            (3, SampleType::F32),
            (13, SampleType::F32),
        ] {
            let packing = Packing::new(n_bands, sample_type);
            let mut codes = vec![0; 400 * packing.words];
            for code in codes.chunks_exact_mut(packing.words) {
                for band in 0..n_bands {
                    let (word, left) = packing.position(band);
                    code[word] |= (next() % 300 * 3 % (1 << packing.bits.min(20))) << left;
                }
            }
            check(packing, &codes);
            check(packing, &[]);
            check(packing, &codes[..packing.words].repeat(3));
            // So far from the others that only the lowest bits tell these apart.
            (0..n_bands).for_each(|band| {
                let (word, left) = packing.position(band);
                codes[word] |= low_bits(packing.bits) << left;
            });
            check(packing, &codes);
        }
    }
}
