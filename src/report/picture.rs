//! Pictures of a scene and its classes, embedded in the text of a page.

use std::io::Cursor;

use base64::prelude::{Engine, BASE64_STANDARD};
use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, ImageResult, RgbImage, RgbaImage};

use super::paint::{hatch, lay, PAPER};
use super::thumbnail::Thumbnail;
use crate::error::{Error, Result};
use crate::model::Model;

/// Quality of the scene's picture, which is for looking, not for measuring.
const QUALITY: u8 = 85;

/// The small copies of a scene and of its classes, as `data:` addresses. Nodata is hatched.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The name of the scene.
    pub name: String,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) scene: String,
    pub(super) classes: String,
    /// The bands that are shown as red, green and blue.
    pub(super) bands: String,
    /// Whether any part is hatched.
    pub(super) has_gaps: bool,
}

impl Picture {
    /// The pictures of a scene called `name`, through the model's contrast stretch and in its
    /// classes' colours.
    ///
    /// # Errors
    /// `InvalidArgument` when the small copy shows bands that the model does not have; `Io` when a
    /// picture cannot be encoded.
    pub fn new(name: &str, thumbnail: &Thumbnail, model: &Model) -> Result<Picture> {
        thumbnail.check(model)?;
        let (scene, classes) =
            (on_paper(&thumbnail.scene(model)), on_paper(&thumbnail.classes(model)));
        let (width, height) = scene.dimensions();
        let bands = thumbnail.rgb().map(|band| model.bands[band].name.as_str()).join(", ");
        Ok(Picture {
            name: name.into(),
            width,
            height,
            scene: address("jpeg", |bytes| {
                scene.write_with_encoder(JpegEncoder::new_with_quality(bytes, QUALITY))
            })?,
            classes: address("png", |bytes| classes.write_to(bytes, ImageFormat::Png))?,
            bands,
            has_gaps: thumbnail.has_gaps(),
        })
    }

    /// Whether there are so few pixels that each should be visible.
    pub(super) fn is_small(&self) -> bool {
        self.width.max(self.height) < 400
    }
}

fn on_paper(panel: &RgbaImage) -> RgbImage {
    let mut image = RgbImage::from_pixel(panel.width(), panel.height(), PAPER);
    hatch(&mut image, (0, 0), panel.dimensions());
    lay(&mut image, (0, 0), panel);
    image
}

fn address(
    format: &str,
    encode: impl FnOnce(&mut Cursor<Vec<u8>>) -> ImageResult<()>,
) -> Result<String> {
    let mut bytes = Cursor::new(Vec::new());
    encode(&mut bytes).map_err(|error| {
        Error::Io(format!("a picture of the report cannot be encoded: {error}"))
    })?;
    Ok(format!("data:image/{format};base64,{}", BASE64_STANDARD.encode(bytes.into_inner())))
}
