//! Band selection: all bands of an input, by number and by name, and the chosen ones.

use std::path::PathBuf;

use super::select::BandRef;
use super::source::{Source, SourceBand};
use super::{georeference, names, product, subdataset};
use crate::error::{invalid_argument, invalid_data, invalid_option, Result};
use crate::product::{band_token, Band, SCL};
use crate::wording::plain;

/// The files of an input, and their bands in the order of their numbers.
pub(in crate::gdal) struct Inventory {
    name: String,
    files: Vec<File>,
    bands: Vec<Entry>,
    /// Whether its bands are those of a product, which are chosen by name.
    is_product: bool,
}

/// A file of an input.
enum File {
    Open(Source),
    /// A band of a product: its file is opened when the band is chosen, so that other files may be
    /// damaged.
    Part(PathBuf, Band<'static>),
}

impl File {
    fn open(self) -> Result<Source> {
        let (path, says) = match self {
            File::Open(source) => return Ok(source),
            File::Part(path, says) => (path, says),
        };
        let mut source = Source::open(&path)?;
        if let Some(band) = source.bands.first_mut() {
            band.description = says.name.to_string();
            (band.nodata, band.scale, band.offset) = (says.nodata, says.scale, says.offset);
        }
        Ok(source)
    }
}

/// A band of an input.
#[derive(Debug, Clone)]
pub(in crate::gdal) struct Entry {
    /// The index of its file among the input's files, from 0.
    pub(in crate::gdal) file: usize,
    pub(in crate::gdal) name: String,
    /// Its number among the input's bands, from 1; `None` for a product.
    pub(in crate::gdal) number: Option<usize>,
    pub(in crate::gdal) band: SourceBand,
    /// Whether it is read if no bands are asked for.
    by_default: bool,
}

impl Entry {
    /// Its file, and its number in that file.
    pub(in crate::gdal) fn place(&self) -> (usize, usize) {
        (self.file, self.band.index)
    }

    /// Whether its values are classes, which cannot be averaged.
    pub(in crate::gdal) fn is_classes(&self) -> bool {
        self.band.paletted || self.name.eq_ignore_ascii_case(SCL)
    }
}

impl Inventory {
    /// Opens the files of an input, except those of a product, which has one for each band.
    pub(in crate::gdal) fn open(files: &[PathBuf]) -> Result<Inventory> {
        let (mut opened, mut is_product) = (Vec::new(), false);
        for path in files {
            match product::parts(path)? {
                None => opened.push(File::Open(Source::open(path)?)),
                Some(parts) => {
                    is_product = true;
                    opened.extend(parts.into_iter().map(|(path, says)| File::Part(path, says)));
                }
            }
        }
        check_once(files)?;
        let mut bands: Vec<Entry> = Vec::new();
        for (file, parts) in names_of_parts(&opened).into_iter().enumerate() {
            match &opened[file] {
                File::Open(source) => bands.extend(of_source(file, source, opened.len(), &parts)),
                File::Part(_, says) => bands.push(of_product(file, says)),
            }
        }
        if !is_product {
            (1..).zip(&mut bands).for_each(|(number, entry)| entry.number = Some(number));
        }
        Ok(Inventory { name: scene_name(files), files: opened, bands, is_product })
    }

    /// The names of all bands, in the order of their numbers.
    pub(in crate::gdal) fn names(&self) -> Vec<String> {
        self.bands.iter().map(|entry| entry.name.clone()).collect()
    }

    /// The wanted bands. If none are given: all bands that hold data, or the bands of 10 m of a
    /// product.
    ///
    /// # Errors
    /// `InvalidArgument` for a number or name that no band has, a name that several have, or a band
    /// wanted twice.
    pub(in crate::gdal) fn choose(&self, wanted: &[BandRef]) -> Result<Vec<Entry>> {
        if wanted.is_empty() {
            return Ok(self.bands.iter().filter(|entry| entry.by_default).cloned().collect());
        }
        let wanted = wanted.iter().flat_map(|band| self.expanded(band));
        let places = wanted.map(|band| self.find(&band)).collect::<Result<Vec<_>>>()?;
        let twice = (1..places.len()).find(|&i| places[..i].contains(&places[i]));
        if let Some(i) = twice {
            return invalid_argument(format!(
                "the band {} of {} is asked for twice; give each once",
                self.bands[places[i]].name, self.name
            ));
        }
        Ok(places.into_iter().map(|place| self.bands[place].clone()).collect())
    }

    /// The bands of a range of numbers such as `1-99`, unless a band has this name; other bands as
    /// they are.
    fn expanded(&self, wanted: &BandRef) -> Vec<BandRef> {
        match wanted {
            BandRef::Name(name) if self.named(name).is_empty() => match range(name) {
                // One number past the last band is enough for the error.
                Some((from, to)) => {
                    (from..=to.min(self.bands.len() + 1)).map(BandRef::Number).collect()
                }
                None => vec![wanted.clone()],
            },
            _ => vec![wanted.clone()],
        }
    }

    /// The index of a band in the list.
    fn find(&self, wanted: &BandRef) -> Result<usize> {
        match wanted {
            BandRef::Number(number) if self.is_product => invalid_argument(format!(
                "band {number} was asked for: the bands of a product have names, as B8A stands \
                 between B08 and B09; {} has {}",
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
                    "the band '{name}' was asked for, {} has {}: give names of these, or numbers, \
                     with commas (1,2,3)",
                    self.name,
                    self.names().join(", ")
                )),
                ref places => {
                    let numbers: Vec<_> =
                        places.iter().map(|place| (place + 1).to_string()).collect();
                    invalid_argument(format!(
                        "the bands {} of {} are all named {name}: choose by number",
                        numbers.join(", "),
                        self.name
                    ))
                }
            },
        }
    }

    /// The bands with this name, in upper or lower case.
    fn named(&self, name: &str) -> Vec<usize> {
        let name = plain(name);
        let is = |entry: &Entry| entry.name.eq_ignore_ascii_case(name.trim());
        (0..self.bands.len()).filter(|&place| is(&self.bands[place])).collect()
    }

    /// Takes out the scene classification, so that it is not read if no bands are asked for.
    ///
    /// # Errors
    /// `InvalidArgument` if there is none, or several.
    pub(in crate::gdal) fn take_scl(&mut self) -> Result<Entry> {
        if self.named(SCL).is_empty() {
            self.check_more_than_scl()?;
            return invalid_option(
                "mask_scl",
                format!(
                    " was asked for, {} has {} and no SCL: give a Sentinel-2 L2A product, or name \
                     its file ..._SCL_20m.jp2 among the inputs",
                    self.name,
                    self.names().join(", ")
                ),
            );
        }
        let place = self.find(&BandRef::Name(SCL.into()))?;
        self.bands[place].by_default = false;
        Ok(self.bands[place].clone())
    }

    /// Checks that the only file is not the scene classification, which can be recognised only by
    /// its file name if it is alone.
    fn check_more_than_scl(&self) -> Result<()> {
        let is_scl = |source: &Source| {
            let stem = source.path.file_stem().unwrap_or_default();
            band_token(&stem.to_string_lossy()) == Some(SCL)
        };
        match &self.files[..] {
            [File::Open(only)] if is_scl(only) => invalid_data(format!(
                "{} is the scene classification (SCL) alone: give the files of the bands, too",
                self.name
            )),
            _ => Ok(()),
        }
    }

    /// The open files of some bands. The bands get their new positions, and what their files say
    /// about them.
    ///
    /// # Errors
    /// `Io` for a file of a product that cannot be read, or if reference systems cannot be read.
    pub(in crate::gdal) fn files_of(self, bands: &mut [Entry]) -> Result<Vec<Source>> {
        let mut used: Vec<usize> = bands.iter().map(|entry| entry.file).collect();
        used.sort_unstable();
        used.dedup();
        let files = self.files.into_iter().enumerate().filter(|(file, _)| used.contains(file));
        let sources = files.map(|(_, file)| file.open()).collect::<Result<Vec<_>>>()?;
        georeference::check_database(&sources)?;
        for entry in bands {
            entry.file = used.partition_point(|file| *file < entry.file);
            if let Some(band) = sources[entry.file].bands.get(entry.band.index - 1) {
                entry.band = band.clone();
            }
        }
        Ok(sources)
    }
}

/// Checks that no file is given twice.
fn check_once(files: &[PathBuf]) -> Result<()> {
    match (1..files.len()).find(|&i| files[..i].contains(&files[i])) {
        Some(i) => invalid_argument(format!(
            "{} is given twice for one scene: give each file once",
            files[i].display()
        )),
        None => Ok(()),
    }
}

/// The first and the last number of a text such as `1-99`.
fn range(text: &str) -> Option<(usize, usize)> {
    let (from, to) = text.split_once('-')?;
    let range = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    (1..=range.1).contains(&range.0).then_some(range)
}

/// The name of a scene in messages and reports: its files, with commas between them.
pub fn scene_name(files: &[PathBuf]) -> String {
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(",")
}

/// The nodata values to assume for chosen bands of files that do not say which pixels are valid;
/// `values` has one for each band. A value that no sample can have is left out.
pub(in crate::gdal) fn assumed_nodata(
    sources: &[Source],
    chosen: &[Entry],
    values: &[Option<f64>],
) -> Vec<Option<f64>> {
    let assumed = |(entry, value): (&Entry, &Option<f64>)| {
        let is_told = sources[entry.file].tells_validity();
        value.filter(|value| !is_told && entry.band.nodata_range(*value).is_some())
    };
    match values.len() == chosen.len() {
        true => chosen.iter().zip(values).map(assumed).collect(),
        // The values belong to other bands.
        false => vec![None; chosen.len()],
    }
}

/// The nodata value of each chosen band: the file's, or the given one. A value for all bands does
/// not apply to alpha bands, whose values are opacities.
pub(in crate::gdal) fn nodata(
    bands: &[Entry],
    given: Option<&[Option<f64>]>,
) -> Result<Vec<Option<f64>>> {
    let for_each = |value: &dyn Fn(&Entry) -> Option<f64>| {
        bands.iter().map(|entry| if entry.band.is_alpha() { None } else { value(entry) }).collect()
    };
    match given {
        None => Ok(for_each(&|entry| entry.band.nodata)),
        Some([one]) => Ok(for_each(&|_| *one)),
        Some(values) if values.len() == bands.len() => Ok(values.to_vec()),
        Some(values) => invalid_argument(format!(
            "{} nodata values were given for {} bands: give one for all, or one per band",
            values.len(),
            bands.len()
        )),
    }
}

/// The part of each file's name that differs from the others; the band, if the names contain it.
fn names_of_parts(files: &[File]) -> Vec<String> {
    let stem = |file: &File| match file {
        File::Open(source) => subdataset::stem(&source.path),
        File::Part(path, _) => subdataset::stem(path),
    };
    let stems: Vec<String> = files.iter().map(|file| plain(&stem(file))).collect();
    names::of_files(&stems.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The bands of a file, one of `n_files`. Their names are their descriptions, else `part`, by which
/// the file differs from the others, else their numbers.
fn of_source<'s>(
    file: usize,
    source: &'s Source,
    n_files: usize,
    part: &'s str,
) -> impl Iterator<Item = Entry> + 's {
    let name = move |band: &SourceBand| match (
        band.description.as_str(),
        n_files,
        source.n_data_bands(),
    ) {
        ("", 1, _) => format!("band {}", band.index),
        ("", _, 1) => part.to_string(),
        ("", _, _) => format!("{part} band {}", band.index),
        (description, _, _) => description.to_string(),
    };
    source.bands.iter().map(move |band| Entry {
        file,
        name: name(band),
        number: None,
        band: band.clone(),
        by_default: !band.is_alpha(),
    })
}

/// A band of a product.
fn of_product(file: usize, says: &Band) -> Entry {
    Entry {
        file,
        name: says.name.to_string(),
        number: None,
        band: SourceBand::unread(says),
        by_default: says.by_default,
    }
}
