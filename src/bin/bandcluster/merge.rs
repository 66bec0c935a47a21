//! `bandcluster merge`: make several classes one, and name them.

use std::path::PathBuf;

use bandcluster::jobs::{self, Mapping, Merging, OneOrMany, Request};
use clap::Args;

use super::args::{model_output, FormatArgs, RunArgs};
use super::table::{classes_table, table};

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
    format: FormatArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

impl Merge {
    /// What is asked for.
    pub fn request(&self) -> Request {
        Request::Merge(jobs::Merge {
            model: self.model.clone(),
            into: self.into.clone(),
            output: model_output(&self.output),
            labels: self.labels.clone(),
            labels_output: self.labels_output.clone(),
            colors: self.colors.clone().map(OneOrMany::One),
            format: self.format.options(),
            run: self.run.options(),
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
