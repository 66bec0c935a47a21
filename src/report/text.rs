//! Text on pictures, with smooth edges.

use ab_glyph::{point, Font, FontRef, ScaleFont};
use image::{Rgb, RgbImage};

/// Height of the letters' line, in pixels.
const SIZE: f32 = 19.0;

/// A font of one size.
pub(super) struct Text {
    font: FontRef<'static>,
}

impl Text {
    /// The font that comes with the library; `None` if it cannot be read (a test makes sure that it
    /// can).
    pub(super) fn new() -> Option<Text> {
        let font = FontRef::try_from_slice(epaint_default_fonts::UBUNTU_LIGHT).ok()?;
        Some(Text { font })
    }

    /// Width of a text in pixels.
    pub(super) fn width(&self, text: &str) -> u32 {
        let font = self.font.as_scaled(SIZE);
        text.chars().map(|c| font.h_advance(font.glyph_id(c))).sum::<f32>().ceil() as u32
    }

    /// Draws a text; `x` is its left edge, `middle` the vertical middle of its capitals.
    pub(super) fn draw(
        &self,
        image: &mut RgbImage,
        (x, middle): (u32, u32),
        text: &str,
        color: Rgb<u8>,
    ) {
        let font = self.font.as_scaled(SIZE);
        let baseline = middle as f32 + 0.35 * SIZE;
        let mut at = x as f32;
        for letter in text.chars() {
            let id = font.glyph_id(letter);
            let glyph = id.with_scale_and_position(SIZE, point(at, baseline));
            if let Some(outline) = self.font.outline_glyph(glyph) {
                let corner = outline.px_bounds().min;
                outline.draw(|dx, dy, cover| {
                    blend(
                        image,
                        corner.x as i64 + i64::from(dx),
                        corner.y as i64 + i64::from(dy),
                        color,
                        cover,
                    );
                });
            }
            at += font.h_advance(id);
        }
    }
}

/// Mixes a colour into a pixel, if it is in the picture.
fn blend(image: &mut RgbImage, x: i64, y: i64, color: Rgb<u8>, cover: f32) {
    let inside = |value: i64, end: u32| u32::try_from(value).ok().filter(|value| *value < end);
    if let (Some(x), Some(y)) = (inside(x, image.width()), inside(y, image.height())) {
        let pixel = image.get_pixel_mut(x, y);
        for (old, new) in pixel.0.iter_mut().zip(color.0) {
            *old = (f32::from(*old) + (f32::from(new) - f32::from(*old)) * cover.clamp(0.0, 1.0))
                .round() as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_is_there_and_draws() {
        let text = Text::new().unwrap();
        let mut image = RgbImage::from_pixel(100, 30, Rgb([255; 3]));
        text.draw(&mut image, (2, 15), "class 1 ü", Rgb([0; 3]));
        assert!(text.width("class 1") > 30);
        assert!(image.pixels().filter(|pixel| pixel.0[0] < 128).count() > 50);
        text.draw(&mut image, (95, 2), "beyond the edge", Rgb([0; 3]));
    }
}
