//! `bandcluster fit`: find classes in one image or several, and save them.

use std::path::PathBuf;

use bandcluster::jobs::{self, OneOrMany, Request};
use bandcluster::Result;
use clap::Args;

use super::args::{
    model_output, AlignmentArgs, FitArgs, FormatArgs, RadiusArgs, ReportArgs, WritingArgs,
};
use super::file_lists::scenes;
use super::scene_args::SceneArgs;

/// Find classes in one image or several, and write the model
#[derive(Args)]
pub struct Fit {
    /// Images with the same bands
    ///
    /// Each in any format that GDAL reads, or a Sentinel-2 product (.SAFE, zip). Several
    /// single-band files with commas between them are one image: B04.tif,B03.tif,B02.tif (\, for a
    /// comma in a name). @LIST.txt has an image on each line.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Model to write
    ///
    /// `-` is the standard output. Messages then go to standard error.
    #[arg(long, value_name = "MODEL.json")]
    model: PathBuf,
    #[command(flatten)]
    fit: FitArgs,
    #[command(flatten)]
    scene: SceneArgs,
    #[command(flatten)]
    alignment: AlignmentArgs,
    /// Colours of the classes, or palette:NAME
    ///
    /// As for cluster: by name or as #rrggbb, with commas [default: as in the scene].
    #[arg(long, value_name = "COLORS", help_heading = "Outputs")]
    colors: Option<String>,
    #[command(flatten)]
    radius: RadiusArgs,
    /// Folder for a map of classes of each input
    ///
    /// Maps are named after their inputs: FOLDER/scene.tif for in/scene.jp2. Their classes are the
    /// same, so they make one mosaic.
    #[arg(long, value_name = "FOLDER", help_heading = "Outputs")]
    labels_dir: Option<PathBuf>,
    #[command(flatten)]
    format: FormatArgs,
    #[command(flatten)]
    report: ReportArgs,
    #[command(flatten)]
    pub writing: WritingArgs,
}

impl Fit {
    /// The job's request.
    pub fn request(&self) -> Result<Request> {
        Ok(Request::Fit(jobs::Fit {
            inputs: scenes(&self.inputs)?,
            model: model_output(&self.model),
            labels_dir: self.labels_dir.clone(),
            report: self.report.report.clone(),
            like: self.alignment.like.clone(),
            colors: self.colors.clone().map(OneOrMany::One),
            fit: self.fit.options()?,
            reading: self.scene.reading()?,
            radius: self.radius.options(),
            format: self.format.options(),
            run: self.writing.options(),
        }))
    }
}
