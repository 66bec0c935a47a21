//! Passes over the blocks of scenes, on all cores. All sums are the same in any order of the
//! blocks.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Mutex;

use crate::error::{Error, Result};
use crate::gdal::{BlockCache, CacheShare, LabelBuf, LabelWriter, Reader, Scene, Unit, Window};
use crate::model::{relabel, Model, Prediction, Refinement, ZonalMeans};
use crate::progress::{within, Run, Stop};
use crate::raster::{LabelsMut, Raster};
use crate::report::Thumbnail;
use crate::summary::Summary;

/// The approximate size of the sample that shows the distribution of a scene's pixels.
const SAMPLE: f64 = 1e6;

/// The bytes that a summary of the sample may take.
pub(super) fn sample_bytes(scene: &Scene) -> usize {
    Summary::least_memory(scene.n_bands(), scene.sample_type()).max(16 << 20)
}

/// The pixels of some scenes, read again at every pass except for those in the block cache.
pub(super) struct Pixels<'s> {
    scenes: &'s [Scene],
    cache: BlockCache,
    /// The part that is read, if it is not all.
    piece: Option<&'s Piece>,
}

/// Some of the units of one of the scenes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    /// The number of the scene, from 0.
    pub scene: usize,
    /// Its units, by their numbers.
    pub units: Range<usize>,
}

/// The outputs of a scene that a pass makes: the file of its labels, and its small copy if one is
/// wanted.
pub(super) struct Map {
    pub writer: LabelWriter,
    pub thumbnail: Option<Mutex<Thumbnail>>,
    /// The largest label on it.
    pub n_labels: usize,
    /// Whether the means of the pixels of each label are wanted.
    pub wants_means: bool,
    /// The values of the labels on it, if they differ from the model's labels during refinement.
    pub values: Option<Vec<u32>>,
    /// The final values, which replace these ones if the pass changes the order of the classes.
    pub becoming: Option<Vec<u32>>,
}

/// The pixels and means of each label on a map, from 0 (nodata).
pub(super) struct LabelCounts {
    /// Number of pixels.
    pub counts: Vec<u64>,
    /// The means of its pixels, if they are wanted.
    pub zonal: Option<ZonalMeans>,
}

impl<'s> Pixels<'s> {
    /// The pixels of scenes. The first ones read are kept, in at most `bytes`.
    pub fn new(scenes: &'s [Scene], bytes: usize) -> Pixels<'s> {
        Pixels { scenes, cache: BlockCache::new(bytes), piece: None }
    }

    /// The pixels of a piece of the scenes.
    pub fn of_piece(scenes: &'s [Scene], piece: &'s Piece) -> Pixels<'s> {
        Pixels { piece: Some(piece), ..Pixels::new(scenes, 0) }
    }

    /// The scenes.
    pub fn scenes(&self) -> &'s [Scene] {
        self.scenes
    }

    /// Hands every window of the scenes to a worker, which has a state and a reader of its own;
    /// without pixels if none is valid. The task returns whether any is. `before` is called before
    /// a unit begins. Both get the number of the scene, from 0.
    fn pass<S: Send>(
        &self,
        message: &str,
        run: &mut Run,
        states: &mut [S],
        before: impl Fn(usize, &Unit, &Stop) -> Result<()> + Sync,
        task: impl Fn(&mut S, (usize, Window), Option<&Raster>, &mut Run) -> Result<bool> + Sync,
    ) -> Result<()> {
        let scenes = self.scenes.iter().enumerate();
        let scenes: Vec<_> = scenes
            .filter(|(index, _)| self.piece.is_none_or(|piece| piece.scene == *index))
            .collect();
        let all: u64 = scenes.iter().map(|(_, scene)| scene.n_pixels()).sum();
        let mut done = 0;
        for (index, scene) in scenes {
            let from = done as f64 / all as f64;
            done += scene.n_pixels();
            let mut units = scene.units();
            if let Some(piece) = self.piece {
                units = units[piece.units.clone()].to_vec();
            }
            let mut workers: Vec<_> =
                states.iter_mut().map(|state| (Reader::new(scene), state)).collect();
            let cache = CacheShare::new(workers.len(), scene.decode_bytes());
            let mut stage = run.stage(from, done as f64 / all as f64);
            let outcome = stage.parallel(
                message,
                units.len(),
                &mut workers,
                |(reader, state), unit, stop| {
                    before(index, &units[unit], stop)?;
                    units[unit].windows().try_for_each(|window| {
                        stop.check()?;
                        self.cache.read((index, scene), reader, window, |raster| {
                            within(stop, |run| task(state, (index, window), raster, run))
                        })
                    })?;
                    cache.keep();
                    Ok(())
                },
            );
            // The pass may have failed because a file was replaced.
            if outcome != Err(Error::Cancelled) {
                scene.check_unchanged()?;
            }
            outcome?;
        }
        Ok(())
    }

    /// The summary of all valid pixels, in at most `memory` bytes; and their number in each scene.
    pub fn summarise(&self, memory: usize, run: &mut Run) -> Result<(Summary, Vec<u64>)> {
        let first = Summary::new(self.scenes[0].n_bands(), self.scenes[0].sample_type(), memory)?;
        let n_others = run.threads().min(first.max_workers()).saturating_sub(1);
        let others: Vec<_> = (0..n_others).map(|_| first.for_another_worker()).collect();
        let mut parts: Vec<_> = std::iter::once(first).chain(others).collect();
        let n_valid: Vec<AtomicU64> = self.scenes.iter().map(|_| AtomicU64::new(0)).collect();
        self.pass("reading", run, &mut parts, anytime, |part, (scene, window), raster, run| {
            let before = part.n_valid();
            match raster {
                Some(raster) => part.add(raster, run)?,
                None => part.add_invalid(window.n_pixels() as u64),
            }
            n_valid[scene].fetch_add(part.n_valid() - before, Ordering::Relaxed);
            Ok(part.n_valid() > before)
        })?;
        let mut parts = parts.into_iter();
        let mut all = parts.next().expect("there is a thread");
        parts.try_for_each(|part| all.merge(&part))?;
        Ok((all, n_valid.into_iter().map(AtomicU64::into_inner).collect()))
    }

    /// One refinement for each thread. They share the prepared data.
    fn refinements(
        &self,
        model: &Model,
        wants_confidence: bool,
        run: &mut Run,
    ) -> Result<Vec<Refinement>> {
        let mut first = Refinement::new(model, self.scenes[0].sample_type());
        first.prepare(wants_confidence, run)?;
        Ok(vec![first; run.threads()])
    }

    /// One exact step over all pixels.
    pub fn step(&self, model: &Model, run: &mut Run) -> Result<Refinement> {
        let mut parts = self.refinements(model, false, run)?;
        self.pass("refining", run, &mut parts, anytime, |part, _, raster, run| {
            raster.map_or(Ok(()), |raster| part.add(raster, run))?;
            Ok(true)
        })?;
        merged(parts)
    }

    /// One exact step over all pixels, which makes the map of each scene by the present centres.
    /// Also returns the counts of each map.
    pub fn step_and_label(
        &self,
        model: &Model,
        maps: &[Map],
        run: &mut Run,
    ) -> Result<(Refinement, Vec<LabelCounts>)> {
        let wants_confidence = maps.iter().any(|map| map.writer.wants_confidence());
        let mut states = self.refinements(model, wants_confidence, run)?;
        let counted =
            self.make("refining", maps, run, &mut states, |part, _, raster, labels, run| {
                part.add_and_label(raster, labels, run)
            })?;
        Ok((merged(states)?, counted))
    }

    /// A model that is prepared to label all these pixels.
    fn prediction<'m>(&self, model: &'m Model) -> Prediction<'m> {
        let n_pixels = self.scenes.iter().map(Scene::n_pixels).sum::<u64>();
        Prediction::new(model, usize::try_from(n_pixels).unwrap_or(usize::MAX))
    }

    /// Gathers the small copy of the only scene and of its labels.
    pub fn look(&self, model: &Model, thumbnail: &Mutex<Thumbnail>, run: &mut Run) -> Result<()> {
        let mut workers = vec![Vec::new(); run.threads()];
        let prediction = self.prediction(model);
        self.pass(
            "drawing",
            run,
            &mut workers,
            anytime,
            |labels: &mut Vec<u16>, (_, window), raster, run| {
                if let Some(raster) = raster {
                    labels.resize(window.n_pixels(), 0);
                    let mut view = LabelsMut::from_u16(labels, window.width, window.height)?;
                    prediction.predict(raster, &mut view, run)?;
                    show(thumbnail, window, raster, |pixel| labels[pixel]);
                }
                Ok(true)
            },
        )
    }

    /// The means of the only scene's pixels under each label of its finished map, up to `n_labels`.
    pub fn measure(&self, map: &Scene, n_labels: usize, run: &mut Run) -> Result<ZonalMeans> {
        let [scene] = self.scenes else { unreachable!("a map is of one scene") };
        let new = || ZonalMeans::new(n_labels, scene.n_bands(), scene.sample_type());
        let mut workers = (0..run.threads())
            .map(|_| Ok((new()?, Reader::new(map))))
            .collect::<Result<Vec<_>>>()?;
        self.pass(
            "measuring",
            run,
            &mut workers,
            anytime,
            |(zonal, labels), (_, window), raster, run| {
                if let Some(raster) = raster {
                    zonal.add(raster, &labels.read(window)?, run)?;
                }
                Ok(true)
            },
        )?;
        let mut all = new()?;
        workers.iter().try_for_each(|(zonal, _)| all.merge(zonal))?;
        Ok(all)
    }

    /// Makes the map of each scene. Returns the counts of each map.
    pub fn predict(&self, model: &Model, maps: &[Map], run: &mut Run) -> Result<Vec<LabelCounts>> {
        let mut states = vec![(); run.threads()];
        let prediction = self.prediction(model);
        self.make("labelling", maps, run, &mut states, |(), _, raster, labels, run| {
            prediction.predict(raster, labels, run)
        })
    }

    /// As [`Pixels::predict`], for the only scene. Also returns the summary of an even sample of
    /// about a million of its pixels.
    pub fn predict_and_sample(
        &self,
        model: &Model,
        map: Map,
        run: &mut Run,
    ) -> Result<(Map, LabelCounts, Summary)> {
        let scene = &self.scenes[0];
        let step = ((scene.n_pixels() as f64 / SAMPLE).sqrt() as usize).max(1);
        let (n_bands, sample_type) = (scene.n_bands(), scene.sample_type());
        let new = |_| Summary::new(n_bands, sample_type, sample_bytes(scene));
        let mut samples = (0..run.threads()).map(new).collect::<Result<Vec<_>>>()?;
        let (maps, prediction) = ([map], self.prediction(model));
        let mut counted = self.make(
            "labelling",
            &maps,
            run,
            &mut samples,
            |sample, window, raster, labels, run| {
                if let Some(part) = raster.every(step, (window.x, window.y)) {
                    sample.add(&part, run)?;
                }
                prediction.predict(raster, labels, run)
            },
        )?;
        let mut all = samples.pop().expect("there is a thread");
        samples.iter().try_for_each(|sample| all.merge(sample))?;
        let ([map], Some(counted)) = (maps, counted.pop()) else {
            unreachable!("one map was made")
        };
        Ok((map, counted, all))
    }

    /// Gives the labels of maps new values: the scenes are maps themselves. Returns what
    /// [`Pixels::predict`] does.
    pub fn relabel(&self, values: &[u32], maps: &[Map], run: &mut Run) -> Result<Vec<LabelCounts>> {
        let mut states = vec![(); run.threads()];
        self.make("relabelling", maps, run, &mut states, |(), _, raster, labels, run| {
            relabel(values, raster, labels, run)
        })
    }

    /// Makes the map of each scene: `label` gives the valid pixels of a window their labels, with
    /// the state of a worker. Returns the counts of each map.
    fn make<S: Send>(
        &self,
        message: &str,
        maps: &[Map],
        run: &mut Run,
        states: &mut [S],
        label: impl Fn(&mut S, Window, &Raster, &mut LabelsMut, &mut Run) -> Result<()> + Sync,
    ) -> Result<Vec<LabelCounts>> {
        // All maps are of one model: one buffer is enough for all.
        let none = || {
            maps.iter()
                .zip(self.scenes)
                .map(|(map, scene)| LabelCounts::none(map, scene))
                .collect::<Result<Vec<_>>>()
        };
        let new = |state| Ok((state, maps[0].writer.buffer(), none()?));
        let mut workers = states.iter_mut().map(new).collect::<Result<Vec<_>>>()?;
        let in_turn =
            |scene: usize, unit: &Unit, stop: &Stop| maps[scene].writer.await_turn(unit, stop);
        self.pass(
            message,
            run,
            &mut workers,
            in_turn,
            |(state, labels, counted), (scene, window), raster, run| {
                match raster {
                    Some(raster) => {
                        label(state, window, raster, &mut labels.for_window(window)?, run)?
                    }
                    None => labels.clear(window),
                }
                maps[scene].values.iter().for_each(|values| labels.renumber(values));
                counted[scene].add(window, raster, labels, run)?;
                maps[scene].take(window, raster, labels)?;
                Ok(true)
            },
        )?;
        let mut all = none()?;
        for (_, _, counted) in &workers {
            all.iter_mut().zip(counted).try_for_each(|(all, counted)| all.merge(counted))?;
        }
        Ok(all)
    }
}

fn anytime(_: usize, _: &Unit, _: &Stop) -> Result<()> {
    Ok(())
}

fn merged(parts: Vec<Refinement>) -> Result<Refinement> {
    let mut parts = parts.into_iter();
    let mut all = parts.next().expect("there is a thread");
    parts.try_for_each(|part| all.merge(&part))?;
    Ok(all)
}

/// Adds the pixels and labels of a window to a small copy.
fn show(
    thumbnail: &Mutex<Thumbnail>,
    window: Window,
    raster: &Raster,
    label: impl Fn(usize) -> u16,
) {
    let lock = || thumbnail.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let frame = lock().frame();
    let part = frame.part((window.x, window.y), raster, label);
    lock().add(&part);
}

impl LabelCounts {
    fn none(map: &Map, scene: &Scene) -> Result<LabelCounts> {
        let zonal = || ZonalMeans::new(map.n_labels, scene.n_bands(), scene.sample_type());
        Ok(LabelCounts {
            counts: vec![0; map.n_labels + 1],
            zonal: map.wants_means.then(zonal).transpose()?,
        })
    }

    /// Adds the labels of a window, and its pixels, if any is valid.
    fn add(
        &mut self,
        window: Window,
        raster: Option<&Raster>,
        labels: &LabelBuf,
        run: &mut Run,
    ) -> Result<()> {
        labels.count(&mut self.counts);
        match (&mut self.zonal, raster) {
            (Some(zonal), Some(raster)) => zonal.add(raster, &labels.view(window)?, run),
            _ => Ok(()),
        }
    }

    fn merge(&mut self, other: &LabelCounts) -> Result<()> {
        self.counts.iter_mut().zip(&other.counts).for_each(|(sum, count)| *sum += count);
        match (&mut self.zonal, &other.zonal) {
            (Some(zonal), Some(other)) => zonal.merge(other),
            _ => Ok(()),
        }
    }
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
