//! The options that commands share, as requests have them.
//!
//! Numbers out of range are failures with a message of ours; only what is no number at all is wrong usage.

use std::path::{Path, PathBuf};

use bandcluster::cluster::{Algorithm, ScalingMethod};
use bandcluster::jobs::{
    FitOptions, FormatOptions, MapOptions, OneOrMany, RadiusOptions, RunOptions, SearchOptions, STDOUT,
};
use bandcluster::model::Metric;
use bandcluster::{Error, Result};
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use serde_json::{Map, Number, Value};

use super::words::this_command;

/// How to find classes.
#[derive(Args)]
pub struct FitArgs {
    /// Number of classes, 1 to 65535 [default: 4; not for those that find it themselves: dbscan, optics, hdbscan, meanshift, affinity]
    #[arg(short = 'k', long, value_name = "K", allow_negative_numbers = true)]
    clusters: Option<i64>,
    /// How to find them (minibatch is kmeans, which streams the pixels already)
    #[arg(long, value_name = "NAME", default_value = "kmeans", value_parser = PossibleValuesParser::new(Algorithm::NAMES))]
    algorithm: String,
    /// Another option of the algorithm, with scikit-learn's name: linkage=average, eps=300 (docs/algorithms.md lists them)
    #[arg(long = "option", value_name = "NAME=VALUE")]
    options: Vec<String>,
    #[command(flatten)]
    search: SearchArgs,
}

/// How to look for classes, whatever their number.
#[derive(Args)]
pub struct SearchArgs {
    /// Seed of the random numbers: the same seed gives the same classes
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Number of restarts, of which the best is kept [default: 10; gmm: 1]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    n_init: Option<i64>,
    /// Most iterations of a restart, and most passes over the pixels [default: 300; gmm: 100; isodata: 20]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    max_iter: Option<i64>,
    /// The fit ends when the squared shift of all centres is at most this times the mean band variance; 0: when they stand still
    /// [default: 1e-4; gmm: the gain in mean log-likelihood, 1e-3]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    tol: Option<f64>,
    /// Bands as they are, or each scaled to standard deviation 1
    #[arg(long, value_enum, default_value_t = Scale::None)]
    scale: Scale,
    /// What pixels are compared by: the length of their difference, or (kmeans) the angle between their spectra, so that brightness
    /// does not count
    #[arg(long, value_enum, default_value_t = MetricName::Euclidean)]
    metric: MetricName,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum MetricName {
    Euclidean,
    SpectralAngle,
}

#[derive(Clone, Copy, ValueEnum)]
enum Scale {
    None,
    Zscore,
}

impl FitArgs {
    /// The options as requests have them.
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
            search: self.search.options(),
        })
    }
}

impl SearchArgs {
    /// The options as requests have them.
    pub fn options(&self) -> SearchOptions {
        SearchOptions {
            seed: self.seed,
            n_init: self.n_init,
            max_iter: self.max_iter,
            tol: self.tol,
            scaling: match self.scale {
                Scale::None => ScalingMethod::None,
                Scale::Zscore => ScalingMethod::ZScore,
            },
            metric: match self.metric {
                MetricName::Euclidean => Metric::Euclidean,
                MetricName::SpectralAngle => Metric::SpectralAngle,
            },
        }
    }
}

/// A number if it reads as one, else text.
fn parse_value(text: &str) -> Value {
    serde_json::from_str::<Number>(text).map_or_else(|_| Value::from(text), Value::from)
}

/// How far classes reach.
#[derive(Args)]
pub struct RadiusArgs {
    /// Pixels farther than this from their class are unclassified, which is a label of its own, after the last class; in the
    /// bands' units (after scaling, if the model scales)
    #[arg(long, value_name = "DISTANCE", allow_negative_numbers = true, conflicts_with = "radius_quantile")]
    max_distance: Option<f64>,
    /// The same with a radius for each class: the distance within which this fraction of its training pixels lie, such as 0.99
    #[arg(long, value_name = "FRACTION", allow_negative_numbers = true)]
    radius_quantile: Option<f64>,
}

impl RadiusArgs {
    /// The options as requests have them.
    pub fn options(&self) -> RadiusOptions {
        RadiusOptions { max_distance: self.max_distance, radius_quantile: self.radius_quantile }
    }
}

/// Which model a fit is to be like.
#[derive(Args)]
pub struct LikeArgs {
    /// Model of the same bands, whose numbers, names and colours the classes get that are most like its own; new ones come after them,
    /// and what is not found keeps its number for the next time
    #[arg(long, value_name = "OLD.json", conflicts_with = "colors")]
    pub like: Option<PathBuf>,
}

/// A page to write.
#[derive(Args)]
pub struct ReportArgs {
    /// Page to write about the classes: the map, their signatures, which are near each other, how to find them again
    #[arg(long, value_name = "REPORT.html")]
    pub report: Option<PathBuf>,
}

/// How to show the classes of a map, and what to make of it.
#[derive(Args)]
pub struct MapArgs {
    /// Colours of the classes from 1 to k, by name or as #rrggbb; or palette:NAME (okabe-ito, tol-bright, tol-muted, tab10, set2, paired,
    /// viridis, plasma, cividis, turbo) [default: as in the scene; predict: the model's]
    #[arg(long, value_name = "COLOR,...|palette:NAME")]
    colors: Option<String>,
    /// Picture of the scene beside its classes, PNG or JPEG
    #[arg(long, value_name = "PICTURE.png")]
    quicklook: Option<PathBuf>,
    /// Give every pixel the class that is most frequent in the N x N pixels around it; N is odd, such as 3
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    majority: Option<i64>,
    /// Give patches smaller than N pixels the class of their largest neighbour (after --majority, if both are asked for)
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    sieve: Option<i64>,
    /// Polygons of the map's patches to write, with value, name, area and colour: .gpkg, .geojson, .fgb, .shp
    #[arg(long, value_name = "CLASSES.gpkg")]
    polygons: Option<PathBuf>,
    /// Raster of how sure each pixel's class is to write, a GeoTIFF: from 0 (as near to another class) to 1 (in its centre)
    #[arg(long, value_name = "CONFIDENCE.tif")]
    confidence: Option<PathBuf>,
    #[command(flatten)]
    pub radius: RadiusArgs,
}

impl MapArgs {
    /// The colours, if any were given.
    pub fn colors(&self) -> Option<OneOrMany<String>> {
        self.colors.clone().map(OneOrMany::One)
    }

    /// The options as requests have them.
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
pub struct FormatArgs {
    /// Format of the map: GTiff, or COG, a Cloud Optimized GeoTIFF with overviews [default: GTiff]
    #[arg(long = "of", value_name = "FORMAT")]
    format: Option<String>,
    /// GDAL's creation option of the map's format, such as COMPRESS=ZSTD; as often as needed. Those that would change the map's values,
    /// its colours or its place are refused
    #[arg(long = "co", value_name = "NAME=VALUE")]
    creation_options: Vec<String>,
}

impl FormatArgs {
    /// The options as requests have them.
    pub fn options(&self) -> FormatOptions {
        FormatOptions { format: self.format.clone(), creation_options: self.creation_options.clone() }
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

/// How to run.
#[derive(Args)]
pub struct RunArgs {
    /// Number of threads; 0: all cores [default: 0]
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        hide_default_value = true,
        allow_negative_numbers = true
    )]
    threads: i64,
    /// Memory of the process, in MiB. Half is for the summary of the pixels (less makes it coarser, which may change classes a
    /// little), much of the rest keeps pixels for the next pass [default: 512]
    #[arg(long, value_name = "MIB", allow_negative_numbers = true)]
    memory: Option<i64>,
    /// Replace outputs that exist. Files that are write-protected, or belong to others, stay all the same
    #[arg(long)]
    overwrite: bool,
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
            n => Err(Error::InvalidArgument(format!("--threads is {n}: give a number from 1 to 1024"))),
        }
    }

    /// The options as requests have them.
    pub fn options(&self) -> RunOptions {
        RunOptions { memory: self.memory, overwrite: self.overwrite, note: Some(this_command()) }
    }
}
