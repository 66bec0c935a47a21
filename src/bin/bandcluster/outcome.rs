//! What a job did, in words.

use bandcluster::jobs::{Classified, Outcome, PredictFacts, SceneMap};
use bandcluster::model::Match;
use bandcluster::report::{grouped, value};

use super::table::{classes_table, percent, table};
use super::words::Words;
use super::{choose_k, info, merge};

/// The text about an outcome.
pub fn text(outcome: &Outcome, words: &Words) -> String {
    match outcome {
        Outcome::Classified(classified) => classified_text(classified, words),
        Outcome::Chosen(chosen) => choose_k::text(chosen, words),
        Outcome::Merging(merging) => merge::text(merging),
        Outcome::Raster(raster) => info::raster_text(raster, words),
        Outcome::Stacked(stacked) => format!("output: {}\n", stacked.output),
        Outcome::Model(info) => info::model_text(info),
    }
}

fn classified_text(found: &Classified, words: &Words) -> String {
    let mut text = format!("{}: {} pixels", found.inputs.join(" "), grouped(found.n_pixels));
    if found.n_valid < found.n_pixels {
        text += &format!(", {} of them valid", grouped(found.n_valid));
    }
    text += &how(found);
    text += &format!("; {} s\n{}", found.cost.total(), classes_table(&found.classes));
    text += &aligned_text(found);
    text += &moved_text(found);
    text += &maps_text(found);
    text += &words.lines(&found.warnings);
    let files = &found.files;
    let model = files.model.as_ref().filter(|_| found.fitted.is_some());
    for (name, path) in [
        ("output", files.output.as_ref()),
        ("confidence", files.confidence.as_ref()),
        ("model", model),
        ("quicklook", files.quicklook.as_ref()),
        ("report", files.report.as_ref()),
        ("polygons", files.polygons.as_ref()),
    ] {
        text += &path.map(|path| format!("{name}: {path}\n")).unwrap_or_default();
    }
    let maps = found.labels.iter().flatten();
    text + &maps.map(|map| format!("labels: {}\n", map.output)).collect::<String>()
}

/// How the classes were found; after `predict`, which bands were paired.
fn how(found: &Classified) -> String {
    if found.fitted.is_none() {
        return found
            .predicted
            .as_ref()
            .map(|facts| format!("; {}", pairs_text(facts)))
            .unwrap_or_default();
    }
    match &found.rule {
        Some(rule) => {
            let inertia = value(found.inertia);
            format!("; {}: every pixel has the class of {rule}; inertia {inertia}", found.algorithm)
        }
        None => format!("; inertia {}, {} iterations", value(found.inertia), found.n_iter),
    }
}

/// Bands may have been matched by name or by position: the reader should see the pairs.
fn pairs_text(facts: &PredictFacts) -> String {
    let pairs = facts.bands.iter().map(|pair| format!("{} = {}", pair.model, pair.scene));
    format!("bands (model = scene) {}", pairs.collect::<Vec<_>>().join(", "))
}

/// A line for each of several scenes that a model was applied to.
fn maps_text(found: &Classified) -> String {
    let maps: Vec<_> = found
        .labels
        .iter()
        .flatten()
        .filter_map(|map| Some((map, map.predicted.as_ref()?)))
        .collect();
    let Some((_, first)) = maps.first() else { return String::new() };
    let row = |(map, facts): &(&SceneMap, &PredictFacts)| {
        let drift = facts.drift.as_ref();
        let or_unknown = |text: Option<String>| text.unwrap_or_else(|| "unknown".into());
        vec![
            map.input.clone(),
            percent(map.n_valid, map.n_pixels),
            or_unknown(drift.map(|drift| format!("{:.2} sd", drift.overall))),
            or_unknown(drift.map(|drift| format!("{:.1} %", 100.0 * drift.beyond_radius))),
        ]
    };
    let rows: Vec<_> = maps.iter().map(row).collect();
    let headings = ["scene", "valid", "bands moved by", "far pixels"];
    let mut text = format!(
        "each scene against the training pixels:\n{}",
        table(&headings, &[true, false, false, false], &rows)
    );
    if maps.iter().all(|(_, facts)| facts.bands == first.bands) {
        return text + &format!("{}\n", pairs_text(first));
    }
    for (map, facts) in maps {
        text += &format!("{}: {}\n", map.input, pairs_text(facts));
    }
    text
}

/// A line for each class: the old class that it is like. The nearer they are, the surer it is.
fn aligned_text(found: &Classified) -> String {
    let Some(matches) = found.fitted.as_ref().and_then(|fitted| fitted.aligned.as_ref()) else {
        return String::new();
    };
    let row = |one: &Match| {
        let name = found.classes.iter().find(|class| class.value == one.value);
        vec![
            one.value.to_string(),
            name.map(|class| class.name.clone()).unwrap_or_default(),
            one.like.map_or("none, it is new".into(), |old| old.to_string()),
            one.distance.map(value).unwrap_or_default(),
        ]
    };
    let rows: Vec<_> = matches.iter().map(row).collect();
    let headings = ["value", "name", "like class", "distance of the means"];
    format!(
        "numbered after the reference model:\n{}",
        table(&headings, &[false, true, false, false], &rows)
    )
}

/// How far each band moved, and how many pixels lie far from their class; empty if that is not
/// known.
fn moved_text(found: &Classified) -> String {
    let Some(drift) = found.predicted.as_ref().and_then(|predicted| predicted.drift.as_ref())
    else {
        return String::new();
    };
    let rows: Vec<_> = drift
        .bands
        .iter()
        .map(|band| vec![band.name.clone(), value(band.shift), format!("{:.2}", band.distance)])
        .collect();
    format!(
        "{:.1} % of the pixels are farther from their class than 99 % of the training pixels are. \
         The bands moved by:\n{}",
        100.0 * drift.beyond_radius,
        table(&["band", "median", "standard deviations"], &[true, false, false], &rows)
    )
}
