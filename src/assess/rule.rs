//! The rule that recommends a number of classes, and its certainty.
//!
//! 1. Set aside the numbers whose restarts disagree (stability below [`AGREE`]), unless all do.
//! 2. Rank all numbers by silhouette, by Calinski-Harabasz and by Davies-Bouldin. The number with
//!    the least sum of the three ranks is recommended. If sums are equal, the sharper elbow of the
//!    inertia decides, then the smaller number.
//! 3. The certainty is high if the number is the best by all three measures, restarts agree well
//!    and classes are separated; medium if it is the best by two measures; low otherwise. It is
//!    always low if restarts disagree, classes overlap, or it is the largest number tried.
//!
//! No measure is right for all shapes of classes, so several vote (Vendramin, Campello and Hruschka
//! 2010 compare forty). Stability alone cannot choose a number: two classes of any image tend to be
//! stable (Ben-David, von Luxburg and Pál, "A sober look at clustering stability", COLT 2006). It
//! is a veto.

use schemars::JsonSchema;
use serde::Serialize;

use super::candidate::Candidate;

/// The adjusted Rand indices from which two divisions are similar, and very similar: "good" and
/// "excellent recovery" in Steinley, "Properties of the Hubert-Arabie adjusted Rand index",
/// Psychological Methods 9, 2004.
const AGREE: f64 = 0.8;
const AGREE_WELL: f64 = 0.9;

/// The silhouette below which classes "could be artificial": Kaufman and Rousseeuw, "Finding Groups
/// in Data", 1990.
const APART: f64 = 0.5;

/// How certain a recommendation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// Measures disagree, or the data may have no separate classes: take it as a hint, and look at
    /// the maps.
    Low,
    /// Most measures agree.
    Medium,
    /// All measures agree, and so do the restarts.
    High,
}

impl Certainty {
    /// Its name: `low`, `medium` or `high`.
    pub fn name(self) -> &'static str {
        match self {
            Certainty::Low => "low",
            Certainty::Medium => "medium",
            Certainty::High => "high",
        }
    }
}

/// A measure that votes: its name, and its value with the sign that makes more better.
type Measure = (&'static str, fn(&Candidate) -> f64);

const MEASURES: [Measure; 3] = [
    ("silhouette", |candidate| candidate.silhouette),
    ("Calinski-Harabasz", |candidate| candidate.calinski_harabasz),
    ("Davies-Bouldin", |candidate| -candidate.davies_bouldin),
];

/// The recommended number of classes among one or more candidates in ascending order, its
/// certainty, and the reason.
pub(super) fn recommend(candidates: &[Candidate]) -> (u32, Certainty, String) {
    let disagree = |index: &usize| candidates[*index].stability < AGREE;
    let all_disagree = (0..candidates.len()).all(|index| disagree(&index));
    let eligible = (0..candidates.len()).filter(|index| all_disagree || !disagree(index));
    let best = eligible.min_by(|a, b| {
        let ranks = ranks(candidates, *a).cmp(&ranks(candidates, *b));
        ranks.then(elbow(candidates, *b).total_cmp(&elbow(candidates, *a))).then(a.cmp(b))
    });
    let best = best.unwrap_or(0);
    let preferred = MEASURES.map(|measure| (measure.0, preferred(candidates, measure)));
    let is_last = best + 1 == candidates.len();
    let certainty = certainty(&candidates[best], preferred.map(|(_, k)| k), is_last);
    (candidates[best].k, certainty, reason(&candidates[best], &preferred, is_last))
}

/// The sum of a candidate's ranks by the measures; 1 is the best. Equal candidates have the better
/// rank.
fn ranks(candidates: &[Candidate], index: usize) -> usize {
    let rank = |(_, value): &Measure| {
        let own = value(&candidates[index]);
        1 + candidates.iter().filter(|other| value(other) > own).count()
    };
    MEASURES.iter().map(rank).sum()
}

/// How sharply the inertia stops falling at a candidate: the second difference of its logarithm.
/// The ends of the range have no elbow.
fn elbow(candidates: &[Candidate], index: usize) -> f64 {
    let log = |index: usize| candidates[index].inertia.ln();
    match index > 0 && index + 1 < candidates.len() {
        true => log(index - 1) - 2.0 * log(index) + log(index + 1),
        false => f64::NEG_INFINITY,
    }
}

/// The best number by a measure; the smallest if several are equal.
fn preferred(candidates: &[Candidate], (_, value): Measure) -> u32 {
    let first = candidates
        .iter()
        .reduce(|best, other| if value(other) > value(best) { other } else { best });
    first.map_or(0, |candidate| candidate.k)
}

fn certainty(best: &Candidate, preferred: [u32; 3], is_last: bool) -> Certainty {
    let n_first = preferred.iter().filter(|k| **k == best.k).count();
    // A single restart gives no stability: NaN is neither below nor above a limit.
    if best.silhouette.is_nan()
        || best.stability < AGREE
        || best.silhouette < APART
        || is_last
        || n_first < 2
    {
        Certainty::Low
    } else if n_first == MEASURES.len() && best.stability >= AGREE_WELL {
        Certainty::High
    } else {
        Certainty::Medium
    }
}

fn reason(best: &Candidate, preferred: &[(&str, u32)], is_last: bool) -> String {
    let for_it: Vec<&str> =
        preferred.iter().filter(|(_, k)| *k == best.k).map(|(name, _)| *name).collect();
    let others = preferred.iter().filter(|(_, k)| *k != best.k);
    let others: Vec<String> = others.map(|(name, k)| format!("{name} prefers {k}")).collect();
    let mut text = match for_it.as_slice() {
        [] => "The best compromise: the lowest sum of ranks".to_string(),
        [one] => format!("Best by {one}, and by the sum of ranks"),
        [one, other] => format!("Best by {one} and {other}"),
        _ => format!("Best by all measures: {}", for_it.join(", ")),
    };
    if !others.is_empty() {
        text += &format!("; {}", others.join(", "));
    }
    text += &match best.stability {
        stability if stability.is_nan() => {
            ". With a single restart, stability is not known.".to_string()
        }
        stability if stability < AGREE => {
            format!(". Restarts find different classes (stability {stability:.2}).")
        }
        stability => format!(". Restarts agree (stability {stability:.2})."),
    };
    if best.silhouette < APART {
        text += &format!(
            " The classes overlap (silhouette {:.2}): the data may have no classes of their own.",
            best.silhouette
        );
    }
    if is_last {
        text += " It is the largest number tried: try larger ones too.";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Candidates from 2 up, given (inertia, silhouette, Calinski-Harabasz, Davies-Bouldin,
    /// stability).
    fn candidates(measures: &[(f64, f64, f64, f64, f64)]) -> Vec<Candidate> {
        let candidate = |(k, m): (u32, &(f64, f64, f64, f64, f64))| Candidate {
            k,
            inertia: m.0,
            silhouette: m.1,
            calinski_harabasz: m.2,
            davies_bouldin: m.3,
            stability: m.4,
            bic: f64::NAN,
        };
        (2..).zip(measures).map(candidate).collect()
    }

    #[test]
    fn all_measures_agree() {
        let clear = candidates(&[
            (9.0, 0.6, 10.0, 0.9, 1.0),
            (4.0, 0.8, 20.0, 0.4, 1.0),
            (3.5, 0.7, 15.0, 0.7, 0.6),
        ]);
        let (k, certainty, reason) = recommend(&clear);
        assert_eq!((k, certainty), (3, Certainty::High));
        assert!(reason.starts_with("Best by all measures"), "{reason}");
    }

    #[test]
    fn restarts_that_disagree_are_a_veto() {
        let unstable = candidates(&[
            (9.0, 0.6, 10.0, 0.9, 0.95),
            (4.0, 0.8, 20.0, 0.4, 0.5),
            (3.5, 0.7, 15.0, 0.3, 0.9),
            (3.0, 0.6, 12.0, 0.8, 0.9),
        ]);
        let (k, certainty, reason) = recommend(&unstable);
        assert_eq!((k, certainty), (4, Certainty::Low));
        assert!(reason.contains("silhouette prefers 3"), "{reason}");
        let all: Vec<_> = unstable
            .into_iter()
            .map(|candidate| Candidate { stability: 0.5, ..candidate })
            .collect();
        let (k, certainty, reason) = recommend(&all);
        assert_eq!((k, certainty), (3, Certainty::Low));
        assert!(reason.contains("Restarts find different classes"), "{reason}");
    }

    #[test]
    fn the_elbow_decides_between_equals() {
        let equal = candidates(&[
            (90.0, 0.8, 10.0, 0.9, 1.0),
            (50.0, 0.7, 30.0, 0.5, 1.0),
            (10.0, 0.9, 20.0, 0.5, 1.0),
            (9.0, 0.6, 5.0, 0.8, 1.0),
        ]);
        assert_eq!(recommend(&equal).0, 4);
    }

    #[test]
    fn what_cannot_be_known_is_said() {
        let overlapping = candidates(&[(9.0, 0.4, 10.0, 0.2, 1.0), (5.0, 0.3, 5.0, 0.5, 1.0)]);
        let (k, certainty, reason) = recommend(&overlapping);
        assert_eq!((k, certainty), (2, Certainty::Low));
        assert!(reason.contains("overlap"), "{reason}");
        let growing = candidates(&[(9.0, 0.6, 5.0, 0.5, 1.0), (5.0, 0.7, 10.0, 0.2, 1.0)]);
        let (k, certainty, reason) = recommend(&growing);
        assert_eq!((k, certainty), (3, Certainty::Low));
        assert!(reason.contains("largest number tried"), "{reason}");
        let single = candidates(&[(9.0, 0.9, 9.0, 0.1, f64::NAN), (5.0, 0.3, 5.0, 0.5, f64::NAN)]);
        let (k, certainty, reason) = recommend(&single);
        assert_eq!((k, certainty), (2, Certainty::Medium));
        assert!(reason.contains("not known.") && !reason.contains("NaN"), "{reason}");
    }
}
