//! The description of the classes that goes with a finished map: an attribute table in its
//! companion, and the legend that QGIS loads.

use gdal_sys::GDALRATFieldUsage as Usage;

use super::companions::{style_beside, COMPANION};
use super::tiled::close;
use crate::error::Result;
use crate::file::{unwritten, Staged};
use crate::gdal::ffi::{set_attribute_table, Column, Values};
use crate::gdal::scene::side_files::with_suffix;
use crate::gdal::scene::source::open_own;
use crate::gdal::{problem, settings};
use crate::model::{Band, MapClass};
use crate::report::qml;

/// Gives a map that lies beside its final name (the last of `files`) its attribute table, and adds
/// its legend to the files.
///
/// # Errors
/// `Io` when they cannot be written.
pub fn describe_classes(
    files: &mut Vec<Staged>,
    bands: &[Band],
    classes: &[MapClass],
) -> Result<()> {
    let Some(map) = files.last() else { return Ok(()) };
    let _ours = settings::for_own_files();
    // Opened for reading only, so that the table goes into the companion and the pixels' file does
    // not change.
    let mut dataset = open_own(map.path())?;
    set_attribute_table(&mut dataset, &columns(bands, classes))
        .map_err(|error| unwritten(map, &problem::text(&error)))?;
    close(dataset, map)?;
    check_companion(map, classes)?;
    let legend = Staged::with_bytes(
        &style_beside(map.target()),
        qml(classes, Some(map.target())).as_bytes(),
    )?;
    files.insert(0, legend);
    Ok(())
}

/// Checks that the companion of a map holds its table and the names of its values, which were
/// written before: GDAL does not report a loss.
fn check_companion(map: &Staged, classes: &[MapClass]) -> Result<()> {
    let text = std::fs::read_to_string(with_suffix(map.path(), COMPANION)).unwrap_or_default();
    let has_table = text.trim_end().ends_with("</PAMDataset>")
        && text.matches("<Row ").count() == classes.len();
    let most = classes.iter().map(|class| class.value as usize).max().unwrap_or(0);
    match has_table && text.matches("</Category>").count() > most {
        true => Ok(()),
        false => Err(unwritten(map, &format!("its companion {COMPANION} was not written whole"))),
    }
}

/// A row for each class. The area is left out if it is not known.
fn columns(bands: &[Band], classes: &[MapClass]) -> Vec<Column> {
    let column = |name: &str, usage, values| Column { name: name.into(), usage, values };
    let integers =
        |of: &dyn Fn(&MapClass) -> i32| Values::Integers(classes.iter().map(of).collect());
    // Real numbers: there may be more pixels than 32 bits count.
    let real = |of: &dyn Fn(&MapClass) -> f64| Values::Real(classes.iter().map(of).collect());
    let names = Values::Text(classes.iter().map(|class| class.name.clone()).collect());
    let mut columns = vec![
        column("Value", Usage::GFU_MinMax, integers(&|class| class.value as i32)),
        column("Class", Usage::GFU_Name, names),
        column("Red", Usage::GFU_Red, integers(&|class| class.color.r.into())),
        column("Green", Usage::GFU_Green, integers(&|class| class.color.g.into())),
        column("Blue", Usage::GFU_Blue, integers(&|class| class.color.b.into())),
        column("Pixels", Usage::GFU_PixelCount, real(&|class| class.count as f64)),
    ];
    if classes.iter().all(|class| class.area_ha.is_some()) {
        columns.push(column(
            "Area_ha",
            Usage::GFU_Generic,
            real(&|class| class.area_ha.unwrap_or(0.0)),
        ));
    }
    for (index, band) in bands.iter().enumerate() {
        let name = format!("Mean {}", band.name);
        let mean = |class: &MapClass| class.mean.get(index).copied().unwrap_or(f64::NAN);
        columns.push(column(&name, Usage::GFU_Generic, real(&mean)));
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gdal::ffi::set_category_names;
    use crate::model::Color;
    use gdal::DriverManager;

    #[test]
    fn a_map_whose_companion_has_lost_its_names_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
        let class = |value: u32, name: &str| MapClass {
            value,
            name: name.into(),
            color: Color { r: 1, g: 2, b: 3 },
            count: 5,
            share: 0.5,
            area_ha: None,
            mean: Vec::new(),
        };
        let classes = [class(1, "water"), class(2, "forest")];
        let described = |names: &[&str]| {
            let map = Staged::beside(&folder.path().join("map.tif")).unwrap();
            let mut dataset = driver.create_with_band_type::<u8, _>(map.path(), 4, 4, 1).unwrap();
            let names: Vec<_> = names.iter().map(ToString::to_string).collect();
            set_category_names(&mut dataset, &names).unwrap();
            dataset.close().unwrap();
            describe_classes(&mut vec![map], &[], &classes)
        };
        described(&["nodata", "water", "forest"]).unwrap();
        let error = described(&["nodata", "water"]).unwrap_err().to_string();
        assert!(error.contains(COMPANION) && error.contains("not written whole"), "{error}");
    }
}
