//! The results of a fit, and how a model's classes take them: numbers, counts and statistics.

use ndarray::{Array2, ArrayView2, Axis};

use super::{Class, Model};

/// The results of a fit by class, in any order: [`Model::new`] makes a model of them.
#[derive(Clone)]
pub(crate) struct Fitted {
    pub centers: Array2<f64>,
    pub counts: Vec<u64>,
    /// The classes are ordered by these: their counts, or numbers closer to the counts on the
    /// pixels.
    pub sizes: Vec<f64>,
    /// Classes x bands; NaN if a class is empty.
    pub means: Array2<f64>,
    /// Sums of squared deviations from the mean: classes x bands.
    pub scatter: Array2<f64>,
    /// The sum of squared distances, if these are not Euclidean (else it follows from the other
    /// fields).
    pub inertia: Option<f64>,
    pub n_iter: u32,
    /// Whether the centres are known to be a fixed point on the pixels.
    pub converged: bool,
}

impl Model {
    /// Gives the classes a fit's statistics, largest class first (unless they keep their numbers),
    /// and natural colours if nobody chose others.
    pub(super) fn take_statistics(&mut self, fitted: &Fitted) {
        self.centers = fitted.centers.clone();
        for (index, class) in self.classes.iter_mut().enumerate() {
            let count = fitted.counts[index];
            let per_pixel =
                |scatter: &f64| if count == 0 { 0.0 } else { (scatter / count as f64).sqrt() };
            let mean = if count == 0 { fitted.centers.row(index) } else { fitted.means.row(index) };
            let std = fitted.scatter.row(index).map(per_pixel).to_vec();
            (class.count, class.mean, class.std) = (count, mean.to_vec(), std);
        }
        let weights = self.scaling.weights(self.n_bands());
        self.inertia = fitted.inertia.unwrap_or_else(|| inertia(fitted, &weights));
        self.n_iter = fitted.n_iter;
        self.converged = fitted.converged;
        if !self.keeps_numbers {
            self.renumber(&largest_first(&fitted.sizes, fitted.centers.view(), self.noise()));
        }
        if let Some(bands) = self.natural {
            self.color_by(bands);
        }
    }

    /// Makes class `order[i]` class `i` (both 0-based).
    pub(super) fn renumber(&mut self, order: &[usize]) {
        if let Some(regions) = &mut self.regions {
            regions.reorder(order);
        }
        self.centers = self.centers.select(Axis(0), order);
        let given = self.parameters.given_names();
        let classes: Vec<Class> = order
            .iter()
            .zip(1..)
            .map(|(&from, value)| {
                self.classes[from]
                    .clone()
                    .renumbered(value, given.contains(&self.classes[from].name))
            })
            .collect();
        self.classes = classes;
    }

    /// The class (0-based) of pixels that belong to no cluster, if there is one.
    pub(super) fn noise(&self) -> Option<usize> {
        self.regions.as_ref().and_then(|regions| regions.noise).map(usize::from)
    }
}

/// The classes' indices, largest class first; of equally large classes, the one with the lower
/// centre first, band by band. Noise comes last.
pub(super) fn largest_first(
    sizes: &[f64],
    centers: ArrayView2<f64>,
    noise: Option<usize>,
) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sizes.len()).filter(|class| Some(*class) != noise).collect();
    let by_center = |a: usize, b: usize| {
        let bands = centers.row(a).into_iter().zip(centers.row(b)).map(|(a, b)| a.total_cmp(b));
        bands.fold(std::cmp::Ordering::Equal, |order, next| order.then(next))
    };
    order.sort_by(|&a, &b| sizes[b].total_cmp(&sizes[a]).then_with(|| by_center(a, b)));
    order.extend(noise);
    order
}

/// The sum of squared weighted distances of all pixels from their centres: their scatter about the
/// class's mean, plus the distance of that mean from the centre.
fn inertia(fitted: &Fitted, weights: &[f64]) -> f64 {
    let mut inertia = 0.0;
    for (class, count) in fitted.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        for (band, weight) in weights.iter().enumerate() {
            let offset = fitted.means[(class, band)] - fitted.centers[(class, band)];
            inertia +=
                weight * weight * (fitted.scatter[(class, band)] + *count as f64 * offset * offset);
        }
    }
    inertia
}
