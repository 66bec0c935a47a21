//! The bands of several files as one virtual raster.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::options::required;
use super::options::RunOptions;
use super::record::Record;
use super::virtual_raster::{check_name, write, Stacked};
use crate::error::Result;
use crate::gdal::VirtualRaster;
use crate::progress::Run;

/// Make one virtual raster of the bands of several files, such as those of 10, 20 and 60 m of a
/// scene.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("required" = ["inputs", "output"]))]
pub struct Stack {
    /// The files. A band without a name is named after its file. From a product the bands of 10 m
    /// are taken.
    pub inputs: Vec<PathBuf>,
    /// Size of a pixel to resample all bands to, in units of the reference system. Default: that of
    /// the finest band.
    pub resolution: Option<f64>,
    /// Whether the file of the scene classification (SCL) becomes the mask instead of a band. It
    /// leaves out clouds, their shadows, cirrus, saturated pixels and pixels without data.
    pub mask_scl: bool,
    /// The virtual raster to write, .vrt. It reads the files themselves.
    pub output: PathBuf,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub run: RunOptions,
}

impl Stack {
    /// Checks what can be checked before anything is read.
    pub(super) fn check(&self) -> Result<()> {
        required("inputs", !self.inputs.is_empty())?;
        required("output", !self.output.as_os_str().is_empty())?;
        check_name(&self.inputs, &self.output, &self.run)
    }

    pub(super) fn run(&self, run: &mut Run) -> Result<Stacked> {
        let record = Record::new("stack");
        self.check()?;
        let raster = VirtualRaster::of(&self.inputs, &[], self.resolution, self.mask_scl)?;
        write(record, &self.inputs, raster, &self.output, (&self.run, run))
    }
}
