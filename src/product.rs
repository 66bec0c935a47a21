//! Sentinel-2 products: which of their files hold the bands, and what their metadata says about the
//! samples. This module reads no files: it gets their names and the text of the metadata.
//!
//! The layout is that of ESA's Product Specification Document (S2-PDGS-TAS-DI-PSD) since December
//! 2016: one granule, with its bands in `GRANULE/*/IMG_DATA`; in L2A they are in the folders R10m,
//! R20m and R60m there. GDAL's driver for these products makes one image of each resolution, and
//! does not report the offsets. So the files are read as they are.

use std::path::Path;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use serde::Serialize;

use crate::error::{invalid_data, Result};

/// The bands in the order of the metadata's `band_id`, and the additional images of L2A.
const BANDS: [&str; 16] = [
    "B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12",
    "AOT", "WVP", SCL,
];

/// The scene classification of L2A.
pub const SCL: &str = "SCL";

/// The bands of 10 m: they are read if no bands are chosen.
const FINEST: [&str; 4] = ["B02", "B03", "B04", "B08"];

/// The classes that are left out if the scene classification is the mask: no data, saturated or
/// defective, cloud shadow, cloud of medium and of high probability, thin cirrus. (These stay: 2
/// dark, 4 vegetation, 5 bare, 6 water, 7 unclassified, 11 snow.)
pub const SCL_LEFT_OUT: [u8; 6] = [0, 1, 3, 8, 9, 10];

/// The largest number that is accepted from metadata: quotients of larger ones may not be finite.
const LARGEST: f64 = 1e100;

/// A band of a product.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Band<'f> {
    pub name: &'f str,
    /// Its file, as in the list of files.
    pub file: String,
    /// The value of pixels without data.
    pub nodata: Option<f64>,
    /// Reflectance = samples x scale + offset (AOT and WVP: their own quantities); 1 and 0 if the
    /// metadata has none.
    pub scale: f64,
    pub offset: f64,
    /// Whether it is read if no bands are chosen.
    pub by_default: bool,
}

/// Whether a file is the metadata of a product, not of its granule or data strip.
pub fn is_metadata(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    ["MTD_MSIL1C.xml", "MTD_MSIL2A.xml"].contains(&name)
}

/// Whether a file is one of macOS's companion files: macOS writes them beside others, on disks and
/// in archives that cannot store their contents otherwise.
fn is_companion(file: &str) -> bool {
    file.split('/').any(|part| part.starts_with("._") || part == "__MACOSX")
}

/// The metadata file of `product` (its name, for messages), among its files.
///
/// # Errors
/// `InvalidData` if there is none, or there are several.
pub fn metadata_file<'f>(product: &str, files: &'f [String]) -> Result<&'f str> {
    let found: Vec<_> =
        files.iter().filter(|file| is_metadata(file) && !is_companion(file)).collect();
    match found[..] {
        [file] => Ok(file),
        _ => invalid_data(format!(
            "{product} holds {} Sentinel-2 products: give one, as a folder or a zip of its own",
            found.len()
        )),
    }
}

/// The bands of a product, in their order, each in its finest file. `files` are all files of
/// `product` (its name, for messages), with `/` between folders; `metadata` is the text of its
/// [`metadata_file`].
///
/// # Errors
/// `InvalidData` if something is missing in the product, or it has more than one granule.
pub fn bands(product: &str, files: &[String], metadata: &str) -> Result<Vec<Band<'static>>> {
    let name = metadata_file(product, files)?;
    let above = name.rfind('/').map_or("", |slash| &name[..=slash]);
    let own: Vec<&str> = files
        .iter()
        .filter(|file| !is_companion(file))
        .filter_map(|file| file.strip_prefix(above))
        .collect();
    let images = finest(&own);
    let mut granules: Vec<_> = images.iter().map(|(_, file)| granule(file)).collect();
    granules.dedup();
    if granules.len() != 1 {
        return invalid_data(match images.len() {
            0 => format!(
                "{product} has no band files (GRANULE/*/IMG_DATA/*_B02*.jp2): it is not complete, \
                 fetch it again"
            ),
            _ => format!(
                "{product} has {} granules: give the band files of one, with commas between them, \
                 such as {}",
                granules.len(),
                images[0].1
            ),
        });
    }
    let says = Metadata::parse(&format!("{product}: {name}"), metadata)?;
    let has_finest = images.iter().any(|(band, _)| FINEST.contains(band));
    let by_default =
        |band: &str| if has_finest { FINEST.contains(&band) } else { band.starts_with('B') };
    let band = |(name, file): &(&'static str, &str)| {
        let (scale, offset) = says.scaling(name);
        let file = format!("{above}{file}");
        Band { name, file, nodata: says.nodata, scale, offset, by_default: by_default(name) }
    };
    Ok(images.iter().map(band).collect())
}

/// Files of one band each, without metadata. A band has the name of the band in its file name; if
/// there is none, the file name.
pub fn single_bands(files: &[String]) -> Vec<Band<'_>> {
    files.iter().map(single_band).collect()
}

fn single_band(file: &String) -> Band<'_> {
    let stem = Path::new(file).file_stem().and_then(|stem| stem.to_str()).unwrap_or(file);
    let name = band_token(stem).unwrap_or(stem);
    Band { name, file: file.clone(), nodata: None, scale: 1.0, offset: 0.0, by_default: true }
}

/// The band's name in the name of a product's file: `B08` in `T18SVG_20200101T155539_B08_10m`, the
/// same at every date; also `SCL`, in upper or lower case.
pub fn band_token(stem: &str) -> Option<&str> {
    let is_band = |token: &&str| {
        let number = token.strip_prefix('B').map(|rest| rest.strip_suffix('A').unwrap_or(rest));
        number.is_some_and(|digits| {
            (1..=2).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit())
        }) || token.eq_ignore_ascii_case(SCL)
    };
    let mut tokens = stem.split(['_', '-', '.', ' ']).filter(is_band);
    tokens.next().filter(|_| tokens.next().is_none())
}

/// The finest file of each band, in the order of the bands.
fn finest<'f>(files: &[&'f str]) -> Vec<(&'static str, &'f str)> {
    let band_of = |file: &str| {
        let path = Path::new(file);
        let stem = path.file_stem()?.to_str()?;
        // Converted products have the old names.
        let is_format =
            |format: &str| path.extension().is_some_and(|own| own.eq_ignore_ascii_case(format));
        let is_image =
            ["jp2", "tif", "tiff"].into_iter().any(is_format) && file.contains("IMG_DATA/");
        // `T18SVG_20200101T155539_B02_10m`; in L1C without a resolution.
        let mut tokens = stem.rsplit('_').take(2);
        BANDS.into_iter().find(|band| is_image && tokens.clone().any(|token| token == *band)).map(
            |band| {
                let metres =
                    tokens.next().and_then(|token| token.strip_suffix('m')?.parse::<u32>().ok());
                (band, metres.unwrap_or(0))
            },
        )
    };
    let mut found: Vec<_> = files
        .iter()
        .filter_map(|file| band_of(file).map(|(band, metres)| (band, metres, *file)))
        .collect();
    let least = |band: &str| {
        found.iter().filter(|(other, ..)| *other == band).map(|(_, metres, _)| *metres).min()
    };
    let keep: Vec<_> = found.iter().map(|(band, metres, _)| Some(*metres) == least(band)).collect();
    let mut keep = keep.into_iter();
    found.retain(|_| keep.next().unwrap_or(false));
    found.sort_by_key(|(band, _, file)| {
        (granule(file).to_string(), BANDS.iter().position(|other| other == band), file.to_string())
    });
    // If an image is there twice, only one file is kept: `jp2` comes before `tif`.
    found.dedup_by_key(|(band, _, file)| (granule(file).to_string(), *band));
    found.into_iter().map(|(band, _, file)| (band, file)).collect()
}

/// The granule that a file belongs to: `L2A_T18SVG_A014...` in
/// `GRANULE/L2A_T18SVG_A014.../IMG_DATA/...`.
fn granule(file: &str) -> &str {
    file.split("IMG_DATA/").next().unwrap_or_default()
}

/// What the metadata of a product says about its samples.
struct Metadata {
    nodata: Option<f64>,
    quantification: f64,
    /// For aerosol and water vapour.
    others: [f64; 2],
    /// The offset of each band, by `band_id`: since processing baseline 04.00.
    offsets: Vec<(usize, f64)>,
}

/// An element that contains only text.
struct Leaf {
    tag: String,
    band_id: Option<String>,
    text: String,
}

impl Metadata {
    fn parse(name: &str, text: &str) -> Result<Metadata> {
        match Metadata::read(text) {
            Ok(metadata) if metadata.quantification > 0.0 => Ok(metadata),
            Ok(_) => invalid_data(format!(
                "{name} has no QUANTIFICATION_VALUE above 0: the product is not complete, fetch \
                 it again"
            )),
            Err(error) => invalid_data(format!(
                "{name} is no XML ({error}): the product is damaged, fetch it again"
            )),
        }
    }

    /// Reads one element after another, so that the time grows only with the length of the text: a
    /// tree of the whole text would compare each attribute of an element with all others.
    fn read(text: &str) -> std::result::Result<Metadata, String> {
        let mut reader = Reader::from_str(text);
        let (mut leaves, mut open, mut last) = (Vec::new(), 0, None);
        loop {
            match reader.read_event().map_err(|error| error.to_string())? {
                Event::Start(start) => {
                    open += 1;
                    last = Some(Leaf::begun(&start));
                }
                Event::Empty(start) => {
                    leaves.push(Leaf::begun(&start));
                    last = None;
                }
                Event::Text(text) => {
                    let leaf = last.iter_mut().filter(|leaf: &&mut Leaf| leaf.text.is_empty());
                    leaf.for_each(|leaf| leaf.text = String::from_utf8_lossy(&text).trim().into());
                }
                Event::End(_) => {
                    open -= 1;
                    leaves.extend(last.take());
                }
                Event::Eof if open == 0 && !leaves.is_empty() => return Ok(Metadata::of(&leaves)),
                Event::Eof if open == 0 => return Err("it has no element".into()),
                Event::Eof => return Err(format!("{open} elements are not closed")),
                _ => {}
            }
        }
    }

    fn of(leaves: &[Leaf]) -> Metadata {
        let value = |tags: &[&str]| {
            let named = leaves.iter().filter(|leaf| tags.contains(&&*leaf.tag));
            named.filter_map(Leaf::number).next()
        };
        let special = |pair: &[Leaf]| {
            let named = |tag: &str| pair.iter().find(|leaf| leaf.tag == tag);
            let is_nodata = named("SPECIAL_VALUE_TEXT")?.text == "NODATA";
            is_nodata.then(|| named("SPECIAL_VALUE_INDEX")?.number()).flatten()
        };
        let offset =
            |leaf: &Leaf| Some((leaf.band_id.as_ref()?.trim().parse().ok()?, leaf.number()?));
        let offsets = leaves
            .iter()
            .filter(|leaf| ["BOA_ADD_OFFSET", "RADIO_ADD_OFFSET"].contains(&&*leaf.tag));
        Metadata {
            nodata: leaves.windows(2).find_map(special),
            quantification: value(&["BOA_QUANTIFICATION_VALUE", "QUANTIFICATION_VALUE"])
                .filter(is_divisor)
                .unwrap_or(0.0),
            others: [
                value(&["AOT_QUANTIFICATION_VALUE"]).filter(is_divisor).unwrap_or(1.0),
                value(&["WVP_QUANTIFICATION_VALUE"]).filter(is_divisor).unwrap_or(1.0),
            ],
            offsets: offsets.filter_map(offset).collect(),
        }
    }

    /// The scale and the offset of a band's samples.
    fn scaling(&self, band: &str) -> (f64, f64) {
        match band {
            "AOT" => (1.0 / self.others[0], 0.0),
            "WVP" => (1.0 / self.others[1], 0.0),
            SCL => (1.0, 0.0),
            _ => {
                let id = BANDS.iter().position(|other| *other == band);
                let offset = self.offsets.iter().find(|(other, _)| Some(*other) == id);
                (
                    1.0 / self.quantification,
                    offset.map_or(0.0, |(_, offset)| offset / self.quantification),
                )
            }
        }
    }
}

impl Leaf {
    fn begun(start: &BytesStart) -> Leaf {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut attributes = start.attributes();
        let band_id =
            attributes.with_checks(false).flatten().find(|attribute| attribute.key.0 == b"band_id");
        Leaf {
            tag: text(start.local_name().as_ref()),
            band_id: band_id.map(|attribute| text(&attribute.value)),
            text: String::new(),
        }
    }

    fn number(&self) -> Option<f64> {
        self.text.parse().ok().filter(|value: &f64| value.abs() <= LARGEST)
    }
}

/// Whether samples can be divided by a number, so that scale and offset are finite.
fn is_divisor(value: &f64) -> bool {
    *value >= 1.0 / LARGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finest_file_of_each_band_is_found() {
        let files = [
            "GRANULE/L2A_T/IMG_DATA/R20m/T18SVG_20200101T155539_B02_20m.jp2",
            "GRANULE/L2A_T/IMG_DATA/R10m/T18SVG_20200101T155539_B02_10m.jp2",
            "GRANULE/L2A_T/IMG_DATA/R10m/T18SVG_20200101T155539_TCI_10m.jp2",
            "GRANULE/L2A_T/IMG_DATA/R60m/T18SVG_20200101T155539_SCL_60m.jp2",
            "GRANULE/L2A_T/IMG_DATA/R20m/T18SVG_20200101T155539_SCL_20m.jp2",
            "GRANULE/L2A_T/IMG_DATA/R20m/T18SVG_20200101T155539_B8A_20m.jp2",
            "GRANULE/L2A_T/QI_DATA/MSK_CLDPRB_B02_20m.jp2",
        ];
        assert_eq!(finest(&files), [("B02", files[1]), ("B8A", files[5]), (SCL, files[4])]);
        let converted =
            ["G/IMG_DATA/T_B02_10m.tif", "G/IMG_DATA/T_B02_10m.jp2", "G/IMG_DATA/T_B03_10m.TIF"];
        assert_eq!(finest(&converted), [("B02", converted[1]), ("B03", converted[2])]);
        let l1c = ["GRANULE/L1C_T/IMG_DATA/T18SVG_20200101T155539_B8A.jp2"];
        assert_eq!(finest(&l1c), [("B8A", l1c[0])]);
    }

    #[test]
    fn metadata_tells_offset_scale_and_nodata() {
        let text = "<p><Product_Image_Characteristics><Special_Values><SPECIAL_VALUE_TEXT>NODATA</\
                    SPECIAL_VALUE_TEXT><SPECIAL_VALUE_INDEX>0</SPECIAL_VALUE_INDEX></\
                    Special_Values><BOA_QUANTIFICATION_VALUE \
                    unit=\"none\">10000</BOA_QUANTIFICATION_VALUE><BOA_ADD_OFFSET \
                    band_id=\"8\">-1000</BOA_ADD_OFFSET></Product_Image_Characteristics></p>";
        let metadata = Metadata::parse("MTD", text).unwrap();
        assert_eq!(metadata.nodata, Some(0.0));
        assert_eq!(metadata.scaling("B8A"), (1e-4, -0.1));
        assert_eq!(metadata.scaling("B02"), (1e-4, 0.0));
        let refused = |text| Metadata::parse("MTD", text).err().unwrap().to_string();
        assert!(refused("<p></p>").contains("no QUANTIFICATION_VALUE above 0"));
        assert!(refused("<p/>").contains("no QUANTIFICATION_VALUE above 0"));
        assert!(refused("not XML").contains("is no XML (it has no element)"));
        assert!(refused("<p><q>").contains("is no XML (2 elements are not closed)"));
        assert!(refused("<p></q>").contains("is no XML"));
    }

    /// Comparing each attribute with all others would take millions of comparisons, and minutes.
    #[test]
    fn time_grows_with_the_length_of_the_metadata() {
        let attributes = (0..1_600_000).map(|i| format!(" a{i}=''")).collect::<Vec<_>>().concat();
        let spaces =
            (0..200_000).map(|i| format!("<e xmlns:n{i}='n'>")).collect::<Vec<_>>().concat();
        let text = format!("<p><q{attributes}></q>{spaces}{}", "</e>".repeat(200_000));
        let begun = std::time::Instant::now();
        let metadata =
            format!("{text}<QUANTIFICATION_VALUE{attributes}>10</QUANTIFICATION_VALUE></p>");
        assert_eq!(Metadata::parse("MTD", &metadata).unwrap().quantification, 10.0);
        assert!(begun.elapsed().as_secs() < 100, "{:?}", begun.elapsed());
    }

    #[test]
    fn nothing_is_divided_by_0() {
        let says = |quantification: &str, others: &str| {
            let text = format!(
                "<p><QUANTIFICATION_VALUE>{quantification}</\
                 QUANTIFICATION_VALUE><AOT_QUANTIFICATION_VALUE>{others}</\
                 AOT_QUANTIFICATION_VALUE><RADIO_ADD_OFFSET \
                 band_id=\"1\">1e300</RADIO_ADD_OFFSET></p>"
            );
            Metadata::parse("MTD", &text).map(|metadata| metadata.scaling("AOT"))
        };
        assert_eq!(says("10000", "1000"), Ok((1e-3, 0.0)));
        for none in ["0", "-0.0", "1e-310", "-1000", "inf"] {
            assert_eq!(says("10000", none), Ok((1.0, 0.0)), "{none}");
            assert!(says(none, "1000").is_err(), "{none}");
        }
    }

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
            "T18SVG_20200101T155539_SCL_20m",
            "t18svg_20200101t155539_scl_20m",
        ];
        let bands = [
            Some("B08"),
            Some("B8A"),
            Some("B10"),
            None,
            None,
            None,
            None,
            None,
            Some("SCL"),
            Some("scl"),
        ];
        assert_eq!(names.map(band_token), bands);
    }
}
