//! The classes of a raster, from its attribute table or the names of its values.

use gdal::raster::RasterBand;
use gdal_sys::GDALRATFieldUsage as Usage;

use super::scene::Scene;
use super::source::open_dataset;
use crate::error::Result;
use crate::gdal::ffi::{self, AttributeTable};
use crate::wording::plain;

/// A class of a raster, as far as the file describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct SceneClass {
    /// The value of its pixels.
    pub value: i64,
    /// Its name.
    pub name: String,
    /// Its colour: red, green and blue.
    pub color: Option<[u8; 3]>,
    /// The number of its pixels.
    pub count: Option<u64>,
    /// Their area in hectares.
    pub area_ha: Option<f64>,
}

impl Scene {
    /// The classes of a scene of one band; empty if its file has none.
    ///
    /// # Errors
    /// `Io` when it cannot be read.
    pub fn classes(&self) -> Result<Vec<SceneClass>> {
        let [band] = self.bands() else { return Ok(Vec::new()) };
        let (file, number) = band.place;
        let dataset = open_dataset(&self.files()[file])?;
        let Ok(raster) = dataset.rasterband(number) else { return Ok(Vec::new()) };
        let of_table =
            ffi::attribute_table(&raster).map(|table| of_table(&table)).unwrap_or_default();
        Ok(if of_table.is_empty() { of_names(&raster, band.nodata) } else { of_table })
    }
}

/// The rows of an attribute table that have a name or pixels.
fn of_table(table: &AttributeTable) -> Vec<SceneClass> {
    let text = |usage, row: usize| table.column(usage).and_then(|column| column.texts.get(row));
    let number = |usage, row| text(usage, row).and_then(|text| text.trim().parse::<f64>().ok());
    let value = |row: usize| match table.binning {
        Some((first, size)) => Some(first + size * row as f64),
        None => number(Usage::GFU_MinMax, row),
    };
    let class = |row: usize| {
        let byte = |usage| number(usage, row).map(|byte| byte.clamp(0.0, 255.0) as u8);
        let area = table.named(AREA).and_then(|column| column.texts[row].trim().parse().ok());
        Some(SceneClass {
            value: integer(value(row)?)?,
            name: text(Usage::GFU_Name, row).map(|name| plain(name)).unwrap_or_default(),
            color: byte(Usage::GFU_Red)
                .zip(byte(Usage::GFU_Green))
                .zip(byte(Usage::GFU_Blue))
                .map(|((red, green), blue)| [red, green, blue]),
            count: number(Usage::GFU_PixelCount, row).map(|count| count as u64),
            area_ha: area,
        })
    };
    let is_told =
        |class: &SceneClass| !class.name.is_empty() || class.count.is_some_and(|count| count > 0);
    (0..table.n_rows).filter_map(class).filter(is_told).collect()
}

/// A number as an integer, if it is one.
fn integer(number: f64) -> Option<i64> {
    (number.fract() == 0.0).then_some(number as i64)
}

/// The column of our own maps that has areas in hectares.
const AREA: &str = "Area_ha";

/// The values that have a name, with their colours in the palette.
fn of_names(band: &RasterBand, nodata: Option<f64>) -> Vec<SceneClass> {
    let palette = band.color_table();
    let color = |value: usize| {
        let entry = palette.as_ref()?.entry_as_rgb(value)?;
        Some([entry.r, entry.g, entry.b].map(|part| part.clamp(0, 255) as u8))
    };
    let class = |(value, name): (usize, String)| SceneClass {
        value: value as i64,
        name: plain(&name),
        color: color(value),
        count: None,
        area_ha: None,
    };
    let is_class =
        |class: &SceneClass| !class.name.is_empty() && Some(class.value as f64) != nodata;
    ffi::category_names(band).into_iter().enumerate().map(class).filter(is_class).collect()
}
