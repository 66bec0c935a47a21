//! The options that commands share, and their values checked.
//!
//! Numbers out of range are failures with a message of ours; only what is no number at all is wrong usage.

use std::path::PathBuf;

use bandcluster::cluster::kmeans::{KMeans, ScalingMethod};
use bandcluster::gdal::{parse_bands, parse_nodata, SceneOptions};
use bandcluster::model::Color;
use bandcluster::{Error, Result};
use clap::{Args, ValueEnum};

/// Which pixels to read.
#[derive(Args)]
pub struct SceneArgs {
    /// Bands to use, from 1, in this order [default: all but alpha; predict: those with the names of the model's, if found]
    #[arg(long, value_name = "4,3,2")]
    bands: Option<String>,
    /// Value that marks pixels without data, for all bands or one per band, or 'none' [default: as the file says]
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    nodata: Option<String>,
    /// Raster of the same size: pixels where it is 0 are left out
    #[arg(long, value_name = "FILE")]
    mask: Option<PathBuf>,
}

impl SceneArgs {
    /// The options, checked.
    pub fn options(&self) -> Result<SceneOptions> {
        Ok(SceneOptions {
            bands: self.bands.as_deref().map_or(Ok(Vec::new()), parse_bands)?,
            nodata: self.nodata.as_deref().map(parse_nodata).transpose()?,
            mask: self.mask.clone(),
        })
    }

    /// The mask, which is an input too.
    pub fn mask(&self) -> Option<&PathBuf> {
        self.mask.as_ref()
    }
}

/// How to find classes.
#[derive(Args)]
pub struct FitArgs {
    /// Number of classes, 1 to 65535
    #[arg(short = 'k', long, value_name = "K", default_value_t = 4, allow_negative_numbers = true)]
    clusters: i64,
    /// How to find them
    #[arg(long, value_enum, default_value_t = Algorithm::Kmeans)]
    algorithm: Algorithm,
    #[command(flatten)]
    search: SearchArgs,
}

/// How to look for classes, whatever their number.
#[derive(Args)]
pub struct SearchArgs {
    /// Seed of the random numbers: the same seed gives the same classes
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Number of restarts, of which the best is kept
    #[arg(long, value_name = "N", default_value_t = 10, allow_negative_numbers = true)]
    n_init: i64,
    /// Most iterations of a restart, and most passes over the pixels
    #[arg(long, value_name = "N", default_value_t = 300, allow_negative_numbers = true)]
    max_iter: i64,
    /// The fit ends when the squared shift of all centres is at most this times the mean band variance; 0: when they stand still
    #[arg(long, value_name = "X", default_value_t = 1e-4, allow_negative_numbers = true)]
    tol: f64,
    /// Bands as they are, or each scaled to standard deviation 1
    #[arg(long, value_enum, default_value_t = Scale::None)]
    scale: Scale,
}

#[derive(Clone, Copy, ValueEnum)]
enum Algorithm {
    Kmeans,
}

#[derive(Clone, Copy, ValueEnum)]
enum Scale {
    None,
    Zscore,
}

impl FitArgs {
    /// The options, checked.
    pub fn kmeans(&self) -> Result<KMeans> {
        let Algorithm::Kmeans = self.algorithm;
        let n_clusters = number("--clusters", self.clusters, 65535)?;
        let options = KMeans { n_clusters, ..self.search.kmeans()? };
        options.check()?;
        Ok(options)
    }
}

impl SearchArgs {
    /// The options of k-means, checked, but for the number of classes.
    pub fn kmeans(&self) -> Result<KMeans> {
        let options = KMeans {
            n_init: number("--n-init", self.n_init, i64::from(u32::MAX))?,
            max_iter: number("--max-iter", self.max_iter, i64::from(u32::MAX))?,
            tol: self.tol,
            seed: self.seed,
            scaling: match self.scale {
                Scale::None => ScalingMethod::None,
                Scale::Zscore => ScalingMethod::ZScore,
            },
            ..KMeans::default()
        };
        options.check()?;
        Ok(options)
    }
}

/// How to show the classes.
#[derive(Args)]
pub struct MapArgs {
    /// Colours of the classes from 1 to k, by name or as #rrggbb [default: as in the scene; predict: the model's]
    #[arg(long, value_name = "COLOR,...")]
    colors: Option<String>,
    /// Picture of the scene beside its classes, PNG or JPEG
    #[arg(long, value_name = "PICTURE.png")]
    pub quicklook: Option<PathBuf>,
}

impl MapArgs {
    /// The colours, if any were given.
    pub fn colors(&self, n_classes: usize) -> Result<Option<Vec<Color>>> {
        parse_colors(self.colors.as_deref(), n_classes)
    }
}

/// Colours from text such as `black,#0f0`, if there is any: one for each of `n_classes`.
pub fn parse_colors(text: Option<&str>, n_classes: usize) -> Result<Option<Vec<Color>>> {
    let Some(text) = text else { return Ok(None) };
    let colors = text.split(',').map(str::parse).collect::<Result<Vec<Color>>>()?;
    if colors.len() == n_classes {
        return Ok(Some(colors));
    }
    Err(Error::InvalidArgument(format!(
        "--colors gives {} colours for {n_classes} classes: give one for each",
        colors.len()
    )))
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
    /// little), much of the rest keeps pixels for the next pass
    #[arg(long, value_name = "MIB", default_value_t = 512, allow_negative_numbers = true)]
    memory: i64,
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
        Ok((number("--memory", self.memory, 1 << 22)? as usize) << 20)
    }
}

/// A whole number from 1 up to `most`.
pub fn number(option: &str, value: i64, most: i64) -> Result<u32> {
    match u32::try_from(value) {
        Ok(number) if number > 0 && value <= most => Ok(number),
        _ => Err(Error::InvalidArgument(format!("{option} is {value}: give a number from 1 to {most}"))),
    }
}
