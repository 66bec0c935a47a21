//! The options that commands share, and their values checked.
//!
//! Numbers out of range are failures with a message of ours; only what is no number at all is wrong usage.

use std::path::PathBuf;

use bandcluster::assess::ChooseMixture;
use bandcluster::cluster::{Algorithm, Gmm, KMeans};
use bandcluster::model::{Colors, Metric};
use bandcluster::{Error, Result};
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use serde_json::{Map, Number, Value};

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
    /// What the user should know of the algorithm that was asked for.
    pub fn note(&self) -> Option<&'static str> {
        (self.algorithm == "minibatch").then_some(
            "minibatch: this is kmeans, which streams the pixels already and needs no small batches",
        )
    }

    /// The algorithm with its options, checked.
    pub fn algorithm(&self) -> Result<Algorithm> {
        let mut options = self.search.options()?;
        if let Some(clusters) = self.clusters {
            let name = if self.algorithm == "isodata" { "initial_clusters" } else { "n_clusters" };
            options.insert(name.into(), number("--clusters", clusters, 65535)?.into());
        }
        for option in &self.options {
            let (name, value) = option.split_once('=').ok_or_else(|| {
                Error::InvalidArgument(format!(
                    "--option {option} is not NAME=VALUE, such as linkage=average"
                ))
            })?;
            options.insert(name.trim().into(), parse_value(value.trim()));
        }
        Algorithm::new(&self.algorithm, options)
    }
}

impl SearchArgs {
    /// The options of k-means, checked, but for the number of classes.
    pub fn kmeans(&self) -> Result<KMeans> {
        match Algorithm::new("kmeans", self.options()?)? {
            Algorithm::KMeans(options) => Ok(options),
            _ => unreachable!("k-means is k-means"),
        }
    }

    /// The options of mixtures that are compared, checked, but for the number of classes.
    pub fn gmm(&self) -> Result<Gmm> {
        let Gmm { max_iter, tol, .. } = ChooseMixture::fits();
        match Algorithm::new("gmm", self.options()?)? {
            Algorithm::Gmm(options) => Ok(Gmm {
                max_iter: if self.max_iter.is_none() { max_iter } else { options.max_iter },
                tol: self.tol.unwrap_or(tol),
                ..options
            }),
            _ => unreachable!("a mixture is a mixture"),
        }
    }

    /// The options that were given, by their names.
    fn options(&self) -> Result<Map<String, Value>> {
        let mut options = Map::new();
        let mut give = |name: &str, value: Value| options.insert(name.into(), value);
        for (option, name, value) in
            [("--n-init", "n_init", self.n_init), ("--max-iter", "max_iter", self.max_iter)]
        {
            if let Some(value) = value {
                give(name, number(option, value, i64::from(u32::MAX))?.into());
            }
        }
        if let Some(tol) = self.tol {
            give("tol", tol.into());
        }
        if let Scale::Zscore = self.scale {
            give("scaling", "zscore".into());
        }
        if let MetricName::SpectralAngle = self.metric {
            give("metric", Metric::SpectralAngle.name().into());
        }
        give("seed", self.seed.into());
        Ok(options)
    }
}

/// A number if it reads as one, else text.
fn parse_value(text: &str) -> Value {
    serde_json::from_str::<Number>(text).map_or_else(|_| Value::from(text), Value::from)
}

/// How to show the classes.
#[derive(Args)]
pub struct MapArgs {
    /// Colours of the classes from 1 to k, by name or as #rrggbb; or palette:NAME (okabe-ito, tol-bright, tol-muted, tab10, set2, paired,
    /// viridis, plasma, cividis, turbo) [default: as in the scene; predict: the model's]
    #[arg(long, value_name = "COLOR,...|palette:NAME")]
    colors: Option<String>,
    /// Picture of the scene beside its classes, PNG or JPEG
    #[arg(long, value_name = "PICTURE.png")]
    pub quicklook: Option<PathBuf>,
}

impl MapArgs {
    /// The colours, if any were given.
    pub fn colors(&self) -> Result<Option<Colors>> {
        parse_colors(self.colors.as_deref())
    }
}

/// Colours from text such as `black,#0f0` or `palette:viridis`, if there is any.
pub fn parse_colors(text: Option<&str>) -> Result<Option<Colors>> {
    text.map(str::parse).transpose()
}

/// Checks that there is a colour for each class, where the number of classes is known.
pub fn check_colors(colors: Option<&Colors>, n_classes: Option<usize>) -> Result<()> {
    colors.zip(n_classes).map_or(Ok(()), |(colors, n_classes)| colors.for_classes(n_classes).map(|_| ()))
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
            0 => Ok(0),
            n => Ok(number("--threads", n, 1024)? as usize),
        }
    }

    /// Memory in bytes.
    pub fn memory(&self) -> Result<usize> {
        Ok((number("--memory", self.memory.unwrap_or(512), 1 << 22)? as usize) << 20)
    }

    /// Memory in bytes, if the user has asked for any.
    pub fn asked_memory(&self) -> Option<usize> {
        self.memory.and_then(|_| self.memory().ok())
    }
}

/// A whole number from 1 up to `most`.
pub fn number(option: &str, value: i64, most: i64) -> Result<u32> {
    match u32::try_from(value) {
        Ok(number) if number > 0 && value <= most => Ok(number),
        _ => Err(Error::InvalidArgument(format!("{option} is {value}: give a number from 1 to {most}"))),
    }
}
