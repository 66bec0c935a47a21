//! Colours of classes.

use std::fmt;
use std::str::FromStr;

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

/// The bands (0-based) shown as red, green and blue by default. Three bands are taken in their
/// order. Of more bands, the first three are taken in reverse order (Sentinel-2 and Landsat have
/// blue, green, red, near infrared). Of fewer bands, the first is shown in grey.
pub fn default_rgb(n_bands: usize) -> [usize; 3] {
    match n_bands {
        0..=2 => [0; 3],
        3 => [0, 1, 2],
        _ => [2, 1, 0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_and_hexadecimal() {
        for (text, shown) in [
            ("red", "#ff0000"),
            ("#0F8", "#00ff88"),
            (" #102030 ", "#102030"),
            ("Black", "#000000"),
        ] {
            assert_eq!(text.parse::<Color>().unwrap().to_string(), shown);
        }
        for text in ["", "no such colour", "#12", "transparent"] {
            assert!(
                text.parse::<Color>().unwrap_err().to_string().contains("not a colour"),
                "{text}"
            );
        }
    }
}
