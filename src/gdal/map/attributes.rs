//! What a finished map tells of its classes by itself: an attribute table in its companion, and the legend that QGIS loads.

use gdal_sys::GDALRATFieldUsage as Usage;

use super::companions::{style_beside, with_suffix, COMPANION};
use super::tiled::close;
use crate::error::Result;
use crate::file::{unwritten, Staged};
use crate::gdal::ffi::{set_attribute_table, Column, Values};
use crate::gdal::scene::source::open_own;
use crate::gdal::{problem, settings};
use crate::model::{Band, MapClass};
use crate::report::qml;

/// Gives a map that was written beside its name (the last of `files`) its attribute table, and adds its legend to the files.
///
/// # Errors
/// `Io` when they cannot be written.
pub fn describe_classes(files: &mut Vec<Staged>, bands: &[Band], classes: &[MapClass]) -> Result<()> {
    let Some(map) = files.last() else { return Ok(()) };
    let _ours = settings::for_own_files();
    // Opened to be read, so that the table goes into the companion and leaves the pixels' file alone.
    let mut dataset = open_own(map.path())?;
    set_attribute_table(&mut dataset, &columns(bands, classes))
        .map_err(|error| unwritten(map, &problem::text(&error)))?;
    close(dataset, map)?;
    check_table(map, classes.len())?;
    let legend =
        Staged::with_bytes(&style_beside(map.target()), qml(classes, Some(map.target())).as_bytes())?;
    files.insert(0, legend);
    Ok(())
}

/// Checks that the companion of a map was written whole: GDAL says nothing where it was not.
fn check_table(map: &Staged, n_rows: usize) -> Result<()> {
    let companion = with_suffix(map.path(), COMPANION);
    let text = std::fs::read_to_string(&companion).unwrap_or_default();
    let is_whole = text.trim_end().ends_with("</PAMDataset>") && text.matches("<Row ").count() == n_rows;
    match is_whole {
        true => Ok(()),
        false => Err(unwritten(map, &format!("its companion {COMPANION} was cut off"))),
    }
}

/// A row for each class. The area is left out where it is not known.
fn columns(bands: &[Band], classes: &[MapClass]) -> Vec<Column> {
    let column = |name: &str, usage, values| Column { name: name.into(), usage, values };
    let whole = |of: &dyn Fn(&MapClass) -> i32| Values::Whole(classes.iter().map(of).collect());
    // Real numbers: there may be more pixels than 32 bits count.
    let real = |of: &dyn Fn(&MapClass) -> f64| Values::Real(classes.iter().map(of).collect());
    let names = Values::Text(classes.iter().map(|class| class.name.clone()).collect());
    let mut columns = vec![
        column("Value", Usage::GFU_MinMax, whole(&|class| class.value as i32)),
        column("Class", Usage::GFU_Name, names),
        column("Red", Usage::GFU_Red, whole(&|class| class.color.r.into())),
        column("Green", Usage::GFU_Green, whole(&|class| class.color.g.into())),
        column("Blue", Usage::GFU_Blue, whole(&|class| class.color.b.into())),
        column("Pixels", Usage::GFU_PixelCount, real(&|class| class.count as f64)),
    ];
    if classes.iter().all(|class| class.area_ha.is_some()) {
        columns.push(column("Area_ha", Usage::GFU_Generic, real(&|class| class.area_ha.unwrap_or(0.0))));
    }
    for (index, band) in bands.iter().enumerate() {
        let name = format!("Mean {}", band.name);
        let mean = |class: &MapClass| class.mean.get(index).copied().unwrap_or(f64::NAN);
        columns.push(column(&name, Usage::GFU_Generic, real(&mean)));
    }
    columns
}
