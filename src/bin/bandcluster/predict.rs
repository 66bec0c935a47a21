//! `bandcluster predict`: give the classes of a model to another image.

use std::path::PathBuf;

use bandcluster::jobs::{self, Request};
use bandcluster::Result;
use clap::Args;

use super::args::{FormatArgs, MapArgs, ReportArgs, RunArgs};
use super::scene_args::{parse_numbers, scene, SceneArgs};

/// Give the classes of a model to another image
#[derive(Args)]
pub struct Predict {
    /// Model that `cluster` or `fit` wrote
    model: PathBuf,
    /// Image with the model's bands, in any format that GDAL reads; or several of one band each, with commas; or a Sentinel-2
    /// product (.SAFE, zip)
    input: PathBuf,
    /// Map of classes to write: a GeoTIFF; 0 is nodata
    output: PathBuf,
    #[command(flatten)]
    scene: SceneArgs,
    /// What to multiply the scene's samples with before they meet the model, for all bands or one per band [default: as the model's and the
    /// scene's own scale and offset say, where both have them]
    #[arg(long, value_name = "FACTOR,...", allow_hyphen_values = true)]
    scale: Option<String>,
    /// What to add to them after that, such as -1000 for Sentinel-2 products of processing baseline 04.00 and a model of older ones
    #[arg(long, value_name = "NUMBER,...", allow_hyphen_values = true)]
    offset: Option<String>,
    #[command(flatten)]
    map: MapArgs,
    #[command(flatten)]
    format: FormatArgs,
    #[command(flatten)]
    report: ReportArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

impl Predict {
    /// What is asked for.
    pub fn request(&self) -> Result<Request> {
        let numbers = |option, text: &Option<String>| {
            text.as_deref().map(|text| parse_numbers(option, text)).transpose()
        };
        Ok(Request::Predict(jobs::Predict {
            model: self.model.clone(),
            input: scene(&self.input)?,
            output: self.output.clone(),
            multiply: numbers("--scale", &self.scale)?,
            add: numbers("--offset", &self.offset)?,
            colors: self.map.colors(),
            reading: self.scene.reading()?,
            map: self.map.options(&self.report),
            radius: self.map.radius.options(),
            format: self.format.options(),
            run: self.run.options(),
        }))
    }
}
