//! A map as polygons: one for each patch of a class.

use std::path::{Path, PathBuf};

use gdal::vector::sql::Dialect;
use gdal::vector::{FieldDefn, Layer, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType};
use gdal::{Dataset, Driver, DriverManager, DriverType};

use super::class_counts::Written;
use super::pixel_area::Ruler;
use super::staged::Staged;
use crate::error::{invalid_argument, Error, Result};
use crate::gdal::{ffi, library, problem};
use crate::model::MapClass;
use crate::progress::Run;
use crate::report::polygons_qml;

/// The name of the layer.
const LAYER: &str = "classes";

/// The driver whose files have parts, and their extensions.
const SHAPEFILE: &str = "ESRI Shapefile";
const PARTS: [&str; 4] = ["shx", "dbf", "prj", "cpg"];

/// The driver that patches are traced with: it writes polygons as they come. The GDAL of rasterio's
/// wheels does not have it, and traces to a GeoPackage.
const TRACED: &str = "FlatGeobuf";

/// The driver whose files hold their style.
const GEOPACKAGE: &str = "GPKG";

/// The kinds of files that polygons are written to. GDAL knows others: some take no polygons, and KML takes hours for many.
const EXTENSIONS: [&str; 4] = ["gpkg", "geojson", "fgb", "shp"];

/// Fields of the layer, by their numbers.
const FIELDS: [(&str, OGRFieldType::Type); 4] = [
    ("value", OGRFieldType::OFTInteger),
    ("name", OGRFieldType::OFTString),
    ("area_ha", OGRFieldType::OFTReal),
    ("color", OGRFieldType::OFTString),
];

/// Checks that polygons can be written to a file of this name.
///
/// # Errors
/// `InvalidArgument` when its extension is none of those.
pub fn check_polygons_name(path: &Path) -> Result<()> {
    driver_of(path).map(|_| ())
}

/// The file beside polygons of this name in which QGIS looks for their style; none where they hold it themselves.
pub fn style_beside(path: &Path) -> Option<PathBuf> {
    let driver = driver_of(path).ok()?;
    (driver.short_name() != GEOPACKAGE).then(|| path.with_extension("qml"))
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
/// with their style, in their file or beside it.
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
    let plain = Staged::beside(&target.with_extension(extension_of_traced()))?;
    trace(&written, &plain, &mut run.stage(0.0, 0.6)).map_err(named)?;
    let staged = Staged::beside(target)?;
    // A driver wants to make its file itself.
    let _ = std::fs::remove_file(staged.path());
    let parts = match driver.short_name().as_str() {
        SHAPEFILE => PARTS.iter().map(|part| staged.with_extension(part)).collect::<Result<Vec<_>>>()?,
        _ => Vec::new(),
    };
    complete(&written, &plain, (&driver, staged.path()), classes, &mut run.stage(0.6, 1.0)).map_err(named)?;
    let style = style_beside(target).map(|path| Staged::with_bytes(&path, polygons_qml(classes).as_bytes()));
    let parts = parts.into_iter().filter(|part| part.path().exists());
    Ok(parts.chain(style.transpose()?).chain([staged]).collect())
}

/// The extension of the file that patches are traced to.
fn extension_of_traced() -> &'static str {
    match DriverManager::get_driver_by_name(TRACED) {
        Ok(_) => "fgb",
        Err(_) => "gpkg",
    }
}

/// What may go wrong: with GDAL, or on our side (a cancel).
enum Problem {
    Gdal(gdal::errors::GdalError),
    Own(Error),
}

impl Problem {
    fn with_name(self, target: &Path) -> Error {
        match self {
            Problem::Gdal(error) => problem::io(&target.display().to_string(), "cannot be written", &error),
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
fn trace(map: &Written, plain: &Staged, run: &mut Run) -> std::result::Result<(), Problem> {
    let _ = std::fs::remove_file(plain.path());
    let driver = DriverManager::get_driver_by_name(TRACED)
        .or_else(|_| DriverManager::get_driver_by_name(GEOPACKAGE))?;
    let mut dataset = driver.create_vector_only(plain.path())?;
    create_layer(&mut dataset, map, &["SPATIAL_INDEX=NO"], 1)?;
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
    Ok(dataset.close()?)
}

/// The layer with the first fields.
fn create_layer<'d>(
    dataset: &'d mut Dataset,
    map: &Written,
    options: &[&str],
    n_fields: usize,
) -> gdal::errors::Result<Layer<'d>> {
    let reference = map.dataset().spatial_ref().ok();
    let options = LayerOptions {
        name: LAYER,
        srs: reference.as_ref(),
        ty: OGRwkbGeometryType::wkbPolygon,
        options: Some(options),
    };
    let layer = dataset.create_layer(options)?;
    for (name, kind) in &FIELDS[..n_fields] {
        FieldDefn::new(name, *kind)?.add_to_layer(&layer)?;
    }
    Ok(layer)
}

/// The polygons with all their fields, in a file of the wanted kind.
fn complete(
    map: &Written,
    plain: &Staged,
    (driver, path): (&Driver, &Path),
    classes: &[MapClass],
    run: &mut Run,
) -> std::result::Result<(), Problem> {
    let from = Dataset::open_ex(
        plain.path(),
        gdal::DatasetOptions { open_flags: gdal::GdalOpenFlags::GDAL_OF_VECTOR, ..Default::default() },
    )?;
    let ruler = Ruler::of(map.dataset());
    let mut to = driver.create_vector_only(path)?;
    let options: &[&str] = if driver.short_name() == SHAPEFILE { &["ENCODING=UTF-8"] } else { &[] };
    create_layer(&mut to, map, options, FIELDS.len())?;
    // One transaction for all: it would else make one for each polygon.
    if driver.short_name() == GEOPACKAGE {
        let transaction = to.start_transaction()?;
        copy(&mut from.layer(0)?, &transaction.layer(0)?, ruler.as_ref(), classes, run)?;
        transaction.commit()?;
    } else {
        copy(&mut from.layer(0)?, &to.layer(0)?, ruler.as_ref(), classes, run)?;
    }
    if driver.short_name() == GEOPACKAGE {
        keep_style(&to, &polygons_qml(classes))?;
    }
    Ok(to.close()?)
}

/// Keeps a style in a GeoPackage, in the table that QGIS makes and looks at.
fn keep_style(to: &Dataset, qml: &str) -> gdal::errors::Result<()> {
    let statements = [
        "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), \
         f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), \
         styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)",
        "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES \
         ('layer_styles', 'attributes', 'layer_styles')",
        &format!(
            "INSERT INTO layer_styles VALUES (1, '', '', '{LAYER}', 'geom', '{LAYER}', '{}', '', 1, '', '', NULL, \
             strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
            qml.replace('\'', "''")
        ),
    ];
    statements.iter().try_for_each(|sql| to.execute_sql(sql, None, Dialect::DEFAULT).map(drop))
}

/// Copies polygons, and gives them their fields.
fn copy(
    from: &mut Layer,
    to: &Layer,
    ruler: Option<&Ruler>,
    classes: &[MapClass],
    run: &mut Run,
) -> std::result::Result<(), Problem> {
    let n = from.feature_count().max(1) as f64;
    for (index, feature) in from.features().enumerate() {
        run.tick(index as f64 / n, "writing polygons")?;
        let (Some(value), Some(shape)) = (feature.field_as_integer(0)?, feature.geometry()) else { continue };
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
        match ruler.and_then(|ruler| ruler.hectares(&rings)) {
            Some(area) => polygon.set_field_double(2, area)?,
            None => polygon.set_field_null(2)?,
        }
        polygon.set_geometry(shape.clone())?;
        polygon.create(to)?;
    }
    Ok(())
}
