//! A map as polygons: one for each patch of a class.

use std::path::{Path, PathBuf};

use gdal::vector::{Geometry, Layer, LayerAccess};
use gdal::{Driver, DriverManager, DriverType};

use super::class_counts::Written;
use super::companions::style_beside;
use super::geopackage::{self, GEOPACKAGE};
use super::outlines::Outlines;
use super::polygon_layer::{create_layer, layer_of, open_layers, Covered};
use super::spatial_index::SpatialIndex;
use super::tiled::close;
use crate::error::{invalid_argument, Error, Result};
use crate::file::{unwritten, Staged};
use crate::gdal::scene::georeference::is_defined;
use crate::gdal::{library, problem};
use crate::model::MapClass;
use crate::progress::Run;
use crate::report::polygons_qml;

/// The driver whose files consist of several, and their extensions.
const SHAPEFILE: &str = "ESRI Shapefile";
const PARTS: [&str; 4] = ["shx", "dbf", "prj", "cpg"];

/// The kinds of files that polygons are written to. GDAL knows others: some take no polygons, and
/// KML takes hours for many.
const EXTENSIONS: [&str; 4] = ["gpkg", "geojson", "fgb", "shp"];

/// Checks that polygons can be written to a file of this name.
///
/// # Errors
/// `InvalidArgument` when its extension is not one of those.
pub fn check_polygons_name(path: &Path) -> Result<()> {
    driver_of(path).map(|_| ())
}

/// Whether a file of this name may hold other layers beside the polygons.
pub fn is_geopackage(path: &Path) -> bool {
    driver_of(path).is_ok_and(|driver| driver.short_name() == GEOPACKAGE)
}

/// The file beside polygons of this name in which QGIS looks for their style; none if they hold it
/// themselves.
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
    let found = is_known
        .then(|| DriverManager::get_output_driver_for_dataset_name(path, DriverType::Vector));
    found.flatten().map_or_else(
        || {
            invalid_argument(format!(
                "{}: GDAL writes no polygons to a file of this kind; give a name that ends in \
                 .gpkg, .geojson, .fgb or .shp",
                path.display()
            ))
        },
        Ok,
    )
}

/// Writes the patches of a map as polygons with their class, and their style, in the same file or
/// beside it. Both the map and the polygons lie beside their final names; `target` is that of the
/// polygons. An existing GeoPackage keeps its other layers.
///
/// # Errors
/// `InvalidArgument` for an unknown extension; `Io` when something cannot be written; `Cancelled`.
pub fn write_polygons(
    map: &Staged,
    target: &Path,
    classes: &[MapClass],
    run: &mut Run,
) -> Result<Vec<Staged>> {
    let driver = driver_of(target)?;
    let named = |problem: Problem| problem.with_name(target);
    let (staged, _journals) = match driver.short_name().as_str() {
        GEOPACKAGE => geopackage::begin(target)?,
        _ => (Staged::beside(target)?, Vec::new()),
    };
    let parts = match driver.short_name().as_str() {
        SHAPEFILE => {
            PARTS.iter().map(|part| staged.with_extension(part)).collect::<Result<Vec<_>>>()?
        }
        _ => Vec::new(),
    };
    let polygons =
        write(map, (&driver, &staged), classes, &mut run.stage(0.0, 0.8)).map_err(named)?;
    check_written(&staged, &Written::open(map)?, polygons, classes, &mut run.stage(0.8, 1.0))
        .map_err(named)?;
    let style = polygons_style_beside(target)
        .map(|path| Staged::with_bytes(&path, polygons_qml(classes, Some(target)).as_bytes()));
    let parts = parts.into_iter().filter(|part| part.path().exists());
    Ok(parts.chain(style.transpose()?).chain([staged]).collect())
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
                Error::Io(format!(
                    "cannot write {name}: {why}; check the space and permissions there"
                ))
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

/// Writes the polygons of a map to a file of the wanted kind, and returns how many.
fn write(
    map: &Staged,
    (driver, staged): (&Driver, &Staged),
    classes: &[MapClass],
    run: &mut Run,
) -> std::result::Result<u64, Problem> {
    let name = driver.short_name();
    let mut to = match name.as_str() {
        GEOPACKAGE => geopackage::open(driver, staged)?,
        _ => {
            // The driver has to create its file itself.
            let _ = std::fs::remove_file(staged.path());
            driver.create_vector_only(staged.path())?
        }
    };
    let options: &[&str] = match name.as_str() {
        SHAPEFILE => &["ENCODING=UTF-8"],
        GEOPACKAGE => &["OVERWRITE=YES", "SPATIAL_INDEX=NO"],
        _ => &[],
    };
    let written = Written::open(map)?;
    create_layer(&mut to, &written, options)?;
    let outlines = Outlines::new(written);
    let polygons = if name == GEOPACKAGE {
        // One transaction for all polygons: otherwise there would be one for each.
        let transaction = to.start_transaction()?;
        let mut index = SpatialIndex::begin(&transaction, driver)?;
        let polygons = add(outlines, &layer_of(&transaction)?, index.as_mut(), classes, run)?;
        index.map_or(Ok(()), SpatialIndex::finish)?;
        transaction.commit()?;
        geopackage::keep_style(&to, &polygons_qml(classes, None))?;
        polygons
    } else {
        add(outlines, &layer_of(&to)?, None, classes, run)?
    };
    close(to, staged)?;
    Ok(polygons)
}

/// Adds the polygons of a map to a layer, with their fields, while another thread finds the next
/// ones. Returns how many.
fn add(
    mut outlines: Outlines,
    to: &Layer,
    mut index: Option<&mut SpatialIndex>,
    classes: &[MapClass],
    run: &mut Run,
) -> std::result::Result<u64, Problem> {
    let mut by_value =
        vec![None; classes.iter().map(|class| class.value as usize + 1).max().unwrap_or(0)];
    for class in classes {
        by_value[class.value as usize] = Some((class.name.as_str(), class.color.to_string()));
    }
    let (mut polygons, mut pixels) = (0, 0);
    run.ahead(
        "writing polygons",
        || outlines.batch(),
        |batch| {
            for outline in batch {
                let mut polygon = gdal::vector::Feature::new(to.defn())?;
                polygon.set_field_integer(0, outline.label.into())?;
                if let Some((name, color)) =
                    by_value.get(usize::from(outline.label)).and_then(Option::as_ref)
                {
                    polygon.set_field_string(1, name)?;
                    polygon.set_field_string(3, color)?;
                }
                match outline.hectares {
                    Some(area) => polygon.set_field_double(2, area)?,
                    None => polygon.set_field_null(2)?,
                }
                polygon.set_geometry(Geometry::from_wkb(&outline.shape)?)?;
                polygon.create(to)?;
                polygons += 1;
                pixels += outline.pixels;
                if let (Some(index), Some(number)) = (&mut index, polygon.fid()) {
                    index.add(number, outline.bounds)?;
                }
            }
            Ok::<_, Problem>(())
        },
    )?;
    let wanted: u64 = classes.iter().map(|class| class.count).sum();
    match pixels == wanted {
        true => Ok(polygons),
        false => Err(Error::Io(format!(
            "the map has {pixels} pixels with a class, but {wanted} were written: was it changed \
             meanwhile? run the job again"
        ))
        .into()),
    }
}

/// Reads the file again, and checks that all polygons are there: a full disk is not always
/// reported.
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
    if map.dataset().spatial_ref().is_ok()
        && !layer.spatial_ref().is_some_and(|system| is_defined(&system))
    {
        let why = "a file of its kind does not keep the reference system of the scene";
        return Err(Error::Io(format!(
            "cannot write {}: {why}; give a name that ends in .gpkg",
            file.target().display()
        ))
        .into());
    }
    // GeoPackages keep their count, which is what other programs show.
    let told = layer.feature_count();
    let mut found = Covered::none(map);
    for feature in layer.features() {
        run.tick(found.polygons as f64 / n.max(1) as f64, "writing polygons")?;
        found.add(feature.geometry().map_or(0.0, |shape| shape.area()));
    }
    if found.polygons != n || !found.all_of(classes) {
        return Err(unwritten(
            file,
            &format!("it was cut off: {} of {n} polygons", found.polygons),
        )
        .into());
    }
    match told == n {
        true => Ok(()),
        false => {
            Err(unwritten(file, &format!("it has {n} polygons, but its own count says {told}"))
                .into())
        }
    }
}
