//! The page about a result, as several jobs write it.

use std::path::Path;

use super::face::Face;
use super::georeference::georeference_text;
use super::options::RunOptions;
use crate::assess::{Drift, Warning};
use crate::error::Result;
use crate::gdal::{ClassCounts, Scene, Staged};
use crate::model::Model;
use crate::progress::Run;
use crate::report::{report_page_until, suggested_merges, Picture, Report};

/// What a page shows of a job.
pub(super) struct PageFacts<'a> {
    pub scenes: &'a [Scene],
    /// The model, and its file if it has one.
    pub model: &'a Model,
    pub model_file: Option<&'a Path>,
    /// The pixels and means of each label, from 0 (not valid).
    pub class_counts: &'a ClassCounts,
    pub pictures: &'a [Picture],
    /// What excluded pixels besides their values.
    pub masked_by: Option<String>,
    /// What may make the result wrong.
    pub warnings: &'a [Warning],
    /// How far the scene is from the training pixels, if that is known.
    pub drift: Option<&'a Drift>,
    /// Whether the model was fitted before, on other scenes.
    pub predicted: bool,
}

/// The page beside its final name, if one is wanted.
pub(super) fn write(
    path: Option<&Path>,
    told: &PageFacts,
    options: &RunOptions,
    face: &dyn Face,
    run: &mut Run,
) -> Result<Option<Staged>> {
    let Some(path) = path else { return Ok(None) };
    let names: Vec<&str> = told.scenes.iter().map(Scene::name).collect();
    let title = names.join(", ");
    let file = told.model_file.map(|file| file.display().to_string());
    let areas = told.class_counts.areas.iter().skip(1).take(told.model.n_classes());
    let hectares: Option<Vec<f64>> = areas.copied().collect();
    let georeference = georeference_text(told.scenes, told.class_counts)?;
    let sentence = |warning: &Warning| {
        let text = warning.finding.sentence(face.advice(&warning.finding).as_deref());
        warning.scene.as_ref().map_or(text.clone(), |scene| format!("{scene}: {text}"))
    };
    let warnings: Vec<String> = told.warnings.iter().map(sentence).collect();
    let mut run = run.stage(1.0, 1.0);
    let merges = run.with_stop("drawing", |stop| suggested_merges(told.model, stop))?;
    let merge_command = face.merge_command(&merges, told.model_file).filter(|_| !merges.is_empty());
    let report = Report {
        title: &title,
        counts: Some(&told.class_counts.counts),
        georeference: Some(&georeference),
        pictures: told.pictures,
        hectares: hectares.as_deref(),
        warnings: &warnings,
        drift: told.drift,
        command: options.note.as_deref(),
        merge_command: merge_command.as_deref(),
        model_file: file.as_deref(),
        mask: told.masked_by.as_deref(),
        nodata: Some(told.scenes[0].nodata()),
        predicted: told.predicted,
    };
    let page = run.with_stop("drawing", |stop| report_page_until(told.model, &report, stop))?;
    Staged::with_bytes(path, page.as_bytes()).map(Some)
}
