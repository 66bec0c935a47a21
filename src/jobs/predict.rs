//! Give the classes of a model to another image, or to several.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::correction::{self, Numbers};
use super::drift;
use super::face::Face;
use super::files::{shown, Files};
use super::labelling::{self, Labelled, WantedFiles};
use super::map_names;
use super::memory::Plan;
use super::options::{
    named, parse_colors, required, FormatOptions, MapOptions, OneOrMany, Reading, RunOptions,
};
use super::output_names::Names;
use super::page::{self, PageFacts};
use super::passes::sample_bytes;
use super::radius::RadiusOptions;
use super::record::{Classified, Record};
use super::scene_map::{BandPair, PredictFacts};
use super::scenes::SceneFiles;
use super::valid_pixels;
use super::warnings;
use crate::assess::Warning;
use crate::error::{invalid_option, Error, Result};
use crate::gdal::{LabelWriter, MapFormat, Scene, SceneBand};
use crate::model::{Band, Model};
use crate::progress::Run;
use crate::raster::{Correction, LabelType};

/// Give the classes of a model to another image, or to several.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("required" = ["model"]))]
pub struct Predict {
    /// The model's file.
    pub model: PathBuf,
    /// The scene, with the model's bands: a file in any format that GDAL reads, a Sentinel-2
    /// product (.SAFE, zip), or the files of its bands.
    pub input: SceneFiles,
    /// Several such scenes, with `labels_dir`, instead of `input` and `output`.
    pub inputs: Vec<SceneFiles>,
    /// Map of classes to write, a GeoTIFF: 0 is nodata.
    pub output: PathBuf,
    /// Folder for a map of classes of each scene, named after it.
    pub labels_dir: Option<PathBuf>,
    /// Factor of the scene's samples before they are labelled, one for all bands or one per band.
    /// Default: from the scale and offset of the model and of the scene, if both have them.
    pub multiply: Option<Numbers>,
    /// Number to add to them after that.
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
    pub format: FormatOptions,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub run: RunOptions,
}

impl Predict {
    pub(super) fn run(&self, face: &dyn Face, run: &mut Run) -> Result<Classified> {
        let mut record = Record::new("predict");
        let (inputs, maps, model, format) = self.check()?;
        let wanted = self.wanted(&maps, &format)?;
        // All of them are opened before the first pixel is read.
        let (scenes, corrections): (Vec<_>, Vec<_>) =
            self.open(&inputs, &model)?.into_iter().unzip();
        record.plan(self.plan(&scenes, &model, run.threads())?, &self.run, face);
        let (labelled, facts) = self.label(&scenes, &model, wanted, run, &mut record)?;
        let facts: Vec<_> = facts
            .into_iter()
            .zip(corrections)
            .map(|(facts, corrections)| PredictFacts { corrections, ..facts })
            .collect();
        let n_valid: Vec<u64> =
            labelled.iter().map(|map| map.class_counts.counts[1..].iter().sum()).collect();
        if n_valid.iter().all(|n| *n == 0) {
            valid_pixels::check_aoi(&scenes)?;
        }
        record.warnings.extend(valid_pixels::notes(
            &scenes,
            &n_valid,
            &mut Run::silent(run.threads()),
        )?);
        let told = self.labels_dir.as_ref().map(|_| map_names::told(&scenes, &maps, &labelled));
        let Labelled { mut files, class_counts, pictures } = labelling::combined(labelled);
        let found = self.found(&scenes, &facts);
        let page = PageFacts {
            scenes: &scenes,
            model: &model,
            model_file: Some(&self.model),
            class_counts: &class_counts,
            pictures: &pictures,
            masked_by: self.reading.masked_by(),
            warnings: &found,
            drift: facts
                .first()
                .filter(|_| scenes.len() == 1)
                .and_then(|facts| facts.drift.as_ref()),
            predicted: true,
        };
        files.extend(page::write(self.map.report.as_deref(), &page, &self.run, face, run)?);
        let is_free = |map: &PathBuf| self.names(&inputs, map).check_free(&self.run);
        labelling::commit(files, run, || maps.iter().try_for_each(is_free))?;
        let mut outcome = record.classified(&scenes, &model, &class_counts, self.files());
        // Warnings about the fit were given when the model was made.
        outcome.warnings.splice(0..0, found);
        outcome.warnings.extend(warnings::of_alpha_bands(&scenes));
        outcome.warnings.extend(scenes.iter().filter_map(warnings::of_assumed_nodata));
        outcome.fitted = None;
        match told {
            None => outcome.predicted = facts.into_iter().next(),
            Some(mut maps) => {
                maps.iter_mut().zip(facts).for_each(|(map, facts)| map.predicted = Some(facts));
                outcome.labels = Some(maps);
            }
        }
        Ok(outcome)
    }

    /// Checks what can be checked before the scenes are opened. Returns these, their maps, the
    /// model, and the format of the maps.
    pub(super) fn check(&self) -> Result<(Vec<SceneFiles>, Vec<PathBuf>, Model, MapFormat)> {
        let inputs = self.checked_inputs()?;
        let maps = self.checked_maps(&inputs)?;
        let format = self.format.checked(true)?;
        let model = self.checked_model(&inputs, &maps)?;
        Ok((inputs, maps, model, format))
    }

    /// Labels one scene after the other.
    fn label(
        &self,
        scenes: &[Scene],
        model: &Model,
        wanted: Vec<WantedFiles>,
        run: &mut Run,
        record: &mut Record,
    ) -> Result<(Vec<Labelled>, Vec<PredictFacts>)> {
        let part = |index: usize| index as f64 / scenes.len() as f64;
        let label = |(index, (scene, wanted)): (usize, (&Scene, WantedFiles))| {
            let stage = &mut run.stage(part(index), part(index + 1));
            let (map, sample) = labelling::label(scene, model, &wanted, stage, record)?;
            let drift = drift::compared(model, &sample, &mut stage.stage(1.0, 1.0))?;
            let by_name = scene.is_named(&model.band_names());
            Ok((
                map,
                PredictFacts { bands: pairs(model, scene), by_name, corrections: None, drift },
            ))
        };
        scenes
            .iter()
            .zip(wanted)
            .enumerate()
            .map(label)
            .collect::<Result<Vec<_>>>()
            .map(|all| all.into_iter().unzip())
    }

    /// The scenes, from either of the two fields that name them.
    fn checked_inputs(&self) -> Result<Vec<SceneFiles>> {
        let is_one = !self.input.values().is_empty();
        match (is_one, self.inputs.is_empty()) {
            (true, false) => {
                invalid_option("inputs", " and input cannot both be given: choose one")
            }
            (true, true) => Ok(vec![self.input.clone()]),
            (false, true) => required("input", false).map(|()| Vec::new()),
            (false, false) => {
                required("inputs", self.inputs.iter().all(|one| !one.values().is_empty()))?;
                Ok(self.inputs.clone())
            }
        }
    }

    /// The map of each scene: the named one, or those in the folder.
    fn checked_maps(&self, inputs: &[SceneFiles]) -> Result<Vec<PathBuf>> {
        let is_one = !self.output.as_os_str().is_empty();
        let Some(folder) = &self.labels_dir else {
            required("output", is_one)?;
            return match inputs.len() {
                1 => Ok(vec![self.output.clone()]),
                n => invalid_option(
                    "labels_dir",
                    format!(
                        " is missing: the maps of {n} scenes need a folder, and output is one map"
                    ),
                ),
            };
        };
        if is_one {
            return invalid_option("labels_dir", " and output cannot both be given: choose one");
        }
        let MapOptions { confidence, quicklook, polygons, .. } = &self.map;
        for (field, file) in
            [("confidence", confidence), ("quicklook", quicklook), ("polygons", polygons)]
        {
            if file.is_some() {
                let why = " is one file, and a folder for the maps of several scenes is given: \
                           leave one of them out";
                return invalid_option(field, why);
            }
        }
        map_names::names(Some(folder), inputs)
    }

    /// The model, with the colours and radii that were asked for. Also checks everything else that
    /// can be checked before the scenes are opened.
    fn checked_model(&self, inputs: &[SceneFiles], maps: &[PathBuf]) -> Result<Model> {
        required("model", !self.model.as_os_str().is_empty())?;
        let colors = parse_colors(self.colors.as_ref())?;
        self.map.postprocessing()?;
        self.radius.check()?;
        correction::check(self.multiply.as_ref(), self.add.as_ref())?;
        self.run.memory_bytes()?;
        maps.iter().try_for_each(|map| self.names(inputs, map).check(&self.run))?;
        let mut model = Model::load(&self.model)?;
        named("colors", labelling::paint(&mut model, colors.as_ref()))?;
        self.radius.apply(&mut model)?;
        Ok(model)
    }

    /// The scenes with the bands that the model needs: the chosen ones, else those with the model's
    /// names, else all. Also returns the corrections that convert the samples of each to those of
    /// the model.
    fn open(
        &self,
        inputs: &[SceneFiles],
        model: &Model,
    ) -> Result<Vec<(Scene, Option<Vec<Correction>>)>> {
        let corrected = |scene: Scene| {
            check_bands(model, &scene)?;
            correction::corrected(scene, model, (self.multiply.as_ref(), self.add.as_ref()))
        };
        self.reading.open_for(inputs, model)?.into_iter().map(corrected).collect()
    }

    /// The plan of the scene that takes most memory: they are labelled one after the other.
    fn plan(&self, scenes: &[Scene], model: &Model, threads: usize) -> Result<Plan> {
        let label_type = LabelType::for_classes(model.n_labels());
        let memory = self.run.memory_bytes()?;
        let of = |scene: &Scene| {
            let map =
                LabelWriter::most_bytes(scene.width(), label_type, self.map.confidence.is_some());
            Plan::for_labels(scene, memory, threads, map, sample_bytes(scene))
        };
        let most = scenes.iter().map(of).max_by_key(|plan| plan.peak);
        most.ok_or_else(|| Error::InvalidArgument("there is no scene: give one".into()))
    }

    fn wanted<'a>(
        &'a self,
        maps: &'a [PathBuf],
        format: &MapFormat,
    ) -> Result<Vec<WantedFiles<'a>>> {
        let postprocessing = self.map.postprocessing()?;
        let with_report = self.map.report.is_some();
        let of_all =
            map_names::wanted(maps, &self.radius, format, with_report, postprocessing, false);
        let (confidence, picture) = (self.map.confidence.as_deref(), self.map.quicklook.as_deref());
        Ok(of_all.into_iter().map(|wanted| WantedFiles { confidence, picture, ..wanted }).collect())
    }

    /// The findings about each scene. If there are several scenes, each finding says which one.
    fn found(&self, scenes: &[Scene], facts: &[PredictFacts]) -> Vec<Warning> {
        let of = |(scene, facts): (&Scene, &PredictFacts)| {
            let name = self.labels_dir.as_ref().map(|_| scene.name().to_string());
            let found = facts.drift.iter().flat_map(|drift| drift.warnings.clone());
            found.map(move |warning| Warning { scene: name.clone(), ..warning }).collect::<Vec<_>>()
        };
        scenes.iter().zip(facts).flat_map(of).collect()
    }

    fn names<'a>(&'a self, inputs: &[SceneFiles], map: &'a Path) -> Names<'a> {
        let files = inputs.iter().flat_map(OneOrMany::values);
        Names {
            inputs: std::iter::once(self.model.clone())
                .chain(files)
                .chain(self.reading.others())
                .collect(),
            labels: Some(map),
            model: None,
            confidence: self.map.confidence.as_deref(),
            picture: self.map.quicklook.as_deref(),
            report: self.map.report.as_deref(),
            polygons: self.map.polygons.as_deref(),
            raster: None,
        }
    }

    fn files(&self) -> Files {
        let output = Some(self.output.as_path()).filter(|output| !output.as_os_str().is_empty());
        Files { output: shown(output), model: shown(Some(&self.model)), ..self.map.files() }
    }
}

/// The pairs of bands, which may have been matched by name or by position.
fn pairs(model: &Model, scene: &Scene) -> Vec<BandPair> {
    let pair = |(band, from): (&Band, &SceneBand)| BandPair {
        model: band.name.clone(),
        scene: from.name.clone(),
    };
    model.bands.iter().zip(scene.bands()).map(pair).collect()
}

fn check_bands(model: &Model, scene: &Scene) -> Result<()> {
    if model.n_bands() == scene.n_bands() {
        return Ok(());
    }
    let (wanted, found) = (model.band_names(), scene.band_names());
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
