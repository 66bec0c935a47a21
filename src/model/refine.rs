//! Refinement: exact steps of Lloyd's algorithm over the pixels.

use std::sync::Arc;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::guide::Guidance;
use super::labeller::{n_sums, sums_classes, Labelled, Labeller, Labelling};
use super::{Fitted, Metric, Model};
use crate::error::{invalid_argument, invalid_data, Result};
use crate::kernel::{squared_distance, Centers, ClassSums, MOST_PIXELS};
use crate::machine::check_room;
use crate::progress::{Run, Stop};
use crate::raster::{
    with_sample_type, Component, LabelsMut, Raster, Sample, SampleType, TILES_PER_TASK,
};

/// One step of Lloyd's algorithm, accumulated block by block and mergeable.
///
/// ```text
/// while !model.converged() {
///     let mut refinement = Refinement::new(&model, sample_type);
///     for block in blocks { refinement.add(&block, run)?; }
///     refinement.apply(&mut model)?;
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Refinement {
    /// The model from which it was made; saved refinements are rebuilt from it.
    model: Model,
    /// Made when the first pixels arrive.
    labelling: Option<Arc<Labelling>>,
    sample_type: SampleType,
    /// One per worker so far.
    parts: Vec<WorkerSums>,
}

/// What one worker has accumulated.
#[derive(Debug, Clone)]
pub(super) struct WorkerSums {
    sums: ClassSums,
    /// The sums of the pixels' directions, if the metric compares directions.
    directions: Option<ClassSums>,
    /// For each class, its pixel farthest from the centre: an empty class restarts there.
    farthest: Vec<Option<Farthest>>,
    /// Slightly below their squared distances: pixels that are nearer need no exact distance.
    surely_farther: Vec<f32>,
}

/// What workers share, and for each worker its part and buffers for a tile.
struct Workers<'a, T> {
    labelling: &'a Labelling,
    each: Vec<(&'a mut WorkerSums, Labeller<T>)>,
}

/// A pixel, as it is compared with centres, and its squared distance from its own centre.
#[derive(Debug, Clone, PartialEq, PartialOrd, Serialize, Deserialize)]
struct Farthest {
    distance: f64,
    place: Vec<f64>,
}

/// A part as it is saved.
#[derive(Serialize, Deserialize)]
pub(super) struct SavedSums {
    sums: ClassSums,
    directions: Option<ClassSums>,
    farthest: Vec<Option<Farthest>>,
}

impl Refinement {
    /// A step from the model's centres over pixels of one sample type.
    pub fn new(model: &Model, sample_type: SampleType) -> Refinement {
        let model = Model { guidance: Guidance::default(), ..model.clone() };
        Refinement { model, labelling: None, sample_type, parts: Vec::new() }
    }

    /// The model it was made from.
    pub(super) fn model(&self) -> &Model {
        &self.model
    }

    /// The type of the samples.
    pub fn sample_type(&self) -> SampleType {
        self.sample_type
    }

    /// What all workers have accumulated, in the unique form that equal sums have.
    pub(super) fn saved(&self) -> SavedSums {
        let WorkerSums { sums, directions, farthest, .. } = self.merged();
        let directions = directions.as_ref().map(ClassSums::settled);
        SavedSums { sums: sums.settled(), directions, farthest }
    }

    /// Takes in saved sums; `None` if they cannot come from pixels of this sample type and these
    /// centres.
    ///
    /// # Errors
    /// `OutOfMemory`.
    pub(super) fn with_saved(mut self, saved: SavedSums) -> Result<Option<Refinement>> {
        self.check_room(1)?;
        let Some(part) = WorkerSums::restore(saved, &self.model, self.sample_type) else {
            return Ok(None);
        };
        self.parts = vec![part];
        Ok(Some(self))
    }

    /// Checks that there is memory for so many more parts.
    pub(super) fn check_room(&self, n_parts: usize) -> Result<()> {
        let (n, n_bands) = (n_sums(&self.model), self.model.n_bands());
        let bytes = WorkerSums::bytes(n, n_bands).saturating_mul(n_parts);
        check_room(bytes, &format!("the refinement of {n} classes in {n_bands} bands"))
    }

    fn merged(&self) -> WorkerSums {
        let mut all = WorkerSums::new(&self.model, self.sample_type);
        self.parts.iter().for_each(|part| all.merge(part));
        all
    }

    /// Whether a model compares pixels with the same points, and adds them to the same sums.
    fn starts_from(&self, model: &Model) -> bool {
        let labels = |model: &Model| sums_classes(model).then(|| model.labels());
        let weights = |model: &Model| model.scaling.weights(model.n_bands());
        let rule = |model: &Model| (model.metric, model.mixture(), model.places(), labels(model));
        weights(&self.model) == weights(model) && rule(&self.model) == rule(model)
    }

    /// Adds the valid pixels of an image, or of a block of one, using all the threads of the run.
    ///
    /// # Errors
    /// `InvalidArgument` when the bands or the sample type are not those of the refinement;
    /// `OutOfMemory`; `Cancelled`. After an error it holds some of the pixels: drop it.
    pub fn add(&mut self, raster: &Raster, run: &mut Run) -> Result<()> {
        self.check(raster)?;
        with_sample_type!(self.sample_type, T => self.add_tiles::<T>(raster, run))
    }

    fn check(&self, raster: &Raster) -> Result<()> {
        if (raster.n_bands(), raster.sample_type()) == (self.model.n_bands(), self.sample_type) {
            return Ok(());
        }
        invalid_argument(format!(
            "{} bands of {} cannot be added to a refinement over {} bands of {}",
            raster.n_bands(),
            raster.sample_type(),
            self.model.n_bands(),
            self.sample_type
        ))
    }

    /// Makes the labelling (with confidence, if wanted), unless it exists. Copies share it.
    ///
    /// # Errors
    /// `OutOfMemory`; `Cancelled`.
    pub(crate) fn prepare(&mut self, wants_confidence: bool, run: &mut Run) -> Result<()> {
        if !self.labelling.as_ref().is_some_and(|labelling| labelling.does(wants_confidence)) {
            let new = |stop: &Stop| Labelling::of_sums(&self.model, wants_confidence, stop);
            self.labelling = Some(Arc::new(run.stage(0.0, 0.0).with_stop("refining", new)?));
        }
        Ok(())
    }

    /// The labelling (with confidence, if wanted), and for each of `n` workers its part and buffers
    /// for a tile.
    fn workers<T: Sample>(
        &mut self,
        n: usize,
        wants_confidence: bool,
        run: &mut Run,
    ) -> Result<Workers<'_, T>> {
        self.prepare(wants_confidence, run)?;
        let n_new = n.saturating_sub(self.parts.len());
        self.check_room(n_new)?;
        let new = || WorkerSums::new(&self.model, self.sample_type);
        self.parts.extend(std::iter::repeat_with(new).take(n_new));
        let labelling = self.labelling.as_deref().expect("it was made");
        let workers = self.parts[..n].iter_mut().map(|part| (part, Labeller::new(labelling)));
        Ok(Workers { labelling, each: workers.collect() })
    }

    fn add_tiles<T: Sample>(&mut self, raster: &Raster, run: &mut Run) -> Result<()> {
        let n_tiles = raster.n_tiles();
        let n_tasks = n_tiles.div_ceil(TILES_PER_TASK);
        let Workers { labelling, mut each } =
            self.workers::<T>(n_tasks.min(run.threads()), false, run)?;
        run.parallel("refining", n_tasks, &mut each, |(part, labeller), task, stop| {
            let first = task * TILES_PER_TASK;
            for index in first..n_tiles.min(first + TILES_PER_TASK) {
                stop.check()?;
                part.add(labelling, labeller, raster, index);
            }
            Ok(())
        })
    }

    /// Adds the valid pixels of an image, like [`Refinement::add`], and labels them by the present
    /// centres, like [`Model::predict`]. The labels are those of the final model if this step does
    /// not move its centres.
    ///
    /// # Errors
    /// As [`Refinement::add`] and [`Model::predict`].
    pub fn add_and_label(
        &mut self,
        raster: &Raster,
        labels: &mut LabelsMut,
        run: &mut Run,
    ) -> Result<()> {
        self.check(raster)?;
        labels.check_fits(raster, self.model.n_labels())?;
        with_sample_type!(self.sample_type, T => {
            let n_workers = labels.n_tasks().min(run.threads());
            let wants_confidence = labels.wants_confidence();
            let Workers { labelling, mut each } =
                self.workers::<T>(n_workers, wants_confidence, run)?;
            labels.fill_tiles("refining", run, &mut each, |(part, labeller), index, out| {
                if let Some(mut labelled) = part.add(labelling, labeller, raster, index) {
                    labelled.write(labelling, out);
                }
            })
        })
    }

    /// Adds what another refinement from the same centres has accumulated.
    ///
    /// # Errors
    /// `InvalidArgument` when the centres or the sample types differ, or there are more than 2^53
    /// pixels; `OutOfMemory`.
    pub fn merge(&mut self, other: &Refinement) -> Result<()> {
        if self.sample_type != other.sample_type || !self.starts_from(&other.model) {
            return invalid_argument(
                "these refinements start from other centres: make both from the same model",
            );
        }
        let parts = self.parts.iter().chain(&other.parts);
        let n_pixels = parts.map(|part| part.sums.n_pixels()).try_fold(0, |all, n| Some(all + n?));
        if n_pixels.is_none_or(|n| n > MOST_PIXELS) {
            return invalid_argument(format!(
                "these refinements have more than {MOST_PIXELS} pixels together: fit on fewer"
            ));
        }
        if self.parts.is_empty() {
            self.check_room(1)?;
            self.parts.push(WorkerSums::new(&self.model, self.sample_type));
        }
        other.parts.iter().for_each(|part| self.parts[0].merge(part));
        Ok(())
    }

    /// Takes the step: returns the squared shift of all centres, in (scaled) band units. (The
    /// centres of a model of [regions](Model::regions), and given centres that are fixed, do not
    /// move: such a model gets the exact statistics of its classes, and has converged.)
    ///
    /// If the shift is within the tolerance (or `max_iter` passes were made), the model keeps its
    /// centres, gets the exact statistics of its classes, orders them by size, and has converged.
    /// Otherwise its centres become the means of their pixels, and the centres of empty classes
    /// move to the pixels farthest from their centres.
    ///
    /// # Errors
    /// `InvalidArgument` when the model's centres are not those the refinement was made from;
    /// `InvalidData` when there was no valid pixel, or the values are too large for a model;
    /// `OutOfMemory`.
    pub fn apply(&self, model: &mut Model) -> Result<f64> {
        self.apply_with(model, &mut Run::silent(1))
    }

    /// The same, in a run that can be cancelled: correcting the next centres on the cells of the
    /// summary takes up to a few seconds.
    ///
    /// # Errors
    /// As [`Refinement::apply`]; `Cancelled`: the model is then unchanged.
    pub fn apply_with(&self, model: &mut Model, run: &mut Run) -> Result<f64> {
        if !self.starts_from(model) {
            return invalid_argument(
                "this refinement was made from other centres: make a new one from this model",
            );
        }
        self.check_room(1)?;
        let all = self.merged();
        if all.sums.counts().iter().all(|count| *count == 0) {
            return invalid_data(
                "none of the pixels of the refinement is valid: add those the model was fitted on",
            );
        }
        let centers =
            run.stage(0.0, 0.0).with_stop("refining", |stop| model.kernel_centers(stop))?;
        if let Some(regions) = &model.regions {
            // Regions do not move: only the exact statistics were missing.
            let by_class = match sums_classes(model) {
                true => all.fitted(model.centers.clone(), model.n_iter),
                false => {
                    let of_regions = all.fitted(centers.values().to_owned(), model.n_iter);
                    regions.by_class(&of_regions, &model.centers)
                }
            };
            // With angles, only the points have the inertia.
            model.take_statistics(&Fitted { inertia: all.inertia(&centers), ..by_class });
            return model.check_savable().map(|()| 0.0);
        }
        let (next, moved_to_empty) = all.next_centers(&centers, model.metric);
        // Fixed centres only need the exact statistics of their classes.
        let stays = model.parameters.fix;
        let shift = if stays { 0.0 } else { centers.squared_shift(&next) };
        let passes = model.passes + 1;
        let settled = stays || shift <= model.parameters.shift_tolerance && !moved_to_empty;
        if settled || passes >= model.parameters.max_iter {
            let fitted = all.fitted(model.centers.clone(), model.n_iter);
            model.take_statistics(&Fitted { inertia: all.inertia(&centers), ..fitted });
            model.guidance = Guidance::default();
            model.check_savable()?;
        } else {
            let next = if moved_to_empty {
                next
            } else {
                let centers = centers.values().to_owned();
                let (guidance, next) = run.with_stop("refining", |stop| {
                    let mut guidance = model.guidance.clone();
                    let next = guidance.correct(&centers, next.clone(), shift, stop)?;
                    Ok((guidance, next))
                })?;
                model.guidance = guidance;
                next
            };
            model.centers = match model.metric {
                Metric::Euclidean => next,
                metric => metric.in_band_units(&next, &all.means()),
            };
            model.n_iter += 1;
        }
        model.passes = passes;
        Ok(shift)
    }
}

impl WorkerSums {
    fn new(model: &Model, sample_type: SampleType) -> WorkerSums {
        let (k, n_bands) = (n_sums(model), model.n_bands());
        let new = |sample_type| ClassSums::new(k, n_bands, sample_type);
        let directions = (model.metric == Metric::SpectralAngle).then(|| new(Component::TYPE));
        WorkerSums {
            sums: new(sample_type),
            directions,
            farthest: vec![None; k],
            surely_farther: vec![0.0; k],
        }
    }

    /// The memory that a part takes at most, in bytes: sums, sums of directions, and the farthest
    /// pixels.
    fn bytes(n_sums: usize, n_bands: usize) -> usize {
        let per_band = 2 * ClassSums::bytes_per_band() + size_of::<f64>();
        n_sums.saturating_mul(n_bands.saturating_mul(per_band).saturating_add(128))
    }

    /// A part from its saved form; `None` if it cannot belong to this model's centres and such
    /// samples.
    fn restore(saved: SavedSums, model: &Model, sample_type: SampleType) -> Option<WorkerSums> {
        let (places, n_bands, n_sums) = (model.places(), model.n_bands(), n_sums(model));
        let weights = model.scaling.weights(n_bands);
        let fits = |sums: &ClassSums, of| sums.fits(n_sums, n_bands, of);
        let mut part = WorkerSums::new(model, sample_type);
        let directions_fit = match (&part.directions, &saved.directions) {
            (Some(_), Some(sums)) => {
                fits(sums, Component::TYPE) && sums.counts() == saved.sums.counts()
            }
            (mine, theirs) => mine.is_none() && theirs.is_none(),
        };
        let lengths_fit = saved.farthest.len() == n_sums;
        let sums_fit = fits(&saved.sums, sample_type) && saved.sums.n_pixels().is_some();
        if !sums_fit || !directions_fit || !lengths_fit {
            return None;
        }
        for (class, farthest) in saved.farthest.into_iter().enumerate() {
            let Some(Farthest { distance, place }) = farthest else { continue };
            let is_pixel = place.len() == n_bands && place.iter().all(|value| value.is_finite());
            let is_of_class = saved.sums.counts()[class] > 0 && model.regions.is_none();
            let own = || squared_distance(places.row(class), &weights, |band| place[band]);
            // NaN is not equal to any distance.
            if !is_pixel || !is_of_class || own() != distance {
                return None;
            }
            part.keep_farther(class, distance, |band| place[band]);
        }
        (part.sums, part.directions) = (saved.sums, saved.directions);
        Some(part)
    }

    /// Adds a tile; returns its labels, if any of its pixels is valid.
    fn add<'l, T: Sample>(
        &mut self,
        labelling: &Labelling,
        labeller: &'l mut Labeller<T>,
        raster: &Raster,
        index: usize,
    ) -> Option<Labelled<'l, T>> {
        let mut labelled = labeller.label(labelling, raster, index)?;
        let (tile, directions) = (labelled.tile, labelled.directions);
        let to = labelled.sums(labelling);
        self.sums.add(tile, to);
        if let (Some(sums), Some(directions)) = (&mut self.directions, directions) {
            sums.add(directions, to);
        }
        if labelling.stays {
            return Some(labelled);
        }
        for (i, (label, at_most)) in labelled.labels.iter().zip(labelled.farthest).enumerate() {
            let label = usize::from(*label);
            // A bound that is not finite is no bound.
            let is_nearer = *at_most < self.surely_farther[label];
            // One of a run of equal pixels is enough: a frame without data, a saturated field.
            if !is_nearer && tile.valid()[i] == 1 && !tile.repeats(i) {
                let place = |band| labelled.coordinate(band, i);
                self.keep_farther(label, labelling.centers.squared_distance(label, place), place);
            }
        }
        Some(labelled)
    }

    /// Keeps a pixel of a class if it is the farthest so far; of equally far pixels the one with
    /// the larger values, so that the order of the pixels does not matter.
    fn keep_farther(&mut self, class: usize, distance: f64, place: impl Fn(usize) -> f64) {
        let places = || (0..self.sums.n_bands()).map(&place);
        let is_farther = self.farthest[class].as_ref().is_none_or(|kept| {
            distance > kept.distance
                || distance == kept.distance && places().gt(kept.place.iter().copied())
        });
        if is_farther {
            self.farthest[class] = Some(Farthest { distance, place: places().collect() });
            // Rounded down, so that it is never above the distance.
            self.surely_farther[class] = distance as f32 * (1.0 - f32::EPSILON);
        }
    }

    fn merge(&mut self, other: &WorkerSums) {
        self.sums.merge(&other.sums);
        if let (Some(mine), Some(theirs)) = (&mut self.directions, &other.directions) {
            mine.merge(theirs);
        }
        for (class, theirs) in other.farthest.iter().enumerate() {
            if let Some(Farthest { distance, place }) = theirs {
                self.keep_farther(class, *distance, |band| place[band]);
            }
        }
    }

    /// The means of the classes (their directions, if the metric compares directions), with empty
    /// classes moved to the farthest pixels; and whether there were empty classes.
    fn next_centers(&self, centers: &Centers, metric: Metric) -> (Array2<f64>, bool) {
        let mut next = centers.values().to_owned();
        let mut worst: Vec<&Farthest> =
            self.farthest.iter().flatten().filter(|pixel| pixel.distance > 0.0).collect();
        worst.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        let mut moved = false;
        for (class, count) in self.sums.counts().iter().enumerate() {
            if *count > 0 {
                (0..centers.n_bands())
                    .for_each(|band| next[(class, band)] = self.mean_coordinate(class, band));
            } else if let Some(pixel) = worst.pop() {
                next.row_mut(class).assign(&ndarray::ArrayView1::from(&pixel.place));
                moved = true;
            }
        }
        (metric.centers(next), moved)
    }

    /// The mean of a class's pixels in one band, as they are compared with centres; up to a factor,
    /// if only directions count.
    fn mean_coordinate(&self, class: usize, band: usize) -> f64 {
        self.directions.as_ref().unwrap_or(&self.sums).mean(class, band)
    }

    /// The sum of squared chords between the directions of all pixels and of their centres, if the
    /// metric compares directions.
    fn inertia(&self, centers: &Centers) -> Option<f64> {
        let directions = self.directions.as_ref()?;
        let of_class = |(class, count): (usize, &u64)| {
            let mean = |band: usize| Component::length(directions.mean(class, band));
            let scatter =
                |band: usize| Component::length(Component::length(directions.scatter(class, band)));
            let scatter: f64 = (0..centers.n_bands()).map(scatter).sum();
            scatter + *count as f64 * centers.squared_distance(class, mean)
        };
        Some(
            directions
                .counts()
                .iter()
                .enumerate()
                .filter(|(_, count)| **count > 0)
                .map(of_class)
                .sum(),
        )
    }

    /// The means of the classes, in band units.
    fn means(&self) -> Array2<f64> {
        let shape = (self.sums.counts().len(), self.sums.n_bands());
        Array2::from_shape_fn(shape, |(class, band)| self.sums.mean(class, band))
    }

    fn fitted(&self, centers: Array2<f64>, n_iter: u32) -> Fitted {
        let shape = centers.raw_dim();
        Fitted {
            centers,
            counts: self.sums.counts().to_vec(),
            sizes: self.sums.counts().iter().map(|count| *count as f64).collect(),
            means: self.means(),
            scatter: Array2::from_shape_fn(shape, |(class, band)| self.sums.scatter(class, band)),
            inertia: None,
            n_iter,
            converged: true,
        }
    }
}
