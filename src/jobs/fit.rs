//! Find classes in one image or several, and save them.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::alignment::Alignment;
use super::cluster::check_alignment;
use super::face::Face;
use super::files::{shown, Files};
use super::filters::Postprocessing;
use super::labelling::{self, Labelled};
use super::map_names;
use super::memory::Plan;
use super::options::{
    check_colors, parse_colors, required, FitOptions, FormatOptions, OneOrMany, Reading, RunOptions,
};
use super::output_names::Names;
use super::page::{self, PageFacts};
use super::radius::RadiusOptions;
use super::record::{model_counts, Classified, Record};
use super::scenes::SceneFiles;
use super::warnings;
use crate::cluster::Algorithm;
use crate::error::Result;
use crate::gdal::{ClassCounts, MapFormat, Scene, Staged};
use crate::model::{Colors, Model};
use crate::progress::Run;
use crate::raster::LabelType;

/// Find classes in one image or several, and write the model.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("required" = ["inputs", "model"]))]
pub struct Fit {
    /// Scenes with the same bands. Each is a file in any format that GDAL reads, a Sentinel-2
    /// product (.SAFE, zip), or the files of its bands.
    pub inputs: Vec<SceneFiles>,
    /// Model to write.
    pub model: PathBuf,
    /// Folder for a map of classes of each scene, named after it. Their classes are the same, so
    /// they make one mosaic.
    pub labels_dir: Option<PathBuf>,
    /// Page about the classes, .html.
    pub report: Option<PathBuf>,
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
    pub radius: RadiusOptions,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub format: FormatOptions,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub run: RunOptions,
}

impl Fit {
    pub(super) fn run(&self, face: &dyn Face, run: &mut Run) -> Result<Classified> {
        let mut record = Record::new("fit");
        let (algorithm, colors, maps, format) = self.check()?;
        let scenes = self.reading.open_all(&self.inputs)?;
        let alignment = Alignment::load(self.like.as_deref(), &scenes)?;
        let algorithm = self.fit.started(algorithm, &scenes, run)?;
        check_colors(colors.as_ref(), algorithm.n_clusters())?;
        let plan = self.plan(&scenes, &algorithm, &maps, run.threads())?;
        record.plan(plan, &self.run, face);
        let chosen = (&alignment, colors.as_ref());
        let (model, Labelled { mut files, class_counts, pictures }, labels) = if maps.is_empty() {
            let (model, labelled) =
                self.fit_alone(&scenes, &algorithm, chosen, plan, run, &mut record)?;
            (model, labelled, None)
        } else {
            let wanted = map_names::wanted(
                &maps,
                &self.radius,
                &format,
                self.report.is_some(),
                Postprocessing::default(),
                maps.len() == 1,
            );
            let (model, labelled) = labelling::fit_and_label(
                &scenes,
                &algorithm,
                chosen,
                &wanted,
                plan,
                run,
                &mut record,
            )?;
            let told = map_names::told(&scenes, &maps, &labelled);
            (model, labelling::combined(labelled), Some(told))
        };
        files.push(Staged::with_bytes(&self.model, model.to_json().as_bytes())?);
        let told = PageFacts {
            scenes: &scenes,
            model: &model,
            model_file: Some(&self.model),
            class_counts: &class_counts,
            pictures: &pictures,
            masked_by: self.reading.masked_by(),
            warnings: &[],
            drift: None,
            predicted: false,
        };
        files.extend(page::write(self.report.as_deref(), &told, &self.run, face, run)?);
        labelling::commit(files, run, || {
            self.each_name(&maps, |names| names.check_free(&self.run))
        })?;
        let written = Files {
            model: shown(Some(&self.model)),
            report: shown(self.report.as_deref()),
            ..Files::default()
        };
        let mut outcome = record.classified(&scenes, &model, &class_counts, written);
        outcome.warnings.extend(warnings::of_bands(&scenes).into_iter().chain(self.fit.warning()));
        outcome.warnings.extend(warnings::of_scales(&scenes, self.fit.search.scaling));
        Ok(Classified { labels, ..outcome })
    }

    /// Checks what can be checked before anything is read. Returns the algorithm, the colours, and
    /// the maps and their format.
    pub(super) fn check(&self) -> Result<(Algorithm, Option<Colors>, Vec<PathBuf>, MapFormat)> {
        let maps = map_names::names(self.labels_dir.as_deref(), &self.inputs)?;
        required(
            "inputs",
            !self.inputs.is_empty() && self.inputs.iter().all(|one| !one.values().is_empty()),
        )?;
        required("model", !self.model.as_os_str().is_empty())?;
        let (algorithm, colors) = (self.fit.checked()?, parse_colors(self.colors.as_ref())?);
        check_colors(colors.as_ref(), self.fit.n_classes(&algorithm))?;
        check_alignment(self.like.is_some(), colors.as_ref())?;
        self.radius.check()?;
        self.run.memory_bytes()?;
        let format = self.format.checked(!maps.is_empty())?;
        self.each_name(&maps, |names| names.check(&self.run))?;
        Ok((algorithm, colors, maps, format))
    }

    /// Checks the names of the model and of the maps. That maps differ from each other is known
    /// already.
    fn each_name(&self, maps: &[PathBuf], check: impl Fn(Names) -> Result<()>) -> Result<()> {
        let files = self.inputs.iter().flat_map(OneOrMany::values);
        let inputs = files.chain(self.like.clone()).chain(self.reading.others());
        let inputs: Vec<PathBuf> = inputs.chain(self.fit.seeds.seeds.clone()).collect();
        let names = |labels| {
            let (model, report) = (Some(self.model.as_path()), self.report.as_deref());
            check(Names { inputs: inputs.clone(), labels, model, report, ..Names::default() })
        };
        match maps {
            [] => names(None),
            maps => maps.iter().try_for_each(|map| names(Some(map.as_path()))),
        }
    }

    fn plan(
        &self,
        scenes: &[Scene],
        algorithm: &Algorithm,
        maps: &[PathBuf],
        threads: usize,
    ) -> Result<Plan> {
        // One more label, for unclassified pixels.
        let label_type = LabelType::for_classes(algorithm.most_classes() + 1);
        let map_bytes = if maps.is_empty() { 0 } else { map_names::most_bytes(scenes, label_type) };
        let more_bytes = map_bytes + algorithm.most_bytes(scenes[0].n_bands());
        Plan::new(scenes, self.run.memory_bytes()?, threads, more_bytes)
    }

    /// The model, and the pictures for a page. A fit alone makes no labels, so the pictures need a
    /// pass of their own.
    fn fit_alone(
        &self,
        scenes: &[Scene],
        algorithm: &Algorithm,
        (alignment, colors): (&Alignment, Option<&Colors>),
        plan: Plan,
        run: &mut Run,
        record: &mut Record,
    ) -> Result<(Model, Labelled)> {
        let is_told = self.report.is_some();
        let fitted = if is_told { 0.8 } else { 1.0 };
        let parts = (alignment, &self.radius);
        let (mut model, n_invalid) = labelling::fit_model(
            scenes,
            algorithm,
            parts,
            plan,
            &mut run.stage(0.0, fitted),
            record,
        )?;
        labelling::paint(&mut model, colors)?;
        let class_counts = ClassCounts::without_areas(model_counts(&model, n_invalid));
        let mut pictures = Vec::new();
        if is_told {
            pictures = labelling::look(scenes, &model, &mut run.stage(fitted, 1.0))?;
            record.phase("report", 0);
        }
        Ok((model, Labelled { files: Vec::new(), class_counts, pictures }))
    }
}
