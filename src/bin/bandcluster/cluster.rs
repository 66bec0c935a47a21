//! `bandcluster cluster`: fit on an image and label it.

use std::path::PathBuf;

use bandcluster::gdal::{configure, LabelWriter, Staged};
use bandcluster::progress::Run;
use bandcluster::raster::LabelType;
use bandcluster::Result;
use clap::Args;

use super::after::AfterArgs;
use super::args::{check_colors, FitArgs, MapArgs, RunArgs};
use super::console::Console;
use super::like::LikeArgs;
use super::maps::{self, Labelled, Wanted};
use super::outcome::Outcome;
use super::outputs::Names;
use super::plan::{cache_bytes, Plan};
use super::reach::ConfidenceArgs;
use super::report::{ReportArgs, Told};
use super::scene_args::SceneArgs;

/// Find classes in an image and write its map of classes
#[derive(Args)]
pub struct Cluster {
    /// Image, in any format that GDAL reads; or several of one band each: B04.tif,B03.tif,B02.tif; or a Sentinel-2 product (.SAFE, zip)
    input: PathBuf,
    /// Map of classes to write: a GeoTIFF; 0 is nodata, classes are 1 to K, largest first
    output: PathBuf,
    #[command(flatten)]
    fit: FitArgs,
    #[command(flatten)]
    scene: SceneArgs,
    #[command(flatten)]
    like: LikeArgs,
    #[command(flatten)]
    map: MapArgs,
    #[command(flatten)]
    after: AfterArgs,
    #[command(flatten)]
    confidence: ConfidenceArgs,
    /// Model to write, for `predict`
    #[arg(long, value_name = "MODEL.json")]
    model: Option<PathBuf>,
    #[command(flatten)]
    report: ReportArgs,
    #[command(flatten)]
    run: RunArgs,
}

impl Cluster {
    /// Runs the command.
    pub fn run(&self) -> Result<()> {
        let mut outcome = Outcome::new("cluster");
        let (algorithm, memory) = (self.fit.algorithm()?, self.run.memory()?);
        let (colors, after) = (self.map.colors()?, self.after.options()?);
        check_colors(colors.as_ref(), algorithm.n_clusters())?;
        configure(cache_bytes(memory))?;
        self.names().check()?;
        let scenes = [self.scene.open(&self.input)?];
        let like = self.like.load(&scenes)?;
        let console = Console::new(self.run.quiet)?;
        let mut callback = |fraction: f64, message: &str| console.tell(fraction, message);
        let mut run = Run::new(self.run.threads()?, &mut callback);
        // One more, for pixels that are unclassified.
        let label_type = LabelType::for_classes(like.most_classes(algorithm.most_classes()) + 1);
        let map_bytes =
            LabelWriter::most_bytes(scenes[0].width(), label_type, self.confidence.confidence.is_some());
        let more_bytes = map_bytes + algorithm.most_bytes(scenes[0].n_bands());
        let plan = Plan::new(&scenes, memory, run.threads(), more_bytes)?;
        outcome.plan(plan, &self.run);
        let wanted = Wanted {
            labels: &self.output,
            confidence: self.confidence.confidence.as_deref(),
            picture: self.map.quicklook.as_deref(),
            reach: &self.confidence.reach,
            report: self.report.path().is_some(),
            after,
            fitted_on: true,
        };
        let (model, labelled) = maps::fit_and_label(
            &scenes,
            &algorithm,
            (&like, colors.as_ref()),
            std::slice::from_ref(&wanted),
            plan,
            &mut run,
            &mut outcome,
        )?;
        let Labelled { mut files, tally, pictures } = maps::together(labelled);
        if let Some(path) = &self.model {
            files.push(Staged::with_bytes(path, model.to_json().as_bytes())?);
        }
        files.extend(self.report.write(&Told {
            scenes: &scenes,
            model: &model,
            model_file: self.model.as_deref(),
            tally: &tally,
            pictures: &pictures,
            masked_by: self.scene.masked_by(),
            warnings: &[],
            drift: None,
            predicted: false,
        })?);
        console.finish()?;
        Staged::commit(files)?;
        outcome.note_path("output", Some(&self.output));
        outcome.note("note", self.fit.note());
        outcome.note_path("model", self.model.as_deref());
        outcome.note_path("confidence", wanted.confidence);
        outcome.note_path("quicklook", wanted.picture);
        outcome.note_path("report", self.report.path());
        outcome.note_path("polygons", wanted.after.polygons);
        outcome.print(&scenes, &model, &tally, &self.run)
    }

    fn names(&self) -> Names<'_> {
        Names {
            inputs: std::iter::once(self.input.as_path())
                .chain(self.scene.others())
                .chain(self.like.path().map(PathBuf::as_path))
                .collect(),
            labels: Some(&self.output),
            model: self.model.as_deref(),
            confidence: self.confidence.confidence.as_deref(),
            picture: self.map.quicklook.as_deref(),
            report: self.report.path(),
            polygons: self.after.polygons(),
        }
    }
}
