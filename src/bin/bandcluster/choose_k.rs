//! `bandcluster choose-k`: try every number of classes in a range, and recommend one.

use std::path::{Path, PathBuf};

use bandcluster::assess::{self, choose_k, choose_mixture, Candidate, Choice, ChooseMixture};
use bandcluster::gdal::{configure, Staged};
use bandcluster::progress::Run;
use bandcluster::report::choice_page;
use bandcluster::Result;
use clap::{Args, ValueEnum};
use serde_json::{json, Value};

use super::args::{number, RunArgs, SearchArgs};
use super::console::Console;
use super::maps::{about, n_bytes};
use super::notes;
use super::outcome::Outcome;
use super::outputs::Names;
use super::passes::Pixels;
use super::plan::{cache_bytes, Plan};
use super::scene_args::SceneArgs;
use super::table::{grouped, table, value};

/// Recommend a number of classes: try every one in a range, and measure how well the classes are apart
#[derive(Args)]
pub struct ChooseK {
    /// Image, in any format that GDAL reads; or several of one band each: B04.tif,B03.tif,B02.tif; or a Sentinel-2 product (.SAFE, zip)
    input: PathBuf,
    /// Least number of classes to try, from 2
    #[arg(long, value_name = "K", default_value_t = 2, allow_negative_numbers = true)]
    min: i64,
    /// Largest number of classes to try, up to 255
    #[arg(long, value_name = "K", default_value_t = 12, allow_negative_numbers = true)]
    max: i64,
    /// What is fitted: k-means; or a Gaussian mixture, of which the Bayesian information criterion tells the number
    #[arg(long, value_enum, default_value_t = Fitted::Kmeans)]
    algorithm: Fitted,
    #[command(flatten)]
    search: SearchArgs,
    #[command(flatten)]
    scene: SceneArgs,
    /// Page with charts of the measures to write
    #[arg(long, value_name = "REPORT.html")]
    report: Option<PathBuf>,
    #[command(flatten)]
    run: RunArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum Fitted {
    Kmeans,
    Gmm,
}

/// What is tried.
enum Options {
    KMeans(assess::ChooseK),
    Mixture(ChooseMixture),
}

impl ChooseK {
    /// Runs the command.
    pub fn run(&self) -> Result<()> {
        let mut outcome = Outcome::new("choose-k");
        let (options, memory) = (self.options()?, self.run.memory()?);
        configure(cache_bytes(memory))?;
        let inputs = std::iter::once(self.input.as_path()).chain(self.scene.others()).collect();
        let report = self.report.as_deref();
        Names { inputs, report, ..Names::default() }.check()?;
        let scenes = [self.scene.open(&self.input)?];
        let console = Console::new(self.run.quiet)?;
        let mut callback = |fraction: f64, message: &str| console.tell(fraction, message);
        let mut run = Run::new(self.run.threads()?, &mut callback);
        let plan = Plan::new(&scenes, memory, run.threads(), 0)?;
        outcome.plan(plan, &self.run);
        // One pass over the pixels is all: nothing is worth keeping.
        let summary = Pixels::new(&scenes, 0).summarise(plan.summary, &mut run.stage(0.0, 0.5))?;
        outcome.phase("summary", n_bytes(&scenes));
        let stage = &mut run.stage(0.5, 1.0);
        let choice = match &options {
            Options::KMeans(options) => choose_k(&summary, options, stage),
            Options::Mixture(options) => choose_mixture(&summary, options, stage),
        };
        let choice = choice.map_err(|error| about(&scenes, error))?;
        outcome.phase("choose", 0);
        outcome.note("n_cells", summary.n_cells());
        let page = |path: &Path| Staged::with_bytes(path, choice_page(&choice, scenes[0].name()).as_bytes());
        let files: Vec<Staged> = report.map(page).transpose()?.into_iter().collect();
        console.finish()?;
        Staged::commit(files)?;
        outcome.note_path("report", report);
        let mut object = object(&choice);
        object["inputs"] = json!([scenes[0].name()]);
        object["n_bands"] = json!(scenes[0].n_bands());
        object["alpha_masks"] = notes::alpha_masks(&scenes);
        object["class_bands"] = notes::class_bands(&scenes);
        object["n_pixels"] = json!(summary.n_pixels());
        object["n_valid"] = json!(summary.n_valid());
        object["seed"] = json!(match options {
            Options::KMeans(options) => options.kmeans.seed,
            Options::Mixture(options) => options.gmm.seed,
        });
        let heading = format!("{}: {} valid pixels", scenes[0].name(), grouped(summary.n_valid()));
        outcome.print_with(
            object,
            |_, seconds| {
                let written = report.map(|path| format!("report: {}\n", path.display())).unwrap_or_default();
                format!("{heading}; {seconds} s\n{}{}{written}", text(&choice), notes::lines(&scenes))
            },
            &self.run,
        )
    }

    fn options(&self) -> Result<Options> {
        let most = i64::from(assess::MOST_K);
        let (min, max) = (number("--min", self.min, most)?, number("--max", self.max, most)?);
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

/// What the JSON object tells of a choice. A measure that is not a finite number is null.
fn object(choice: &Choice) -> Value {
    let candidate = |candidate: &Candidate| {
        let mut object = json!({
            "k": candidate.k,
            "inertia": candidate.inertia,
            "silhouette": candidate.silhouette,
            "calinski_harabasz": candidate.calinski_harabasz,
            "davies_bouldin": candidate.davies_bouldin,
            "stability": candidate.stability,
        });
        if !candidate.bic.is_nan() {
            object["bic"] = json!(candidate.bic);
        }
        object
    };
    json!({
        "recommended_k": choice.recommended,
        "certainty": choice.certainty.name(),
        "reason": choice.reason,
        "candidates": choice.candidates.iter().map(candidate).collect::<Vec<_>>(),
    })
}

/// The candidates as a table, the recommended one marked, and the reason.
fn text(choice: &Choice) -> String {
    let row = |candidate: &Candidate| {
        let mark = if candidate.k == choice.recommended { "*" } else { "" };
        let stability =
            if candidate.stability.is_nan() { "-".into() } else { format!("{:.3}", candidate.stability) };
        vec![
            mark.to_string(),
            candidate.k.to_string(),
            value(candidate.inertia),
            format!("{:.4}", candidate.silhouette),
            value(candidate.calinski_harabasz),
            format!("{:.4}", candidate.davies_bouldin),
            if candidate.bic.is_nan() { stability } else { value(candidate.bic) },
        ]
    };
    let of_mixtures = choice.candidates.iter().any(|candidate| !candidate.bic.is_nan());
    let last = if of_mixtures { "BIC" } else { "stability" };
    let headings = ["", "k", "inertia", "silhouette", "Calinski-Harabasz", "Davies-Bouldin", last];
    let rows: Vec<_> = choice.candidates.iter().map(row).collect();
    let (k, certainty) = (choice.recommended, choice.certainty.name());
    format!(
        "{}recommended: {k} classes; certainty {certainty}. {}\n",
        table(&headings, &[false; 7], &rows),
        choice.reason
    )
}
