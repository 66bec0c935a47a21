//! `--report`: the page about a result, as several commands write it.

use std::path::{Path, PathBuf};

use bandcluster::gdal::{Scene, Staged};
use bandcluster::model::Model;
use bandcluster::report::{command_line, report_page, Picture, Report};
use bandcluster::Result;
use clap::Args;

/// A page to write.
#[derive(Args)]
pub struct ReportArgs {
    /// Page to write about the classes: the map, their signatures, which are near each other, how to find them again
    #[arg(long, value_name = "REPORT.html")]
    pub report: Option<PathBuf>,
}

/// What a report tells of a run of a command.
pub struct Told<'a> {
    pub scenes: &'a [Scene],
    /// The model, and its file if it has one.
    pub model: &'a Model,
    pub model_file: Option<&'a Path>,
    /// Pixels of each label, from 0 (not valid).
    pub counts: &'a [u64],
    pub pictures: &'a [Picture],
    /// What left pixels out besides their values.
    pub masked_by: Option<String>,
    /// Area of each class in hectares, if known.
    pub hectares: Option<&'a [f64]>,
    /// What the reader should be wary of.
    pub warnings: &'a [String],
    /// Whether the model was fitted before, on other scenes.
    pub predicted: bool,
}

impl ReportArgs {
    /// Its name, if a page is wanted.
    pub fn path(&self) -> Option<&Path> {
        self.report.as_deref()
    }

    /// The page beside its name, if one is wanted.
    pub fn write(&self, told: &Told) -> Result<Option<Staged>> {
        let Some(path) = self.path() else {
            return Ok(None);
        };
        let names: Vec<&str> = told.scenes.iter().map(Scene::name).collect();
        let (title, command) = (names.join(", "), this_command());
        let file = told.model_file.map(|file| file.display().to_string());
        let report = Report {
            title: &title,
            counts: Some(told.counts),
            pictures: told.pictures,
            hectares: told.hectares,
            warnings: told.warnings,
            command: Some(&command),
            model_file: file.as_deref(),
            mask: told.masked_by.as_deref(),
            nodata: Some(told.scenes[0].nodata()),
            predicted: told.predicted,
        };
        Staged::with_bytes(path, report_page(told.model, &report).as_bytes()).map(Some)
    }
}

/// The command that runs, as a shell would read it.
fn this_command() -> String {
    let words: Vec<String> =
        std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    command_line(std::iter::once("bandcluster").chain(words.iter().map(String::as_str)))
}
