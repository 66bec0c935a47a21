//! Which bands are wanted, and their nodata values.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::inventory::Entry;
use crate::error::{invalid_argument, invalid_option, Result};

/// A band as the user calls it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "numbers from 1, or names of bands")]
pub enum BandRef {
    /// By its place among the input's bands, from 1.
    Number(usize),
    /// By its name, in upper or lower case.
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

/// Checks that each band that is asked for may exist, and is asked for once.
///
/// # Errors
/// `Option` where it is not so.
pub fn check_bands(bands: &[BandRef]) -> Result<()> {
    for (index, band) in bands.iter().enumerate() {
        if bands[..index].contains(band) {
            return invalid_option("bands", format!(": band {band} is given twice; give each once"));
        }
        if *band == BandRef::Number(0) || *band == BandRef::Name(String::new()) {
            return invalid_option(
                "bands",
                format!(": '{band}' is not a band; give numbers from 1 or names, such as 4, 3, 2 or B04, B03, B02"),
            );
        }
    }
    Ok(())
}

/// The nodata value of each chosen band: the file's, or those given.
pub(super) fn nodata(bands: &[Entry], given: Option<&[Option<f64>]>) -> Result<Vec<Option<f64>>> {
    match given {
        None => Ok(bands.iter().map(|entry| entry.band.nodata).collect()),
        Some([one]) => Ok(vec![*one; bands.len()]),
        Some(values) if values.len() == bands.len() => Ok(values.to_vec()),
        Some(values) => invalid_argument(format!(
            "{} nodata values were given for {} bands: give one for all, or one per band",
            values.len(),
            bands.len()
        )),
    }
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
