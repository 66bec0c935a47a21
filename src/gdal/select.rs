//! The user's words for files, bands and nodata values.

use std::path::{Path, PathBuf};

use super::source::{Source, SourceBand};
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

/// Band numbers from text such as `4,3,2`: 1-based, each once, order kept.
///
/// # Errors
/// `InvalidArgument` when it is something else.
pub fn parse_bands(text: &str) -> Result<Vec<usize>> {
    let mut bands = Vec::new();
    for part in text.split(',').map(str::trim) {
        match part.parse::<usize>() {
            Ok(band) if band > 0 && bands.contains(&band) => {
                return invalid_argument(format!("--bands {text}: band {band} is given twice; give each once"))
            }
            Ok(band) if band > 0 => bands.push(band),
            _ => {
                return invalid_argument(format!(
                    "--bands {text}: '{part}' is not a band number; give numbers from 1 with commas, such as 4,3,2"
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

/// The chosen bands out of those of all files: which file, and what the file says of the band.
pub(super) fn choose(sources: &[Source], wanted: &[usize]) -> Result<Vec<(usize, SourceBand)>> {
    let each = |bands: &dyn Fn(&Source) -> Vec<SourceBand>| -> Vec<(usize, SourceBand)> {
        let of_file = |(file, source)| bands(source).into_iter().map(move |band| (file, band));
        sources.iter().enumerate().flat_map(of_file).collect()
    };
    if wanted.is_empty() {
        return Ok(each(&Source::data_bands));
    }
    let all = each(&|source| source.bands.clone());
    let pick = |band: &usize| match all.get(band - 1) {
        Some(chosen) => Ok(chosen.clone()),
        None => invalid_argument(format!(
            "band {band} was asked for, {} has {}: give bands from 1 to {}",
            sources.iter().map(Source::name).collect::<Vec<_>>().join(","),
            all.len(),
            all.len()
        )),
    };
    wanted.iter().map(pick).collect()
}

/// The nodata value of each chosen band: the file's, or those given.
pub(super) fn nodata(
    bands: &[(usize, SourceBand)],
    given: Option<&[Option<f64>]>,
) -> Result<Vec<Option<f64>>> {
    match given {
        None => Ok(bands.iter().map(|(_, band)| band.nodata).collect()),
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
    fn bands_are_numbers_from_one() {
        assert_eq!(parse_bands("4, 3,2").unwrap(), [4, 3, 2]);
        for bad in ["0", "", "4,,2", "-1", "red", "1,1", "1.5"] {
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
