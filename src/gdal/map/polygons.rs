//! A map as polygons: one for each patch of a class.

use std::path::{Path, PathBuf};

use gdal::vector::{Layer, LayerAccess};
use gdal::{Dataset, Driver, DriverManager, DriverType};

use super::class_counts::Written;
use super::companions::style_beside;
use super::geopackage::{self, GEOPACKAGE};
use super::pixel_area::Ruler;
use super::polygon_layer::{create_layer, layer_of, open_layers, Covered, Fields};
use super::tiled::close;
use crate::error::{invalid_argument, Error, Result};
use crate::file::{unwritten, Staged};
use crate::gdal::scene::georeference::is_defined;
use crate::gdal::{ffi, library, problem};
use crate::model::MapClass;
use crate::progress::Run;
use crate::report::polygons_qml;

/// The driver whose files have parts, and their extensions.
const SHAPEFILE: &str = "ESRI Shapefile";
const PARTS: [&str; 4] = ["shx", "dbf", "prj", "cpg"];

/// The driver that patches are traced with, which writes polygons as they come, and its extension. The GDAL of rasterio's wheels does not
/// have it: there the second one traces.
const TRACING: [(&str, &str); 2] = [("FlatGeobuf", "fgb"), (GEOPACKAGE, "gpkg")];

/// The kinds of files that polygons are written to. GDAL knows others: some take no polygons, and KML takes hours for many.
const EXTENSIONS: [&str; 4] = ["gpkg", "geojson", "fgb", "shp"];

/// Checks that polygons can be written to a file of this name.
///
/// # Errors
/// `InvalidArgument` when its extension is none of those.
pub fn check_polygons_name(path: &Path) -> Result<()> {
    driver_of(path).map(|_| ())
}

/// Whether a file of this name may hold other layers beside the polygons.
pub fn is_geopackage(path: &Path) -> bool {
    driver_of(path).is_ok_and(|driver| driver.short_name() == GEOPACKAGE)
}

/// The file beside polygons of this name in which QGIS looks for their style; none where they hold it themselves.
pub fn polygons_style_beside(path: &Path) -> Option<PathBuf> {
    (driver_of(path).is_ok() && !is_geopackage(path)).then(|| style_beside(path))
}

/// The other files that polygons of this name consist of.
pub fn parts_of(path: &Path) -> Vec<PathBuf> {
    match driver_of(path) {
        Ok(driver) if driver.short_name() == SHAPEFILE => {
            PARTS.iter().map(|part| path.with_extension(part)).collect()
        }
        _ => Vec::new(),
    }
}

/// The driver that writes a file of this name.
fn driver_of(path: &Path) -> Result<Driver> {
    library::find()?;
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let is_known = EXTENSIONS.contains(&extension.as_str());
    let found = is_known.then(|| DriverManager::get_output_driver_for_dataset_name(path, DriverType::Vector));
    found.flatten().map_or_else(
        || {
            invalid_argument(format!(
                "{}: GDAL writes no polygons to a file of this kind; give a name that ends in .gpkg, .geojson, .fgb or .shp",
                path.display()
            ))
        },
        Ok,
    )
}

/// Writes the patches of a map that was written beside its name, as polygons with their class, beside the name `target`;
/// with their style, in their file or beside it. A GeoPackage that is there keeps its other layers.
///
/// # Errors
/// `InvalidArgument` for a name of no known kind; `Io` when something cannot be written; `Cancelled`.
pub fn write_polygons(
    map: &Staged,
    target: &Path,
    classes: &[MapClass],
    run: &mut Run,
) -> Result<Vec<Staged>> {
    let driver = driver_of(target)?;
    let written = Written::open(map)?;
    let named = |problem: Problem| problem.with_name(target);
    // Most formats cannot be changed once written, so names and areas come in a second step.
    let plain = trace(&written, target, &mut run.stage(0.0, 0.5)).map_err(named)?;
    let (staged, _journals) = match driver.short_name().as_str() {
        GEOPACKAGE => geopackage::begin(target)?,
        _ => (Staged::beside(target)?, Vec::new()),
    };
    let parts = match driver.short_name().as_str() {
        SHAPEFILE => PARTS.iter().map(|part| staged.with_extension(part)).collect::<Result<Vec<_>>>()?,
        _ => Vec::new(),
    };
    complete(&written, &plain, (&driver, &staged), classes, run).map_err(named)?;
    let style = polygons_style_beside(target)
        .map(|path| Staged::with_bytes(&path, polygons_qml(classes, Some(target)).as_bytes()));
    let parts = parts.into_iter().filter(|part| part.path().exists());
    Ok(parts.chain(style.transpose()?).chain([staged]).collect())
}

/// The driver that patches are traced with, and the extension of its files.
fn tracing() -> gdal::errors::Result<(Driver, &'static str)> {
    let [first, second] = TRACING
        .map(|(name, extension)| DriverManager::get_driver_by_name(name).map(|driver| (driver, extension)));
    first.or(second)
}

/// What may go wrong: with GDAL, or on our side (a cancel).
enum Problem {
    Gdal(gdal::errors::GdalError),
    Own(Error),
}

impl Problem {
    fn with_name(self, target: &Path) -> Error {
        match self {
            Problem::Gdal(error) => {
                let (name, why) = (target.display(), problem::text(&error));
                Error::Io(format!("cannot write {name}: {why}; check the space and permissions there"))
            }
            Problem::Own(error) => error,
        }
    }
}

impl From<gdal::errors::GdalError> for Problem {
    fn from(error: gdal::errors::GdalError) -> Problem {
        Problem::Gdal(error)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        Problem::Own(error)
    }
}

/// The patches with their labels, in a file of a kind that is written as it comes.
fn trace(map: &Written, target: &Path, run: &mut Run) -> std::result::Result<Staged, Problem> {
    let (driver, extension) = tracing()?;
    let plain = Staged::draft(target, extension)?;
    // A driver wants to make its file itself.
    let _ = std::fs::remove_file(plain.path());
    let mut dataset = driver.create_vector_only(plain.path())?;
    create_layer(&mut dataset, map, &["SPATIAL_INDEX=NO"], Fields::Value)?;
    let mut cancelled = Ok(());
    let mut patches = |layer: &Layer| {
        ffi::polygonize(map.dataset(), layer, &mut |fraction| {
            cancelled = run.tick(fraction, "tracing");
            cancelled.is_ok()
        })
    };
    let traced = if driver.short_name() == GEOPACKAGE {
        let transaction = dataset.start_transaction()?;
        let traced = transaction.layer(0).and_then(|layer| patches(&layer));
        traced.and_then(|()| transaction.commit())
    } else {
        patches(&dataset.layer(0)?)
    };
    cancelled?;
    traced?;
    close(dataset, &plain)?;
    Ok(plain)
}

/// The polygons with all their fields, in a file of the wanted kind, which is read again to see that all are there.
fn complete(
    map: &Written,
    plain: &Staged,
    (driver, staged): (&Driver, &Staged),
    classes: &[MapClass],
    run: &mut Run,
) -> std::result::Result<(), Problem> {
    let from = open_layers(plain.path(), None)?;
    let name = driver.short_name();
    let mut to = match name.as_str() {
        GEOPACKAGE => geopackage::open(driver, staged)?,
        _ => {
            let _ = std::fs::remove_file(staged.path());
            driver.create_vector_only(staged.path())?
        }
    };
    let options: &[&str] = match name.as_str() {
        SHAPEFILE => &["ENCODING=UTF-8"],
        GEOPACKAGE => &["OVERWRITE=YES"],
        _ => &[],
    };
    create_layer(&mut to, map, options, Fields::All)?;
    let fields = (Ruler::of(map.dataset()), classes);
    let stage = &mut run.stage(0.5, 0.9);
    // One transaction for all: it would else make one for each polygon.
    let copied = if name == GEOPACKAGE {
        let transaction = to.start_transaction()?;
        let copied = copy((&from, map), &layer_of(&transaction)?, fields, stage)?;
        transaction.commit()?;
        keep_style(&to, classes)?;
        copied
    } else {
        copy((&from, map), &layer_of(&to)?, fields, stage)?
    };
    if !copied.all_of(classes) {
        return Err(unwritten(plain, "some of its polygons are missing").into());
    }
    close(to, staged)?;
    check_written(staged, map, copied.polygons, classes, &mut run.stage(0.9, 1.0))
}

fn keep_style(to: &Dataset, classes: &[MapClass]) -> gdal::errors::Result<()> {
    geopackage::keep_style(to, &polygons_qml(classes, None))
}

/// Copies polygons, and gives them their fields. Returns what they cover of their map.
fn copy(
    (from, map): (&Dataset, &Written),
    to: &Layer,
    (ruler, classes): (Option<Ruler>, &[MapClass]),
    run: &mut Run,
) -> std::result::Result<Covered, Problem> {
    let mut from = from.layer(0)?;
    let mut covered = Covered::none(map);
    let n = from.feature_count().max(1) as f64;
    for (index, feature) in from.features().enumerate() {
        run.tick(index as f64 / n, "writing polygons")?;
        // One that was cut off covers nothing, which the sum tells.
        let (Some(value), Some(shape)) = (feature.field_as_integer(0)?, feature.geometry()) else { continue };
        covered.add(shape.area());
        let mut polygon = gdal::vector::Feature::new(to.defn())?;
        polygon.set_field_integer(0, value)?;
        if let Some(class) = classes.iter().find(|class| class.value as i32 == value) {
            polygon.set_field_string(1, &class.name)?;
            polygon.set_field_string(3, &class.color.to_string())?;
        }
        let rings: Vec<_> = (0..shape.geometry_count())
            .map(|ring| {
                let mut points = Vec::new();
                shape.get_geometry(ring).get_points(&mut points);
                points
            })
            .collect();
        match ruler.as_ref().and_then(|ruler| ruler.hectares(&rings)) {
            Some(area) => polygon.set_field_double(2, area)?,
            None => polygon.set_field_null(2)?,
        }
        polygon.set_geometry(shape.clone())?;
        polygon.create(to)?;
    }
    Ok(covered)
}

/// Reads what was written, and checks that all polygons are there: a full disk is not always told.
fn check_written(
    file: &Staged,
    map: &Written,
    n: u64,
    classes: &[MapClass],
    run: &mut Run,
) -> std::result::Result<(), Problem> {
    let failed = |error: &gdal::errors::GdalError| unwritten(file, &problem::text(error));
    let dataset = open_layers(file.path(), None).map_err(|error| failed(&error))?;
    let mut layer = layer_of(&dataset).map_err(|error| failed(&error))?;
    if map.dataset().spatial_ref().is_ok() && !layer.spatial_ref().is_some_and(|system| is_defined(&system)) {
        let why = "a file of its kind does not keep the reference system of the scene";
        return Err(Error::Io(format!(
            "cannot write {}: {why}; give a name that ends in .gpkg",
            file.target().display()
        ))
        .into());
    }
    let mut found = Covered::none(map);
    for feature in layer.features() {
        run.tick(found.polygons as f64 / n.max(1) as f64, "writing polygons")?;
        found.add(feature.geometry().map_or(0.0, |shape| shape.area()));
    }
    match found.polygons == n && found.all_of(classes) {
        true => Ok(()),
        false => Err(unwritten(file, &format!("it was cut off: {} of {n} polygons", found.polygons)).into()),
    }
}
