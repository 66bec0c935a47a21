//! The model file: one JSON object that people can read. The same model gives the same bytes.

use std::path::Path;

use serde::Serialize;
use serde_json::ser::Serializer;
use serde_json::{Map, Value};

use super::check::invalid;
use super::fields::{
    components, matrix, regions, regions_fields, rows, BandFields, ClassFields, ModelFile,
    ParametersFields, ScalingFields,
};
use super::guide::Guidance;
use super::lines::Lines;
use super::method::{Method, KMEANS};
use super::{Band, Class, Model, Parameters, Scaling, ZScore};
use crate::error::{invalid_data, Error, Result};
use crate::machine::check_room_to_read;
use crate::wording::{of_json, plain};

const FORMAT: &str = "bandcluster-model";

/// The newest version that is read. Models with band weights have it, so that an older library
/// refuses them: it would not see the weights, and label wrongly.
const VERSION: u64 = 2;

/// The version of all other models.
const VERSION_WITHOUT_WEIGHTS: u64 = 1;

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

    /// The model in a JSON text.
    ///
    /// # Errors
    /// `InvalidModel` when it is not a model, damaged, or of a newer version; `OutOfMemory`.
    pub fn from_json(text: &str) -> Result<Model> {
        // An editor may have left a byte order mark.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim().is_empty() {
            return invalid("the model is empty: give a file that bandcluster saved");
        }
        check_room_to_read(text.len(), "model")?;
        let value: Value = serde_json::from_str(text).or_else(|error| {
            invalid(format!(
                "the model is not JSON, or truncated ({}): give a file that bandcluster saved",
                of_json(&error)
            ))
        })?;
        if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
            return invalid(format!(
                "this is not a model (its \"format\" is not \"{FORMAT}\"): give a file that \
                 bandcluster saved"
            ));
        }
        match value.get("version").and_then(Value::as_u64) {
            Some(VERSION_WITHOUT_WEIGHTS..=VERSION) => {}
            Some(newer) if newer > VERSION => {
                return invalid(format!(
                    "the model is of version {newer}, this library reads up to {VERSION}: update \
                     bandcluster"
                ))
            }
            _ => {
                return invalid(format!(
                    "the model has no valid \"version\": {VERSION_WITHOUT_WEIGHTS} or {VERSION} \
                     is wanted"
                ))
            }
        }
        let file: ModelFile = serde_json::from_value(value)
            .or_else(|error| invalid(format!("the model is damaged: {}", of_json(&error))))?;
        Model::try_from(file)
    }

    /// Checks that the model can be read back after it is saved.
    ///
    /// # Errors
    /// `InvalidData` when its numbers are too large, because the pixels' values are.
    pub(crate) fn check_savable(&self) -> Result<()> {
        let file = ModelFile::from(self);
        file.checked_parameters().and_then(|_| file.check()).or_else(|error| {
            let largest = self.centers.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
            invalid_data(format!(
                "the bands have values of {largest:e} and more, whose squares are too large for a \
                 model to keep ({error}): divide the bands by a constant"
            ))
        })
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
        model.map_err(|error| match error {
            Error::OutOfMemory(_) => error,
            _ => Error::InvalidModel(format!("{}: {error}", path.display())),
        })
    }
}

impl From<&Model> for ModelFile {
    fn from(model: &Model) -> ModelFile {
        ModelFile {
            format: FORMAT.into(),
            version: if model.scaling.band_weights.are_equal() {
                VERSION_WITHOUT_WEIGHTS
            } else {
                VERSION
            },
            algorithm: model.method.name.clone(),
            parameters: parameters(model),
            bands: model.bands.iter().map(BandFields::from).collect(),
            scaling: match model.scaling.zscore.clone() {
                None => ScalingFields::None,
                Some(ZScore { mean, std }) => ScalingFields::ZScore { mean, std },
            },
            band_weights: model.scaling.band_weights.clone(),
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

/// The parameters as fields of the file: those of k-means, or the algorithm's own.
fn parameters(model: &Model) -> Map<String, Value> {
    if model.method.name != KMEANS {
        return model.method.parameters.clone();
    }
    let Parameters { n_init, max_iter, tol, shift_tolerance, seed: _, init, fix } =
        model.parameters.clone();
    let n_clusters = model.n_classes();
    let fields = ParametersFields { n_clusters, n_init, max_iter, tol, shift_tolerance, init, fix };
    match serde_json::to_value(fields) {
        Ok(Value::Object(object)) => object,
        _ => unreachable!("a struct is an object"),
    }
}

impl TryFrom<ModelFile> for Model {
    type Error = Error;

    fn try_from(file: ModelFile) -> Result<Model> {
        let parameters = file.checked_parameters()?;
        file.check()?;
        let n_bands = file.bands.len();
        let method = match file.algorithm.as_str() {
            KMEANS => Method::kmeans(),
            _ => Method { name: plain(&file.algorithm), parameters: file.parameters },
        };
        let mut model = Model {
            method,
            parameters,
            bands: file.bands.into_iter().map(Band::from).collect(),
            scaling: Scaling {
                zscore: match file.scaling {
                    ScalingFields::None => None,
                    ScalingFields::ZScore { mean, std } => Some(ZScore { mean, std }),
                },
                band_weights: file.band_weights.for_bands(n_bands)?,
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
        // Colours that were changed in the file by hand count as chosen.
        let natural = file.natural_colors.map(|rgb| rgb.map(|band| band - 1));
        model.natural = natural.filter(|rgb| {
            model
                .natural_colors_of(*rgb)
                .into_iter()
                .eq(model.classes.iter().map(|class| class.color))
        });
        Ok(model)
    }
}
