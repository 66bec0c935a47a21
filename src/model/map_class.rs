//! The classes of a map, for its legend, its attribute table and its polygons.

use super::{Color, Model};
use crate::wording::plain;

/// A class as a map shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct MapClass {
    /// Its label in the map.
    pub value: u32,
    /// Its name, without characters that files cannot hold.
    pub name: String,
    /// Its colour.
    pub color: Color,
    /// Number of its pixels in the map.
    pub count: u64,
    /// Its share of the map's valid pixels, 0 to 1; 0 if there are no valid pixels.
    pub share: f64,
    /// Its area in the map, in hectares; `None` if the pixel area is not known.
    pub area_ha: Option<f64>,
    /// Mean of its pixels, per band, in band units: of the training pixels, or of the pixels with
    /// this label in this map. NaN or empty if there are none.
    pub mean: Vec<f64>,
}

impl Model {
    /// The classes of a map of this model. `counts` are the numbers of pixels of each label, from 0
    /// (nodata), with or without unclassified pixels. Areas are not set yet.
    pub fn map_classes(&self, counts: &[u64]) -> Vec<MapClass> {
        let n_valid: u64 = counts.iter().skip(1).sum();
        let of = |class: &super::Class| {
            let count = counts.get(class.value as usize).copied().unwrap_or(0);
            MapClass {
                value: class.value,
                name: plain(&class.name),
                color: class.color,
                count,
                share: count as f64 / n_valid.max(1) as f64,
                area_ha: None,
                mean: class.mean.clone(),
            }
        };
        self.legend().iter().take(counts.len().saturating_sub(1)).map(of).collect()
    }
}

impl MapClass {
    /// Its line in a legend: `water (23.4 %)`.
    pub fn title(&self) -> String {
        format!("{} ({})", self.name, self.share_text())
    }

    /// Its share in per cent, with one decimal; a share that would round to 0 is `< 0.1 %`.
    pub fn share_text(&self) -> String {
        match 100.0 * self.share {
            percent if percent > 0.0 && percent < 0.05 => "< 0.1 %".into(),
            percent => format!("{percent:.1} %"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(count: u64, of: u64) -> MapClass {
        MapClass {
            value: 1,
            name: "water <&>".into(),
            color: Color { r: 0, g: 0, b: 0 },
            count,
            share: count as f64 / of.max(1) as f64,
            area_ha: None,
            mean: Vec::new(),
        }
    }

    #[test]
    fn titles_tell_name_and_share() {
        assert_eq!(with(1, 3).title(), "water <&> (33.3 %)");
        assert_eq!(with(1, 1_000_000).share_text(), "< 0.1 %");
        assert_eq!(with(0, 0).share_text(), "0.0 %");
    }
}
