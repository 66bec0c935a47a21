//! `bandcluster predict`: give the classes of a model to other images.

use std::path::PathBuf;

use bandcluster::jobs::{self, OneOrMany, Request};
use bandcluster::Result;
use clap::{Args, CommandFactory};

use super::args::{FormatArgs, MapArgs, ReportArgs, WritingArgs};
use super::file_lists::{scene, scenes};
use super::scene_args::{parse_numbers, SceneArgs};
use super::usage::wrong;

/// Give the classes of a model to other images
#[derive(Args)]
#[command(override_usage = "bandcluster predict --model <MODEL.json> <INPUT> <OUTPUT> \
                            [OPTIONS]\n       bandcluster predict --model <MODEL.json> \
                            --labels-dir <FOLDER> <INPUT>...")]
pub struct Predict {
    /// Image with the model's bands
    ///
    /// In any format that GDAL reads. Several single-band files with commas between them are one
    /// image: B04.tif,B03.tif,B02.tif (\, for a comma in a name), or as @LIST.txt with a name on
    /// each line. Or a Sentinel-2 product (.SAFE, zip). With --labels-dir you can give any number
    /// of images.
    input: PathBuf,
    /// Map of classes to write: a GeoTIFF
    ///
    /// 0 is nodata. Not used with --labels-dir.
    output: Option<PathBuf>,
    /// More images, with --labels-dir; without --model the first file is the model.
    #[arg(hide = true)]
    more: Vec<PathBuf>,
    /// Model that cluster or fit wrote
    #[arg(long, value_name = "MODEL.json")]
    model: Option<PathBuf>,
    /// Folder for the maps of several images
    ///
    /// Maps are named after their images: FOLDER/scene.tif for in/scene.jp2. All images are checked
    /// before the first is labelled. If one fails, no map is written.
    #[arg(long, value_name = "FOLDER", help_heading = "Outputs")]
    labels_dir: Option<PathBuf>,
    #[command(flatten)]
    scene: SceneArgs,
    /// Multiply the image's values by this
    ///
    /// One factor for all bands, or one per band with commas [default: from the scale and offset of
    /// the image and of the model, if both have them].
    #[arg(
        long,
        alias = "scale",
        value_name = "FACTOR",
        allow_hyphen_values = true,
        help_heading = "Pixels to use"
    )]
    multiply: Option<String>,
    /// Add this to the image's values afterwards
    ///
    /// Such as -1000 for Sentinel-2 products of processing baseline 04.00, if the model was fitted
    /// on older ones. One number for all bands, or one per band with commas.
    #[arg(
        long,
        alias = "offset",
        value_name = "NUMBER",
        allow_hyphen_values = true,
        help_heading = "Pixels to use"
    )]
    add: Option<String>,
    #[command(flatten)]
    map: MapArgs,
    #[command(flatten)]
    format: FormatArgs,
    #[command(flatten)]
    report: ReportArgs,
    #[command(flatten)]
    pub writing: WritingArgs,
}

/// Which files are read and written.
struct Files {
    model: PathBuf,
    inputs: Vec<PathBuf>,
    output: PathBuf,
}

impl Predict {
    /// The job's request. Ends the program if files are missing or too many.
    pub fn request<C: CommandFactory>(&self) -> Result<Request> {
        let numbers = |option, text: &Option<String>| {
            text.as_deref().map(|text| parse_numbers(option, text)).transpose()
        };
        let Files { model, inputs, output } =
            self.files().unwrap_or_else(|message| wrong::<C>("predict", message));
        let (input, inputs) = match (&self.labels_dir, &inputs[..]) {
            (None, [input]) => (scene(input)?, Vec::new()),
            _ => (OneOrMany::default(), scenes(&inputs)?),
        };
        Ok(Request::Predict(jobs::Predict {
            model,
            input,
            inputs,
            output,
            labels_dir: self.labels_dir.clone(),
            multiply: numbers("--multiply", &self.multiply)?,
            add: numbers("--add", &self.add)?,
            colors: self.map.colors(),
            reading: self.scene.reading()?,
            map: self.map.options(&self.report),
            radius: self.map.radius.options(),
            format: self.format.options(),
            run: self.writing.options(),
        }))
    }

    /// The files by their roles; else what is wrong with them.
    fn files(&self) -> std::result::Result<Files, &'static str> {
        let mut files: Vec<PathBuf> =
            [&self.input].into_iter().chain(&self.output).chain(&self.more).cloned().collect();
        let model = match &self.model {
            Some(model) => model.clone(),
            // Commands written before --model existed give it first.
            None if self.labels_dir.is_none() && files.len() == 3 => files.remove(0),
            None => return Err("the model is missing: give --model MODEL.json"),
        };
        if self.labels_dir.is_some() {
            return Ok(Files { model, inputs: files, output: PathBuf::new() });
        }
        match <[PathBuf; 2]>::try_from(files) {
            Ok([input, output]) => Ok(Files { model, inputs: vec![input], output }),
            Err(files) if files.len() == 1 => {
                Err("the map to write is missing: give INPUT and OUTPUT, or --labels-dir FOLDER")
            }
            Err(_) => Err("there are more files than INPUT and OUTPUT: for several images give \
                           --labels-dir FOLDER"),
        }
    }
}
