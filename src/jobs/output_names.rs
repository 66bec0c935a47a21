//! Checks of output names before any work is done.

use std::path::{Path, PathBuf};

use super::options::RunOptions;
use crate::error::{invalid_argument, invalid_option, Result};
use crate::gdal::{check_label_name, check_polygons_name, files_of, style_beside, Staged};
use crate::report::check_picture_name;

/// The files that a job reads and writes.
#[derive(Default)]
pub(super) struct Names<'a> {
    /// Files of scenes, masks, models.
    pub inputs: Vec<PathBuf>,
    pub labels: Option<&'a Path>,
    pub model: Option<&'a Path>,
    pub confidence: Option<&'a Path>,
    pub picture: Option<&'a Path>,
    pub report: Option<&'a Path>,
    pub polygons: Option<&'a Path>,
    /// A virtual raster.
    pub raster: Option<&'a Path>,
}

impl Names<'_> {
    /// Checks that outputs have fitting names, can be written where they are to be, are neither
    /// inputs nor each other, and are not there yet, unless they may be replaced.
    pub fn check(&self, run: &RunOptions) -> Result<()> {
        let outputs =
            [self.labels, self.model, self.confidence, self.picture, self.report, self.polygons, self.raster];
        let style = self.polygons.and_then(style_beside);
        let outputs: Vec<&Path> = outputs.into_iter().flatten().chain(style.as_deref()).collect();
        let mut taken: Vec<(PathBuf, &str)> = Vec::new();
        for companion in self.labels.iter().flat_map(|labels| companions(labels)) {
            taken.push((identity(&companion), "a companion of the map"));
        }
        let inputs: Vec<PathBuf> = self.inputs.iter().map(|input| file_in(input).into()).collect();
        for (input, file) in self.inputs.iter().zip(&inputs) {
            taken.push((identity(file), "an input"));
            // A mosaic draws on files that the user did not name.
            let parts = if is_model(file) { Vec::new() } else { files_of(input) };
            taken.extend(parts.iter().map(|part| (identity(part), "a part of an input")));
        }
        for output in outputs {
            check_place(output)?;
            let own = identity(output);
            if let Some((_, role)) = taken.iter().find(|(other, _)| *other == own) {
                return invalid_argument(format!(
                    "{} is {role} too: give every output a name of its own",
                    output.display()
                ));
            }
            if output.exists() && !run.overwrite {
                return invalid_option(
                    "overwrite",
                    format!(
                        " is false, and {} exists: give another name, or set it to true",
                        output.display()
                    ),
                );
            }
            taken.push((own, "another output"));
        }
        let legend = self.labels.map(|labels| labels.with_extension("qml"));
        legend.map_or(Ok(()), |legend| check_legend(&legend, "the legend of the map", &inputs))?;
        style.map_or(Ok(()), |style| check_legend(&style, "the style of the polygons", &inputs))?;
        self.labels.map_or(Ok(()), check_label_name)?;
        self.confidence.map_or(Ok(()), check_label_name)?;
        self.report.map_or(Ok(()), check_page_name)?;
        self.polygons.map_or(Ok(()), check_polygons_name)?;
        self.picture.map_or(Ok(()), check_picture_name)
    }
}

fn is_model(path: &Path) -> bool {
    path.extension() == Some("json".as_ref())
}

/// The file in a name such as `area.gpkg|layername=fields` or `scene.tif|option:NUM_THREADS=2`.
pub(super) fn file_in(name: &Path) -> &Path {
    match name.to_str().and_then(|text| text.split_once('|')) {
        Some((file, _)) if !name.exists() => Path::new(file),
        _ => name,
    }
}

/// Checks that an output's legend does not become the style of an input of the same name: QGIS
/// takes it for any raster called so.
fn check_legend(legend: &Path, what: &str, inputs: &[PathBuf]) -> Result<()> {
    let own = identity(legend);
    let is_raster = |path: &&PathBuf| !is_model(path) && path.is_file();
    for raster in inputs.iter().filter(is_raster) {
        if identity(&raster.with_extension("qml")) == own {
            return invalid_argument(format!(
                "{}, {what}, would be the style of {}, too: give the output another name",
                legend.display(),
                raster.display()
            ));
        }
    }
    Ok(())
}

fn check_page_name(path: &Path) -> Result<()> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("html" | "htm") => Ok(()),
        _ => invalid_argument(format!(
            "{}: reports are written as HTML; give a name that ends in .html",
            path.display()
        )),
    }
}

/// What GDAL appends to a raster's name for the files that go with it.
const COMPANIONS: [&str; 3] = [".aux.xml", ".ovr", ".msk"];

/// The files that go with a map, besides those that GDAL appends to its name: its legend for QGIS.
fn companions(labels: &Path) -> Vec<PathBuf> {
    let appended = COMPANIONS.iter().map(|suffix| with_suffix(labels, suffix));
    appended.chain([labels.with_extension("qml")]).collect()
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(suffix);
    name.into()
}

/// Checks that a file can be written under this name.
fn check_place(output: &Path) -> Result<()> {
    let shown = output.display();
    if output.is_dir() {
        return invalid_argument(format!("{shown} is a folder: give the name of a file to write"));
    }
    if let Some(folder) = output.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir())
    {
        return invalid_argument(format!(
            "cannot write {shown}: there is no folder {}; make it first",
            folder.display()
        ));
    }
    Staged::beside(output).map(|_| ())
}

/// What tells whether two names are of one file: through links, and also before the file exists.
fn identity(path: &Path) -> PathBuf {
    #[cfg(unix)]
    if let Ok(file) = std::fs::metadata(path) {
        use std::os::unix::fs::MetadataExt;
        return PathBuf::from(format!("//{}/{}", file.dev(), file.ino()));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let whole = path
        .canonicalize()
        .or_else(|_| Ok(folder.canonicalize()?.join(path.file_name().unwrap_or_default())));
    whole.unwrap_or_else(|_: std::io::Error| path.into())
}
