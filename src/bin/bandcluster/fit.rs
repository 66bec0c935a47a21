//! `bandcluster fit`: find classes in one image or several, and save them.

use std::path::PathBuf;

use bandcluster::jobs::{self, OneOrMany, Request};
use bandcluster::Result;
use clap::Args;

use super::args::{model_output, FitArgs, FormatArgs, LikeArgs, RadiusArgs, ReportArgs, RunArgs};
use super::scene_args::{scene, SceneArgs};

/// Find classes in one image or several, and write the model
#[derive(Args)]
pub struct Fit {
    /// Images with the same bands; each in any format that GDAL reads, or files of one band with commas between them, or a
    /// Sentinel-2 product (.SAFE, zip)
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Model to write; `-`: to the standard output, and what is told to standard error
    #[arg(long, value_name = "MODEL.json")]
    model: PathBuf,
    #[command(flatten)]
    fit: FitArgs,
    #[command(flatten)]
    scene: SceneArgs,
    #[command(flatten)]
    like: LikeArgs,
    /// Colours of the classes from 1 to k, by name or as #rrggbb; or palette:NAME, as of `cluster` [default: as in the scene]
    #[arg(long, value_name = "COLOR,...|palette:NAME")]
    colors: Option<String>,
    #[command(flatten)]
    radius: RadiusArgs,
    /// Folder for a map of classes of each input, named after it: FOLDER/scene.tif for in/scene.jp2. Their classes are the same, so they
    /// make one mosaic
    #[arg(long, value_name = "FOLDER")]
    labels_dir: Option<PathBuf>,
    #[command(flatten)]
    format: FormatArgs,
    #[command(flatten)]
    report: ReportArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

impl Fit {
    /// What is asked for.
    pub fn request(&self) -> Result<Request> {
        Ok(Request::Fit(jobs::Fit {
            inputs: self.inputs.iter().map(|input| scene(input)).collect::<Result<_>>()?,
            model: model_output(&self.model),
            labels_dir: self.labels_dir.clone(),
            report: self.report.report.clone(),
            like: self.like.like.clone(),
            colors: self.colors.clone().map(OneOrMany::One),
            fit: self.fit.options()?,
            reading: self.scene.reading()?,
            radius: self.radius.options(),
            format: self.format.options(),
            run: self.run.options(),
        }))
    }
}
