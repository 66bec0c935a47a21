//! Try every number of classes in a range, and recommend one.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::face::Face;
use super::files::shown;
use super::labelling::{commit, n_bytes};
use super::memory::Plan;
use super::options::{named, number, required, Reading, RunOptions, SearchOptions};
use super::output_names::Names;
use super::passes::Pixels;
use super::record::{alpha_masks, class_bands, AlphaMask, Cost, Record};
use super::scenes::SceneFiles;
use super::valid_pixels::{about, nothing_valid};
use super::warnings;
use crate::assess::{
    self, choose_k, choose_mixture, Candidate, Certainty, Choice, ChooseMixture, Warning,
};
use crate::error::Result;
use crate::gdal::Staged;
use crate::model::BandWeights;
use crate::progress::Run;
use crate::report::choice_page;
use crate::summary::Summary;

/// Recommend a number of classes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("required" = ["input"]))]
pub struct ChooseK {
    /// The scene: its file, in any format that GDAL reads, or a Sentinel-2 product (.SAFE, zip); or
    /// the files of its bands.
    pub input: SceneFiles,
    /// Smallest number of classes to try, at least 2. Default 2.
    pub min: Option<i64>,
    /// Largest number of classes to try, at most 255. Default 12.
    pub max: Option<i64>,
    /// What is fitted. Default `kmeans`.
    pub algorithm: Fitted,
    /// Page with charts of the measures, .html.
    pub report: Option<PathBuf>,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub search: SearchOptions,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub reading: Reading,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub run: RunOptions,
}

/// What is fitted for each number of classes.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fitted {
    /// k-means.
    #[default]
    Kmeans,
    /// A Gaussian mixture. The Bayesian information criterion chooses the number of classes.
    Gmm,
}

/// The outcome of `choose_k`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Chosen {
    /// The recommended number of classes.
    pub recommended_k: u32,
    /// How sure that is.
    pub certainty: Certainty,
    /// Why, in a sentence or two.
    pub reason: String,
    /// One for each number of classes, in ascending order.
    pub candidates: Vec<Candidate>,
    /// The scene.
    pub inputs: Vec<String>,
    /// Number of bands.
    pub n_bands: usize,
    /// Alpha bands that are used as masks.
    pub alpha_masks: Vec<AlphaMask>,
    /// Bands whose values are classes.
    pub class_bands: Vec<String>,
    /// Number of pixels.
    pub n_pixels: u64,
    /// Number of valid pixels.
    pub n_valid: u64,
    /// Cells of the summary that the classes were found on.
    pub n_cells: usize,
    /// Seed of the random numbers.
    pub seed: u64,
    /// The page; null if none was asked for.
    pub report: Option<String>,
    /// What the user should know.
    pub warnings: Vec<Warning>,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub cost: Cost,
}

/// What is tried.
pub(super) enum Options {
    KMeans(assess::ChooseK),
    Mixture(ChooseMixture),
}

impl ChooseK {
    pub(super) fn run(&self, face: &dyn Face, run: &mut Run) -> Result<Chosen> {
        let mut record = Record::new("choose-k");
        let (options, memory) = self.check()?;
        let report = self.report.as_deref();
        let names = self.names();
        let scenes = [self.reading.open(&self.input)?];
        if let Options::KMeans(options) = &options {
            let weights = options.kmeans.band_weights.for_bands(scenes[0].n_bands());
            named(BandWeights::OPTION, weights)?;
        }
        let plan = Plan::new(&scenes, memory, run.threads(), 0)?;
        record.plan(plan, &self.run, face);
        // There is only one pass over the pixels: keeping decoded blocks would not help.
        let (summary, _) =
            Pixels::new(&scenes, 0).summarise(plan.summary, &mut run.stage(0.0, 0.5))?;
        record.phase("summary", n_bytes(&scenes));
        if summary.n_valid() == 0 {
            return Err(nothing_valid(&scenes, run));
        }
        let choice = options.choose(&summary, &mut run.stage(0.5, 1.0));
        let choice = choice.map_err(|error| about(&scenes, error))?;
        record.phase("choose", 0);
        let page = |path: &Path| {
            Staged::with_bytes(path, choice_page(&choice, scenes[0].name()).as_bytes())
        };
        let files = report.map(page).transpose()?.into_iter().collect();
        commit(files, run, || names.check_free(&self.run))?;
        record.warnings.extend(warnings::of_bands(&scenes));
        record.warnings.extend(warnings::of_scales(&scenes, self.search.scaling));
        Ok(Chosen {
            recommended_k: choice.recommended,
            certainty: choice.certainty,
            reason: choice.reason,
            candidates: choice.candidates,
            inputs: vec![scenes[0].name().into()],
            n_bands: scenes[0].n_bands(),
            alpha_masks: alpha_masks(&scenes),
            class_bands: class_bands(&scenes),
            n_pixels: summary.n_pixels(),
            n_valid: summary.n_valid(),
            n_cells: summary.n_cells(),
            seed: self.search.seed,
            report: shown(report),
            warnings: std::mem::take(&mut record.warnings),
            cost: record.cost(),
        })
    }

    /// Checks what can be checked before anything is read. Returns what is tried, and the memory.
    pub(super) fn check(&self) -> Result<(Options, usize)> {
        required("input", !self.input.values().is_empty())?;
        let (options, memory) = (self.options()?, self.run.memory_bytes()?);
        self.names().check(&self.run)?;
        Ok((options, memory))
    }

    fn names(&self) -> Names<'_> {
        let inputs = self.input.values().into_iter().chain(self.reading.others()).collect();
        Names { inputs, report: self.report.as_deref(), ..Names::default() }
    }

    fn options(&self) -> Result<Options> {
        let most = i64::from(assess::MOST_K);
        let (min, max) = (
            number("min", self.min.unwrap_or(2), most)?,
            number("max", self.max.unwrap_or(12), most)?,
        );
        Ok(match self.algorithm {
            Fitted::Kmeans => {
                let options = assess::ChooseK { min, max, kmeans: self.search.kmeans()? };
                options.check()?;
                Options::KMeans(options)
            }
            Fitted::Gmm => {
                let options = ChooseMixture { min, max, gmm: self.search.gmm()? };
                options.check()?;
                Options::Mixture(options)
            }
        })
    }
}

impl Options {
    fn choose(&self, summary: &Summary, run: &mut Run) -> Result<Choice> {
        match self {
            Options::KMeans(options) => choose_k(summary, options, run),
            Options::Mixture(options) => choose_mixture(summary, options, run),
        }
    }
}
