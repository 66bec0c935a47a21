//! Checks of output names before any work is done.

use std::path::{Path, PathBuf};

use bandcluster::gdal::{check_label_name, check_polygons_name, files_of, split_paths, style_beside, Staged};
use bandcluster::report::check_picture_name;
use bandcluster::{Error, Result};

/// The files that a command reads and writes.
#[derive(Default)]
pub struct Names<'a> {
    /// Scenes (several files with commas between them), masks, models.
    pub inputs: Vec<&'a Path>,
    pub labels: Option<&'a Path>,
    pub model: Option<&'a Path>,
    pub confidence: Option<&'a Path>,
    pub picture: Option<&'a Path>,
    pub report: Option<&'a Path>,
    pub polygons: Option<&'a Path>,
}

impl Names<'_> {
    /// Checks that outputs have fitting names, can be written where they are to be, and are neither inputs nor
    /// each other.
    pub fn check(&self) -> Result<()> {
        let outputs = [self.labels, self.model, self.confidence, self.picture, self.report, self.polygons];
        let style = self.polygons.and_then(style_beside);
        let outputs: Vec<&Path> = outputs.into_iter().flatten().chain(style.as_deref()).collect();
        let mut taken: Vec<(PathBuf, &str)> = Vec::new();
        for companion in self.labels.iter().flat_map(|labels| companions(labels)) {
            taken.push((identity(&companion), "a companion of the map"));
        }
        for input in &self.inputs {
            for path in split_paths(input)? {
                taken.push((identity(&path), "an input"));
                // A mosaic draws on files that the user did not name.
                taken.extend(files_of(&path).iter().map(|file| (identity(file), "a part of an input")));
            }
        }
        for output in outputs {
            check_place(output)?;
            let own = identity(output);
            if let Some((_, role)) = taken.iter().find(|(other, _)| *other == own) {
                return fail(format!(
                    "{} is {role} too: give every output a name of its own",
                    output.display()
                ));
            }
            taken.push((own, "another output"));
        }
        let legend = self.labels.map(|labels| labels.with_extension("qml"));
        legend.map_or(Ok(()), |legend| check_legend(&legend, "the legend of the map", &self.inputs))?;
        style.map_or(Ok(()), |style| check_legend(&style, "the style of the polygons", &self.inputs))?;
        self.labels.map_or(Ok(()), check_label_name)?;
        self.confidence.map_or(Ok(()), check_label_name)?;
        self.report.map_or(Ok(()), check_page_name)?;
        self.polygons.map_or(Ok(()), check_polygons_name)?;
        self.picture.map_or(Ok(()), check_picture_name)
    }
}

/// Checks that an output's legend does not become the style of an input of the same name: QGIS takes it for any raster called so.
fn check_legend(legend: &Path, what: &str, inputs: &[&Path]) -> Result<()> {
    let own = identity(legend);
    for input in inputs {
        let rasters =
            split_paths(input)?.into_iter().filter(|path| path.extension() != Some("json".as_ref()));
        for raster in rasters.filter(|raster| raster.is_file()) {
            if identity(&raster.with_extension("qml")) == own {
                return fail(format!(
                    "{}, {what}, would be the style of {}, too: give the output another name",
                    legend.display(),
                    raster.display()
                ));
            }
        }
    }
    Ok(())
}

fn check_page_name(path: &Path) -> Result<()> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("html" | "htm") => Ok(()),
        _ => fail(format!("{}: reports are written as HTML; give a name that ends in .html", path.display())),
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
        return fail(format!("{shown} is a folder: give the name of a file to write"));
    }
    if let Some(folder) = output.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir())
    {
        return fail(format!("cannot write {shown}: there is no folder {}; make it first", folder.display()));
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

fn fail<T>(message: String) -> Result<T> {
    Err(Error::InvalidArgument(message))
}
