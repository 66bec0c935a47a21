//! Separability as a table whose cells are coloured: the warmer, the nearer two classes are.

use crate::assess::{Pair, JOIN_BELOW};
use crate::model::Class;

/// A measure of separability.
pub(super) struct Measure {
    pub name: &'static str,
    value: fn(&Pair) -> f64,
}

impl Measure {
    pub const ALL: [Measure; 2] = [
        Measure { name: "Jeffries-Matusita distance", value: |pair| pair.jeffries_matusita },
        Measure { name: "Transformed divergence", value: |pair| pair.transformed_divergence },
    ];
}

/// The table of one measure.
pub(super) struct Heat<'a> {
    pub name: &'static str,
    pub rows: Vec<HeatRow<'a>>,
}

/// A class against all others.
pub(super) struct HeatRow<'a> {
    pub class: &'a Class,
    pub cells: Vec<Option<Cell>>,
}

/// A value, and how much of the warm colour it has.
pub(super) struct Cell {
    pub text: String,
    pub percent: u32,
    pub is_low: bool,
}

impl<'a> Heat<'a> {
    /// The table of the classes that have pixels.
    pub fn new(measure: &Measure, classes: &'a [Class], pairs: &[Pair]) -> Heat<'a> {
        let classes: Vec<&Class> = classes.iter().filter(|class| class.count > 0).collect();
        let of = |a: u32, b: u32| {
            let pair = pairs.iter().find(|pair| pair.values == (a.min(b), a.max(b)));
            pair.map(|pair| Cell::new((measure.value)(pair)))
        };
        let row = |class: &&'a Class| HeatRow {
            class,
            cells: classes.iter().map(|other| of(class.value, other.value)).collect(),
        };
        Heat { name: measure.name, rows: classes.iter().map(row).collect() }
    }
}

/// A distance of 0 to 2 in digits: truncated, not rounded, since a value just below 2 is not 2.
pub(super) fn distance(value: f64) -> String {
    format!("{:.2}", (value * 100.0).floor() / 100.0)
}

impl Cell {
    fn new(value: f64) -> Cell {
        // The square root, as most pairs of any scene are near 2.
        let percent = (100.0 * (1.0 - value / 2.0).max(0.0).sqrt()).round() as u32;
        Cell { text: distance(value), percent, is_low: value < JOIN_BELOW }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearer_the_warmer() {
        let cell = |value| {
            let Cell { text, percent, is_low } = Cell::new(value);
            (text, percent, is_low)
        };
        assert_eq!(cell(2.0), ("2.00".into(), 0, false));
        assert_eq!(cell(1.9999), ("1.99".into(), 1, false));
        assert_eq!(cell(0.5), ("0.50".into(), 87, true));
        assert_eq!(cell(0.0), ("0.00".into(), 100, true));
    }
}
