//! Checks of output names before any work is done.

use std::path::{Path, PathBuf};

use super::options::RunOptions;
use crate::error::{invalid_argument, Error, Result};
use crate::file::{check_output_path, is_stdout};
use crate::gdal::{
    check_label_name, check_polygons_name, check_style, files_of, holds_classes, is_geopackage,
    left_behind, parts_of, polygons_style_beside, style_beside, Staged,
};
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

/// A file that goes with an output by its name.
struct SideFile<'a> {
    path: PathBuf,
    of: &'a Path,
    kind: SideFileKind,
}

#[derive(Clone, Copy, PartialEq)]
enum SideFileKind {
    /// A style, which is rewritten.
    Style,
    /// A part of polygons, which is rewritten.
    Part,
    /// A file that describes the replaced output: it is removed or rewritten.
    LeftBehind,
}

impl<'a> Names<'a> {
    /// Checks that outputs have suitable names, can be written there, are no inputs, differ from
    /// each other, and do not exist unless they may be replaced. Also checks that files which go
    /// with them do not belong to another file.
    pub fn check(&self, run: &RunOptions) -> Result<()> {
        self.outputs().iter().try_for_each(|output| self.check_output(output))?;
        self.check_apart()?;
        self.check_kinds()?;
        self.check_free(run)
    }

    /// Checks that outputs do not exist unless they may be replaced, and that files which go with
    /// them are theirs. Other programs may write files while a job runs, so it checks again at its
    /// end.
    pub fn check_free(&self, run: &RunOptions) -> Result<()> {
        for output in self.outputs() {
            let holds_more = self.polygons == Some(output) && is_geopackage(output);
            let is_there = if holds_more { holds_classes(output)? } else { output.exists() };
            if is_there && !run.overwrite {
                let what = if holds_more { "has a layer of classes" } else { "exists" };
                return Err(Error::Option {
                    before: format!("{} {what}: give another name, or ", output.display()),
                    field: "overwrite".into(),
                    after: "=true to replace it".into(),
                });
            }
        }
        self.side_files().iter().try_for_each(check_side)
    }

    /// The outputs, without a model that goes to the standard output.
    fn outputs(&self) -> Vec<&'a Path> {
        let model = self.model.filter(|model| !is_stdout(model));
        let outputs = [
            self.labels,
            model,
            self.confidence,
            self.picture,
            self.report,
            self.polygons,
            self.raster,
        ];
        outputs.into_iter().flatten().collect()
    }

    fn side_files(&self) -> Vec<SideFile<'a>> {
        let mut side_files = Vec::new();
        let mut add = |of: &'a Path, kind: SideFileKind, paths: Vec<PathBuf>| {
            side_files.extend(paths.into_iter().map(|path| SideFile { path, of, kind }));
        };
        for output in self.outputs() {
            add(output, SideFileKind::LeftBehind, left_behind(output));
        }
        if let Some(labels) = self.labels {
            add(labels, SideFileKind::Style, vec![style_beside(labels)]);
        }
        if let Some(polygons) = self.polygons {
            add(polygons, SideFileKind::Part, parts_of(polygons));
            add(
                polygons,
                SideFileKind::Style,
                polygons_style_beside(polygons).into_iter().collect(),
            );
        }
        side_files
    }

    /// Checks that a file can be written under this name.
    fn check_output(&self, output: &Path) -> Result<()> {
        if is_stdout(output) {
            return invalid_argument(format!(
                "{} takes only a model: give the name of a file to write",
                output.display()
            ));
        }
        Staged::beside(output).map(|_| ())
    }

    /// Checks that no output, and no file that goes with one, is an input, and that outputs differ.
    fn check_apart(&self) -> Result<()> {
        let files: Vec<PathBuf> = self.inputs.iter().map(|input| file_in(input).into()).collect();
        let mut inputs: Vec<(PathBuf, &str)> = Vec::new();
        for (input, file) in self.inputs.iter().zip(&files) {
            inputs.push((identity(file), "an input"));
            // A mosaic reads files that the user did not name.
            let parts = if is_model(file) { Vec::new() } else { files_of(input) };
            inputs.extend(parts.iter().map(|part| (identity(part), "a part of an input")));
        }
        let role_in = |taken: &[(PathBuf, &'static str)], path: &Path| {
            let own = identity(path);
            taken.iter().find(|(other, _)| *other == own).map(|(_, role)| *role)
        };
        let mut outputs: Vec<(PathBuf, &str)> = Vec::new();
        for output in self.outputs() {
            role_in(&inputs, output).map_or(Ok(()), |role| both(output, role))?;
            role_in(&outputs, output).map_or(Ok(()), |role| both(output, role))?;
            outputs.push((identity(output), "another output"));
        }
        let mut side_files: Vec<(PathBuf, &str)> = Vec::new();
        for side in self.side_files() {
            if let Some(role) = role_in(&inputs, &side.path) {
                return invalid_argument(format!(
                    "{} goes with the output {} and is {role}: give the output another name",
                    side.path.display(),
                    side.of.display()
                ));
            }
            let is_of_map = self.labels == Some(side.of);
            let role =
                if is_of_map { "a companion of the map" } else { "a companion of another output" };
            role_in(&outputs, &side.path).map_or(Ok(()), |_| both(&side.path, role))?;
            role_in(&side_files, &side.path).map_or(Ok(()), |role| both(&side.path, role))?;
            side_files.push((identity(&side.path), role));
        }
        for style in self.side_files().iter().filter(|side| side.kind == SideFileKind::Style) {
            let is_of_map = self.labels == Some(style.of);
            let what =
                if is_of_map { "the legend of the map" } else { "the style of the polygons" };
            check_legend(&style.path, what, &files)?;
        }
        Ok(())
    }

    fn check_kinds(&self) -> Result<()> {
        self.labels.map_or(Ok(()), check_label_name)?;
        self.confidence.map_or(Ok(()), check_label_name)?;
        self.report.map_or(Ok(()), check_page_name)?;
        self.polygons.map_or(Ok(()), check_polygons_name)?;
        self.picture.map_or(Ok(()), check_picture_name)
    }
}

fn both(path: &Path, role: &str) -> Result<()> {
    invalid_argument(format!("{} is {role} too: give each output a different name", path.display()))
}

/// Checks a file that goes with an output. If it exists, it must belong to the file that the output
/// replaces, and it must be possible to replace or remove it.
fn check_side(SideFile { path, of, kind }: &SideFile) -> Result<()> {
    check_output_path(path)?;
    match kind {
        SideFileKind::Style => check_style(path, of),
        SideFileKind::Part if path.exists() && !of.exists() => invalid_argument(format!(
            "{} exists, is not part of {}, and would be replaced: give the output another \
             name",
            path.display(),
            of.display()
        )),
        // They cannot belong to another file.
        SideFileKind::Part | SideFileKind::LeftBehind => Ok(()),
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

/// Checks that an output's legend does not become the style of an input: QGIS applies it to any
/// raster of that name.
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

/// A path that is equal for two names of one file, through links, and also before the file exists.
fn identity(path: &Path) -> PathBuf {
    #[cfg(unix)]
    if let Ok(file) = std::fs::metadata(path) {
        use std::os::unix::fs::MetadataExt;
        return PathBuf::from(format!("//{}/{}", file.dev(), file.ino()));
    }
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let canonical = path
        .canonicalize()
        .or_else(|_| Ok(folder.canonicalize()?.join(path.file_name().unwrap_or_default())));
    canonical.unwrap_or_else(|_: std::io::Error| path.into())
}
