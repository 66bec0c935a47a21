//! Names of rasters inside files, as GDAL writes them: `NETCDF:"file.nc":variable`,
//! `HDF5:"file.h5"://group/variable`.

use std::path::{Path, PathBuf};

use gdal::{Dataset, Metadata};

/// The file in such a name, and the part of the file; `None` for the name of a file itself.
pub(in crate::gdal) fn split(name: &str) -> Option<(&str, &str)> {
    let (driver, rest) = name.split_once(':')?;
    let is_driver = driver.len() > 2
        && driver.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'_')
        && !Path::new(name).exists();
    let rest = Some(rest).filter(|_| is_driver)?;
    // Between quotes there may be colons: a drive, a URL.
    let (file, part) = match rest.split_once('"') {
        Some((_, quoted)) => {
            quoted.split_once('"').and_then(|(file, part)| Some((file, part.strip_prefix(':')?)))?
        }
        None => rest.rsplit_once(':')?,
    };
    let is_number = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
    // `GTIFF_DIR:2:file.tif` has the number before the file.
    Some(if is_number(file) { (part, file) } else { (file, part) })
}

/// The same for a path.
pub fn raster_inside(path: &Path) -> Option<(PathBuf, String)> {
    let name = path.to_str()?;
    split(name).map(|(file, part)| (file.into(), part.to_string()))
}

/// The name of a file, or of a raster inside a file, without folder and extension.
pub(in crate::gdal) fn stem(path: &Path) -> String {
    let text = path.to_string_lossy();
    let file = split(&text).map_or(path, |(file, _)| Path::new(file));
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The name of a raster inside a file, without its groups; or that of the only variable of a file.
pub(in crate::gdal) fn variable(path: &Path, dataset: &Dataset) -> Option<String> {
    let text = path.to_string_lossy();
    let named =
        split(&text).and_then(|(_, part)| part.rsplit(['/', ':']).next()).map(str::to_string);
    let named = named.filter(|name| name.bytes().any(|c| !c.is_ascii_digit()));
    named.or_else(|| dataset.rasterband(1).ok()?.metadata_item("NETCDF_VARNAME", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_inside_of_files_are_taken_apart() {
        for (name, parts) in [
            ("NETCDF:\"a,b.nc\":Band1", Some(("a,b.nc", "Band1"))),
            ("NETCDF:a.nc:red", Some(("a.nc", "red"))),
            ("HDF5:\"C:\\x\\f.h5\"://g/red", Some(("C:\\x\\f.h5", "//g/red"))),
            ("HDF4_EOS:EOS_GRID:\"f.hdf\":Grid:sur_refl_b01", Some(("f.hdf", "Grid:sur_refl_b01"))),
            ("GTIFF_DIR:2:f.tif", Some(("f.tif", "2"))),
            ("GPKG:f.gpkg:table", Some(("f.gpkg", "table"))),
            ("C:\\data\\f.tif", None),
            ("f.tif", None),
            ("/vsizip/a.zip/f.tif", None),
            ("http://x/f.tif", None),
            ("<VRTDataset a=\"b:c\"/>", None),
        ] {
            assert_eq!(split(name), parts, "{name}");
        }
        assert_eq!(stem(Path::new("NETCDF:\"d/a.v1.nc\":Band1")), "a.v1");
        assert_eq!(stem(Path::new("d/f.tif")), "f");
    }
}
