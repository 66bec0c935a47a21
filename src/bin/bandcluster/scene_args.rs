//! The options of all commands that read scenes: which pixels of which bands to read.

use std::path::PathBuf;

use bandcluster::gdal::BandRef;
use bandcluster::jobs::{Nodata, OneOrMany, Reading};
use bandcluster::{Error, Result};
use clap::Args;

use super::file_lists::scene;

/// Which pixels to read.
#[derive(Args)]
#[command(next_help_heading = "Pixels to use")]
pub struct SceneArgs {
    /// Bands to use, by number or name: 4,3,2
    ///
    /// In this order, by number from 1 (also 1-99,101-224) or by name (B04,B03,B02) [default: all
    /// except alpha; for a Sentinel-2 product B02,B03,B04,B08; predict: the bands with the names of
    /// the model's bands, if there are any].
    #[arg(long, value_name = "BANDS")]
    bands: Option<String>,
    /// Value of pixels without data, or none
    ///
    /// One for all bands, or one per band with commas [default: as the file says; predict: the
    /// model's, if the file has no nodata value, mask or alpha band].
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    nodata: Option<String>,
    /// Size of the pixels to resample all bands to
    ///
    /// In units of the reference system [default: that of the finest band used].
    #[arg(long, value_name = "SIZE", allow_negative_numbers = true)]
    resolution: Option<f64>,
    /// Raster; pixels where it is 0 are left out
    ///
    /// It has the size of the scene. For several scenes give one for each, with commas or as
    /// @LIST.txt, or one for all.
    #[arg(long, value_name = "FILE")]
    mask: Option<PathBuf>,
    /// Leave out clouds by the SCL band (Sentinel-2)
    ///
    /// The SCL band of a Sentinel-2 L2A product, or of a file ..._SCL_... among the inputs, marks
    /// clouds, their shadows, cirrus, saturated pixels and pixels without data (its classes 0, 1,
    /// 3, 8, 9 and 10).
    #[arg(long)]
    mask_scl: bool,
    /// Area of interest; pixels outside are left out
    ///
    /// A layer of polygons in any format that GDAL reads and in any reference system. Give
    /// FILE|layername=NAME for one of several layers. A pixel is used if its centre lies in a
    /// polygon.
    #[arg(long, value_name = "POLYGONS")]
    aoi: Option<PathBuf>,
}

impl SceneArgs {
    /// The options as fields of a request.
    pub fn reading(&self) -> Result<Reading> {
        Ok(Reading {
            bands: self.bands.as_deref().map_or(Ok(Vec::new()), parse_bands)?,
            nodata: self.nodata.as_deref().map(parse_nodata).transpose()?,
            resolution: self.resolution,
            mask: self.mask.as_deref().map(scene).transpose()?,
            mask_scl: self.mask_scl,
            aoi: self.aoi.clone(),
        })
    }
}

/// Bands from text such as `4,3,2` or `B04,B03,B02`: numbers from 1 or names, order kept.
///
/// # Errors
/// `InvalidArgument` when a band is missing beside a comma, or is a number other than 1, 2, 3 and
/// so on.
fn parse_bands(text: &str) -> Result<Vec<BandRef>> {
    let band = |part: &str| {
        let band = match part.parse::<f64>() {
            Ok(_) => part.parse().ok().filter(|number| *number > 0).map(BandRef::Number),
            Err(_) => Some(BandRef::Name(part.to_string())).filter(|_| !part.is_empty()),
        };
        band.ok_or_else(|| {
            Error::InvalidArgument(format!(
                "--bands {text}: '{part}' is not a band; give numbers from 1 or names, with \
                 commas, such as 4,3,2 or B04,B03,B02"
            ))
        })
    };
    text.split(',').map(str::trim).map(band).collect()
}

/// Nodata values from text such as `0`, `0,0,-9999`, `nan` or `none` (for a band that has none).
///
/// # Errors
/// `InvalidArgument` for any other text.
fn parse_nodata(text: &str) -> Result<OneOrMany<Option<Nodata>>> {
    let parse = |part: &str| match part.trim() {
        "none" => Ok(None),
        number => match number.parse::<f64>() {
            Ok(value) => Ok(Some(Nodata::Number(value))),
            Err(_) => fail(format!(
                "--nodata {text}: '{number}' is not a number; give one value, or one per band \
                 with commas, or 'none'"
            )),
        },
    };
    text.split(',').map(parse).collect::<Result<_>>().map(OneOrMany::Many)
}

/// Numbers from text such as `0.1,0.1,0.2`.
///
/// # Errors
/// `InvalidArgument` when one is not a number.
pub fn parse_numbers(option: &str, text: &str) -> Result<OneOrMany<f64>> {
    let number = |text: &str| match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => fail(format!("{option} {text}: '{}' is not a number", text.trim())),
    };
    text.split(',').map(number).collect::<Result<_>>().map(OneOrMany::Many)
}

fn fail<T>(message: String) -> Result<T> {
    Err(Error::InvalidArgument(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_numbers_from_one_or_names() {
        let name = |name: &str| BandRef::Name(name.into());
        assert_eq!(parse_bands("4, 3,2").unwrap(), [4, 3, 2].map(BandRef::Number));
        assert_eq!(
            parse_bands("B04, red,2").unwrap(),
            [name("B04"), name("red"), BandRef::Number(2)]
        );
        for bad in ["0", "", "4,,2", "-1", "1.5", "B04,"] {
            assert!(parse_bands(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn nodata_is_numbers_or_none() {
        let values = parse_nodata("0,none,-9999.5").unwrap().values();
        assert_eq!(values, [Some(Nodata::Number(0.0)), None, Some(Nodata::Number(-9999.5))]);
        assert!(parse_nodata("nan").is_ok());
        assert!(parse_nodata("zero").is_err());
    }
}
