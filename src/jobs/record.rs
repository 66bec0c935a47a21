//! What is recorded while a job works, and the outcome that is made from it.

use std::collections::BTreeMap;
use std::time::Instant;

use schemars::JsonSchema;
use serde::Serialize;

use super::alignment::Renumbered;
use super::face::Face;
use super::files::Files;
use super::memory::Plan;
use super::options::RunOptions;
use super::scene_map::{PredictFacts, SceneMap};
use crate::assess::{Finding, Warning};
use crate::gdal::{ClassCounts, Scene};
use crate::machine::peak_memory;
use crate::model::{MapClass, Match, Model};

/// The outcome of `cluster`, `fit` and `predict`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Classified {
    /// The scenes.
    pub inputs: Vec<String>,
    /// Number of pixels.
    pub n_pixels: u64,
    /// Number of valid pixels.
    pub n_valid: u64,
    /// Number of bands.
    pub n_bands: usize,
    /// Alpha bands that are used as masks.
    pub alpha_masks: Vec<AlphaMask>,
    /// Bands whose values are classes.
    pub class_bands: Vec<String>,
    /// The algorithm that found the classes.
    pub algorithm: String,
    /// Number of classes.
    pub n_clusters: usize,
    /// Number of representatives, if there are more than classes. A pixel has the class of the
    /// nearest.
    pub n_representatives: Option<usize>,
    /// The rule that gives a pixel its class, if it is not the nearest centre: `the likeliest of 7
    /// components`.
    pub rule: Option<String>,
    /// Sum of the squared distances of the training pixels from the centre of their class.
    pub inertia: f64,
    /// Iterations that the fit took.
    pub n_iter: u32,
    /// Seed of the random numbers.
    pub seed: u64,
    /// The classes, with their pixels and areas.
    pub classes: Vec<ClassFound>,
    /// Only for fits.
    #[serde(flatten)]
    pub fitted: Option<FitFacts>,
    /// Only for `predict` on one scene.
    #[serde(flatten)]
    pub predicted: Option<PredictFacts>,
    /// The files that were written.
    #[serde(flatten)]
    pub files: Files,
    /// The maps of the scenes, if a folder for them was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<SceneMap>>,
    /// What the user should know.
    pub warnings: Vec<Warning>,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub cost: Cost,
}

/// What the outcome of a fit has in addition.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct FitFacts {
    /// Cells of the summary that the classes were found on.
    pub n_cells: usize,
    /// Passes over the pixels after that.
    pub n_passes: u32,
    /// For k-means: whether the centres came to rest before the maximum number of iterations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled: Option<bool>,
    /// The old class that each class is like, if an old model was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aligned: Option<Vec<Match>>,
}

/// An alpha band that is used as a mask.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AlphaMask {
    /// Its file.
    pub file: String,
    /// Its number there, from 1.
    pub band: usize,
}

/// The alpha bands of scenes that are used as masks.
pub(super) fn alpha_masks(scenes: &[Scene]) -> Vec<AlphaMask> {
    let mask = |(file, band): &(String, usize)| AlphaMask { file: file.clone(), band: *band };
    scenes.iter().flat_map(Scene::alpha_masks).map(mask).collect()
}

/// The bands of scenes whose values are classes.
pub(super) fn class_bands(scenes: &[Scene]) -> Vec<String> {
    scenes.iter().flat_map(Scene::class_bands).map(str::to_string).collect()
}

/// A class, with its pixels and area.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ClassFound {
    /// Its label.
    pub value: u32,
    /// Its name.
    pub name: String,
    /// Its colour, `#rrggbb`.
    pub color: String,
    /// Number of its pixels.
    pub count: u64,
    /// Their area in hectares; null if the size of a pixel is not known.
    pub area_ha: Option<f64>,
}

/// The classes of a model's map, with the pixels and areas of each.
pub(super) fn classes(class_counts: &ClassCounts, model: &Model) -> Vec<ClassFound> {
    let class = |class: MapClass| ClassFound {
        value: class.value,
        name: class.name,
        color: class.color.to_string(),
        count: class.count,
        area_ha: class.area_ha,
    };
    class_counts.classes(model).into_iter().map(class).collect()
}

/// The classes of a model, with the pixels that they were found in.
pub fn model_classes(model: &Model) -> Vec<ClassFound> {
    classes(&ClassCounts::without_areas(model_counts(model, 0)), model)
}

/// The pixels of each label, as the model has them from its fit, and `n_invalid` other pixels.
pub(super) fn model_counts(model: &Model, n_invalid: u64) -> Vec<u64> {
    std::iter::once(n_invalid).chain(model.classes.iter().map(|class| class.count)).collect()
}

/// The time, data and memory that a job took.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Cost {
    /// The job.
    pub command: &'static str,
    /// Seconds of each phase, and `total`.
    pub seconds: BTreeMap<&'static str, f64>,
    /// Bytes of pixels that a phase read or wrote.
    pub bytes: BTreeMap<&'static str, u64>,
    /// The most memory that the process has had, in bytes; null if the system does not say.
    pub peak_memory: Option<u64>,
    /// The limit of that memory, in bytes, as planned before the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned_memory: Option<usize>,
}

impl Cost {
    /// All the seconds.
    pub fn total(&self) -> f64 {
        self.seconds.get("total").copied().unwrap_or(0.0)
    }
}

/// The facts that are gathered while a job works.
pub(super) struct Record {
    begun: Instant,
    phase_begun: Instant,
    cost: Cost,
    /// What the user should know.
    pub warnings: Vec<Warning>,
    /// Of a fit.
    pub fitted: FitFacts,
}

impl Record {
    /// Starts the clock.
    pub fn new(command: &'static str) -> Record {
        let now = Instant::now();
        let cost = Cost {
            command,
            seconds: BTreeMap::new(),
            bytes: BTreeMap::new(),
            peak_memory: None,
            planned_memory: None,
        };
        Record {
            begun: now,
            phase_begun: now,
            cost,
            warnings: Vec::new(),
            fitted: FitFacts::default(),
        }
    }

    /// Ends a phase that began when the last one ended, and that read or wrote `bytes` bytes of
    /// pixels. If the phase exists already, its numbers grow.
    pub fn phase(&mut self, name: &'static str, bytes: u64) {
        self.add_phase(name, self.phase_begun.elapsed().as_secs_f64());
        if bytes > 0 {
            *self.cost.bytes.entry(name).or_default() += bytes;
        }
        self.phase_begun = Instant::now();
    }

    /// Adds seconds to a phase; 0 for a phase that was not needed.
    pub fn add_phase(&mut self, name: &'static str, seconds: f64) {
        let phase = self.cost.seconds.entry(name).or_default();
        *phase = round(*phase + seconds);
    }

    /// Notes how the memory is divided. Warns at once if the user has asked for less than the job
    /// takes.
    pub fn plan(&mut self, plan: Plan, options: &RunOptions, face: &dyn Face) {
        self.cost.planned_memory = Some(plan.peak);
        let asked = options.memory.and_then(|_| options.memory_bytes().ok());
        if let Some(warning) = asked.and_then(|memory| plan.excess(memory)) {
            face.warn(&warning);
            self.warnings.push(warning);
        }
    }

    /// Notes whether the centres of a finished fit of k-means came to rest: it also ends after the
    /// maximum number of iterations.
    pub fn settled(&mut self, model: &Model, settled: bool) {
        if model.converged() && model.method.name == "kmeans" {
            self.fitted.settled = Some(settled);
        }
    }

    /// Notes which old class each class is like. Returns the model.
    pub fn aligned(&mut self, found: Renumbered) -> Model {
        self.fitted.aligned = found.values.is_some().then_some(found.matches);
        found.model
    }

    /// Stops the clock.
    pub fn cost(mut self) -> Cost {
        self.cost.seconds.insert("total", round(self.begun.elapsed().as_secs_f64()));
        self.cost.peak_memory = peak_memory();
        self.cost
    }

    /// Stops the clock, and makes the outcome of a fit and its map.
    pub fn classified(
        mut self,
        scenes: &[Scene],
        model: &Model,
        class_counts: &ClassCounts,
        files: Files,
    ) -> Classified {
        if self.fitted.settled == Some(false) {
            let finding = Finding::MaxIter { max_iter: model.parameters.max_iter };
            self.warnings.push(finding.warning(None));
        }
        Classified {
            inputs: scenes.iter().map(|scene| scene.name().into()).collect(),
            n_pixels: class_counts.counts.iter().sum(),
            n_valid: class_counts.counts[1..].iter().sum(),
            n_bands: model.n_bands(),
            alpha_masks: alpha_masks(scenes),
            class_bands: class_bands(scenes),
            algorithm: model.method.name.clone(),
            n_clusters: model.n_classes(),
            n_representatives: model
                .regions()
                .filter(|regions| regions.normals.is_none())
                .map(|regions| regions.classes.len()),
            rule: model.rule(),
            inertia: model.inertia(),
            n_iter: model.n_iter(),
            seed: model.parameters.seed,
            classes: classes(class_counts, model),
            fitted: Some(std::mem::take(&mut self.fitted)),
            predicted: None,
            files,
            labels: None,
            warnings: std::mem::take(&mut self.warnings),
            cost: self.cost(),
        }
    }
}

/// Milliseconds are enough.
fn round(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}
