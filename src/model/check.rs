//! Checks of a model file beyond the types of its fields: lengths agree and numbers are usable.

use serde_json::Value;

use super::fields::{
    regions, ComponentFields, ModelFile, ParametersFields, RegionsFields, ScalingFields,
};
use super::init::{Init, LARGEST};
use super::method::KMEANS;
use super::{Metric, Parameters, Quantiles, MAX_CLASSES};
use crate::error::{Error, Result};
use crate::wording::of_json;

/// The error that a text is not a model.
pub(super) fn invalid<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::InvalidModel(message.into()))
}

/// The error that a field of a model is damaged.
fn damaged<T>(what: impl AsRef<str>) -> Result<T> {
    invalid(format!("the model is damaged: {}", what.as_ref()))
}

impl ModelFile {
    /// The parameters of the refinement, checked.
    pub fn checked_parameters(&self) -> Result<Parameters> {
        let seed = self.seed;
        if self.algorithm != KMEANS {
            if self.regions.is_none() && self.components.is_none() {
                return invalid(format!(
                    "the model is of algorithm \"{}\", but has neither regions nor components: \
                     update bandcluster, or fit again",
                    self.algorithm
                ));
            }
            return Ok(Parameters::of_seed(seed));
        }
        let fields = serde_json::from_value(Value::Object(self.parameters.clone()));
        let ParametersFields { n_clusters, n_init, max_iter, tol, shift_tolerance, init, fix } =
            fields.or_else(|error| damaged(format!("parameters: {}", of_json(&error))))?;
        let k = self.centers.len();
        if n_clusters != k {
            return damaged(format!("n_clusters is {n_clusters}, and there are {k} centres"));
        }
        if !is_not_negative(&[tol, shift_tolerance]) || max_iter == 0 || n_init == 0 {
            return damaged(format!(
                "tol {tol} and shift_tolerance {shift_tolerance} must not be negative, max_iter \
                 {max_iter} and n_init {n_init} at least 1"
            ));
        }
        let n_bands = self.n_bands();
        if let Some(other) = init.as_ref().map(Init::n_bands).filter(|bands| *bands != n_bands) {
            return damaged(format!(
                "the centres of init have {other} bands, and there are {n_bands}"
            ));
        }
        Ok(Parameters { n_init, max_iter, tol, shift_tolerance, seed, init, fix })
    }

    /// Checks everything but the parameters.
    pub fn check(&self) -> Result<()> {
        self.check_sizes()?;
        self.check_bands()?;
        self.check_band_weights()?;
        self.check_metric()?;
        self.check_components()?;
        self.check_regions()?;
        self.check_dendrogram()?;
        self.check_classes()
    }

    fn n_bands(&self) -> usize {
        self.bands.len()
    }

    /// Whether there is a usable number for each band.
    fn is_per_band(&self, values: &[f64]) -> bool {
        values.len() == self.n_bands() && values.iter().all(|value| value.abs() <= LARGEST)
    }

    /// Whether there is such a row for each band.
    fn is_square(&self, rows: &[Vec<f64>]) -> bool {
        rows.len() == self.n_bands() && rows.iter().all(|row| self.is_per_band(row))
    }

    fn check_sizes(&self) -> Result<()> {
        let (k, n_bands) = (self.centers.len(), self.n_bands());
        if k == 0 || k > MAX_CLASSES || n_bands == 0 {
            return damaged(format!("it has {k} centres and {n_bands} bands"));
        }
        if self.classes.len() != k {
            return damaged(format!("there are {} classes and {k} centres", self.classes.len()));
        }
        if !is_not_negative(&[self.inertia]) {
            return damaged(format!("inertia {} must not be negative", self.inertia));
        }
        Ok(())
    }

    fn check_bands(&self) -> Result<()> {
        let n_bands = self.n_bands();
        if !self
            .bands
            .iter()
            .all(|band| band.distribution.as_ref().is_none_or(|values| are_quantiles(values)))
        {
            let n_quantiles = Quantiles::FRACTIONS.len();
            return damaged(format!(
                "a band's distribution must be {n_quantiles} ascending numbers"
            ));
        }
        if let Some(band) =
            self.natural_colors.iter().flatten().find(|band| !(1..=n_bands).contains(band))
        {
            return damaged(format!("natural_colors names band {band} of {n_bands}"));
        }
        match self.bands.iter().find_map(|band| band.unknown_nodata()) {
            Some(name) => damaged(format!("nodata \"{name}\" is not a number")),
            None => Ok(()),
        }
    }

    fn check_band_weights(&self) -> Result<()> {
        if let Err(error) = self.band_weights.for_bands(self.n_bands()) {
            return damaged(error.to_string());
        }
        if self.components.is_some() && !self.band_weights.are_equal() {
            return damaged("components do not go with band_weights");
        }
        Ok(())
    }

    fn check_metric(&self) -> Result<()> {
        let is_plain = self.components.is_none()
            && self.band_weights.are_equal()
            && matches!(self.scaling, ScalingFields::None);
        if self.metric == Metric::SpectralAngle && !is_plain {
            return damaged(
                "metric spectral_angle goes with neither components nor scaling nor band_weights",
            );
        }
        Ok(())
    }

    fn check_components(&self) -> Result<()> {
        let Some(components) = &self.components else { return Ok(()) };
        let (k, n_bands) = (self.centers.len(), self.n_bands());
        let fits = |component: &ComponentFields| {
            (1..=k as u32).contains(&component.class)
                && component.weight > 0.0
                && component.weight <= 1.0 + 1e-9
                && component.radius.is_none_or(|radius| is_not_negative(&[radius]))
                && self.is_per_band(&component.mean)
                && self.is_square(&component.covariance)
        };
        let number_fits = (1..=MAX_CLASSES).contains(&components.len()) && self.regions.is_none();
        let mixture = || {
            regions(None, Some(components.clone()), (k, n_bands)).and_then(|made| made.mixture())
        };
        if number_fits && components.iter().all(fits) && mixture().is_some() {
            return Ok(());
        }
        damaged(format!(
            "components must have a class from 1 to {k}, a weight above 0, a mean of {n_bands} \
             numbers and a positive definite covariance each"
        ))
    }

    fn check_regions(&self) -> Result<()> {
        let Some(RegionsFields { points, classes, noise, radii, .. }) = &self.regions else {
            return Ok(());
        };
        let (k, n_bands) = (self.centers.len(), self.n_bands());
        let classes_fit = classes.iter().chain(noise).all(|value| (1..=k as u32).contains(value));
        let numbers_fit = points.len() == classes.len()
            && (1..=MAX_CLASSES).contains(&points.len())
            && (radii.is_empty() || radii.len() == points.len());
        let radii_fit = radii.iter().flatten().all(|radius| is_not_negative(&[*radius]));
        if classes_fit
            && numbers_fit
            && radii_fit
            && points.iter().all(|point| self.is_per_band(point))
        {
            return Ok(());
        }
        damaged(format!(
            "regions must have a class from 1 to {k} and {n_bands} finite numbers each"
        ))
    }

    fn check_dendrogram(&self) -> Result<()> {
        let n_regions = self.regions.as_ref().map_or(0, |regions| regions.points.len());
        if self.dendrogram.as_ref().is_none_or(|dendrogram| dendrogram.fits(n_regions)) {
            return Ok(());
        }
        damaged(format!("the dendrogram must join its {n_regions} regions, each cluster once"))
    }

    fn check_classes(&self) -> Result<()> {
        let (k, n_bands) = (self.centers.len(), self.n_bands());
        let classes_fit = self.classes.iter().zip(1..).all(|(class, value)| {
            class.value == value
                && self.is_per_band(&class.mean)
                && self.is_per_band(&class.std)
                && is_not_negative(&class.std)
                && class.correlation.as_ref().is_none_or(|rows| self.is_square(rows))
                && class.distances.as_ref().is_none_or(|values| are_quantiles(values))
                && class.radius.is_none_or(|radius| is_not_negative(&[radius]))
        });
        let scaling_fits = match &self.scaling {
            ScalingFields::None => true,
            ScalingFields::ZScore { mean, std } => {
                self.is_per_band(mean)
                    && self.is_per_band(std)
                    && std.iter().all(|std| *std > 1.0 / LARGEST)
            }
        };
        if classes_fit && scaling_fits && self.centers.iter().all(|center| self.is_per_band(center))
        {
            return Ok(());
        }
        damaged(format!(
            "centers, classes (1 to {k} in order) and scaling must have {n_bands} finite numbers \
             each, one per band, distances must ascend, and a radius not be negative"
        ))
    }
}

fn are_quantiles(values: &[f64]) -> bool {
    Quantiles::from_values(values.to_vec()).is_some()
}

/// Whether these are numbers from 0 up. Infinity is not accepted: JSON cannot write it.
fn is_not_negative(values: &[f64]) -> bool {
    values.iter().all(|value| (0.0..=f64::MAX).contains(value))
}
