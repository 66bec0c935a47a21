//! Fit on an image and label it.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::alignment::Alignment;
use super::face::Face;
use super::files::{shown, Files};
use super::labelling::{self, Labelled, WantedFiles};
use super::memory::Plan;
use super::options::{
    check_colors, parse_colors, required, FitOptions, FormatOptions, MapOptions, OneOrMany,
    Reading, RunOptions,
};
use super::output_names::Names;
use super::page::{self, PageFacts};
use super::radius::RadiusOptions;
use super::record::{Classified, Record};
use super::scenes::SceneFiles;
use super::warnings;
use crate::cluster::Algorithm;
use crate::error::{invalid_option, Result};
use crate::gdal::{LabelWriter, MapFormat, Scene, Staged};
use crate::model::Colors;
use crate::progress::Run;
use crate::raster::LabelType;

/// Find classes in an image and write its map of classes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("required" = ["input", "output"]))]
pub struct Cluster {
    /// The scene: its file, in any format that GDAL reads, or a Sentinel-2 product (.SAFE, zip); or
    /// the files of its bands.
    pub input: SceneFiles,
    /// Map of classes to write, a GeoTIFF: 0 is nodata, classes are 1 to k, largest first.
    pub output: PathBuf,
    /// Model to write.
    pub model: Option<PathBuf>,
    /// Model of the same bands. Classes that are like its classes get their numbers, names and
    /// colours.
    pub like: Option<PathBuf>,
    /// Colours of the classes from 1 to k, by name or as #rrggbb, in a list or a text with commas;
    /// or `palette:NAME`. Default: as in the scene.
    pub colors: Option<OneOrMany<String>>,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub fit: FitOptions,
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

impl Cluster {
    pub(super) fn run(&self, face: &dyn Face, run: &mut Run) -> Result<Classified> {
        let mut record = Record::new("cluster");
        let (algorithm, colors, format) = self.check()?;
        let wanted = self.wanted(format)?;
        let scenes = [self.reading.open(&self.input)?];
        let alignment = Alignment::load(self.like.as_deref(), &scenes)?;
        let algorithm = self.fit.started(algorithm, &scenes, run)?;
        check_colors(colors.as_ref(), algorithm.n_clusters())?;
        let plan = self.plan(&scenes, &algorithm, &alignment, run.threads())?;
        record.plan(plan, &self.run, face);
        let (model, labelled) = labelling::fit_and_label(
            &scenes,
            &algorithm,
            (&alignment, colors.as_ref()),
            std::slice::from_ref(&wanted),
            plan,
            run,
            &mut record,
        )?;
        let Labelled { mut files, class_counts, pictures } = labelling::combined(labelled);
        if let Some(path) = &self.model {
            files.push(Staged::with_bytes(path, model.to_json().as_bytes())?);
        }
        let told = PageFacts {
            scenes: &scenes,
            model: &model,
            model_file: self.model.as_deref(),
            class_counts: &class_counts,
            pictures: &pictures,
            masked_by: self.reading.masked_by(),
            warnings: &[],
            drift: None,
            predicted: false,
        };
        files.extend(page::write(self.map.report.as_deref(), &told, &self.run, face, run)?);
        labelling::commit(files, run, || self.names().check_free(&self.run))?;
        let mut outcome = record.classified(&scenes, &model, &class_counts, self.files());
        outcome.warnings.extend(warnings::of_bands(&scenes).into_iter().chain(self.fit.warning()));
        outcome.warnings.extend(warnings::of_scales(&scenes, self.fit.search.scaling));
        Ok(outcome)
    }

    /// Checks what can be checked before anything is read. Returns the algorithm, the colours and
    /// the map's format.
    pub(super) fn check(&self) -> Result<(Algorithm, Option<Colors>, MapFormat)> {
        required("input", !self.input.values().is_empty())?;
        required("output", !self.output.as_os_str().is_empty())?;
        let (algorithm, colors) = (self.fit.checked()?, parse_colors(self.colors.as_ref())?);
        check_colors(colors.as_ref(), self.fit.n_classes(&algorithm))?;
        check_alignment(self.like.is_some(), colors.as_ref())?;
        self.radius.check()?;
        self.map.postprocessing()?;
        self.run.memory_bytes()?;
        let format = self.format.checked(true)?;
        self.names().check(&self.run)?;
        Ok((algorithm, colors, format))
    }

    fn wanted(&self, format: MapFormat) -> Result<WantedFiles<'_>> {
        Ok(WantedFiles {
            labels: &self.output,
            confidence: self.map.confidence.as_deref(),
            picture: self.map.quicklook.as_deref(),
            format,
            radius: &self.radius,
            report: self.map.report.is_some(),
            postprocessing: self.map.postprocessing()?,
            fitted_on: true,
        })
    }

    fn plan(
        &self,
        scenes: &[Scene],
        algorithm: &Algorithm,
        alignment: &Alignment,
        threads: usize,
    ) -> Result<Plan> {
        // One more label, for unclassified pixels.
        let label_type =
            LabelType::for_classes(alignment.most_classes(algorithm.most_classes()) + 1);
        let map_bytes =
            LabelWriter::most_bytes(scenes[0].width(), label_type, self.map.confidence.is_some());
        let more_bytes = map_bytes + algorithm.most_bytes(scenes[0].n_bands());
        Plan::new(scenes, self.run.memory_bytes()?, threads, more_bytes)
    }

    fn names(&self) -> Names<'_> {
        Names {
            inputs: (self.input.values().into_iter().chain(self.reading.others()))
                .chain(self.like.clone())
                .chain(self.fit.seeds.seeds.clone())
                .collect(),
            labels: Some(&self.output),
            model: self.model.as_deref(),
            confidence: self.map.confidence.as_deref(),
            picture: self.map.quicklook.as_deref(),
            report: self.map.report.as_deref(),
            polygons: self.map.polygons.as_deref(),
            raster: None,
        }
    }

    fn files(&self) -> Files {
        Files {
            output: shown(Some(&self.output)),
            model: shown(self.model.as_deref()),
            ..self.map.files()
        }
    }
}

/// Checks that colours are not given together with a reference model, which has its own.
pub(super) fn check_alignment(is_aligned: bool, colors: Option<&Colors>) -> Result<()> {
    match colors {
        Some(_) if is_aligned => {
            invalid_option("like", " and colors cannot both be given: choose one")
        }
        _ => Ok(()),
    }
}
