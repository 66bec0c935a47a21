//! `bandcluster fit`: find classes in one image or several, and save them.

use std::path::PathBuf;

use bandcluster::gdal::{configure, Staged, Tally};
use bandcluster::progress::Run;
use bandcluster::raster::LabelType;
use bandcluster::Result;
use clap::Args;

use super::args::{check_colors, parse_colors, FitArgs, RunArgs};
use super::console::Console;
use super::labels_dir::{self, LabelsDir};
use super::like::LikeArgs;
use super::maps::{self, Labelled};
use super::outcome::{model_counts, Outcome};
use super::outputs::Names;
use super::plan::{cache_bytes, Plan};
use super::reach::ReachArgs;
use super::report::{ReportArgs, Told};
use super::scene_args::SceneArgs;

/// Find classes in one image or several, and write the model
#[derive(Args)]
pub struct Fit {
    /// Images with the same bands; each in any format that GDAL reads, or files of one band with commas between them, or a
    /// Sentinel-2 product (.SAFE, zip)
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Model to write
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
    reach: ReachArgs,
    #[command(flatten)]
    labels: LabelsDir,
    #[command(flatten)]
    report: ReportArgs,
    #[command(flatten)]
    run: RunArgs,
}

impl Fit {
    /// Runs the command.
    pub fn run(&self) -> Result<()> {
        let mut outcome = Outcome::new("fit");
        let (algorithm, memory) = (self.fit.algorithm()?, self.run.memory()?);
        let colors = parse_colors(self.colors.as_deref())?;
        check_colors(colors.as_ref(), algorithm.n_clusters())?;
        configure(cache_bytes(memory))?;
        let names = self.labels.names(&self.inputs)?;
        self.check_names(&names)?;
        let scenes = self.scene.open_all(&self.inputs)?;
        let like = self.like.load(&scenes)?;
        let console = Console::new(self.run.quiet)?;
        let mut callback = |fraction: f64, message: &str| console.tell(fraction, message);
        let mut run = Run::new(self.run.threads()?, &mut callback);
        // One more, for pixels that are unclassified.
        let label_type = LabelType::for_classes(algorithm.most_classes() + 1);
        let map_bytes = if names.is_empty() { 0 } else { labels_dir::most_bytes(&scenes, label_type) };
        let more_bytes = map_bytes + algorithm.most_bytes(scenes[0].n_bands());
        let plan = Plan::new(&scenes, memory, run.threads(), more_bytes)?;
        outcome.plan(plan, &self.run);
        let is_told = self.report.path().is_some();
        let (model, Labelled { mut files, tally, pictures }) = if names.is_empty() {
            // A fit alone makes no labels, so pictures of its classes take a pass of their own.
            let fitted = if is_told { 0.8 } else { 1.0 };
            let parts = (&like, &self.reach);
            let (mut model, n_invalid) =
                maps::fit_model(&scenes, &algorithm, parts, plan, &mut run.stage(0.0, fitted), &mut outcome)?;
            maps::paint(&mut model, colors.as_ref())?;
            let tally = Tally::without_areas(model_counts(&model, n_invalid));
            let mut pictures = Vec::new();
            if is_told {
                pictures = maps::look(&scenes, &model, &mut run.stage(fitted, 1.0))?;
                outcome.phase("report", 0);
            }
            (model, Labelled { files: Vec::new(), tally, pictures })
        } else {
            let wanted = labels_dir::wanted(&names, &self.reach, is_told);
            let fitted = maps::fit_and_label(
                &scenes,
                &algorithm,
                (&like, colors.as_ref()),
                &wanted,
                plan,
                &mut run,
                &mut outcome,
            );
            let (model, labelled) = fitted?;
            outcome.note("labels", labels_dir::report(&scenes, &names, &labelled));
            (model, maps::together(labelled))
        };
        files.push(Staged::with_bytes(&self.model, model.to_json().as_bytes())?);
        files.extend(self.report.write(&Told {
            scenes: &scenes,
            model: &model,
            model_file: Some(&self.model),
            tally: &tally,
            pictures: &pictures,
            masked_by: self.scene.masked_by(),
            warnings: &[],
            drift: None,
            predicted: false,
        })?);
        console.finish()?;
        Staged::commit(files)?;
        outcome.note("note", self.fit.note());
        outcome.note_path("model", Some(&self.model));
        outcome.note_path("report", self.report.path());
        outcome.print(&scenes, &model, &tally, &self.run)
    }

    /// Checks the names of the model and of the maps, which differ from each other already.
    fn check_names(&self, maps: &[PathBuf]) -> Result<()> {
        let names = |labels| Names {
            inputs: (self.inputs.iter().chain(self.like.path()).map(PathBuf::as_path))
                .chain(self.scene.others())
                .collect(),
            labels,
            model: Some(&self.model),
            report: self.report.path(),
            ..Names::default()
        };
        match maps {
            [] => names(None).check(),
            maps => maps.iter().try_for_each(|map| names(Some(map.as_path())).check()),
        }
    }
}
