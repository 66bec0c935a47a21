//! The class counts of a finished map: the pixels of each label, and their area.

use gdal::Dataset;

use super::pixel_area::PixelArea;
use crate::error::Result;
use crate::file::Staged;
use crate::gdal::problem;
use crate::gdal::scene::source::open_own;
use crate::model::{MapClass, Model};
use crate::progress::Run;

/// The number of rows that are read at once: those of a row of tiles.
pub(in crate::gdal) const ROWS: usize = 512;

/// The pixels of each label of a map, from 0 (nodata), and their areas.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassCounts {
    /// Number of pixels.
    pub counts: Vec<u64>,
    /// Area in hectares; `None` if the size of a pixel is not known.
    pub areas: Vec<Option<f64>>,
    /// Mean per band; `None` if the model's means are those of this map.
    pub means: Option<Vec<Vec<f64>>>,
}

/// A map that can be read again, row after row.
pub(in crate::gdal) struct Written {
    dataset: Dataset,
    name: String,
}

impl Written {
    /// Opens a map that lies beside its final name.
    pub fn open(map: &Staged) -> Result<Written> {
        Ok(Written { dataset: open_own(map.path())?, name: map.target().display().to_string() })
    }

    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// Width and height.
    pub fn size(&self) -> (usize, usize) {
        self.dataset.raster_size()
    }

    /// The labels of whole rows.
    pub fn rows(&self, first: usize, n: usize) -> Result<Vec<u16>> {
        let (width, _) = self.size();
        let mut labels = vec![0; width * n];
        self.dataset
            .rasterband(1)
            .and_then(|band| {
                band.read_into_slice((0, first as isize), (width, n), (width, n), &mut labels, None)
            })
            .map_err(|error| problem::io(&self.name, "cannot be read again", &error))?;
        Ok(labels)
    }

    /// Passes on all rows, in strips from the top, each with the number of its first row.
    pub fn strips(
        &self,
        message: &str,
        run: &mut Run,
        mut each: impl FnMut(usize, &[u16]),
    ) -> Result<()> {
        let (_, height) = self.size();
        for first in (0..height).step_by(ROWS) {
            run.tick(first as f64 / height as f64, message)?;
            each(first, &self.rows(first, ROWS.min(height - first))?);
        }
        Ok(())
    }
}

impl ClassCounts {
    /// The counts of a map that lies beside its final name. If its `counts` are known, from 0 up,
    /// it is read only if the size of pixels changes from row to row. Each strip that is read is
    /// passed on, with the number of its first row.
    ///
    /// # Errors
    /// `Io` when it cannot be read again; `Cancelled`.
    pub fn of(
        map: &Staged,
        n_labels: usize,
        counts: Option<Vec<u64>>,
        run: &mut Run,
        mut strip: impl FnMut(usize, &[u16]),
    ) -> Result<ClassCounts> {
        let written = Written::open(map)?;
        let pixel_area = PixelArea::of(written.dataset());
        if let (Some(counts), true) = (&counts, pixel_area.is_uniform()) {
            return Ok(ClassCounts::new(counts.clone(), &vec![0; n_labels], &pixel_area));
        }
        let (mut counts, mut units) = (vec![0; n_labels], vec![0; n_labels]);
        let (width, _) = written.size();
        written.strips("measuring", run, |first, labels| {
            for (row, labels) in (first..).zip(labels.chunks_exact(width)) {
                let pixel = pixel_area.row_units(row);
                for &label in labels {
                    counts[usize::from(label)] += 1;
                    units[usize::from(label)] += pixel;
                }
            }
            strip(first, labels);
        })?;
        Ok(ClassCounts::new(counts, &units, &pixel_area))
    }

    /// The counts of pixels whose size is not known.
    pub fn without_areas(counts: Vec<u64>) -> ClassCounts {
        ClassCounts { areas: vec![None; counts.len()], counts, means: None }
    }

    /// The classes of a map of this model with these counts.
    pub fn classes(&self, model: &Model) -> Vec<MapClass> {
        let mut classes = model.map_classes(&self.counts);
        for class in &mut classes {
            class.area_ha = self.areas.get(class.value as usize).copied().flatten();
            if let Some(means) = &self.means {
                class.mean.clone_from(&means[class.value as usize]);
            }
        }
        classes
    }

    /// Adds the counts of another map of the scenes that the model was fitted on: the model's means
    /// are those of all these maps. If an area is not known, the sum is not known.
    pub fn add(&mut self, other: &ClassCounts) {
        self.means = None;
        self.counts.iter_mut().zip(&other.counts).for_each(|(sum, count)| *sum += count);
        let sum = |a: Option<f64>, b: Option<f64>| a.zip(b).map(|(a, b)| a + b);
        self.areas
            .iter_mut()
            .zip(&other.areas)
            .for_each(|(area, other)| *area = sum(*area, *other));
    }

    fn new(counts: Vec<u64>, units: &[u128], pixel_area: &PixelArea) -> ClassCounts {
        let areas = counts
            .iter()
            .zip(units)
            .map(|(count, units)| pixel_area.hectares(*count, *units))
            .collect();
        ClassCounts { counts, areas, means: None }
    }
}
