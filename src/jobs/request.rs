//! Requests: what a job does.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ChooseK, Cluster, Fit, Info, Merge, OpenProduct, Predict, Stack};
use crate::error::{invalid_argument, invalid_option, Result};
use crate::file::is_stdout;
use crate::wording::{near_miss, wanted};

/// A job and its options. Its fields are those of the command line's options, with underscores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "command", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Request {
    /// Find classes in an image and write its map of classes.
    Cluster(Cluster),
    /// Find classes in one image or several, and write the model.
    Fit(Fit),
    /// Give the classes of a model to another image.
    Predict(Predict),
    /// Recommend a number of classes.
    ChooseK(ChooseK),
    /// Merge classes of a model, and name classes.
    Merge(Merge),
    /// Show what a raster or a model holds.
    Info(Info),
    /// Make one virtual raster of the bands of a Sentinel-2 product.
    OpenProduct(OpenProduct),
    /// Make one virtual raster of the bands of several files.
    Stack(Stack),
}

/// Other names of fields.
const ALIASES: [(&str, &str); 3] =
    [("clusters", "n_clusters"), ("scale", "multiply"), ("offset", "add")];

impl Request {
    /// Whether the job reads or writes raster files: a job on a model alone does not.
    pub(super) fn needs_gdal(&self) -> bool {
        match self {
            Request::Info(info) => info.model().is_none(),
            Request::Merge(merge) => merge.labels.is_some(),
            _ => true,
        }
    }

    /// Whether the model goes to the standard output, where nothing else should then be printed.
    pub fn model_to_stdout(&self) -> bool {
        let model = match self {
            Request::Cluster(cluster) => cluster.model.as_deref(),
            Request::Fit(fit) => Some(fit.model.as_path()),
            Request::Merge(merge) => Some(merge.output.as_path()),
            _ => None,
        };
        model.is_some_and(is_stdout)
    }

    /// The request in a JSON object.
    ///
    /// # Errors
    /// `InvalidArgument` for text that is not such an object; `Option`, naming the field, for an
    /// unknown field or an invalid value.
    pub fn from_json(text: &str) -> Result<Request> {
        let Ok(Value::Object(mut fields)) = serde_json::from_str(text) else {
            return invalid_argument(
                "the request is not a JSON object: give one with the field command, such as \
                 {\"command\": \"info\", \"path\": \"scene.tif\"}",
            );
        };
        let command = fields.get("command").cloned().unwrap_or_default();
        // An empty request of the job has all its fields.
        let none = Request::of(&command, Map::new());
        let known = none.or_else(|wanted| is_not("command", &command, &wanted))?.fields();
        for (alias, name) in ALIASES {
            if known.contains_key(name) && !fields.contains_key(name) {
                if let Some(value) = fields.shift_remove(alias) {
                    fields.insert(name.into(), value);
                }
            }
        }
        for (name, value) in &fields {
            if !known.contains_key(name) {
                let names: Vec<_> = known.keys().map(String::as_str).collect();
                let meant = near_miss(name, names.iter().copied());
                let meant =
                    meant.map(|meant| format!("did you mean {meant}? ")).unwrap_or_default();
                return invalid_option(
                    name,
                    format!(
                        " is not a field of {}: {meant}It has {}",
                        shown(&command),
                        names.join(", ")
                    ),
                );
            }
            // Each field is tried alone, since an error does not say whose value is wrong.
            let alone = Map::from_iter([(name.clone(), value.clone())]);
            if name != "command" && !value.is_null() {
                Request::of(&command, alone).or_else(|wanted| is_not(name, value, &wanted))?;
            }
        }
        // A field that is null counts as not given.
        fields.retain(|_, value| !value.is_null());
        Request::of(&command, fields)
            .or_else(|wanted| invalid_argument(format!("the request needs {wanted}")))
    }

    /// The request of a command with some fields; else a text of what would have been right.
    fn of(command: &Value, mut fields: Map<String, Value>) -> std::result::Result<Request, String> {
        fields.insert("command".into(), command.clone());
        serde_json::from_value(Value::Object(fields)).map_err(|error| wanted(&error))
    }

    /// All fields by their names.
    fn fields(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => fields,
            _ => unreachable!("a request is an object of texts and numbers"),
        }
    }
}

fn is_not(field: &str, value: &Value, wanted: &str) -> Result<Request> {
    invalid_option(field, format!(" is {value}: give {wanted}"))
}

/// A text without its quotation marks.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Request::from_json(text).unwrap_err().to_string()
    }

    #[test]
    fn a_field_that_is_wrong_is_named() {
        let of = |rest: &str| {
            error(&format!(
                r#"{{"command": "cluster", "input": "a.tif", "output": "b.tif", {rest}}}"#
            ))
        };
        for (rest, message) in [
            (r#""colour": "red""#, "colour is not a field of cluster: did you mean colors? It has"),
            (r#""n_clusters": "four""#, "n_clusters is \"four\": give a whole number"),
            (r#""n_clusters": 4.5"#, "n_clusters is 4.5: give a whole number"),
            (r#""tol": "x""#, "tol is \"x\": give a number"),
            (r#""scaling": "log""#, "scaling is \"log\": give none or zscore"),
            (r#""bands": [-1]"#, "bands is [-1]: give numbers from 1, or names of bands"),
            (r#""mask_scl": 1"#, "mask_scl is 1: give true or false"),
            (r#""colors": 3"#, "colors is 3: give one value, or a list of them"),
            (r#""options": []"#, "options is []: give an object"),
        ] {
            assert!(of(rest).starts_with(message), "{rest}: {}", of(rest));
        }
        assert!(of(r#""colour": 1"#).contains("n_clusters"), "the fields that there are");
        let unknown = error(r#"{"command": "paint"}"#);
        assert!(
            unknown.starts_with("command is \"paint\": give one of cluster, fit,"),
            "{unknown}"
        );
        assert!(error("{}").starts_with("command is null: give "), "{}", error("{}"));
        assert!(error("[]").contains("not a JSON object"));
    }

    #[test]
    fn fields_are_read_by_their_names_and_their_other_names() {
        let text = r#"{"command": "cluster", "input": ["a.tif", "b.tif"], "output": "c.tif",
            "clusters": 7, "seed": 3, "mask_scl": null, "tol": null, "nodata": [0, null],
            "bands": ["B04", 3], "overwrite": true}"#;
        let Request::Cluster(request) = Request::from_json(text).unwrap() else {
            unreachable!("cluster")
        };
        assert_eq!(request.input.values().len(), 2);
        assert_eq!((request.fit.n_clusters, request.fit.search.seed), (Some(7), 3));
        assert_eq!(request.reading.nodata_values().unwrap(), Some(vec![Some(0.0), None]));
        assert!(request.run.overwrite);
        let text = r#"{"command": "predict", "scale": 2, "offset": [1, 2]}"#;
        let Request::Predict(request) = Request::from_json(text).unwrap() else {
            unreachable!("predict")
        };
        assert_eq!(request.multiply.map(|numbers| numbers.values()), Some(vec![2.0]));
        assert_eq!(request.add.map(|numbers| numbers.values()), Some(vec![1.0, 2.0]));
    }
}
