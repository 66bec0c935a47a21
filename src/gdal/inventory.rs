//! All the bands of an input, by number and by name, and those that are wanted of them.

use std::path::Path;

use super::select::{split_paths, BandRef};
use super::source::{Source, SourceBand};
use crate::error::{invalid_argument, Result};

/// The files of an input, open, and their bands in the order of their numbers.
pub(super) struct Inventory {
    pub(super) sources: Vec<Source>,
    pub(super) bands: Vec<Entry>,
}

/// A band of an input.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Which of the input's files it is in, from 0.
    pub(super) file: usize,
    pub(super) name: String,
    pub(super) band: SourceBand,
}

impl Entry {
    /// The file it is in and its number there.
    pub(super) fn place(&self) -> (usize, usize) {
        (self.file, self.band.index)
    }
}

impl Inventory {
    /// Opens all files of an input.
    pub(super) fn open(input: &Path) -> Result<Inventory> {
        let files = split_paths(input)?;
        let sources = files.iter().map(|path| Source::open(path)).collect::<Result<Vec<_>>>()?;
        let of_file = |(file, source): (usize, &Source)| -> Vec<Entry> {
            let entry =
                |band: &SourceBand| Entry { file, name: band_name(&sources, file, band), band: band.clone() };
            source.bands.iter().map(entry).collect()
        };
        let bands = sources.iter().enumerate().flat_map(of_file).collect();
        Ok(Inventory { sources, bands })
    }

    /// The names of all bands, in the order of their numbers.
    pub(super) fn names(&self) -> Vec<String> {
        self.bands.iter().map(|entry| entry.name.clone()).collect()
    }

    /// The bands that are wanted; all that hold data where none is said.
    ///
    /// # Errors
    /// `InvalidArgument` for a number or name that no band has, a name that several have, or a band wanted twice.
    pub(super) fn choose(&self, wanted: &[BandRef]) -> Result<Vec<Entry>> {
        if wanted.is_empty() {
            let is_data = |entry: &&Entry| self.sources[entry.file].alpha() != Some(entry.band.index);
            return Ok(self.bands.iter().filter(is_data).cloned().collect());
        }
        let places = wanted.iter().map(|band| self.find(band)).collect::<Result<Vec<_>>>()?;
        let twice = (1..places.len()).find(|&i| places[..i].contains(&places[i]));
        if let Some(i) = twice {
            return invalid_argument(format!(
                "the band {} of {} is asked for twice; give each once",
                self.bands[places[i]].name,
                self.title()
            ));
        }
        Ok(places.into_iter().map(|place| self.bands[place].clone()).collect())
    }

    /// Where a band stands in the list.
    fn find(&self, wanted: &BandRef) -> Result<usize> {
        match wanted {
            BandRef::Number(number) if (1..=self.bands.len()).contains(number) => Ok(number - 1),
            BandRef::Number(number) => invalid_argument(format!(
                "band {number} was asked for, {} has {}: give bands from 1 to {}",
                self.title(),
                self.bands.len(),
                self.bands.len()
            )),
            BandRef::Name(name) => match self.named(name)[..] {
                [place] => Ok(place),
                [] => invalid_argument(format!(
                    "the band '{name}' was asked for, {} has {}: give names of these, or numbers from 1 to {}",
                    self.title(),
                    self.names().join(", "),
                    self.bands.len()
                )),
                ref places => {
                    let numbers: Vec<_> = places.iter().map(|place| (place + 1).to_string()).collect();
                    invalid_argument(format!(
                        "the bands {} of {} are all named {name}: choose by number",
                        numbers.join(", "),
                        self.title()
                    ))
                }
            },
        }
    }

    /// The bands with a name, in upper or lower case.
    fn named(&self, name: &str) -> Vec<usize> {
        let is = |entry: &Entry| entry.name.eq_ignore_ascii_case(name);
        (0..self.bands.len()).filter(|&place| is(&self.bands[place])).collect()
    }

    /// How messages call the input.
    fn title(&self) -> String {
        self.sources.iter().map(Source::name).collect::<Vec<_>>().join(",")
    }
}

/// A band's description; else its file's name where there are several files; else its number.
fn band_name(sources: &[Source], file: usize, band: &SourceBand) -> String {
    let source = &sources[file];
    let stem = source.path.file_stem().unwrap_or_default().to_string_lossy();
    match (band.description.as_str(), sources.len(), source.n_data_bands()) {
        ("", 1, _) => format!("band {}", band.index),
        ("", _, 1) => band_token(&stem).unwrap_or(&stem).to_string(),
        ("", _, _) => format!("{stem} band {}", band.index),
        (description, _, _) => description.to_string(),
    }
}

/// The band's name in the name of a product's file: `B08` in `T18SVG_20200101T155539_B08_10m`, the same at every date.
pub(super) fn band_token(stem: &str) -> Option<&str> {
    let is_band = |token: &&str| {
        let number = token.strip_prefix('B').map(|rest| rest.strip_suffix('A').unwrap_or(rest));
        number.is_some_and(|digits| {
            (1..=2).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit())
        })
    };
    let mut tokens = stem.split(['_', '-', '.', ' ']).filter(is_band);
    tokens.next().filter(|_| tokens.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn product_files_tell_their_band() {
        let names = [
            "T18SVG_20200101T155539_B08_10m",
            "S2A.B8A",
            "LC08_L1TP_B10",
            "red",
            "B",
            "B123",
            "B02_B03",
            "BB02",
        ];
        let bands = [Some("B08"), Some("B8A"), Some("B10"), None, None, None, None, None];
        assert_eq!(names.map(band_token), bands);
    }
}
