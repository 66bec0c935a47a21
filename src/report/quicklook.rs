//! The quick-look picture: the scene beside its classes, with a legend.

use std::io::Cursor;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::{imageops, ImageFormat, RgbImage, RgbaImage};

use super::legend::{frame, Legend};
use super::paint::{hatch, lay, PAPER};
use super::text::Text;
use super::thumbnail::Thumbnail;
use crate::error::{invalid_argument, Error, Result};
use crate::model::Model;

/// The margin around the page and between its parts.
const MARGIN: u32 = 28;
/// Small scenes are enlarged, by whole numbers, to about this many pixels.
const SMALL: u32 = 800;
/// The legend may be as high as the pictures, or this high.
const LEGEND: u32 = 420;
/// Quality of a JPEG: no visible loss in flat colours.
const QUALITY: u8 = 93;

/// Checks that a picture can be written under this name.
///
/// # Errors
/// `InvalidArgument` when its extension is neither a PNG's nor a JPEG's.
pub fn check_picture_name(path: &Path) -> Result<()> {
    format_of(path).map(|_| ())
}

fn format_of(path: &Path) -> Result<ImageFormat> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("png") => Ok(ImageFormat::Png),
        Some("jpg" | "jpeg") => Ok(ImageFormat::Jpeg),
        _ => invalid_argument(format!(
            "{}: pictures are written as PNG or JPEG; give a name that ends in .png or .jpg",
            path.display()
        )),
    }
}

/// Draws the scene with the model's contrast stretch beside its classes in their colours, with a
/// legend. `counts` are the pixels of each label, from 0 (nodata).
///
/// # Errors
/// `Io` when the font cannot be read.
pub fn quicklook(thumbnail: &Thumbnail, model: &Model, counts: &[u64]) -> Result<RgbImage> {
    let text = Text::new().ok_or_else(|| Error::Io("the picture's font cannot be read".into()))?;
    let panels = [enlarged(thumbnail.scene(model)), enlarged(thumbnail.classes(model))];
    let (width, height) = panels[0].dimensions();
    // Wide scenes are stacked, so that the page stays handy.
    let step = if width > 2 * height { (0, height + MARGIN) } else { (width + MARGIN, 0) };
    let (right, bottom) = (width + step.0, height + step.1);
    let legend = Legend::new(model, counts, bottom.max(LEGEND), &text);
    let page = (right + legend.size().0 + 3 * MARGIN, bottom.max(legend.size().1) + 2 * MARGIN);
    let mut image = RgbImage::from_pixel(page.0, page.1, PAPER);
    for (panel, times) in panels.iter().zip(0..) {
        let corner = (MARGIN + times * step.0, MARGIN + times * step.1);
        hatch(&mut image, corner, (width, height));
        lay(&mut image, corner, panel);
        frame(&mut image, corner, (width, height));
    }
    legend.draw(&mut image, (right + 2 * MARGIN, MARGIN), &text);
    Ok(image)
}

/// The picture as the bytes of a file, in the format that the name's extension says.
///
/// # Errors
/// `InvalidArgument` for another extension; `Io` when the picture is too large for the format.
pub fn encode(image: &RgbImage, path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    let written = match format_of(path)? {
        ImageFormat::Jpeg => {
            image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))
        }
        format => image.write_to(&mut bytes, format),
    };
    match written {
        Ok(()) => Ok(bytes.into_inner()),
        Err(error) => Err(Error::Io(format!("cannot write {}: {error}", path.display()))),
    }
}

/// A small picture, enlarged.
fn enlarged(image: RgbaImage) -> RgbaImage {
    let (width, height) = image.dimensions();
    match SMALL / width.max(height) {
        0 | 1 => image,
        times => {
            imageops::resize(&image, width * times, height * times, imageops::FilterType::Nearest)
        }
    }
}
