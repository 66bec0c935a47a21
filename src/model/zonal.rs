//! Zonal statistics: the pixels of a scene by the labels of its map.

use crate::error::{invalid_argument, Result};
use crate::kernel::LabelSums;
use crate::machine::check_room;
use crate::progress::Run;
use crate::raster::{with_sample_type, Raster, Sample, SampleType, Tile, TILE, TILES_PER_TASK};

/// How many valid pixels of a scene have each label of a map, and their mean in each band. It is
/// accumulated block by block and mergeable, the same in any order. A model's own means are those
/// of its training pixels; these are for any scene, and for any map, also a filtered one.
#[derive(Debug, Clone)]
pub struct ZonalMeans {
    n_labels: usize,
    n_bands: usize,
    sample_type: SampleType,
    /// One per worker so far; never empty.
    parts: Vec<LabelSums>,
}

impl ZonalMeans {
    /// Means of no pixels; labels are 0 to `n_labels`.
    ///
    /// # Errors
    /// `OutOfMemory` when labels times bands need too much memory.
    pub fn new(n_labels: usize, n_bands: usize, sample_type: SampleType) -> Result<ZonalMeans> {
        let mut zonal = ZonalMeans { n_labels, n_bands, sample_type, parts: Vec::new() };
        zonal.make_parts(1)?;
        Ok(zonal)
    }

    /// Makes sure that there are parts for so many workers.
    fn make_parts(&mut self, n: usize) -> Result<()> {
        let (n_labels, n_new) = (self.n_labels + 1, n.saturating_sub(self.parts.len()));
        let each = LabelSums::bytes(n_labels, self.n_bands, self.sample_type);
        check_room(
            each.saturating_mul(n_new),
            &format!("the statistics of {} labels in {} bands", self.n_labels, self.n_bands),
        )?;
        let new = || LabelSums::new(n_labels, self.n_bands, self.sample_type);
        self.parts.extend(std::iter::repeat_with(new).take(n_new));
        Ok(())
    }

    /// Number of bands.
    pub fn n_bands(&self) -> usize {
        self.n_bands
    }

    /// The largest allowed label.
    pub fn n_labels(&self) -> usize {
        self.n_labels
    }

    /// Adds the valid pixels of an image, or of a block of one, with their labels: an image of one
    /// band of `u8` or `u16`. Uses all the threads of the run.
    ///
    /// # Errors
    /// `InvalidArgument` when the bands or the sample type have changed, or the labels have another
    /// type or size, or exceed the largest allowed label; `Cancelled`. After an error some of the
    /// pixels are added.
    pub fn add(&mut self, raster: &Raster, labels: &Raster, run: &mut Run) -> Result<()> {
        self.check(raster, labels)?;
        with_sample_type!(self.sample_type, T => match labels.sample_type() {
            SampleType::U8 => self.add_tiles::<T, u8>(raster, labels, run),
            _ => self.add_tiles::<T, u16>(raster, labels, run),
        })
    }

    fn check(&self, raster: &Raster, labels: &Raster) -> Result<()> {
        if (raster.n_bands(), raster.sample_type()) != (self.n_bands, self.sample_type) {
            return invalid_argument(format!(
                "{} bands of {} cannot be added to means of {} bands of {}",
                raster.n_bands(),
                raster.sample_type(),
                self.n_bands,
                self.sample_type
            ));
        }
        if labels.n_bands() != 1
            || !matches!(labels.sample_type(), SampleType::U8 | SampleType::U16)
        {
            return invalid_argument(format!(
                "labels are one band of uint8 or uint16, these are {} of {}",
                labels.n_bands(),
                labels.sample_type()
            ));
        }
        if (labels.width(), labels.height()) != (raster.width(), raster.height()) {
            return invalid_argument(format!(
                "the labels are {} x {} pixels, the image {} x {}: they must be of one size",
                labels.width(),
                labels.height(),
                raster.width(),
                raster.height()
            ));
        }
        Ok(())
    }

    fn add_tiles<T: Sample, L: Sample + Into<u16>>(
        &mut self,
        raster: &Raster,
        labels: &Raster,
        run: &mut Run,
    ) -> Result<()> {
        let n_tiles = raster.n_tiles();
        let n_tasks = n_tiles.div_ceil(TILES_PER_TASK);
        let n_workers = n_tasks.min(run.threads());
        self.make_parts(n_workers)?;
        let most = self.n_labels;
        let new = |part| (part, Tile::<T>::new(raster.n_bands()), Tile::<L>::new(1));
        let mut workers: Vec<_> = self.parts[..n_workers].iter_mut().map(new).collect();
        run.parallel("measuring", n_tasks, &mut workers, |(part, tile, label_tile), task, stop| {
            let first = task * TILES_PER_TASK;
            for index in first..n_tiles.min(first + TILES_PER_TASK) {
                stop.check()?;
                tile.fill(raster, index);
                if tile.n_valid() == 0 {
                    continue;
                }
                label_tile.fill(labels, index);
                let mut own = [0u16; TILE];
                own.iter_mut()
                    .zip(label_tile.band(0))
                    .for_each(|(own, label)| *own = (*label).into());
                let own = &own[..tile.len()];
                let largest = own.iter().copied().max().unwrap_or(0);
                if usize::from(largest) > most {
                    return invalid_argument(format!(
                        "label {largest} was found: the largest possible label is {most}"
                    ));
                }
                part.add(tile, own);
            }
            Ok(())
        })
    }

    /// Adds what others have accumulated.
    ///
    /// # Errors
    /// `InvalidArgument` when labels, bands or sample type differ.
    pub fn merge(&mut self, other: &ZonalMeans) -> Result<()> {
        if (self.n_labels, self.n_bands, self.sample_type)
            != (other.n_labels, other.n_bands, other.sample_type)
        {
            return invalid_argument(
                "these means are of other labels, bands or sample types: make both alike",
            );
        }
        other.parts.iter().for_each(|part| self.parts[0].merge(part));
        Ok(())
    }

    /// The number of valid pixels of each label, from 0, and their mean in each band: NaN if there
    /// is no pixel.
    pub fn finish(&self) -> (Vec<u64>, Vec<Vec<f64>>) {
        let mut all = self.parts[0].clone();
        self.parts[1..].iter().for_each(|part| all.merge(part));
        let mean = |label| (0..self.n_bands).map(|band| all.mean(label, band)).collect();
        (all.counts().to_vec(), (0..=self.n_labels).map(mean).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(labels: &[u8], threads: usize) -> Result<ZonalMeans> {
        let samples: Vec<i16> =
            (0..2 * labels.len() as i16).map(|i| if i % 5 == 0 { -9 } else { i }).collect();
        let raster =
            Raster::bsq(&samples, 2, labels.len(), 1)?.with_nodata(vec![None, Some(-9.0)])?;
        let mut zonal = ZonalMeans::new(2, 2, SampleType::I16)?;
        zonal.add(&raster, &Raster::bsq(labels, 1, labels.len(), 1)?, &mut Run::silent(threads))?;
        Ok(zonal)
    }

    #[test]
    fn means_are_those_of_the_valid_pixels_of_each_label() {
        // Bands 0, 1, 2, 3 (0 is -9 there and valid) and 4, -9, 6, 7: the second pixel is not
        // valid.
        let (counts, means) = added(&[1, 2, 2, 1], 1).unwrap().finish();
        assert_eq!(counts, [0, 2, 1]);
        assert!(means[0].iter().all(|mean| mean.is_nan()));
        assert_eq!(means[1..], [[-3.0, 5.5], [2.0, 6.0]]);
    }

    #[test]
    fn parts_make_the_whole() {
        let labels: Vec<u8> = (0..16_000).map(|i| (i % 3) as u8).collect();
        let mut one = added(&labels, 1).unwrap();
        let other = added(&labels, 3).unwrap();
        assert_eq!(one.finish(), other.finish());
        one.merge(&other).unwrap();
        assert_eq!(one.finish().1, other.finish().1);
        assert_eq!(one.finish().0[1], 2 * other.finish().0[1]);
        assert!(one.merge(&ZonalMeans::new(1, 2, SampleType::I16).unwrap()).is_err());
    }

    #[test]
    fn more_than_there_is_room_for_is_refused() {
        for sample_type in [SampleType::U8, SampleType::F64] {
            let message = ZonalMeans::new(65_535, 1 << 40, sample_type).unwrap_err().to_string();
            assert!(
                message.starts_with("the statistics of 65535 labels in 1099511627776 bands"),
                "{message}"
            );
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let message = added(&[1, 0, 3, 0], 1).unwrap_err().to_string();
        assert!(
            message.contains("label 3 was found: the largest possible label is 2"),
            "{message}"
        );
        let mut zonal = ZonalMeans::new(2, 1, SampleType::U8).unwrap();
        let (image, wide) = ([1u8; 4], [1u16; 6]);
        let image = Raster::bsq(&image, 1, 2, 2).unwrap();
        let labels = Raster::bsq(&wide, 1, 3, 2).unwrap();
        let message = zonal.add(&image, &labels, &mut Run::silent(1)).unwrap_err().to_string();
        assert!(message.contains("3 x 2 pixels, the image 2 x 2"), "{message}");
    }
}
