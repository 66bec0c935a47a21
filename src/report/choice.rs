//! The page about a choice of the number of classes: a panel per measure, and the numbers.

use super::panel::Panel;
use crate::assess::{Candidate, Choice};

/// The page's looks: light or dark as the reader has it, and black on white on paper.
const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1d2733; --soft: #66727f; --grid: #dde3e9; --line: #2a6f97; --mark: #c2410c; --page: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaee; --soft: #9aa7b3; --grid: #343d47; --line: #7cc1e6; --mark: #fb923c; --page: #14191f; } }
@media print { :root { --ink: #000; --soft: #444; --grid: #ccc; --line: #1b4f6c; --mark: #a33508; --page: #fff; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 1180px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 1rem; }
svg { width: 100%; break-inside: avoid; }
svg text { fill: var(--ink); font-size: 12px; }
svg .title { font-size: 14px; font-weight: 600; }
svg .note, svg .tick { fill: var(--soft); }
.line { fill: none; stroke: var(--line); stroke-width: 2; }
.dot { fill: var(--line); }
.marked { fill: var(--mark); }
.grid { stroke: var(--grid); }
.mark { stroke: var(--mark); stroke-dasharray: 4 4; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 1.5rem 0; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .25rem .9rem; border-bottom: 1px solid var(--grid); }
tr.chosen { color: var(--mark); font-weight: 600; }
";

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

/// The page, in HTML with its charts in it; `title` names the scene. It needs no other file and runs no script.
pub fn choice_page(choice: &Choice, title: &str) -> String {
    let title = escaped(title);
    let (k, certainty) = (choice.recommended, choice.certainty.name());
    let measures = measures(choice);
    let panels: String = measures.iter().map(|measure| panel(choice, measure)).collect();
    let headings: String = measures.iter().map(|(name, ..)| format!("<th>{name}</th>")).collect();
    let rows: String = choice.candidates.iter().map(|candidate| row(candidate, k, &measures)).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>How many classes: {title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>How many classes: {title}</h1>\n\
         <p><strong>Recommended: {k} classes; certainty {certainty}.</strong> {}</p>\n\
         <div class=\"panels\">\n{panels}</div>\n<div class=\"scroll\"><table>\n<tr><th>k</th>{headings}</tr>\n{rows}</table></div>\n\
         </body>\n</html>\n",
        escaped(&choice.reason)
    )
}

/// The measures of a choice: of mixtures there is a criterion, and no stability; of k-means it is the other way round.
fn measures(choice: &Choice) -> Vec<Measure> {
    let of_mixtures = choice.candidates.iter().any(|candidate| !candidate.bic.is_nan());
    let left_out = if of_mixtures { "Stability of restarts" } else { "Bayesian information criterion" };
    MEASURES.into_iter().filter(|(name, ..)| *name != left_out).collect()
}

fn panel(choice: &Choice, (title, note, value): &Measure) -> String {
    let points = choice.candidates.iter().map(|candidate| (candidate.k, value(candidate))).collect();
    Panel { title, note, points, marked: choice.recommended }.svg(number)
}

fn row(candidate: &Candidate, recommended: u32, measures: &[Measure]) -> String {
    let class = if candidate.k == recommended { " class=\"chosen\"" } else { "" };
    let cells: String =
        measures.iter().map(|(.., value)| format!("<td>{}</td>", number(value(candidate)))).collect();
    format!("<tr{class}><td>{}</td>{cells}</tr>\n", candidate.k)
}

/// A value with some four digits; a dash for none.
fn number(value: f64) -> String {
    match value {
        v if v.is_nan() => "–".into(),
        v if v.is_infinite() => "∞".into(),
        v if v != 0.0 && v.abs() >= 1e7 => format!("{v:.2e}"),
        v if v.abs() >= 1000.0 => format!("{v:.0}"),
        v => format!("{v:.3}"),
    }
}

/// Text as HTML shows it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
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

    #[test]
    fn whatever_the_values_and_names_the_page_is_whole() {
        let page = choice_page(&choice(), "R&D <script>.tif");
        assert!(page.contains("R&amp;D &lt;script&gt;.tif") && page.contains("a &lt; b"));
        assert!(!page.contains("<script") && !page.contains("NaN") && !page.contains("inf"), "{page}");
        assert_eq!(page.matches("<svg").count(), 5);
        assert_eq!(page.matches("class=\"marked\"").count(), 3, "two panels know no finite value");
        assert_eq!(page.matches("class=\"chosen\"").count(), 1);
    }

    #[test]
    fn a_single_candidate_is_a_point() {
        let one = Choice { candidates: choice().candidates[1..2].to_vec(), ..choice() };
        let page = choice_page(&one, "scene.tif");
        assert!(!page.contains("NaN") && page.contains("<circle class=\"marked\""), "{page}");
    }
}
