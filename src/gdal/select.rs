//! The user's words for files, bands and nodata values.

use std::path::{Path, PathBuf};

use super::inventory::Entry;
use crate::error::{invalid_argument, Result};

/// The files that an input names: one, or several with commas between them. A path that exists as it stands
/// is one file, commas or not.
///
/// # Errors
/// `InvalidArgument` when a name between commas is empty.
pub fn split_paths(input: &Path) -> Result<Vec<PathBuf>> {
    let Some(text) = input.to_str().filter(|text| text.contains(',') && !text.starts_with('<')) else {
        return Ok(vec![input.into()]);
    };
    if input.exists() {
        return Ok(vec![input.into()]);
    }
    let parts: Vec<_> = text.split(',').map(str::trim).collect();
    if parts.contains(&"") {
        return invalid_argument(format!("'{text}': a file name is missing beside a comma"));
    }
    Ok(parts.into_iter().map(PathBuf::from).collect())
}

/// A band as the user calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BandRef {
    /// By its place among the input's bands, from 1.
    Number(usize),
    /// By its name, in upper or lower case.
    Name(String),
}

/// Bands from text such as `4,3,2` or `B04,B03,B02`: numbers from 1 or names, order kept.
///
/// # Errors
/// `InvalidArgument` when one is missing beside a comma, is a number below 1, or is given twice.
pub fn parse_bands(text: &str) -> Result<Vec<BandRef>> {
    let mut bands = Vec::new();
    for part in text.split(',').map(str::trim) {
        let band = match part.parse::<f64>() {
            Ok(_) => part.parse().ok().filter(|number| *number > 0).map(BandRef::Number),
            Err(_) => Some(BandRef::Name(part.to_string())).filter(|_| !part.is_empty()),
        };
        match band {
            Some(band) if bands.contains(&band) => {
                return invalid_argument(format!("--bands {text}: band {part} is given twice; give each once"))
            }
            Some(band) => bands.push(band),
            None => {
                return invalid_argument(format!(
                    "--bands {text}: '{part}' is not a band; give numbers from 1 or names, with commas, such as 4,3,2 or B04,B03,B02"
                ))
            }
        }
    }
    Ok(bands)
}

/// Nodata values from text such as `0`, `0,0,-9999`, `nan` or `none` (for a band that has none).
///
/// # Errors
/// `InvalidArgument` when it is something else.
pub fn parse_nodata(text: &str) -> Result<Vec<Option<f64>>> {
    let parse = |part: &str| {
        match part.trim() {
        "none" => Ok(None),
        number => match number.parse::<f64>() {
            Ok(value) => Ok(Some(value)),
            Err(_) => invalid_argument(format!(
                "--nodata {text}: '{number}' is not a number; give one value, or one per band with commas, or 'none'"
            )),
        },
    }
    };
    text.split(',').map(parse).collect()
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
    fn bands_are_numbers_from_one_or_names() {
        let name = |name: &str| BandRef::Name(name.into());
        assert_eq!(parse_bands("4, 3,2").unwrap(), [4, 3, 2].map(BandRef::Number));
        assert_eq!(parse_bands("B04, red,2").unwrap(), [name("B04"), name("red"), BandRef::Number(2)]);
        for bad in ["0", "", "4,,2", "-1", "B04,B04", "1,1", "1.5", "B04,"] {
            assert!(parse_bands(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn nodata_is_numbers_or_none() {
        assert_eq!(parse_nodata("0,none,-9999.5").unwrap(), [Some(0.0), None, Some(-9999.5)]);
        assert!(parse_nodata("nan").unwrap()[0].unwrap().is_nan());
        assert!(parse_nodata("zero").is_err());
    }

    #[test]
    fn a_file_with_a_comma_in_its_name_is_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join("a,b.tif");
        assert_eq!(split_paths(&odd).unwrap().len(), 2);
        std::fs::write(&odd, "").unwrap();
        assert_eq!(split_paths(&odd).unwrap(), [odd]);
        assert!(split_paths(Path::new("a.tif,")).is_err());
    }
}
