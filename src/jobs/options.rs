//! The options that jobs share.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::files::{shown, Files};
use super::seeds::SeedOptions;
use crate::assess::{ChooseMixture, Finding, Warning};
use crate::cluster::Algorithm;
use crate::cluster::{advice, Gmm, KMeans, ScalingMethod};
use crate::error::{invalid_option, Error, Result};
use crate::gdal::{BandRef, MapFormat, Scene};
use crate::model::{BandWeights, Colors, Metric};
use crate::progress::Run;

/// One value, or several in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "one value, or a list of them")]
#[schemars(inline)]
pub enum OneOrMany<T> {
    /// One value.
    One(T),
    /// A list of values.
    Many(Vec<T>),
}

impl<T: Clone> OneOrMany<T> {
    /// The values.
    pub fn values(&self) -> Vec<T> {
        match self {
            OneOrMany::One(value) => vec![value.clone()],
            OneOrMany::Many(values) => values.clone(),
        }
    }
}

impl<T> Default for OneOrMany<T> {
    fn default() -> OneOrMany<T> {
        OneOrMany::Many(Vec::new())
    }
}

/// A nodata value: a number, or a text for what JSON has no number for: `none`, `nan`, `inf`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a number, or the text none")]
pub enum Nodata {
    /// A finite number.
    Number(f64),
    /// `none`, or the name of another number.
    Name(String),
}

impl Nodata {
    /// A number in the form that outcomes have.
    pub(crate) fn of(value: f64) -> Nodata {
        if value.is_finite() {
            Nodata::Number(value)
        } else {
            Nodata::Name(value.to_string())
        }
    }

    fn value(&self) -> Result<Option<f64>> {
        match self {
            Nodata::Number(value) => Ok(Some(*value)),
            Nodata::Name(name) if name == "none" => Ok(None),
            Nodata::Name(name) => name.parse().map(Some).or_else(|_| {
                invalid_option(
                    "nodata",
                    format!(
                        " is '{name}', which is not a number: give one value, or one per band, or \
                         none"
                    ),
                )
            }),
        }
    }
}

/// Which pixels of which bands to read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Reading {
    /// Bands to use, by number from 1, by range (`1-99`) or by name, in this order. Default: all
    /// except alpha; for a Sentinel-2 product B02, B03, B04 and B08; with a model the bands that
    /// have the names of its bands, if found.
    pub bands: Vec<BandRef>,
    /// Value of pixels without data, one for all bands or one per band; null or `none`: no value.
    /// One value for all bands does not apply to alpha bands. Default: as the file says; `predict`
    /// takes the model's value if the file has no nodata value, mask or alpha band.
    pub nodata: Option<OneOrMany<Option<Nodata>>>,
    /// Size of a pixel to resample all bands to, in units of the reference system. Default: that of
    /// the finest band used.
    pub resolution: Option<f64>,
    /// Raster of the same size: pixels where it is 0 are left out. For several scenes, one for each
    /// or one for all.
    pub mask: Option<OneOrMany<PathBuf>>,
    /// Whether to leave out clouds, their shadows, cirrus, saturated pixels and pixels without
    /// data, by the SCL band of a Sentinel-2 L2A product.
    pub mask_scl: bool,
    /// Area of interest: a layer of polygons, `FILE` or `FILE|layername=NAME`. Pixels whose centre
    /// lies in no polygon are left out.
    pub aoi: Option<PathBuf>,
}

impl Reading {
    /// The nodata values that were given.
    pub(super) fn nodata_values(&self) -> Result<Option<Vec<Option<f64>>>> {
        let value = |value: &Option<Nodata>| value.as_ref().map_or(Ok(None), Nodata::value);
        let values = |values: &OneOrMany<_>| values.values().iter().map(value).collect();
        self.nodata.as_ref().map(values).transpose()
    }
}

/// How to look for classes, whatever their number.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SearchOptions {
    /// Seed of the random numbers: the same seed gives the same classes. Default 0.
    pub seed: u64,
    /// Number of starts; the best start is kept. Default 10; for gmm 1.
    pub n_init: Option<i64>,
    /// Maximum number of iterations of a start, and of passes over the pixels. Default 300; for gmm
    /// 100, for isodata 20.
    pub max_iter: Option<i64>,
    /// The fit ends when the squared shift of all centres is at most this times the mean band
    /// variance. Default 1e-4. For gmm it is the gain in mean log-likelihood, default 1e-3.
    pub tol: Option<f64>,
    /// Bands as they are, or each band scaled to standard deviation 1. Default `none`.
    pub scaling: ScalingMethod,
    /// How much each band counts in distances: a number above 0 for each band, in the order of the
    /// bands, by which its differences are multiplied after scaling. Not for mixtures and the
    /// spectral angle. Default: all bands equally, as with 1 each.
    pub band_weights: Vec<f64>,
    /// How pixels are compared: by the length of their difference (the default), or (k-means only)
    /// by the angle between their spectra.
    pub metric: Metric,
}

/// How to find classes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct FitOptions {
    /// Number of classes, 1 to 65535. Default 4, or the number of seeds. Not for algorithms that
    /// find the number themselves.
    pub n_clusters: Option<i64>,
    /// How to find them. Default `kmeans`.
    pub algorithm: Option<String>,
    /// Other options of the algorithm, by scikit-learn's names.
    pub options: Map<String, Value>,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub seeds: SeedOptions,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub search: SearchOptions,
}

impl FitOptions {
    /// The algorithm's name.
    pub(super) fn name(&self) -> &str {
        self.algorithm.as_deref().unwrap_or("kmeans")
    }

    /// What the user should know about the algorithm.
    pub(super) fn warning(&self) -> Option<Warning> {
        (self.name() == "minibatch").then(|| Finding::Minibatch.warning(None))
    }

    /// The algorithm with its options, checked.
    pub(super) fn checked(&self) -> Result<Algorithm> {
        let names = Algorithm::option_names(self.name())?;
        let mut options = self.search.given()?;
        if let Some(field) = options.keys().find(|field| !names.contains(field)) {
            return invalid_option(
                field,
                format!(
                    " is not an option of {}{}: leave it out, or choose another algorithm",
                    self.name(),
                    advice(field, &names)
                ),
            );
        }
        if let Some(n_clusters) = self.n_clusters {
            let number = number("n_clusters", n_clusters, 65535)?;
            options.insert(self.name_of_count(&names)?.into(), number.into());
        }
        // The seed always has a value.
        if let Some(twice) =
            self.options.keys().find(|name| *name != "seed" && options.contains_key(*name))
        {
            return invalid_option(
                "options",
                format!(" gives {twice}, which is given already: give it once"),
            );
        }
        options.extend(self.options.clone());
        let algorithm = Algorithm::new(self.name(), options)?;
        self.seeds.check(self.name(), &algorithm)?;
        Ok(algorithm)
    }

    /// Whether the number of classes was given.
    fn has_count(&self) -> bool {
        self.n_clusters.is_some() || self.options.contains_key("n_clusters")
    }

    /// The number of classes that the algorithm will find, as far as it is known before anything is
    /// read.
    pub(super) fn n_classes(&self, algorithm: &Algorithm) -> Option<usize> {
        let of_seeds = self.seeds.seeds.is_some() && !self.has_count();
        algorithm.n_clusters().filter(|_| !of_seeds)
    }

    /// The algorithm, checked against the scenes' bands. It starts from the seeds in the scenes, if
    /// there are any.
    pub(super) fn started(
        &self,
        algorithm: Algorithm,
        scenes: &[Scene],
        run: &mut Run,
    ) -> Result<Algorithm> {
        named(BandWeights::OPTION, algorithm.check_bands(scenes[0].n_bands()))?;
        self.seeds.start(algorithm, self.has_count(), scenes, run)
    }

    /// What the algorithm calls the number of classes, among the names of its options.
    fn name_of_count(&self, names: &[String]) -> Result<&'static str> {
        Algorithm::COUNTS
            .into_iter()
            .find(|known| names.iter().any(|name| name == known))
            .map_or_else(
                || {
                    let found = self.n_clusters.unwrap_or_default();
                    invalid_option(
                        "n_clusters",
                        format!(
                            " is {found}, but {} finds the number of classes itself: leave it \
                             out, or choose another algorithm",
                            self.name()
                        ),
                    )
                },
                Ok,
            )
    }
}

impl SearchOptions {
    /// The options of k-means, checked, without the number of classes.
    pub(super) fn kmeans(&self) -> Result<KMeans> {
        match Algorithm::new("kmeans", self.given()?)? {
            Algorithm::KMeans(options) => Ok(options),
            _ => unreachable!("k-means is k-means"),
        }
    }

    /// The options of mixtures that are compared, checked, without the number of classes.
    pub(super) fn gmm(&self) -> Result<Gmm> {
        let Gmm { max_iter, tol, .. } = ChooseMixture::fits();
        match Algorithm::new("gmm", self.given()?)? {
            Algorithm::Gmm(options) => Ok(Gmm {
                max_iter: if self.max_iter.is_none() { max_iter } else { options.max_iter },
                tol: self.tol.unwrap_or(tol),
                ..options
            }),
            _ => unreachable!("a mixture is a mixture"),
        }
    }

    /// The options that were given, by their names.
    fn given(&self) -> Result<Map<String, Value>> {
        let mut options = Map::new();
        let mut give = |name: &str, value: Value| options.insert(name.into(), value);
        for (name, value) in [("n_init", self.n_init), ("max_iter", self.max_iter)] {
            if let Some(value) = value {
                give(name, number(name, value, i64::from(u32::MAX))?.into());
            }
        }
        if let Some(tol) = self.tol {
            if !(tol >= 0.0 && tol.is_finite()) {
                return invalid_option(
                    "tol",
                    format!(" is {tol}: give a number from 0 up, such as 1e-4"),
                );
            }
            give("tol", tol.into());
        }
        if let ScalingMethod::ZScore = self.scaling {
            give("scaling", "zscore".into());
        }
        let band_weights = named(BandWeights::OPTION, BandWeights::new(self.band_weights.clone()))?;
        if !self.band_weights.is_empty() {
            give(BandWeights::OPTION, Vec::from(band_weights).into());
        }
        if let Metric::SpectralAngle = self.metric {
            give("metric", Metric::SpectralAngle.name().into());
        }
        give("seed", self.seed.into());
        Ok(options)
    }
}

/// Filters and further outputs of a map.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct MapOptions {
    /// Raster of how sure each pixel's class is, a GeoTIFF: from 0 (another class is as near) to 1
    /// (in the centre of its class).
    pub confidence: Option<PathBuf>,
    /// Picture of the scene beside its classes, PNG or JPEG.
    pub quicklook: Option<PathBuf>,
    /// Polygons of the map's patches: .gpkg, .geojson, .fgb, .shp.
    pub polygons: Option<PathBuf>,
    /// Page about the classes, .html.
    pub report: Option<PathBuf>,
    /// Majority filter: give every pixel the most frequent class in a window of this width and
    /// height around it; an odd number.
    pub majority: Option<i64>,
    /// Give patches with fewer pixels than this the class of their largest neighbour (after the
    /// majority filter).
    pub sieve: Option<i64>,
}

impl MapOptions {
    /// The files among these that are written.
    pub(super) fn files(&self) -> Files {
        Files {
            confidence: shown(self.confidence.as_deref()),
            quicklook: shown(self.quicklook.as_deref()),
            report: shown(self.report.as_deref()),
            polygons: shown(self.polygons.as_deref()),
            ..Files::default()
        }
    }
}

/// How the file of a map is written.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct FormatOptions {
    /// Format of the map: `GTiff`, the default, or `COG`, a Cloud Optimized GeoTIFF with overviews.
    pub format: Option<String>,
    /// GDAL's creation options of that format, each `NAME=VALUE`, such as `COMPRESS=ZSTD`.
    pub creation_options: Vec<String>,
}

impl FormatOptions {
    /// The format, checked; `is_map` says whether a map is written.
    pub(super) fn checked(&self, is_map: bool) -> Result<MapFormat> {
        let unused = |field| {
            invalid_option(field, " is given, and no map is written: ask for one, or leave it out")
        };
        match (&self.format, self.creation_options.is_empty(), is_map) {
            (Some(_), _, false) => return unused("format"),
            (None, false, false) => return unused("creation_options"),
            _ => {}
        }
        let format = self
            .format
            .as_deref()
            .map(MapFormat::named)
            .unwrap_or_else(|| Ok(MapFormat::default()));
        let format = named("format", format)?;
        named("creation_options", format.with_options(&self.creation_options))
    }
}

/// How to run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RunOptions {
    /// Memory of the process, in MiB. Half is for the summary of the pixels, which has an influence
    /// on the classes. Much of the other half keeps pixels for the next pass. Default 512.
    pub memory: Option<i64>,
    /// Whether outputs that exist are replaced. Default: they are refused.
    pub overwrite: bool,
    /// The command that does the same again, for a report.
    pub note: Option<String>,
}

impl RunOptions {
    /// Memory in bytes.
    ///
    /// # Errors
    /// `Option` for a number out of range.
    pub fn memory_bytes(&self) -> Result<usize> {
        Ok((number("memory", self.memory.unwrap_or(512), 1 << 22)? as usize) << 20)
    }
}

/// Colours from text such as `black,#0f0` or `palette:viridis`, or from a list, if any are given.
pub(super) fn parse_colors(colors: Option<&OneOrMany<String>>) -> Result<Option<Colors>> {
    colors.map(|colors| named("colors", colors.values().join(",").parse())).transpose()
}

/// Checks that there is a colour for each class, if the number of classes is known.
pub(super) fn check_colors(colors: Option<&Colors>, n_classes: Option<usize>) -> Result<()> {
    match colors.zip(n_classes) {
        Some((colors, n_classes)) => named("colors", colors.for_classes(n_classes).map(|_| ())),
        None => Ok(()),
    }
}

/// A whole number from 1 up to `most`.
pub(super) fn number(field: &str, value: i64, most: i64) -> Result<u32> {
    match u32::try_from(value) {
        Ok(number) if number > 0 && value <= most => Ok(number),
        _ => invalid_option(field, format!(" is {value}: give a number from 1 to {most}")),
    }
}

/// Says which field an error is about.
pub(super) fn named<T>(field: &str, result: Result<T>) -> Result<T> {
    result.map_err(|error| match error {
        Error::InvalidArgument(text) => {
            Error::Option { before: String::new(), field: field.into(), after: format!(": {text}") }
        }
        other => other,
    })
}

/// Checks that a field is there.
pub(super) fn required(field: &str, is_there: bool) -> Result<()> {
    if is_there {
        Ok(())
    } else {
        invalid_option(field, " is missing: give it")
    }
}
