//! Fitting and labelling, as several commands do them.

use std::path::Path;
use std::sync::Mutex;

use bandcluster::cluster::Algorithm;
use bandcluster::gdal::{describe_classes, write_polygons, LabelWriter, Scene, Staged, Tally};
use bandcluster::model::{default_rgb, Colors, Model};
use bandcluster::progress::Run;
use bandcluster::report::{encode, quicklook, Thumbnail};
use bandcluster::{Error, Result};

use super::after::After;
use super::outcome::{model_counts, Outcome};
use super::passes::{Map, Pixels};
use super::plan::Plan;

/// Fits a model on the summary of all pixels of the scenes, and tells it what the first scene says of its bands. Returns also the
/// number of pixels that are not valid.
fn fit_on_cells(
    pixels: &Pixels,
    algorithm: &Algorithm,
    memory: usize,
    run: &mut Run,
    outcome: &mut Outcome,
) -> Result<(Model, u64)> {
    let scenes = pixels.scenes();
    let summary = pixels.summarise(memory, &mut run.stage(0.0, 0.75))?;
    outcome.phase("summary", n_bytes(scenes));
    let mut model =
        algorithm.fit(&summary, &mut run.stage(0.75, 1.0)).map_err(|error| about(scenes, error))?;
    outcome.phase("fit", 0);
    outcome.note("n_cells", summary.n_cells());
    describe_bands(&mut model, &scenes[0])?;
    Ok((model, summary.n_pixels() - summary.n_valid()))
}

/// Fits a model on all pixels of the scenes. Returns also the number of pixels that are not valid.
pub fn fit_model(
    scenes: &[Scene],
    algorithm: &Algorithm,
    plan: Plan,
    run: &mut Run,
    outcome: &mut Outcome,
) -> Result<(Model, u64)> {
    let pixels = Pixels::new(scenes, plan.kept);
    let (mut model, n_invalid) =
        fit_on_cells(&pixels, algorithm, plan.summary, &mut run.stage(0.0, 0.75), outcome)?;
    let mut passes = Passes::new(run.stage(0.75, 1.0));
    while !model.converged() {
        pixels.step(&model, None, &mut passes.next())?.apply(&mut model)?;
    }
    outcome.phase("refine", u64::from(passes.n) * n_bytes(scenes));
    outcome.note("n_passes", passes.n);
    Ok((model, n_invalid))
}

/// Fits a model on all pixels of a scene, and writes its map: the pass that finds that the centres rest has found the
/// labels, too.
pub fn fit_and_label(
    scene: &Scene,
    algorithm: &Algorithm,
    colors: Option<&Colors>,
    wanted: &Wanted,
    plan: Plan,
    run: &mut Run,
    outcome: &mut Outcome,
) -> Result<(Model, Labelled)> {
    let pixels = Pixels::new(std::slice::from_ref(scene), plan.kept);
    let (mut model, n_invalid) =
        fit_on_cells(&pixels, algorithm, plan.summary, &mut run.stage(0.0, 0.5), outcome)?;
    paint(&mut model, colors)?;
    let mut passes = Passes::new(run.stage(0.5, 1.0));
    while !model.converged() {
        let map = wanted.begin(scene, &model, passes.run.threads())?;
        let before = (model.centers().clone(), model.regions().cloned());
        pixels.step(&model, Some(&map), &mut passes.next())?.apply(&mut model)?;
        outcome.note("n_passes", passes.n);
        if model.converged() && (model.centers(), model.regions()) == (&before.0, before.1.as_ref()) {
            outcome.phase("predict", scene.n_bytes());
            outcome.add_phase("refine", 0.0);
            let labelled = wanted.finish(
                scene,
                map,
                &model,
                model_counts(&model, n_invalid),
                &mut passes.run,
                outcome,
            )?;
            return Ok((model, labelled));
        }
        outcome.phase("refine", u64::from(passes.n) * scene.n_bytes());
    }
    // The cells told all, or the last pass changed the order of the classes.
    outcome.note("n_passes", passes.n);
    outcome.add_phase("refine", 0.0);
    let labelled = label_pixels(&pixels, &model, wanted, &mut passes.next(), outcome)?;
    Ok((model, labelled))
}

/// The part of a run that each pass takes: nine tenths of what is left, for there are seldom more than one or two.
struct Passes<'r> {
    run: Run<'r>,
    n: u32,
}

impl<'r> Passes<'r> {
    fn new(run: Run<'r>) -> Passes<'r> {
        Passes { run, n: 0 }
    }

    fn next(&mut self) -> Run<'_> {
        let left = 0.1f64.powi(self.n as i32);
        self.n += 1;
        self.run.stage(1.0 - left, 1.0 - left / 10.0)
    }
}

/// The size of all samples of the scenes.
pub fn n_bytes(scenes: &[Scene]) -> u64 {
    scenes.iter().map(Scene::n_bytes).sum()
}

/// Puts the scenes' names before what is wrong with their pixels.
pub fn about(scenes: &[Scene], error: Error) -> Error {
    let names: Vec<_> = scenes.iter().map(Scene::name).collect();
    match error {
        Error::InvalidData(text) => Error::InvalidData(format!("{}: {text}", names.join(" "))),
        other => other,
    }
}

fn describe_bands(model: &mut Model, scene: &Scene) -> Result<()> {
    for (band, from) in model.bands.iter_mut().zip(scene.bands()) {
        (band.name, band.nodata) = (from.name.clone(), from.nodata);
        (band.scale, band.offset) = (from.scale, from.offset);
    }
    scene.rgb().map_or(Ok(()), |rgb| model.natural_colors(rgb))
}

/// Gives the classes the colours that the user asked for, if any.
///
/// # Errors
/// Those of [`Model::set_colors`].
pub fn paint(model: &mut Model, colors: Option<&Colors>) -> Result<()> {
    colors.map_or(Ok(()), |colors| model.set_colors(colors))
}

/// The files that are wanted of a scene.
pub struct Wanted<'a> {
    pub labels: &'a Path,
    pub picture: Option<&'a Path>,
    pub after: After<'a>,
}

/// Files beside their names, and what there is of each label.
pub struct Labelled {
    pub files: Vec<Staged>,
    pub tally: Tally,
}

impl Wanted<'_> {
    fn begin(&self, scene: &Scene, model: &Model, threads: usize) -> Result<Map> {
        let writer = LabelWriter::create(scene, self.labels, model, threads)?;
        let rgb = scene.rgb().unwrap_or_else(|| default_rgb(scene.n_bands()));
        let new = || Mutex::new(Thumbnail::new(scene.width(), scene.height(), rgb));
        Ok(Map { writer, thumbnail: self.picture.map(|_| new()) })
    }

    fn finish(
        &self,
        scene: &Scene,
        map: Map,
        model: &Model,
        counts: Vec<u64>,
        run: &mut Run,
        outcome: &mut Outcome,
    ) -> Result<Labelled> {
        let Map { writer, mut thumbnail } = map;
        let mut files = writer.finish(model)?;
        let mut known = Some(counts);
        if self.after.filters.any() {
            files = self.after.filters.apply(scene, model, files, &mut run.stage(0.5, 0.9))?;
            known = None;
            outcome.phase("filter", 0);
        }
        let tally = self.measure(&files, model, known, &mut thumbnail, run)?;
        let classes = tally.classes(model);
        let last = files.last().and_then(|file| std::fs::metadata(file.path()).ok());
        let polygons = match (self.after.polygons, files.last()) {
            (Some(path), Some(map)) => write_polygons(map, path, &classes, &mut run.stage(0.9, 1.0))?,
            _ => Vec::new(),
        };
        describe_classes(&mut files, &model.bands, &classes)?;
        files.extend(polygons);
        outcome.phase("write", last.map_or(0, |file| file.len()));
        if let (Some(path), Some(thumbnail)) = (self.picture, thumbnail) {
            let thumbnail = thumbnail.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
            let image = quicklook(&thumbnail, model, &tally.counts)?;
            files.push(Staged::with_bytes(path, &encode(&image, path)?)?);
            outcome.phase("quicklook", 0);
        }
        Ok(Labelled { files, tally })
    }

    /// How much there is of each class in a map, the last of `files`, whose `counts` are known unless it was filtered: then the small copy,
    /// if there is one, gets the labels that it has now.
    fn measure(
        &self,
        files: &[Staged],
        model: &Model,
        counts: Option<Vec<u64>>,
        thumbnail: &mut Option<Mutex<Thumbnail>>,
        run: &mut Run,
    ) -> Result<Tally> {
        let Some(map) = files.last() else { return Err(Error::Io("there is no map".into())) };
        let mut small = thumbnail.as_mut().and_then(|thumbnail| thumbnail.get_mut().ok());
        Tally::of(map, model.n_classes() + 1, counts, run, |row, labels| {
            if let Some(small) = &mut small {
                small.relabel(row, labels);
            }
        })
    }
}

/// Writes the labels of a scene, and its picture if one is wanted, beside their names.
pub fn label(
    scene: &Scene,
    model: &Model,
    wanted: &Wanted,
    run: &mut Run,
    outcome: &mut Outcome,
) -> Result<Labelled> {
    label_pixels(&Pixels::new(std::slice::from_ref(scene), 0), model, wanted, run, outcome)
}

fn label_pixels(
    pixels: &Pixels,
    model: &Model,
    wanted: &Wanted,
    run: &mut Run,
    outcome: &mut Outcome,
) -> Result<Labelled> {
    let scene = &pixels.scenes()[0];
    let map = wanted.begin(scene, model, run.threads())?;
    let counts = pixels.predict(model, &map, run)?;
    outcome.phase("predict", scene.n_bytes());
    wanted.finish(scene, map, model, counts, run, outcome)
}
