//! The fields of the model file, and the conversion of classes, bands and regions to and from them.

use ndarray::Array2;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    color, Band, BandWeights, Class, Dendrogram, Init, Metric, Normals, Profile, Quantiles, Regions,
};
use crate::error::{Error, Result};
use crate::wording::plain;

/// The file's fields, in their order.
#[derive(Serialize, Deserialize)]
pub struct ModelFile {
    pub format: String,
    pub version: u64,
    pub algorithm: String,
    pub parameters: Map<String, Value>,
    pub bands: Vec<BandFields>,
    pub scaling: ScalingFields,
    #[serde(default, skip_serializing_if = "BandWeights::are_equal")]
    pub band_weights: BandWeights,
    #[serde(default, skip_serializing_if = "is_euclidean")]
    pub metric: Metric,
    pub centers: Vec<Vec<f64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regions: Option<RegionsFields>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<ComponentFields>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dendrogram: Option<Dendrogram>,
    pub classes: Vec<ClassFields>,
    pub inertia: f64,
    pub n_iter: u32,
    pub converged: bool,
    pub seed: u64,
    /// The bands (from 1) whose stretched means colour the classes, unless the user chose colours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub natural_colors: Option<[usize; 3]>,
    /// Whether classes have the numbers of another model's classes, whatever their sizes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub aligned: bool,
}

/// The parameters of k-means.
#[derive(Serialize, Deserialize)]
pub struct ParametersFields {
    pub n_clusters: usize,
    pub n_init: u32,
    pub max_iter: u32,
    pub tol: f64,
    pub shift_tolerance: f64,
    /// The given starting centres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub init: Option<Init>,
    /// Whether the given centres are fixed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fix: bool,
}

/// Points, and the label of the class of each.
#[derive(Serialize, Deserialize)]
pub struct RegionsFields {
    pub points: Vec<Vec<f64>>,
    pub classes: Vec<u32>,
    pub has_noise: bool,
    /// The noise class, if it is not the last class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noise: Option<u32>,
    /// The radius of each point, if it differs from its class's radius.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub radii: Vec<Option<f64>>,
}

/// A normal distribution of a mixture, in band units, and the label of the class of its pixels.
#[derive(Clone, Serialize, Deserialize)]
pub struct ComponentFields {
    pub class: u32,
    pub weight: f64,
    pub mean: Vec<f64>,
    pub covariance: Vec<Vec<f64>>,
    /// Its radius, if it differs from its class's radius.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub radius: Option<f64>,
}

#[derive(Serialize, Deserialize)]
pub struct BandFields {
    pub name: String,
    pub nodata: Option<Number>,
    pub scale: f64,
    pub offset: f64,
    pub percentiles: [f64; 2],
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distribution: Option<Vec<f64>>,
}

/// A number, or the name of a number that JSON cannot write.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub enum Number {
    Finite(f64),
    Named(String),
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "lowercase")]
pub enum ScalingFields {
    None,
    ZScore { mean: Vec<f64>, std: Vec<f64> },
}

#[derive(Serialize, Deserialize)]
pub struct ClassFields {
    pub value: u32,
    pub name: String,
    pub color: String,
    pub count: u64,
    pub mean: Vec<f64>,
    pub std: Vec<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<Vec<Vec<f64>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distances: Option<Vec<f64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub radius: Option<f64>,
}

/// The metric of files that do not name one.
fn is_euclidean(metric: &Metric) -> bool {
    *metric == Metric::Euclidean
}

/// Regions of points as fields of the file.
pub fn regions_fields(regions: &Regions, n_classes: usize) -> RegionsFields {
    let value = |class: &u16| u32::from(*class) + 1;
    RegionsFields {
        points: rows(&regions.points),
        classes: regions.classes.iter().map(value).collect(),
        has_noise: regions.noise.is_some(),
        noise: regions.noise.as_ref().map(value).filter(|noise| *noise as usize != n_classes),
        radii: regions.radii.clone(),
    }
}

/// The normal distributions of regions, if they consist of these.
pub fn components(regions: &Regions) -> Option<Vec<ComponentFields>> {
    let normals = regions.normals.as_ref()?;
    let component = |index: usize| ComponentFields {
        class: u32::from(regions.classes[index]) + 1,
        weight: normals.weights[index],
        mean: regions.points.row(index).to_vec(),
        covariance: rows(&normals.covariances[index]),
        radius: regions.radii.get(index).copied().flatten(),
    };
    Some((0..regions.classes.len()).map(component).collect())
}

/// Regions from the fields of the file: of points, or of normal distributions.
pub fn regions(
    regions: Option<RegionsFields>,
    components: Option<Vec<ComponentFields>>,
    (n_classes, n_bands): (usize, usize),
) -> Option<Regions> {
    let classes = |values: Vec<u32>| values.iter().map(|value| (value - 1) as u16).collect();
    if let Some(components) = components {
        let means: Vec<_> = components.iter().map(|component| component.mean.clone()).collect();
        let normals = Normals {
            weights: components.iter().map(|component| component.weight).collect(),
            covariances: components
                .iter()
                .map(|component| matrix(&component.covariance, n_bands))
                .collect(),
        };
        let values = components.iter().map(|component| component.class).collect();
        let points = matrix(&means, n_bands);
        let radii: Vec<_> = components.iter().map(|component| component.radius).collect();
        let radii = if radii.iter().any(Option::is_some) { radii } else { Vec::new() };
        return Some(Regions {
            points,
            classes: classes(values),
            noise: None,
            radii,
            normals: Some(normals),
        });
    }
    regions.map(|regions| Regions {
        points: matrix(&regions.points, n_bands),
        noise: regions.has_noise.then(|| (regions.noise.unwrap_or(n_classes as u32) - 1) as u16),
        classes: classes(regions.classes),
        radii: regions.radii,
        normals: None,
    })
}

pub fn rows(matrix: &Array2<f64>) -> Vec<Vec<f64>> {
    (0..matrix.nrows()).map(|row| matrix.row(row).to_vec()).collect()
}

pub fn matrix(rows: &[Vec<f64>], n_bands: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows.len(), n_bands), |(row, band)| rows[row][band])
}

impl From<&Band> for BandFields {
    fn from(band: &Band) -> BandFields {
        let number = |value: f64| {
            if value.is_finite() {
                Number::Finite(value)
            } else {
                Number::Named(value.to_string())
            }
        };
        BandFields {
            name: band.name.clone(),
            nodata: band.nodata.map(number),
            scale: band.scale,
            offset: band.offset,
            percentiles: band.percentiles,
            distribution: band.distribution.as_ref().map(|quantiles| quantiles.values().to_vec()),
        }
    }
}

impl BandFields {
    /// A nodata value that is not a number, if it is such.
    pub fn unknown_nodata(&self) -> Option<&str> {
        match &self.nodata {
            Some(Number::Named(name)) if name.parse::<f64>().is_err() => Some(name),
            _ => None,
        }
    }
}

impl From<BandFields> for Band {
    fn from(fields: BandFields) -> Band {
        let nodata = fields.nodata.and_then(|number| match number {
            Number::Finite(value) => Some(value),
            Number::Named(name) => name.parse().ok(),
        });
        Band {
            name: plain(&fields.name),
            nodata,
            scale: fields.scale,
            offset: fields.offset,
            percentiles: fields.percentiles,
            distribution: fields.distribution.and_then(Quantiles::from_values),
        }
    }
}

impl From<&Class> for ClassFields {
    fn from(class: &Class) -> ClassFields {
        ClassFields {
            value: class.value,
            name: class.name.clone(),
            color: class.color.to_string(),
            count: class.count,
            mean: class.mean.clone(),
            std: class.std.clone(),
            correlation: class.profile.as_ref().map(|profile| rows(&profile.correlation)),
            distances: class.profile.as_ref().map(|profile| profile.distances.values().to_vec()),
            radius: class.radius,
        }
    }
}

impl TryFrom<ClassFields> for Class {
    type Error = Error;

    fn try_from(fields: ClassFields) -> Result<Class> {
        let color: color::Color = fields
            .color
            .parse()
            .map_err(|error| Error::InvalidModel(format!("the model is damaged: {error}")))?;
        let ClassFields { value, name, count, mean, std, correlation, distances, radius, .. } =
            fields;
        let correlation = correlation.map(|rows| matrix(&rows, mean.len()));
        let distances = distances.and_then(Quantiles::from_values);
        let profile = correlation
            .zip(distances)
            .map(|(correlation, distances)| Profile { correlation, distances });
        let name = plain(&name);
        Ok(Class { value, name, color, count, mean, std, profile, radius })
    }
}
