//! Colours for any number of classes: a list, or a palette by name.

use std::str::FromStr;

use super::{Color, Model};
use crate::error::{invalid_argument, Error, Result};

/// The prefix of a palette's name in a choice of colours.
const PREFIX: &str = "palette:";

/// The colours that a user asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Colors {
    /// One for each class.
    List(Vec<Color>),
    /// As many as there are classes.
    Palette(Palette),
}

/// A palette, as an index into the list of palettes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette(usize);

/// Where the colours of a palette come from.
enum Source {
    /// Distinct colours; further classes get the same ones again, lighter or darker.
    Distinct(&'static [u32]),
    /// Along a ramp.
    Ramp(colorous::Gradient),
    /// Distinct colours of the crate `colorous`.
    Known(&'static [colorous::Color]),
}

/// Okabe and Ito, Color Universal Design (2008), for all kinds of colour vision. Black is last, as
/// it is the most dominant colour on a map.
const OKABE_ITO: [u32; 8] =
    [0xe69f00, 0x56b4e9, 0x009e73, 0xf0e442, 0x0072b2, 0xd55e00, 0xcc79a7, 0x000000];

/// Paul Tol, Colour Schemes, SRON/EPS/TN/09-002 (2021): the schemes "bright" and "muted", for
/// colour-blind readers, too.
const TOL_BRIGHT: [u32; 7] = [0x4477aa, 0xee6677, 0x228833, 0xccbb44, 0x66ccee, 0xaa3377, 0xbbbbbb];
const TOL_MUTED: [u32; 10] = [
    0xcc6677, 0x332288, 0xddcc77, 0x117733, 0x88ccee, 0x882255, 0x44aa99, 0x999933, 0xaa4499,
    0xdddddd,
];

/// The palettes: tab10 is Tableau's and Matplotlib's (D3's category10), set2 and paired are
/// ColorBrewer's (Brewer and Harrower); viridis, plasma and cividis are Matplotlib's ramps for all
/// kinds of colour vision (van der Walt and Smith; Nunez, Anderton and Renslow), turbo is Google's
/// (Mikhailov).
const PALETTES: [(&str, Source); 10] = [
    ("okabe-ito", Source::Distinct(&OKABE_ITO)),
    ("tol-bright", Source::Distinct(&TOL_BRIGHT)),
    ("tol-muted", Source::Distinct(&TOL_MUTED)),
    ("tab10", Source::Known(&colorous::CATEGORY10)),
    ("set2", Source::Known(&colorous::SET2)),
    ("paired", Source::Known(&colorous::PAIRED)),
    ("viridis", Source::Ramp(colorous::VIRIDIS)),
    ("plasma", Source::Ramp(colorous::PLASMA)),
    ("cividis", Source::Ramp(colorous::CIVIDIS)),
    ("turbo", Source::Ramp(colorous::TURBO)),
];

impl FromStr for Colors {
    type Err = Error;

    /// Colours from text: `black,#0f0`, or `palette:viridis`.
    fn from_str(text: &str) -> Result<Colors> {
        match text.trim().strip_prefix(PREFIX) {
            Some(name) => Ok(Colors::Palette(name.parse()?)),
            None => Ok(Colors::List(text.split(',').map(str::parse).collect::<Result<_>>()?)),
        }
    }
}

impl FromStr for Palette {
    type Err = Error;

    fn from_str(name: &str) -> Result<Palette> {
        let wanted = name.trim().to_lowercase();
        match PALETTES.iter().position(|(name, _)| *name == wanted) {
            Some(index) => Ok(Palette(index)),
            None => {
                let names: Vec<_> = PALETTES.iter().map(|(name, _)| *name).collect();
                invalid_argument(format!(
                    "there is no palette '{}': choose one of {}",
                    name.trim(),
                    names.join(", ")
                ))
            }
        }
    }
}

impl Palette {
    /// So many colours.
    pub fn colors(self, n: usize) -> Vec<Color> {
        let known = |color: colorous::Color| Color { r: color.r, g: color.g, b: color.b };
        let cycled = |colors: Vec<Color>| {
            let again = make_distinct(&colors, (colors.len()..n).map(|i| colors[i % colors.len()]));
            colors.into_iter().take(n).chain(again).collect()
        };
        match &PALETTES[self.0].1 {
            Source::Distinct(colors) => {
                cycled(colors.iter().map(|color| from_hex(*color)).collect())
            }
            Source::Known(colors) => cycled(colors.iter().copied().map(known).collect()),
            Source::Ramp(ramp) => (0..n).map(|i| known(ramp.eval_rational(i, n.max(2)))).collect(),
        }
    }
}

/// The wanted colours. A colour that looks like an earlier or a taken one is made lighter or
/// darker.
fn make_distinct(taken: &[Color], wanted: impl Iterator<Item = Color>) -> Vec<Color> {
    let mut colors = taken.to_vec();
    for color in wanted {
        // No eye distinguishes hundreds of colours, and trying takes time.
        colors.push(if colors.len() < MANY { apart(color, &colors) } else { color });
    }
    colors.split_off(taken.len())
}

/// The least distance in Oklab (lightness 0 to 1) between distinguishable patches of a map.
const APART: f32 = 0.12;

/// The largest number of classes that are made distinguishable.
const MANY: usize = 100;

/// The size and number of steps by which lightness may change: bright classes must not look dark.
const STEP: f32 = 0.02;
const STEPS: i32 = 8;

/// The colour of the same hue, and of the nearest lightness, that is distinguishable from all
/// others. If there is none within the steps, the colour farthest from the others.
fn apart(color: Color, others: &[Color]) -> Color {
    let lab = |color: &Color| {
        csscolorparser::Color::from_rgba8(color.r, color.g, color.b, 255).to_oklaba()
    };
    let others: Vec<_> = others.iter().map(lab).collect();
    let distance = |color: &Color| {
        let [l, a, b, _] = lab(color);
        let each = others
            .iter()
            .map(|[l2, a2, b2, _]| ((l - l2).powi(2) + (a - a2).powi(2) + (b - b2).powi(2)).sqrt());
        each.fold(f32::INFINITY, f32::min)
    };
    let [lightness, a, b, _] = lab(&color);
    // Towards middle lightness first, where the eye distinguishes more; nearest steps first.
    let inwards = if lightness < 0.5 { 1 } else { -1 };
    let steps =
        (1..=STEPS).map(|step| step * inwards).chain((1..=STEPS).map(|step| -step * inwards));
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

impl Colors {
    /// Colours for so many classes, the largest class first.
    ///
    /// # Errors
    /// `InvalidArgument` when a list has another number of colours.
    pub fn for_classes(&self, n_classes: usize) -> Result<Vec<Color>> {
        match self {
            Colors::Palette(palette) => Ok(palette.colors(n_classes)),
            Colors::List(colors) if colors.len() == n_classes => Ok(colors.clone()),
            Colors::List(colors) => invalid_argument(format!(
                "there are {} colours for {n_classes} classes: give one for each",
                colors.len()
            )),
        }
    }
}

impl Model {
    /// Gives the classes the colours that the user asked for. A list may be too long if an
    /// algorithm may find fewer classes than requested.
    ///
    /// # Errors
    /// `InvalidArgument` when there are too few colours, or too many.
    pub fn set_colors(&mut self, colors: &Colors) -> Result<()> {
        let mut colors = colors.clone();
        if let (Colors::List(list), Some(_)) = (&mut colors, self.regions()) {
            list.truncate(self.n_classes());
        }
        let colors = colors.for_classes(self.n_classes())?;
        colors.into_iter().zip(1..).try_for_each(|(color, value)| self.set_color(value, color))
    }
}

fn from_hex(color: u32) -> Color {
    let [_, r, g, b] = color.to_be_bytes();
    Color { r, g, b }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, n: usize) -> Vec<String> {
        text.parse::<Colors>()
            .unwrap()
            .for_classes(n)
            .unwrap()
            .iter()
            .map(Color::to_string)
            .collect()
    }

    #[test]
    fn palettes_are_the_published_ones() {
        assert_eq!(of("palette:tab10", 3), ["#1f77b4", "#ff7f0e", "#2ca02c"]);
        assert_eq!(of(" palette:Okabe-Ito ", 2), ["#e69f00", "#56b4e9"]);
        assert_eq!(of("palette:viridis", 2), ["#440154", "#fde725"]);
        assert_eq!(of("palette:viridis", 1), ["#440154"]);
        assert_eq!(of("red,#00f", 2), ["#ff0000", "#0000ff"]);
    }

    #[test]
    fn there_are_colors_for_any_number_of_classes() {
        for (name, _) in &PALETTES {
            let mut colors = of(&format!("palette:{name}"), 40);
            assert_eq!(of(&format!("palette:{name}"), 5000).len(), 5000);
            colors.sort();
            colors.dedup();
            assert_eq!(colors.len(), 40, "{name}");
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        let error = |text: &str| {
            text.parse::<Colors>().and_then(|c| c.for_classes(3)).unwrap_err().to_string()
        };
        assert!(
            error("palette:no").contains("'no': choose one of okabe-ito"),
            "{}",
            error("palette:no")
        );
        assert!(error("red,blue").contains("2 colours for 3 classes"));
        assert!(error("red,,blue").contains("'' is not a colour"));
    }
}
