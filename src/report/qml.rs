//! Styles in QGIS's format QML: of a map, beside its raster, and of its polygons, in their file or
//! beside it. QGIS loads both by itself.

use std::path::Path;

use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::reader::Reader;
use quick_xml::writer::Writer;
use quick_xml::XmlVersion;

use crate::model::{Color, MapClass, Model};
use crate::wording::plain;

/// The content of an element.
type Content<'a> = &'a dyn Fn(&mut Writer<Vec<u8>>) -> std::io::Result<()>;

/// The attribute of the root that marks a style of ours: the name of the file that it was written
/// beside. QGIS ignores it, and a style that is saved in QGIS does not have it.
const BESIDE: &str = "writtenBeside";

/// The file that a style of ours was written beside, by its name; `None` for other styles.
pub fn written_beside(qml: &str) -> Option<String> {
    let mut reader = Reader::from_str(qml);
    loop {
        match reader.read_event().ok()? {
            Event::Start(root) => {
                let name = root.try_get_attribute(BESIDE).ok()??;
                return name
                    .normalized_value(XmlVersion::Implicit1_0)
                    .ok()
                    .map(|name| name.into_owned());
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// The style of a map of classes, for a file `beside`: a paletted renderer with a line for each
/// class, its name and its share.
pub fn qml(classes: &[MapClass], beside: Option<&Path>) -> String {
    document(beside, &|writer| {
        writer.create_element("pipe").write_inner_content(|writer| renderer(writer, classes))?;
        text(writer, "blendMode", "0")
    })
}

/// The style of a map of a model; `counts` are the map's pixels of each label, from 0 (nodata).
pub fn map_qml(model: &Model, counts: &[u64]) -> String {
    qml(&model.map_classes(counts), None)
}

/// The style of the polygons of a map, for a file `beside` or for the polygons' own file: filled
/// with the colour of their class, with its name in the legend. An outline of one pixel in the same
/// colour covers the white slivers that smoothed edges would leave between neighbours.
pub fn polygons_qml(classes: &[MapClass], beside: Option<&Path>) -> String {
    document(beside, &|writer| {
        let renderer = [("type", "categorizedSymbol"), ("attr", "value"), ("symbollevels", "0")];
        writer.create_element("renderer-v2").with_attributes(renderer).write_inner_content(
            |writer| {
                writer.create_element("categories").write_inner_content(|writer| {
                    classes.iter().try_for_each(|class| category(writer, class))
                })?;
                writer.create_element("symbols").write_inner_content(|writer| {
                    classes.iter().try_for_each(|class| symbol(writer, class))
                })?;
                Ok(())
            },
        )?;
        // 2 stands for polygons.
        text(writer, "layerGeometryType", "2")
    })
}

/// A document in QML.
fn document(beside: Option<&Path>, content: Content) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    // Writing to memory does not fail.
    let _ = write(&mut writer, beside, content);
    String::from_utf8_lossy(&writer.into_inner()).into_owned() + "\n"
}

fn write(
    writer: &mut Writer<Vec<u8>>,
    beside: Option<&Path>,
    content: Content,
) -> std::io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let doctype = "qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'";
    writer.write_event(Event::DocType(BytesText::from_escaped(doctype)))?;
    let name = beside.and_then(Path::file_name).map(|name| plain(&name.to_string_lossy()));
    let root = writer
        .create_element("qgis")
        .with_attributes([("version", "3.22.0"), ("styleCategories", "Symbology")])
        .with_attributes(name.iter().map(|name| (BESIDE, &**name)));
    root.write_inner_content(content)?;
    Ok(())
}

fn text(writer: &mut Writer<Vec<u8>>, element: &str, content: &str) -> std::io::Result<()> {
    writer.create_element(element).write_text_content(BytesText::new(content)).map(|_| ())
}

/// A line of the legend, with the symbol that has the class's value as its name.
fn category(writer: &mut Writer<Vec<u8>>, class: &MapClass) -> std::io::Result<()> {
    let value = class.value.to_string();
    let line = [
        ("value", &*value),
        ("type", "long"),
        ("symbol", &*value),
        ("label", &*class.name),
        ("render", "true"),
    ];
    writer.create_element("category").with_attributes(line).write_empty().map(|_| ())
}

/// The fill of a class's polygons, in the spelling of QGIS 3.22, which later versions read too.
fn symbol(writer: &mut Writer<Vec<u8>>, class: &MapClass) -> std::io::Result<()> {
    let (value, Color { r, g, b }) = (class.value.to_string(), class.color);
    let color = format!("{r},{g},{b},255");
    let fill = [("type", "fill"), ("name", &*value), ("alpha", "1")];
    writer.create_element("symbol").with_attributes(fill).write_inner_content(|writer| {
        let layer = [("class", "SimpleFill"), ("enabled", "1"), ("pass", "0"), ("locked", "0")];
        writer.create_element("layer").with_attributes(layer).write_inner_content(|writer| {
            let properties = [
                ("color", &*color),
                ("style", "solid"),
                ("outline_color", &*color),
                ("outline_style", "solid"),
                ("outline_width", "0"),
            ];
            properties.iter().try_for_each(|(k, v)| {
                let property =
                    writer.create_element("prop").with_attributes([("k", *k), ("v", *v)]);
                property.write_empty().map(|_| ())
            })
        })?;
        Ok(())
    })?;
    Ok(())
}

fn renderer(writer: &mut Writer<Vec<u8>>, classes: &[MapClass]) -> std::io::Result<()> {
    let renderer = writer.create_element("rasterrenderer").with_attributes([
        ("type", "paletted"),
        ("band", "1"),
        ("opacity", "1"),
        ("alphaBand", "-1"),
        ("nodataColor", ""),
    ]);
    renderer.write_inner_content(|writer| {
        writer.create_element("rasterTransparency").write_empty()?;
        writer.create_element("colorPalette").write_inner_content(|writer| {
            classes.iter().try_for_each(|class| {
                let (value, color, title) =
                    (class.value.to_string(), class.color.to_string(), class.title());
                let entry =
                    [("value", &*value), ("color", &*color), ("alpha", "255"), ("label", &*title)];
                writer
                    .create_element("paletteEntry")
                    .with_attributes(entry)
                    .write_empty()
                    .map(|_| ())
            })
        })?;
        Ok(())
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use quick_xml::events::attributes::Attribute;
    use quick_xml::{Reader, XmlVersion};

    const NAMES: [&str; 3] = ["water", "<roads> & \"roofs\"", "Wiesen für Kühe, 水田 ’"];

    fn classes() -> Vec<MapClass> {
        let class = |(value, name): (u32, &&str)| MapClass {
            value,
            name: name.to_string(),
            color: Color { r: 1, g: 2, b: 255 },
            count: 1,
            share: 0.25,
            area_ha: None,
            mean: vec![1.0],
        };
        (1..).zip(&NAMES).map(class).collect()
    }

    /// The values of an attribute in the elements of this name.
    fn said(text: &str, name: &str, attribute: &str) -> Vec<String> {
        let mut reader = Reader::from_str(text);
        let mut found = Vec::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Empty(element) | Event::Start(element)
                    if element.name().as_ref() == name.as_bytes() =>
                {
                    let value: Attribute = element.try_get_attribute(attribute).unwrap().unwrap();
                    found.push(
                        value.normalized_value(XmlVersion::Implicit1_0).unwrap().into_owned(),
                    );
                }
                Event::Eof => return found,
                _ => {}
            }
        }
    }

    #[test]
    fn any_name_survives() {
        let text = qml(&classes(), None);
        let first =
            "<paletteEntry value=\"1\" color=\"#0102ff\" alpha=\"255\" label=\"water (25.0 %)\"/>";
        assert!(text.contains(first), "{text}");
        assert_eq!(
            said(&text, "paletteEntry", "label"),
            NAMES.map(|name| format!("{name} (25.0 %)"))
        );
        assert_eq!(said(&polygons_qml(&classes(), None), "category", "label"), NAMES);
    }

    #[test]
    fn a_style_of_ours_tells_which_file_it_was_written_beside() {
        let name = "a \"b\" & <c> -- d.tif";
        let path = Path::new("in").join(name);
        assert_eq!(written_beside(&qml(&classes(), Some(&path))).as_deref(), Some(name));
        assert_eq!(written_beside(&polygons_qml(&classes(), Some(&path))).as_deref(), Some(name));
        for other in [&*qml(&classes(), None), "<qgis version=\"3.34\"/>", "no xml <", ""] {
            assert_eq!(written_beside(other), None, "{other}");
        }
    }

    #[test]
    fn every_category_of_polygons_has_its_symbol() {
        let text = polygons_qml(&classes(), None);
        assert_eq!(said(&text, "category", "value"), ["1", "2", "3"]);
        assert_eq!(said(&text, "category", "symbol"), said(&text, "symbol", "name"));
        assert_eq!(
            said(&text, "prop", "v")[..5],
            ["1,2,255,255", "solid", "1,2,255,255", "solid", "0"]
        );
    }
}
