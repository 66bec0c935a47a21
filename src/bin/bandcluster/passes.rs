//! Passes over the blocks of scenes, on all cores. Everything added up here is the same in any order.

use std::sync::Mutex;

use bandcluster::gdal::{LabelBuf, LabelWriter, Reader, Scene, Unit, Window};
use bandcluster::model::{Model, Refinement};
use bandcluster::progress::{Run, Stop};
use bandcluster::raster::Raster;
use bandcluster::report::Thumbnail;
use bandcluster::summary::Summary;
use bandcluster::Result;

/// What GDAL's cache may take of the memory: blocks are read once, so it need not hold many.
pub fn cache_bytes(memory: usize) -> usize {
    (memory / 8).max(16 << 20)
}

/// Hands every block of the scenes to one of the workers' states, each with readers of its own.
fn over_blocks<S: Send>(
    scenes: &[Scene],
    message: &str,
    run: &mut Run,
    states: &mut [S],
    task: impl Fn(&mut S, Window, &Raster) -> Result<()> + Sync,
) -> Result<()> {
    let all: u64 = scenes.iter().map(Scene::n_pixels).sum();
    let mut done = 0;
    for scene in scenes {
        let from = done as f64 / all as f64;
        done += scene.n_pixels();
        let units = scene.units();
        let mut workers: Vec<_> = states.iter_mut().map(|state| (Reader::new(scene), state)).collect();
        let mut stage = run.stage(from, done as f64 / all as f64);
        stage.parallel(message, units.len(), &mut workers, |(reader, state), index, stop| {
            read_unit(reader, &units[index], stop, |window, raster| task(state, window, raster))
        })?;
    }
    Ok(())
}

fn read_unit(
    reader: &mut Reader,
    unit: &Unit,
    stop: &Stop,
    mut task: impl FnMut(Window, &Raster) -> Result<()>,
) -> Result<()> {
    for window in unit.windows() {
        stop.check()?;
        task(window, &reader.read(window)?)?;
    }
    Ok(())
}

/// The summary of all valid pixels.
pub fn summarise(scenes: &[Scene], memory: usize, run: &mut Run) -> Result<Summary> {
    let new = || Summary::new(scenes[0].n_bands(), scenes[0].sample_type(), memory);
    let n_workers = run.threads().min(new()?.max_workers());
    let mut parts = (0..n_workers).map(|_| new()).collect::<Result<Vec<_>>>()?;
    over_blocks(scenes, "reading", run, &mut parts, |part, _, raster| part.add(raster, &mut Run::silent(1)))?;
    let mut all = new()?;
    parts.iter().try_for_each(|part| all.merge(part))?;
    Ok(all)
}

/// Exact steps over all pixels until the model has converged. Returns how many there were.
pub fn refine(scenes: &[Scene], model: &mut Model, run: &mut Run) -> Result<u32> {
    let mut passes = 0;
    while !model.converged() {
        // How many passes there will be is not known: each takes half of the bar that is left.
        let left = 0.5f64.powi(passes as i32);
        let mut stage = run.stage(1.0 - left, 1.0 - left / 2.0);
        let new = || Refinement::new(model, scenes[0].sample_type());
        let mut parts: Vec<_> = (0..stage.threads()).map(|_| new()).collect();
        over_blocks(scenes, "refining", &mut stage, &mut parts, |part, _, raster| {
            part.add(raster, &mut Run::silent(1))
        })?;
        let mut all = new();
        parts.iter().try_for_each(|part| all.merge(part))?;
        all.apply(model)?;
        passes += 1;
    }
    Ok(passes)
}

/// Writes the labels of a scene, and gathers its small copy if there is one to fill. Returns the number of pixels of
/// each label, from 0 (nodata).
pub fn predict(
    scene: &Scene,
    model: &Model,
    writer: &LabelWriter,
    thumbnail: Option<&Mutex<Thumbnail>>,
    run: &mut Run,
) -> Result<Vec<u64>> {
    let units = scene.units();
    let new = || (Reader::new(scene), LabelBuf::new(writer.label_type()), vec![0u64; model.n_classes() + 1]);
    let mut workers: Vec<_> = (0..run.threads()).map(|_| new()).collect();
    run.parallel("labelling", units.len(), &mut workers, |(reader, labels, counts), index, stop| {
        writer.await_turn(&units[index], stop)?;
        read_unit(reader, &units[index], stop, |window, raster| {
            model.predict(raster, &mut labels.for_window(window)?, &mut Run::silent(1))?;
            labels.count(counts);
            if let Some(thumbnail) = thumbnail {
                add_to(thumbnail, window, raster, labels);
            }
            writer.write(window, labels)
        })
    })?;
    let sum = |label: usize| workers.iter().map(|(_, _, counts)| counts[label]).sum();
    Ok((0..=model.n_classes()).map(sum).collect())
}

fn add_to(thumbnail: &Mutex<Thumbnail>, window: Window, raster: &Raster, labels: &LabelBuf) {
    let part = {
        let blank = thumbnail.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).frame();
        blank.part((window.x, window.y), raster, |pixel| labels.get(pixel))
    };
    thumbnail.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).add(&part);
}
