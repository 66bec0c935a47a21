//! The model file: one JSON object, readable by eye and the same byte for byte for the same model.

use std::path::Path;

use ndarray::Array2;
use serde::{Deserialize, Serialize};
use serde_json::ser::Serializer;
use serde_json::{Map, Value};

use super::guide::Guidance;
use super::lines::Lines;
use super::method::{Method, KMEANS};
use super::{
    color, Band, Class, Dendrogram, Metric, Model, Normals, Parameters, Profile, Quantiles, Regions, Scaling,
    MAX_CLASSES,
};
use crate::error::{Error, Result};

const FORMAT: &str = "bandcluster-model";
const VERSION: u64 = 1;

/// The file's fields, in their order.
#[derive(Serialize, Deserialize)]
struct ModelFile {
    format: String,
    version: u64,
    algorithm: String,
    parameters: Map<String, Value>,
    bands: Vec<BandFields>,
    scaling: ScalingFields,
    #[serde(default, skip_serializing_if = "is_euclidean")]
    metric: Metric,
    centers: Vec<Vec<f64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    regions: Option<RegionsFields>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    components: Option<Vec<ComponentFields>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dendrogram: Option<Dendrogram>,
    classes: Vec<ClassFields>,
    inertia: f64,
    n_iter: u32,
    converged: bool,
    seed: u64,
    /// The bands (from 1) whose stretched means colour the classes, unless somebody chose colours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    natural_colors: Option<[usize; 3]>,
    /// Whether classes have the numbers of another model's, whatever their sizes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    aligned: bool,
}

/// The parameters of k-means.
#[derive(Serialize, Deserialize)]
struct ParametersFields {
    n_clusters: usize,
    n_init: u32,
    max_iter: u32,
    tol: f64,
    shift_tolerance: f64,
}

/// Points, and the value of the class that each belongs to.
#[derive(Serialize, Deserialize)]
struct RegionsFields {
    points: Vec<Vec<f64>>,
    classes: Vec<u32>,
    has_noise: bool,
    /// The class that is noise, where it is not the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    noise: Option<u32>,
    /// How far each point reaches, where this is not as far as its class does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    radii: Vec<Option<f64>>,
}

/// A normal distribution of a mixture, in band units, and the value of the class that its pixels belong to.
#[derive(Clone, Serialize, Deserialize)]
struct ComponentFields {
    class: u32,
    weight: f64,
    mean: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    /// How far it reaches, where this is not as far as its class does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    radius: Option<f64>,
}

#[derive(Serialize, Deserialize)]
struct BandFields {
    name: String,
    nodata: Option<Number>,
    scale: f64,
    offset: f64,
    percentiles: [f64; 2],
    #[serde(default, skip_serializing_if = "Option::is_none")]
    distribution: Option<Vec<f64>>,
}

/// A number, or the name of one that JSON does not have.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Number {
    Finite(f64),
    Named(String),
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "lowercase")]
enum ScalingFields {
    None,
    ZScore { mean: Vec<f64>, std: Vec<f64> },
}

#[derive(Serialize, Deserialize)]
struct ClassFields {
    value: u32,
    name: String,
    color: String,
    count: u64,
    mean: Vec<f64>,
    std: Vec<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    correlation: Option<Vec<Vec<f64>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    distances: Option<Vec<f64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    radius: Option<f64>,
}

/// The metric of files that do not tell.
fn is_euclidean(metric: &Metric) -> bool {
    *metric == Metric::Euclidean
}

impl Model {
    /// The model as JSON text that ends with a line break.
    pub fn to_json(&self) -> String {
        let mut text = Vec::new();
        let mut serializer = Serializer::with_formatter(&mut text, Lines::default());
        ModelFile::from(self)
            .serialize(&mut serializer)
            .expect("a vector takes every byte, and every key is a string");
        text.push(b'\n');
        String::from_utf8(text).expect("serde_json writes UTF-8")
    }

    /// The model that a JSON text holds.
    ///
    /// # Errors
    /// `InvalidModel` when it is not a model, damaged, or of a newer version.
    pub fn from_json(text: &str) -> Result<Model> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text); // a byte order mark that an editor left
        if text.trim().is_empty() {
            return invalid("the model is empty: give a file that bandcluster saved");
        }
        let value: Value = serde_json::from_str(text).or_else(|error| {
            invalid(format!(
                "the model is not JSON, or truncated ({error}): give a file that bandcluster saved"
            ))
        })?;
        if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
            return invalid(format!("this is not a model (its \"format\" is not \"{FORMAT}\"): give a file that bandcluster saved"));
        }
        match value.get("version").and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(newer) if newer > VERSION => {
                return invalid(format!(
                    "the model is of version {newer}, this library reads {VERSION}: update bandcluster"
                ))
            }
            _ => return invalid(format!("the model has no valid \"version\": {VERSION} is wanted")),
        }
        let file: ModelFile = serde_json::from_value(value)
            .or_else(|error| invalid(format!("the model is damaged: {error}")))?;
        Model::try_from(file)
    }

    /// Writes the model to a file, which appears only when complete.
    ///
    /// # Errors
    /// `Io` when it cannot be written.
    pub fn save(&self, path: &Path) -> Result<()> {
        crate::file::write(path, self.to_json().as_bytes())
    }

    /// Reads a model from a file.
    ///
    /// # Errors
    /// `Io` when it cannot be read; as [`Model::from_json`], naming the file.
    pub fn load(path: &Path) -> Result<Model> {
        let bytes = crate::file::read(path)?;
        let model = match std::str::from_utf8(&bytes) {
            Ok(text) => Model::from_json(text),
            Err(_) => invalid("this is not a model (not text): give a file that bandcluster saved"),
        };
        model.map_err(|error| Error::InvalidModel(format!("{}: {error}", path.display())))
    }
}

fn invalid<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::InvalidModel(message.into()))
}

impl From<&Model> for ModelFile {
    fn from(model: &Model) -> ModelFile {
        ModelFile {
            format: FORMAT.into(),
            version: VERSION,
            algorithm: model.method.name.clone(),
            parameters: parameters(model),
            bands: model.bands.iter().map(BandFields::from).collect(),
            scaling: match model.scaling.clone() {
                Scaling::None => ScalingFields::None,
                Scaling::ZScore { mean, std } => ScalingFields::ZScore { mean, std },
            },
            metric: model.metric,
            centers: rows(&model.centers),
            regions: model
                .regions
                .as_ref()
                .filter(|regions| regions.normals.is_none())
                .map(|regions| regions_fields(regions, model.n_classes())),
            components: model.regions.as_ref().and_then(components),
            dendrogram: model.dendrogram.clone(),
            classes: model.classes.iter().map(ClassFields::from).collect(),
            inertia: model.inertia,
            n_iter: model.n_iter,
            converged: model.converged,
            seed: model.parameters.seed,
            natural_colors: model.natural.map(|rgb| rgb.map(|band| band + 1)),
            aligned: model.keeps_numbers,
        }
    }
}

/// Regions of points as files have them.
fn regions_fields(regions: &Regions, n_classes: usize) -> RegionsFields {
    let value = |class: &u16| u32::from(*class) + 1;
    RegionsFields {
        points: rows(&regions.points),
        classes: regions.classes.iter().map(value).collect(),
        has_noise: regions.noise.is_some(),
        noise: regions.noise.as_ref().map(value).filter(|noise| *noise as usize != n_classes),
        radii: regions.radii.clone(),
    }
}

/// The normal distributions of regions, if these are what they are made of.
fn components(regions: &Regions) -> Option<Vec<ComponentFields>> {
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

/// Regions as files have them: of points, or of normal distributions.
fn regions(
    regions: Option<RegionsFields>,
    components: Option<Vec<ComponentFields>>,
    (n_classes, n_bands): (usize, usize),
) -> Option<Regions> {
    let classes = |values: Vec<u32>| values.iter().map(|value| (value - 1) as u16).collect();
    if let Some(components) = components {
        let means: Vec<_> = components.iter().map(|component| component.mean.clone()).collect();
        let normals = Normals {
            weights: components.iter().map(|component| component.weight).collect(),
            covariances: components.iter().map(|component| matrix(&component.covariance, n_bands)).collect(),
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

/// The parameters as the file has them: those of k-means, or the other algorithm's own.
fn parameters(model: &Model) -> Map<String, Value> {
    if model.method.name != KMEANS {
        return model.method.parameters.clone();
    }
    let Parameters { n_init, max_iter, tol, shift_tolerance, .. } = model.parameters;
    let fields = ParametersFields { n_clusters: model.n_classes(), n_init, max_iter, tol, shift_tolerance };
    match serde_json::to_value(fields) {
        Ok(Value::Object(object)) => object,
        _ => unreachable!("a struct of numbers is an object"),
    }
}

fn rows(matrix: &Array2<f64>) -> Vec<Vec<f64>> {
    matrix.rows().into_iter().map(|row| row.to_vec()).collect()
}

fn matrix(rows: &[Vec<f64>], n_bands: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows.len(), n_bands), |(row, band)| rows[row][band])
}

impl TryFrom<ModelFile> for Model {
    type Error = Error;

    fn try_from(file: ModelFile) -> Result<Model> {
        let parameters = file.checked_parameters()?;
        file.check()?;
        let n_bands = file.bands.len();
        let method = match file.algorithm.as_str() {
            KMEANS => Method::kmeans(),
            _ => Method { name: file.algorithm, parameters: file.parameters },
        };
        let mut model = Model {
            method,
            parameters,
            bands: file.bands.into_iter().map(Band::from).collect(),
            scaling: match file.scaling {
                ScalingFields::None => Scaling::None,
                ScalingFields::ZScore { mean, std } => Scaling::ZScore { mean, std },
            },
            metric: file.metric,
            classes: file.classes.into_iter().map(Class::try_from).collect::<Result<_>>()?,
            centers: matrix(&file.centers, n_bands),
            regions: regions(file.regions, file.components, (file.centers.len(), n_bands)),
            dendrogram: file.dendrogram,
            inertia: file.inertia,
            n_iter: file.n_iter,
            converged: file.converged,
            passes: 0,
            natural: None,
            keeps_numbers: file.aligned,
            guidance: Guidance::default(),
        };
        // Colours that were changed in the file by hand are chosen ones.
        let natural = file.natural_colors.map(|rgb| rgb.map(|band| band - 1));
        model.natural = natural.filter(|rgb| {
            model.natural_colors_of(*rgb).into_iter().eq(model.classes.iter().map(|class| class.color))
        });
        Ok(model)
    }
}

impl ModelFile {
    /// The parameters that a refinement goes by.
    fn checked_parameters(&self) -> Result<Parameters> {
        let seed = self.seed;
        if self.algorithm != KMEANS {
            if self.regions.is_none() && self.components.is_none() {
                return invalid(format!(
                    "the model is of algorithm \"{}\", but has neither regions nor components: update bandcluster, or fit again",
                    self.algorithm
                ));
            }
            return Ok(Parameters { n_init: 1, max_iter: 1, tol: 0.0, shift_tolerance: 0.0, seed });
        }
        let fields = serde_json::from_value(Value::Object(self.parameters.clone()));
        let ParametersFields { n_clusters, n_init, max_iter, tol, shift_tolerance } =
            fields.or_else(|error| invalid(format!("the model is damaged: parameters: {error}")))?;
        let k = self.centers.len();
        if n_clusters != k {
            return invalid(format!(
                "the model is damaged: n_clusters is {n_clusters}, and there are {k} centres"
            ));
        }
        if !(tol >= 0.0 && shift_tolerance >= 0.0) || max_iter == 0 || n_init == 0 {
            return invalid(format!(
                "the model is damaged: tol {tol} and shift_tolerance {shift_tolerance} must not be negative, max_iter {max_iter} and n_init {n_init} at least 1"
            ));
        }
        Ok(Parameters { n_init, max_iter, tol, shift_tolerance, seed })
    }

    /// Checks what the types cannot: that lengths agree and numbers can be used.
    fn check(&self) -> Result<()> {
        let (k, n_bands) = (self.centers.len(), self.bands.len());
        if k == 0 || k > MAX_CLASSES || n_bands == 0 {
            return invalid(format!("the model is damaged: it has {k} centres and {n_bands} bands"));
        }
        if self.classes.len() != k {
            return invalid(format!(
                "the model is damaged: there are {} classes and {k} centres",
                self.classes.len()
            ));
        }
        // Beyond this, squares overflow.
        let usable = |value: &f64| value.abs() <= 1e150;
        let per_band = |values: &Vec<f64>| values.len() == n_bands && values.iter().all(usable);
        let not_negative = |values: &[f64]| values.iter().all(|value| *value >= 0.0);
        let quantiles_fit =
            |values: &Option<Vec<f64>>| values.clone().is_none_or(|v| Quantiles::from_values(v).is_some());
        if !self.bands.iter().all(|band| quantiles_fit(&band.distribution)) {
            return invalid(format!(
                "the model is damaged: a band's distribution must be {} ascending numbers",
                Quantiles::FRACTIONS.len()
            ));
        }
        let classes_fit = self.classes.iter().zip(1..).all(|(class, value)| {
            class.value == value
                && per_band(&class.mean)
                && per_band(&class.std)
                && not_negative(&class.std)
                && class
                    .correlation
                    .as_ref()
                    .is_none_or(|rows| rows.len() == n_bands && rows.iter().all(per_band))
        });
        let scaling_fits = match &self.scaling {
            ScalingFields::None => true,
            ScalingFields::ZScore { mean, std } => {
                per_band(mean) && per_band(std) && std.iter().all(|std| *std > 1e-150)
            }
        };
        if !not_negative(&[self.inertia]) {
            return invalid(format!("the model is damaged: inertia {} must not be negative", self.inertia));
        }
        if self.metric == Metric::SpectralAngle
            && (self.components.is_some() || !matches!(self.scaling, ScalingFields::None))
        {
            return invalid(
                "the model is damaged: metric spectral_angle goes with neither components nor scaling",
            );
        }
        if let Some(components) = &self.components {
            let fit = |component: &ComponentFields| {
                let rows = &component.covariance;
                (1..=k as u32).contains(&component.class)
                    && component.weight > 0.0
                    && component.weight <= 1.0 + 1e-9
                    && component.radius.is_none_or(|radius| radius >= 0.0)
                    && per_band(&component.mean)
                    && rows.len() == n_bands
                    && rows.iter().all(per_band)
            };
            let number_fits = (1..=MAX_CLASSES).contains(&components.len()) && self.regions.is_none();
            let sound = number_fits && components.iter().all(fit);
            if !sound
                || regions(None, self.components.clone(), (k, n_bands)).and_then(|r| r.mixture()).is_none()
            {
                return invalid(format!(
                    "the model is damaged: components must have a class from 1 to {k}, a weight above 0, a mean of {n_bands} numbers and a positive definite covariance each"
                ));
            }
        }
        if let Some(RegionsFields { points, classes, noise, radii, .. }) = &self.regions {
            let in_range = classes.iter().chain(noise).all(|value| (1..=k as u32).contains(value));
            let fit = points.len() == classes.len() && (1..=MAX_CLASSES).contains(&points.len());
            let fit = fit && (radii.is_empty() || radii.len() == points.len());
            let fit = fit && radii.iter().flatten().all(|radius| *radius >= 0.0);
            if !fit || !in_range || !points.iter().all(per_band) {
                return invalid(format!(
                    "the model is damaged: regions must have a class from 1 to {k} and {n_bands} finite numbers each"
                ));
            }
        }
        let n_regions = self.regions.as_ref().map_or(0, |regions| regions.points.len());
        if self.dendrogram.as_ref().is_some_and(|dendrogram| !dendrogram.fits(n_regions)) {
            return invalid(format!(
                "the model is damaged: the dendrogram must join its {n_regions} regions, each cluster once"
            ));
        }
        if let Some(band) = self.natural_colors.iter().flatten().find(|band| !(1..=n_bands).contains(band)) {
            return invalid(format!("the model is damaged: natural_colors names band {band} of {n_bands}"));
        }
        if let Some(name) = self.bands.iter().find_map(BandFields::unknown_nodata) {
            return invalid(format!("the model is damaged: nodata \"{name}\" is not a number"));
        }
        if !self.centers.iter().all(per_band) || !classes_fit || !scaling_fits {
            return invalid(format!(
                "the model is damaged: centers, classes (1 to {k} in order) and scaling must have {n_bands} finite numbers each, one per band, distances must ascend, and a radius not be negative"
            ));
        }
        Ok(())
    }
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
    /// A nodata value that is no number, if it is one.
    fn unknown_nodata(&self) -> Option<&str> {
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
            name: fields.name,
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
        let ClassFields { value, name, count, mean, std, correlation, distances, radius, .. } = fields;
        let correlation = correlation.map(|rows| matrix(&rows, mean.len()));
        let distances = distances.and_then(Quantiles::from_values);
        let profile =
            correlation.zip(distances).map(|(correlation, distances)| Profile { correlation, distances });
        Ok(Class { value, name, color, count, mean, std, profile, radius })
    }
}
