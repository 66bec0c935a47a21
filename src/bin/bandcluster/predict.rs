//! `bandcluster predict`: give the classes of a model to another image.

use std::path::PathBuf;

use bandcluster::gdal::{configure, LabelWriter, Scene, Staged};
use bandcluster::model::Model;
use bandcluster::progress::Run;
use bandcluster::raster::LabelType;
use bandcluster::{Error, Result};
use clap::Args;

use super::after::AfterArgs;
use super::args::{MapArgs, RunArgs};
use super::console::Console;
use super::correction::CorrectionArgs;
use super::maps::{self, Labelled, Wanted};
use super::outcome::Outcome;
use super::outputs::Names;
use super::passes::sample_bytes;
use super::plan::{cache_bytes, Plan};
use super::reach::ConfidenceArgs;
use super::report::{ReportArgs, Told};
use super::scene_args::SceneArgs;
use super::trust;

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
    #[command(flatten)]
    correction: CorrectionArgs,
    #[command(flatten)]
    map: MapArgs,
    #[command(flatten)]
    after: AfterArgs,
    #[command(flatten)]
    confidence: ConfidenceArgs,
    #[command(flatten)]
    report: ReportArgs,
    #[command(flatten)]
    run: RunArgs,
}

impl Predict {
    /// Runs the command.
    pub fn run(&self) -> Result<()> {
        let mut outcome = Outcome::new("predict");
        configure(cache_bytes(self.run.memory()?))?;
        self.names().check()?;
        let mut model = Model::load(&self.model)?;
        let (colors, after) = (self.map.colors()?, self.after.options()?);
        maps::paint(&mut model, colors.as_ref())?;
        self.confidence.reach.apply(&mut model)?;
        let (scene, corrections) = self.correction.apply(self.scene_of(&model)?, &model)?;
        let scenes = [scene];
        let console = Console::new(self.run.quiet)?;
        let mut callback = |fraction: f64, message: &str| console.tell(fraction, message);
        let mut run = Run::new(self.run.threads()?, &mut callback);
        let label_type = LabelType::for_classes(model.n_labels());
        let is_sure = self.confidence.confidence.is_some();
        let map_bytes = LabelWriter::most_bytes(scenes[0].width(), label_type, is_sure);
        let memory = self.run.memory()?;
        outcome.plan(
            Plan::for_labels(&scenes[0], memory, run.threads(), map_bytes, sample_bytes(&scenes[0])),
            &self.run,
        );
        let wanted = Wanted {
            labels: &self.output,
            confidence: self.confidence.confidence.as_deref(),
            picture: self.map.quicklook.as_deref(),
            reach: &self.confidence.reach,
            report: self.report.path().is_some(),
            after,
            fitted_on: false,
        };
        let (Labelled { mut files, tally, pictures }, sample) =
            maps::label(&scenes[0], &model, &wanted, &mut run, &mut outcome)?;
        let drift = trust::note(&model, &sample, corrections.as_deref(), &mut outcome)?;
        files.extend(self.report.write(&Told {
            scenes: &scenes,
            model: &model,
            model_file: Some(&self.model),
            tally: &tally,
            pictures: &pictures,
            masked_by: self.scene.masked_by(),
            warnings: &trust::messages(outcome.noted("warnings")),
            drift: drift.as_ref(),
            predicted: true,
        })?);
        console.finish()?;
        Staged::commit(files)?;
        outcome.note("model", self.model.display().to_string());
        outcome.note_path("output", Some(&self.output));
        outcome.note_path("confidence", wanted.confidence);
        outcome.note_path("quicklook", wanted.picture);
        outcome.note_path("report", self.report.path());
        outcome.note_path("polygons", wanted.after.polygons);
        outcome.print(&scenes, &model, &tally, &self.run)
    }

    /// The scene with the bands that the model wants: those chosen; else those with the model's names; else all.
    fn scene_of(&self, model: &Model) -> Result<Scene> {
        let names: Vec<_> = model.bands.iter().map(|band| band.name.as_str()).collect();
        let scene = self.scene.open_named(&self.input, &names)?;
        check_bands(model, &scene)?;
        Ok(scene)
    }

    fn names(&self) -> Names<'_> {
        let inputs = [&self.model, &self.input].into_iter().map(PathBuf::as_path);
        Names {
            inputs: inputs.chain(self.scene.others()).collect(),
            labels: Some(&self.output),
            model: None,
            confidence: self.confidence.confidence.as_deref(),
            picture: self.map.quicklook.as_deref(),
            report: self.report.path(),
            polygons: self.after.polygons(),
        }
    }
}

fn check_bands(model: &Model, scene: &Scene) -> Result<()> {
    if model.n_bands() == scene.n_bands() {
        return Ok(());
    }
    let wanted: Vec<_> = model.bands.iter().map(|band| band.name.as_str()).collect();
    let found: Vec<_> = scene.bands().iter().map(|band| band.name.as_str()).collect();
    Err(Error::InvalidArgument(format!(
        "{} has {} bands ({}), the model was fitted on {} ({}): choose those with --bands, in that order",
        scene.name(),
        found.len(),
        found.join(", "),
        wanted.len(),
        wanted.join(", ")
    )))
}
