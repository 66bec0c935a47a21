//! Give the classes of a model to another image.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::correction::{self, Numbers};
use super::drift;
use super::face::Face;
use super::files::{shown, Files};
use super::labelling::{self, Labelled, Wanted};
use super::memory::Plan;
use super::options::{named, parse_colors, required, MapOptions, OneOrMany, Reading, RunOptions};
use super::output_names::Names;
use super::page::{self, Told};
use super::passes::sample_bytes;
use super::radius::RadiusOptions;
use super::record::{BandPair, Classified, PredictFacts, Record};
use super::scenes::SceneFiles;
use super::warnings;
use crate::error::{Error, Result};
use crate::gdal::{LabelWriter, Scene, SceneBand};
use crate::model::{Band, Model};
use crate::progress::Run;
use crate::raster::LabelType;

/// Give the classes of a model to another image.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("required" = ["model", "input", "output"]))]
pub struct Predict {
    /// The model's file.
    pub model: PathBuf,
    /// The scene, with the model's bands: its file, in any format that GDAL reads, or a Sentinel-2
    /// product (.SAFE, zip); or the files of its bands.
    pub input: SceneFiles,
    /// Map of classes to write, a GeoTIFF: 0 is nodata.
    pub output: PathBuf,
    /// What to multiply the scene's samples with before they meet the model, for all bands or one
    /// per band. Default: as the model's and the scene's own scale and offset say, where both have
    /// them.
    pub multiply: Option<Numbers>,
    /// What to add to them after that.
    pub add: Option<Numbers>,
    /// Colours of the classes from 1 to k, by name or as #rrggbb, in a list or a text with commas;
    /// or `palette:NAME`. Default: the model's.
    pub colors: Option<OneOrMany<String>>,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub reading: Reading,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub map: MapOptions,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub radius: RadiusOptions,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub run: RunOptions,
}

impl Predict {
    pub(super) fn run(&self, face: &dyn Face, run: &mut Run) -> Result<Classified> {
        let mut record = Record::new("predict");
        let model = self.checked_model()?;
        let corrections = (self.multiply.as_ref(), self.add.as_ref());
        let (scene, corrections) = correction::corrected(self.scene_of(&model)?, &model, corrections)?;
        let scenes = [scene];
        record.plan(self.plan(&scenes[0], &model, run.threads())?, &self.run, face);
        let (Labelled { mut files, tally, pictures }, sample) =
            labelling::label(&scenes[0], &model, &self.wanted()?, run, &mut record)?;
        let drift = drift::compared(&model, &sample)?;
        let found = drift.as_ref().map(|drift| drift.warnings.clone()).unwrap_or_default();
        let told = Told {
            scenes: &scenes,
            model: &model,
            model_file: Some(&self.model),
            tally: &tally,
            pictures: &pictures,
            masked_by: self.reading.masked_by(),
            warnings: &found,
            drift: drift.as_ref(),
            predicted: true,
        };
        files.extend(page::write(self.map.report.as_deref(), &told, &self.run, face)?);
        labelling::commit(files, run)?;
        let mut outcome = record.classified(&scenes, &model, &tally, self.files());
        // What a model is made of was told when it was made.
        outcome.warnings.splice(0..0, found);
        outcome.warnings.extend(warnings::of_alpha_bands(&scenes));
        let bands = pairs(&model, &scenes[0]);
        let predicted = Some(PredictFacts { bands, corrections, drift });
        Ok(Classified { fitted: None, predicted, ..outcome })
    }

    /// The model, coloured and with the radii as asked; all else that can be checked before the
    /// scene is opened is, too.
    pub(super) fn checked_model(&self) -> Result<Model> {
        required("model", !self.model.as_os_str().is_empty())?;
        required("input", !self.input.values().is_empty())?;
        required("output", !self.output.as_os_str().is_empty())?;
        let colors = parse_colors(self.colors.as_ref())?;
        self.map.after()?;
        self.radius.check()?;
        correction::check(self.multiply.as_ref(), self.add.as_ref())?;
        self.run.memory_bytes()?;
        self.names().check(&self.run)?;
        let mut model = Model::load(&self.model)?;
        named("colors", labelling::paint(&mut model, colors.as_ref()))?;
        self.radius.apply(&mut model)?;
        Ok(model)
    }

    /// The scene with the bands that the model wants: those chosen; else those with the model's
    /// names; else all.
    fn scene_of(&self, model: &Model) -> Result<Scene> {
        let names: Vec<_> = model.bands.iter().map(|band| band.name.as_str()).collect();
        let scene = self.reading.open_named(&self.input, &names)?;
        check_bands(model, &scene)?;
        Ok(scene)
    }

    fn plan(&self, scene: &Scene, model: &Model, threads: usize) -> Result<Plan> {
        let label_type = LabelType::for_classes(model.n_labels());
        let map_bytes = LabelWriter::most_bytes(scene.width(), label_type, self.map.confidence.is_some());
        Ok(Plan::for_labels(scene, self.run.memory_bytes()?, threads, map_bytes, sample_bytes(scene)))
    }

    fn wanted(&self) -> Result<Wanted<'_>> {
        Ok(Wanted {
            labels: &self.output,
            confidence: self.map.confidence.as_deref(),
            picture: self.map.quicklook.as_deref(),
            radius: &self.radius,
            report: self.map.report.is_some(),
            after: self.map.after()?,
            fitted_on: false,
        })
    }

    fn names(&self) -> Names<'_> {
        let inputs = std::iter::once(self.model.clone()).chain(self.input.values());
        Names {
            inputs: inputs.chain(self.reading.others()).collect(),
            labels: Some(&self.output),
            model: None,
            confidence: self.map.confidence.as_deref(),
            picture: self.map.quicklook.as_deref(),
            report: self.map.report.as_deref(),
            polygons: self.map.polygons.as_deref(),
            raster: None,
        }
    }

    fn files(&self) -> Files {
        Files { output: shown(Some(&self.output)), model: shown(Some(&self.model)), ..self.map.files() }
    }
}

/// Bands may have been matched by name or by place: which met which.
fn pairs(model: &Model, scene: &Scene) -> Vec<BandPair> {
    let pair =
        |(band, from): (&Band, &SceneBand)| BandPair { model: band.name.clone(), scene: from.name.clone() };
    model.bands.iter().zip(scene.bands()).map(pair).collect()
}

fn check_bands(model: &Model, scene: &Scene) -> Result<()> {
    if model.n_bands() == scene.n_bands() {
        return Ok(());
    }
    let wanted: Vec<_> = model.bands.iter().map(|band| band.name.as_str()).collect();
    let found: Vec<_> = scene.bands().iter().map(|band| band.name.as_str()).collect();
    Err(Error::Option {
        before: format!(
            "{} has {} bands ({}), the model was fitted on {} ({}): choose those with ",
            scene.name(),
            found.len(),
            found.join(", "),
            wanted.len(),
            wanted.join(", ")
        ),
        field: "bands".into(),
        after: ", in that order".into(),
    })
}
