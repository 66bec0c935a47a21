//! The format of a map's file, as the user wants it: a GeoTIFF or a Cloud Optimized GeoTIFF, with
//! GDAL's creation options.

use std::sync::atomic::{AtomicUsize, Ordering};

use gdal::cpl::CslStringList;
use gdal::raster::{ColorEntry, ColorTable, PaletteInterpretation};
use gdal::{Dataset, Driver, DriverManager, Metadata};

use super::class_counts::{Written, ROWS};
use super::companions::COMPANION;
use super::completeness::check_complete;
use super::filters::replace;
use super::tiled::{close, creation_options, LEVEL};
use crate::error::{invalid_argument, Result};
use crate::file::{unwritten, Staged};
use crate::gdal::scene::source::open_dataset;
use crate::gdal::{ffi, library, problem};
use crate::machine::can_start_threads;
use crate::progress::Run;

/// GDAL's names for the formats.
const GEOTIFF: &str = "GTiff";
const COG: &str = "COG";

/// Methods of compression that keep every label.
const LOSSLESS: [&str; 9] =
    ["NONE", "LZW", "PACKBITS", "DEFLATE", "LZMA", "ZSTD", "LERC", "LERC_DEFLATE", "LERC_ZSTD"];

/// How overviews of classes can be made: a value between two classes is not a class.
const OF_CLASSES: [&str; 2] = ["MODE", "NEAREST"];

/// Options that break what a map promises, and how.
const BREAKING: [(&str, &[&str]); 4] = [
    (
        "changes the values of the map",
        &["NBITS", "DISCARD_LSB", "PIXELTYPE", "MAX_Z_ERROR", "MAX_Z_ERROR_OVERVIEW"],
    ),
    ("removes the map's colours or its georeference", &["PHOTOMETRIC", "ALPHA", "PROFILE"]),
    (
        "puts the map on another grid than its scene",
        &[
            "TILING_SCHEME",
            "ZOOM_LEVEL",
            "ZOOM_LEVEL_STRATEGY",
            "TARGET_SRS",
            "RES",
            "EXTENT",
            "ALIGNED_LEVELS",
            "ADD_ALPHA",
            "WARP_RESAMPLING",
        ],
    ),
    (
        "writes other files than the map",
        &[
            "TFW",
            "WORLDFILE",
            "RPB",
            "RPCTXT",
            "APPEND_SUBDATASET",
            "COPY_SRC_OVERVIEWS",
            "STREAMABLE_OUTPUT",
        ],
    ),
];

/// The number of threads that the system must be able to make before GDAL may make the threads that
/// users ask for.
const MOST_THREADS: usize = 128;

/// Numbers the trials of this process.
static TRIALS: AtomicUsize = AtomicUsize::new(0);

/// The format of a map's file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MapFormat {
    /// Whether it is a Cloud Optimized GeoTIFF.
    cog: bool,
    /// Creation options, by their names in capitals.
    options: Vec<(String, String)>,
}

impl MapFormat {
    /// A format by GDAL's name.
    ///
    /// # Errors
    /// `InvalidArgument` for a name that is not `GTiff` or `COG`.
    pub fn named(name: &str) -> Result<MapFormat> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        match (is(GEOTIFF), is(COG)) {
            (false, false) => {
                invalid_argument(format!("maps are written as {GEOTIFF} or {COG}, not as '{name}'"))
            }
            (_, cog) => Ok(MapFormat { cog, options: Vec::new() }),
        }
    }

    /// The same with creation options, each `NAME=VALUE`. They are tried on a small map in memory.
    ///
    /// # Errors
    /// `InvalidArgument` for an option that GDAL does not know or take, or that would break what
    /// maps promise.
    pub fn with_options(self, options: &[String]) -> Result<MapFormat> {
        if options.is_empty() {
            return Ok(self);
        }
        let driver = self.driver()?;
        let known = driver.metadata_item("DMD_CREATIONOPTIONLIST", "").unwrap_or_default();
        let known = roxmltree::Document::parse(&known).or_else(|error| {
            invalid_argument(format!("GDAL's list of options cannot be read: {error}"))
        })?;
        let checked =
            options.iter().map(|option| self.checked(option, &known)).collect::<Result<_>>()?;
        let plain = MapFormat { options: Vec::new(), ..self };
        let format = MapFormat { options: checked, ..self };
        // GDAL reports an unknown value only by a warning that it ignores the value.
        let (_, usual) = plain.try_out(&driver);
        let (written, complaints) = format.try_out(&driver);
        let why = written.err().map(|error| problem::text(&error));
        match why.or(complaints.into_iter().find(|complaint| !usual.contains(complaint))) {
            None => Ok(format),
            Some(why) => invalid_argument(format!("GDAL does not write a map with them: {why}")),
        }
    }

    /// An option's name and value.
    fn checked(&self, option: &str, known: &roxmltree::Document) -> Result<(String, String)> {
        let Some((name, value)) = option.split_once('=') else {
            return invalid_argument(format!(
                "'{option}' is not NAME=VALUE, such as COMPRESS=ZSTD"
            ));
        };
        let (name, value) = (name.trim().to_uppercase(), value.trim());
        if let Some((how, _)) = BREAKING.iter().find(|(_, names)| names.contains(&&*name)) {
            return invalid_argument(format!(
                "{name} {how}: leave it out, and convert the map afterwards"
            ));
        }
        let mut all = known.descendants().filter(|node| node.has_tag_name("Option"));
        let Some(found) = all.clone().find(|node| node.attribute("name") == Some(&name)) else {
            let names: Vec<&str> = all.by_ref().filter_map(|node| node.attribute("name")).collect();
            let names = names
                .into_iter()
                .filter(|name| BREAKING.iter().all(|(_, those)| !those.contains(name)));
            return invalid_argument(format!(
                "{} has no creation option {name}: it has {}",
                self.name(),
                names.collect::<Vec<_>>().join(", ")
            ));
        };
        check_value(&found, &name, value)?;
        Ok((name, value.into()))
    }

    fn name(&self) -> &'static str {
        match self.cog {
            true => COG,
            false => GEOTIFF,
        }
    }

    fn driver(&self) -> Result<Driver> {
        library::find()?;
        DriverManager::get_driver_by_name(self.name()).or_else(|_| {
            invalid_argument(format!(
                "this GDAL does not write {}: take {GEOTIFF}, or another GDAL",
                self.name()
            ))
        })
    }

    /// All options: those of all maps, replaced by the user's.
    fn list(&self, threads: usize) -> gdal::errors::Result<CslStringList> {
        let threads_text = threads.to_string();
        let own: Vec<(&str, String)> = match self.cog {
            false => creation_options(threads),
            true => [
                ("COMPRESS", "DEFLATE"),
                ("LEVEL", LEVEL),
                ("BIGTIFF", "IF_SAFER"),
                ("RESAMPLING", "MODE"),
            ]
            .into_iter()
            .chain([("NUM_THREADS", threads_text.as_str())])
            .map(|(name, value)| (name, value.to_string()))
            .collect(),
        };
        // GDAL would wait for ever for threads that the system cannot make.
        let is_possible = |name: &str| name != "NUM_THREADS" || can_start_threads(MOST_THREADS);
        let options = || self.options.iter().filter(|(name, _)| is_possible(name));
        let given = |name: &str| options().find(|(other, _)| other == name);
        // Strips have no width, and a level belongs to one compression.
        let is_striped = given("TILED").is_some_and(|(_, value)| !is_true(value));
        let other_codec =
            given("COMPRESS").is_some_and(|(_, value)| !value.eq_ignore_ascii_case("DEFLATE"));
        let is_idle = |name: &str| {
            (is_striped && name.starts_with("BLOCK"))
                || (other_codec && ["ZLEVEL", "LEVEL"].contains(&name))
        };
        let mut list = CslStringList::new();
        for (name, value) in own.iter().filter(|(name, _)| given(name).is_none() && !is_idle(name))
        {
            list.set_name_value(name, value)?;
        }
        for (name, value) in options() {
            list.set_name_value(name, value)?;
        }
        Ok(list)
    }

    /// Writes a small map in memory, as a driver rejects some options only when it writes. Also
    /// returns GDAL's messages.
    fn try_out(&self, driver: &Driver) -> (gdal::errors::Result<()>, Vec<String>) {
        let path = format!("/vsimem/bandcluster-{}.tif", TRIALS.fetch_add(1, Ordering::Relaxed));
        let tried = problem::with_failures_and_warnings(|| {
            let small = small_map()?;
            let copy =
                ffi::create_copy(driver, &small, path.as_ref(), &self.list(1)?, &mut |_| true)?;
            copy.close()
        });
        for suffix in ["", COMPANION] {
            let _ = gdal::vsi::unlink_mem_file(format!("{path}{suffix}"));
        }
        tried
    }

    /// Converts a map that lies beside its final name, the last of `files`, to this format. Its
    /// contents stay.
    ///
    /// # Errors
    /// `Io` when it cannot be written; `Cancelled`.
    pub fn apply(&self, mut files: Vec<Staged>, run: &mut Run) -> Result<Vec<Staged>> {
        if *self == MapFormat::default() {
            return Ok(files);
        }
        if let Some(map) = files.last() {
            let new = self.converted(map, run)?;
            replace(&mut files, new);
        }
        Ok(files)
    }

    fn converted(&self, map: &Staged, run: &mut Run) -> Result<Vec<Staged>> {
        let _quiet = problem::quiet();
        let failed = |error: &gdal::errors::GdalError| unwritten(map, &problem::text(error));
        let new = Staged::beside(map.target())?;
        // The driver of COGs makes overviews in a file of its own, and leaves it there if it fails.
        let _overviews = new.companion(".ovr.tmp")?;
        let options = self.list(run.threads()).map_err(|error| failed(&error))?;
        let from = open_dataset(map.path())?;
        let mut cancelled = Ok(());
        let copy =
            ffi::create_copy(&self.driver()?, &from, new.path(), &options, &mut |fraction| {
                cancelled = run.tick(fraction, "writing");
                cancelled.is_ok()
            });
        cancelled?;
        close(copy.map_err(|error| failed(&error))?, &new)?;
        check_complete(&new)?;
        check_equal(map, &new)?;
        let companion = new.companion(COMPANION)?;
        Ok(vec![companion, new])
    }
}

/// Checks a value against GDAL's description of its option.
fn check_value(option: &roxmltree::Node, name: &str, value: &str) -> Result<()> {
    let allowed: Vec<&str> = match name {
        "COMPRESS" | "OVERVIEW_COMPRESS" => LOSSLESS.to_vec(),
        "RESAMPLING" | "OVERVIEW_RESAMPLING" => OF_CLASSES.to_vec(),
        _ => Vec::new(),
    };
    let is_one_of = |those: &[&str]| those.iter().any(|one| one.eq_ignore_ascii_case(value));
    if !allowed.is_empty() && !is_one_of(&allowed) {
        return invalid_argument(format!(
            "{name}={value} does not keep the classes of a map as they are: give {}",
            allowed.join(", ")
        ));
    }
    let texts = option.children().filter(|node| node.has_tag_name("Value"));
    let texts =
        texts.flat_map(|node| [node.text(), node.attribute("alias"), node.attribute("aliasOf")]);
    let texts: Vec<&str> = texts.flatten().map(str::trim).collect();
    let limit = |which: &str| option.attribute(which).and_then(|limit| limit.parse::<f64>().ok());
    let number = value.parse::<f64>().ok().filter(|number| {
        limit("min").is_none_or(|least| *number >= least)
            && limit("max").is_none_or(|most| *number <= most)
    });
    let wanted = match option.attribute("type").unwrap_or_default() {
        "string-select" if !is_one_of(&texts) => texts.join(", "),
        "boolean" if !is_one_of(&["YES", "NO", "TRUE", "FALSE", "ON", "OFF", "1", "0"]) => {
            "YES or NO".into()
        }
        "int" | "unsigned int" if value.parse::<i64>().is_err() || number.is_none() => {
            match (limit("min"), limit("max")) {
                (Some(least), Some(most)) => format!("a whole number from {least} to {most}"),
                (Some(least), None) => format!("a whole number from {least} up"),
                _ => "a whole number".into(),
            }
        }
        "float" if number.is_none() => "a number".into(),
        _ => return Ok(()),
    };
    invalid_argument(format!("{name} is '{value}': give {wanted}"))
}

fn is_true(value: &str) -> bool {
    ["YES", "TRUE", "ON", "1"].iter().any(|one| one.eq_ignore_ascii_case(value))
}

/// A map in memory, with colours.
fn small_map() -> gdal::errors::Result<Dataset> {
    const SIDE: usize = 64;
    let memory = DriverManager::get_driver_by_name("MEM")?;
    let dataset = memory.create_with_band_type::<u8, _>("", SIDE, SIDE, 1)?;
    let mut colors = ColorTable::new(PaletteInterpretation::Rgba);
    colors.set_color_entry(1, &ColorEntry::rgba(0, 128, 0, 255));
    let mut band = dataset.rasterband(1)?;
    band.set_no_data_value(Some(0.0))?;
    band.set_color_table(&colors);
    Ok(dataset)
}

/// Checks that two files hold the same labels.
fn check_equal(map: &Staged, new: &Staged) -> Result<()> {
    let (old, new_map) = (Written::open(map)?, Written::open(new)?);
    let (_, height) = old.size();
    let is_equal = old.size() == new_map.size()
        && (0..height).step_by(ROWS).try_fold(true, |equal, first| {
            let n = ROWS.min(height - first);
            Ok::<_, crate::Error>(equal && old.rows(first, n)? == new_map.rows(first, n)?)
        })?;
    match is_equal {
        true => Ok(()),
        false => Err(unwritten(new, "its creation options have changed its values")),
    }
}
