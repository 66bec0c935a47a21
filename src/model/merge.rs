//! Merging and naming classes: several classes become one, whenever the model is applied.

use std::str::FromStr;

use ndarray::{Array1, Array2, Axis};

use super::statistics::{largest_first, Fitted};
use super::{Class, Metric, Model, Profile, Quantiles, Regions};
use crate::error::{invalid_argument, Error, Result};
use crate::wording::plain;

/// Classes that become one, and its name. A group of one class only gives it a new name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The name of the new class.
    pub name: String,
    /// Their labels, from 1 to k.
    pub values: Vec<u32>,
}

impl FromStr for Group {
    type Err = Error;

    /// A group from text such as `water=1,3`.
    fn from_str(text: &str) -> Result<Group> {
        // A name may contain an equals sign, but labels do not.
        let text = plain(text);
        let (name, values) = text.rsplit_once('=').unwrap_or(("", &text));
        let values: std::result::Result<_, _> =
            values.split(',').map(|value| value.trim().parse()).collect();
        match values {
            Ok(values) if !name.trim().is_empty() => Ok(Group { name: name.trim().into(), values }),
            _ => invalid_argument(format!(
                "'{text}' is not NAME=VALUES: give a name and the values of its classes, such as \
                 water=1,3"
            )),
        }
    }
}

/// A model with merged classes, and what became of the old ones.
#[derive(Debug, Clone)]
pub struct Merged {
    /// The new model.
    pub model: Model,
    /// The new label of each old label, from label 1 up: the labels of the classes, and of
    /// unclassified pixels if there may be any.
    pub values: Vec<u32>,
}

impl Model {
    /// The model in which each group of classes is one class; the other classes stay as they are. A
    /// pixel gets the class that its old class became: the model keeps the old points (centres, or
    /// those of regions).
    ///
    /// Classes are renumbered, largest first, unless only names were given. Counts, means and
    /// standard deviations are those of all pixels of the parts, exactly (up to rounding).
    /// Correlations are computed from those of the parts, and distances are pooled. If nobody chose
    /// colours, all classes get natural ones; else a merged class has the colour of its largest
    /// part. Iterations, and the method with its parameters, are those of the old model; the
    /// inertia is about the new classes' centres.
    ///
    /// # Errors
    /// `InvalidArgument` when there is no group; when a group has no name, no class, a class that
    /// does not exist, or a class of another group; when noise is to be merged (its pixels belong
    /// to no class); when the model has not [converged](Model::converged). `InvalidModel` when the
    /// model contradicts itself, so that the inertia would be negative.
    pub fn merged(&self, groups: &[Group]) -> Result<Merged> {
        let of = |group: &Group| Group { name: plain(&group.name), values: group.values.clone() };
        let groups = &groups.iter().map(of).collect::<Vec<_>>()[..];
        self.check_groups(groups)?;
        let mut model = self.clone();
        let identity: Vec<u32> = (1..=self.n_labels() as u32).collect();
        for group in groups.iter().filter(|group| group.values.len() == 1) {
            model.set_name(group.values[0], &group.name)?;
        }
        if groups.iter().all(|group| group.values.len() == 1) {
            return Ok(Merged { model, values: identity });
        }
        let parts = parts(groups, self.n_classes());
        let mut new_of = vec![0u16; self.n_classes()];
        for (new, part) in (0..).zip(&parts) {
            part.iter().for_each(|&old| new_of[old] = new);
        }
        let statistics = self.statistics_of(&parts, &new_of);
        model.regions = Some(Regions {
            points: self.points().clone(),
            classes: self.labels().iter().map(|label| new_of[usize::from(*label) - 1]).collect(),
            noise: self.noise().map(|noise| new_of[noise]),
            radii: if self.radii_differ(&parts) { self.radii() } else { Vec::new() },
            normals: self.normals(),
        });
        model.classes = parts
            .iter()
            .enumerate()
            .map(|(new, part)| match part[..] {
                [old] => model.classes[old].clone(),
                _ => self.merged_class(part, &statistics, new, groups),
            })
            .collect();
        model.inertia = self.inertia_merged(&parts, &statistics.centers)?;
        model.centers = statistics.centers;
        model.keeps_numbers = false;
        let order = largest_first(&statistics.sizes, model.centers.view(), model.noise());
        model.renumber(&order);
        if let Some(rgb) = model.natural {
            model.color_by(rgb);
        }
        let value = |new: &u16| {
            order
                .iter()
                .zip(1..)
                .find(|(from, _)| **from == usize::from(*new))
                .map(|(_, value)| value)
        };
        let unclassified = model.has_radii().then_some(model.n_labels() as u32);
        let values = new_of.iter().filter_map(value).chain(unclassified).collect();
        Ok(Merged { model, values })
    }

    /// Whether the parts of one new class have different radii. Then each part keeps its own, so
    /// that the same pixels as before are unclassified.
    fn radii_differ(&self, parts: &[Vec<usize>]) -> bool {
        let has_own = self.regions.as_ref().is_some_and(|regions| !regions.radii.is_empty());
        let radius = |old: usize| self.classes[old].radius;
        has_own || parts.iter().any(|part| part.iter().any(|&old| radius(old) != radius(part[0])))
    }

    fn check_groups(&self, groups: &[Group]) -> Result<()> {
        if groups.is_empty() {
            return invalid_argument(
                "nothing is to be merged or named: give a name and the values of its classes",
            );
        }
        if !self.converged() {
            return invalid_argument(
                "this model has not converged, so its centres still move: refine it first, then \
                 merge",
            );
        }
        let mut taken: Vec<Option<&str>> = vec![None; self.n_classes()];
        for (index, Group { name, values }) in groups.iter().enumerate() {
            if name.trim().is_empty() {
                return invalid_argument("a class must have a name: give one, such as water=1,3");
            }
            if groups[..index].iter().any(|other| other.name == *name) {
                return invalid_argument(format!(
                    "{name} is given twice: name all of its classes at once"
                ));
            }
            if values.is_empty() {
                return invalid_argument(format!(
                    "{name} is made of no class: give the values of some"
                ));
            }
            for value in values {
                let class = self.class(*value)?;
                match taken[*value as usize - 1].replace(name) {
                    Some(other) if other == name => {
                        return invalid_argument(format!(
                            "class {value} is given twice for {name}: once is enough"
                        ))
                    }
                    Some(other) => {
                        return invalid_argument(format!(
                            "class {value} cannot be part of both {other} and {name}: choose one"
                        ))
                    }
                    None => {}
                }
                if values.len() > 1 && self.noise() == Some(*value as usize - 1) {
                    return invalid_argument(format!(
                        "class {value} ({}) is of pixels that belong to no class, and cannot be \
                         merged into {name}: leave it out",
                        class.name
                    ));
                }
            }
        }
        Ok(())
    }

    /// Counts, means and scatter of the new classes, and their centres: the old centre of a class
    /// that stays, the mean of a merged class.
    fn statistics_of(&self, parts: &[Vec<usize>], new_of: &[u16]) -> Fitted {
        let row =
            |class: &Class, values: &[f64]| Array1::from_vec(values.to_vec()) * class.count as f64;
        let shape = (self.n_classes(), self.n_bands());
        let (mut means, mut scatter) = (Array2::zeros(shape), Array2::zeros(shape));
        for (index, class) in self.classes.iter().enumerate() {
            means.row_mut(index).assign(&Array1::from_vec(class.mean.clone()));
            let squares: Vec<f64> = class.std.iter().map(|std| std * std).collect();
            scatter.row_mut(index).assign(&row(class, &squares));
        }
        let counts: Vec<u64> = self.classes.iter().map(|class| class.count).collect();
        let sizes = counts.iter().map(|count| *count as f64).collect();
        let old = Fitted {
            centers: self.centers.clone(),
            counts,
            sizes,
            means,
            scatter,
            inertia: None,
            n_iter: self.n_iter,
            converged: self.converged,
        };
        let as_regions = Regions {
            points: self.centers.clone(),
            classes: new_of.to_vec(),
            noise: None,
            radii: Vec::new(),
            normals: None,
        };
        let firsts: Vec<usize> = parts.iter().map(|part| part[0]).collect();
        let mut new = as_regions.by_class(&old, &self.centers.select(Axis(0), &firsts));
        for (index, part) in parts.iter().enumerate() {
            if part.len() > 1 && new.counts[index] > 0 {
                new.centers.row_mut(index).assign(&new.means.row(index));
            }
        }
        new
    }

    fn merged_class(
        &self,
        part: &[usize],
        statistics: &Fitted,
        new: usize,
        groups: &[Group],
    ) -> Class {
        let count = statistics.counts[new];
        let of_part = |group: &&Group| group.values.contains(&(part[0] as u32 + 1));
        let name = groups.iter().find(of_part).map_or(String::new(), |group| group.name.clone());
        // The first one if several are equally large.
        let largest =
            part.iter().rev().max_by_key(|&&old| self.classes[old].count).unwrap_or(&part[0]);
        let deviation =
            |scatter: &f64| if count == 0 { 0.0 } else { (scatter / count as f64).sqrt() };
        let mut class = Class {
            // Not a label: the name stays, whatever number the class gets.
            value: 0,
            name,
            color: self.classes[*largest].color,
            count,
            mean: statistics.centers.row(new).to_vec(),
            std: statistics.scatter.row(new).iter().map(deviation).collect(),
            profile: None,
            radius: part.iter().filter_map(|&old| self.classes[old].radius).reduce(f64::max),
        };
        class.profile =
            merged_profile(&class, part.iter().map(|&old| &self.classes[old]).collect());
        class
    }

    /// The inertia about the centres of the new classes.
    fn inertia_merged(&self, parts: &[Vec<usize>], centers: &Array2<f64>) -> Result<f64> {
        let gained = self.inertia_gained(parts, centers);
        let merged = self.inertia + gained;
        // Rounding may make it slightly negative.
        if merged < -1e-9 * (self.inertia + gained.abs()) || !merged.is_finite() {
            return Err(Error::InvalidModel(format!(
                "the model contradicts itself: its inertia is {}, and that of the merged classes \
                 would be {merged}; fit it again",
                self.inertia
            )));
        }
        Ok(merged.max(0.0))
    }

    /// By how much the pixels' squared distances from their centres grow if the new classes'
    /// centres are taken.
    fn inertia_gained(&self, parts: &[Vec<usize>], centers: &Array2<f64>) -> f64 {
        if self.metric == Metric::SpectralAngle {
            // With angles, only the points have the inertia.
            return 0.0;
        }
        let weights = self.scaling.weights(self.n_bands());
        let mut gained = 0.0;
        for (part, center) in parts.iter().zip(centers.rows()) {
            for &old in part.iter().filter(|_| part.len() > 1) {
                let Class { mean, count, .. } = &self.classes[old];
                for (band, weight) in weights.iter().enumerate() {
                    let square = |center: f64| (mean[band] - center).powi(2);
                    gained += weight
                        * weight
                        * *count as f64
                        * (square(center[band]) - square(self.centers[(old, band)]));
                }
            }
        }
        gained
    }
}

/// The old classes (0-based) of each new class, in the order of their first old classes.
fn parts(groups: &[Group], n_classes: usize) -> Vec<Vec<usize>> {
    let mut parts: Vec<Vec<usize>> = Vec::new();
    let mut done = vec![false; n_classes];
    for class in 0..n_classes {
        if done[class] {
            continue;
        }
        let group = groups.iter().find(|group| group.values.contains(&(class as u32 + 1)));
        let mut part: Vec<usize> = group.map_or(vec![class], |group| {
            group.values.iter().map(|value| *value as usize - 1).collect()
        });
        part.sort_unstable();
        part.iter().for_each(|&old| done[old] = true);
        parts.push(part);
    }
    parts
}

/// The profile of a merged class; `None` if a part with pixels has no profile.
fn merged_profile(class: &Class, parts: Vec<&Class>) -> Option<Profile> {
    let n_bands = class.mean.len();
    let mut covariance = Array2::<f64>::zeros((n_bands, n_bands));
    let mut distances = Vec::new();
    // In an aligned model, a class that was not found has neither pixels nor a profile.
    for part in parts.into_iter().filter(|part| part.count > 0) {
        distances.push((&part.profile.as_ref()?.distances, part.count));
        let offset: Vec<f64> =
            part.mean.iter().zip(&class.mean).map(|(part, all)| part - all).collect();
        let about = Array2::from_shape_fn((n_bands, n_bands), |(a, b)| offset[a] * offset[b]);
        covariance.scaled_add(
            part.count as f64 / class.count.max(1) as f64,
            &(part.covariance() + about),
        );
    }
    // As many digits as in the correlations of the parts.
    let correlation = |(a, b): (usize, usize)| match class.std[a] * class.std[b] {
        size if size > 0.0 => (covariance[(a, b)] / size * 1e6).round() / 1e6,
        _ => 0.0,
    };
    let correlation = Array2::from_shape_fn((n_bands, n_bands), correlation);
    let distances = Quantiles::mixed(&distances).or_else(|| Quantiles::of(vec![(0.0, 1.0)]))?;
    Some(Profile { correlation, distances })
}
