//! The class radius: pixels beyond it are unclassified.

use super::{Class, Color, Model};
use crate::error::{invalid_argument, Result};

/// The name of the pixels beyond the radius of every class.
const UNCLASSIFIED: &str = "unclassified";

/// A grey that differs from nodata (transparent) and from classes.
const GREY: Color = Color { r: 190, g: 190, b: 190 };

/// Checks a class radius alone.
///
/// # Errors
/// `InvalidArgument` when it is not a number above 0.
pub fn check_max_distance(distance: f64) -> Result<()> {
    if distance > 0.0 && distance.is_finite() {
        return Ok(());
    }
    invalid_argument(format!("the largest distance is {distance}: give a number above 0"))
}

/// Checks the quantile of a class radius alone.
///
/// # Errors
/// `InvalidArgument` when it is not above 0 and at most 1.
pub fn check_radius_quantile(fraction: f64) -> Result<()> {
    if fraction > 0.0 && fraction <= 1.0 {
        return Ok(());
    }
    invalid_argument(format!(
        "the quantile of distances is {fraction}: give a fraction above 0 and up to 1, such as \
         0.99"
    ))
}

impl Model {
    /// Gives every class except noise the same radius, in (scaled) band units: from now on, pixels
    /// farther than this from their centre, or from the nearest point of their class's regions, are
    /// unclassified.
    ///
    /// # Errors
    /// `InvalidArgument` when it is not a number above 0, or there is no label left for
    /// unclassified pixels.
    pub fn set_max_distance(&mut self, distance: f64) -> Result<()> {
        check_max_distance(distance)?;
        self.set_radii(|_| Some(distance))
    }

    /// Gives every class except noise a radius of its own: the distance within which this fraction
    /// of its training pixels lies.
    ///
    /// # Errors
    /// `InvalidArgument` when it is not above 0 and at most 1, the model has no distances (it was
    /// fitted by an older version), or there is no label left for unclassified pixels.
    pub fn set_radius_quantile(&mut self, fraction: f64) -> Result<()> {
        check_radius_quantile(fraction)?;
        // A class without pixels needs no profile.
        if self.classes.iter().any(|class| class.profile.is_none() && class.count > 0) {
            return invalid_argument(
                "the model does not tell the distances of its training pixels: fit it again, or \
                 give a largest distance",
            );
        }
        self.set_radii(|class| class.profile.as_ref().map(|profile| profile.distances.at(fraction)))
    }

    /// Removes all class radii: every pixel belongs to the nearest class.
    pub fn clear_radii(&mut self) {
        self.classes.iter_mut().for_each(|class| class.radius = None);
        self.regions.iter_mut().for_each(|regions| regions.radii.clear());
    }

    fn set_radii(&mut self, radius: impl Fn(&Class) -> Option<f64>) -> Result<()> {
        if self.n_classes() == super::MAX_CLASSES {
            return invalid_argument(format!(
                "{} classes leave no label for unclassified pixels: ask for fewer",
                self.n_classes()
            ));
        }
        let noise = self.noise();
        let of_clusters =
            self.classes.iter_mut().enumerate().filter(|(class, _)| Some(*class) != noise);
        of_clusters.for_each(|(_, class)| class.radius = radius(class));
        self.regions.iter_mut().for_each(|regions| regions.radii.clear());
        Ok(())
    }

    /// The radius of each point: its class's, unless it has a radius of its own.
    pub(super) fn radii(&self) -> Vec<Option<f64>> {
        match &self.regions {
            Some(regions) if !regions.radii.is_empty() => regions.radii.clone(),
            _ => self
                .labels()
                .iter()
                .map(|label| self.classes[usize::from(*label) - 1].radius)
                .collect(),
        }
    }

    /// Whether pixels may be unclassified: some class has a radius.
    pub fn has_radii(&self) -> bool {
        self.classes.iter().any(|class| class.radius.is_some())
    }

    /// The largest label that predict gives: the number of classes, or one more if pixels may be
    /// unclassified.
    pub fn n_labels(&self) -> usize {
        self.n_classes() + usize::from(self.has_radii())
    }

    /// What maps show under a label: a class, or unclassified pixels.
    ///
    /// # Errors
    /// `InvalidArgument` when predict gives no such label.
    pub fn label_shown(&self, value: u32) -> Result<Class> {
        match self.legend().into_iter().nth((value as usize).wrapping_sub(1)) {
            Some(class) => Ok(class),
            None => self.class(value).cloned(),
        }
    }

    /// What maps show, by label from 1 up: the classes, and an entry for unclassified pixels if
    /// there may be any.
    pub fn legend(&self) -> Vec<Class> {
        let mut legend = self.classes.clone();
        if self.has_radii() {
            let value = self.n_labels() as u32;
            legend.push(Class { name: UNCLASSIFIED.into(), color: GREY, ..Class::unnamed(value) });
        }
        legend
    }
}
