//! Some bands of a file as a virtual raster, so that they are resampled by themselves.

use super::source::{MaskKind, Source};
use super::virtual_xml::{self, pairs, text, Xml};
use crate::error::Result;
use crate::raster::SampleType;

/// The factor that makes an opacity between 0 and 1 more than 1: samples of a mask are whole
/// numbers.
const OPAQUE: &str = "1e9";

/// Bands of a file, by number, and the alpha bands that apply to them.
pub(in crate::gdal) struct Subset<'s> {
    pub(in crate::gdal) source: &'s Source,
    pub(in crate::gdal) bands: Vec<usize>,
    pub(in crate::gdal) alphas: Vec<usize>,
}

impl Subset<'_> {
    /// The bands as a virtual raster without nodata values. Their masks come along: a single alpha
    /// band of bytes as its last band, by which gdalwarp weights pixels; anything else as its mask.
    pub(in crate::gdal) fn open(&self) -> Result<Source> {
        let xml = virtual_xml::written(|writer| self.write(writer));
        Source::named(xml.as_ref(), self.source.name())
    }

    /// Whether the first band has a mask, which then belongs to all bands.
    fn is_masked(&self) -> bool {
        self.source.bands[self.bands[0] - 1].mask != MaskKind::None
    }

    fn write(&self, writer: &mut Xml) -> std::io::Result<()> {
        let (width, height) = self.source.size;
        let size = [("rasterXSize", width.to_string()), ("rasterYSize", height.to_string())];
        writer.create_element("VRTDataset").with_attributes(pairs(&size)).write_inner_content(
            |writer| {
                virtual_xml::write_georeference(writer, &self.source.dataset)?;
                self.bands.iter().try_for_each(|band| self.write_band(writer, *band, false))?;
                let is_of_bytes =
                    |alpha: usize| self.source.bands[alpha - 1].sample_type == SampleType::U8;
                match (self.is_masked(), &self.alphas[..]) {
                    (false, []) => Ok(()),
                    (false, [alpha]) if is_of_bytes(*alpha) => {
                        self.write_band(writer, *alpha, true)
                    }
                    _ => self.write_mask(writer),
                }
            },
        )?;
        Ok(())
    }

    fn write_band(&self, writer: &mut Xml, band: usize, is_alpha: bool) -> std::io::Result<()> {
        let facts = &self.source.bands[band - 1];
        let element =
            writer.create_element("VRTRasterBand").with_attribute(("dataType", &*facts.type_name));
        element.write_inner_content(|writer| {
            if is_alpha {
                text(writer, "ColorInterp", "Alpha")?;
            }
            if facts.sample_type == SampleType::I8 && facts.type_name == "Byte" {
                let metadata =
                    writer.create_element("Metadata").with_attribute(("domain", "IMAGE_STRUCTURE"));
                metadata.write_inner_content(|writer| {
                    let item = writer.create_element("MDI").with_attribute(("key", "PIXELTYPE"));
                    item.write_text_content(quick_xml::events::BytesText::new("SIGNEDBYTE"))
                        .map(|_| ())
                })?;
            }
            virtual_xml::source(writer, "SimpleSource", self.source, &band.to_string(), &[])
        })?;
        Ok(())
    }

    /// A mask that is the product of the file's own mask and the squares of the alpha bands. Alpha
    /// values may be less than 1 or negative, but are 0 only for transparent pixels.
    fn write_mask(&self, writer: &mut Xml) -> std::io::Result<()> {
        let kind = [("dataType", "Byte"), ("subClass", "VRTDerivedRasterBand")];
        writer.create_element("MaskBand").write_inner_content(|writer| {
            let band = writer.create_element("VRTRasterBand").with_attributes(kind);
            band.write_inner_content(|writer| {
                text(writer, "PixelFunctionType", "mul")?;
                text(writer, "SourceTransferType", "Float64")?;
                if self.is_masked() {
                    let mask = format!("mask,{}", self.bands[0]);
                    virtual_xml::source(writer, "SimpleSource", self.source, &mask, &[])?;
                }
                let scaled = [("ScaleOffset", "0"), ("ScaleRatio", OPAQUE)];
                self.alphas.iter().flat_map(|alpha| [alpha, alpha]).try_for_each(|alpha| {
                    virtual_xml::source(
                        writer,
                        "ComplexSource",
                        self.source,
                        &alpha.to_string(),
                        &scaled,
                    )
                })
            })?;
            Ok(())
        })?;
        Ok(())
    }
}
