//! Aligning a new fit to an old model: classes that show the same things on the ground keep their
//! numbers, names and colours.

use ndarray::Array2;
use schemars::JsonSchema;
use serde::Serialize;

use super::{natural, Class, Model, Regions, MAX_CLASSES};
use crate::error::{invalid_argument, Error, Result};

/// The most classes that are matched: the work grows with their cube.
const MOST: usize = 2000;

/// A model with the class numbers of another model, and what became of its own numbers.
#[derive(Debug, Clone)]
pub struct Aligned {
    /// The aligned model.
    pub model: Model,
    /// The new label of each old label, from label 1 up: the labels of the classes, and of
    /// unclassified pixels if there may be any.
    pub values: Vec<u32>,
    /// Every class of the aligned model, in its order.
    pub matches: Vec<Match>,
}

/// A class of an aligned model, and the class of the other model that it continues.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Match {
    /// Its label.
    pub value: u32,
    /// The class of the other model that it continues; `None` if the class is new.
    pub like: Option<u32>,
    /// The distance between the means of the two classes, in the other model's (scaled) band units;
    /// `None` if one of them was not found.
    pub distance: Option<f64>,
}

impl Model {
    /// The model with its classes numbered, named and coloured like those of another model.
    ///
    /// Classes are paired so that the sum of the squared distances between the means of pairs is
    /// smallest, in the other model's scaling (an optimal assignment: Jonker and Volgenant, "A
    /// shortest augmenting path algorithm for dense and sparse linear assignment problems",
    /// Computing 38, 1987). With squared distances, a shift that all classes share (haze, the
    /// height of the sun) does not change the pairs if both models have the same number of classes.
    /// Small classes count as much as large ones, because they need to keep their numbers, too.
    /// Noise is paired with noise.
    ///
    /// Classes without a partner follow after the other model's classes, largest first, named
    /// `class N (new)`. If the new fit has fewer classes, the other model's classes that were not
    /// found stay, with their means and without pixels. So every label keeps its meaning.
    ///
    /// The aligned model classifies every pixel as before, with the new numbers. So if numbers
    /// change, the old points become [regions](Model::regions), in their order. Align a model after
    /// it has converged, because regions do not move. Later refinements keep the numbers, too.
    ///
    /// # Errors
    /// `InvalidArgument` when the bands differ in number or name, or there are too many classes.
    pub fn aligned(&self, reference: &Model) -> Result<Aligned> {
        let names = self.band_names();
        reference.check_reference_bands(&names)?;
        let counterparts = self.counterparts(reference)?;
        let n_new = counterparts.iter().filter(|reference| reference.is_none()).count();
        if reference.n_classes() + n_new > MAX_CLASSES {
            return invalid_argument(format!(
                "{} classes and {n_new} new ones are more than the {MAX_CLASSES} that labels \
                 have: fit fewer classes",
                reference.n_classes()
            ));
        }
        let mut next = reference.n_classes() as u32;
        let mut value = |reference: Option<u32>| {
            reference.unwrap_or_else(|| {
                next += 1;
                next
            })
        };
        // The new classes, largest first, and noise last.
        let mut order: Vec<usize> = (0..self.n_classes()).collect();
        order.sort_by_key(|&class| {
            (self.noise() == Some(class), std::cmp::Reverse(self.classes[class].count))
        });
        let mut values = vec![0; self.n_classes()];
        order.iter().for_each(|&class| values[class] = value(counterparts[class]));
        let model = self.renumbered_as(reference, &values, reference.n_classes() + n_new);
        let matches =
            model.classes.iter().map(|class| self.match_of(class, reference, &values)).collect();
        values.extend(model.has_radii().then_some(model.n_labels() as u32));
        Ok(Aligned { model, values, matches })
    }

    /// Checks that bands of these names can be aligned to this model's.
    ///
    /// # Errors
    /// `InvalidArgument` when their number or their names differ (`band 1` and the like do not
    /// count as names).
    pub fn check_reference_bands(&self, names: &[&str]) -> Result<()> {
        let own = self.band_names();
        let is_name = |name: &str| !name.is_empty() && !name.starts_with("band ");
        let differs =
            |(a, b): (&&str, &&str)| is_name(a) && is_name(b) && !a.eq_ignore_ascii_case(b);
        if own.len() != names.len() || own.iter().zip(names).any(differs) {
            return invalid_argument(format!(
                "the bands are {}, those of the model to be like are {}: choose the same bands, \
                 in the same order",
                names.join(", "),
                own.join(", ")
            ));
        }
        Ok(())
    }

    /// For each class, the class of the other model that it continues.
    fn counterparts(&self, reference: &Model) -> Result<Vec<Option<u32>>> {
        let without_noise = |model: &Model| -> Vec<usize> {
            (0..model.n_classes()).filter(|class| Some(*class) != model.noise()).collect()
        };
        let (own, others) = (without_noise(self), without_noise(reference));
        let n = own.len().max(others.len());
        if n > MOST {
            return invalid_argument(format!(
                "there are {n} classes to be paired: at most {MOST} can be"
            ));
        }
        let mut counterparts = vec![None; self.n_classes()];
        if let (Some(noise), Some(other)) = (self.noise(), reference.noise()) {
            counterparts[noise] = Some(other as u32 + 1);
        }
        // If one side has fewer classes, it is filled up with partners of cost 0.
        let mut costs = Array2::zeros((n, n));
        for (row, &class) in own.iter().enumerate() {
            for (column, &other) in others.iter().enumerate() {
                costs[(row, column)] = reference
                    .squared_distance(&self.classes[class].mean, &reference.classes[other].mean);
            }
        }
        let most = costs.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        costs /= most;
        let (columns, _) = lapjv::lapjv(&costs).map_err(|error| {
            Error::InvalidArgument(format!("the classes cannot be paired: {error}"))
        })?;
        for (&class, column) in own.iter().zip(columns) {
            counterparts[class] = others.get(column).map(|other| *other as u32 + 1);
        }
        Ok(counterparts)
    }

    /// The squared distance between two places, in this model's scaling of bands.
    fn squared_distance(&self, a: &[f64], b: &[f64]) -> f64 {
        let weights = self.scaling.weights(self.n_bands());
        weights.iter().zip(a.iter().zip(b)).map(|(weight, (a, b))| (weight * (a - b)).powi(2)).sum()
    }

    /// The model with these labels for its classes, and with the other model's names and colours.
    /// Labels that are not in `values` are classes of the other model.
    fn renumbered_as(&self, reference: &Model, values: &[u32], n_classes: usize) -> Model {
        let mut centers = Array2::zeros((n_classes, self.n_bands()));
        let mut classes = Vec::with_capacity(n_classes);
        for value in 1..=n_classes as u32 {
            let other = reference.class(value).ok();
            let own = values.iter().position(|own| *own == value);
            let center = match (own, other) {
                (Some(own), _) => self.centers.row(own).to_vec(),
                (None, other) => other.map_or(Vec::new(), |other| other.mean.clone()),
            };
            centers.row_mut(value as usize - 1).assign(&ndarray::ArrayView1::from(&center));
            let mut class = match own {
                Some(own) => self.classes[own].clone(),
                None => {
                    Class { mean: center, std: vec![0.0; self.n_bands()], ..Class::unnamed(value) }
                }
            };
            class.value = value;
            match other {
                Some(other) => (class.name, class.color) = (other.name.clone(), other.color),
                None if own == self.noise() => {}
                None => class.name = format!("class {value} (new)"),
            }
            classes.push(class);
        }
        let label = |label: &u16| (values[usize::from(*label) - 1] - 1) as u16;
        // The first of equally near points wins, so points stay in their order.
        let is_same_order = (1..=n_classes as u32).eq(values.iter().copied());
        let regions = (self.regions.is_some() || !is_same_order).then(|| Regions {
            points: self.points().clone(),
            classes: self.labels().iter().map(label).collect(),
            noise: match (self.noise(), reference.noise()) {
                (Some(noise), _) => Some((values[noise] - 1) as u16),
                (None, other) => other.map(|noise| noise as u16),
            },
            radii: self.regions.as_ref().map_or(Vec::new(), |regions| regions.radii.clone()),
            normals: self.normals(),
        });
        let mut model = Model { classes, centers, regions, keeps_numbers: true, ..self.clone() };
        model.color_new(reference.n_classes());
        model
    }

    /// Gives the classes after the first `n_old` natural colours that differ from those, if nobody
    /// chose colours; the colours are fixed from then on.
    fn color_new(&mut self, n_old: usize) {
        let Some(rgb) = self.natural.take() else { return };
        let (old, new) = self.classes.split_at_mut(n_old);
        let taken: Vec<_> = old.iter().map(|class| class.color).collect();
        let means: Vec<&[f64]> = new.iter().map(|class| class.mean.as_slice()).collect();
        let colors = natural::natural(&means, &self.bands, rgb, &taken);
        new.iter_mut().zip(colors).for_each(|(class, color)| class.color = color);
    }

    fn match_of(&self, class: &Class, reference: &Model, values: &[u32]) -> Match {
        let other = reference.class(class.value).ok();
        let is_found = values.contains(&class.value);
        let distance = |other: &Class| reference.squared_distance(&class.mean, &other.mean).sqrt();
        Match {
            value: class.value,
            like: other.map(|other| other.value),
            distance: other.filter(|_| is_found).map(distance),
        }
    }
}
