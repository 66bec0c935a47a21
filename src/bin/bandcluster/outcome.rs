//! What a command did: printed for people, or as one JSON object for programs.

use std::path::Path;
use std::time::Instant;

use bandcluster::gdal::{Scene, SceneBand, Tally};
use bandcluster::machine::peak_memory;
use bandcluster::model::{Band, MapClass, Model};
use bandcluster::report::{grouped, hectares, percent, value};
use bandcluster::Result;
use serde_json::{json, Map, Value};

use super::args::RunArgs;
use super::console::print;
use super::like;
use super::notes;
use super::plan::Plan;
use super::table::table;
use super::trust;

/// What is gathered while a command works.
pub struct Outcome {
    command: &'static str,
    begun: Instant,
    phase_begun: Instant,
    seconds: Map<String, Value>,
    bytes: Map<String, Value>,
    fields: Map<String, Value>,
}

impl Outcome {
    /// Starts the clock.
    pub fn new(command: &'static str) -> Outcome {
        let now = Instant::now();
        let empty = Map::new;
        Outcome { command, begun: now, phase_begun: now, seconds: empty(), bytes: empty(), fields: empty() }
    }

    /// Ends a phase that began when the last one ended, and that read or wrote so many bytes of pixels.
    /// A phase that was there before goes on.
    pub fn phase(&mut self, name: &str, bytes: u64) {
        self.add_phase(name, self.phase_begun.elapsed().as_secs_f64());
        if bytes > 0 {
            self.bytes.insert(name.into(), json!(bytes));
        }
        self.phase_begun = Instant::now();
    }

    /// Adds seconds to a phase; 0 for one that was not needed.
    pub fn add_phase(&mut self, name: &str, seconds: f64) {
        let before = self.seconds.get(name).and_then(Value::as_f64).unwrap_or(0.0);
        self.seconds.insert(name.into(), json!(round(before + seconds)));
    }

    /// Notes how the memory is divided, and tells at once a user who has asked for less than it takes.
    pub fn plan(&mut self, plan: Plan, args: &RunArgs) {
        self.note("planned_memory", plan.peak);
        let excess = args.asked_memory().and_then(|memory| plan.excess(memory));
        excess.filter(|_| !args.quiet).iter().for_each(|note| eprintln!("bandcluster: {note}"));
    }

    /// Notes a field of the JSON object.
    pub fn note(&mut self, name: &str, value: impl Into<Value>) {
        self.fields.insert(name.into(), value.into());
    }

    /// What was noted.
    pub fn noted(&self, name: &str) -> Option<&Value> {
        self.fields.get(name)
    }

    /// Notes a file that was written, if it was.
    pub fn note_path(&mut self, name: &str, path: Option<&Path>) {
        self.note(name, path.map(|path| path.display().to_string()));
    }

    /// Prints what the user asked for of a model and its map.
    ///
    /// # Errors
    /// As [`Outcome::print_with`].
    pub fn print(self, scenes: &[Scene], model: &Model, tally: &Tally, args: &RunArgs) -> Result<()> {
        let object = model_object(scenes, model, tally);
        self.print_with(object, |outcome, seconds| outcome.text(scenes, model, tally, seconds), args)
    }

    /// Stops the clock, and prints what the user asked for: an object, completed by what was gathered, or a text, which is given all the seconds.
    ///
    /// # Errors
    /// As [`print`].
    pub fn print_with(
        mut self,
        object: Value,
        text: impl FnOnce(&Outcome, f64) -> String,
        args: &RunArgs,
    ) -> Result<()> {
        let seconds = round(self.begun.elapsed().as_secs_f64());
        self.seconds.insert("total".into(), json!(seconds));
        if args.json {
            print(&format!("{}\n", self.json(object)))
        } else if !args.quiet {
            print(&text(&self, seconds))
        } else {
            Ok(())
        }
    }

    fn json(self, mut object: Value) -> Value {
        if let Value::Object(object) = &mut object {
            object.insert("command".into(), json!(self.command));
            object.insert("seconds".into(), json!(self.seconds));
            object.insert("bytes".into(), json!(self.bytes));
            object.insert("peak_memory".into(), json!(peak_memory()));
            object.extend(self.fields);
        }
        object
    }

    fn text(&self, scenes: &[Scene], model: &Model, tally: &Tally, seconds: f64) -> String {
        let names: Vec<_> = scenes.iter().map(Scene::name).collect();
        let (n_pixels, n_valid) = (tally.counts.iter().sum(), tally.counts[1..].iter().sum());
        let mut text = format!("{}: {} pixels", names.join(" "), grouped(n_pixels));
        if n_valid < n_pixels {
            text += &format!(", {} of them valid", grouped(n_valid));
        }
        if let (Some(rule), false) = (model.rule(), self.command == "predict") {
            text += &format!(
                "; {}: every pixel has the class of {rule}; inertia {}",
                model.method.name,
                value(model.inertia())
            );
        } else if self.command != "predict" {
            text += &format!("; inertia {}, {} iterations", value(model.inertia()), model.n_iter());
        } else {
            // Bands may have been matched by name or by place: the eye should see which met which.
            let pair = |(band, from): (&Band, &SceneBand)| format!("{} = {}", band.name, from.name);
            let pairs: Vec<_> = model.bands.iter().zip(scenes[0].bands()).map(pair).collect();
            text += &format!("; bands (model = scene) {}", pairs.join(", "));
        }
        text += &format!("; {seconds} s\n{}", classes_table(&tally.classes(model)));
        text += &like::lines(self.fields.get("aligned"), model);
        text += &trust::moved(self.fields.get("drift"));
        text += &trust::lines(self.fields.get("warnings"));
        if self.fields.get("settled") == Some(&json!(false)) {
            text += &format!(
                "warning (max_iter): the centres still moved when --max-iter {} was reached; give more\n",
                model.parameters.max_iter
            );
        }
        // What a model is made of was told when it was made.
        text += &if self.command == "predict" { notes::alpha_lines(scenes) } else { notes::lines(scenes) };
        if let Some(Value::String(note)) = self.fields.get("note") {
            text += &format!("{note}\n");
        }
        for name in ["output", "confidence", "model", "quicklook", "report", "polygons"] {
            if (name, self.command) == ("model", "predict") {
                continue;
            }
            if let Some(Value::String(path)) = self.fields.get(name) {
                text += &format!("{name}: {path}\n");
            }
        }
        let maps = self.fields.get("labels").and_then(Value::as_array);
        for path in maps.into_iter().flatten().filter_map(|map| map["output"].as_str()) {
            text += &format!("labels: {path}\n");
        }
        text
    }
}

/// What the JSON object tells of a model and its map.
fn model_object(scenes: &[Scene], model: &Model, tally: &Tally) -> Value {
    let class = |class: &MapClass| {
        json!({
            "value": class.value, "name": class.name, "color": class.color.to_string(),
            "count": class.count, "area_ha": class.area_ha,
        })
    };
    json!({
        "inputs": scenes.iter().map(Scene::name).collect::<Vec<_>>(),
        "n_pixels": tally.counts.iter().sum::<u64>(),
        "n_valid": tally.counts[1..].iter().sum::<u64>(),
        "n_bands": model.n_bands(),
        "alpha_masks": notes::alpha_masks(scenes),
        "class_bands": notes::class_bands(scenes),
        "algorithm": model.method.name,
        "n_clusters": model.n_classes(),
        "n_representatives": model.regions().filter(|regions| regions.normals.is_none()).map(|regions| regions.classes.len()),
        "inertia": model.inertia(),
        "n_iter": model.n_iter(),
        "seed": model.parameters.seed,
        "classes": tally.classes(model).iter().map(class).collect::<Vec<_>>(),
    })
}

/// The classes with the number of their pixels, and their area where it is known.
pub fn classes_table(classes: &[MapClass]) -> String {
    let n_valid = classes.iter().map(|class| class.count).sum();
    let with_area = classes.iter().any(|class| class.area_ha.is_some());
    let n_columns = 5 + usize::from(with_area);
    let row = |class: &MapClass| {
        let area = class.area_ha.map_or(String::new(), hectares);
        let color = class.color.to_string();
        let share = percent(class.count, n_valid);
        let mut cells =
            vec![class.value.to_string(), class.name.clone(), color, grouped(class.count), share, area];
        cells.truncate(n_columns);
        cells
    };
    let rows: Vec<_> = classes.iter().map(row).collect();
    let headings = ["value", "name", "colour", "pixels", "share", "hectares"];
    let left = [false, true, true, false, false, false];
    table(&headings[..n_columns], &left[..n_columns], &rows)
}

/// The pixels of each label, as the model has them from its fit; `n_invalid` others.
pub fn model_counts(model: &Model, n_invalid: u64) -> Vec<u64> {
    std::iter::once(n_invalid).chain(model.classes.iter().map(|class| class.count)).collect()
}

/// Milliseconds are enough.
fn round(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}
