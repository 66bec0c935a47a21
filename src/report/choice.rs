//! The page about a choice of the number of classes: a panel per measure, and the numbers.

use askama::Template;

use super::chart::Chart;
use super::numbers::{short, spaced};
use super::page::heading;
use super::panel::Panel;
use crate::assess::{Candidate, Choice};
use crate::wording::plain_lines;

/// A measure on the page: its name, which way is better, and its value.
type Measure = (&'static str, &'static str, fn(&Candidate) -> f64);

const MEASURES: [Measure; 6] = [
    ("Bayesian information criterion", "lower is better", |candidate| candidate.bic),
    ("Silhouette (simplified)", "higher is better", |candidate| candidate.silhouette),
    ("Calinski-Harabasz", "higher is better", |candidate| candidate.calinski_harabasz),
    ("Davies-Bouldin", "lower is better", |candidate| candidate.davies_bouldin),
    ("Stability of restarts", "1: all agree", |candidate| candidate.stability),
    ("Inertia", "look for an elbow", |candidate| candidate.inertia),
];

#[derive(Template)]
#[template(path = "choice.html")]
struct Page<'a> {
    title: String,
    choice: &'a Choice,
    panels: Vec<Chart>,
    measures: Vec<&'static str>,
    rows: Vec<Row>,
}

struct Row {
    k: u32,
    values: Vec<String>,
}

/// The page, in HTML with its charts in it. `title` names the scene; its folder is left out. The
/// page needs no other file and runs no script.
pub fn choice_page(choice: &Choice, title: &str) -> String {
    let measures = measures(choice);
    let row = |candidate: &Candidate| Row {
        k: candidate.k,
        values: measures.iter().map(|(.., value)| spaced(&short(value(candidate)))).collect(),
    };
    let page = Page {
        title: heading(title),
        choice,
        panels: measures.iter().map(|measure| panel(choice, measure)).collect(),
        rows: choice.candidates.iter().map(row).collect(),
        measures: measures.iter().map(|(name, ..)| *name).collect(),
    };
    // Names of files may contain anything.
    plain_lines(&page.render().expect("a text takes every page"))
}

/// The measures of a choice: mixtures have a criterion and no stability, k-means a stability and no
/// criterion.
fn measures(choice: &Choice) -> Vec<Measure> {
    let of_mixtures = choice.candidates.iter().any(|candidate| !candidate.bic.is_nan());
    let left_out =
        if of_mixtures { "Stability of restarts" } else { "Bayesian information criterion" };
    MEASURES.into_iter().filter(|(name, ..)| *name != left_out).collect()
}

fn panel(choice: &Choice, (title, note, value): &Measure) -> Chart {
    let points =
        choice.candidates.iter().map(|candidate| (candidate.k, value(candidate))).collect();
    Panel { title, note, points, marked: choice.recommended }.chart()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::Certainty;

    fn choice() -> Choice {
        let candidate = |k: u32| Candidate {
            k,
            inertia: 1e12 / f64::from(k),
            silhouette: 0.5,
            calinski_harabasz: f64::INFINITY,
            davies_bouldin: 1.0 / f64::from(k),
            stability: f64::NAN,
            bic: f64::NAN,
        };
        let candidates = (2..=30).map(candidate).collect();
        Choice { candidates, recommended: 3, certainty: Certainty::Low, reason: "a < b".into() }
    }

    /// The larger dots: the recommended numbers.
    fn n_marked(page: &str) -> usize {
        page.matches("<circle").count() - page.matches("r=\"3\"").count()
    }

    #[test]
    fn whatever_the_values_and_names_the_page_is_whole() {
        let page = choice_page(&choice(), "/a/folder/R&D <script>.tif");
        assert!(!page.contains("folder"));
        assert!(
            page.contains("R&#38;D &#60;script&#62;.tif") && page.contains("a &#60; b"),
            "{page}"
        );
        assert!(
            !page.contains("<script") && !page.contains("NaN") && !page.contains("inf<"),
            "{page}"
        );
        assert_eq!(page.matches("<svg").count(), 5);
        assert_eq!(
            page.matches("number of classes, k").count(),
            3,
            "no axis where nothing is known"
        );
        assert_eq!(n_marked(&page), 3, "two panels know no finite value");
        assert_eq!(page.matches("class=\"chosen\"").count(), 1);
    }

    #[test]
    fn a_single_candidate_is_a_point() {
        let one = Choice { candidates: choice().candidates[1..2].to_vec(), ..choice() };
        let page = choice_page(&one, "scene.tif");
        assert!(!page.contains("NaN") && n_marked(&page) == 3, "{page}");
    }
}
