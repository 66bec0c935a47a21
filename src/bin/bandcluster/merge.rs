//! `bandcluster merge`: merge classes, and name them.

use std::path::PathBuf;

use bandcluster::jobs::{self, Mapping, Merging, OneOrMany, Request};
use clap::{Args, CommandFactory};

use super::args::{model_output, FormatArgs, WritingArgs};
use super::table::{classes_table, table};
use super::usage::wrong;

/// Merge classes of a model, and name classes
///
/// A map of the old classes can be relabelled, without the scene.
#[derive(Args)]
#[command(
    override_usage = "bandcluster merge --model <MODEL.json> --into <NAME=1,3>... -o <NEW.json>"
)]
pub struct Merge {
    /// The model, for commands written before --model existed.
    #[arg(hide = true, conflicts_with = "model")]
    old: Option<PathBuf>,
    /// Model that cluster or fit wrote
    #[arg(long, value_name = "MODEL.json")]
    model: Option<PathBuf>,
    /// Classes to merge, and their name; repeatable
    ///
    /// For a single class, this is its new name. Other classes stay as they are.
    #[arg(long, value_name = "NAME=1,3", required = true)]
    into: Vec<String>,
    /// Model to write
    ///
    /// It gives the merged classes to any scene. Classes are renumbered, the largest first. If
    /// classes are only named, their numbers stay.
    #[arg(short, long, value_name = "NEW.json")]
    output: PathBuf,
    /// Colours of the new classes, or palette:NAME
    ///
    /// As for cluster: by name or as #rrggbb, with commas [default: as in the scene, unless colours
    /// were chosen].
    #[arg(long, value_name = "COLORS")]
    colors: Option<String>,
    /// Map of the old classes to relabel
    #[arg(long, value_name = "OLD.tif", requires = "labels_output")]
    labels: Option<PathBuf>,
    /// Map of the new classes to write: a GeoTIFF
    ///
    /// 0 is nodata.
    #[arg(long, value_name = "NEW.tif", requires = "labels")]
    labels_output: Option<PathBuf>,
    #[command(flatten)]
    format: FormatArgs,
    #[command(flatten)]
    pub writing: WritingArgs,
}

impl Merge {
    /// The job's request. Ends the program if no model is given.
    pub fn request<C: CommandFactory>(&self) -> Request {
        let model = self.model.clone().or_else(|| self.old.clone());
        Request::Merge(jobs::Merge {
            model: model.unwrap_or_else(|| {
                wrong::<C>("merge", "the model is missing: give --model MODEL.json")
            }),
            into: self.into.clone(),
            output: model_output(&self.output),
            labels: self.labels.clone(),
            labels_output: self.labels_output.clone(),
            colors: self.colors.clone().map(OneOrMany::One),
            format: self.format.options(),
            run: self.writing.options(),
        })
    }
}

/// What was merged, in words.
pub fn text(merging: &Merging) -> String {
    let row = |mapping: &Mapping| {
        let Mapping { from, from_name, to, to_name } = mapping;
        vec![from.to_string(), from_name.clone(), to.to_string(), to_name.clone()]
    };
    let rows: Vec<_> = merging.mapping.iter().map(row).collect();
    let mut text = format!(
        "{}: {} classes, now {}; {} s\n{}\n{}",
        merging.input,
        merging.n_clusters_before,
        merging.n_clusters,
        merging.cost.total(),
        table(&["old", "name", "new", "name"], &[false, true, false, true], &rows),
        classes_table(&merging.classes)
    );
    text += &format!("model: {}\n", merging.model);
    if let Some(path) = &merging.output {
        text += &format!("output: {path}\n");
    }
    text
}
