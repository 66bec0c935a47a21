//! What fits start from: derived from a summary once, and kept until the summary changes.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};

use super::cells::Cells;
use super::sampled::Sampled;

/// The results so far. Clones of a summary share them.
#[derive(Debug, Default)]
pub(super) struct Derived(Mutex<Known>);

#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub cells: Option<Arc<Cells>>,
    /// The number of coarse cells wanted, and these cells, unless all cells are few enough.
    pub coarse: Option<(usize, Option<Arc<Cells>>)>,
    pub sampled: Option<Arc<Sampled>>,
    pub fit_cache: Option<FitCache>,
}

/// What fits keep. This module does not know its type.
#[derive(Clone)]
pub(super) struct FitCache(pub Arc<dyn Any + Send + Sync>);

impl fmt::Debug for FitCache {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("FitCache")
    }
}

impl Derived {
    /// While this is locked, no other thread derives the same.
    pub fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// The summary has changed.
    pub fn forget(&mut self) {
        *self = Derived::default();
    }
}

impl Clone for Derived {
    fn clone(&self) -> Derived {
        Derived(Mutex::new(self.known().clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Summary;
    use crate::progress::Run;
    use crate::raster::{Raster, SampleType};

    /// Seven bands, so that pixels are sampled, and enough distinct pixels for coarse cells.
    fn add(summary: &mut Summary, seed: usize) {
        let samples: Vec<u16> =
            (0..7 * 40_000).map(|i| ((i + seed) * 7919 % 60_013) as u16).collect();
        summary.add(&Raster::bsq(&samples, 7, 200, 200).unwrap(), &mut Run::silent(2)).unwrap();
    }

    fn filled(seeds: &[usize]) -> Summary {
        let mut summary = Summary::new(7, SampleType::U16, 1 << 27).unwrap();
        seeds.iter().for_each(|seed| add(&mut summary, *seed));
        summary
    }

    /// What fits start from, as text.
    fn asked(summary: &Summary) -> [String; 3] {
        let (cells, coarse) = summary.fine_and_coarse_cells(4);
        let sampled = summary.sampled(&cells).expect("seven bands are sampled");
        [format!("{cells:?}"), format!("{coarse:?}"), format!("{sampled:?}")]
    }

    #[test]
    fn what_is_kept_is_of_the_summary_as_it_is_now() {
        let mut summary = filled(&[1]);
        let before = asked(&summary);
        assert_eq!(before, asked(&summary));
        let copy = summary.clone();
        add(&mut summary, 2);
        let after = asked(&summary);
        assert_eq!(after, asked(&filled(&[1, 2])));
        before.iter().zip(&after).for_each(|(before, after)| assert!(before != after));
        let mut merged = filled(&[2]);
        asked(&merged);
        merged.merge(&copy).unwrap();
        assert!(asked(&merged)[0] == after[0]);
        assert_eq!(asked(&copy), before);
    }

    /// Threads may fit on one summary at once, as the C API says.
    #[test]
    fn a_summary_can_be_shared_among_threads() {
        fn can_be_shared<T: Send + Sync>() {}
        can_be_shared::<Summary>();
    }

    #[test]
    fn a_fit_for_more_clusters_has_more_coarse_cells() {
        let summary = filled(&[1, 2, 3]);
        let few = summary.fine_and_coarse_cells(4).1.map(|cells| cells.len());
        let many = summary.fine_and_coarse_cells(400).1.map(|cells| cells.len());
        assert!(few.is_some() && few != many, "{few:?} {many:?}");
        assert_eq!(summary.fine_and_coarse_cells(4).1.map(|cells| cells.len()), few);
    }
}
