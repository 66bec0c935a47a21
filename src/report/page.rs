//! The report: one page about the classes that were found, how they differ, and how to repeat the
//! job.

use askama::Template;

use super::chart::Chart;
use super::dendrogram::dendrogram;
use super::heat::{distance, Heat, Measure};
use super::numbers::{grouped, hectares, percent, short, signed, value};
use super::picture::Picture;
use super::settings::{joined_name, settings, validity};
use super::signatures::Signatures;
use crate::assess::{merges, separability, BandDrift, Drift, Merge, APART_FROM, JOIN_BELOW};
use crate::error::Result;
use crate::model::{Class, Group, Model};
use crate::progress::Stop;
use crate::wording::plain_lines;

/// The number of classes that are drawn and compared, the largest ones; the table has all classes.
const MOST_DRAWN: usize = 24;
/// The largest number of classes in the table.
const MOST_LISTED: usize = 1000;

/// What a report shows besides its model. `Default` adds nothing.
#[derive(Debug, Default, Clone)]
pub struct Report<'a> {
    /// The name of the scene; several names have commas between them.
    pub title: &'a str,
    /// Pixels of each label, from 0 (not valid), one for each class, and one more for unclassified
    /// pixels if there may be any. `None`: the counts of the fit, without pixels that are not
    /// valid.
    pub counts: Option<&'a [u64]>,
    /// The georeference of the scene: its size, pixels and reference system, and how areas are
    /// measured.
    pub georeference: Option<&'a str>,
    /// Pictures of the scenes.
    pub pictures: &'a [Picture],
    /// Area of each class in hectares, class 1 first; `None`: not known.
    pub hectares: Option<&'a [f64]>,
    /// What may make the result wrong, one sentence each.
    pub warnings: &'a [String],
    /// How far the scene is from the training pixels; `None`: not known.
    pub drift: Option<&'a Drift>,
    /// The command that repeats the job.
    pub command: Option<&'a str>,
    /// The command that merges classes as suggested; `None`: only the suggestions are shown.
    pub merge_command: Option<&'a str>,
    /// The model's file.
    pub model_file: Option<&'a str>,
    /// What excluded pixels besides their values, such as a mask's file; `None`: nothing.
    pub mask: Option<&'a str>,
    /// Nodata values of the scene's bands; `None`: those of the model.
    pub nodata: Option<&'a [Option<f64>]>,
    /// Whether the classes were found in another scene.
    pub predicted: bool,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a Report<'a>,
    heading: String,
    facts: Vec<(&'static str, String)>,
    settings: Vec<(String, String)>,
    validity: Vec<String>,
    rows: Vec<Row<'a>>,
    moved: Vec<BandShift<'a>>,
    n_unlisted: usize,
    n_undrawn: usize,
    signatures: Signatures<'a>,
    all: Chart,
    each: Vec<(&'a Class, Chart)>,
    heats: Vec<Heat<'a>>,
    nearest: Vec<NearPair<'a>>,
    correlated: bool,
    dendrogram: Option<Chart>,
    merges: Vec<Vec<&'a Class>>,
    join_below: String,
    apart_from: String,
    version: &'static str,
}

/// A band, and how far it moved.
struct BandShift<'a> {
    name: &'a str,
    shift: String,
    distance: String,
}

/// A class in the table.
struct Row<'a> {
    class: &'a Class,
    pixels: String,
    share: String,
    area: Option<String>,
    bands: Vec<(String, String)>,
}

/// A pair of classes that are near each other.
struct NearPair<'a> {
    classes: [&'a Class; 2],
    jeffries_matusita: String,
    transformed_divergence: String,
}

/// The number of pairs that are listed below the heat maps.
const MOST_NEAR: usize = 5;

/// The page, in HTML with its charts and pictures in it. It needs no other file and runs no script.
pub fn report_page(model: &Model, report: &Report) -> String {
    report_page_until(model, report, &Stop::default()).expect("nobody stops it")
}

/// The same, but it can be stopped: with some hundred bands it takes seconds.
///
/// # Errors
/// `Cancelled`.
pub fn report_page_until(model: &Model, report: &Report, stop: &Stop) -> Result<String> {
    let fitted: Vec<u64> =
        std::iter::once(0).chain(model.classes.iter().map(|class| class.count)).collect();
    let counts = report.counts.unwrap_or(&fitted);
    let legend: Vec<Class> = model.legend().into_iter().take(counts.len() - 1).collect();
    let drawn = &model.classes[..model.n_classes().min(MOST_DRAWN)];
    let mut pairs = separability(drawn, stop)?;
    let heats = Measure::ALL.iter().map(|measure| Heat::new(measure, drawn, &pairs)).collect();
    pairs.sort_by(|a, b| a.jeffries_matusita.total_cmp(&b.jeffries_matusita));
    let class = |value: u32| &model.classes[value as usize - 1];
    let near = |pair: &crate::assess::Pair| NearPair {
        classes: [class(pair.values.0), class(pair.values.1)],
        jeffries_matusita: distance(pair.jeffries_matusita),
        transformed_divergence: distance(pair.transformed_divergence),
    };
    let merges = merges(&without_noise(model, drawn), stop)?;
    let signatures = Signatures::new(model, MOST_DRAWN);
    let each = signatures.classes().iter().map(|class| (*class, signatures.each(class))).collect();
    let page = Page {
        report,
        heading: heading(report.title),
        facts: facts(model, report, counts),
        settings: settings(model),
        validity: validity(
            model,
            report.counts.map(|counts| counts[0]),
            report.nodata,
            report.mask,
        ),
        rows: legend.iter().take(MOST_LISTED).map(|class| row(class, report, counts)).collect(),
        moved: report.drift.map_or(Vec::new(), |drift| drift.bands.iter().map(moved).collect()),
        n_unlisted: legend.len().saturating_sub(MOST_LISTED),
        n_undrawn: model.n_classes().saturating_sub(MOST_DRAWN),
        all: signatures.all(),
        each,
        signatures,
        heats,
        nearest: pairs.iter().take(MOST_NEAR).map(near).collect(),
        correlated: drawn.iter().any(|class| class.profile.is_some()),
        dendrogram: dendrogram(drawn, &model.scaling, fitted.iter().sum()),
        merges: merges
            .iter()
            .map(|Merge { values }| values.iter().map(|value| class(*value)).collect())
            .collect(),
        join_below: format!("{JOIN_BELOW:.1}"),
        apart_from: format!("{APART_FROM:.1}"),
        version: env!("CARGO_PKG_VERSION"),
    };
    // Names of files may contain anything.
    Ok(plain_lines(&page.render().expect("a text takes every page")))
}

/// The classes of a model that a report suggests to merge, with a name for each merged class.
///
/// # Errors
/// `Cancelled`.
pub fn suggested_merges(model: &Model, stop: &Stop) -> Result<Vec<Group>> {
    let drawn = &model.classes[..model.n_classes().min(MOST_DRAWN)];
    let group = |Merge { values }: Merge| Group { name: joined_name(model, &values), values };
    Ok(merges(&without_noise(model, drawn), stop)?.into_iter().map(group).collect())
}

/// Noise is left out, as other classes should not be merged with it.
fn without_noise(model: &Model, drawn: &[Class]) -> Vec<Class> {
    let noise = model.regions().and_then(|regions| regions.noise).map(|index| u32::from(index) + 1);
    drawn.iter().filter(|class| Some(class.value) != noise).cloned().collect()
}

/// Scenes without their folders.
pub(super) fn heading(title: &str) -> String {
    let file = |name: &'_ str| {
        name.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or(name).to_string()
    };
    title.split(", ").map(file).collect::<Vec<_>>().join(", ")
}

/// The facts at the top of the page.
fn facts(model: &Model, report: &Report, counts: &[u64]) -> Vec<(&'static str, String)> {
    let (n_pixels, n_valid) = (counts.iter().sum(), counts[1..].iter().sum());
    let pixels = match report.counts {
        Some(_) if n_valid < n_pixels => {
            format!(
                "{}, of which {} ({}) are valid",
                grouped(n_pixels),
                grouped(n_valid),
                percent(n_valid, n_pixels)
            )
        }
        _ => format!("{}, all valid", grouped(n_valid)),
    };
    let pixels =
        if report.counts.is_none() { format!("{} valid", grouped(n_valid)) } else { pixels };
    let scenes = if report.title.contains(", ") { "Scenes" } else { "Scene" };
    let mut facts = vec![
        (scenes, report.title.to_string()),
        ("Classes", model.n_classes().to_string()),
        ("Pixels", pixels),
    ];
    facts.extend(report.georeference.map(|georeference| ("Place", georeference.to_string())));
    if let Some(areas) = report.hectares {
        facts.push(("Area of all classes", format!("{} ha", hectares(areas.iter().sum()))));
    }
    facts.push(("Algorithm", model.method.name.clone()));
    let of = if report.predicted { " (on the scenes the model was fitted on)" } else { "" };
    facts.push(("Inertia", format!("{}{of}", value(model.inertia()))));
    facts.push(match model.region_words() {
        Some((n, what, which)) => {
            (what, format!("{}; every pixel has the class of the {which}", grouped(n as u64)))
        }
        None => ("Iterations", format!("{}{of}", model.n_iter())),
    });
    facts
}

fn moved(band: &BandDrift) -> BandShift<'_> {
    BandShift {
        name: &band.name,
        shift: signed(band.shift),
        distance: format!("{:.2}", band.distance),
    }
}

fn row<'a>(class: &'a Class, report: &Report, counts: &[u64]) -> Row<'a> {
    let index = class.value as usize;
    let count = counts.get(index).copied().unwrap_or(0);
    let band = |(mean, std): (&f64, &f64)| (short(*mean), short(*std));
    Row {
        class,
        pixels: grouped(count),
        share: percent(count, counts[1..].iter().sum()),
        area: report
            .hectares
            .map(|areas| hectares(areas.get(index - 1).copied().unwrap_or(f64::NAN))),
        bands: class.mean.iter().zip(&class.std).map(band).collect(),
    }
}
