//! All the bands of an input, by number and by name, and those that are wanted of them.

use std::path::PathBuf;

use super::product;
use super::select::BandRef;
use super::source::{Source, SourceBand};
use crate::error::{invalid_argument, invalid_data, invalid_option, Result};
use crate::product::{band_token, SCL};

/// The files of an input, open, and their bands in the order of their numbers.
pub(in crate::gdal) struct Inventory {
    name: String,
    pub(in crate::gdal) sources: Vec<Source>,
    bands: Vec<Entry>,
    /// Whether its bands are those of a product, which are called by name.
    is_product: bool,
}

/// A band of an input.
#[derive(Debug, Clone)]
pub(in crate::gdal) struct Entry {
    /// Which of the input's files it is in, from 0.
    pub(in crate::gdal) file: usize,
    pub(in crate::gdal) name: String,
    pub(in crate::gdal) band: SourceBand,
    /// Whether it is read where no bands are asked for.
    by_default: bool,
}

impl Entry {
    /// The file it is in and its number there.
    pub(in crate::gdal) fn place(&self) -> (usize, usize) {
        (self.file, self.band.index)
    }

    /// Whether its values are classes, which cannot be mixed.
    pub(in crate::gdal) fn is_classes(&self) -> bool {
        self.band.paletted || self.name.eq_ignore_ascii_case(SCL)
    }
}

impl Inventory {
    /// Opens all files of an input; a product has one of each band.
    pub(in crate::gdal) fn open(files: &[PathBuf]) -> Result<Inventory> {
        let (mut sources, mut hidden, mut is_product) = (Vec::new(), Vec::new(), false);
        for path in files {
            let Some(parts) = product::parts(path)? else {
                sources.push(Source::open(path)?);
                continue;
            };
            is_product = true;
            for (path, says) in parts {
                let mut source = Source::open(&path)?;
                let Some(band) = source.bands.first_mut() else { continue };
                band.description = says.name.to_string();
                (band.nodata, band.scale, band.offset) = (says.nodata, says.scale, says.offset);
                hidden.extend((!says.by_default).then_some(sources.len()));
                sources.push(source);
            }
        }
        let of_file = |(file, source): (usize, &Source)| -> Vec<Entry> {
            let by_default =
                |band: &SourceBand| !hidden.contains(&file) && source.alpha() != Some(band.index);
            let entry = |band: &SourceBand| Entry {
                file,
                name: band_name(&sources, file, band),
                band: band.clone(),
                by_default: by_default(band),
            };
            source.bands.iter().map(entry).collect()
        };
        let bands = sources.iter().enumerate().flat_map(of_file).collect();
        Ok(Inventory { name: scene_name(files), sources, bands, is_product })
    }

    /// The names of all bands, in the order of their numbers.
    pub(in crate::gdal) fn names(&self) -> Vec<String> {
        self.bands.iter().map(|entry| entry.name.clone()).collect()
    }

    /// The bands that are wanted; where none is said all that hold data, of a product those of 10 m.
    ///
    /// # Errors
    /// `InvalidArgument` for a number or name that no band has, a name that several have, or a band wanted twice.
    pub(in crate::gdal) fn choose(&self, wanted: &[BandRef]) -> Result<Vec<Entry>> {
        if wanted.is_empty() {
            return Ok(self.bands.iter().filter(|entry| entry.by_default).cloned().collect());
        }
        let places = wanted.iter().map(|band| self.find(band)).collect::<Result<Vec<_>>>()?;
        let twice = (1..places.len()).find(|&i| places[..i].contains(&places[i]));
        if let Some(i) = twice {
            return invalid_argument(format!(
                "the band {} of {} is asked for twice; give each once",
                self.bands[places[i]].name, self.name
            ));
        }
        Ok(places.into_iter().map(|place| self.bands[place].clone()).collect())
    }

    /// Where a band stands in the list.
    fn find(&self, wanted: &BandRef) -> Result<usize> {
        match wanted {
            BandRef::Number(number) if self.is_product => invalid_argument(format!(
                "band {number} was asked for: the bands of a product have names, as B8A stands between B08 and B09; {} has {}",
                self.name,
                self.names().join(", ")
            )),
            BandRef::Number(number) if (1..=self.bands.len()).contains(number) => Ok(number - 1),
            BandRef::Number(number) => invalid_argument(format!(
                "band {number} was asked for, {} has {}: give bands from 1 to {}",
                self.name,
                self.bands.len(),
                self.bands.len()
            )),
            BandRef::Name(name) => match self.named(name)[..] {
                [place] => Ok(place),
                [] => invalid_argument(format!(
                    "the band '{name}' was asked for, {} has {}: give names of these, or numbers, with commas (1,2,3)",
                    self.name,
                    self.names().join(", ")
                )),
                ref places => {
                    let numbers: Vec<_> = places.iter().map(|place| (place + 1).to_string()).collect();
                    invalid_argument(format!(
                        "the bands {} of {} are all named {name}: choose by number",
                        numbers.join(", "),
                        self.name
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

    /// The scene classification, which then is no band to be read where none are asked for.
    ///
    /// # Errors
    /// `InvalidArgument` where there is none, or are several.
    pub(in crate::gdal) fn take_scl(&mut self) -> Result<Entry> {
        if self.named(SCL).is_empty() {
            self.check_more_than_scl()?;
            return invalid_option(
                "mask_scl",
                format!(
                    " was asked for, {} has {} and no SCL: give a Sentinel-2 L2A product, or name its file ..._SCL_20m.jp2 among the inputs",
                    self.name,
                    self.names().join(", ")
                ),
            );
        }
        let place = self.find(&BandRef::Name(SCL.into()))?;
        self.bands[place].by_default = false;
        Ok(self.bands[place].clone())
    }

    /// Checks that the only file is not that of the scene classification: alone it has no name.
    fn check_more_than_scl(&self) -> Result<()> {
        match &self.sources[..] {
            [only]
                if only
                    .path
                    .file_stem()
                    .is_some_and(|stem| band_token(&stem.to_string_lossy()) == Some(SCL)) =>
            {
                invalid_data(format!(
                    "{} is the scene classification (SCL) alone: give the files of the bands, too",
                    self.name
                ))
            }
            _ => Ok(()),
        }
    }

    /// The files that some bands are in; the bands are told their new places.
    pub(in crate::gdal) fn files_of(self, bands: &mut [Entry]) -> Vec<Source> {
        let mut used: Vec<usize> = bands.iter().map(|entry| entry.file).collect();
        used.sort_unstable();
        used.dedup();
        for entry in bands {
            entry.file = used.partition_point(|file| *file < entry.file);
        }
        let sources = self.sources.into_iter().enumerate();
        sources.filter(|(file, _)| used.contains(file)).map(|(_, source)| source).collect()
    }
}

/// What messages and reports call a scene: its files, with commas between them.
pub fn scene_name(files: &[PathBuf]) -> String {
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(",")
}

/// The nodata value of each chosen band: the file's, or those given.
pub(in crate::gdal) fn nodata(bands: &[Entry], given: Option<&[Option<f64>]>) -> Result<Vec<Option<f64>>> {
    match given {
        None => Ok(bands.iter().map(|entry| entry.band.nodata).collect()),
        Some([one]) => Ok(vec![*one; bands.len()]),
        Some(values) if values.len() == bands.len() => Ok(values.to_vec()),
        Some(values) => invalid_argument(format!(
            "{} nodata values were given for {} bands: give one for all, or one per band",
            values.len(),
            bands.len()
        )),
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
