//! Whether a GeoTIFF was written completely. GDAL 3.10 does not report a full disk: the file is
//! just cut off.

use gdal::raster::RasterBand;
use gdal::Metadata;

use crate::error::Result;
use crate::file::{unwritten, Staged};
use crate::gdal::problem;
use crate::gdal::scene::source::open_own;
use crate::wording::why;

/// Checks that every block of the file's first band, and of its overviews, ends within the file.
///
/// # Errors
/// `Io` when one does not, or the file cannot be read.
pub(in crate::gdal) fn check_complete(file: &Staged) -> Result<()> {
    let dataset = open_own(file.path())?;
    let band = dataset.rasterband(1).map_err(|error| unwritten(file, &problem::text(&error)))?;
    let length =
        std::fs::metadata(file.path()).map_err(|error| unwritten(file, &why(&error)))?.len();
    let overviews =
        (0..band.overview_count().unwrap_or(0)).map(|index| band.overview(index as usize));
    let overviews: Vec<_> = overviews.collect::<gdal::errors::Result<_>>().unwrap_or_default();
    match std::iter::once(&band).chain(&overviews).all(|band| ends_within(band, length)) {
        true => Ok(()),
        false => Err(unwritten(file, "it was cut off")),
    }
}

/// Whether every block of a band ends within a file of this length.
fn ends_within(band: &RasterBand, length: u64) -> bool {
    let ((width, height), (wide, high)) = (band.size(), band.block_size());
    let end = |column: usize, row: usize| {
        // A missing block consists of nodata.
        let number = |what: &str| {
            let key = format!("BLOCK_{what}_{column}_{row}");
            band.metadata_item(&key, "TIFF").and_then(|text| text.parse::<u64>().ok()).unwrap_or(0)
        };
        number("OFFSET") + number("SIZE")
    };
    let mut rows = 0..height.div_ceil(high);
    rows.all(|row| (0..width.div_ceil(wide)).all(|column| end(column, row) <= length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gdal::raster::Buffer;
    use gdal::DriverManager;

    #[test]
    fn a_file_that_was_cut_off_is_found() {
        const SIDE: usize = 64;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.tif");
        let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
        let dataset = driver.create_with_band_type::<u8, _>(&path, SIDE, SIDE, 1).unwrap();
        let mut samples = Buffer::new((SIDE, SIDE), (0..SIDE * SIDE).map(|i| i as u8).collect());
        dataset.rasterband(1).unwrap().write((0, 0), (SIDE, SIDE), &mut samples).unwrap();
        dataset.close().unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let target = folder.path().join("other.tif");
        check_complete(&Staged::with_bytes(&target, &bytes).unwrap()).unwrap();
        let cut = Staged::with_bytes(&target, &bytes[..bytes.len() - 1]).unwrap();
        let message = check_complete(&cut).unwrap_err().to_string();
        assert!(message.contains("cannot write") && message.contains("cut off"), "{message}");
    }
}
