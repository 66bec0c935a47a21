//! `bandcluster info`: what a raster or a model holds.

use std::path::PathBuf;

use bandcluster::jobs::{
    self, model_classes, ModelInfo, Nodata, RasterBand, RasterClass, RasterInfo, Request,
};
use bandcluster::model::Model;
use bandcluster::Result;
use clap::Args;
use serde_json::Value;

use super::args::RunArgs;
use super::file_lists::scene;
use super::scene_args::SceneArgs;
use super::table::{classes_table, grouped, hectares, percent, table, value};
use super::words::Words;

/// Print what a raster or a model holds
#[derive(Args)]
pub struct Info {
    /// Raster, Sentinel-2 product, or model
    ///
    /// A raster in any format that GDAL reads. For a map of classes, its classes are listed too.
    #[arg(required_unless_present = "model")]
    file: Option<PathBuf>,
    /// Model; it can also be given as FILE
    #[arg(long, value_name = "MODEL.json", conflicts_with = "file")]
    model: Option<PathBuf>,
    #[command(flatten)]
    scene: SceneArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

impl Info {
    /// The job's request.
    pub fn request(&self) -> Result<Request> {
        // One of them is given: the command line requires it.
        let path = self.model.as_ref().or(self.file.as_ref()).map(|file| scene(file));
        Ok(Request::Info(jobs::Info {
            path: path.transpose()?.unwrap_or_default(),
            reading: self.scene.reading()?,
            run: self.run.options(false),
        }))
    }
}

/// Lines of names and values.
fn facts(facts: &[(&str, String)]) -> String {
    facts.iter().map(|(name, text)| format!("{name:11} {text}\n")).collect()
}

/// The text about a raster.
pub fn raster_text(raster: &RasterInfo, words: &Words) -> String {
    let compression = raster.compression.as_ref().map(|c| format!(", {c}")).unwrap_or_default();
    let memory = |bytes: usize| format!("up to {} MiB to cluster it", bytes.div_ceil(1 << 20));
    let text = facts(&[
        ("file", raster.file.clone()),
        ("driver", format!("{} ({})", raster.driver, raster.format)),
        ("size", size_text(raster)),
        ("dtype", raster.dtype.into()),
        ("nodata", nodata_text(raster)),
        ("crs", crs_text(raster)),
        ("transform", transform_text(raster)),
        ("blocks", format!("{} x {}{compression}", raster.block_size[0], raster.block_size[1])),
        ("memory", raster.planned_memory.map_or("unknown".into(), memory)),
    ]) + &others_text(raster);
    let headings = ["band", "name", "type", "min", "max", "mean", "std", "valid"];
    let left = [false, true, true, false, false, false, false, false];
    let n_pixels = raster.width as u64 * raster.height as u64;
    let row = |(index, band): (usize, &RasterBand)| {
        let [min, max, mean, std] = [band.min, band.max, band.mean, band.std].map(value);
        let valid = percent(band.n_valid, n_pixels);
        vec![
            (index + 1).to_string(),
            band.name.clone(),
            band.type_name.clone(),
            min,
            max,
            mean,
            std,
            valid,
        ]
    };
    let rows: Vec<_> = raster.bands.iter().enumerate().map(row).collect();
    text + "\n"
        + &table(&headings, &left, &rows)
        + &raster_classes(raster)
        + &words.lines(&raster.warnings)
}

/// The most classes that are listed; `--json` has all.
const MOST_CLASSES: usize = 300;

/// The classes of a map and what is known about them; empty for other rasters.
fn raster_classes(raster: &RasterInfo) -> String {
    let classes = &raster.classes;
    if classes.is_empty() {
        return String::new();
    }
    type Cell = fn(&RasterClass) -> Option<String>;
    let columns: [(&str, bool, Cell); 6] = [
        ("value", false, |class| Some(class.value.to_string())),
        ("name", true, |class| Some(class.name.clone()).filter(|name| !name.is_empty())),
        ("colour", true, |class| class.color.clone()),
        ("pixels", false, |class| class.count.map(grouped)),
        ("share", false, |class| class.share.map(|share| format!("{:.1} %", 100.0 * share))),
        ("hectares", false, |class| class.area_ha.map(hectares)),
    ];
    // A column that is empty for all classes is left out.
    let told: Vec<_> = columns
        .iter()
        .filter(|(.., cell)| classes.iter().any(|class| cell(class).is_some()))
        .collect();
    let headings: Vec<_> = told.iter().map(|(heading, ..)| *heading).collect();
    let left: Vec<_> = told.iter().map(|(_, left, _)| *left).collect();
    let row = |class: &RasterClass| {
        told.iter().map(|(.., cell)| cell(class).unwrap_or_default()).collect()
    };
    let rows: Vec<Vec<String>> = classes.iter().take(MOST_CLASSES).map(row).collect();
    let rest = match classes.len().saturating_sub(MOST_CLASSES) {
        0 => String::new(),
        n => format!("  and {n} more\n"),
    };
    format!("\nclasses\n{}{rest}", table(&headings, &left, &rows))
}

/// All bands of the raster, if only some of them are read.
fn others_text(raster: &RasterInfo) -> String {
    match raster.all_bands.len() > raster.count {
        true => facts(&[("all bands", raster.all_bands.join(", "))]),
        false => String::new(),
    }
}

fn size_text(raster: &RasterInfo) -> String {
    let bands = match raster.count {
        1 => "1 band".to_string(),
        n => format!("{n} bands"),
    };
    format!("{} x {} pixels, {bands}", raster.width, raster.height)
}

/// One value if the bands agree, else one for each band.
fn nodata_text(raster: &RasterInfo) -> String {
    let text = |nodata: &Option<Nodata>| match nodata {
        None => "none".into(),
        Some(Nodata::Number(value)) => value.to_string(),
        Some(Nodata::Name(name)) => name.clone(),
    };
    let texts: Vec<String> = raster.bands.iter().map(|band| text(&band.nodata)).collect();
    match texts.iter().all(|text| *text == texts[0]) {
        true => texts[0].clone(),
        false => texts.join(", "),
    }
}

fn crs_text(raster: &RasterInfo) -> String {
    match (&raster.crs, &raster.crs_name) {
        (Some(code), Some(name)) => format!("{code} ({name})"),
        (_, Some(name)) => name.clone(),
        _ => "none".into(),
    }
}

fn transform_text(raster: &RasterInfo) -> String {
    let Some([dx, rx, x, ry, dy, y]) = raster.transform else { return "none".into() };
    let unit = raster.unit.as_deref().unwrap_or("units");
    match rx == 0.0 && ry == 0.0 {
        true => format!("upper left ({x}, {y}), pixel ({dx}, {dy}) {unit}"),
        false => {
            format!("x = {x} + {dx} column + {rx} row, y = {y} + {ry} column + {dy} row ({unit})")
        }
    }
}

/// The text about a model.
pub fn model_text(ModelInfo { file, model }: &ModelInfo) -> String {
    let scaling = model.scaling.name();
    let weights = model.scaling.band_weights.text();
    let weights = weights.map(|text| format!(", band weights {text}")).unwrap_or_default();
    let bands = model.band_names();
    let text = facts(&[
        ("file", file.clone()),
        (
            "algorithm",
            format!(
                "{}, {} classes, scaling {scaling}{weights}",
                model.method.name,
                model.n_classes()
            ),
        ),
        ("options", options_text(model)),
        ("bands", bands.join(", ")),
        ("inertia", value(model.inertia())),
        ("iterations", model.n_iter().to_string()),
    ]);
    text + "\n" + &classes_table(&model_classes(model)) + "\n" + &means_table(model, &bands)
}

/// The options that the algorithm was given or chose itself.
fn options_text(model: &Model) -> String {
    let p = &model.parameters;
    let stays = if p.fix { " that stay" } else { "" };
    let starts = p.init.as_ref().map(|init| format!(", init {} centres{stays}", init.len()));
    let starts = starts.unwrap_or_default();
    let of_kmeans = || {
        format!(
            "n_init {}, max_iter {}, tol {:e}, seed {}{starts}",
            p.n_init, p.max_iter, p.tol, p.seed
        )
    };
    let Some(rule) = model.rule() else { return of_kmeans() };
    let plain = |(name, value): (&String, &Value)| match value {
        Value::Number(number) => Some(format!("{name} {number}")),
        Value::String(text) => Some(format!("{name} {text}")),
        _ => None,
    };
    let options: Vec<_> = model.method.parameters.iter().filter_map(plain).collect();
    let options = if options.is_empty() { of_kmeans() } else { options.join(", ") };
    format!("{options}; a pixel has the class of {rule}")
}

/// The mean of each class in each band: its signature.
fn means_table(model: &Model, bands: &[&str]) -> String {
    let mut headings = vec!["value", "name"];
    headings.extend(bands);
    let left: Vec<bool> = (0..headings.len()).map(|column| column == 1).collect();
    let row = |class: &bandcluster::model::Class| {
        let means = class.mean.iter().map(|mean| value(*mean));
        [class.value.to_string(), class.name.clone()].into_iter().chain(means).collect()
    };
    let rows: Vec<Vec<String>> = model.classes.iter().map(row).collect();
    format!("mean of each class\n{}", table(&headings, &left, &rows))
}
