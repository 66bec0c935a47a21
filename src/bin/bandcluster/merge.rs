//! `bandcluster merge`: make several classes one, and name them.

use std::path::{Path, PathBuf};

use bandcluster::gdal::{configure, describe_classes, LabelWriter, Scene, SceneOptions, Staged, Tally};
use bandcluster::model::{Class, Group, MapClass, Merged, Model};
use bandcluster::progress::Run;
use bandcluster::{Error, Result};
use clap::Args;
use serde_json::{json, Value};

use super::args::{check_colors, parse_colors, RunArgs};
use super::console::Console;
use super::maps::{about, paint};
use super::outcome::{classes_table, model_counts, Outcome};
use super::outputs::Names;
use super::passes::{Map, Pixels};
use super::plan::cache_bytes;
use super::table::table;

/// Make several classes of a model one, and name classes; a map of the old classes is relabelled without the scene
#[derive(Args)]
pub struct Merge {
    /// Model that `cluster` or `fit` wrote
    model: PathBuf,
    /// Classes that become one, and its name; of a single class, its new name. As often as needed: other classes stay
    #[arg(long, value_name = "NAME=1,3", required = true)]
    into: Vec<String>,
    /// Model to write: it gives the merged classes to any scene. They are numbered anew, largest first, unless classes are only named
    #[arg(short, long, value_name = "MODEL2.json")]
    output: PathBuf,
    /// Colours of the new classes from 1 to their number, by name or as #rrggbb; or palette:NAME, as of `cluster` [default: as in the scene, unless colours were chosen]
    #[arg(long, value_name = "COLOR,...|palette:NAME")]
    colors: Option<String>,
    /// Map of the old classes, to be relabelled
    #[arg(long, value_name = "OLD.tif", requires = "labels_output")]
    labels: Option<PathBuf>,
    /// Map of the new classes to write: a GeoTIFF; 0 is nodata
    #[arg(long, value_name = "NEW.tif", requires = "labels")]
    labels_output: Option<PathBuf>,
    #[command(flatten)]
    run: RunArgs,
}

impl Merge {
    /// Runs the command.
    pub fn run(&self) -> Result<()> {
        let mut outcome = Outcome::new("merge");
        configure(cache_bytes(self.run.memory()?))?;
        let groups = self.into.iter().map(|text| text.parse()).collect::<Result<Vec<Group>>>()?;
        self.names().check()?;
        let old = Model::load(&self.model)?;
        let mut merged = old.merged(&groups)?;
        let colors = parse_colors(self.colors.as_deref())?;
        check_colors(colors.as_ref(), Some(merged.model.n_classes()))?;
        paint(&mut merged.model, colors.as_ref())?;
        let console = Console::new(self.run.quiet)?;
        let mut callback = |fraction: f64, message: &str| console.tell(fraction, message);
        let mut run = Run::new(self.run.threads()?, &mut callback);
        let mut files = vec![Staged::with_bytes(&self.output, merged.model.to_json().as_bytes())?];
        let mut tally = Tally::without_areas(model_counts(&merged.model, 0));
        if let (Some(labels), Some(output)) = (&self.labels, &self.labels_output) {
            let (map, found) = relabelled(labels, output, &merged, &mut run)?;
            outcome.phase("relabel", found.counts.iter().sum());
            files.extend(map);
            outcome.note("n_pixels", found.counts.iter().sum::<u64>());
            outcome.note("n_valid", found.counts[1..].iter().sum::<u64>());
            tally = found;
        }
        console.finish()?;
        Staged::commit(files)?;
        outcome.note("input", self.model.display().to_string());
        outcome.note_path("model", Some(&self.output));
        outcome.note_path("labels", self.labels.as_deref());
        outcome.note_path("output", self.labels_output.as_deref());
        let text = |_: &Outcome, seconds: f64| self.text(&old, &merged, &tally, seconds);
        outcome.print_with(object(&old, &merged, &tally), text, &self.run)
    }

    fn names(&self) -> Names<'_> {
        let inputs = std::iter::once(&self.model).chain(&self.labels).map(PathBuf::as_path).collect();
        Names { inputs, labels: self.labels_output.as_deref(), model: Some(&self.output), ..Names::default() }
    }

    fn text(&self, old: &Model, merged: &Merged, tally: &Tally, seconds: f64) -> String {
        let legend = merged.model.legend();
        let row = |(class, value): (&Class, &u32)| {
            let new = &legend[*value as usize - 1];
            vec![class.value.to_string(), class.name.clone(), value.to_string(), new.name.clone()]
        };
        let rows: Vec<_> = old.legend().iter().zip(&merged.values).map(row).collect();
        let mut text = format!(
            "{}: {} classes, now {}; {seconds} s\n{}\n{}",
            self.model.display(),
            old.n_classes(),
            merged.model.n_classes(),
            table(&["old", "name", "new", "name"], &[false, true, false, true], &rows),
            classes_table(&tally.classes(&merged.model))
        );
        text += &format!("model: {}\n", self.output.display());
        if let Some(path) = &self.labels_output {
            text += &format!("output: {}\n", path.display());
        }
        text
    }
}

/// Writes a map of the old classes as one of the new ones, beside its name. Returns also what there is of each label.
fn relabelled(labels: &Path, output: &Path, merged: &Merged, run: &mut Run) -> Result<(Vec<Staged>, Tally)> {
    let scenes = [Scene::open(labels, &SceneOptions::default())?];
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
    let maps = [Map { writer, thumbnail: None, n_labels, wants_means: false, values: None, becoming: None }];
    let counted = Pixels::new(&scenes, 0).relabel(&merged.values, &maps, run);
    let counted = counted.map_err(|error| about(&scenes, error))?;
    let counts = counted.into_iter().flat_map(|counted| counted.counts).collect::<Vec<_>>();
    let [map] = maps;
    let mut files = map.writer.finish(&merged.model)?;
    let Some(map) = files.last() else { return Err(Error::Io("the map was not written".into())) };
    let tally = Tally::of(map, counts.len(), Some(counts), run, |_, _| ())?;
    describe_classes(&mut files, &merged.model.bands, &tally.classes(&merged.model))?;
    Ok((files, tally))
}

/// What the JSON object tells of a merge.
fn object(old: &Model, merged: &Merged, tally: &Tally) -> Value {
    let legend = merged.model.legend();
    let mapping = |(class, value): (&Class, &u32)| {
        json!({
            "from": class.value, "from_name": class.name,
            "to": value, "to_name": legend[*value as usize - 1].name,
        })
    };
    let class = |class: &MapClass| {
        json!({
            "value": class.value, "name": class.name, "color": class.color.to_string(),
            "count": class.count, "area_ha": class.area_ha,
        })
    };
    json!({
        "algorithm": merged.model.method.name,
        "n_clusters": merged.model.n_classes(),
        "inertia": merged.model.inertia(),
        "mapping": old.legend().iter().zip(&merged.values).map(mapping).collect::<Vec<_>>(),
        "classes": tally.classes(&merged.model).iter().map(class).collect::<Vec<_>>(),
    })
}
