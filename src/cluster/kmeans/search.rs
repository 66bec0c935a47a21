//! The search for the best centres. k-means is restarted on coarse cells, the best few results are
//! improved by random swaps, and the best of these is finished on all cells. For one number of
//! clusters, or for several side by side.

use std::sync::{Arc, Mutex};

use ndarray::Array2;
use rand_pcg::Pcg64;

use super::options::KMeans;
use super::prepared::Prepared;
use super::subsets;
use super::swap::random_swaps;
use super::two_grids::{guided_lloyd, OnCells};
use crate::cluster::lloyd::{lloyd, LloydResult};
use crate::cluster::points::Points;
use crate::cluster::seeding::kmeans_plus_plus;
use crate::error::Result;
use crate::progress::{Run, Stop};
use crate::summary::Summary;

/// How many of the restarts are improved by swaps, unless there are few points.
pub(crate) const FINALISTS: usize = 3;

/// Two inertias with a ratio below this are taken for the same fixed point.
const SAME_PLACE: f64 = 1.0001;

/// How many swaps are tried for each finalist, per restart; at most half the number of clusters.
const SWAPS_PER_RESTART: u32 = 5;

/// Up to so many points, any restart may be stuck, and all are improved. The fewer the points, the
/// more restarts and swaps there are, up to `MOST_TIMES` times as many: they take the same time.
const FEW_POINTS: usize = 4096;
const MOST_TIMES: usize = 8;

/// If there are few sets of points, all are tried as starts, in so many tasks.
const SHARES_OF_SETS: usize = 8;

/// The most bytes that a summary keeps for the centres of the restarts: for one number of clusters,
/// and in all.
const CACHED_BYTES: usize = 1 << 20;
const CACHE_BYTES: usize = 8 << 20;

/// What the search found for one number of clusters.
pub(crate) struct Found {
    /// The results of the restarts that are kept, on the coarse cells; the least inertia first.
    pub restarts: Vec<LloydResult>,
    /// The best centres, converged on all cells.
    pub best: LloydResult,
}

/// The results of searches of a summary, by everything that they depend on.
#[derive(Default)]
struct Searches(Mutex<Vec<(String, usize, Arc<Found>)>>);

impl Searches {
    fn get(&self, key: &str) -> Option<Arc<Found>> {
        let cached = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        cached.iter().find(|(one, ..)| one == key).map(|(.., found)| Arc::clone(found))
    }

    fn keep(&self, key: String, bytes: usize, found: &Arc<Found>) {
        let mut cached = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if cached.iter().map(|(_, bytes, _)| bytes).sum::<usize>() + bytes <= CACHE_BYTES {
            cached.push((key, bytes, Arc::clone(found)));
        }
    }
}

/// As [`search`], but only once: a summary keeps the results while they are small. So a choice
/// among numbers that were already fitted only measures them.
///
/// # Errors
/// As [`search`].
pub(crate) fn search_once(
    summary: &Summary,
    prepared: &Prepared,
    numbers: &[u32],
    options: &KMeans,
    n_kept: usize,
    run: &mut Run,
) -> Result<Vec<Arc<Found>>> {
    let searches = summary.fit_cache::<Searches>();
    let key = |k: u32| {
        format!("{:?} {}", KMeans { n_clusters: k, ..options.clone() }, prepared.coarse.len())
    };
    let row =
        summary.n_bands().saturating_mul(size_of::<f64>()).saturating_mul(options.n_init as usize);
    let bytes = |k: u32| row.saturating_mul(k as usize);
    let is_little = numbers.iter().all(|k| bytes(*k) <= CACHED_BYTES);
    let mut found: Vec<Option<Arc<Found>>> =
        numbers.iter().map(|k| searches.get(&key(*k))).collect();
    let missing: Vec<usize> = (0..numbers.len()).filter(|index| found[*index].is_none()).collect();
    if !missing.is_empty() {
        let wanted: Vec<u32> = missing.iter().map(|index| numbers[*index]).collect();
        let n_kept = if is_little { usize::MAX } else { n_kept };
        for (index, new) in
            missing.into_iter().zip(search(prepared, &wanted, options, n_kept, run)?)
        {
            let new = Arc::new(new);
            if is_little {
                searches.keep(key(numbers[index]), bytes(numbers[index]), &new);
            }
            found[index] = Some(new);
        }
    }
    Ok(found.into_iter().flatten().collect())
}

/// Searches for the best centres for each of several numbers of clusters, in ascending order;
/// `options.n_clusters` does not matter. Keeps the best `n_kept` restarts of each number, at least
/// [`FINALISTS`].
///
/// The result for one number depends neither on the other numbers nor on the number of threads.
///
/// # Errors
/// `Cancelled`.
fn search(
    prepared: &Prepared,
    numbers: &[u32],
    options: &KMeans,
    n_kept: usize,
    run: &mut Run,
) -> Result<Vec<Found>> {
    let coarse = Coarse::new(prepared, options);
    let (n, n_init) = (numbers.len(), options.n_init as usize);
    let mut restarts = best_of(
        n,
        n_init,
        n_kept.max(coarse.n_finalists),
        &mut run.stage(0.0, 0.4),
        |which, index, stop| coarse.restart(numbers[which], index, stop).map(Some),
    )?;
    let finalists: Vec<Vec<LloydResult>> =
        restarts.iter().map(|restarts| finalists(restarts, coarse.n_finalists)).collect();
    restarts.iter_mut().for_each(|restarts| restarts.truncate(n_kept));
    // What is tried besides: finalists with swaps, then more restarts, then sets of points.
    let sets_from = coarse.n_finalists.saturating_add(n_init.saturating_mul(coarse.times - 1));
    let few_sets = |k: &u32| subsets::are_few(coarse.points, *k as usize);
    let n_shares = if numbers.iter().any(few_sets) { SHARES_OF_SETS } else { 0 };
    let n_tasks = sets_from.saturating_add(n_shares);
    let improved = best_of(n, n_tasks, 1, &mut run.stage(0.4, 0.8), |which, task, stop| {
        let (k, stream) = (numbers[which], n_init + task);
        if let Some(share) = task.checked_sub(sets_from) {
            return match few_sets(&k) {
                true => coarse.best_set(k, (share, n_shares), stop),
                false => Ok(None),
            };
        }
        if task >= coarse.n_finalists {
            return coarse.restart(k, stream, stop).map(Some);
        }
        let start = finalists[which].get(task);
        start.map(|start| coarse.improve(start.clone(), k, stream, stop)).transpose()
    })?;
    let ends = best_of(n, 1, 1, &mut run.stage(0.8, 1.0), |which, _, stop| {
        let OnCells { points, tolerance, .. } = &prepared.on_cells;
        let (guide, start) = (prepared.guide.as_ref(), improved[which][0].centers.clone());
        let weights = &prepared.band_weights;
        guided_lloyd(points, guide, start, weights, options.max_iter, *tolerance, stop).map(Some)
    })?;
    let found = restarts.into_iter().zip(ends);
    Ok(found.map(|(restarts, mut ends)| Found { restarts, best: ends.swap_remove(0) }).collect())
}

/// k-means on the coarse cells.
struct Coarse<'p> {
    points: &'p Points,
    band_weights: &'p [f64],
    tolerance: f64,
    options: &'p KMeans,
    /// How many of the restarts are improved.
    n_finalists: usize,
    /// How many times as many restarts and swaps there are as among many points.
    times: usize,
}

impl<'p> Coarse<'p> {
    fn new(prepared: &'p Prepared, options: &'p KMeans) -> Coarse<'p> {
        let Prepared { coarse: points, band_weights, tolerance, .. } = prepared;
        let (n_finalists, times) = match FEW_POINTS / points.len().max(1) {
            0 => (FINALISTS, 1),
            times => ((options.n_init as usize).max(FINALISTS), times.min(MOST_TIMES)),
        };
        Coarse { points, band_weights, tolerance: *tolerance, options, n_finalists, times }
    }

    /// Random numbers of their own for each task.
    fn random(&self, stream: usize) -> Pcg64 {
        Pcg64::new(u128::from(self.options.seed), stream as u128)
    }

    fn descent(&self, start: Array2<f64>, stop: &Stop) -> Result<LloydResult> {
        let Coarse { points, band_weights, tolerance, .. } = self;
        lloyd(points, start, band_weights, self.options.max_iter, *tolerance, stop)
    }

    /// A descent from a start of k-means++.
    fn restart(&self, k: u32, stream: usize, stop: &Stop) -> Result<LloydResult> {
        let mut random = self.random(stream);
        let start =
            kmeans_plus_plus(self.points, k as usize, self.band_weights, &mut random, stop)?;
        self.descent(start, stop)
    }

    /// A restart after random swaps, and the descent from there.
    fn improve(
        &self,
        from: LloydResult,
        k: u32,
        stream: usize,
        stop: &Stop,
    ) -> Result<LloydResult> {
        let n_swaps = (k / 2).clamp(1, SWAPS_PER_RESTART) * self.times as u32;
        let n_swaps = n_swaps.saturating_mul(self.options.n_init);
        let mut random = self.random(stream);
        let swapped =
            random_swaps(self.points, from, self.band_weights, n_swaps, &mut random, stop)?;
        self.descent(swapped.centers, stop)
    }

    /// The best descent from a share of all sets of `k` points.
    fn best_set(&self, k: u32, share: (usize, usize), stop: &Stop) -> Result<Option<LloydResult>> {
        let descent = |start, stop: &Stop| self.descent(start, stop);
        subsets::best_start(self.points, k as usize, share, descent, stop)
    }
}

/// The restarts to improve. Of restarts with the same fixed point, only one is improved.
fn finalists(restarts: &[LloydResult], most: usize) -> Vec<LloydResult> {
    let mut finalists: Vec<LloydResult> = restarts.iter().take(most).cloned().collect();
    finalists.dedup_by(|other, first| other.inertia <= first.inertia * SAME_PLACE);
    finalists
}

/// Runs `n_each` independent tasks for each of `n_groups` groups on the run's threads. Keeps the
/// results with the least inertia of each group, the least first; of equal ones the earlier first.
/// A task may have no result.
///
/// The last group goes first: it has the most clusters, so it takes longest. With quick tasks at
/// the end, threads finish together.
fn best_of(
    n_groups: usize,
    n_each: usize,
    n_kept: usize,
    run: &mut Run,
    task: impl Fn(usize, usize, &Stop) -> Result<Option<LloydResult>> + Sync,
) -> Result<Vec<Vec<LloydResult>>> {
    let n_tasks = n_groups * n_each;
    let mut workers: Vec<_> =
        (0..run.threads().min(n_tasks)).map(|_| vec![Vec::new(); n_groups]).collect();
    run.parallel("fitting", n_tasks, &mut workers, |groups, index, stop| {
        let (group, index) = (n_groups - 1 - index / n_each, index % n_each);
        if let Some(rest) = task(group, index, stop)? {
            groups[group].push((index, rest));
            keep_best(&mut groups[group], n_kept);
        }
        Ok(())
    })?;
    let best = |group: usize| {
        let mut results = Vec::new();
        workers.iter_mut().for_each(|groups| results.append(&mut groups[group]));
        keep_best(&mut results, n_kept);
        results.into_iter().map(|(_, rest)| rest).collect()
    };
    Ok((0..n_groups).map(best).collect())
}

fn keep_best(results: &mut Vec<(usize, LloydResult)>, n_kept: usize) {
    results.sort_by(|(i, a), (j, b)| a.inertia.total_cmp(&b.inertia).then(i.cmp(j)));
    results.truncate(n_kept);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::{Raster, SampleType};

    fn add(summary: &mut Summary, seed: usize) {
        let samples: Vec<u8> = (0..2 * 900).map(|i| ((i + seed) * 97 % 251) as u8).collect();
        summary.add(&Raster::bsq(&samples, 2, 30, 30).unwrap(), &mut Run::silent(1)).unwrap();
    }

    fn found(summary: &Summary, numbers: &[u32], options: &KMeans) -> Vec<Arc<Found>> {
        let prepared = Prepared::new(summary, options, 9).unwrap();
        search_once(summary, &prepared, numbers, options, FINALISTS, &mut Run::silent(2)).unwrap()
    }

    #[test]
    fn what_was_found_is_kept_until_pixels_are_added() {
        let mut summary = Summary::new(2, SampleType::U8, 1 << 22).unwrap();
        add(&mut summary, 1);
        let (options, other) = (KMeans::default(), KMeans { seed: 1, ..KMeans::default() });
        let first = found(&summary, &[5], &options);
        let many = found(&summary, &[3, 5, 9], &options);
        assert!(Arc::ptr_eq(&first[0], &many[1]));
        assert_eq!(many.iter().map(|one| one.best.centers.nrows()).collect::<Vec<_>>(), [3, 5, 9]);
        assert_eq!(first[0].restarts.len(), options.n_init as usize);
        assert!(!Arc::ptr_eq(&first[0], &found(&summary, &[5], &other)[0]));
        let copy = summary.clone();
        add(&mut summary, 2);
        assert!(!Arc::ptr_eq(&first[0], &found(&summary, &[5], &options)[0]));
        assert!(Arc::ptr_eq(&first[0], &found(&copy, &[5], &options)[0]));
    }

    /// Noise, of which most starts of k-means, and most swaps after them, find poorer classes.
    #[test]
    fn few_points_have_their_best_classes_with_any_seed() {
        let samples: [u32; 60] = [
            939178089, 2021595587, 741158462, 886333873, 1358810303, 318164431, 832101377,
            61202475, 222833344, 1573067187, 1946180991, 998757276, 305910718, 935147031, 83128911,
            1218193865, 487099579, 82001902, 494228171, 1913074028, 1819807398, 1551249145,
            1902395075, 1798535304, 853182824, 2050277690, 1493069614, 423768313, 1168656257,
            545552993, 1268002643, 2056027912, 1088857282, 356450868, 1483047248, 1805278373,
            320184957, 1688647488, 265148069, 1717577514, 1600199898, 1739708469, 1659643333,
            1139105346, 1155449926, 973891501, 1934993141, 142677687, 1398530557, 739639804,
            1159095325, 280627131, 2021228978, 1704861169, 363781167, 418771841, 1338793934,
            1505891873, 692326438, 1449304454,
        ];
        let mut summary = Summary::new(4, SampleType::U32, 1 << 22).unwrap();
        summary.add(&Raster::bsq(&samples, 4, 15, 1).unwrap(), &mut Run::silent(1)).unwrap();
        // The squared distances from the means, if the pixels of these bits are one class.
        let inertia = |bits: u32| -> f64 {
            let of = |class: u32, band: &[u32]| -> f64 {
                let pixels = (0..15).filter(|pixel| bits >> pixel & 1 == class);
                let values: Vec<f64> = pixels.map(|pixel| f64::from(band[pixel])).collect();
                let mean = values.iter().sum::<f64>() / values.len() as f64;
                values.iter().map(|value| (value - mean).powi(2)).sum()
            };
            samples.chunks(15).map(|band| of(0, band) + of(1, band)).sum()
        };
        let least = (1..1 << 14).map(inertia).fold(f64::INFINITY, f64::min);
        for seed in 0..20 {
            let options = KMeans { seed, ..KMeans::default() };
            let ratio = found(&summary, &[2], &options)[0].best.inertia / least;
            assert!((ratio - 1.0).abs() < 1e-9, "seed {seed}: {ratio} times the least");
        }
    }

    #[test]
    fn few_points_get_more_restarts_and_swaps() {
        let effort = |side: usize| {
            let n = side * side;
            let mut summary = Summary::new(1, SampleType::U16, 1 << 24).unwrap();
            let samples: Vec<u16> = (0..n as u16).collect();
            let raster = Raster::bsq(&samples, 1, side, side).unwrap();
            summary.add(&raster, &mut Run::silent(1)).unwrap();
            let options = KMeans::default();
            let prepared = Prepared::new(&summary, &options, 2).unwrap();
            let coarse = Coarse::new(&prepared, &options);
            (coarse.n_finalists, coarse.times)
        };
        assert_eq!([20, 30, 64, 65].map(effort), [(10, 8), (10, 4), (10, 1), (3, 1)]);
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let (searches, found) =
            (Searches::default(), Arc::new(Found { restarts: Vec::new(), best: rest() }));
        searches.keep("first".into(), CACHE_BYTES, &found);
        searches.keep("second".into(), 1, &found);
        assert!(searches.get("first").is_some() && searches.get("second").is_none());
    }

    fn rest() -> LloydResult {
        LloydResult { centers: ndarray::Array2::zeros((1, 1)), inertia: 0.0, n_iter: 0 }
    }
}
