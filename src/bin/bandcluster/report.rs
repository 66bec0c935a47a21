//! `--report`: the page about a result, as several commands write it.

use std::path::{Path, PathBuf};

use bandcluster::assess::Drift;
use bandcluster::gdal::{Scene, Staged, Tally};
use bandcluster::model::Model;
use bandcluster::report::{command_line, report_page, Picture, Report};
use bandcluster::Result;
use clap::Args;

use super::place::place;

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
    /// What there is of each label, from 0 (not valid).
    pub tally: &'a Tally,
    pub pictures: &'a [Picture],
    /// What left pixels out besides their values.
    pub masked_by: Option<String>,
    /// What the reader should be wary of.
    pub warnings: &'a [String],
    /// How far the scene is from what the model was fitted on, as far as that is known.
    pub drift: Option<&'a Drift>,
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
        let areas = told.tally.areas.iter().skip(1).take(told.model.n_classes());
        let hectares: Option<Vec<f64>> = areas.copied().collect();
        let place = place(told.scenes, told.tally)?;
        let report = Report {
            title: &title,
            counts: Some(&told.tally.counts),
            place: Some(&place),
            pictures: told.pictures,
            hectares: hectares.as_deref(),
            warnings: told.warnings,
            drift: told.drift,
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
