//! The algorithms by name, with their options by name.

use serde::de::DeserializeOwned;
use serde::Serialize;
use serde_json::{Map, Value};

use super::affinity::{self, Affinity};
use super::bisecting::{self, Bisecting};
use super::density::{dbscan, hdbscan, optics, Dbscan, Hdbscan, Optics};
use super::hierarchical::{agglomerative, birch, Agglomerative, Birch};
use super::isodata::{self, Isodata};
use super::kmeans::{self, KMeans};
use super::meanshift::{self, MeanShift};
use super::mixture::{self, Gmm};
use super::spectral::{self, Spectral};
use crate::error::{invalid_argument, Result};
use crate::machine::check_room;
use crate::model::{BandWeights, Model, Refinement};
use crate::progress::Run;
use crate::raster::{Raster, TILE};
use crate::summary::Summary;
use crate::wording::{near_miss, of_json, wanted};

/// Bytes that a representative takes at most (in several forms): for each band, and besides.
const POINT: (usize, usize) = (120, 600);

/// The same for a class that is moved, split or joined.
const CLASS: (usize, usize) = (640, 3000);

/// Bytes that any fit takes.
const LITTLE: usize = 1 << 20;

/// An algorithm and its options.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Algorithm {
    /// K-means: Lloyd's algorithm from several starts.
    KMeans(KMeans),
    /// Bisecting k-means: one class after another is cut in two.
    Bisecting(Bisecting),
    /// ISODATA: k-means that merges and splits its classes.
    Isodata(Isodata),
    /// Gaussian mixture: classes are normal distributions.
    Gmm(Gmm),
    /// Agglomerative clustering: the two nearest clusters are joined, again and again.
    Agglomerative(Agglomerative),
    /// BIRCH: a tree of summaries of the pixels, whose leaves are joined.
    Birch(Birch),
    /// DBSCAN: connected dense regions, and noise.
    Dbscan(Dbscan),
    /// Mean shift: the modes of the density.
    MeanShift(MeanShift),
    /// HDBSCAN: the clusters that last over the widest range of densities, and noise.
    Hdbscan(Hdbscan),
    /// Spectral clustering: k-means on the eigenvectors of a graph of neighbours.
    Spectral(Spectral),
    /// Affinity propagation: exemplars that the pixels agree on.
    Affinity(Affinity),
    /// OPTICS: the valleys of a reachability plot, and noise.
    Optics(Optics),
}

impl Algorithm {
    /// The names that [`Algorithm::new`] knows.
    pub const NAMES: [&str; 13] = [
        "kmeans",
        "bisecting",
        "isodata",
        "gmm",
        "agglomerative",
        "birch",
        "dbscan",
        "optics",
        "hdbscan",
        "meanshift",
        "spectral",
        "affinity",
        "minibatch",
    ];

    /// The options that set the number of classes, in algorithms that have one.
    pub(crate) const COUNTS: [&str; 3] = ["n_clusters", "n_components", "initial_clusters"];

    /// The algorithm with this name, and options by name. Options that are not given have their
    /// defaults (for `n_clusters` of k-means, this is the number of centres in `init`). `minibatch`
    /// is k-means, which streams the pixels already.
    ///
    /// # Errors
    /// `InvalidArgument` for an unknown name, an option that the algorithm does not have, or a
    /// value out of range.
    pub fn new(name: &str, options: Map<String, Value>) -> Result<Algorithm> {
        let algorithm = match name {
            "kmeans" | "minibatch" => Algorithm::KMeans(read(name, with_count(options))?),
            "bisecting" => Algorithm::Bisecting(read(name, options)?),
            "isodata" => Algorithm::Isodata(read(name, options)?),
            "gmm" => Algorithm::Gmm(read(name, options)?),
            "agglomerative" => Algorithm::Agglomerative(read(name, options)?),
            "birch" => Algorithm::Birch(read(name, options)?),
            "dbscan" => Algorithm::Dbscan(read(name, options)?),
            "meanshift" => Algorithm::MeanShift(read(name, options)?),
            "hdbscan" => Algorithm::Hdbscan(read(name, options)?),
            "optics" => Algorithm::Optics(read(name, options)?),
            "affinity" => Algorithm::Affinity(read(name, options)?),
            "spectral" => Algorithm::Spectral(read(name, options)?),
            _ => {
                let names = Algorithm::NAMES.join(", ");
                return invalid_argument(format!(
                    "algorithm \"{name}\" is unknown: choose one of {names}"
                ));
            }
        };
        algorithm.check()?;
        Ok(algorithm)
    }

    /// The names of an algorithm's options.
    ///
    /// # Errors
    /// `InvalidArgument` for an unknown name.
    pub(crate) fn option_names(name: &str) -> Result<Vec<String>> {
        Algorithm::new(name, Map::new()).map(|algorithm| names(&algorithm))
    }

    /// Checks the options alone.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the option, what it is and what it may be.
    pub fn check(&self) -> Result<()> {
        match self {
            Algorithm::KMeans(options) => options.check(),
            Algorithm::Bisecting(options) => options.check(),
            Algorithm::Isodata(options) => options.check(),
            Algorithm::Gmm(options) => options.check(),
            Algorithm::Agglomerative(options) => options.check(),
            Algorithm::Birch(options) => options.check(),
            Algorithm::Dbscan(options) => options.check(),
            Algorithm::MeanShift(options) => options.check(),
            Algorithm::Hdbscan(options) => options.check(),
            Algorithm::Spectral(options) => options.check(),
            Algorithm::Affinity(options) => options.check(),
            Algorithm::Optics(options) => options.check(),
        }
    }

    /// Checks the options against the number of bands.
    ///
    /// # Errors
    /// `InvalidArgument` when there is not one weight for each band.
    pub fn check_bands(&self, n_bands: usize) -> Result<()> {
        self.band_weights().map_or(Ok(()), |weights| weights.for_bands(n_bands).map(|_| ()))
    }

    /// The weights of the bands; `None` if the algorithm takes none.
    fn band_weights(&self) -> Option<&BandWeights> {
        match self {
            Algorithm::KMeans(KMeans { band_weights, .. })
            | Algorithm::Bisecting(Bisecting { band_weights, .. })
            | Algorithm::Isodata(Isodata { band_weights, .. })
            | Algorithm::Agglomerative(Agglomerative { band_weights, .. })
            | Algorithm::Birch(Birch { band_weights, .. })
            | Algorithm::Dbscan(Dbscan { band_weights, .. })
            | Algorithm::MeanShift(MeanShift { band_weights, .. })
            | Algorithm::Hdbscan(Hdbscan { band_weights, .. })
            | Algorithm::Spectral(Spectral { band_weights, .. })
            | Algorithm::Affinity(Affinity { band_weights, .. })
            | Algorithm::Optics(Optics { band_weights, .. }) => Some(band_weights),
            Algorithm::Gmm(_) => None,
        }
    }

    /// The requested number of classes; `None` if the algorithm finds the number itself.
    pub fn n_clusters(&self) -> Option<usize> {
        let n_clusters = match self {
            Algorithm::KMeans(options) => options.n_clusters,
            Algorithm::Bisecting(options) => options.n_clusters,
            Algorithm::Gmm(options) => options.n_components,
            Algorithm::Agglomerative(options) => options.n_clusters,
            Algorithm::Birch(options) => options.n_clusters,
            Algorithm::Spectral(options) => options.n_clusters,
            Algorithm::Isodata(_)
            | Algorithm::Dbscan(_)
            | Algorithm::MeanShift(_)
            | Algorithm::Hdbscan(_)
            | Algorithm::Optics(_)
            | Algorithm::Affinity(_) => return None,
        };
        Some(n_clusters as usize)
    }

    /// The most classes that it may find.
    pub fn most_classes(&self) -> usize {
        match self {
            Algorithm::Isodata(options) => options.max_clusters as usize,
            Algorithm::Dbscan(options) => options.n_representatives as usize + 1,
            Algorithm::MeanShift(options) => options.n_representatives as usize,
            Algorithm::Hdbscan(options) => options.n_representatives as usize + 1,
            Algorithm::Optics(options) => options.n_representatives as usize + 1,
            Algorithm::Affinity(options) => options.n_representatives as usize,
            other => other.n_clusters().unwrap_or(0),
        }
    }

    /// The memory in bytes that a fit on a summary takes at most, beyond the summary. A fit first
    /// checks that there is so much.
    pub fn fit_bytes(&self, summary: &Summary) -> usize {
        let (n_points, (per_band, besides)) = match self {
            // Drawn pixels, in a search tree.
            Algorithm::Dbscan(options) => (dbscan::most_drawn(options), POINT),
            Algorithm::Agglomerative(Agglomerative { n_representatives, .. })
            | Algorithm::Birch(Birch { n_representatives, .. })
            | Algorithm::Spectral(Spectral { n_representatives, .. })
            | Algorithm::Optics(Optics { n_representatives, .. })
            | Algorithm::Hdbscan(Hdbscan { n_representatives, .. })
            | Algorithm::MeanShift(MeanShift { n_representatives, .. })
            | Algorithm::Affinity(Affinity { n_representatives, .. }) => {
                (*n_representatives as usize, POINT)
            }
            Algorithm::KMeans(_)
            | Algorithm::Bisecting(_)
            | Algorithm::Isodata(_)
            | Algorithm::Gmm(_) => (self.most_classes().min(summary.most_cells()), CLASS),
        };
        let point = summary.n_bands().saturating_mul(per_band).saturating_add(besides);
        let of_points =
            n_points.saturating_mul(point).saturating_add(self.most_bytes(summary.n_bands()));
        of_points.saturating_add(summary.fit_bytes()).saturating_add(LITTLE)
    }

    /// The memory in bytes that a fit takes at most beyond [`Summary::most_bytes`]: mostly for all
    /// pairs of representatives.
    pub fn most_bytes(&self, n_bands: usize) -> usize {
        let number = size_of::<f64>();
        let pairs = |n: u32| n as usize * n as usize * number;
        match self {
            // Each pair once.
            Algorithm::Agglomerative(options) => pairs(options.n_representatives) / 2,
            Algorithm::Birch(options) => pairs(options.n_representatives) / 2,
            // Affinities, and memory for their eigenvectors.
            Algorithm::Spectral(options) => 3 * pairs(options.n_representatives),
            // Similarity, availability and responsibility.
            Algorithm::Affinity(options) => 3 * pairs(options.n_representatives),
            // Shares of a tile, and matrices of bands.
            Algorithm::Gmm(options) => {
                options.n_components as usize * number * (TILE + 4 * n_bands * n_bands + 8)
            }
            _ => 0,
        }
    }

    /// Fits on a summary. If the model has not [converged](Model::converged), apply a
    /// [`Refinement`].
    ///
    /// # Errors
    /// `InvalidArgument` for an option out of range; `InvalidData` when there is no valid pixel,
    /// there are fewer distinct ones than classes, a band to be scaled is constant, or the values
    /// are too large for a model; `OutOfMemory`; `Cancelled`.
    pub fn fit(&self, summary: &Summary, run: &mut Run) -> Result<Model> {
        self.check()?;
        let bytes = self.fit_bytes(summary);
        check_room(bytes, "this fit")?;
        let mut run = run.stage(0.0, 1.0);
        run.keep_room(bytes);
        let model = self.fit_unchecked(summary, &mut run)?;
        model.check_savable()?;
        Ok(model)
    }

    fn fit_unchecked(&self, summary: &Summary, run: &mut Run) -> Result<Model> {
        match self {
            Algorithm::KMeans(options) => kmeans::fit(summary, options, run),
            Algorithm::Bisecting(options) => bisecting::fit(summary, options, run),
            Algorithm::Isodata(options) => isodata::fit(summary, options, run),
            Algorithm::Gmm(options) => mixture::fit(summary, options, run),
            Algorithm::Agglomerative(options) => agglomerative::fit(summary, options, run),
            Algorithm::Birch(options) => birch::fit(summary, options, run),
            Algorithm::Dbscan(options) => dbscan::fit(summary, options, run),
            Algorithm::MeanShift(options) => meanshift::fit(summary, options, run),
            Algorithm::Hdbscan(options) => hdbscan::fit(summary, options, run),
            Algorithm::Spectral(options) => spectral::fit(summary, options, run),
            Algorithm::Affinity(options) => affinity::fit(summary, options, run),
            Algorithm::Optics(options) => optics::fit(summary, options, run),
        }
    }

    /// Fits on the pixels of one image: summary (in at most `memory` bytes, 0: the default), fit
    /// and refinement.
    ///
    /// # Errors
    /// As [`Summary::new`], [`Algorithm::fit`] and [`Refinement::apply`].
    pub fn fit_raster(&self, raster: &Raster, memory: usize, run: &mut Run) -> Result<Model> {
        self.check()?;
        self.check_bands(raster.n_bands())?;
        let mut summary = Summary::new(raster.n_bands(), raster.sample_type(), memory)?;
        summary.add(raster, &mut run.stage(0.0, 0.4))?;
        let mut model = self.fit(&summary, &mut run.stage(0.4, 0.6))?;
        drop(summary);
        for (band, nodata) in model.bands.iter_mut().zip(raster.nodata()) {
            band.nodata = *nodata;
        }
        let mut done = 0.6;
        while !model.converged() {
            let mut refinement = Refinement::new(&model, raster.sample_type());
            // Each pass gets half of the remaining progress: the number of passes is not known.
            let next = (1.0 + done) / 2.0;
            refinement.add(raster, &mut run.stage(done, next))?;
            refinement.apply_with(&mut model, &mut run.stage(next, next))?;
            done = next;
        }
        run.tell(1.0, "fitted")?;
        Ok(model)
    }
}

impl Default for Algorithm {
    fn default() -> Algorithm {
        Algorithm::KMeans(KMeans::default())
    }
}

/// The options of k-means. If the number of clusters is missing, it is set to the number of centres
/// in `init`.
fn with_count(mut options: Map<String, Value>) -> Map<String, Value> {
    let n_centers = match options.get("init") {
        Some(Value::Array(centers)) => centers.len(),
        Some(Value::Object(centers)) => centers.len(),
        _ => return options,
    };
    options.entry("n_clusters").or_insert_with(|| n_centers.into());
    options
}

/// A value as a message shows it.
fn shortened(value: &Value) -> String {
    const MOST: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// The options of an algorithm, by name; an error names the wrong option.
fn read<T: DeserializeOwned + Serialize + Default>(
    name: &str,
    options: Map<String, Value>,
) -> Result<T> {
    for (option, value) in &options {
        // Reads one option, with the defaults of the others: the error would not tell whose value
        // is wrong.
        let alone = Map::from_iter([(option.clone(), value.clone())]);
        let Err(error) = serde_json::from_value::<T>(Value::Object(alone)) else { continue };
        let known = names(&T::default());
        if known.contains(option) {
            let (value, wanted) = (shortened(value), wanted(&error));
            return invalid_argument(format!("{name}, option {option} is {value}: give {wanted}"));
        }
        return invalid_argument(format!(
            "{name} has no option {option}{}: its options are {}",
            advice(option, &known),
            known.join(", ")
        ));
    }
    serde_json::from_value(Value::Object(options))
        .or_else(|error| invalid_argument(format!("{name}: {}", of_json(&error))))
}

/// The names of all options.
fn names(options: &impl Serialize) -> Vec<String> {
    match serde_json::to_value(options) {
        Ok(Value::Object(options)) => options.keys().cloned().collect(),
        _ => unreachable!("options are structs of numbers and names"),
    }
}

/// What to do about an option that an algorithm does not have.
pub(crate) fn advice(option: &str, known: &[String]) -> String {
    if option == BandWeights::OPTION {
        return " (a mixture measures each class by its own spread, so weights change nothing)"
            .into();
    }
    let counts = known.iter().any(|known| Algorithm::COUNTS.contains(&known.as_str()));
    if Algorithm::COUNTS.contains(&option) && !counts {
        return " (it finds the number of classes itself)".into();
    }
    let meant = near_miss(option, known.iter().map(String::as_str));
    meant.map(|meant| format!(" (did you mean {meant}?)")).unwrap_or_default()
}
