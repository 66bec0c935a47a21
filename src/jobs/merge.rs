//! Merge classes, and name them.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::files::shown;
use super::labelling::{commit, paint};
use super::options::{
    check_colors, named, parse_colors, required, FormatOptions, OneOrMany, RunOptions,
};
use super::output_names::Names;
use super::passes::{Map, Pixels};
use super::record::{classes, model_counts, ClassFound, Cost, Record};
use super::scenes::plain;
use super::valid_pixels::about;
use crate::assess::Warning;
use crate::error::{invalid_option, Error, Result};
use crate::gdal::{describe_classes, ClassCounts, LabelWriter, MapFormat, Staged};
use crate::model::{Class, Group, Merged, Model};
use crate::progress::Run;

/// Merge classes of a model, and name classes. A map of the old classes can be relabelled without
/// the scene.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("required" = ["model", "into", "output"]))]
pub struct Merge {
    /// The model's file.
    pub model: PathBuf,
    /// The name of a new class and the classes that are merged into it, such as `water=1,3`. For a
    /// single class, this is its new name. Other classes stay.
    pub into: Vec<String>,
    /// Model to write. Its classes are renumbered, largest first, unless classes are only named.
    pub output: PathBuf,
    /// Map of the old classes to relabel.
    pub labels: Option<PathBuf>,
    /// Map of the new classes to write, a GeoTIFF.
    pub labels_output: Option<PathBuf>,
    /// Colours of the new classes from 1 to their number, by name or as #rrggbb, in a list or a
    /// text with commas; or `palette:NAME`. Default: as in the scene, unless colours were chosen.
    pub colors: Option<OneOrMany<String>>,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub format: FormatOptions,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub run: RunOptions,
}

/// The outcome of `merge`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Merging {
    /// The old model.
    pub input: String,
    /// The new model.
    pub model: String,
    /// The map of the old classes; null if none was given.
    pub labels: Option<String>,
    /// The map of the new classes.
    pub output: Option<String>,
    /// Pixels of the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_pixels: Option<u64>,
    /// Pixels that have a class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_valid: Option<u64>,
    /// The algorithm that found the old classes.
    pub algorithm: String,
    /// Number of old classes.
    pub n_clusters_before: usize,
    /// Number of new classes.
    pub n_clusters: usize,
    /// Sum of the squared distances of the training pixels from the centre of their new class.
    pub inertia: f64,
    /// The new label of each old one.
    pub mapping: Vec<Mapping>,
    /// The new classes, with their pixels and areas.
    pub classes: Vec<ClassFound>,
    /// What the user should know.
    pub warnings: Vec<Warning>,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub cost: Cost,
}

/// An old label and its new one.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Mapping {
    /// The old label.
    pub from: u32,
    /// Its name.
    pub from_name: String,
    /// The new label.
    pub to: u32,
    /// Its name.
    pub to_name: String,
}

impl Merge {
    pub(super) fn run(&self, run: &mut Run) -> Result<Merging> {
        let mut record = Record::new("merge");
        let (old, merged, format) = self.checked()?;
        let mut files = vec![Staged::with_bytes(&self.output, merged.model.to_json().as_bytes())?];
        let mut class_counts = ClassCounts::without_areas(model_counts(&merged.model, 0));
        let mut n_pixels = None;
        if let (Some(labels), Some(output)) = (&self.labels, &self.labels_output) {
            let (map, found) = relabelled(labels, (output, &format), &merged, run)?;
            let of_map = found.counts.iter().sum();
            record.phase("relabel", of_map);
            files.extend(map);
            (n_pixels, class_counts) = (Some(of_map), found);
        }
        commit(files, run, || self.names().check_free(&self.run))?;
        Ok(Merging {
            input: self.model.display().to_string(),
            model: self.output.display().to_string(),
            labels: shown(self.labels.as_deref()),
            output: shown(self.labels_output.as_deref()),
            n_pixels,
            n_valid: n_pixels.map(|_| class_counts.counts[1..].iter().sum()),
            algorithm: merged.model.method.name.clone(),
            n_clusters_before: old.n_classes(),
            n_clusters: merged.model.n_classes(),
            inertia: merged.model.inertia(),
            mapping: mapping(&old, &merged),
            classes: classes(&class_counts, &merged.model),
            warnings: Vec::new(),
            cost: record.cost(),
        })
    }

    /// Checks what can be checked before the map is opened. Returns the model, how it is merged,
    /// and the format of the new map.
    pub(super) fn checked(&self) -> Result<(Model, Merged, MapFormat)> {
        let groups = self.checked_groups()?;
        let format = self.format.checked(self.labels_output.is_some())?;
        let colors = parse_colors(self.colors.as_ref())?;
        let old = Model::load(&self.model)?;
        let mut merged = old.merged(&groups)?;
        check_colors(colors.as_ref(), Some(merged.model.n_classes()))?;
        paint(&mut merged.model, colors.as_ref())?;
        Ok((old, merged, format))
    }

    /// The groups. Also checks everything else that can be checked before the model is read.
    fn checked_groups(&self) -> Result<Vec<Group>> {
        required("model", !self.model.as_os_str().is_empty())?;
        required("into", !self.into.is_empty())?;
        required("output", !self.output.as_os_str().is_empty())?;
        if self.labels.is_some() != self.labels_output.is_some() {
            return invalid_option("labels", " and labels_output go together: give both, or none");
        }
        let groups =
            self.into.iter().map(|text| named("into", text.parse())).collect::<Result<_>>()?;
        self.run.memory_bytes()?;
        self.names().check(&self.run)?;
        Ok(groups)
    }

    fn names(&self) -> Names<'_> {
        let inputs = std::iter::once(&self.model).chain(&self.labels).cloned().collect();
        Names {
            inputs,
            labels: self.labels_output.as_deref(),
            model: Some(&self.output),
            ..Names::default()
        }
    }
}

/// Writes a map of the old classes as one of the new classes, beside its final name. Also returns
/// the pixels of each label.
fn relabelled(
    labels: &Path,
    (output, format): (&Path, &MapFormat),
    merged: &Merged,
    run: &mut Run,
) -> Result<(Vec<Staged>, ClassCounts)> {
    let scenes = [plain(labels)?];
    let [scene] = &scenes;
    if scene.n_bands() != 1 {
        return Err(Error::InvalidData(format!(
            "{} has {} bands: give a map of classes, which has one",
            scene.name(),
            scene.n_bands()
        )));
    }
    let writer = LabelWriter::create(scene, output, None, &merged.model, run.threads())?;
    let n_labels = merged.model.n_labels();
    let maps = [Map {
        writer,
        thumbnail: None,
        n_labels,
        wants_means: false,
        values: None,
        becoming: None,
    }];
    let counted = Pixels::new(&scenes, 0).relabel(&merged.values, &maps, run);
    let counted = counted.map_err(|error| about(&scenes, error))?;
    let counts = counted.into_iter().flat_map(|counted| counted.counts).collect::<Vec<_>>();
    let [map] = maps;
    let mut files = map.writer.finish(&merged.model)?;
    let Some(map) = files.last() else { return Err(Error::Io("the map was not written".into())) };
    let class_counts = ClassCounts::of(map, counts.len(), Some(counts), run, |_, _| ())?;
    files = format.apply(files, run)?;
    describe_classes(&mut files, &merged.model.bands, &class_counts.classes(&merged.model))?;
    Ok((files, class_counts))
}

fn mapping(old: &Model, merged: &Merged) -> Vec<Mapping> {
    let legend = merged.model.legend();
    let became = |(class, value): (&Class, &u32)| Mapping {
        from: class.value,
        from_name: class.name.clone(),
        to: *value,
        to_name: legend[*value as usize - 1].name.clone(),
    };
    old.legend().iter().zip(&merged.values).map(became).collect()
}
