//! Choosing the number of classes.

use std::ffi::{c_char, CString};
use std::mem::offset_of;

use super::guard::{borrow, borrow_mut, free, get, give, guard, list, output, path, string};
use super::library::bandcluster_status;
use super::options::{
    metric, scaling, BANDCLUSTER_ALGORITHM_GMM, BANDCLUSTER_ALGORITHM_KMEANS,
    BANDCLUSTER_METRIC_EUCLIDEAN, BANDCLUSTER_SCALING_NONE,
};
use super::run::{bandcluster_run, with_run};
use super::structs::{init, read, size_of_struct, write, Sized32};
use super::summary::bandcluster_summary;
use crate::assess::{choose_k, choose_mixture, Certainty, Choice, ChooseK, ChooseMixture};
use crate::cluster::{Gmm, KMeans};
use crate::error::{invalid_argument, Result};
use crate::model::{BandWeights, Metric};
use crate::progress::Run;
use crate::report::choice_page;

/// Measures disagree, or nothing indicates separate classes: the number is only a hint.
pub const BANDCLUSTER_CERTAINTY_LOW: u32 = 0;
/// Most measures agree.
pub const BANDCLUSTER_CERTAINTY_MEDIUM: u32 = 1;
/// All measures agree, and so do the starts.
pub const BANDCLUSTER_CERTAINTY_HIGH: u32 = 2;

/// Which numbers of classes are tried, and how.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_choose_k_options {
    /// `sizeof(bandcluster_choose_k_options)`; set by `bandcluster_choose_k_options_init`.
    pub struct_size: u32,
    /// What is fitted: `BANDCLUSTER_ALGORITHM_KMEANS` (the default), or
    /// `BANDCLUSTER_ALGORITHM_GMM`: Gaussian mixtures, whose Bayesian information criterion
    /// decides. For mixtures, set `n_init` to 1, `max_iter` to 1000 and `tol` to 1e-5, the smallest
    /// gain in mean log-likelihood.
    pub algorithm: u32,
    /// The smallest number of classes, at least 2. Default 2.
    pub min: u32,
    /// The largest number of classes, at most 255. Default 12.
    pub max: u32,
    /// Number of starts for each, at least 1. Default 10. With a single start, stability is
    /// unknown.
    pub n_init: u32,
    /// Maximum number of iterations of a start, at least 1. Default 300.
    pub max_iter: u32,
    /// `BANDCLUSTER_SCALING_NONE` (the default) or `BANDCLUSTER_SCALING_ZSCORE`.
    pub scaling: u32,
    /// `BANDCLUSTER_METRIC_EUCLIDEAN` (the default) or `BANDCLUSTER_METRIC_SPECTRAL_ANGLE`, which
    /// cannot be combined with scaling.
    pub metric: u32,
    /// A fit has converged when the squared shift of all centres is at most this times the mean
    /// band variance. Default 1e-4.
    pub tol: f64,
    /// Seed of the random numbers: the same seed, pixels and options give the same choice. Default
    /// 0.
    pub seed: u64,
}

// SAFETY: `repr(C)` with `struct_size` first.
unsafe impl Sized32 for bandcluster_choose_k_options {
    const NAME: &'static str = "bandcluster_choose_k_options";
    const FIRST: u32 = offset_of!(bandcluster_choose_k_options, n_init) as u32;

    fn initial() -> Self {
        let ChooseK { min, max, kmeans: KMeans { n_init, max_iter, tol, seed, .. } } =
            ChooseK::default();
        bandcluster_choose_k_options {
            struct_size: size_of_struct::<Self>(),
            algorithm: BANDCLUSTER_ALGORITHM_KMEANS,
            min,
            max,
            n_init,
            max_iter,
            scaling: BANDCLUSTER_SCALING_NONE,
            metric: BANDCLUSTER_METRIC_EUCLIDEAN,
            tol,
            seed,
        }
    }
}

/// Fills in the defaults. Pass `sizeof(bandcluster_choose_k_options)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_choose_k_options_init(
    options: *mut bandcluster_choose_k_options,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(options, struct_size) })
}

/// A number of classes, and its measures. Distances are Euclidean, in band units (scaled if the fit
/// scales), or chords of the unit sphere if the metric is the spectral angle.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_candidate {
    /// `sizeof(bandcluster_candidate)`; set by `bandcluster_candidate_init`.
    pub struct_size: u32,
    /// The number of classes.
    pub k: u32,
    /// Sum of the squared distances of the pixels from their centre, in squares of that unit.
    pub inertia: f64,
    /// Simplified silhouette, -1 to 1; the higher the better.
    pub silhouette: f64,
    /// Calinski-Harabasz index; the higher the better. Infinite if every class is a single value.
    pub calinski_harabasz: f64,
    /// Davies-Bouldin index, from 0 up; the lower the better.
    pub davies_bouldin: f64,
    /// Mean adjusted Rand index between the best start and each other start: 1 if all find the same
    /// classes; NaN if there was only one start.
    pub stability: f64,
    /// Bayesian information criterion, of mixtures; the lower the better. NaN for k-means.
    pub bic: f64,
}

// SAFETY: `repr(C)` with `struct_size` first.
unsafe impl Sized32 for bandcluster_candidate {
    const NAME: &'static str = "bandcluster_candidate";

    fn initial() -> Self {
        bandcluster_candidate {
            struct_size: size_of_struct::<Self>(),
            k: 0,
            inertia: 0.0,
            silhouette: 0.0,
            calinski_harabasz: 0.0,
            davies_bouldin: 0.0,
            stability: 0.0,
            bic: 0.0,
        }
    }
}

/// Sets the size, and all else to 0. Pass `sizeof(bandcluster_candidate)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_candidate_init(
    candidate: *mut bandcluster_candidate,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(candidate, struct_size) })
}

/// The numbers of classes that were tried, and the recommended one. A choice does not change: any
/// number of threads may read it at once.
pub struct bandcluster_choice {
    choice: Choice,
    reason: CString,
}

/// Fits k-means, or mixtures, on a summary for every number of classes from `min` to `max`,
/// measures how well the classes are separated, and recommends a number. No pass over the pixels is
/// needed. The caller frees the choice with `bandcluster_choice_free`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_choose_k(
    summary: *const bandcluster_summary,
    options: *const bandcluster_choose_k_options,
    run: *const bandcluster_run,
    choice: *mut *mut bandcluster_choice,
) -> bandcluster_status {
    // SAFETY: the caller's promise; there are no weights to read.
    unsafe { bandcluster_choose_k_weighted(summary, options, std::ptr::null(), 0, run, choice) }
}

/// The same, with a weight for each band of the summary: a number above 0, by which the band's
/// differences are multiplied after scaling. Weights are for k-means by the Euclidean metric. NULL:
/// all bands count equally.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_choose_k_weighted(
    summary: *const bandcluster_summary,
    options: *const bandcluster_choose_k_options,
    band_weights: *const f64,
    n_weights: u32,
    run: *const bandcluster_run,
    choice: *mut *mut bandcluster_choice,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (choice, summary) = unsafe { (output(choice, "choice")?, borrow(summary, "summary")?) };
        // SAFETY: as above.
        let weights = unsafe { list(band_weights, n_weights as usize) }.unwrap_or_default();
        // SAFETY: as above.
        let options = self::options(&unsafe { read(options)? }, weights)?;
        let body = |run: &mut Run| {
            let chosen = match &options {
                Options::KMeans(options) => choose_k(&summary.0, options, run)?,
                Options::Mixture(options) => choose_mixture(&summary.0, options, run)?,
            };
            let reason = CString::new(chosen.reason.as_str()).unwrap_or_default();
            give(choice, bandcluster_choice { choice: chosen, reason });
            Ok(())
        };
        // SAFETY: as above.
        unsafe { with_run(run, body) }
    })
}

/// What is tried.
enum Options {
    KMeans(ChooseK),
    Mixture(ChooseMixture),
}

fn options(options: &bandcluster_choose_k_options, weights: &[f64]) -> Result<Options> {
    let bandcluster_choose_k_options { min, max, n_init, max_iter, tol, seed, .. } = *options;
    let (scaling, metric) = (scaling(options.scaling)?, metric(options.metric)?);
    let band_weights = BandWeights::new(weights.to_vec())?;
    match options.algorithm {
        BANDCLUSTER_ALGORITHM_KMEANS => {
            let own = KMeans { scaling, band_weights, metric, ..KMeans::default() };
            let kmeans = KMeans { n_init, max_iter, tol, seed, ..own };
            Ok(Options::KMeans(ChooseK { min, max, kmeans }))
        }
        BANDCLUSTER_ALGORITHM_GMM if !weights.is_empty() => invalid_argument(
            "a mixture measures each class by its own spread, so band weights change nothing: give \
             none",
        ),
        BANDCLUSTER_ALGORITHM_GMM if metric == Metric::Euclidean => {
            let gmm = Gmm { n_init, max_iter, tol, seed, scaling, ..Gmm::default() };
            Ok(Options::Mixture(ChooseMixture { min, max, gmm }))
        }
        BANDCLUSTER_ALGORITHM_GMM => invalid_argument(
            "mixtures have only the Euclidean metric: set metric to \
                 BANDCLUSTER_METRIC_EUCLIDEAN (0)",
        ),
        other => invalid_argument(format!(
            "the number of classes cannot be chosen for algorithm {other}: use \
             BANDCLUSTER_ALGORITHM_KMEANS (1) or BANDCLUSTER_ALGORITHM_GMM (4)"
        )),
    }
}

/// The recommended number of classes; 0 for NULL.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_choice_recommended_k(
    choice: *const bandcluster_choice,
) -> u32 {
    get(choice, 0, |choice| choice.choice.recommended)
}

/// How sure the recommendation is, one of `BANDCLUSTER_CERTAINTY_*`; low for NULL.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_choice_certainty(choice: *const bandcluster_choice) -> u32 {
    get(choice, BANDCLUSTER_CERTAINTY_LOW, |choice| match choice.choice.certainty {
        Certainty::Low => BANDCLUSTER_CERTAINTY_LOW,
        Certainty::Medium => BANDCLUSTER_CERTAINTY_MEDIUM,
        Certainty::High => BANDCLUSTER_CERTAINTY_HIGH,
    })
}

/// Why that number is recommended, in a sentence or two. Belongs to the choice.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_choice_reason(
    choice: *const bandcluster_choice,
    reason: *mut *const c_char,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let reason = unsafe { borrow_mut(reason, "reason")? };
        // SAFETY: as above.
        *reason = unsafe { borrow(choice, "choice")? }.reason.as_ptr();
        Ok(())
    })
}

/// How many numbers of classes were tried; 0 for NULL.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_choice_n_candidates(choice: *const bandcluster_choice) -> u32 {
    get(choice, 0, |choice| choice.choice.candidates.len() as u32)
}

/// The measures of the candidate at `index`, from 0, in ascending order of the number of classes.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_choice_candidate(
    choice: *const bandcluster_choice,
    index: u32,
    candidate: *mut bandcluster_candidate,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let candidates = &unsafe { borrow(choice, "choice")? }.choice.candidates;
        let Some(found) = candidates.get(index as usize) else {
            return invalid_argument(format!(
                "there is no candidate {index}: give an index from 0 to {}",
                candidates.len() - 1
            ));
        };
        let told = bandcluster_candidate {
            struct_size: size_of_struct::<bandcluster_candidate>(),
            k: found.k,
            inertia: found.inertia,
            silhouette: found.silhouette,
            calinski_harabasz: found.calinski_harabasz,
            davies_bouldin: found.davies_bouldin,
            stability: found.stability,
            bic: found.bic,
        };
        // SAFETY: as above.
        unsafe { write(candidate, &told) }
    })
}

/// Writes a page about a choice, with charts of the measures: HTML that needs no other file.
/// `title` names the scene. The file appears only when complete.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_choice_save_report(
    choice: *const bandcluster_choice,
    title: *const c_char,
    path: *const c_char,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let choice = unsafe { borrow(choice, "choice")? };
        // SAFETY: as above.
        let page = choice_page(&choice.choice, unsafe { string(title, "title")? });
        // SAFETY: as above.
        crate::file::write(&unsafe { self::path(path, "path")? }, page.as_bytes())
    })
}

/// Frees a choice. NULL is ignored.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_choice_free(choice: *mut bandcluster_choice) {
    // SAFETY: the caller's promise.
    unsafe { free(choice) }
}
