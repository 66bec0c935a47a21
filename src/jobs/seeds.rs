//! Seeds: starting centres of k-means, from a layer over the scenes.

use std::path::{Path, PathBuf};

use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cluster::{Algorithm, KMeans};
use crate::error::{invalid_data, invalid_option, Result};
use crate::gdal::{Reader, Scene, Seeds};
use crate::model::{Init, ZonalMeans};
use crate::progress::{within, Run};
use crate::raster::Raster;

/// The options of seeds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SeedOptions {
    /// Seeds: a layer of points or polygons, `FILE` or `FILE|layername=NAME`. K-means starts from
    /// the means of the pixels under them, and classes take their names. Without `n_clusters` there
    /// are as many classes as seeds.
    pub seeds: Option<PathBuf>,
    /// The layer's field that names seeds: features with the same value are one seed. Default: each
    /// feature is a seed.
    pub seed_field: Option<String>,
    /// Whether the centres stay on the means of the seeds: pixels get the class of the nearest
    /// seed.
    pub fix_seeds: bool,
}

impl SeedOptions {
    /// Checks what can be checked before anything is read.
    pub(super) fn check(&self, name: &str, algorithm: &Algorithm) -> Result<()> {
        let unused =
            |field| invalid_option(field, " is given without seeds: give seeds, or leave it out");
        match (&self.seeds, algorithm) {
            (None, _) if self.seed_field.is_some() => unused("seed_field"),
            (None, _) if self.fix_seeds => unused("fix_seeds"),
            (Some(_), Algorithm::KMeans(KMeans { init: Some(_), .. })) => {
                invalid_option("seeds", " is given, and the options give init: give one of them")
            }
            (None, _) | (Some(_), Algorithm::KMeans(_)) => Ok(()),
            (Some(_), _) => invalid_option(
                "seeds",
                format!(
                    " is given, and {name} does not start from centres: leave it out, or choose \
                     kmeans"
                ),
            ),
        }
    }

    /// The algorithm, which starts from the seeds if there are any. Unless it `has_count`, there
    /// are as many classes as seeds.
    pub(super) fn start(
        &self,
        algorithm: Algorithm,
        has_count: bool,
        scenes: &[Scene],
        run: &mut Run,
    ) -> Result<Algorithm> {
        let (Some(path), Algorithm::KMeans(kmeans)) = (&self.seeds, &algorithm) else {
            return Ok(algorithm);
        };
        let init = centers(path, self.seed_field.as_deref(), scenes, run)?;
        let (n, n_clusters) = (init.len(), kmeans.n_clusters as usize);
        let layer = path.display();
        if has_count && n > n_clusters {
            return invalid_option(
                "n_clusters",
                format!(
                    " is {n_clusters}, and {layer} has {n} seeds: ask for {n} classes or more, or \
                     give fewer seeds"
                ),
            );
        }
        if has_count && self.fix_seeds && n < n_clusters {
            return invalid_option(
                "n_clusters",
                format!(
                    " is {n_clusters}, and {layer} has {n} seeds, which stay as centres: ask for \
                     {n} classes"
                ),
            );
        }
        let n_clusters = if has_count { kmeans.n_clusters } else { n as u32 };
        Ok(Algorithm::KMeans(KMeans {
            n_clusters,
            init: Some(init),
            fix: self.fix_seeds,
            ..kmeans.clone()
        }))
    }
}

/// The means of the valid pixels of all scenes under each seed of a layer.
pub(super) fn centers(
    path: &Path,
    field: Option<&str>,
    scenes: &[Scene],
    run: &mut Run,
) -> Result<Init> {
    let mut names: Vec<String> = Vec::new();
    let mut all: Option<ZonalMeans> = None;
    for scene in scenes {
        let seeds = Seeds::open(path, field, scene)?;
        let found = measured(scene, &seeds, run)?;
        match &mut all {
            Some(all) => all.merge(&found)?,
            None => all = Some(found),
        }
        names = seeds.names().to_vec();
    }
    let (counts, means) = all.expect("there is a scene").finish();
    if let Some(empty) = (0..names.len()).find(|seed| counts[seed + 1] == 0) {
        let files: Vec<_> = scenes.iter().map(Scene::name).collect();
        return invalid_data(format!(
            "seed {} of {} has no valid pixel in {}: place it on pixels with data that neither the \
             mask nor the area of interest leaves out; a polygon must hold the centre of a pixel",
            names[empty],
            path.display(),
            files.join(" ")
        ));
    }
    let centers =
        Array2::from_shape_fn((names.len(), means[0].len()), |(seed, band)| means[seed + 1][band]);
    Init::named(names, centers)
}

/// The means of a scene's valid pixels under each seed. Blocks without seeds are not read.
fn measured(scene: &Scene, seeds: &Seeds, run: &mut Run) -> Result<ZonalMeans> {
    let units: Vec<_> =
        scene.units().into_iter().filter(|unit| seeds.touches(unit.window())).collect();
    let new = || ZonalMeans::new(seeds.names().len(), scene.n_bands(), scene.sample_type());
    let n_workers = run.threads().min(units.len()).max(1);
    let mut workers =
        (0..n_workers).map(|_| Ok((new()?, Reader::new(scene)))).collect::<Result<Vec<_>>>()?;
    // It takes hardly any time, so it is no part of the progress.
    run.stage(0.0, 0.0).parallel(
        "reading",
        units.len(),
        &mut workers,
        |(zonal, reader), unit, stop| {
            for window in units[unit].windows().filter(|window| seeds.touches(*window)) {
                stop.check()?;
                let labels = seeds.burn(window)?;
                let labels = Raster::bsq(&labels, 1, window.width, window.height)?;
                within(stop, |run| zonal.add(&reader.read(window)?, &labels, run))?;
            }
            Ok(())
        },
    )?;
    let mut all = new()?;
    workers.iter().try_for_each(|(zonal, _)| all.merge(zonal))?;
    Ok(all)
}
