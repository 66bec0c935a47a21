//! How classes were found, what was left out, and names of merged classes, in words.

use super::numbers::{grouped, value};
use crate::model::{Init, Model};

/// The settings of a model's fit: names and values.
pub(super) fn settings(model: &Model) -> Vec<(String, String)> {
    let mut settings = vec![("algorithm".to_string(), model.method.name.clone())];
    let mut add = |name: &str, value: String| settings.push((name.into(), value));
    if model.method.parameters.is_empty() {
        let parameters = &model.parameters;
        // After merging or alignment, the number of classes is not that of the centres.
        let n_centers = model.regions().map_or(model.n_classes(), |regions| regions.classes.len());
        add("n_clusters", n_centers.to_string());
        add("n_init", parameters.n_init.to_string());
        add("max_iter", parameters.max_iter.to_string());
        add("tol", parameters.tol.to_string());
        if let Some(init) = &parameters.init {
            add("init", starts(init));
            add("fix", parameters.fix.to_string());
        }
    }
    for (name, value) in &model.method.parameters {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_string);
        add(name, if value.is_null() { "not given".into() } else { text });
    }
    if !model.method.parameters.contains_key("seed") {
        add("seed", model.parameters.seed.to_string());
    }
    if !model.method.parameters.contains_key("scaling") {
        let scaling = match model.scaling.zscore {
            None => "none",
            Some(_) => "zscore: every band to standard deviation 1",
        };
        add("scaling", scaling.into());
    }
    if !model.method.parameters.contains_key("band_weights") {
        model.scaling.band_weights.text().into_iter().for_each(|text| add("band_weights", text));
    }
    if !model.method.parameters.contains_key("metric") {
        add("metric", model.metric.name().into());
    }
    let bands = model.band_names();
    add("bands", bands.join(", "));
    settings
}

/// The given centres, by their names.
fn starts(init: &Init) -> String {
    match init.names() {
        [] => format!("{} centres", init.len()),
        names => names.join(", "),
    }
}

/// Sentences about pixels that are not valid: their number, if it is known, nodata values (`None`:
/// those of the model), and a mask's name.
pub(super) fn validity(
    model: &Model,
    n_invalid: Option<u64>,
    nodata: Option<&[Option<f64>]>,
    mask: Option<&str>,
) -> Vec<String> {
    let mut sentences = Vec::new();
    match n_invalid {
        None => {}
        Some(0) => sentences.push("Every pixel was valid.".into()),
        Some(1) => {
            sentences.push("1 pixel was not valid: it has label 0 and belongs to no class.".into())
        }
        Some(n) => {
            let n = grouped(n);
            sentences.push(format!(
                "{n} pixels were not valid: they have label 0 and belong to no class."
            ));
        }
    }
    let own: Vec<Option<f64>> = model.bands.iter().map(|band| band.nodata).collect();
    let nodata = nodata.unwrap_or(&own);
    let known: Vec<String> = nodata.iter().flatten().map(|nodata| value(*nodata)).collect();
    let all_same = known.len() == nodata.len() && known.windows(2).all(|pair| pair[0] == pair[1]);
    sentences.push(match known.as_slice() {
        [] => "No band has a nodata value.".into(),
        [first, ..] if all_same => {
            format!("Pixels are left out if any band has its nodata value, {first}.")
        }
        _ => {
            let pair = |(nodata, band): (&Option<f64>, &crate::model::Band)| {
                nodata.map(|nodata| format!("{} {}", band.name, value(nodata)))
            };
            let pairs: Vec<String> = nodata.iter().zip(&model.bands).filter_map(pair).collect();
            format!("Pixels are left out if any band has its nodata value: {}.", pairs.join(", "))
        }
    });
    sentences.push("Pixels with a band that is not a number, or infinite, are left out.".into());
    if let Some(mask) = mask {
        sentences.push(format!("Pixels that are masked by {mask} are left out."));
    }
    if model.has_radii() {
        sentences.push(
            "Pixels farther from their class than its radius are unclassified: they have a label \
             of their own."
                .into(),
        );
    }
    sentences
}

/// A name for merged classes: that of the largest class if somebody chose it.
pub(super) fn joined_name(model: &Model, values: &[u32]) -> String {
    let chosen = values.iter().find_map(|value| {
        let class = &model.classes[*value as usize - 1];
        (class.name != format!("class {value}")).then(|| class.name.clone())
    });
    let numbers: Vec<String> = values.iter().map(u32::to_string).collect();
    chosen.unwrap_or_else(|| format!("class {}", numbers.join(" and ")))
}
