//! The number of normal distributions in a mixture: the Bayesian information criterion for every
//! number in a range.
//!
//! The rule: the number with the least criterion is recommended. The criterion weighs the
//! likelihood of the pixels against the number of parameters. But a scene has many pixels, and no
//! class is exactly normal, so the criterion may fall up to the largest number tried. Then its knee
//! is recommended, with low certainty: the knee is where the curve is farthest below the straight
//! line between its ends.
//!
//! Schwarz, "Estimating the dimension of a model", Annals of Statistics 6, 1978; Fraley and
//! Raftery, "How many clusters? Which clustering method?", The Computer Journal 41, 1998; Satopää
//! et al., "Finding a 'kneedle' in a haystack", ICDCS workshops 2011.

use super::candidate::Candidate;
use super::choose_k::{search_bytes, Choice, ChooseK};
use super::measures::{calinski_harabasz, davies_bouldin, inertia, silhouette};
use super::partition::Partition;
use super::rule::Certainty;
use crate::cluster::{likeliest, Data, Gmm, KMeans, Prepared};
use crate::error::Result;
use crate::machine::check_room;
use crate::model::Regions;
use crate::progress::{Run, Stop};
use crate::summary::Summary;

/// The range of numbers of components to try, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct ChooseMixture {
    /// The least number, at least [`LEAST_K`](super::LEAST_K). Default 2.
    pub min: u32,
    /// The largest number, at most [`MOST_K`](super::MOST_K). Default 12.
    pub max: u32,
    /// The options of each fit; `n_components` does not matter. Default: [`ChooseMixture::fits`].
    pub gmm: Gmm,
}

impl Default for ChooseMixture {
    fn default() -> ChooseMixture {
        let ChooseK { min, max, .. } = ChooseK::default();
        ChooseMixture { min, max, gmm: ChooseMixture::fits() }
    }
}

impl ChooseMixture {
    /// The options of fits that are compared. They run longer than a single fit by default, because
    /// mixtures that stop early say little about their number.
    pub fn fits() -> Gmm {
        Gmm { max_iter: 1000, tol: 1e-5, ..Gmm::default() }
    }

    /// Checks the options alone.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the option, what it is and what it may be.
    pub fn check(&self) -> Result<()> {
        ChooseK { min: self.min, max: self.max, kmeans: KMeans::default() }.check()?;
        Gmm { n_components: self.max, ..self.gmm.clone() }.check()
    }
}

/// Fits a mixture to the cells of a summary (to about ten thousand wider cells, if there are more)
/// for every number of components in a range, and recommends one. The measures besides the
/// criterion are those of k-means, for the classes of the mixture. The result is the same for any
/// number of threads.
///
/// # Errors
/// As [`choose_k`](super::choose_k); also `InvalidData` when a component has no width in some
/// direction.
pub fn choose_mixture(summary: &Summary, options: &ChooseMixture, run: &mut Run) -> Result<Choice> {
    options.check()?;
    let bytes = search_bytes(summary, options.max, run.threads());
    check_room(bytes, "choosing the number of classes")?;
    let run = &mut run.stage(0.0, 1.0);
    run.keep_room(bytes);
    run.tell(0.0, "fitting")?;
    let kmeans = KMeans { scaling: options.gmm.scaling, ..KMeans::default() };
    let prepared = Prepared::of_coarse_cells(summary, &kmeans, options.max)?;
    let data = Data::new(&prepared.cells, &prepared.band_weights);
    let numbers: Vec<u32> = (options.min..=options.max).rev().collect();
    let mut workers = vec![Vec::new(); run.threads().min(numbers.len())];
    run.parallel("fitting", numbers.len(), &mut workers, |candidates, index, stop| {
        candidates.push(candidate(&prepared, &data, numbers[index], &options.gmm, stop)?);
        Ok(())
    })?;
    let mut candidates = workers.concat();
    candidates.sort_by_key(|candidate| candidate.k);
    let (recommended, certainty, reason) = recommend(&candidates);
    Ok(Choice { candidates, recommended, certainty, reason })
}

fn candidate(
    prepared: &Prepared,
    data: &Data,
    k: u32,
    options: &Gmm,
    stop: &Stop,
) -> Result<Candidate> {
    let found = likeliest(data, k as usize, options, stop)?;
    let bic = found.bic(data);
    let (points, normals) = found.in_band_units(&prepared.band_weights);
    let classes = (0..k as u16).collect();
    let regions =
        Regions { points, classes, noise: None, radii: Vec::new(), normals: Some(normals) };
    let labels = match regions.mixture() {
        Some(mixture) => prepared.points().most_likely(&mixture, stop)?,
        None => vec![0; prepared.points().len()],
    };
    let partition = Partition::labelled(prepared, labels, &regions.points, stop)?;
    Ok(Candidate {
        k,
        inertia: inertia(&partition),
        silhouette: silhouette(&partition),
        calinski_harabasz: calinski_harabasz(&partition),
        davies_bouldin: davies_bouldin(&partition),
        stability: f64::NAN,
        bic,
    })
}

/// The recommended number among one or more candidates in ascending order, its certainty, and the
/// reason.
fn recommend(candidates: &[Candidate]) -> (u32, Certainty, String) {
    let least =
        (0..candidates.len()).min_by(|a, b| candidates[*a].bic.total_cmp(&candidates[*b].bic));
    let (least, knee) = (least.unwrap_or(0), knee(candidates));
    let k = |index: usize| candidates[index].k;
    if least + 1 < candidates.len() {
        let certainty = if least == knee { Certainty::High } else { Certainty::Medium };
        return (k(least), certainty, "Least Bayesian information criterion.".into());
    }
    let reason = format!(
        "The Bayesian information criterion falls up to the largest number tried: its knee is at \
         {}. The classes may not be normal; look at the maps.",
        k(knee)
    );
    (k(knee), Certainty::Low, reason)
}

/// The candidate at which the criterion is farthest below the straight line between its ends.
fn knee(candidates: &[Candidate]) -> usize {
    let last = candidates.len() - 1;
    let below = |index: usize| {
        let part = index as f64 / (last as f64).max(1.0);
        candidates[0].bic + part * (candidates[last].bic - candidates[0].bic)
            - candidates[index].bic
    };
    (0..=last).max_by(|a, b| below(*a).total_cmp(&below(*b)).then(b.cmp(a))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recommended(bic: &[f64]) -> (u32, Certainty) {
        let candidate = |(k, bic): (u32, &f64)| Candidate {
            k,
            inertia: 1.0,
            silhouette: 0.5,
            calinski_harabasz: 1.0,
            davies_bouldin: 1.0,
            stability: f64::NAN,
            bic: *bic,
        };
        let (k, certainty, _) = recommend(&(2..).zip(bic).map(candidate).collect::<Vec<_>>());
        (k, certainty)
    }

    #[test]
    fn the_least_criterion_wins_and_else_its_knee() {
        assert_eq!(recommended(&[100.0, 20.0, 22.0, 30.0, 40.0]), (3, Certainty::High));
        assert_eq!(recommended(&[100.0, 20.0, 19.0, 18.0, 40.0]), (5, Certainty::Medium));
        assert_eq!(recommended(&[100.0, 20.0, 15.0, 10.0, 5.0]), (3, Certainty::Low));
        assert_eq!(recommended(&[100.0]), (2, Certainty::Low));
    }
}
