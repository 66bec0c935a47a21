//! A product's list of files, a line each, then an empty line and its metadata.

use bandcluster::product::{bands, metadata_file, single_bands};

use super::asserts::looked_at;

pub fn product(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (names, metadata) = text.split_once("\n\n").unwrap_or((text, ""));
    let files: Vec<String> = names.lines().map(String::from).collect();
    for band in single_bands(&files) {
        assert!(files.contains(&band.file) && band.scale == 1.0 && band.offset == 0.0);
    }
    if let Some(file) = looked_at(metadata_file("the product", &files)) {
        assert!(files.iter().any(|known| known == file));
    }
    for band in looked_at(bands("the product", &files, metadata)).unwrap_or_default() {
        assert!(files.contains(&band.file), "{} is no file of the product", band.file);
        assert!(
            band.scale.is_finite() && band.offset.is_finite(),
            "{} x {} + {}",
            band.name,
            band.scale,
            band.offset
        );
        assert!(band.nodata.is_none_or(|value| !value.is_nan()));
    }
}
