//! Band references: how users name bands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{invalid_option, Result};

/// A band as the user names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "numbers from 1, or names of bands")]
pub enum BandRef {
    /// By its position among the input's bands, from 1.
    Number(usize),
    /// By its name, in upper or lower case; or several by their first and last number, such as
    /// `1-99`.
    Name(String),
}

impl std::fmt::Display for BandRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BandRef::Number(number) => number.fmt(f),
            BandRef::Name(name) => name.fmt(f),
        }
    }
}

/// Checks that each requested band may exist, and is requested only once.
///
/// # Errors
/// `Option` if not.
pub fn check_bands(bands: &[BandRef]) -> Result<()> {
    for (index, band) in bands.iter().enumerate() {
        if bands[..index].contains(band) {
            return invalid_option(
                "bands",
                format!(": band {band} is given twice; give each once"),
            );
        }
        if *band == BandRef::Number(0) || *band == BandRef::Name(String::new()) {
            return invalid_option(
                "bands",
                format!(
                    ": '{band}' is not a band; give numbers from 1 or names, such as 4, 3, 2 or \
                     B04, B03, B02"
                ),
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_numbers_from_one_or_names_each_once() {
        let name = |name: &str| BandRef::Name(name.into());
        assert!(check_bands(&[BandRef::Number(4), name("B03"), BandRef::Number(2)]).is_ok());
        for bad in [vec![BandRef::Number(0)], vec![name("")], vec![name("B04"), name("B04")]] {
            assert!(check_bands(&bad).is_err(), "{bad:?}");
        }
    }
}
