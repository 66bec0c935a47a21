//! Colours as the eye sees them: CIELAB, and its colour difference CIEDE2000.
//!
//! Computed with `libm`, so that they are the same on every machine.

use super::Color;

/// The matrix from linear red, green and blue (IEC 61966-2-1) to XYZ, relative to the white of D65.
const XYZ: [[f64; 3]; 3] = [
    [0.4124564 / WHITE[0], 0.3575761 / WHITE[0], 0.1804375 / WHITE[0]],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339 / WHITE[2], 0.1191920 / WHITE[2], 0.9503041 / WHITE[2]],
];
const WHITE: [f64; 3] = [0.95047, 1.0, 1.08883];

/// The inverse of the same matrix without the white.
const RGB: [[f64; 3]; 3] = [
    [3.2404542, -1.5371385, -0.4985314],
    [-0.9692660, 1.8760108, 0.0415560],
    [0.0556434, -0.2040259, 1.0572252],
];

/// Below this, CIELAB replaces the cube root by a line.
const DARK: f64 = 6.0 / 29.0;

/// A colour of CIELAB: lightness from 0 to 100, green to red, blue to yellow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lab {
    pub l: f64,
    pub a: f64,
    pub b: f64,
}

impl From<Color> for Lab {
    fn from(Color { r, g, b }: Color) -> Lab {
        Lab::of_srgb([r, g, b].map(|channel| f64::from(channel) / 255.0))
    }
}

impl Lab {
    /// The colour of red, green and blue between 0 and 1; the curves continue beyond.
    pub fn of_srgb(rgb: [f64; 3]) -> Lab {
        let [x, y, z] = times(&XYZ, rgb.map(to_linear)).map(|t| match t > DARK * DARK * DARK {
            true => libm::cbrt(t),
            false => t / (3.0 * DARK * DARK) + 4.0 / 29.0,
        });
        Lab { l: 116.0 * y - 16.0, a: 500.0 * (x - y), b: 200.0 * (y - z) }
    }

    /// The colour on a screen, if screens can show it.
    pub fn color(self) -> Option<Color> {
        let y = (self.l + 16.0) / 116.0;
        let [x, y, z] = [y + self.a / 500.0, y, y - self.b / 200.0].map(|t| match t > DARK {
            true => t * t * t,
            false => 3.0 * DARK * DARK * (t - 4.0 / 29.0),
        });
        let [r, g, b] =
            times(&RGB, [x * WHITE[0], y, z * WHITE[2]]).map(|t| (255.0 * from_linear(t)).round());
        let is_shown = [r, g, b].iter().all(|channel| (0.0..=255.0).contains(channel));
        is_shown.then_some(Color { r: r as u8, g: g as u8, b: b as u8 })
    }

    /// The difference CIEDE2000: at 1, adjacent patches are just distinguishable.
    ///
    /// Source: Sharma, Wu, Dalal, The CIEDE2000 color-difference formula, Color Research and
    /// Application 30 (2005), 21-30; the short names are theirs.
    pub fn difference(self, other: Lab) -> f64 {
        let chroma = |a: f64, b: f64| libm::sqrt(a * a + b * b);
        // For greys, differences between green and red count more.
        let g = 0.5 * (1.0 - of_blue((chroma(self.a, self.b) + chroma(other.a, other.b)) / 2.0));
        let polar = |lab: Lab| {
            let a = (1.0 + g) * lab.a;
            (chroma(a, lab.b), libm::atan2(lab.b, a).to_degrees().rem_euclid(360.0))
        };
        let ((c1, h1), (c2, h2)) = (polar(self), polar(other));
        // A grey has no hue.
        let is_grey = c1 * c2 == 0.0;
        let dh = if is_grey { 0.0 } else { (h2 - h1 + 180.0).rem_euclid(360.0) - 180.0 };
        let h = if is_grey { h1 + h2 } else { h1 + dh / 2.0 };
        let (l, c) = ((self.l + other.l) / 2.0, (c1 + c2) / 2.0);
        let t = 1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0)
            - 0.2 * cos(4.0 * h - 63.0);
        let from_middle = (l - 50.0) * (l - 50.0);
        let lightness =
            (other.l - self.l) / (1.0 + 0.015 * from_middle / libm::sqrt(20.0 + from_middle));
        let saturation = (c2 - c1) / (1.0 + 0.045 * c);
        let hue =
            2.0 * libm::sqrt(c1 * c2) * libm::sin((dh / 2.0).to_radians()) / (1.0 + 0.015 * c * t);
        let turn = (h.rem_euclid(360.0) - 275.0) / 25.0;
        let rotation = -2.0 * of_blue(c) * libm::sin((60.0 * libm::exp(-turn * turn)).to_radians());
        libm::sqrt(
            lightness * lightness
                + saturation * saturation
                + hue * hue
                + rotation * saturation * hue,
        )
    }
}

/// The formula's transition from greys to strong colours; its corrections of red and of blue share
/// it.
fn of_blue(chroma: f64) -> f64 {
    let c7 = libm::pow(chroma, 7.0);
    libm::sqrt(c7 / (c7 + 6103515625.0))
}

fn cos(degrees: f64) -> f64 {
    libm::cos(degrees.to_radians())
}

fn times(matrix: &[[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

/// Linear light from a channel of sRGB.
fn to_linear(channel: f64) -> f64 {
    let size = channel.abs();
    let light = if size <= 0.04045 { size / 12.92 } else { libm::pow((size + 0.055) / 1.055, 2.4) };
    light.copysign(channel)
}

/// A channel of sRGB from linear light.
fn from_linear(light: f64) -> f64 {
    let size = light.abs();
    let channel =
        if size <= 0.0031308 { size * 12.92 } else { 1.055 * libm::pow(size, 1.0 / 2.4) - 0.055 };
    channel.copysign(light)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs of the paper's table 1: hues around 0, greys, blues, dark colours.
    #[test]
    fn differences_are_those_of_the_paper() {
        let table = [
            ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
            ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.3669),
            ([50.0, 2.49, -0.001], [50.0, -2.49, 0.0009], 7.1792),
            ([50.0, 2.49, -0.001], [50.0, -2.49, 0.0011], 7.2195),
            ([50.0, 2.5, 0.0], [50.0, 0.0, -2.5], 4.3065),
            ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
            ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
            ([63.0109, -31.0961, -5.8663], [62.8187, -29.7946, -4.0864], 1.2630),
            ([22.7233, 20.0904, -46.6940], [23.0331, 14.9730, -42.5619], 2.0373),
            ([2.0776, 0.0795, -1.1350], [0.9033, -0.0636, -0.5514], 0.9082),
        ];
        for (one, other, difference) in table {
            let [one, other] = [one, other].map(|[l, a, b]| Lab { l, a, b });
            for found in [one.difference(other), other.difference(one)] {
                assert!(
                    (found - difference).abs() < 5e-5,
                    "{one:?} {other:?}: {found} for {difference}"
                );
            }
        }
    }

    #[test]
    fn colors_come_back() {
        for r in (0..=255).step_by(15) {
            for g in (0..=255).step_by(15) {
                for b in (0..=255).step_by(15) {
                    let color = Color { r, g, b };
                    assert_eq!(Lab::from(color).color(), Some(color));
                }
            }
        }
        let white = Lab::of_srgb([1.0; 3]);
        assert!(
            (white.l - 100.0).abs() < 1e-3 && white.a.abs() < 1e-2 && white.b.abs() < 2e-2,
            "{white:?}"
        );
        assert!(Lab::of_srgb([2.0; 3]).l > 100.0 && Lab::of_srgb([-1.0; 3]).l < 0.0);
        assert_eq!(
            Lab { l: 20.0, a: 0.0, b: 90.0 }.color(),
            None,
            "no screen has so dark a yellow"
        );
    }
}
