//! `bandcluster fit`: find classes in one image or several, and save them.

use std::path::{Path, PathBuf};

use bandcluster::gdal::{common_type, configure, Scene, SceneOptions, Staged, Tally};
use bandcluster::progress::Run;
use bandcluster::{Error, Result};
use clap::Args;

use super::args::{check_colors, parse_colors, FitArgs, RunArgs, SceneArgs};
use super::console::Console;
use super::maps;
use super::outcome::{model_counts, Outcome};
use super::outputs::Names;
use super::plan::{cache_bytes, Plan};

/// Find classes in one image or several, and write the model
#[derive(Args)]
pub struct Fit {
    /// Images with the same bands; each in any format that GDAL reads, or files of one band with commas between them
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Model to write
    #[arg(long, value_name = "MODEL.json")]
    model: PathBuf,
    #[command(flatten)]
    fit: FitArgs,
    #[command(flatten)]
    scene: SceneArgs,
    /// Colours of the classes from 1 to k, by name or as #rrggbb; or palette:NAME, as of `cluster` [default: as in the scene]
    #[arg(long, value_name = "COLOR,...|palette:NAME")]
    colors: Option<String>,
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
        configure(cache_bytes(memory));
        let inputs: Vec<&Path> = self.inputs.iter().chain(self.scene.mask()).map(PathBuf::as_path).collect();
        Names { inputs, model: Some(&self.model), ..Names::default() }.check()?;
        let scenes = open_all(&self.inputs, &self.scene.options()?)?;
        let console = Console::new(self.run.quiet)?;
        let mut callback = |fraction: f64, message: &str| console.tell(fraction, message);
        let mut run = Run::new(self.run.threads()?, &mut callback);
        let plan = Plan::new(&scenes, memory, run.threads(), None)?;
        outcome.plan(plan);
        let (mut model, n_invalid) = maps::fit_model(&scenes, &algorithm, plan, &mut run, &mut outcome)?;
        maps::paint(&mut model, colors.as_ref())?;
        let file = Staged::with_bytes(&self.model, model.to_json().as_bytes())?;
        console.finish()?;
        Staged::commit(vec![file])?;
        outcome.note("note", self.fit.note());
        outcome.note_path("model", Some(&self.model));
        outcome.print(&scenes, &model, &Tally::without_areas(model_counts(&model, n_invalid)), &self.run);
        Ok(())
    }
}

/// Opens scenes that are fitted together: with as many bands each, read as one type that holds them all.
fn open_all(inputs: &[PathBuf], options: &SceneOptions) -> Result<Vec<Scene>> {
    let scenes = inputs.iter().map(|input| Scene::open(input, options)).collect::<Result<Vec<_>>>()?;
    if let Some(other) = scenes.iter().find(|scene| scene.n_bands() != scenes[0].n_bands()) {
        return Err(Error::InvalidData(format!(
            "{} has {} bands, {} has {}: choose the same bands with --bands",
            scenes[0].name(),
            scenes[0].n_bands(),
            other.name(),
            other.n_bands()
        )));
    }
    let sample_type = common_type(&scenes);
    scenes.into_iter().map(|scene| scene.read_as(sample_type)).collect()
}
