//! Sentinel-2 products as inputs: a `.SAFE` folder, a zip of one, or its metadata file.

use std::path::{Path, PathBuf};

use gdal::vsi::read_dir;

use crate::error::Result;
use crate::gdal::{ffi, problem};
use crate::product::{bands, is_metadata, metadata_file, Band};

/// A larger file is not metadata: some hundred kilobytes are usual.
const MOST_METADATA: i64 = 64 << 20;

/// The bands of a product, and their files; `None` if the input is not a product.
///
/// # Errors
/// `InvalidData` for a product that is incomplete, or has more than one granule.
pub(in crate::gdal) fn parts(input: &Path) -> Result<Option<Vec<(PathBuf, Band<'static>)>>> {
    let Some((root, files)) = open(input)? else { return Ok(None) };
    let shown = input.display().to_string();
    let name = format!("{root}/{}", metadata_file(&shown, &files)?);
    let text = ffi::read_file(&name, MOST_METADATA)
        .map_err(|error| problem::io(&name, "the product's metadata cannot be read", &error))?;
    let bands = bands(&shown, &files, &String::from_utf8_lossy(&text))?;
    Ok(Some(bands.into_iter().map(|band| (format!("{root}/{}", band.file).into(), band)).collect()))
}

/// The folder of a product's files, by GDAL's name, and the files' names relative to it; `None` for
/// another input.
fn open(input: &Path) -> Result<Option<(String, Vec<String>)>> {
    let text = with_slashes(&input.to_string_lossy());
    let text = text.trim_end_matches('/');
    let is_zip = input.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
    let root = match text.rsplit_once('/').unwrap_or((".", text)) {
        (folder, name) if is_metadata(name) => folder.to_string(),
        _ if input.is_dir() || text.starts_with("/vsizip/") => text.to_string(),
        _ if is_zip && (input.is_file() || text.starts_with("/vsi")) => format!("/vsizip/{text}"),
        _ => return Ok(None),
    };
    // A folder that is not a product may hold anything: it is not searched.
    if !is_zip && !names_in(&root, false).iter().any(|name| is_metadata(name)) {
        return Ok(None);
    }
    let files = names_in(&root, true);
    Ok(files.iter().any(|file| is_metadata(file)).then_some((root, files)))
}

/// A name with `/` between folders, which Windows accepts too.
fn with_slashes(name: &str) -> String {
    match cfg!(windows) {
        true => name.replace('\\', "/"),
        false => name.to_string(),
    }
}

fn names_in(folder: &str, recursive: bool) -> Vec<String> {
    let names = read_dir(folder, recursive).unwrap_or_default();
    let mut names: Vec<_> =
        names.iter().map(|name| name.to_string_lossy().replace('\\', "/")).collect();
    names.sort();
    names
}
