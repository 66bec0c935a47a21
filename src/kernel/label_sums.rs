//! Exact sums over the pixels under each label of a map: only what their means need.

use std::ops::RangeInclusive;

use macro_rules_attribute::apply;

use super::exact_sum::{Digits, ExactSums};
use super::totals::gather;
use crate::raster::{Sample, SampleType, Tile, TILE};

/// Up to this span of labels in a tile, it is quicker to go through all its pixels once per label.
/// That runs on vectors; pixel after pixel, each sum waits until the one before is written.
/// Measured in 3 and 13 bands: 7 with vectors of 128 bits, 11 with AVX2, 16 with AVX-512.
const FEW: u16 = 8;

/// For each label: the number of its pixels, and per band the sum of their samples. (For classes,
/// [`super::ClassSums`] has the sums of squares, too.)
///
/// Merged sums are the same however the pixels were split.
#[derive(Debug, Clone)]
pub struct LabelSums {
    n_bands: usize,
    counts: Vec<u64>,
    sums: Sums,
}

#[derive(Debug, Clone)]
enum Sums {
    /// Labels x bands.
    Integer(Vec<i128>),
    /// Per band: the sums of every label.
    Float(Vec<ExactSums>),
}

impl LabelSums {
    /// Sums over no pixels, for labels below `n_labels`.
    pub fn new(n_labels: usize, n_bands: usize, sample_type: SampleType) -> LabelSums {
        let sums = match sample_type.is_float() {
            true => Sums::Float(vec![ExactSums::new(n_labels); n_bands]),
            false => Sums::Integer(vec![0; n_labels * n_bands]),
        };
        LabelSums { n_bands, counts: vec![0; n_labels], sums }
    }

    /// The bytes that such sums take at most.
    pub fn bytes(n_labels: usize, n_bands: usize, sample_type: SampleType) -> usize {
        let per_band = if sample_type.is_float() { ExactSums::bytes() } else { size_of::<i128>() };
        n_labels.saturating_mul(n_bands.saturating_mul(per_band).saturating_add(size_of::<u64>()))
    }

    /// Adds the valid pixels of a tile to the sums of their labels.
    ///
    /// # Panics
    /// When a label is not below the number of labels, or the sums are of another kind of samples.
    pub fn add<T: Sample>(&mut self, tile: &Tile<T>, labels: &[u16]) {
        match &mut self.sums {
            Sums::Float(sums) => {
                count(&mut self.counts, tile.valid(), labels);
                add_floats(sums, tile, labels);
            }
            Sums::Integer(sums) => match few(labels) {
                Some(few) if T::CODE_BITS <= 16 => {
                    add_few(&mut self.counts, sums, tile.samples(), tile.valid(), labels, few);
                }
                _ => {
                    count(&mut self.counts, tile.valid(), labels);
                    add_each(sums, tile, labels);
                }
            },
        }
    }

    /// Adds the sums over other pixels.
    pub fn merge(&mut self, other: &LabelSums) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(mine, theirs)| *mine += theirs);
        match (&mut self.sums, &other.sums) {
            (Sums::Integer(mine), Sums::Integer(theirs)) => {
                mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
            }
            (Sums::Float(mine), Sums::Float(theirs)) => {
                mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| mine.merge(theirs));
            }
            _ => unreachable!("sums of one sample type are merged"),
        }
    }

    /// Number of pixels of each label.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Mean of a label's samples in one band; NaN if it has no pixel.
    pub fn mean(&self, label: usize, band: usize) -> f64 {
        let sum = match &self.sums {
            Sums::Integer(sums) => sums[label * self.n_bands + band] as f64,
            Sums::Float(sums) => sums[band].value(label),
        };
        sum / self.counts[label] as f64
    }
}

/// The labels of a tile from the least to the largest, if the span is at most [`FEW`].
fn few(labels: &[u16]) -> Option<RangeInclusive<u16>> {
    let (least, largest) = labels
        .iter()
        .fold((u16::MAX, 0), |(least, largest), label| (least.min(*label), largest.max(*label)));
    (least <= largest && largest - least < FEW).then_some(least..=largest)
}

fn count(counts: &mut [u64], valid: &[u8], labels: &[u16]) {
    labels
        .iter()
        .zip(valid)
        .for_each(|(label, valid)| counts[usize::from(*label)] += u64::from(*valid));
}

/// The counts and sums of a tile with few labels; only for samples of up to 16 bits, whose sums
/// over a tile fit in 32 bits.
#[apply(vectors)]
fn add_few<T: Sample>(
    counts: &mut [u64],
    sums: &mut [i128],
    samples: &[T],
    valid: &[u8],
    labels: &[u16],
    few: RangeInclusive<u16>,
) {
    /// The label of an invalid pixel, which no class has.
    const NONE: i32 = -1;
    let (mut own, mut values) = ([NONE; TILE], [1i32; TILE]);
    let (own, values) = (&mut own[..labels.len()], &mut values[..labels.len()]);
    for (own, (label, valid)) in own.iter_mut().zip(labels.iter().zip(valid)) {
        *own = if *valid == 1 { i32::from(*label) } else { NONE };
    }
    let total = |values: &[i32], own: &[i32], label: u16| {
        let label = i32::from(label);
        values
            .iter()
            .zip(own)
            .map(|(value, own)| if *own == label { *value } else { 0 })
            .sum::<i32>()
    };
    for label in few.clone() {
        counts[usize::from(label)] += total(values, own, label) as u64;
    }
    let n_bands = sums.len() / counts.len();
    for (band, samples) in samples.chunks(TILE).enumerate() {
        values.iter_mut().zip(samples).for_each(|(value, sample)| *value = sample.to_i64() as i32);
        for label in few.clone() {
            sums[usize::from(label) * n_bands + band] += i128::from(total(values, own, label));
        }
    }
}

/// The sums of a tile, pixel after pixel.
fn add_each<T: Sample>(sums: &mut [i128], tile: &Tile<T>, labels: &[u16]) {
    let n_bands = tile.n_bands();
    let pixels = labels.iter().zip(tile.valid()).enumerate().filter(|(_, (_, valid))| **valid == 1);
    for (i, (label, _)) in pixels {
        let sums = &mut sums[usize::from(*label) * n_bands..][..n_bands];
        for (band, sum) in sums.iter_mut().enumerate() {
            *sum += i128::from(tile.band(band)[i].to_i64());
        }
    }
}

fn add_floats<T: Sample>(sums: &mut [ExactSums], tile: &Tile<T>, labels: &[u16]) {
    let (mut values, mut digits) = ([0.0; TILE], Digits::new());
    let values = &mut values[..tile.len()];
    for (band, sums) in sums.iter_mut().enumerate() {
        let largest = gather(tile.band(band), tile.valid(), values);
        sums.reserve(largest, TILE);
        sums.add(values, labels, &mut digits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Raster;

    /// The plain reference is [`super::super::ClassSums`], pixel after pixel. Checked with few
    /// labels and many, every kind of samples, and several lengths.
    fn check<T: Sample>(sample: impl Fn(usize) -> T) {
        for (len, first, n_labels) in
            [(1, 0, 1), (37, 3, 9), (TILE, 0, 8), (TILE, 65_528, 8), (TILE, 0, 9), (TILE, 2, 300)]
        {
            let samples: Vec<T> = (0..2 * len).map(&sample).collect();
            let nodata = vec![None, Some(samples[len].to_f64())];
            let raster = Raster::bsq(&samples, 2, len, 1).unwrap().with_nodata(nodata).unwrap();
            let mut tile: Tile<T> = Tile::new(2);
            tile.fill(&raster, 0);
            let labels: Vec<u16> = (0..len).map(|i| (first + i * i % n_labels) as u16).collect();
            let mut sums = LabelSums::new(first + n_labels, 2, T::TYPE);
            let mut expected = super::super::ClassSums::new(first + n_labels, 2, T::TYPE);
            for _ in 0..3 {
                sums.add(&tile, &labels);
                expected.add(&tile, &labels);
            }
            let (mut all, mut twice) = (sums.clone(), expected.clone());
            all.merge(&sums);
            twice.merge(&expected);
            assert!(
                twice.counts().iter().sum::<u64>() < 6 * len as u64,
                "one pixel at least is not valid"
            );
            assert_eq!(all.counts(), twice.counts());
            for label in 0..first + n_labels {
                for band in 0..2 {
                    let (found, expected) = (all.mean(label, band), twice.mean(label, band));
                    assert_eq!(found.to_bits(), expected.to_bits(), "label {label} of {n_labels}");
                }
            }
        }
    }

    #[test]
    fn equals_the_sums_of_classes() {
        check(|i| (i * 7919 % 251) as u8);
        check(|i| (i * 7919) as i16);
        check(|i| u16::MAX - (i % 5) as u16);
        check(|i| (i as i32).wrapping_mul(79_190_003));
        check(|i| i as f32 / 7.0 - 20.0);
        check(|i| 1e9 + (i as f64).sqrt());
    }
}
