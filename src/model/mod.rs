//! A model: the classes that a fit found, and what is needed to give them to the pixels of any
//! image.

mod align;
mod band;
mod band_weights;
mod check;
mod class;
mod color;
mod confidence;
mod dendrogram;
mod fields;
mod guide;
mod init;
mod json;
mod lab;
mod labeller;
mod lines;
mod map_class;
mod merge;
mod method;
mod metric;
mod natural;
mod palette;
mod predict;
mod profile;
mod radius;
mod refine;
mod refine_format;
mod regions;
mod relabel;
mod statistics;
mod zonal;

pub use align::{Aligned, Match};
pub use band::Band;
pub use band_weights::BandWeights;
pub use class::Class;
pub use color::{default_rgb, Color};
pub use dendrogram::Dendrogram;
pub(crate) use guide::Guide;
pub use init::Init;
pub use map_class::MapClass;
pub use merge::{Group, Merged};
pub use method::Method;
use method::KMEANS;
pub use metric::Metric;
pub use palette::{Colors, Palette};
pub use predict::Prediction;
pub use profile::{Profile, Quantiles};
pub use radius::{check_max_distance, check_radius_quantile};
pub use refine::Refinement;
pub use regions::{Normals, Regions};
pub use relabel::relabel;
pub(crate) use statistics::Fitted;
pub use zonal::ZonalMeans;

use std::sync::Arc;

use ndarray::Array2;

use self::guide::Guidance;
use crate::error::{invalid_argument, Result};
use crate::kernel::{Centers, Mixture};
use crate::progress::Stop;
use crate::wording::plain;

/// The largest number of classes: labels have 16 bits, and 0 is nodata.
pub const MAX_CLASSES: usize = 65535;

/// The name of the class of pixels that belong to no cluster.
const NOISE: &str = "noise";

/// How bands are scaled before distances are measured.
///
/// The squared distance of two pixels is the sum of `(w * d / s)^2` over the bands: `d` is their
/// difference in the band, `s` the band's standard deviation (1 without z-scores), `w` its weight
/// (1 if none is given).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scaling {
    /// To mean 0 and standard deviation 1; `None`: bands are taken as they are.
    pub zscore: Option<ZScore>,
    /// How much each band counts.
    pub band_weights: BandWeights,
}

/// Mean and standard deviation over the training pixels, per band, in band units.
#[derive(Debug, Clone, PartialEq)]
pub struct ZScore {
    /// Mean of each band.
    pub mean: Vec<f64>,
    /// Standard deviation of each band; above 0.
    pub std: Vec<f64>,
}

/// The parameters a model was fitted with; scikit-learn's names and meanings.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// Restarts.
    pub n_init: u32,
    /// Most iterations of Lloyd's algorithm in a restart, and most passes over the pixels.
    pub max_iter: u32,
    /// Relative tolerance: a fit has converged when the squared shift of all centres is at most
    /// `tol` times the mean band variance.
    pub tol: f64,
    /// This product, in squared (scaled) band units.
    pub shift_tolerance: f64,
    /// Seed of the random numbers.
    pub seed: u64,
    /// The given starting centres, if there were any.
    pub init: Option<Init>,
    /// Whether the given centres were fixed.
    pub fix: bool,
}

impl Parameters {
    /// Parameters of a method other than Lloyd's algorithm.
    fn of_seed(seed: u64) -> Parameters {
        Parameters {
            n_init: 1,
            max_iter: 1,
            tol: 0.0,
            shift_tolerance: 0.0,
            seed,
            init: None,
            fix: false,
        }
    }

    /// The names of the given starting centres, if they have names.
    pub(crate) fn given_names(&self) -> &[String] {
        self.init.as_ref().map_or(&[], |init| init.names())
    }
}

/// Classes with their centres. See the [module](self).
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// How the classes were found.
    pub method: Method,
    /// How the model was fitted.
    pub parameters: Parameters,
    /// The bands, in the order in which an image must have them.
    pub bands: Vec<Band>,
    /// How distances are measured.
    pub scaling: Scaling,
    /// How the distance of two pixels is defined.
    pub metric: Metric,
    /// The classes, largest first; in an [aligned](Model::aligned) model, in the order of the other
    /// model.
    pub classes: Vec<Class>,
    centers: Array2<f64>,
    /// The regions, if classes consist of more than the pixels nearest to one centre.
    regions: Option<Regions>,
    /// How the regions were joined.
    dendrogram: Option<Dendrogram>,
    inertia: f64,
    n_iter: u32,
    converged: bool,
    /// Passes of refinement so far.
    passes: u32,
    /// The bands whose stretched means colour the classes; `None` once the user chose colours.
    natural: Option<[usize; 3]>,
    /// Whether classes keep the numbers of another model, whatever their sizes.
    keeps_numbers: bool,
    guidance: Guidance,
}

impl Model {
    /// A model of k-means. Its classes are ordered, named (like the given starting centres, if
    /// these have names) and naturally coloured.
    pub(crate) fn new(
        parameters: Parameters,
        bands: Vec<Band>,
        scaling: Scaling,
        metric: Metric,
        fitted: Fitted,
    ) -> Model {
        let mut model =
            Model::unnumbered(Method::kmeans(), parameters, bands, scaling, fitted.centers.clone());
        model.metric = metric;
        let names = model.parameters.given_names().to_vec();
        model.classes.iter_mut().zip(names).for_each(|(class, name)| class.name = name);
        model.take_statistics(&fitted);
        model
    }

    /// A model whose classes have no statistics yet.
    fn unnumbered(
        method: Method,
        parameters: Parameters,
        bands: Vec<Band>,
        scaling: Scaling,
        centers: Array2<f64>,
    ) -> Model {
        Model {
            method,
            parameters,
            natural: Some(default_rgb(bands.len())),
            bands,
            scaling,
            metric: Metric::Euclidean,
            classes: (1..=centers.nrows() as u32).map(Class::unnamed).collect(),
            centers,
            regions: None,
            dendrogram: None,
            inertia: 0.0,
            n_iter: 0,
            converged: false,
            passes: 0,
            keeps_numbers: false,
            guidance: Guidance::default(),
        }
    }

    /// A model whose classes consist of regions; `fitted` holds the statistics of each region. It
    /// has not [converged](Model::converged) until a [`Refinement`] has computed the exact
    /// statistics of its classes.
    pub(crate) fn of_regions(
        method: Method,
        seed: u64,
        bands: Vec<Band>,
        scaling: Scaling,
        regions: Regions,
        fitted: &Fitted,
    ) -> Model {
        let n_classes = regions.classes.iter().max().map_or(0, |class| usize::from(*class) + 1);
        let mut by_class = regions.by_class(fitted, &Array2::zeros((n_classes, bands.len())));
        for (class, mut center) in by_class.centers.rows_mut().into_iter().enumerate() {
            // A class without cells is placed at its first region.
            let first = regions.classes.iter().position(|of| usize::from(*of) == class);
            center.assign(&match first {
                Some(region) if by_class.counts[class] == 0 => regions.points.row(region),
                _ => by_class.means.row(class),
            });
        }
        let parameters = Parameters::of_seed(seed);
        let mut model =
            Model::unnumbered(method, parameters, bands, scaling, by_class.centers.clone());
        if let Some(noise) = regions.noise {
            model.classes[usize::from(noise)].name = NOISE.into();
        }
        model.regions = Some(regions);
        model.take_statistics(&by_class);
        model
    }

    /// The same model, with a guide for its refinement.
    pub(crate) fn guided_by(mut self, guide: impl Guide + 'static) -> Model {
        self.guidance.guide = Some(Arc::new(guide));
        self
    }

    /// Number of classes.
    pub fn n_classes(&self) -> usize {
        self.centers.nrows()
    }

    /// Number of bands.
    pub fn n_bands(&self) -> usize {
        self.centers.ncols()
    }

    /// The names of its bands, in their order.
    pub fn band_names(&self) -> Vec<&str> {
        self.bands.iter().map(|band| band.name.as_str()).collect()
    }

    /// The cluster centres, classes x bands, in band units. Each pixel belongs to the nearest one.
    /// If the model has [regions](Model::regions), these are only the classes' means on the
    /// summary. If the [metric](Model::metric) is the spectral angle, only the directions of the
    /// centres count; each is as long as its class's mean along it.
    pub fn centers(&self) -> &Array2<f64> {
        &self.centers
    }

    /// The regions that classes consist of, if they are more than the pixels nearest to one centre.
    pub fn regions(&self) -> Option<&Regions> {
        self.regions.as_ref()
    }

    /// The number of [regions](Model::regions), the word for them, and the word for the one that
    /// decides a pixel's class.
    pub fn region_words(&self) -> Option<(usize, &'static str, &'static str)> {
        let regions = self.regions.as_ref()?;
        let (what, which) = match &regions.normals {
            Some(_) => ("Components", "likeliest"),
            // The points of k-means are still centres when its classes are merged or renumbered.
            None if self.method.name == KMEANS => ("Centres", "nearest"),
            None => ("Representatives", "nearest"),
        };
        Some((regions.classes.len(), what, which))
    }

    /// The rule that decides a pixel's class, if there are [regions](Model::regions):
    /// `the likeliest of 7 components`.
    pub fn rule(&self) -> Option<String> {
        let (n, what, which) = self.region_words()?;
        Some(format!("the {which} of {n} {}", what.to_lowercase()))
    }

    /// The sum over all training pixels of the squared distance to the centre of their class, in
    /// (scaled) band units. If the metric is the spectral angle, distances are chords of the unit
    /// sphere. (The inertia of a [merged](Model::merged) model is about the merged classes'
    /// centres, so it is larger than before. By the spectral angle it is about the old centres.)
    pub fn inertia(&self) -> f64 {
        self.inertia
    }

    /// Number of iterations of Lloyd's algorithm: of the last run on the cells, plus the steps on
    /// the pixels. Merging and aligning add none. For affinity propagation, the number of rounds of
    /// messages.
    pub fn n_iter(&self) -> u32 {
        self.n_iter
    }

    pub(crate) fn with_n_iter(mut self, n_iter: u32) -> Model {
        self.n_iter = n_iter;
        self
    }

    /// Whether the centres are a fixed point of Lloyd's algorithm on the pixels, within the
    /// tolerance (or `max_iter` passes were made). If not, apply a [`Refinement`].
    pub fn converged(&self) -> bool {
        self.converged
    }

    /// What pixels are compared with: centres, or the points of the regions.
    pub(crate) fn points(&self) -> &Array2<f64> {
        self.regions.as_ref().map_or(&self.centers, |regions| &regions.points)
    }

    /// The points in the space of the distances.
    fn places(&self) -> Array2<f64> {
        self.metric.centers(self.points().clone())
    }

    /// The points and band weights as the kernels need them.
    ///
    /// # Errors
    /// `Cancelled`.
    pub(crate) fn kernel_centers(&self, stop: &Stop) -> Result<Centers> {
        Centers::with_stop(self.places(), self.scaling.weights(self.n_bands()), stop)
    }

    /// The normal distributions that pixels are compared with, if there are any.
    pub(crate) fn mixture(&self) -> Option<Mixture> {
        self.regions.as_ref().and_then(Regions::mixture)
    }

    /// The label of each point: from 1 up.
    pub(crate) fn labels(&self) -> Vec<u16> {
        match &self.regions {
            Some(regions) => regions.classes.iter().map(|class| class + 1).collect(),
            None => (1..=self.n_classes() as u16).collect(),
        }
    }

    /// Checks that an image has as many bands as the model.
    pub(crate) fn check_bands(&self, n_bands: usize) -> Result<()> {
        if n_bands == self.n_bands() {
            return Ok(());
        }
        invalid_argument(format!(
            "the image has {n_bands} bands, the model was fitted on {} ({}): choose those bands, \
             in that order",
            self.n_bands(),
            self.band_names().join(", ")
        ))
    }

    /// Colours every class by the mean of its pixels, through the 5-95 % stretch of three bands
    /// (0-based: red, green, blue). If classes would look alike, their lightness, hue and chroma
    /// are moved apart.
    ///
    /// # Errors
    /// `InvalidArgument` when there is no such band.
    pub fn natural_colors(&mut self, rgb: [usize; 3]) -> Result<()> {
        if let Some(band) = rgb.iter().find(|band| **band >= self.n_bands()) {
            return invalid_argument(format!(
                "band {} was asked for a colour: the model has {}",
                band + 1,
                self.n_bands()
            ));
        }
        self.natural = Some(rgb);
        self.color_by(rgb);
        Ok(())
    }

    fn color_by(&mut self, rgb: [usize; 3]) {
        let colors = self.natural_colors_of(rgb);
        self.classes.iter_mut().zip(colors).for_each(|(class, color)| class.color = color);
    }

    /// The natural colours of the classes, from the means of their pixels.
    fn natural_colors_of(&self, rgb: [usize; 3]) -> Vec<Color> {
        let means: Vec<&[f64]> = self.classes.iter().map(|class| class.mean.as_slice()).collect();
        natural::natural(&means, &self.bands, rgb, &[])
    }

    /// Sets how the training pixels of each class lie: a profile per class, in their order.
    pub(crate) fn set_profiles(&mut self, profiles: Vec<Profile>) {
        self.classes
            .iter_mut()
            .zip(profiles)
            .for_each(|(class, profile)| class.profile = Some(profile));
    }

    /// Gives a class (by its label, 1 to k) a colour, which it keeps.
    ///
    /// # Errors
    /// `InvalidArgument` when there is no such class.
    pub fn set_color(&mut self, value: u32, color: Color) -> Result<()> {
        self.class_mut(value)?.color = color;
        self.natural = None;
        Ok(())
    }

    /// Gives a class (by its label, 1 to k) a name. Characters that cannot be displayed become
    /// spaces.
    ///
    /// # Errors
    /// `InvalidArgument` when there is no such class.
    pub fn set_name(&mut self, value: u32, name: &str) -> Result<()> {
        self.class_mut(value)?.name = plain(name);
        Ok(())
    }

    /// The class with this label.
    ///
    /// # Errors
    /// `InvalidArgument` when there is no such class.
    pub fn class(&self, value: u32) -> Result<&Class> {
        let n_classes = self.n_classes();
        let class = (value as usize).checked_sub(1).and_then(|index| self.classes.get(index));
        class.ok_or_else(|| no_such_class(value, n_classes))
    }

    fn class_mut(&mut self, value: u32) -> Result<&mut Class> {
        let n_classes = self.n_classes();
        let class = (value as usize).checked_sub(1).and_then(|index| self.classes.get_mut(index));
        class.ok_or_else(|| no_such_class(value, n_classes))
    }
}

fn no_such_class(value: u32, n_classes: usize) -> crate::Error {
    crate::Error::InvalidArgument(format!(
        "there is no class {value}: the classes are 1 to {n_classes}"
    ))
}

impl Scaling {
    /// The factor of each band's difference in a distance.
    pub(crate) fn weights(&self, n_bands: usize) -> Vec<f64> {
        let std = |band: usize| self.zscore.as_ref().map_or(1.0, |zscore| zscore.std[band]);
        (0..n_bands).map(|band| self.band_weights.of(band) / std(band)).collect()
    }

    /// The name of the method, as options and model files have it.
    pub fn name(&self) -> &'static str {
        match self.zscore {
            None => "none",
            Some(_) => "zscore",
        }
    }
}
