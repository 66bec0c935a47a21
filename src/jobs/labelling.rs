//! Fitting and labelling, as several commands do them.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::cluster::Algorithm;
use crate::error::{Error, Result};
use crate::gdal::{
    check_label_name, describe_classes, left_behind, renumbered, write_polygons, ClassCounts,
    LabelWriter, MapFormat, Scene, Staged,
};
use crate::model::{default_rgb, Colors, Model};
use crate::progress::Run;
use crate::report::{encode, quicklook, Picture, Thumbnail};
use crate::summary::Summary;

use super::alignment::{Alignment, Renumbered};
use super::correction::{reference, scales};
use super::filters::Postprocessing;
use super::memory::Plan;
use super::passes::{LabelCounts, Map, Pixels};
use super::radius::RadiusOptions;
use super::record::Record;
use super::scenes::plain;
use super::valid_pixels::{self, about, nothing_valid};

/// Fits a model on the summary of all pixels of the scenes, and stores in it what the scenes say
/// about its bands. Also returns the number of pixels that are not valid.
fn fit_on_cells(
    pixels: &Pixels,
    algorithm: &Algorithm,
    memory: usize,
    run: &mut Run,
    record: &mut Record,
) -> Result<(Model, u64)> {
    let scenes = pixels.scenes();
    let (summary, n_valid) = pixels.summarise(memory, &mut run.stage(0.0, 0.75))?;
    record.phase("summary", n_bytes(scenes));
    if summary.n_valid() == 0 {
        return Err(nothing_valid(scenes, run));
    }
    record.warnings.extend(valid_pixels::notes(scenes, &n_valid, &mut Run::silent(run.threads()))?);
    let mut model =
        algorithm.fit(&summary, &mut run.stage(0.75, 1.0)).map_err(|error| about(scenes, error))?;
    record.phase("fit", 0);
    record.fitted.n_cells = summary.n_cells();
    record.settled(&model, model.n_iter() < model.parameters.max_iter);
    describe_bands(&mut model, scenes)?;
    Ok((model, summary.n_pixels() - summary.n_valid()))
}

/// Fits a model on all pixels of the scenes. Also returns the number of pixels that are not valid.
pub(super) fn fit_model(
    scenes: &[Scene],
    algorithm: &Algorithm,
    (alignment, radius): (&Alignment, &RadiusOptions),
    plan: Plan,
    run: &mut Run,
    record: &mut Record,
) -> Result<(Model, u64)> {
    let pixels = Pixels::new(scenes, plan.cache);
    let (mut model, n_invalid) =
        fit_on_cells(&pixels, algorithm, plan.summary, &mut run.stage(0.0, 0.75), record)?;
    let mut passes = Passes::new(run.stage(0.75, 1.0));
    while !model.converged() {
        let refinement = pixels.step(&model, &mut passes.next())?;
        let shift = refinement.apply_with(&mut model, &mut passes.between())?;
        record.settled(&model, shift <= model.parameters.shift_tolerance);
    }
    record.phase("refine", u64::from(passes.n) * n_bytes(scenes));
    record.fitted.n_passes = passes.n;
    radius.apply(&mut model)?;
    Ok((record.aligned(alignment.apply(&model)?), n_invalid))
}

/// Fits a model on all pixels of the scenes, and writes the map of each. The last pass finds that
/// the centres no longer move, so its labels are final, except for their numbers if the order of
/// the classes changes.
pub(super) fn fit_and_label(
    scenes: &[Scene],
    algorithm: &Algorithm,
    (alignment, colors): (&Alignment, Option<&Colors>),
    wanted: &[WantedFiles],
    plan: Plan,
    run: &mut Run,
    record: &mut Record,
) -> Result<(Model, Vec<Labelled>)> {
    let pixels = Pixels::new(scenes, plan.cache);
    let labelled = labelling_share(wanted);
    let fitted = labelled / 2.0;
    let (mut model, _) =
        fit_on_cells(&pixels, algorithm, plan.summary, &mut run.stage(0.0, fitted), record)?;
    paint(&mut model, colors)?;
    wanted[0].radius.apply(&mut model)?;
    let mut passes = Passes::new(run.stage(fitted, labelled));
    while !model.converged() {
        // Which old classes they are like is nearly always known before the last pass.
        let Renumbered { model: shown, values, .. } = alignment.apply(&model)?;
        let mut maps = begin(wanted, scenes, &shown, passes.run.threads())?;
        maps.iter_mut().for_each(|map| map.values.clone_from(&values));
        let before = model.clone();
        let (refinement, counted) = pixels.step_and_label(&model, &maps, &mut passes.next())?;
        let shift = refinement.apply_with(&mut model, &mut passes.between())?;
        record.settled(&model, shift <= model.parameters.shift_tolerance);
        record.fitted.n_passes = passes.n;
        if let (true, Some(moved)) = (model.converged(), model.values_of(&before)) {
            let found = alignment.apply(&model)?;
            let becoming =
                becoming(values.as_deref(), &moved, found.values.as_deref(), model.n_labels());
            maps.iter_mut().for_each(|map| map.becoming.clone_from(&becoming));
            let model = record.aligned(found);
            record.phase("predict", n_bytes(scenes));
            record.add_phase("refine", 0.0);
            let maps = maps.into_iter().zip(counted).collect();
            let labelled =
                finish(wanted, maps, scenes, &model, &mut run.stage(labelled, 1.0), record)?;
            return Ok((model, labelled));
        }
        record.phase("refine", n_bytes(scenes));
    }
    // No pass has found the final labels, for instance because the cells were exact.
    let model = record.aligned(alignment.apply(&model)?);
    record.fitted.n_passes = passes.n;
    record.add_phase("refine", 0.0);
    let done = fitted + passes.done() * (labelled - fitted);
    let labelled = label_pixels(&pixels, &model, wanted, &mut run.stage(done, 1.0), record)?;
    Ok((model, labelled))
}

/// The new values of the values on a map when the labels of its model are `moved`; `None` if they
/// stay. `from` and `to` are the values of the labels before and after, if these differ from the
/// labels.
fn becoming(
    from: Option<&[u32]>,
    moved: &[u32],
    to: Option<&[u32]>,
    n_labels: usize,
) -> Option<Vec<u32>> {
    let of = |values: Option<&[u32]>, label: u32| {
        values.and_then(|values| values.get(label as usize - 1).copied()).unwrap_or(label)
    };
    let pairs =
        (1..=n_labels as u32).map(|label| (of(from, label), of(to, of(Some(moved), label))));
    let pairs: Vec<_> = pairs.collect();
    let mut values: Vec<u32> = (1..=pairs.iter().map(|(old, _)| *old).max()?).collect();
    pairs.iter().for_each(|(old, new)| values[*old as usize - 1] = *new);
    pairs.iter().any(|(old, new)| old != new).then_some(values)
}

/// The part of a run that each pass takes: nine tenths of what is left, since more than two passes
/// are rare.
struct Passes<'r> {
    run: Run<'r>,
    n: u32,
}

impl<'r> Passes<'r> {
    fn new(run: Run<'r>) -> Passes<'r> {
        Passes { run, n: 0 }
    }

    /// The part that the passes have taken so far.
    fn done(&self) -> f64 {
        1.0 - 0.1f64.powi(self.n as i32)
    }

    /// The run for work between two passes, which is no part of the progress.
    fn between(&mut self) -> Run<'_> {
        let done = self.done();
        self.run.stage(done, done)
    }

    fn next(&mut self) -> Run<'_> {
        let left = 0.1f64.powi(self.n as i32);
        self.n += 1;
        self.run.stage(1.0 - left, 1.0 - left / 10.0)
    }
}

/// Gives the files their names, after a last chance to cancel; `check` asks once more whether they
/// are free. Maps come last: if there is a new map, everything that goes with it exists too, even
/// if the process is killed meanwhile.
pub(super) fn commit(
    mut files: Vec<Staged>,
    run: &mut Run,
    check: impl FnOnce() -> Result<()>,
) -> Result<()> {
    run.tell(1.0, "writing")?;
    let mut stale: Vec<PathBuf> =
        files.iter().flat_map(|file| left_behind(file.target())).collect();
    files.sort_by_key(|file| check_label_name(file.target()).is_ok());
    stale.retain(|path| files.iter().all(|file| file.target() != path));
    Staged::commit(files, stale, check)
}

/// The size of all samples of the scenes.
pub(super) fn n_bytes(scenes: &[Scene]) -> u64 {
    scenes.iter().map(Scene::n_bytes).sum()
}

/// Stores in a model the names of its bands, and what the scenes say about them, in any order of
/// the scenes.
pub(super) fn describe_bands(model: &mut Model, scenes: &[Scene]) -> Result<()> {
    let scales = scales(reference(scenes));
    for (place, band) in model.bands.iter_mut().enumerate() {
        band.name.clone_from(&scenes[0].bands()[place].name);
        band.nodata = common_nodata(scenes, place);
        (band.scale, band.offset) = scales[place];
    }
    scenes.iter().find_map(Scene::rgb).map_or(Ok(()), |rgb| model.natural_colors(rgb))
}

/// The nodata value of a band in all scenes that have one; `None` if no scene has one, or two
/// differ.
fn common_nodata(scenes: &[Scene], band: usize) -> Option<f64> {
    let mut told = scenes.iter().filter_map(|scene| scene.nodata()[band]);
    let first = told.next()?;
    told.all(|other| other == first || other.is_nan() && first.is_nan()).then_some(first)
}

/// Gives the classes the colours that the user asked for, if any.
///
/// # Errors
/// Those of [`Model::set_colors`].
pub(super) fn paint(model: &mut Model, colors: Option<&Colors>) -> Result<()> {
    colors.map_or(Ok(()), |colors| model.set_colors(colors))
}

/// The outputs that are wanted for a scene.
pub(super) struct WantedFiles<'a> {
    pub labels: &'a Path,
    pub confidence: Option<&'a Path>,
    pub picture: Option<&'a Path>,
    /// How the file of the labels is written.
    pub format: MapFormat,
    /// Which pixels are unclassified.
    pub radius: &'a RadiusOptions,
    /// Whether a report will show it.
    pub report: bool,
    /// The filters of the map.
    pub postprocessing: Postprocessing<'a>,
    /// Whether the model was fitted on exactly these pixels: then its means are the map's.
    pub fitted_on: bool,
}

/// Files beside their final names, and the pixels and means of each label.
pub(super) struct Labelled {
    pub files: Vec<Staged>,
    pub class_counts: ClassCounts,
    /// The pictures for a report, if one is wanted.
    pub pictures: Vec<Picture>,
}

/// The files and pictures of all maps, and the pixels and means of each label in all of them.
pub(super) fn combined(labelled: Vec<Labelled>) -> Labelled {
    let (mut files, mut pictures, mut all): (_, _, Option<ClassCounts>) =
        (Vec::new(), Vec::new(), None);
    for map in labelled {
        files.extend(map.files);
        pictures.extend(map.pictures);
        match &mut all {
            Some(all) => all.add(&map.class_counts),
            None => all = Some(map.class_counts),
        }
    }
    Labelled {
        files,
        class_counts: all.unwrap_or_else(|| ClassCounts::without_areas(Vec::new())),
        pictures,
    }
}

/// The steps after the pixels of a map are labelled, with the time of each, in any unit.
struct Steps {
    relabel: f64,
    filter: f64,
    measure: f64,
    count: f64,
    polygons: f64,
    format: f64,
}

impl Steps {
    /// The time of all labels and of the summary before them, in the same unit.
    const LABELLING: f64 = 5.0;

    fn of(wanted: &WantedFiles, is_relabelled: bool) -> Steps {
        let of = |is_done: bool, part: f64| if is_done { part } else { 0.0 };
        let is_filtered = wanted.postprocessing.filters.any();
        Steps {
            relabel: of(is_relabelled, 1.0),
            filter: of(is_filtered, 2.0),
            measure: of(is_filtered, 0.5),
            count: 0.1,
            polygons: of(wanted.postprocessing.polygons.is_some(), 6.0),
            format: 0.1,
        }
    }

    fn sum(&self) -> f64 {
        self.relabel + self.filter + self.measure + self.count + self.polygons + self.format
    }
}

/// The share of the time that a job takes before filters and polygons.
fn labelling_share(wanted: &[WantedFiles]) -> f64 {
    let share = |wanted| Steps::LABELLING / (Steps::LABELLING + Steps::of(wanted, false).sum());
    wanted.iter().map(share).fold(1.0, f64::min)
}

impl WantedFiles<'_> {
    fn begin(&self, scene: &Scene, model: &Model, threads: usize) -> Result<Map> {
        let writer = LabelWriter::create(scene, self.labels, self.confidence, model, threads)?;
        let is_shown = self.picture.is_some() || self.report;
        let thumbnail = is_shown.then(|| Mutex::new(blank(scene)));
        // Unclassified pixels are among the pixels that the mean of a class comes from.
        let wants_means = (!self.fitted_on || model.n_labels() > model.n_classes())
            && !self.postprocessing.filters.any();
        Ok(Map {
            writer,
            thumbnail,
            n_labels: model.n_labels(),
            wants_means,
            values: None,
            becoming: None,
        })
    }

    fn finish(
        &self,
        scene: &Scene,
        map: Map,
        model: &Model,
        LabelCounts { counts, zonal }: LabelCounts,
        run: &mut Run,
        record: &mut Record,
    ) -> Result<Labelled> {
        let Map { writer, mut thumbnail, becoming, .. } = map;
        let steps = Steps::of(self, becoming.is_some());
        let (mut done, all) = (0.0, steps.sum());
        let mut next = |part: f64| {
            let from = done;
            done += part / all;
            (from, done)
        };
        let mut files = writer.finish(model)?;
        let mut known = Some(counts);
        let mut means = zonal.map(|zonal| zonal.finish().1);
        if let Some(values) = &becoming {
            let (from, to) = next(steps.relabel);
            files = renumbered(values, scene, model, files, &mut run.stage(from, to))?;
            known = None;
            means = means.map(|means| moved(means, values));
            record.phase("relabel", 0);
        }
        if self.postprocessing.filters.any() {
            let (from, to) = next(steps.filter);
            files =
                self.postprocessing.filters.apply(scene, model, files, &mut run.stage(from, to))?;
            known = None;
            record.phase("filter", 0);
            let (from, to) = next(steps.measure);
            means =
                Some(measured(scene, last(&files)?, model.n_labels(), &mut run.stage(from, to))?);
            record.phase("measure", scene.n_bytes());
        }
        let mut small = thumbnail.as_mut().and_then(|thumbnail| thumbnail.get_mut().ok());
        let (from, to) = next(steps.count);
        let stage = &mut run.stage(from, to);
        let mut class_counts =
            ClassCounts::of(last(&files)?, model.n_labels() + 1, known, stage, |row, labels| {
                small.iter_mut().for_each(|small| small.relabel(row, labels));
            })?;
        class_counts.means = means;
        let (from, to) = next(steps.polygons);
        let polygons = self.postprocessing.polygons.map(|path| {
            write_polygons(
                last(&files)?,
                path,
                &class_counts.classes(model),
                &mut run.stage(from, to),
            )
        });
        files = self.format.apply(files, &mut run.stage(to, 1.0))?;
        let size = std::fs::metadata(last(&files)?.path()).map_or(0, |file| file.len());
        describe_classes(&mut files, &model.bands, &class_counts.classes(model))?;
        files.extend(polygons.transpose()?.unwrap_or_default());
        record.phase("write", size);
        let thumbnail = thumbnail.map(unlocked);
        if let (Some(path), Some(thumbnail)) = (self.picture, &thumbnail) {
            let image = quicklook(thumbnail, model, &class_counts.counts)?;
            files.push(Staged::with_bytes(path, &encode(&image, path)?)?);
            record.phase("quicklook", 0);
        }
        let picture = |thumbnail: &Thumbnail| Picture::new(scene.name(), thumbnail, model);
        let pictures =
            thumbnail.iter().filter(|_| self.report).map(picture).collect::<Result<_>>()?;
        Ok(Labelled { files, class_counts, pictures })
    }
}

/// The means of a scene's pixels under each label, from 0, of its map, which lies beside its final
/// name.
fn measured(scene: &Scene, map: &Staged, n_labels: usize, run: &mut Run) -> Result<Vec<Vec<f64>>> {
    let map = plain(map.path())?;
    let pixels = Pixels::new(std::slice::from_ref(scene), 0);
    Ok(pixels.measure(&map, n_labels, run)?.finish().1)
}

/// The numbers of each label, from 0, after label `i + 1` has become `values[i]`.
fn moved(of_labels: Vec<Vec<f64>>, values: &[u32]) -> Vec<Vec<f64>> {
    let mut moved = of_labels.clone();
    for (value, own) in values.iter().zip(of_labels.into_iter().skip(1)) {
        moved[*value as usize] = own;
    }
    moved
}

/// The map among its files.
fn last(files: &[Staged]) -> Result<&Staged> {
    files.last().ok_or_else(|| Error::Io("the map was not written".into()))
}

/// Begins the map of each scene.
fn begin(
    wanted: &[WantedFiles],
    scenes: &[Scene],
    model: &Model,
    threads: usize,
) -> Result<Vec<Map>> {
    wanted.iter().zip(scenes).map(|(wanted, scene)| wanted.begin(scene, model, threads)).collect()
}

/// Ends the map of each scene.
fn finish(
    wanted: &[WantedFiles],
    maps: Vec<(Map, LabelCounts)>,
    scenes: &[Scene],
    model: &Model,
    run: &mut Run,
    record: &mut Record,
) -> Result<Vec<Labelled>> {
    let part = |index: usize| index as f64 / scenes.len() as f64;
    let each = wanted.iter().zip(maps).zip(scenes).enumerate();
    each.map(|(index, ((wanted, (map, counted)), scene))| {
        let mut run = run.stage(part(index), part(index + 1));
        wanted.finish(scene, map, model, counted, &mut run, record)
    })
    .collect()
}

/// Writes the labels of a scene, and its picture if one is wanted, beside their final names. Also
/// returns the summary of a sample of its pixels.
pub(super) fn label(
    scene: &Scene,
    model: &Model,
    wanted: &WantedFiles,
    run: &mut Run,
    record: &mut Record,
) -> Result<(Labelled, Summary)> {
    let pixels = Pixels::new(std::slice::from_ref(scene), 0);
    let map = wanted.begin(scene, model, run.threads())?;
    let share = labelling_share(std::slice::from_ref(wanted));
    let (map, counted, sample) =
        pixels.predict_and_sample(model, map, &mut run.stage(0.0, share))?;
    record.phase("predict", scene.n_bytes());
    let mut rest = run.stage(share, 1.0);
    Ok((wanted.finish(scene, map, model, counted, &mut rest, record)?, sample))
}

fn label_pixels(
    pixels: &Pixels,
    model: &Model,
    wanted: &[WantedFiles],
    run: &mut Run,
    record: &mut Record,
) -> Result<Vec<Labelled>> {
    let maps = begin(wanted, pixels.scenes(), model, run.threads())?;
    let share = labelling_share(wanted);
    let counted = pixels.predict(model, &maps, &mut run.stage(0.0, share))?;
    record.phase("predict", n_bytes(pixels.scenes()));
    let maps = maps.into_iter().zip(counted).collect();
    finish(wanted, maps, pixels.scenes(), model, &mut run.stage(share, 1.0), record)
}

/// The largest number of scenes that a report shows: the first ones.
pub(super) const MOST_SHOWN: usize = 4;

/// Pictures of scenes and of the classes that a model gives them: a pass over their pixels.
pub(super) fn look(scenes: &[Scene], model: &Model, run: &mut Run) -> Result<Vec<Picture>> {
    let shown = &scenes[..scenes.len().min(MOST_SHOWN)];
    let part = |index: usize| index as f64 / shown.len() as f64;
    let picture = |(index, scene): (usize, &Scene)| {
        let thumbnail = Mutex::new(blank(scene));
        let mut run = run.stage(part(index), part(index + 1));
        Pixels::new(std::slice::from_ref(scene), 0).look(model, &thumbnail, &mut run)?;
        Picture::new(scene.name(), &unlocked(thumbnail), model)
    };
    shown.iter().enumerate().map(picture).collect()
}

/// The blank small copy of a scene, in natural colours if its bands say which are red, green, blue.
fn blank(scene: &Scene) -> Thumbnail {
    let rgb = scene.rgb().unwrap_or_else(|| default_rgb(scene.n_bands()));
    Thumbnail::new(scene.width(), scene.height(), rgb)
}

fn unlocked<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())
}
