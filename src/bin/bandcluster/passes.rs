//! Passes over the blocks of scenes, on all cores. Everything added up here is the same in any order.

use std::sync::Mutex;

use bandcluster::gdal::{Kept, LabelBuf, LabelWriter, Reader, Scene, Unit, Window};
use bandcluster::model::{Model, Refinement};
use bandcluster::progress::{Run, Stop};
use bandcluster::raster::{LabelsMut, Raster};
use bandcluster::report::Thumbnail;
use bandcluster::summary::Summary;
use bandcluster::Result;

/// The pixels of some scenes, read again at every pass but for those that memory keeps.
pub struct Pixels<'s> {
    scenes: &'s [Scene],
    kept: Kept,
}

/// What is made of a scene while its pixels pass by: the file of its labels, and its small copy if one is wanted.
pub struct Map {
    pub writer: LabelWriter,
    pub thumbnail: Option<Mutex<Thumbnail>>,
}

impl<'s> Pixels<'s> {
    /// The pixels of scenes, of which the first ones read are kept, in at most `bytes`.
    pub fn new(scenes: &'s [Scene], bytes: usize) -> Pixels<'s> {
        Pixels { scenes, kept: Kept::new(bytes) }
    }

    /// The scenes.
    pub fn scenes(&self) -> &'s [Scene] {
        self.scenes
    }

    /// Hands every window of the scenes to one of the workers' states, each with a reader of its own; without pixels where
    /// none is valid. The task tells whether any is. `before` is called before a unit is begun.
    fn pass<S: Send>(
        &self,
        message: &str,
        run: &mut Run,
        states: &mut [S],
        before: impl Fn(&Unit, &Stop) -> Result<()> + Sync,
        task: impl Fn(&mut S, Window, Option<&Raster>) -> Result<bool> + Sync,
    ) -> Result<()> {
        let all: u64 = self.scenes.iter().map(Scene::n_pixels).sum();
        let mut done = 0;
        for (index, scene) in self.scenes.iter().enumerate() {
            let from = done as f64 / all as f64;
            done += scene.n_pixels();
            let units = scene.units();
            let mut workers: Vec<_> = states.iter_mut().map(|state| (Reader::new(scene), state)).collect();
            let mut stage = run.stage(from, done as f64 / all as f64);
            stage.parallel(message, units.len(), &mut workers, |(reader, state), unit, stop| {
                before(&units[unit], stop)?;
                units[unit].windows().try_for_each(|window| {
                    stop.check()?;
                    self.kept.read((index, scene), reader, window, |raster| task(state, window, raster))
                })
            })?;
        }
        Ok(())
    }

    /// The summary of all valid pixels, in at most `memory` bytes.
    pub fn summarise(&self, memory: usize, run: &mut Run) -> Result<Summary> {
        let new = || Summary::new(self.scenes[0].n_bands(), self.scenes[0].sample_type(), memory);
        let n_workers = run.threads().min(new()?.max_workers());
        let mut parts = (0..n_workers).map(|_| new()).collect::<Result<Vec<_>>>()?;
        self.pass("reading", run, &mut parts, anytime, |part, window, raster| {
            let before = part.n_valid();
            match raster {
                Some(raster) => part.add(raster, &mut Run::silent(1))?,
                None => part.add_invalid(window.n_pixels() as u64),
            }
            Ok(part.n_valid() > before)
        })?;
        let mut parts = parts.into_iter();
        let mut all = parts.next().map_or_else(new, Ok)?;
        parts.try_for_each(|part| all.merge(&part))?;
        Ok(all)
    }

    /// One exact step over all pixels.
    pub fn step(&self, model: &Model, run: &mut Run) -> Result<Refinement> {
        let new = || Refinement::new(model, self.scenes[0].sample_type());
        let mut parts: Vec<_> = (0..run.threads()).map(|_| new()).collect();
        self.pass("refining", run, &mut parts, anytime, |part, _, raster| {
            raster.map_or(Ok(()), |raster| part.add(raster, &mut Run::silent(1)))?;
            Ok(true)
        })?;
        merged(parts)
    }

    /// One exact step over all pixels, which makes the map of the only scene by the centres as they are. Returns also the number of pixels of
    /// each label, from 0 (nodata).
    pub fn step_and_label(&self, model: &Model, map: &Map, run: &mut Run) -> Result<(Refinement, Vec<u64>)> {
        let new = || Refinement::new(model, self.scenes[0].sample_type());
        let mut states: Vec<_> = (0..run.threads()).map(|_| new()).collect();
        let counts = self.make("refining", model, map, run, &mut states, |part, raster, labels| {
            part.add_and_label(raster, labels, &mut Run::silent(1))
        })?;
        Ok((merged(states)?, counts))
    }

    /// Gathers the small copy of the only scene and of its labels.
    pub fn look(&self, model: &Model, thumbnail: &Mutex<Thumbnail>, run: &mut Run) -> Result<()> {
        let mut workers = vec![Vec::new(); run.threads()];
        self.pass("drawing", run, &mut workers, anytime, |labels: &mut Vec<u16>, window, raster| {
            if let Some(raster) = raster {
                labels.resize(window.n_pixels(), 0);
                let mut view = LabelsMut::from_u16(labels, window.width, window.height)?;
                model.predict(raster, &mut view, &mut Run::silent(1))?;
                show(thumbnail, window, raster, |pixel| labels[pixel]);
            }
            Ok(true)
        })
    }

    /// Makes the map of the only scene. Returns the number of pixels of each label, from 0 (nodata).
    pub fn predict(&self, model: &Model, map: &Map, run: &mut Run) -> Result<Vec<u64>> {
        let mut states = vec![(); run.threads()];
        self.make("labelling", model, map, run, &mut states, |(), raster, labels| {
            model.predict(raster, labels, &mut Run::silent(1))
        })
    }

    /// Makes the map of the only scene: `label` gives the valid pixels of a window their labels, with one of the workers' states.
    /// Returns the number of pixels of each label, from 0 (nodata).
    fn make<S: Send>(
        &self,
        message: &str,
        model: &Model,
        map: &Map,
        run: &mut Run,
        states: &mut [S],
        label: impl Fn(&mut S, &Raster, &mut LabelsMut) -> Result<()> + Sync,
    ) -> Result<Vec<u64>> {
        let new = |state| (state, map.writer.buffer(), vec![0u64; model.n_labels() + 1]);
        let mut workers: Vec<_> = states.iter_mut().map(new).collect();
        let in_turn = |unit: &Unit, stop: &Stop| map.writer.await_turn(unit, stop);
        self.pass(message, run, &mut workers, in_turn, |(state, labels, counts), window, raster| {
            match raster {
                Some(raster) => label(state, raster, &mut labels.for_window(window)?)?,
                None => labels.clear(window),
            }
            labels.count(counts);
            map.take(window, raster, labels)?;
            Ok(true)
        })?;
        let sum = |label: usize| workers.iter().map(|(_, _, counts)| counts[label]).sum();
        Ok((0..=model.n_labels()).map(sum).collect())
    }
}

fn anytime(_: &Unit, _: &Stop) -> Result<()> {
    Ok(())
}

fn merged(parts: Vec<Refinement>) -> Result<Refinement> {
    let mut parts = parts.into_iter();
    let mut all = parts.next().expect("there is a thread");
    parts.try_for_each(|part| all.merge(&part))?;
    Ok(all)
}

/// Adds the pixels and labels of a window to a small copy.
fn show(thumbnail: &Mutex<Thumbnail>, window: Window, raster: &Raster, label: impl Fn(usize) -> u16) {
    let lock = || thumbnail.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let frame = lock().frame();
    let part = frame.part((window.x, window.y), raster, label);
    lock().add(&part);
}

impl Map {
    /// Takes the labels of a window, and its pixels, if any is valid.
    fn take(&self, window: Window, raster: Option<&Raster>, labels: &LabelBuf) -> Result<()> {
        if let (Some(thumbnail), Some(raster)) = (&self.thumbnail, raster) {
            show(thumbnail, window, raster, |pixel| labels.get(pixel));
        }
        self.writer.write(window, labels)
    }
}
