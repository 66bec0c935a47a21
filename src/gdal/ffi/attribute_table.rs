//! What a raster says about its values: an attribute table, and names.

use std::ffi::c_int;

use gdal::cpl::CslStringList;
use gdal::errors::{GdalError, Result};
use gdal::raster::RasterBand;
use gdal::Dataset;
use gdal_sys::{GDALRATFieldType, GDALRATFieldUsage};

use super::status::{check, text};

/// Names the values 0, 1, 2, ... of a band.
pub(crate) fn set_category_names(dataset: &mut Dataset, names: &[String]) -> Result<()> {
    let mut list = CslStringList::new();
    names.iter().try_for_each(|name| list.add_string(name))?;
    let band = dataset.rasterband(1)?;
    // SAFETY: the band lives as long as its dataset; GDAL copies the names.
    check(unsafe { gdal_sys::GDALSetRasterCategoryNames(band.c_rasterband(), list.as_ptr()) })
}

/// A column of an attribute table: its name, what it is for, and a value for each row.
pub(crate) struct Column {
    pub name: String,
    pub usage: GDALRATFieldUsage::Type,
    pub values: Values,
}

/// The values of a column.
pub(crate) enum Values {
    Integers(Vec<i32>),
    Real(Vec<f64>),
    Text(Vec<String>),
}

/// Gives the first band an attribute table of distinct values (thematic), and keeps it in the
/// file's companion.
pub(crate) fn set_attribute_table(dataset: &mut Dataset, columns: &[Column]) -> Result<()> {
    let band = dataset.rasterband(1)?;
    let c_text = |text: &str| std::ffi::CString::new(text).map_err(GdalError::from);
    // SAFETY: the table is made here and destroyed below, after the band has copied it; strings
    // live during the call that takes them, and are copied; GDAL adds the rows that a value is set
    // in.
    unsafe {
        let table = gdal_sys::GDALCreateRasterAttributeTable();
        let fill = || -> Result<()> {
            gdal_sys::GDALRATSetTableType(table, gdal_sys::GDALRATTableType::GRTT_THEMATIC);
            for (index, column) in (0..).zip(columns) {
                let kind = match column.values {
                    Values::Integers(_) => GDALRATFieldType::GFT_Integer,
                    Values::Real(_) => GDALRATFieldType::GFT_Real,
                    Values::Text(_) => GDALRATFieldType::GFT_String,
                };
                let name = c_text(&column.name)?;
                check(gdal_sys::GDALRATCreateColumn(table, name.as_ptr(), kind, column.usage))?;
                match &column.values {
                    Values::Integers(values) => (0..).zip(values).for_each(|(row, value)| {
                        gdal_sys::GDALRATSetValueAsInt(table, row, index, *value);
                    }),
                    Values::Real(values) => (0..).zip(values).for_each(|(row, value)| {
                        gdal_sys::GDALRATSetValueAsDouble(table, row, index, *value);
                    }),
                    Values::Text(values) => (0..).zip(values).try_for_each(|(row, value)| {
                        gdal_sys::GDALRATSetValueAsString(
                            table,
                            row,
                            index,
                            c_text(value)?.as_ptr(),
                        );
                        Ok::<(), GdalError>(())
                    })?,
                }
            }
            check(gdal_sys::GDALSetDefaultRAT(band.c_rasterband(), table))
        };
        let filled = fill();
        gdal_sys::GDALDestroyRasterAttributeTable(table);
        filled
    }
}

/// An attribute table as it was read.
pub(crate) struct AttributeTable {
    pub n_rows: usize,
    /// The value of the first row, and the step to each next row, if values are given this way.
    pub binning: Option<(f64, f64)>,
    columns: Vec<TextColumn>,
}

/// A column of such a table: its name, what it is for, and the text of each row.
pub(crate) struct TextColumn {
    name: String,
    usage: GDALRATFieldUsage::Type,
    pub texts: Vec<String>,
}

impl AttributeTable {
    /// The first column with this usage.
    pub fn column(&self, usage: GDALRATFieldUsage::Type) -> Option<&TextColumn> {
        self.columns.iter().find(|column| column.usage == usage)
    }

    /// The column of this name.
    pub fn named(&self, name: &str) -> Option<&TextColumn> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// The largest number of rows that are read of an attribute table: as many as there can be classes.
const MOST_ROWS: i32 = 65536;

/// The attribute table of a band, if its file has one.
pub(crate) fn attribute_table(band: &RasterBand) -> Option<AttributeTable> {
    // SAFETY: the table belongs to the band, which is borrowed; rows and columns are asked for
    // within their numbers; a text lives until the next call, and is copied before.
    unsafe {
        let table = gdal_sys::GDALGetDefaultRAT(band.c_rasterband());
        if table.is_null() {
            return None;
        }
        let n_rows = gdal_sys::GDALRATGetRowCount(table).clamp(0, MOST_ROWS);
        let column = |index: c_int| TextColumn {
            name: text(gdal_sys::GDALRATGetNameOfCol(table, index)),
            usage: gdal_sys::GDALRATGetUsageOfCol(table, index),
            texts: (0..n_rows)
                .map(|row| text(gdal_sys::GDALRATGetValueAsString(table, row, index)))
                .collect(),
        };
        let (mut first, mut size) = (0.0, 0.0);
        let is_binned = gdal_sys::GDALRATGetLinearBinning(table, &mut first, &mut size) != 0;
        let columns = (0..gdal_sys::GDALRATGetColumnCount(table)).map(column).collect();
        Some(AttributeTable {
            n_rows: n_rows as usize,
            binning: is_binned.then_some((first, size)),
            columns,
        })
    }
}

/// The names of the values 0, 1, 2, ... of a band.
pub(crate) fn category_names(band: &RasterBand) -> Vec<String> {
    // SAFETY: the list belongs to the band, which is borrowed; it may be null, and ends with a
    // null.
    unsafe {
        let list = gdal_sys::GDALGetRasterCategoryNames(band.c_rasterband());
        let n = if list.is_null() { 0 } else { gdal_sys::CSLCount(list) as usize };
        (0..n).map(|index| text(*list.add(index))).collect()
    }
}
