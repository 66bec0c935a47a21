//! `bandcluster cluster`: fit on an image and label it.

use std::path::PathBuf;

use bandcluster::jobs::{self, Request};
use bandcluster::Result;
use clap::Args;

use super::args::{
    model_output, AlignmentArgs, FitArgs, FormatArgs, MapArgs, ReportArgs, WritingArgs,
};
use super::file_lists::scene;
use super::scene_args::SceneArgs;

/// Find classes in an image and write its map of classes
#[derive(Args)]
pub struct Cluster {
    /// Image to use
    ///
    /// In any format that GDAL reads. Several single-band files with commas between them are one
    /// image: B04.tif,B03.tif,B02.tif (\, for a comma in a name), or as @LIST.txt with a name on
    /// each line. Or a Sentinel-2 product (.SAFE, zip).
    input: PathBuf,
    /// Map of classes to write: a GeoTIFF
    ///
    /// 0 is nodata. Classes are 1 to K, the largest first.
    output: PathBuf,
    #[command(flatten)]
    fit: FitArgs,
    #[command(flatten)]
    scene: SceneArgs,
    #[command(flatten)]
    alignment: AlignmentArgs,
    #[command(flatten)]
    map: MapArgs,
    #[command(flatten)]
    format: FormatArgs,
    /// Model to write, for predict
    ///
    /// `-` is the standard output. Messages then go to standard error.
    #[arg(long, value_name = "MODEL.json", help_heading = "Outputs")]
    model: Option<PathBuf>,
    #[command(flatten)]
    report: ReportArgs,
    #[command(flatten)]
    pub writing: WritingArgs,
}

impl Cluster {
    /// The job's request.
    pub fn request(&self) -> Result<Request> {
        Ok(Request::Cluster(jobs::Cluster {
            input: scene(&self.input)?,
            output: self.output.clone(),
            model: self.model.as_deref().map(model_output),
            like: self.alignment.like.clone(),
            colors: self.map.colors(),
            fit: self.fit.options()?,
            reading: self.scene.reading()?,
            map: self.map.options(&self.report),
            radius: self.map.radius.options(),
            format: self.format.options(),
            run: self.writing.options(),
        }))
    }
}
