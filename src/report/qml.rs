//! A map's legend as QGIS keeps it beside a raster: a QML file, which QGIS loads by itself.

use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::writer::Writer;

use crate::model::{MapClass, Model};

/// The style of a map of classes: a paletted renderer with a line for each class, its name and its share.
pub fn qml(classes: &[MapClass]) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    // Writing to memory does not fail.
    let _ = write(&mut writer, classes);
    String::from_utf8_lossy(&writer.into_inner()).into_owned() + "\n"
}

/// The style of a map of a model; `counts` are the map's pixels of each label, from 0 (nodata).
pub fn map_qml(model: &Model, counts: &[u64]) -> String {
    qml(&model.map_classes(counts))
}

fn write(writer: &mut Writer<Vec<u8>>, classes: &[MapClass]) -> std::io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let doctype = "qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'";
    writer.write_event(Event::DocType(BytesText::from_escaped(doctype)))?;
    let root = writer
        .create_element("qgis")
        .with_attributes([("version", "3.22.0"), ("styleCategories", "Symbology")]);
    root.write_inner_content(|writer| {
        writer.create_element("pipe").write_inner_content(|writer| renderer(writer, classes))?;
        writer.create_element("blendMode").write_text_content(BytesText::new("0"))?;
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
                let (value, color, title) = (class.value.to_string(), class.color.to_string(), class.title());
                let entry = [("value", &*value), ("color", &*color), ("alpha", "255"), ("label", &*title)];
                writer.create_element("paletteEntry").with_attributes(entry).write_empty().map(|_| ())
            })
        })?;
        Ok(())
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Color;
    use quick_xml::events::attributes::Attribute;
    use quick_xml::{Reader, XmlVersion};

    #[test]
    fn any_name_survives() {
        let names = ["water", "<roads> & \"roofs\"", "Wiesen für Kühe, 水田 ’"];
        let class = |(value, name): (u32, &&str)| MapClass {
            value,
            name: name.to_string(),
            color: Color { r: 1, g: 2, b: 255 },
            count: 1,
            share: 0.25,
            area_ha: None,
            mean: vec![1.0],
        };
        let text = qml(&(1..).zip(&names).map(class).collect::<Vec<_>>());
        assert!(
            text.contains(
                "<paletteEntry value=\"1\" color=\"#0102ff\" alpha=\"255\" label=\"water (25.0 %)\"/>"
            ),
            "{text}"
        );
        let mut reader = Reader::from_str(&text);
        let mut labels = Vec::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Empty(element) if element.name().as_ref() == b"paletteEntry" => {
                    let label: Attribute = element.try_get_attribute("label").unwrap().unwrap();
                    labels.push(label.normalized_value(XmlVersion::Implicit1_0).unwrap().into_owned());
                }
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(labels, names.map(|name| format!("{name} (25.0 %)")));
    }
}
