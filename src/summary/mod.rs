//! The digest of an image: a grid over band space whose occupied cells are counted and summed.
//!
//! The leading bits of each sample's code ([`Sample::code`]) choose the cell of a pixel. Cells of
//! integer samples are `2^e` wide; cells of floating-point samples are an equal fraction of their
//! power of two (so a reflectance of 0..1 and an elevation of 0..3000 both keep their detail). If
//! the cells outgrow the memory, one bit of one band is dropped, of each band in turn: the grid
//! coarsens and cells merge.
//!
//! Everything is kept in integers (counts, and sums of the dropped bits). So a summary does not
//! depend on the order of the pixels, the size of the blocks, the number of threads, or the order
//! of merging. Squares are summed only over the whole image: the refinement gives the sums of
//! squares of each class exactly. As grids are nested, the final grid is the finest one in which
//! all cells fit; it depends on the pixels alone.
//!
//! [`Sample::code`]: crate::raster::Sample::code

mod cells;
mod derived;
mod format;
mod grid;
mod key;
mod levels;
mod pixels;
mod sample;
mod sampled;
mod scan;
mod slots;
mod spread;
mod table;
mod worker_summary;

use std::any::Any;
use std::borrow::Cow;
use std::sync::Arc;

pub use cells::Cells;
pub(crate) use sampled::Sampled;
pub use spread::Spread;

use self::derived::{Derived, FitCache};
use self::key::Packing;
use self::sample::{Sample as PixelSample, Shared};
use self::scan::Scanner;
use self::table::Table;
use self::worker_summary::WorkerSummary;
use crate::error::{invalid_argument, Result};
use crate::kernel::{padded, ClassSums};
use crate::machine::check_room;
use crate::progress::Run;
use crate::raster::{with_sample_type, Raster, Sample, SampleType, TILES_PER_TASK};

/// The memory that a summary may take if the caller does not say: 256 MiB.
pub const DEFAULT_MEMORY: usize = 256 << 20;

/// The largest number of cells, whatever the memory. With more cells, fitting slows down, and the
/// result, which is refined on the pixels, does not change.
const MAX_CELLS: usize = 96 << 10;

/// The number of cells on which restarts are tried. The next constant is added for each cluster.
const COARSE_CELLS: usize = 1 << 14;
const COARSE_CELLS_PER_CLUSTER: usize = 64;

/// Tables that the memory is divided among: two workers hold one each, and merging or coarsening
/// holds up to two more.
const TABLES: usize = 4;

/// The smallest number of cells that is worth fitting on.
const MIN_CELLS: usize = 1 << 10;

/// A bounded, mergeable digest of the valid pixels of any number of images with the same bands.
#[derive(Debug, Clone)]
pub struct Summary {
    n_bands: usize,
    sample_type: SampleType,
    /// Most cells a table may hold.
    capacity: usize,
    /// Most tables that the memory allows.
    max_workers: usize,
    n_pixels: u64,
    /// A sample of the pixels, if there are many bands.
    sample: Option<Shared>,
    /// One per worker so far; never empty.
    parts: Vec<WorkerSummary>,
    derived: Derived,
}

impl Summary {
    /// An empty summary of pixels with `n_bands` samples of one type, in at most `memory` bytes (0:
    /// [`DEFAULT_MEMORY`]).
    ///
    /// # Errors
    /// `InvalidArgument` when there is no band or the memory is too small to be useful;
    /// `OutOfMemory` when the system does not give it.
    pub fn new(n_bands: usize, sample_type: SampleType, memory: usize) -> Result<Summary> {
        if n_bands == 0 {
            return invalid_argument("a summary of 0 bands was asked for: at least 1 is wanted");
        }
        let memory = if memory == 0 { DEFAULT_MEMORY } else { memory };
        let least = Summary::least_memory(n_bands, sample_type);
        if memory < least {
            return invalid_argument(format!(
                "{memory} bytes of memory are too few for a summary of {n_bands} bands: give at \
                 least {least}"
            ));
        }
        let packing = Packing::new(n_bands, sample_type);
        let (cell, sampled) =
            (Table::bytes_per_cell(packing), PixelSample::bytes_per_cell(packing));
        let capacity = (memory / (TABLES * cell + sampled)).min(MAX_CELLS);
        let max_workers =
            ((memory - capacity * sampled) / (capacity * cell)).saturating_sub(2).max(1);
        check_room(Summary::bytes(packing, capacity), &format!("a summary of {n_bands} bands"))?;
        let parts = vec![WorkerSummary::new(n_bands, sample_type, capacity)];
        let sample = Shared::new(packing, capacity);
        let derived = Derived::default();
        Ok(Summary {
            n_bands,
            sample_type,
            capacity,
            max_workers,
            n_pixels: 0,
            sample,
            parts,
            derived,
        })
    }

    /// The memory that one worker's cells, the sample and the totals of bands take at first.
    fn bytes(packing: Packing, capacity: usize) -> usize {
        let cell =
            Table::bytes_per_cell(packing).saturating_add(PixelSample::bytes_per_cell(packing));
        capacity
            .saturating_mul(cell)
            .saturating_add(packing.n_bands.saturating_mul(ClassSums::bytes_per_band()))
    }

    /// An empty summary for another worker on the pixels of the same scenes. If there are many
    /// bands, summaries hold a sample of the pixels; the two share one, so that it takes its memory
    /// once. Merge them at the end.
    pub fn for_another_worker(&self) -> Summary {
        Summary {
            n_pixels: 0,
            sample: self.sample.as_ref().map(Shared::share),
            parts: vec![WorkerSummary::new(self.n_bands, self.sample_type, self.capacity)],
            derived: Derived::default(),
            ..*self
        }
    }

    /// The least memory for a summary of such pixels, in bytes.
    pub fn least_memory(n_bands: usize, sample_type: SampleType) -> usize {
        let packing = Packing::new(n_bands, sample_type);
        MIN_CELLS * (TABLES * Table::bytes_per_cell(packing) + PixelSample::bytes_per_cell(packing))
    }

    /// Adds the valid pixels of an image, or of a block of one, using all the threads of the run.
    ///
    /// # Errors
    /// `InvalidArgument` when the bands or the sample type are not the summary's; `Cancelled`.
    /// After an error the summary holds some of the pixels: drop it.
    pub fn add(&mut self, raster: &Raster, run: &mut Run) -> Result<()> {
        self.check(raster.n_bands(), raster.sample_type())?;
        self.derived.forget();
        self.n_pixels += raster.n_pixels() as u64;
        with_sample_type!(self.sample_type, T => self.scan::<T>(raster, run))
    }

    /// Counts pixels that are all invalid.
    pub fn add_invalid(&mut self, n_pixels: u64) {
        self.n_pixels += n_pixels;
    }

    fn scan<T: Sample>(&mut self, raster: &Raster, run: &mut Run) -> Result<()> {
        let n_tiles = raster.n_tiles();
        let n_tasks = n_tiles.div_ceil(TILES_PER_TASK);
        let n_workers = n_tasks.min(run.threads()).min(self.max_workers).max(1);
        while self.parts.len() < n_workers {
            let bytes = Summary::bytes(self.parts[0].table.packing(), self.capacity);
            check_room(bytes, &format!("the summary of {} bands on another thread", self.n_bands))?;
            self.parts.push(WorkerSummary::new(self.n_bands, self.sample_type, self.capacity));
        }
        let sample = self.sample.as_ref();
        let mut workers: Vec<_> = self.parts[..n_workers]
            .iter_mut()
            .map(|part| Scanner::<T>::new(part, sample))
            .collect();
        run.parallel("summarising", n_tasks, &mut workers, |worker, task, stop| {
            let first = task * TILES_PER_TASK;
            for tile in first..n_tiles.min(first + TILES_PER_TASK) {
                stop.check()?;
                worker.add(raster, tile);
            }
            Ok(())
        })?;
        workers.iter_mut().for_each(Scanner::finish);
        self.check_sums()
    }

    /// Adds what another summary holds.
    ///
    /// # Errors
    /// `InvalidArgument` when the other has other bands, another sample type or another memory.
    pub fn merge(&mut self, other: &Summary) -> Result<()> {
        self.check(other.n_bands, other.sample_type)?;
        if self.capacity != other.capacity {
            return invalid_argument(format!(
                "a summary of at most {} cells cannot be merged into one of at most {}: give both \
                 the same memory",
                other.capacity, self.capacity
            ));
        }
        self.derived.forget();
        self.n_pixels += other.n_pixels;
        other.parts.iter().for_each(|part| self.parts[0].merge(part));
        if let (Some(sample), Some(other)) = (&self.sample, &other.sample) {
            sample.merge(other);
        }
        self.check_sums()
    }

    /// Checks that no sum can have overflowed.
    fn check_sums(&self) -> Result<()> {
        if self.parts.iter().all(|part| part.table.grid().hold_sums_of(self.n_pixels)) {
            return Ok(());
        }
        invalid_argument(format!(
            "{} pixels are more than this summary's sums can hold: fit on fewer",
            self.n_pixels
        ))
    }

    fn check(&self, n_bands: usize, sample_type: SampleType) -> Result<()> {
        if (n_bands, sample_type) == (self.n_bands, self.sample_type) {
            return Ok(());
        }
        invalid_argument(format!(
            "{n_bands} bands of {sample_type} cannot be added to a summary of {} bands of {}",
            self.n_bands, self.sample_type
        ))
    }

    /// How many summaries like this one fit in the memory at once: no more workers should have a
    /// summary of their own.
    pub fn max_workers(&self) -> usize {
        self.max_workers
    }

    /// The memory that a fit takes at most: a summary for each of so many workers, two more while
    /// they are merged, and the cells as points. In practice it takes much less.
    pub fn most_bytes(&self, n_workers: usize) -> usize {
        let packing = self.parts[0].table.packing();
        let sample = 2 * PixelSample::bytes_per_cell(packing);
        let points = Summary::bytes_as_points(self.n_bands);
        self.capacity * ((n_workers + 2) * Table::bytes_per_cell(packing) + points + sample)
    }

    /// The memory that a cell takes as points of a fit: means, tiles, spreads and costs; rows,
    /// twice; offsets of sampled pixels; and bounds of distances, of two assignments.
    fn bytes_as_points(n_bands: usize) -> usize {
        (4 * (n_bands + 4) + 2 * padded(n_bands) + n_bands + 6) * size_of::<f64>()
    }

    /// The memory that a fit on this summary takes at most, beyond the summary itself: the cells as
    /// points, a copy of the tables that are merged, and the sampled pixels.
    pub(crate) fn fit_bytes(&self) -> usize {
        let packing = self.parts[0].table.packing();
        let table = self.capacity.saturating_mul(Table::bytes_per_cell(packing));
        let sampled = self.sample.as_ref().map_or(0, |sample| sample.lock().len());
        let point = Summary::bytes_as_points(self.n_bands);
        let pixel = (packing.words + 12) * size_of::<u64>();
        self.most_cells()
            .saturating_mul(point)
            .saturating_add(table)
            .saturating_add(sampled.saturating_mul(pixel))
    }

    /// Cells of all parts; some may be equal.
    pub(crate) fn most_cells(&self) -> usize {
        self.parts.iter().map(|part| part.table.len()).sum()
    }

    /// Number of bands.
    pub fn n_bands(&self) -> usize {
        self.n_bands
    }

    /// The type of the samples summarised.
    pub fn sample_type(&self) -> SampleType {
        self.sample_type
    }

    /// Pixels seen, valid or not.
    pub fn n_pixels(&self) -> u64 {
        self.n_pixels
    }

    /// Valid pixels among them.
    pub fn n_valid(&self) -> u64 {
        self.parts.iter().map(|part| part.totals.counts()[0]).sum()
    }

    /// The cells of the final grid, in the order of their place in band space. They are kept until
    /// the summary changes, so that further fits start at once.
    pub fn cells(&self) -> Arc<Cells> {
        let mut known = self.derived.known();
        let cells = known
            .cells
            .get_or_insert_with(|| Arc::new(Cells::new(&self.merged(), self.sample_type)));
        Arc::clone(cells)
    }

    /// The [cells](Summary::cells), and the cells of a coarser grid: about ten thousand, enough to
    /// tell good restarts for `k` clusters from bad ones. `None` for the latter if the cells are
    /// few already.
    pub(crate) fn fine_and_coarse_cells(&self, k: usize) -> (Arc<Cells>, Option<Arc<Cells>>) {
        let wanted = COARSE_CELLS.max(COARSE_CELLS_PER_CLUSTER * k);
        let cells = self.cells();
        let mut known = self.derived.known();
        match &known.coarse {
            Some((of, coarse)) if *of == wanted => (cells, coarse.clone()),
            _ => {
                let coarse =
                    (cells.len() > 2 * wanted).then(|| Arc::new(self.coarse_cells(wanted)));
                known.coarse = Some((wanted, coarse.clone()));
                (cells, coarse)
            }
        }
    }

    fn coarse_cells(&self, wanted: usize) -> Cells {
        let mut coarse = self.merged().into_owned();
        coarse.table.coarsen_for(wanted, &[]);
        Cells::new(&coarse, self.sample_type)
    }

    /// The sampled pixels as points that stand for all pixels of these cells, which must be this
    /// summary's; `None` if no pixels are sampled.
    pub(crate) fn sampled(&self, cells: &Cells) -> Option<Arc<Sampled>> {
        let sample = self.sample.as_ref()?;
        let mut known = self.derived.known();
        let sampled = known.sampled.get_or_insert_with(|| {
            Arc::new(Sampled::new(&self.merged().table, &sample.lock(), cells, self.sample_type))
        });
        Some(Arc::clone(sampled))
    }

    /// What fits keep with the summary until it changes; at first the default of `T`. All fits must
    /// use the same `T`.
    pub(crate) fn fit_cache<T: Any + Default + Send + Sync>(&self) -> Arc<T> {
        let mut known = self.derived.known();
        let cache = known.fit_cache.get_or_insert_with(|| FitCache(Arc::new(T::default())));
        Arc::clone(&cache.0).downcast().unwrap_or_default()
    }

    /// Number of occupied cells.
    pub fn n_cells(&self) -> usize {
        self.merged().table.len()
    }

    /// The exponent of the cells' width. Cells of integer samples are `2^e` wide in the first
    /// bands, and that or half of it in the others; 0 means one cell per value.
    pub fn width_exponent(&self) -> u32 {
        self.merged().table.grid().widest_shift()
    }

    /// All workers' parts as one.
    fn merged(&self) -> Cow<'_, WorkerSummary> {
        let mut merged = Cow::Borrowed(&self.parts[0]);
        for part in self.parts[1..].iter().filter(|part| part.table.len() > 0) {
            merged.to_mut().merge(part);
        }
        merged
    }
}
