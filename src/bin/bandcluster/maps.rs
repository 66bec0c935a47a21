//! Fitting and labelling, as several commands do them.

use std::path::Path;
use std::sync::Mutex;

use bandcluster::cluster::kmeans::{fit, KMeans};
use bandcluster::gdal::{LabelWriter, Scene, Staged};
use bandcluster::model::{default_rgb, Color, Model};
use bandcluster::progress::Run;
use bandcluster::report::{encode, quicklook, Thumbnail};
use bandcluster::{Error, Result};

use super::outcome::Outcome;
use super::passes;

/// Fits a model on all pixels of the scenes, and tells it what the first scene says of its bands.
pub fn fit_model(
    scenes: &[Scene],
    options: &KMeans,
    memory: usize,
    run: &mut Run,
    outcome: &mut Outcome,
) -> Result<(Model, u64)> {
    let n_bytes: u64 = scenes.iter().map(Scene::n_bytes).sum();
    let summary = passes::summarise(scenes, memory, &mut run.stage(0.0, 0.6))?;
    outcome.phase("summary", n_bytes);
    let mut model =
        fit(&summary, options, &mut run.stage(0.6, 0.75)).map_err(|error| about(scenes, error))?;
    outcome.phase("fit", 0);
    describe_bands(&mut model, &scenes[0])?;
    let n_passes = passes::refine(scenes, &mut model, &mut run.stage(0.75, 1.0))?;
    outcome.phase("refine", u64::from(n_passes) * n_bytes);
    outcome.note("n_passes", n_passes);
    outcome.note("n_cells", summary.n_cells());
    Ok((model, summary.n_pixels() - summary.n_valid()))
}

/// Puts the scenes' names before what is wrong with their pixels.
fn about(scenes: &[Scene], error: Error) -> Error {
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

/// Gives the classes the colours that the user asked for.
pub fn paint(model: &mut Model, colors: Option<Vec<Color>>) -> Result<()> {
    colors.into_iter().flatten().zip(1..).try_for_each(|(color, value)| model.set_color(value, color))
}

/// Writes the labels of a scene, and its picture if one is wanted, beside their names. Returns the files and the
/// number of pixels of each label.
pub fn label(
    scene: &Scene,
    model: &Model,
    output: &Path,
    picture: Option<&Path>,
    run: &mut Run,
    outcome: &mut Outcome,
) -> Result<(Vec<Staged>, Vec<u64>)> {
    let writer = LabelWriter::create(scene, output, model, run.threads())?;
    let rgb = scene.rgb().unwrap_or_else(|| default_rgb(scene.n_bands()));
    let thumbnail = picture.map(|_| Mutex::new(Thumbnail::new(scene.width(), scene.height(), rgb)));
    let counts = passes::predict(scene, model, &writer, thumbnail.as_ref(), run)?;
    outcome.phase("predict", scene.n_bytes());
    let mut files = writer.finish()?;
    let size = files.last().and_then(|file| std::fs::metadata(file.path()).ok()).map_or(0, |file| file.len());
    outcome.phase("write", size);
    if let (Some(path), Some(thumbnail)) = (picture, thumbnail) {
        let thumbnail = thumbnail.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        let image = quicklook(&thumbnail, model, &counts)?;
        files.push(Staged::with_bytes(path, &encode(&image, path)?)?);
        outcome.phase("quicklook", 0);
    }
    Ok((files, counts))
}
