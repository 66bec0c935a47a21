//! Starting centres of k-means.

use ndarray::Array2;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::MAX_CLASSES;
use crate::error::{invalid_argument, Error, Result};
use crate::wording::plain;

/// The largest allowed number: squares of larger ones overflow.
pub(super) const LARGEST: f64 = 1e150;

/// Centres that k-means starts from, in the units of the bands as they are stored, with or without
/// names for their classes. In JSON: a list of centres, or an object with their names as keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Given", into = "Given")]
pub struct Init {
    /// One for each centre, or none at all.
    names: Vec<String>,
    centers: Array2<f64>,
}

/// The same as it is in JSON.
#[derive(Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "centres: a list of lists of one number per band, or an object of such lists by \
                 name"
)]
enum Given {
    Rows(Vec<Vec<f64>>),
    Named(Map<String, Value>),
}

impl Init {
    /// Centres (x bands), whose classes get the usual names.
    ///
    /// # Errors
    /// `InvalidArgument` when there is no centre, the centres have no bands, or a number is not
    /// usable.
    pub fn new(centers: Array2<f64>) -> Result<Init> {
        let (n, n_bands) = centers.dim();
        if n == 0 || n > MAX_CLASSES || n_bands == 0 {
            return invalid_argument(format!(
                "init has {n} centres of {n_bands} bands: give 1 to {MAX_CLASSES} centres of one \
                 number per band"
            ));
        }
        let wrong =
            centers.indexed_iter().find(|(_, value)| !(-LARGEST..=LARGEST).contains(*value));
        if let Some(((center, band), value)) = wrong {
            return invalid_argument(format!(
                "init: centre {} is {value:e} in band {}: give finite numbers of at most \
                 {LARGEST:e}",
                center + 1,
                band + 1
            ));
        }
        Ok(Init { names: Vec::new(), centers: centers.as_standard_layout().into_owned() })
    }

    /// Centres with the names of their classes.
    ///
    /// # Errors
    /// As [`Init::new`]; `InvalidArgument` when the number of names is not that of centres, a name
    /// is blank, or two names are the same.
    pub fn named(names: Vec<String>, centers: Array2<f64>) -> Result<Init> {
        let unnamed = Init::new(centers)?;
        if names.len() != unnamed.len() {
            let (n, found) = (unnamed.len(), names.len());
            return invalid_argument(format!(
                "init has {n} centres and {found} names: give a name for each"
            ));
        }
        let names: Vec<String> = names.iter().map(|name| plain(name)).collect();
        for (index, name) in names.iter().enumerate() {
            if name.trim().is_empty() {
                return invalid_argument(format!(
                    "init: the name of centre {} is blank: give one",
                    index + 1
                ));
            }
            if names[..index].contains(name) {
                return invalid_argument(format!(
                    "init has two centres with the name {name}: give each a name of its own"
                ));
            }
        }
        Ok(Init { names, ..unnamed })
    }

    /// Number of centres, at least 1.
    #[allow(clippy::len_without_is_empty, reason = "there is always one")]
    pub fn len(&self) -> usize {
        self.centers.nrows()
    }

    /// Number of bands.
    pub fn n_bands(&self) -> usize {
        self.centers.ncols()
    }

    /// The centres (x bands).
    pub fn centers(&self) -> &Array2<f64> {
        &self.centers
    }

    /// The names of the centres' classes, in their order; empty if no names were given.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

impl TryFrom<Given> for Init {
    type Error = String;

    fn try_from(given: Given) -> std::result::Result<Init, String> {
        let (names, rows) = match given {
            Given::Rows(rows) => (None, rows),
            Given::Named(named) => {
                let row = |value| serde_json::from_value(value).map_err(|_| one_per_band());
                let rows =
                    named.values().cloned().map(row).collect::<std::result::Result<Vec<_>, _>>()?;
                (Some(named.keys().cloned().collect()), rows)
            }
        };
        let n_bands = rows.first().map_or(0, Vec::len);
        let centers = Array2::from_shape_vec((rows.len(), n_bands), rows.concat());
        if rows.iter().any(|row| row.len() != n_bands) {
            return Err(one_per_band());
        }
        let centers = centers.map_err(|_| one_per_band())?;
        let init = match names {
            None => Init::new(centers),
            Some(names) => Init::named(names, centers),
        };
        init.map_err(|error: Error| error.to_string())
    }
}

fn one_per_band() -> String {
    "centres of one number per band each".into()
}

impl From<Init> for Given {
    fn from(init: Init) -> Given {
        let rows: Vec<Vec<f64>> = init.centers.rows().into_iter().map(|row| row.to_vec()).collect();
        if init.names.is_empty() {
            return Given::Rows(rows);
        }
        Given::Named(init.names.into_iter().zip(rows.into_iter().map(Value::from)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> std::result::Result<Init, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn json_has_rows_or_rows_by_name() {
        for text in ["[[1.0,2.5],[3.0,0.1]]", r#"{"wood":[1.0,2.5],"a lake":[3.0,0.1]}"#] {
            let init = read(text).unwrap();
            assert_eq!(init.centers(), &ndarray::array![[1.0, 2.5], [3.0, 0.1]]);
            assert_eq!(serde_json::to_string(&init).unwrap(), text);
        }
        assert_eq!(read(r#"{"wood": [1], "lake": [2]}"#).unwrap().names(), ["wood", "lake"]);
    }

    #[test]
    fn what_cannot_be_started_from_is_refused() {
        for (text, message) in [
            ("[]", "init has 0 centres of 0 bands: give 1 to 65535"),
            ("[[], []]", "init has 2 centres of 0 bands"),
            ("[[1, 2], [3]]", "centres of one number per band each"),
            (r#"{"a": [1, 2], "b": 3}"#, "centres of one number per band each"),
            (
                "[[1, 1e200]]",
                "init: centre 1 is 1e200 in band 2: give finite numbers of at most 1e150",
            ),
            (r#"{" ": [1]}"#, "init: the name of centre 1 is blank"),
            (r#"{"a\n": [1], "a\t": [2]}"#, "init has two centres with the name a : give"),
            ("[[\"x\"]]", "centres: a list of lists"),
            ("3", "centres: a list of lists"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.starts_with(message), "{text}: {error}");
        }
        let two = || ndarray::array![[1.0], [f64::NAN]];
        assert!(Init::new(two()).unwrap_err().to_string().contains("centre 2 is NaN in band 1"));
        let named = Init::named(vec!["a".into()], ndarray::array![[1.0], [2.0]]);
        assert!(named.unwrap_err().to_string().contains("2 centres and 1 names"));
    }
}
