//! The bands of a Sentinel-2 product as one virtual raster.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::options::required;
use super::options::RunOptions;
use super::record::Record;
use super::virtual_raster::{check_name, write, Stacked};
use crate::error::{invalid_data, Result};
use crate::gdal::{is_product, BandRef, VirtualRaster};
use crate::progress::Run;

/// Make one virtual raster of the bands of a Sentinel-2 product. Bands keep their names, scales and
/// offsets.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("required" = ["input", "output"]))]
pub struct OpenProduct {
    /// The product: a .SAFE folder, a zip of one, or its metadata file.
    pub input: PathBuf,
    /// Bands by name, in this order. Default: the bands of 10 m.
    pub bands: Vec<BandRef>,
    /// Size of a pixel to resample all bands to, in metres. Default: that of the finest band used.
    pub resolution: Option<f64>,
    /// Whether its mask leaves out clouds, their shadows, cirrus, saturated pixels and pixels
    /// without data, by the SCL band.
    pub mask_scl: bool,
    /// The virtual raster to write, .vrt. It reads the product's own files.
    pub output: PathBuf,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub run: RunOptions,
}

impl OpenProduct {
    /// Checks what can be checked before anything is read.
    pub(super) fn check(&self) -> Result<()> {
        required("input", !self.input.as_os_str().is_empty())?;
        required("output", !self.output.as_os_str().is_empty())?;
        check_name(std::slice::from_ref(&self.input), &self.output, &self.run)?;
        if !is_product(&self.input)? {
            return invalid_data(format!(
                "{} is not a Sentinel-2 product: give a .SAFE folder, a zip of one, or the file \
                 MTD_MSIL1C.xml or MTD_MSIL2A.xml in it",
                self.input.display()
            ));
        }
        Ok(())
    }

    pub(super) fn run(&self, run: &mut Run) -> Result<Stacked> {
        let record = Record::new("open_product");
        self.check()?;
        let inputs = [self.input.clone()];
        let raster = VirtualRaster::of(&inputs, &self.bands, self.resolution, self.mask_scl)?;
        write(record, &inputs, raster, &self.output, (&self.run, run))
    }
}
