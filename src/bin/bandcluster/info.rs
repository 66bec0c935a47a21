//! `bandcluster info`: what a raster or a model holds.

use std::io::Read;
use std::path::{Path, PathBuf};

use bandcluster::gdal::{band_statistics, configure, BandStatistics, Description, LabelWriter, Scene};
use bandcluster::model::{Model, Scaling};
use bandcluster::progress::Run;
use bandcluster::raster::LabelType;
use bandcluster::Result;
use clap::Args;
use serde_json::{json, Value};

use super::args::RunArgs;
use super::console::{print, Console};
use super::notes;
use super::outcome::{classes_table, model_counts};
use super::plan::{cache_bytes, Plan};
use super::scene_args::SceneArgs;
use super::table::{percent, table, value};

/// Print what a raster or a model holds
#[derive(Args)]
pub struct Info {
    /// Raster in any format that GDAL reads, Sentinel-2 product, or model
    file: PathBuf,
    #[command(flatten)]
    scene: SceneArgs,
    #[command(flatten)]
    run: RunArgs,
}

impl Info {
    /// Runs the command.
    pub fn run(&self) -> Result<()> {
        if is_model(&self.file) {
            let model = Model::load(&self.file)?;
            return print(&if self.run.json { model.to_json() } else { model_text(&self.file, &model) });
        }
        let memory = self.run.memory()?;
        configure(cache_bytes(memory))?;
        let scene = self.scene.open(&self.file)?;
        let description = scene.describe()?;
        let console = Console::new(self.run.quiet)?;
        let mut callback = |fraction: f64, message: &str| console.tell(fraction, message);
        let mut run = Run::new(self.run.threads()?, &mut callback);
        // One that fits only a larger memory is told so when it is clustered.
        let planned = planned_memory(&scene, memory, run.threads()).ok();
        let statistics = band_statistics(&scene, &mut run)?;
        console.finish()?;
        print(&match self.run.json {
            true => format!("{}\n", raster_json(&scene, &description, &statistics, planned)),
            false => raster_text(&scene, &description, &statistics, planned),
        })
    }
}

/// What k-means takes at most to make a map of the scene, with `memory` bytes and so many threads.
fn planned_memory(scene: &Scene, memory: usize, threads: usize) -> Result<usize> {
    let map = LabelWriter::most_bytes(scene.width(), LabelType::U8, false);
    Ok(Plan::new(std::slice::from_ref(scene), memory, threads, map)?.peak)
}

/// Whether a file is a model rather than a raster: by its name, or because it begins like JSON.
fn is_model(path: &Path) -> bool {
    let mut first = [0];
    let begins = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut first));
    path.extension().is_some_and(|extension| extension == "json") || (begins.is_ok() && first == *b"{")
}

/// Lines of names and values.
fn facts(facts: &[(&str, String)]) -> String {
    facts.iter().map(|(name, text)| format!("{name:11} {text}\n")).collect()
}

fn raster_text(
    scene: &Scene,
    description: &Description,
    statistics: &[BandStatistics],
    planned: Option<usize>,
) -> String {
    let (driver, format) = &description.driver;
    let block = scene.block_size();
    let compression = description.compression.as_ref().map(|c| format!(", {c}")).unwrap_or_default();
    let text = facts(&[
        ("file", scene.name().into()),
        ("driver", format!("{driver} ({format})")),
        ("size", size_text(scene)),
        ("dtype", scene.sample_type().to_string()),
        ("nodata", nodata_text(scene)),
        ("crs", crs_text(description)),
        ("transform", transform_text(description)),
        ("blocks", format!("{} x {}{compression}", block.0, block.1)),
        (
            "memory",
            planned.map_or("unknown".into(), |bytes| {
                format!("up to {} MiB to cluster it", bytes.div_ceil(1 << 20))
            }),
        ),
    ]) + &others_text(scene);
    let headings = ["band", "name", "type", "min", "max", "mean", "std", "valid"];
    let left = [false, true, true, false, false, false, false, false];
    let row = |(index, (band, s)): (usize, (&bandcluster::gdal::SceneBand, &BandStatistics))| {
        let [min, max, mean, std] = [s.min, s.max, s.mean, s.std].map(value);
        let valid = percent(s.n_valid, scene.n_pixels());
        vec![(index + 1).to_string(), band.name.clone(), band.type_name.clone(), min, max, mean, std, valid]
    };
    let rows: Vec<_> = scene.bands().iter().zip(statistics).enumerate().map(row).collect();
    text + "\n" + &table(&headings, &left, &rows) + &notes::alpha_lines(std::slice::from_ref(scene))
}

/// All the bands there are, where they are more than those that are read.
fn others_text(scene: &Scene) -> String {
    match scene.all_names().len() > scene.n_bands() {
        true => facts(&[("all bands", scene.all_names().join(", "))]),
        false => String::new(),
    }
}

fn size_text(scene: &Scene) -> String {
    let bands = match scene.n_bands() {
        1 => "1 band".to_string(),
        n => format!("{n} bands"),
    };
    format!("{} x {} pixels, {bands}", scene.width(), scene.height())
}

/// One value where the bands agree, else one for each.
fn nodata_text(scene: &Scene) -> String {
    let texts: Vec<_> =
        scene.nodata().iter().map(|nodata| nodata.map_or("none".into(), |value| value.to_string())).collect();
    match texts.iter().all(|text| *text == texts[0]) {
        true => texts[0].clone(),
        false => texts.join(", "),
    }
}

fn crs_text(description: &Description) -> String {
    match &description.crs {
        Some((Some(code), name)) => format!("{code} ({name})"),
        Some((None, name)) => name.clone(),
        None => "none".into(),
    }
}

fn transform_text(description: &Description) -> String {
    let Some([x, dx, rx, y, ry, dy]) = description.transform else { return "none".into() };
    let unit = description.unit.as_deref().unwrap_or("units");
    match rx == 0.0 && ry == 0.0 {
        true => format!("upper left ({x}, {y}), pixel ({dx}, {dy}) {unit}"),
        false => format!("x = {x} + {dx} column + {rx} row, y = {y} + {ry} column + {dy} row ({unit})"),
    }
}

fn raster_json(
    scene: &Scene,
    description: &Description,
    statistics: &[BandStatistics],
    planned: Option<usize>,
) -> Value {
    let band = |(band, s): (&bandcluster::gdal::SceneBand, &BandStatistics)| {
        json!({
            "name": band.name, "type": band.type_name, "nodata": number(band.nodata),
            "scale": band.scale, "offset": band.offset,
            "min": s.min, "max": s.max, "mean": s.mean, "std": s.std, "n_valid": s.n_valid,
        })
    };
    let (crs, crs_name) = description.crs.clone().unzip();
    json!({
        "file": scene.name(),
        "driver": description.driver.0,
        "dtype": scene.sample_type().name(),
        "nodata": number(scene.nodata()[0]),
        "width": scene.width(),
        "height": scene.height(),
        "count": scene.n_bands(),
        "crs": crs.flatten(),
        "crs_name": crs_name,
        // In the order of rasterio's and the affine package's `transform`.
        "transform": description.transform.map(|[c, a, b, f, d, e]| [a, b, c, d, e, f]),
        "block_size": [scene.block_size().0, scene.block_size().1],
        "compression": description.compression,
        "planned_memory": planned,
        "all_bands": scene.all_names(),
        "alpha_masks": notes::alpha_masks(std::slice::from_ref(scene)),
        "class_bands": notes::class_bands(std::slice::from_ref(scene)),
        "bands": scene.bands().iter().zip(statistics).map(band).collect::<Vec<_>>(),
    })
}

/// A nodata value; JSON has no NaN, so that is told by its name.
fn number(value: Option<f64>) -> Value {
    match value {
        Some(value) if !value.is_finite() => json!(value.to_string()),
        other => json!(other),
    }
}

fn model_text(path: &Path, model: &Model) -> String {
    let scaling = match &model.scaling {
        Scaling::None => "none",
        Scaling::ZScore { .. } => "zscore",
    };
    let bands: Vec<_> = model.bands.iter().map(|band| band.name.as_str()).collect();
    let text = facts(&[
        ("file", path.display().to_string()),
        ("algorithm", format!("{}, {} classes, scaling {scaling}", model.method.name, model.n_classes())),
        ("options", options_text(model)),
        ("bands", bands.join(", ")),
        ("inertia", value(model.inertia())),
        ("iterations", model.n_iter().to_string()),
    ]);
    text + "\n"
        + &classes_table(&model.map_classes(&model_counts(model, 0)))
        + "\n"
        + &means_table(model, &bands)
}

/// What the algorithm was told, or chose itself.
fn options_text(model: &Model) -> String {
    let p = &model.parameters;
    let of_kmeans =
        || format!("n_init {}, max_iter {}, tol {:e}, seed {}", p.n_init, p.max_iter, p.tol, p.seed);
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
