//! Painting on pictures.

use image::{Rgb, RgbImage, Rgba, RgbaImage};

/// The colour of the page.
pub(super) const PAPER: Rgb<u8> = Rgb([255; 3]);
/// The lines that mark nodata: white alone may be a class.
const HATCHING: Rgb<u8> = Rgb([214; 3]);
/// Distance between those lines.
const HATCHING_STEP: u32 = 8;

/// Lays a picture over the page, which shows through where the picture is transparent.
pub(super) fn lay(image: &mut RgbImage, (x, y): (u32, u32), panel: &RgbaImage) {
    for (column, row, Rgba([r, g, b, a])) in
        panel.enumerate_pixels().map(|(x, y, pixel)| (x, y, *pixel))
    {
        if a > 0 {
            image.put_pixel(x + column, y + row, Rgb([r, g, b]));
        }
    }
}

/// Fills a rectangle with thin diagonal lines.
pub(super) fn hatch(image: &mut RgbImage, (x, y): (u32, u32), (width, height): (u32, u32)) {
    for row in y..(y + height).min(image.height()) {
        for column in
            (x..(x + width).min(image.width())).filter(|column| (column + row) % HATCHING_STEP == 0)
        {
            image.put_pixel(column, row, HATCHING);
        }
    }
}
