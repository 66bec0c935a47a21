//! `bandcluster choose-k`: try every number of classes in a range, and recommend one.

use std::path::PathBuf;

use bandcluster::assess::Candidate;
use bandcluster::jobs::{self, Chosen, Request};
use bandcluster::Result;
use clap::{Args, ValueEnum};

use super::args::{SearchArgs, WritingArgs};
use super::file_lists::scene;
use super::scene_args::SceneArgs;
use super::table::{grouped, table, value};
use super::words::Words;

// Fits that are compared have other defaults than a single fit.
const MAX_ITER: &str = "Maximum number of iterations [default: 300]\n\nFor each start. The \
                        default for gmm is 1000.";
const TOL: &str = "Tolerance at which a fit ends [default: 1e-4]\n\nA fit ends when the squared \
                   shift of all centres is at most this times the mean variance of the bands. For \
                   gmm, a fit ends when the mean log-likelihood grows by less than this; its \
                   default is 1e-5.";

/// Recommend a number of classes
///
/// Tries every number in a range, and measures how well the classes are separated.
#[derive(Args)]
#[command(
    mut_arg("max_iter", |arg| arg.long_help(MAX_ITER)),
    mut_arg("tol", |arg| arg.long_help(TOL))
)]
pub struct ChooseK {
    /// Image to use
    ///
    /// In any format that GDAL reads. Several single-band files with commas between them are one
    /// image: B04.tif,B03.tif,B02.tif (\, for a comma in a name), or as @LIST.txt with a name on
    /// each line. Or a Sentinel-2 product (.SAFE, zip).
    input: PathBuf,
    /// Smallest number of classes (at least 2)
    #[arg(
        long,
        value_name = "K",
        default_value_t = 2,
        allow_negative_numbers = true,
        help_heading = "Finding classes"
    )]
    min: i64,
    /// Largest number of classes (up to 255)
    #[arg(
        long,
        value_name = "K",
        default_value_t = 12,
        allow_negative_numbers = true,
        help_heading = "Finding classes"
    )]
    max: i64,
    /// What to fit: kmeans or gmm
    ///
    /// gmm is a Gaussian mixture. The Bayesian information criterion chooses the number of its
    /// components.
    #[arg(
        long,
        value_name = "NAME",
        value_enum,
        default_value_t = Fitted::Kmeans,
        hide_possible_values = true,
        help_heading = "Finding classes"
    )]
    algorithm: Fitted,
    #[command(flatten)]
    search: SearchArgs,
    #[command(flatten)]
    scene: SceneArgs,
    /// Page with charts of the measures to write
    #[arg(long, value_name = "FILE.html", help_heading = "Outputs")]
    report: Option<PathBuf>,
    #[command(flatten)]
    pub writing: WritingArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum Fitted {
    Kmeans,
    Gmm,
}

impl ChooseK {
    /// The job's request.
    pub fn request(&self) -> Result<Request> {
        Ok(Request::ChooseK(jobs::ChooseK {
            input: scene(&self.input)?,
            min: Some(self.min),
            max: Some(self.max),
            algorithm: match self.algorithm {
                Fitted::Kmeans => jobs::Fitted::Kmeans,
                Fitted::Gmm => jobs::Fitted::Gmm,
            },
            report: self.report.clone(),
            search: self.search.options(),
            reading: self.scene.reading()?,
            run: self.writing.options(),
        }))
    }
}

/// The candidates as a table, the recommended one marked, and the reason.
pub fn text(chosen: &Chosen, words: &Words) -> String {
    let rows: Vec<_> =
        chosen.candidates.iter().map(|candidate| row(candidate, chosen.recommended_k)).collect();
    let of_mixtures = chosen.candidates.iter().any(|candidate| !candidate.bic.is_nan());
    let last = if of_mixtures { "BIC" } else { "stability" };
    let headings = ["", "k", "inertia", "silhouette", "Calinski-Harabasz", "Davies-Bouldin", last];
    let mut text = format!(
        "{}: {} valid pixels; {} s\n{}recommended: {} classes; certainty {}. {}\n",
        chosen.inputs.join(" "),
        grouped(chosen.n_valid),
        chosen.cost.total(),
        table(&headings, &[false; 7], &rows),
        chosen.recommended_k,
        chosen.certainty.name(),
        chosen.reason
    );
    text += &words.lines(&chosen.warnings);
    text + &chosen.report.as_ref().map(|path| format!("report: {path}\n")).unwrap_or_default()
}

fn row(candidate: &Candidate, recommended: u32) -> Vec<String> {
    let mark = if candidate.k == recommended { "*" } else { "" };
    let stability = if candidate.stability.is_nan() {
        "-".into()
    } else {
        format!("{:.3}", candidate.stability)
    };
    vec![
        mark.to_string(),
        candidate.k.to_string(),
        value(candidate.inertia),
        format!("{:.4}", candidate.silhouette),
        value(candidate.calinski_harabasz),
        format!("{:.4}", candidate.davies_bouldin),
        if candidate.bic.is_nan() { stability } else { value(candidate.bic) },
    ]
}
