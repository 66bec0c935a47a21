//! The model file: one JSON object, readable by eye and the same byte for byte for the same model.

use std::io;
use std::path::Path;

use ndarray::Array2;
use serde::{Deserialize, Serialize};
use serde_json::ser::{Formatter, Serializer};
use serde_json::Value;

use super::guide::Guidance;
use super::{color, Band, Class, Model, Parameters, Scaling, MAX_CLASSES};
use crate::error::{Error, Result};

const FORMAT: &str = "bandcluster-model";
const VERSION: u64 = 1;

/// The file's fields, in their order.
#[derive(Serialize, Deserialize)]
struct ModelFile {
    format: String,
    version: u64,
    algorithm: Algorithm,
    parameters: ParametersFields,
    bands: Vec<BandFields>,
    scaling: ScalingFields,
    centers: Vec<Vec<f64>>,
    classes: Vec<ClassFields>,
    inertia: f64,
    n_iter: u32,
    converged: bool,
    seed: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Algorithm {
    KMeans,
}

#[derive(Serialize, Deserialize)]
struct ParametersFields {
    n_clusters: usize,
    n_init: u32,
    max_iter: u32,
    tol: f64,
    shift_tolerance: f64,
}

#[derive(Serialize, Deserialize)]
struct BandFields {
    name: String,
    nodata: Option<Number>,
    scale: f64,
    offset: f64,
    percentiles: [f64; 2],
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
        let Parameters { n_init, max_iter, tol, shift_tolerance, seed } = model.parameters;
        ModelFile {
            format: FORMAT.into(),
            version: VERSION,
            algorithm: Algorithm::KMeans,
            parameters: ParametersFields {
                n_clusters: model.n_classes(),
                n_init,
                max_iter,
                tol,
                shift_tolerance,
            },
            bands: model.bands.iter().map(BandFields::from).collect(),
            scaling: match model.scaling.clone() {
                Scaling::None => ScalingFields::None,
                Scaling::ZScore { mean, std } => ScalingFields::ZScore { mean, std },
            },
            centers: model.centers.rows().into_iter().map(|row| row.to_vec()).collect(),
            classes: model.classes.iter().map(ClassFields::from).collect(),
            inertia: model.inertia,
            n_iter: model.n_iter,
            converged: model.converged,
            seed,
        }
    }
}

impl TryFrom<ModelFile> for Model {
    type Error = Error;

    fn try_from(file: ModelFile) -> Result<Model> {
        file.check()?;
        let ParametersFields { n_init, max_iter, tol, shift_tolerance, .. } = file.parameters;
        let shape = (file.centers.len(), file.bands.len());
        Ok(Model {
            parameters: Parameters { n_init, max_iter, tol, shift_tolerance, seed: file.seed },
            bands: file.bands.into_iter().map(Band::from).collect(),
            scaling: match file.scaling {
                ScalingFields::None => Scaling::None,
                ScalingFields::ZScore { mean, std } => Scaling::ZScore { mean, std },
            },
            classes: file.classes.into_iter().map(Class::try_from).collect::<Result<_>>()?,
            centers: Array2::from_shape_fn(shape, |(class, band)| file.centers[class][band]),
            inertia: file.inertia,
            n_iter: file.n_iter,
            converged: file.converged,
            passes: 0,
            natural: None,
            guidance: Guidance::default(),
        })
    }
}

impl ModelFile {
    /// Checks what the types cannot: that lengths agree and numbers can be used.
    fn check(&self) -> Result<()> {
        let (k, n_bands) = (self.centers.len(), self.bands.len());
        if k == 0 || k > MAX_CLASSES || n_bands == 0 {
            return invalid(format!("the model is damaged: it has {k} centres and {n_bands} bands"));
        }
        if self.parameters.n_clusters != k || self.classes.len() != k {
            return invalid(format!(
                "the model is damaged: n_clusters is {}, there are {} classes and {k} centres",
                self.parameters.n_clusters,
                self.classes.len()
            ));
        }
        // Beyond this, squares overflow.
        let usable = |value: &f64| value.abs() <= 1e150;
        let per_band = |values: &Vec<f64>| values.len() == n_bands && values.iter().all(usable);
        let not_negative = |values: &[f64]| values.iter().all(|value| *value >= 0.0);
        let classes_fit = self.classes.iter().zip(1..).all(|(class, value)| {
            class.value == value && per_band(&class.mean) && per_band(&class.std) && not_negative(&class.std)
        });
        let scaling_fits = match &self.scaling {
            ScalingFields::None => true,
            ScalingFields::ZScore { mean, std } => {
                per_band(mean) && per_band(std) && std.iter().all(|std| *std > 1e-150)
            }
        };
        let ParametersFields { max_iter, n_init, tol, shift_tolerance, .. } = self.parameters;
        if !not_negative(&[tol, shift_tolerance, self.inertia]) || max_iter == 0 || n_init == 0 {
            return invalid(format!(
                "the model is damaged: tol {tol}, shift_tolerance {shift_tolerance} and inertia {} must not be negative, max_iter {max_iter} and n_init {n_init} at least 1",
                self.inertia
            ));
        }
        if let Some(name) = self.bands.iter().find_map(BandFields::unknown_nodata) {
            return invalid(format!("the model is damaged: nodata \"{name}\" is not a number"));
        }
        if !self.centers.iter().all(per_band) || !classes_fit || !scaling_fits {
            return invalid(format!(
                "the model is damaged: centers, classes (1 to {k} in order) and scaling must have {n_bands} finite numbers each, one per band"
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
        let ClassFields { value, name, count, mean, std, .. } = fields;
        Ok(Class { value, name, color, count, mean, std })
    }
}

/// Writes objects over several lines, as serde_json's pretty form does, arrays of numbers on one, and the rows of a
/// matrix on a line each.
#[derive(Default)]
struct Lines {
    /// The brackets that are open.
    open: Vec<u8>,
}

impl Lines {
    fn line<W: io::Write + ?Sized>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        self.open.iter().try_for_each(|_| writer.write_all(b"  "))
    }
}

impl Formatter for Lines {
    fn begin_object<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open.push(b'{');
        writer.write_all(b"{")
    }

    fn begin_object_key<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b"," })?;
        self.line(writer)
    }

    fn begin_object_value<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open.pop();
        self.line(writer)?;
        writer.write_all(b"}")
    }

    fn begin_array<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.open.last() == Some(&b'[') {
            self.line(writer)?;
        }
        self.open.push(b'[');
        writer.write_all(b"[")
    }

    fn begin_array_value<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn end_array<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open.pop();
        writer.write_all(b"]")
    }
}
