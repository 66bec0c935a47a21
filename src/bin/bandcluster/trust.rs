//! Whether a model can be trusted in a scene: told after its labels are made.

use bandcluster::assess::{drift, Drift};
use bandcluster::model::Model;
use bandcluster::raster::Correction;
use bandcluster::summary::Summary;
use bandcluster::Result;
use serde_json::{json, Value};

use super::outcome::Outcome;
use super::table::{table, value};

/// Notes how a scene was corrected, how far it is from what the model was fitted on, and warnings about that: as far as the
/// model tells, and where there are pixels. The comparison is returned.
pub fn note(
    model: &Model,
    sample: &Summary,
    corrections: Option<&[Correction]>,
    outcome: &mut Outcome,
) -> Result<Option<Drift>> {
    let correction = |c: &Correction| json!({ "scale": c.scale, "offset": c.offset });
    outcome.note("corrections", corrections.map(|each| each.iter().map(correction).collect::<Vec<_>>()));
    let is_told = model.bands.iter().all(|band| band.distribution.is_some());
    if !is_told || sample.n_valid() == 0 {
        outcome.note("drift", Value::Null);
        outcome.note("warnings", json!([]));
        return Ok(None);
    }
    let drift = drift(model, sample)?;
    let mut found = drift.to_json();
    let warnings = found.as_object_mut().and_then(|fields| fields.shift_remove("warnings"));
    outcome.note("drift", found);
    outcome.note("warnings", warnings.unwrap_or_else(|| json!([])));
    Ok(Some(drift))
}

/// How far the bands moved, a line each, and how many pixels lie far from their class; nothing where that is not known.
pub fn moved(drift: Option<&Value>) -> String {
    let Some(bands) = drift.and_then(|drift| drift["bands"].as_array()) else { return String::new() };
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    let row = |band: &Value| {
        let name = band["name"].as_str().unwrap_or_default().to_string();
        vec![name, value(number(&band["shift"])), format!("{:.2}", number(&band["distance"]))]
    };
    let rows: Vec<_> = bands.iter().map(row).collect();
    format!(
        "against the pixels that the model was fitted on, {:.1} % lie farther from their class than 99 % of those; the bands moved by:\n{}",
        100.0 * drift.map_or(f64::NAN, |drift| number(&drift["beyond_radius"])),
        table(&["band", "median", "standard deviations"], &[true, false, false], &rows)
    )
}

/// The warnings of a command's fields, a sentence each.
pub fn messages(warnings: Option<&Value>) -> Vec<String> {
    let message = |warning: &Value| Some(warning["message"].as_str()?.to_string());
    warnings.and_then(Value::as_array).into_iter().flatten().filter_map(message).collect()
}

/// The warnings of a command's fields, a line each.
pub fn lines(warnings: Option<&Value>) -> String {
    let line = |warning: &Value| {
        let text = |key: &str| warning[key].as_str().unwrap_or_default().to_string();
        format!("warning ({}): {}\n", text("code"), text("message"))
    };
    warnings.and_then(Value::as_array).into_iter().flatten().map(line).collect()
}
