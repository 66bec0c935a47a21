//! Regions of band space: with them, a class can have any shape and is still found by the nearest
//! of several points.

use ndarray::Array2;

use super::{Fitted, Model};
use crate::kernel::Mixture;

/// Points of band space, and the class of each. A point stands for the pixels that are nearest to
/// it (or that most likely belong to the normal distribution about it).
#[derive(Debug, Clone, PartialEq)]
pub struct Regions {
    /// Regions x bands, in band units.
    pub points: Array2<f64>,
    /// The class of each (0-based).
    pub classes: Vec<u16>,
    /// The noise class (0-based): pixels that belong to no cluster. It is the last class, unless
    /// the model keeps the numbers of another model.
    pub noise: Option<u16>,
    /// The radius of each region, which replaces its class's [radius](super::Class::radius), if
    /// regions of one class have different radii; else empty.
    pub radii: Vec<Option<f64>>,
    /// If points are the means of normal distributions, their weights and covariances.
    pub normals: Option<Normals>,
}

/// The normal distributions of a mixture, without their means.
#[derive(Debug, Clone, PartialEq)]
pub struct Normals {
    /// The share of all pixels that belongs to each.
    pub weights: Vec<f64>,
    /// The covariance of each: bands x bands, in squared band units; positive definite.
    pub covariances: Vec<Array2<f64>>,
}

impl Model {
    /// Its normal distributions without their means, if there are any.
    pub(super) fn normals(&self) -> Option<Normals> {
        self.regions.as_ref().and_then(|regions| regions.normals.clone())
    }
}

impl Regions {
    /// The mixture of the normal distributions; `None` if there are none, or a covariance is not
    /// positive definite.
    pub(crate) fn mixture(&self) -> Option<Mixture> {
        let Normals { weights, covariances } = self.normals.as_ref()?;
        Mixture::new(weights, &self.points, covariances)
    }

    /// The same regions when class `order[i]` becomes class `i`.
    pub(super) fn reorder(&mut self, order: &[usize]) {
        let mut position = vec![0; order.len()];
        order.iter().zip(0u16..).for_each(|(&from, to)| position[from] = to);
        self.classes
            .iter_mut()
            .chain(&mut self.noise)
            .for_each(|class| *class = position[usize::from(*class)]);
    }

    /// The statistics of the classes, from those of each region, with these centres, which stay.
    pub(super) fn by_class(&self, of_regions: &Fitted, centers: &Array2<f64>) -> Fitted {
        let shape = centers.raw_dim();
        let mut counts = vec![0; shape[0]];
        let mut means = Array2::zeros(shape);
        let mut scatter = Array2::zeros(shape);
        let regions = || {
            let each = self
                .classes
                .iter()
                .map(|class| usize::from(*class))
                .zip(&of_regions.counts)
                .enumerate();
            each.filter(|(_, (_, count))| **count > 0)
        };
        for (region, (class, count)) in regions() {
            counts[class] += count;
            means.row_mut(class).scaled_add(*count as f64, &of_regions.means.row(region));
        }
        for (mut mean, count) in means.rows_mut().into_iter().zip(&counts) {
            mean /= *count as f64;
        }
        for (region, (class, count)) in regions() {
            let offset = &of_regions.means.row(region) - &means.row(class);
            let mut class = scatter.row_mut(class);
            class += &of_regions.scatter.row(region);
            class += &(&offset * &offset * *count as f64);
        }
        let sizes = counts.iter().map(|count| *count as f64).collect();
        let (n_iter, converged) = (of_regions.n_iter, of_regions.converged);
        Fitted {
            centers: centers.clone(),
            counts,
            sizes,
            means,
            scatter,
            inertia: None,
            n_iter,
            converged,
        }
    }
}
