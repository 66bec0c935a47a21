//! `bandcluster cluster`: fit on an image and label it.

use std::path::{Path, PathBuf};

use bandcluster::gdal::{configure, Scene, Staged};
use bandcluster::progress::Run;
use bandcluster::raster::LabelType;
use bandcluster::Result;
use clap::Args;

use super::after::AfterArgs;
use super::args::{check_colors, FitArgs, MapArgs, RunArgs, SceneArgs};
use super::console::Console;
use super::maps::{self, Labelled, Wanted};
use super::outcome::Outcome;
use super::outputs::Names;
use super::plan::{cache_bytes, Plan};

/// Find classes in an image and write its map of classes
#[derive(Args)]
pub struct Cluster {
    /// Image, in any format that GDAL reads; or several of one band each: B04.tif,B03.tif,B02.tif
    input: PathBuf,
    /// Map of classes to write: a GeoTIFF; 0 is nodata, classes are 1 to K, largest first
    output: PathBuf,
    #[command(flatten)]
    fit: FitArgs,
    #[command(flatten)]
    scene: SceneArgs,
    #[command(flatten)]
    map: MapArgs,
    #[command(flatten)]
    after: AfterArgs,
    /// Model to write, for `predict`
    #[arg(long, value_name = "MODEL.json")]
    model: Option<PathBuf>,
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
        configure(cache_bytes(memory));
        self.names().check()?;
        let scenes = [Scene::open(&self.input, &self.scene.options()?)?];
        let console = Console::new(self.run.quiet)?;
        let mut callback = |fraction: f64, message: &str| console.tell(fraction, message);
        let mut run = Run::new(self.run.threads()?, &mut callback);
        let label_type = LabelType::for_classes(algorithm.most_classes());
        let plan = Plan::new(&scenes, memory, run.threads(), Some(label_type))?;
        outcome.plan(plan);
        let wanted = Wanted { labels: &self.output, picture: self.map.quicklook.as_deref(), after };
        let (model, Labelled { mut files, tally }) = maps::fit_and_label(
            &scenes[0],
            &algorithm,
            colors.as_ref(),
            &wanted,
            plan,
            &mut run,
            &mut outcome,
        )?;
        if let Some(path) = &self.model {
            files.push(Staged::with_bytes(path, model.to_json().as_bytes())?);
        }
        console.finish()?;
        Staged::commit(files)?;
        outcome.note_path("output", Some(&self.output));
        outcome.note("note", self.fit.note());
        outcome.note_path("model", self.model.as_deref());
        outcome.note_path("quicklook", wanted.picture);
        outcome.note_path("polygons", wanted.after.polygons);
        outcome.print(&scenes, &model, &tally, &self.run);
        Ok(())
    }

    fn names(&self) -> Names<'_> {
        let inputs: Vec<&Path> =
            std::iter::once(&self.input).chain(self.scene.mask()).map(PathBuf::as_path).collect();
        Names {
            inputs,
            labels: Some(&self.output),
            model: self.model.as_deref(),
            picture: self.map.quicklook.as_deref(),
            report: None,
            polygons: self.after.polygons(),
        }
    }
}
