//! Lloyd's algorithm on sampled pixels. It is used if there are many bands, and cells are so wide
//! that a fit on cells ends elsewhere than a fit on pixels.

use std::sync::{Arc, Mutex};
use std::thread::Builder;

use ndarray::{Array2, ArrayView2};

use super::prepared::Prepared;
use super::two_grids::guided;
use crate::cluster::assignment::{Assignment, Search};
use crate::cluster::lloyd::{converge, LloydResult, Step};
use crate::cluster::points::Points;
use crate::error::{Error, Result};
use crate::kernel::{Bounds, Centers, Travel};
use crate::model::Guide;
use crate::progress::Stop;
use crate::raster::TILE;
use crate::summary::Sampled;

/// Tiles that are added up together. The sums are made of these in order, so the number of threads
/// does not matter.
const TILES_PER_TASK: usize = 64;

/// Most steps with one correction: a few seconds.
const MOST_STEPS: u32 = 40;

/// The tolerance on the sample, as a fraction of the requested one: the error of the sample is
/// larger.
const FINER: f64 = 0.01;

/// Steps on the sampled pixels of a summary, and on the cells that have none.
#[derive(Debug)]
pub(super) struct OnSample {
    sampled: Arc<Sampled>,
    /// The cells without a sampled pixel.
    others: Points,
    band_weights: Vec<f64>,
    /// Centres have converged when their squared shift is at most this.
    tolerance: f64,
    threads: usize,
}

impl OnSample {
    /// The sampled pixels of the summary that the cells belong to.
    pub fn new(sampled: Arc<Sampled>, prepared: &Prepared, threads: usize) -> OnSample {
        let others = Points::of_some(&prepared.cells, &sampled.unsampled);
        let tolerance = prepared.tolerance * FINER;
        OnSample {
            sampled,
            others,
            band_weights: prepared.band_weights.clone(),
            tolerance,
            threads,
        }
    }

    /// Moves converged centres of the cells to a fixed point on the sample.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn converge_from(
        &self,
        cells: &LloydResult,
        prepared: &Prepared,
        max_iter: u32,
        stop: &Stop,
    ) -> Result<LloydResult> {
        let mut assigned = Assigned::new(self);
        let step = |from: &Centers| self.means(&mut assigned, from, stop);
        let start = cells.centers.clone();
        let weights = &self.band_weights;
        let (centers, n_iter) =
            guided(step, Some(&prepared.on_cells), start, weights, max_iter, self.tolerance, stop)?;
        Ok(LloydResult {
            centers: centers.values().to_owned(),
            n_iter: cells.n_iter + n_iter,
            ..*cells
        })
    }

    /// The number of pixels nearest to each centre, estimated from the sample.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn sizes(&self, centers: &Array2<f64>, stop: &Stop) -> Result<Vec<f64>> {
        let centers = Centers::with_stop(centers.clone(), self.band_weights.clone(), stop)?;
        Ok(self.take_step(&mut Assigned::new(self), &centers, stop)?.sizes().to_vec())
    }

    /// One assignment of all points.
    fn take_step(&self, assigned: &mut Assigned, centers: &Centers, stop: &Stop) -> Result<Step> {
        let Assigned { tasks: bounds, others, travel } = assigned;
        travel.go_to(centers);
        let n_tasks = bounds.len();
        let mut steps: Vec<Result<Step>> = (0..n_tasks).map(|_| Err(Error::Cancelled)).collect();
        let tasks = Mutex::new(steps.iter_mut().zip(bounds).enumerate());
        let next = || tasks.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).next();
        let work = |stop: &Stop| {
            while let Some((task, (step, bounds))) = next() {
                *step = self.task(task, (bounds, travel), centers, stop);
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..self.threads.min(n_tasks) {
                let (work, flag) = (&work, Arc::clone(stop.flag()));
                // If the system refuses a thread, this thread does the work.
                let _ = Builder::new().spawn_scoped(scope, move || work(&Stop::of(flag)));
            }
            work(stop);
        });
        let mut all = Step::follow(others, &self.others, centers, stop)?;
        steps.into_iter().try_for_each(|step| step.map(|step| all.merge(&step)))?;
        Ok(all)
    }

    /// The means of the points of each centre.
    fn means(
        &self,
        assigned: &mut Assigned,
        centers: &Centers,
        stop: &Stop,
    ) -> Result<Array2<f64>> {
        Ok(self.take_step(assigned, centers, stop)?.means(centers))
    }

    fn task(
        &self,
        task: usize,
        (bounds, travel): (&mut Bounds, &Travel),
        centers: &Centers,
        stop: &Stop,
    ) -> Result<Step> {
        let mut step = Step::new(centers);
        let mut samples = vec![0.0; centers.n_bands() * TILE];
        let mut search = Search::new(centers.n_bands());
        let first_tile = task * TILES_PER_TASK;
        for tile in first_tile..self.sampled.n_tiles().min(first_tile + TILES_PER_TASK) {
            let (first, weights) =
                ((tile - first_tile) * TILE, self.sampled.tile(tile, &mut samples));
            let points = (&samples[..], weights.len());
            search.follow((&mut *bounds, first), travel, centers, points, stop)?;
            step.add(&bounds.labels()[first..], &samples, weights);
        }
        Ok(step)
    }
}

/// The centre of each point, from step to step: of the sampled pixels of each task, and of the
/// other cells.
struct Assigned {
    tasks: Vec<Bounds>,
    others: Assignment,
    travel: Travel,
}

impl Assigned {
    /// No centre is known yet.
    fn new(of: &OnSample) -> Assigned {
        let len = TILES_PER_TASK * TILE;
        let tasks = (0..of.sampled.len()).step_by(len);
        Assigned {
            tasks: tasks.map(|first| Bounds::new(len.min(of.sampled.len() - first))).collect(),
            others: Assignment::new(&of.others),
            travel: Travel::default(),
        }
    }
}

impl Guide for OnSample {
    fn step(&self, centers: ArrayView2<f64>, stop: &Stop) -> Result<Array2<f64>> {
        let centers = Centers::with_stop(centers.to_owned(), self.band_weights.clone(), stop)?;
        self.means(&mut Assigned::new(self), &centers, stop)
    }

    fn follow(
        &self,
        centers: Array2<f64>,
        correction: &Array2<f64>,
        stop: &Stop,
    ) -> Result<Array2<f64>> {
        let mut assigned = Assigned::new(self);
        let step = |from: &Centers| Ok(self.means(&mut assigned, from, stop)? + correction);
        let (rest, _) =
            converge(step, centers, &self.band_weights, MOST_STEPS, self.tolerance, stop)?;
        Ok(rest.values().to_owned())
    }
}
