//! The options that commands share.
//!
//! `-h` shows the first line of an option's text, in one line at 80 columns. `--help` shows all of
//! it.

use std::path::{Path, PathBuf};

use bandcluster::cluster::{Algorithm, ScalingMethod};
use bandcluster::jobs::{
    FitOptions, FormatOptions, MapOptions, OneOrMany, RadiusOptions, RunOptions, SearchOptions,
    SeedOptions, STDOUT,
};
use bandcluster::model::Metric;
use bandcluster::{Error, Result};
use clap::builder::PossibleValuesParser;
use clap::{ArgAction, Args, ValueEnum};
use serde_json::{Map, Number, Value};

use super::words::this_command;

/// How to find classes, and how many.
#[derive(Args)]
#[command(next_help_heading = "Finding classes")]
pub struct FitArgs {
    /// Number of classes [default: 4]
    ///
    /// From 1 to 65535. With seeds the default is their number. Not for dbscan, optics, hdbscan,
    /// meanshift and affinity, which find the number themselves. isodata begins with this number;
    /// its default is 8.
    #[arg(short = 'k', long, value_name = "K", allow_negative_numbers = true)]
    clusters: Option<i64>,
    /// How to find the classes
    ///
    /// One of kmeans, bisecting, isodata, gmm, agglomerative, birch, dbscan, optics, hdbscan,
    /// meanshift, spectral and affinity. minibatch is kmeans, which reads the pixels in blocks
    /// anyway. docs/algorithms.md says when to use which.
    #[arg(
        long,
        value_name = "NAME",
        default_value = "kmeans",
        hide_possible_values = true,
        value_parser = PossibleValuesParser::new(Algorithm::NAMES)
    )]
    algorithm: String,
    /// Another option of the algorithm; repeatable
    ///
    /// Options have scikit-learn's names: linkage=average, eps=300. docs/algorithms.md lists them.
    #[arg(long = "option", value_name = "NAME=VALUE")]
    options: Vec<String>,
    /// Points or polygons where classes begin
    ///
    /// K-means starts from the means of the pixels under the points and polygons of this layer. It
    /// can have any format that GDAL reads and any reference system. Give FILE|layername=NAME for
    /// one of several layers. Classes take the names of the seeds. Without -k there are as many
    /// classes as seeds. With more classes, k-means++ draws the other centres.
    #[arg(long, value_name = "LAYER")]
    seeds: Option<PathBuf>,
    /// Field of that layer that names the seeds
    ///
    /// Features with the same value are one seed [default: each feature is a seed: seed 1, seed 2].
    #[arg(long, value_name = "FIELD", requires = "seeds")]
    seed_field: Option<String>,
    /// Leave the centres on the means of the seeds
    ///
    /// Pixels get the class of the nearest seed, as in a supervised classification by minimum
    /// distance.
    #[arg(long, requires = "seeds")]
    fix_seeds: bool,
    #[command(flatten)]
    search: SearchArgs,
}

/// How to look for classes, whatever their number.
#[derive(Args)]
#[command(next_help_heading = "Finding classes")]
pub struct SearchArgs {
    /// Seed of the random numbers
    ///
    /// The same seed gives the same classes.
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true)]
    seed: u64,
    /// Number of starts [default: 10]
    ///
    /// The best start is kept. The default for gmm is 1.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    n_init: Option<i64>,
    /// Maximum number of iterations [default: 300]
    ///
    /// For each start, and for passes over the pixels. The default for gmm is 100, for isodata 20.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    max_iter: Option<i64>,
    /// Tolerance at which the fit ends [default: 1e-4]
    ///
    /// The fit ends when the squared shift of all centres is at most this times the mean variance
    /// of the bands. With 0 it ends when the centres no longer move. For gmm, the fit ends when the
    /// mean log-likelihood grows by less than this; its default is 1e-3.
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    tol: Option<f64>,
    /// Scale the bands: none or zscore [default: none]
    ///
    /// zscore gives every band the mean 0 and the standard deviation 1, for bands of different
    /// units.
    #[arg(
        long,
        alias = "scale",
        value_name = "HOW",
        value_enum,
        default_value_t = Scaling::None,
        hide_default_value = true,
        hide_possible_values = true
    )]
    scaling: Scaling,
    /// How much each band counts: 1,2,1,1
    ///
    /// A number above 0 for each band, in the order of the bands. The band's differences are
    /// multiplied by it, after scaling: a band of weight 2 counts as if its values differed twice
    /// as much. Not for gmm and spectral_angle [default: all bands count equally].
    #[arg(
        long,
        value_name = "W,W",
        value_delimiter = ',',
        allow_negative_numbers = true,
        action = ArgAction::Set
    )]
    band_weights: Vec<f64>,
    /// Distance: euclidean or spectral_angle
    ///
    /// euclidean is the length of the difference of two pixels. spectral_angle (kmeans only) is the
    /// angle between their spectra, which ignores brightness [default: euclidean].
    #[arg(
        long,
        value_name = "NAME",
        value_enum,
        default_value_t = MetricName::Euclidean,
        hide_default_value = true,
        hide_possible_values = true
    )]
    metric: MetricName,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum MetricName {
    Euclidean,
    SpectralAngle,
}

#[derive(Clone, Copy, ValueEnum)]
enum Scaling {
    None,
    Zscore,
}

impl FitArgs {
    /// The options as fields of a request.
    pub fn options(&self) -> Result<FitOptions> {
        let mut options = Map::new();
        for option in &self.options {
            let (name, value) = option.split_once('=').ok_or_else(|| {
                Error::InvalidArgument(format!(
                    "--option {option} is not NAME=VALUE, such as linkage=average"
                ))
            })?;
            options.insert(name.trim().into(), parse_value(value.trim()));
        }
        Ok(FitOptions {
            n_clusters: self.clusters,
            algorithm: Some(self.algorithm.clone()),
            options,
            seeds: SeedOptions {
                seeds: self.seeds.clone(),
                seed_field: self.seed_field.clone(),
                fix_seeds: self.fix_seeds,
            },
            search: self.search.options(),
        })
    }
}

impl SearchArgs {
    /// The options as fields of a request.
    pub fn options(&self) -> SearchOptions {
        SearchOptions {
            seed: self.seed,
            n_init: self.n_init,
            max_iter: self.max_iter,
            tol: self.tol,
            scaling: match self.scaling {
                Scaling::None => ScalingMethod::None,
                Scaling::Zscore => ScalingMethod::ZScore,
            },
            band_weights: self.band_weights.clone(),
            metric: match self.metric {
                MetricName::Euclidean => Metric::Euclidean,
                MetricName::SpectralAngle => Metric::SpectralAngle,
            },
        }
    }
}

/// A configuration option of GDAL: its name and its value.
fn config_pair(option: &str) -> Result<(&str, &str)> {
    option.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(|| {
        Error::InvalidArgument(format!(
            "--config {option} is not NAME=VALUE, such as GDAL_HTTP_TIMEOUT=30"
        ))
    })
}

/// A number if it reads as one, else text.
fn parse_value(text: &str) -> Value {
    serde_json::from_str::<Number>(text).map_or_else(|_| Value::from(text), Value::from)
}

/// The radius of the classes.
#[derive(Args)]
#[command(next_help_heading = "Unclassified pixels")]
pub struct RadiusArgs {
    /// Pixels farther from their class are unclassified
    ///
    /// Unclassified is a label of its own, after the last class. The distance is in the bands'
    /// units (after scaling, if the model scales).
    #[arg(
        long,
        value_name = "D",
        allow_negative_numbers = true,
        conflicts_with = "radius_quantile"
    )]
    max_distance: Option<f64>,
    /// The same, with a radius for each class
    ///
    /// The radius of a class is the distance within which this fraction of its training pixels lie,
    /// such as 0.99.
    #[arg(long, value_name = "Q", allow_negative_numbers = true)]
    radius_quantile: Option<f64>,
}

impl RadiusArgs {
    /// The options as fields of a request.
    pub fn options(&self) -> RadiusOptions {
        RadiusOptions { max_distance: self.max_distance, radius_quantile: self.radius_quantile }
    }
}

/// The reference model of a fit.
#[derive(Args)]
#[command(next_help_heading = "Finding classes")]
pub struct AlignmentArgs {
    /// Number, name and colour classes as this model does
    ///
    /// The model must have the same bands. Each of its classes gives its number, name and colour to
    /// the new class that is most like it. Other new classes get numbers after them. The number of
    /// an old class that is not found stays free.
    #[arg(long, value_name = "OLD.json", conflicts_with = "colors")]
    pub like: Option<PathBuf>,
}

/// A page to write.
#[derive(Args)]
#[command(next_help_heading = "Outputs")]
pub struct ReportArgs {
    /// Page about the classes to write
    ///
    /// It shows the map, the signatures of the classes, which classes are near each other, and how
    /// to repeat the job.
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
}

/// How to show the classes of a map, and what else to make from the map.
#[derive(Args)]
#[command(next_help_heading = "Outputs")]
pub struct MapArgs {
    /// Colours of the classes, or palette:NAME
    ///
    /// Colours of the classes from 1 to k, by name or as #rrggbb, with commas: darkgreen,#0000ff.
    /// Palettes: okabe-ito, tol-bright, tol-muted, tab10, set2, paired, viridis, plasma, cividis,
    /// turbo [default: as in the scene; predict: the model's].
    #[arg(long, value_name = "COLORS")]
    colors: Option<String>,
    /// Picture of the scene and its classes to write
    ///
    /// PNG or JPEG, by the extension of the name.
    #[arg(long, value_name = "FILE.png")]
    quicklook: Option<PathBuf>,
    /// Majority filter of N x N pixels
    ///
    /// Every pixel gets the class that is most frequent in the N x N pixels around it. N is odd,
    /// such as 3.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    majority: Option<i64>,
    /// Remove patches of fewer than N pixels
    ///
    /// They get the class of their largest neighbour. If --majority is given too, it is applied
    /// first.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    sieve: Option<i64>,
    /// Polygons of the classes to write
    ///
    /// One polygon for each patch of the map, with value, name, area and colour, as .gpkg,
    /// .geojson, .fgb or .shp.
    #[arg(long, value_name = "FILE.gpkg")]
    polygons: Option<PathBuf>,
    /// Raster of the confidence, 0 to 1, to write
    ///
    /// A GeoTIFF of how sure each pixel's class is: from 0 (another class is as near) to 1 (in the
    /// centre of its class).
    #[arg(long, value_name = "FILE.tif")]
    confidence: Option<PathBuf>,
    #[command(flatten)]
    pub radius: RadiusArgs,
}

impl MapArgs {
    /// The colours, if any were given.
    pub fn colors(&self) -> Option<OneOrMany<String>> {
        self.colors.clone().map(OneOrMany::One)
    }

    /// The options as fields of a request.
    pub fn options(&self, report: &ReportArgs) -> MapOptions {
        MapOptions {
            confidence: self.confidence.clone(),
            quicklook: self.quicklook.clone(),
            polygons: self.polygons.clone(),
            report: report.report.clone(),
            majority: self.majority,
            sieve: self.sieve,
        }
    }
}

/// How the file of a map is written.
#[derive(Args)]
#[command(next_help_heading = "Outputs")]
pub struct FormatArgs {
    /// Format of the map: GTiff or COG
    ///
    /// COG is a Cloud Optimized GeoTIFF with overviews [default: GTiff].
    #[arg(long = "of", value_name = "FORMAT")]
    format: Option<String>,
    /// Creation option of the map; repeatable
    ///
    /// GDAL's options of the format, such as COMPRESS=ZSTD. Options that would change the values,
    /// the colours or the georeference of the map are refused.
    #[arg(long = "co", value_name = "NAME=VALUE")]
    creation_options: Vec<String>,
}

impl FormatArgs {
    /// The options as fields of a request.
    pub fn options(&self) -> FormatOptions {
        FormatOptions {
            format: self.format.clone(),
            creation_options: self.creation_options.clone(),
        }
    }
}

/// The file of a model to write: `-` is the standard output.
pub fn model_output(path: &Path) -> PathBuf {
    if path == Path::new("-") {
        STDOUT.into()
    } else {
        path.into()
    }
}

/// How to run a command that writes files.
#[derive(Args)]
#[command(next_help_heading = "Running")]
pub struct WritingArgs {
    /// Replace outputs that exist
    ///
    /// Files that are write-protected or belong to another program are not replaced.
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    pub run: RunArgs,
}

impl WritingArgs {
    /// The options as fields of a request.
    pub fn options(&self) -> RunOptions {
        self.run.options(self.overwrite)
    }
}

/// How to run.
#[derive(Args)]
#[command(next_help_heading = "Running")]
pub struct RunArgs {
    /// Number of threads; 0: all cores [default: 0]
    ///
    /// The result does not depend on it.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        hide_default_value = true,
        allow_negative_numbers = true
    )]
    threads: i64,
    /// Memory to use, in MiB [default: 512]
    ///
    /// Half is for the summary of the pixels. With less memory the summary is coarser, which may
    /// change the classes a little. Much of the other half keeps decoded pixels for the next pass.
    #[arg(long, value_name = "MIB", allow_negative_numbers = true)]
    memory: Option<i64>,
    /// Configuration option of GDAL; repeatable
    ///
    /// Such as GDAL_HTTP_TIMEOUT=30. It is set before GDAL opens a file. GDAL does not check the
    /// name.
    #[arg(long, value_name = "NAME=VALUE")]
    config: Vec<String>,
    /// Print one JSON object at the end
    #[arg(long)]
    pub json: bool,
    /// Print nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

impl RunArgs {
    /// Number of threads; 0 stands for all cores.
    pub fn threads(&self) -> Result<usize> {
        match self.threads {
            0..=1024 => Ok(self.threads as usize),
            n => Err(Error::InvalidArgument(format!(
                "--threads is {n}: give a number from 1 to 1024, or 0 for all cores"
            ))),
        }
    }

    /// The options of GDAL by name and value.
    pub fn config(&self) -> Result<Vec<(&str, &str)>> {
        self.config.iter().map(|option| config_pair(option)).collect()
    }

    /// The options as fields of a request.
    pub fn options(&self, overwrite: bool) -> RunOptions {
        RunOptions { memory: self.memory, overwrite, note: Some(this_command()) }
    }
}
