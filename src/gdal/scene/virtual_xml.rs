//! The parts of a virtual raster's XML that all virtual rasters have.

use std::io::Result;

use gdal::Dataset;
use quick_xml::events::BytesText;
use quick_xml::writer::Writer;

use super::georeference;
use super::source::{split_options, Source};

/// The writer of the XML.
pub(in crate::gdal) type Xml = Writer<Vec<u8>>;

/// The written XML as text.
pub(in crate::gdal) fn written(write: impl FnOnce(&mut Xml) -> Result<()>) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    // Writing to memory does not fail.
    let _ = write(&mut writer);
    String::from_utf8_lossy(&writer.into_inner()).into_owned()
}

/// The reference system and transform of a file. If axes are not given, GDAL takes x before y, as
/// in rasters.
pub(in crate::gdal) fn write_georeference(writer: &mut Xml, dataset: &Dataset) -> Result<()> {
    if let Some(system) = dataset.spatial_ref().ok().and_then(|system| system.to_wkt().ok()) {
        text(writer, "SRS", &system)?;
    }
    if let Some(transform) = georeference::transform(dataset) {
        text(writer, "GeoTransform", &transform.map(|number| number.to_string()).join(", "))?;
    }
    Ok(())
}

/// The source of a band's samples: a whole band of a file, or of a virtual raster that resamples
/// it. `band` is a number, or `mask,` and a number; `more` are other elements of the source.
pub(in crate::gdal) fn source(
    writer: &mut Xml,
    kind: &str,
    source: &Source,
    band: &str,
    more: &[(&str, &str)],
) -> Result<()> {
    writer.create_element(kind).write_inner_content(|writer| {
        let name = source.path.to_string_lossy();
        let (name, options) = split_options(&name);
        let file = writer.create_element("SourceFilename").with_attribute(("relativeToVRT", "0"));
        file.write_text_content(BytesText::new(name))?;
        open_options(writer, &options)?;
        text(writer, "SourceBand", band)?;
        for rectangle in ["SrcRect", "DstRect"] {
            let (width, height) = (source.size.0.to_string(), source.size.1.to_string());
            let full_extent =
                [("xOff", "0"), ("yOff", "0"), ("xSize", &*width), ("ySize", &*height)];
            writer.create_element(rectangle).with_attributes(full_extent).write_empty()?;
        }
        more.iter().try_for_each(|(element, value)| text(writer, element, value))
    })?;
    Ok(())
}

/// The options for opening a file, if there are any.
fn open_options(writer: &mut Xml, options: &[&str]) -> Result<()> {
    if options.is_empty() {
        return Ok(());
    }
    writer.create_element("OpenOptions").write_inner_content(|writer| {
        options.iter().filter_map(|option| option.split_once('=')).try_for_each(|(key, value)| {
            let element = writer.create_element("OOI").with_attribute(("key", key));
            element.write_text_content(BytesText::new(value)).map(|_| ())
        })
    })?;
    Ok(())
}

/// Attributes in the writer's form.
pub(in crate::gdal) fn pairs<'a>(
    attributes: &'a [(&'a str, String)],
) -> impl Iterator<Item = (&'a str, &'a str)> {
    attributes.iter().map(|(name, value)| (*name, value.as_str()))
}

/// An element with a text.
pub(in crate::gdal) fn text(writer: &mut Xml, element: &str, text: &str) -> Result<()> {
    writer.create_element(element).write_text_content(BytesText::new(text))?;
    Ok(())
}
