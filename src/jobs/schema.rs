//! The JSON schemas of requests and outcomes, made from their types.

use schemars::generate::SchemaSettings;
use schemars::Schema;

use super::{Outcome, Request};

/// The schema of the requests that [`Request::from_json`] takes.
pub fn request_schema() -> Schema {
    let mut schema = SchemaSettings::default()
        .for_deserialize()
        .into_generator()
        .into_root_schema_for::<Request>();
    let jobs = schema.get_mut("oneOf").and_then(|jobs| jobs.as_array_mut());
    for job in jobs.into_iter().flatten() {
        job["unevaluatedProperties"] = false.into();
    }
    schema
}

/// The schema of what [`Outcome::to_json`] gives.
pub fn outcome_schema() -> Schema {
    SchemaSettings::default().for_serialize().into_generator().into_root_schema_for::<Outcome>()
}
