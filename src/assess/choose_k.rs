//! The number of classes: k-means for every number in a range, and measures of each.

use std::sync::Arc;

use super::candidate::Candidate;
use super::measures::{calinski_harabasz, davies_bouldin, inertia, silhouette};
use super::partition::Partition;
use super::rand_index::adjusted_rand_index;
use super::rule::{recommend, Certainty};
use crate::cluster::{assign, search_once, Found, KMeans, Prepared};
use crate::error::{invalid_argument, Result};
use crate::kernel::Centers;
use crate::machine::check_room;
use crate::progress::{Run, Stop};
use crate::summary::Summary;

/// The least number of classes of a candidate: measures compare a class with another one.
pub const LEAST_K: u32 = 2;

/// The largest number of classes: what an 8-bit map can show.
pub const MOST_K: u32 = 255;

/// The range of numbers of classes to try, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct ChooseK {
    /// The least number, at least [`LEAST_K`]. Default 2.
    pub min: u32,
    /// The largest number, at most [`MOST_K`]. Default 12.
    pub max: u32,
    /// The options of each fit; `n_clusters` does not matter.
    pub kmeans: KMeans,
}

impl Default for ChooseK {
    fn default() -> ChooseK {
        ChooseK { min: 2, max: 12, kmeans: KMeans::default() }
    }
}

/// The candidates, and the recommended one.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// One for each number of classes, in ascending order.
    pub candidates: Vec<Candidate>,
    /// The recommended number of classes.
    pub recommended: u32,
    /// How certain the recommendation is.
    pub certainty: Certainty,
    /// The reason, in a sentence or two.
    pub reason: String,
}

impl ChooseK {
    /// Checks the options alone.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the option, what it is and what it may be.
    pub fn check(&self) -> Result<()> {
        let ChooseK { min, max, kmeans } = self;
        if *min < LEAST_K || *max > MOST_K {
            return invalid_argument(format!(
                "{min} to {max} classes were to be tried: give a range within {LEAST_K} to \
                 {MOST_K}"
            ));
        }
        if min > max {
            return invalid_argument(format!(
                "the least number of classes, {min}, is above the largest, {max}: exchange them"
            ));
        }
        if kmeans.init.is_some() || kmeans.fix {
            return invalid_argument(
                "init and fix set one number of classes, but several numbers are to be tried: \
                 leave init and fix out",
            );
        }
        KMeans { n_clusters: *max, ..kmeans.clone() }.check()
    }
}

/// Fits k-means on a summary for every number of classes in a range, and recommends one. There is
/// no pass over the pixels: the measures are computed on the cells, and include the variance within
/// them. The result is the same for any number of threads.
///
/// # Errors
/// `InvalidArgument` for an option out of range; `InvalidData` when there is no valid pixel, there
/// are fewer distinct ones than classes, or a band to be scaled is constant; `Cancelled`.
pub fn choose_k(summary: &Summary, options: &ChooseK, run: &mut Run) -> Result<Choice> {
    options.check()?;
    let bytes = search_bytes(summary, options.max, run.threads());
    check_room(bytes, "choosing the number of classes")?;
    let run = &mut run.stage(0.0, 1.0);
    run.keep_room(bytes);
    run.tell(0.0, "fitting")?;
    let prepared = Prepared::new(summary, &options.kmeans, options.max)?;
    let numbers: Vec<u32> = (options.min..=options.max).collect();
    let fitting = &mut run.stage(0.0, 0.95);
    let found = search_once(summary, &prepared, &numbers, &options.kmeans, usize::MAX, fitting)?;
    let candidates = measure(&prepared, &found, &mut run.stage(0.95, 1.0))?;
    let (recommended, certainty, reason) = recommend(&candidates);
    Ok(Choice { candidates, recommended, certainty, reason })
}

/// The memory that fits of up to `most` classes take at most, on so many threads: cells, the costs
/// and labels of each thread, and the centres of all restarts.
pub(super) fn search_bytes(summary: &Summary, most: u32, threads: usize) -> usize {
    const CELL_OF_THREAD: usize = 64;
    let class = summary.n_bands().saturating_mul(32 * size_of::<f64>());
    let centers = (most as usize * most as usize).saturating_mul(class);
    let of_threads = threads.min(most as usize) * summary.most_cells() * CELL_OF_THREAD;
    summary.fit_bytes().saturating_add(of_threads).saturating_add(centers)
}

fn measure(prepared: &Prepared, found: &[Arc<Found>], run: &mut Run) -> Result<Vec<Candidate>> {
    let mut workers = vec![Vec::new(); run.threads().min(found.len())];
    run.parallel("measuring", found.len(), &mut workers, |candidates, index, stop| {
        candidates.push(candidate(prepared, &found[index], stop)?);
        Ok(())
    })?;
    let mut candidates = workers.concat();
    candidates.sort_by_key(|candidate| candidate.k);
    Ok(candidates)
}

fn candidate(prepared: &Prepared, found: &Found, stop: &Stop) -> Result<Candidate> {
    let partition = Partition::new(prepared, &found.best.centers, stop)?;
    Ok(Candidate {
        k: partition.n_classes() as u32,
        inertia: inertia(&partition),
        silhouette: silhouette(&partition),
        calinski_harabasz: calinski_harabasz(&partition),
        davies_bouldin: davies_bouldin(&partition),
        stability: stability(prepared, found, stop)?,
        bic: f64::NAN,
    })
}

/// The mean adjusted Rand index, over the pixels, between the best restart and each other one, on
/// the cells of the restarts.
fn stability(prepared: &Prepared, found: &Found, stop: &Stop) -> Result<f64> {
    let label = |index: usize| {
        let centers = found.restarts[index].centers.clone();
        assign(&prepared.coarse, &Centers::new(centers, prepared.band_weights.clone()), stop)
    };
    let (best, n_others, k) = (label(0)?, found.restarts.len() - 1, found.best.centers.nrows());
    let mut sum = 0.0;
    for other in 1..=n_others {
        stop.check()?;
        sum += adjusted_rand_index(&best, &label(other)?, prepared.coarse.weights(), k);
    }
    Ok(if n_others > 0 { sum / n_others as f64 } else { f64::NAN })
}
