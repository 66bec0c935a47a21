//! Colours of classes.

use std::fmt;
use std::str::FromStr;

use super::Band;
use crate::error::Error;

/// An opaque colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub struct Color {
    pub r: u8,
    pub g: u8,
    pub b: u8,
}

impl fmt::Display for Color {
    /// As `#rrggbb`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.r, self.g, self.b)
    }
}

impl FromStr for Color {
    type Err = Error;

    /// A colour by its CSS name (`red`) or in hexadecimal (`#f00`, `#ff0000`).
    fn from_str(text: &str) -> Result<Color, Error> {
        match csscolorparser::parse(text.trim()) {
            Ok(color) if color.a == 1.0 => {
                let [r, g, b, _] = color.to_rgba8();
                Ok(Color { r, g, b })
            }
            _ => Err(Error::InvalidArgument(format!(
                "'{text}' is not a colour: give a CSS name such as red, or #rrggbb"
            ))),
        }
    }
}

/// The bands (0-based) shown as red, green and blue where nothing says which: in their order when there are three,
/// the other way round when there are more (Sentinel-2's and Landsat's come as blue, green, red, near infrared),
/// and one in grey when there are fewer.
pub fn default_rgb(n_bands: usize) -> [usize; 3] {
    match n_bands {
        0..=2 => [0; 3],
        3 => [0, 1, 2],
        _ => [2, 1, 0],
    }
}

/// The colours of classes by the means of their pixels through the contrast stretch of three bands; where two come out
/// alike, the smaller class (the later one) is made a little lighter or darker, to be told apart; also from colours that are
/// taken already.
pub(super) fn natural(means: &[&[f64]], bands: &[Band], rgb: [usize; 3], taken: &[Color]) -> Vec<Color> {
    told_apart(taken, means.iter().map(|mean| stretched(mean, bands, rgb)))
}

/// The wanted colours, those that look like an earlier one, or one that is taken already, made lighter or darker.
pub(super) fn told_apart(taken: &[Color], wanted: impl Iterator<Item = Color>) -> Vec<Color> {
    let mut colors = taken.to_vec();
    for color in wanted {
        // No eye tells hundreds of colours apart, and to try takes time.
        colors.push(if colors.len() < MANY { apart(color, &colors) } else { color });
    }
    colors.split_off(taken.len())
}

fn stretched(mean: &[f64], bands: &[Band], rgb: [usize; 3]) -> Color {
    let [r, g, b] = rgb.map(|band| {
        let [low, high] = bands[band].percentiles;
        let fraction = if high > low { (mean[band] - low) / (high - low) } else { 0.5 };
        (fraction.clamp(0.0, 1.0) * 255.0).round() as u8
    });
    Color { r, g, b }
}

/// The least distance of two colours in Oklab (lightness 0 to 1) that patches of a map are told apart by.
const APART: f32 = 0.12;

/// The number of classes that are told apart.
const MANY: usize = 100;

/// How far a colour may be moved in lightness, in steps: not so far that bright classes look dark.
const STEP: f32 = 0.02;
const STEPS: i32 = 8;

/// The colour of the same hue, and of the nearest lightness, that is apart from all others; where there is none within
/// reach, the one farthest from them.
fn apart(color: Color, others: &[Color]) -> Color {
    let lab = |color: &Color| csscolorparser::Color::from_rgba8(color.r, color.g, color.b, 255).to_oklaba();
    let others: Vec<_> = others.iter().map(lab).collect();
    let distance = |color: &Color| {
        let [l, a, b, _] = lab(color);
        let each = others
            .iter()
            .map(|[l2, a2, b2, _]| ((l - l2).powi(2) + (a - a2).powi(2) + (b - b2).powi(2)).sqrt());
        each.fold(f32::INFINITY, f32::min)
    };
    let [lightness, a, b, _] = lab(&color);
    // Towards middle lightness first, where the eye tells more apart; the nearest first.
    let inwards = if lightness < 0.5 { 1 } else { -1 };
    let steps = (1..=STEPS).map(|step| step * inwards).chain((1..=STEPS).map(|step| -step * inwards));
    let moved = |step: i32| {
        let lightness = (lightness + step as f32 * STEP).clamp(0.0, 1.0);
        let [r, g, b, _] = csscolorparser::Color::from_oklaba(lightness, a, b, 1.0).to_rgba8();
        Color { r, g, b }
    };
    let mut best = (color, distance(&color));
    for candidate in std::iter::once(color).chain(steps.map(moved)) {
        let from_others = distance(&candidate);
        if from_others >= APART {
            return candidate;
        }
        if from_others > best.1 {
            best = (candidate, from_others);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_and_hexadecimal() {
        for (text, shown) in
            [("red", "#ff0000"), ("#0F8", "#00ff88"), (" #102030 ", "#102030"), ("Black", "#000000")]
        {
            assert_eq!(text.parse::<Color>().unwrap().to_string(), shown);
        }
        for text in ["", "no such colour", "#12", "transparent"] {
            assert!(text.parse::<Color>().unwrap_err().to_string().contains("not a colour"), "{text}");
        }
    }

    #[test]
    fn classes_that_look_alike_are_pushed_apart() {
        let band = Band {
            name: "b".into(),
            nodata: None,
            scale: 1.0,
            offset: 0.0,
            percentiles: [0.0, 100.0],
            distribution: None,
        };
        let bands = [band.clone(), band.clone(), band];
        let means: Vec<[f64; 3]> =
            vec![[3.0; 3], [3.0; 3], [4.0, 3.0, 2.0], [200.0; 3], [220.0; 3], [50.0, 60.0, 10.0], [3.0; 3]];
        let means: Vec<&[f64]> = means.iter().map(|mean| &mean[..]).collect();
        let colors = natural(&means, &bands, [0, 1, 2], &[]);
        assert_eq!(colors[0], stretched(means[0], &bands, [0, 1, 2]), "the largest class keeps its colour");
        assert_eq!(colors[3], Color { r: 255, g: 255, b: 255 });
        for (i, color) in colors.iter().enumerate() {
            assert!(!colors[..i].contains(color), "class {} has the colour of another: {color}", i + 1);
        }
        assert_eq!(apart(colors[1], &colors[..1]), colors[1], "there was room for the second");
        assert_eq!(natural(&means[1..], &bands, [0, 1, 2], &colors[..1]), colors[1..]);
        assert!(colors[4].r > 180, "a bright class stays bright: {}", colors[4]);
    }
}
