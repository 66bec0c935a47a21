//! Which bands are red, green and blue, according to the file.

use super::source::{Marked, SourceBand};

/// The positions of the red, green and blue band among the chosen bands: by their names, else by
/// the colours that the file gives them. `None` if neither gives all three.
pub(in crate::gdal) fn rgb(names: &[String], bands: &[&SourceBand]) -> Option<[usize; 3]> {
    let marked = |color| bands.iter().position(|band| band.marked == color);
    by_names(names)
        .or_else(|| Some([marked(Marked::Red)?, marked(Marked::Green)?, marked(Marked::Blue)?]))
}

/// By names such as `red`, `B04`, `T18SVG_20151207T155442_B04_10m` or `LE07_L1TP_..._B3`.
fn by_names(names: &[String]) -> Option<[usize; 3]> {
    let words: Vec<Vec<String>> = names.iter().map(|name| words(name)).collect();
    // Landsat 4 to 7 number their bands from blue; Sentinel-2 and Landsat 8 and 9 have a coastal
    // band before it.
    let old_landsat =
        words.iter().flatten().any(|word| ["lt04", "lt05", "le07"].contains(&word.as_str()));
    let numbers = if old_landsat { [3, 2, 1] } else { [4, 3, 2] };
    let find = |color: &str, number: u32| {
        let codes = [
            color.to_string(),
            format!("b{number}"),
            format!("b0{number}"),
            format!("band{number}"),
        ];
        words.iter().position(|words| words.iter().any(|word| codes.contains(word)))
    };
    Some([find("red", numbers[0])?, find("green", numbers[1])?, find("blue", numbers[2])?])
}

/// The words of a name, in lower case.
fn words(name: &str) -> Vec<String> {
    let letters = |c: char| !c.is_alphanumeric();
    name.split(letters).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str]) -> Option<[usize; 3]> {
        by_names(&names.iter().map(|name| name.to_string()).collect::<Vec<_>>())
    }

    #[test]
    fn names_tell_the_colors() {
        assert_eq!(of(&["B02", "B03", "B04", "B08"]), Some([2, 1, 0]));
        assert_eq!(of(&["T18SVG_B04_10m", "T18SVG_B03_10m", "T18SVG_B02_10m"]), Some([0, 1, 2]));
        assert_eq!(of(&["Blue", "Green", "Red", "NIR"]), Some([2, 1, 0]));
        assert_eq!(of(&["LE07_L1TP_B1", "LE07_L1TP_B2", "LE07_L1TP_B3"]), Some([2, 1, 0]));
        assert_eq!(of(&["SR_B2", "SR_B3", "SR_B4"]), Some([2, 1, 0]));
    }

    #[test]
    fn names_that_do_not_tell_are_left_alone() {
        assert_eq!(of(&["band 1", "band 2", "band 3", "band 4"]), None);
        assert_eq!(of(&["B8A", "B11", "B12"]), None);
    }
}
