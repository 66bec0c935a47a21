//! Properties that must always hold, for scenes and algorithms that proptest makes up. The layout
//! of an image in memory, its blocks, the number of workers and the order of merging change
//! nothing; and saving, labelling and merging agree with each other.
//!
//! The cases are the same in every run; a case that fails is reduced to the smallest one.
//! `PROPTEST_CASES=2000` tries more.

#[path = "fuzz/targets/pixels.rs"]
#[allow(dead_code, reason = "the fuzzers use the rest")]
mod pixels;

use bandcluster::model::{relabel, Group, Model, Refinement};
use bandcluster::raster::Layout;
use bandcluster::{Algorithm, Error, LabelsMut, Raster, Result, Run, SampleType, Summary};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rand_core::RngCore;
use rand_pcg::Pcg64Mcg;
use serde_json::{json, Map};

use pixels::{bytes_of, SAMPLE_TYPES};

/// A number of cases that takes about ten seconds.
fn cases(cases: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(cases);
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(21),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// An image, as numbers, band after band.
#[derive(Debug, Clone)]
struct Scene {
    sample_type: SampleType,
    n_bands: usize,
    width: usize,
    height: usize,
    nodata: Vec<Option<f64>>,
    made: Made,
}

/// The recipe for its pixels.
#[derive(Debug, Clone)]
struct Made {
    seed: u64,
    n_materials: usize,
    /// From 0, one value for each material, to noise over the whole range.
    noise: f64,
    /// A band that is the same everywhere.
    constant: Option<usize>,
    /// One of `gap` pixels is nodata; of floats, one of `gap` is also NaN or infinite.
    gap: usize,
}

fn scenes() -> impl Strategy<Value = Scene> {
    let size = prop_oneof![
        3 => (1..90usize, 1..50usize),
        1 => (1..8usize, 1..4usize),
        1 => (500..600usize, 1..4usize),
    ];
    let noise = prop::sample::select(vec![0.0, 0.001, 0.05, 0.2, 1.0]);
    let constant = prop::option::weighted(0.2, 0..13usize);
    let made =
        (any::<u64>(), 1..7usize, noise, constant, prop::sample::select(vec![3, 10, 97, 1 << 40]));
    let nodata = prop::collection::vec(any::<bool>(), 13);
    (prop::sample::select(SAMPLE_TYPES.to_vec()), 1..=13usize, size, made, nodata).prop_map(
        |(
            sample_type,
            n_bands,
            (width, height),
            (seed, n_materials, noise, constant, gap),
            nodata,
        )| {
            let made = Made { seed, n_materials, noise, constant, gap };
            let nodata = nodata[..n_bands].iter().map(|has| has.then_some(NODATA)).collect();
            Scene { sample_type, n_bands, width, height, nodata, made }
        },
    )
}

/// A value of every type that pixels have only by chance.
const NODATA: f64 = 3.0;

impl Scene {
    fn n_pixels(&self) -> usize {
        self.width * self.height
    }

    /// All samples, band after band.
    fn numbers(&self) -> Vec<f64> {
        let mut random = Pcg64Mcg::new(self.made.seed.into());
        let mut below = move |n: usize| random.next_u32() as usize % n;
        let n = self.n_pixels();
        let mut numbers = vec![0.0; n * self.n_bands];
        for pixel in 0..n {
            let material = pixel / 7 % self.made.n_materials;
            let (nodata_in, none_in) = (below(self.n_bands), below(self.n_bands));
            let (is_nodata, is_none) = (below(self.made.gap) == 0, below(self.made.gap) == 0);
            for band in 0..self.n_bands {
                let noise = below(1 << 20) as f64 / f64::from(1 << 20) * self.made.noise;
                let mean = (material * (band + 2) % 5) as f64 / 5.0 * (1.0 - self.made.noise);
                numbers[band * n + pixel] = match (mean + noise).min(1.0) {
                    _ if is_nodata && band == nodata_in => NODATA,
                    _ if is_none && band == none_in => f64::NAN,
                    _ if self.made.constant == Some(band) => self.of_type(0.5),
                    number => self.of_type(number),
                };
            }
        }
        numbers
    }

    /// Maps a number from 0 to 1 to much of the type's range, negative numbers included.
    fn of_type(&self, number: f64) -> f64 {
        match self.sample_type {
            SampleType::U8 => number * 255.0,
            SampleType::I8 => number * 255.0 - 128.0,
            SampleType::U16 => number * 9000.0,
            SampleType::I16 => number * 9000.0 - 2000.0,
            SampleType::U32 => number * 4e9,
            SampleType::I32 => number * 4e9 - 2e9,
            SampleType::F32 => number - 0.3,
            SampleType::F64 => number * 1e6 - 3e5,
        }
    }
}

/// The layout of an image in memory.
#[derive(Debug, Clone, Copy)]
struct Order {
    /// Which runs fastest: bands, pixels of a row, or rows.
    interleaving: usize,
    /// Unused bytes between rows, pixels or bands; they also make samples unaligned.
    gap: usize,
    flipped: bool,
    mirrored: bool,
}

const BSQ: Order = Order { interleaving: 0, gap: 0, flipped: false, mirrored: false };

fn orders() -> impl Strategy<Value = Order> {
    (0..3usize, 0..4usize, any::<bool>(), any::<bool>()).prop_map(
        |(interleaving, gap, flipped, mirrored)| Order { interleaving, gap, flipped, mirrored },
    )
}

/// An image in memory.
struct Laid<'s> {
    scene: &'s Scene,
    bytes: Vec<u8>,
    /// Bytes from one band to the next, and from the first byte to the first sample.
    band: isize,
    first: isize,
    layout: Layout,
}

impl<'s> Laid<'s> {
    fn new(scene: &'s Scene, order: Order) -> Laid<'s> {
        Laid::of(scene, order, &scene.numbers())
    }

    /// The image of other numbers in this layout.
    fn of(scene: &'s Scene, order: Order, numbers: &[f64]) -> Laid<'s> {
        let (size, gap) = (scene.sample_type.size(), order.gap);
        let (n_bands, width, height) = (scene.n_bands, scene.width, scene.height);
        let (band, line, pixel) = match order.interleaving {
            0 => ((width * size + gap) * height, width * size + gap, size),
            1 => (width * size + gap, (width * size + gap) * n_bands, size),
            _ => (size, (size * n_bands + gap) * width, size * n_bands + gap),
        };
        let offset =
            |n: usize, step: usize, reverse: bool| if reverse { (n - 1) * step } else { 0 };
        let first = offset(height, line, order.flipped) + offset(width, pixel, order.mirrored);
        let signed =
            |step: usize, reverse: bool| if reverse { -(step as isize) } else { step as isize };
        let layout = Layout {
            width,
            height,
            pixel_stride: signed(pixel, order.mirrored),
            line_stride: signed(line, order.flipped),
        };
        let length = (n_bands - 1) * band + (height - 1) * line + (width - 1) * pixel + size;
        let mut laid = Laid {
            scene,
            bytes: vec![0xa5; length],
            band: band as isize,
            first: first as isize,
            layout,
        };
        for (i, number) in numbers.iter().enumerate() {
            let at = laid.at(i / scene.n_pixels(), i % width, i % scene.n_pixels() / width);
            laid.bytes[at..at + size].copy_from_slice(&bytes_of(scene.sample_type, *number));
        }
        laid
    }

    /// The position of a sample.
    fn at(&self, band: usize, column: usize, row: usize) -> usize {
        let Layout { pixel_stride, line_stride, .. } = self.layout;
        (self.first
            + band as isize * self.band
            + column as isize * pixel_stride
            + row as isize * line_stride) as usize
    }

    fn whole(&self) -> Raster<'_> {
        self.window((0, 0), (self.scene.width, self.scene.height))
    }

    fn window(&self, (column, row): (usize, usize), (width, height): (usize, usize)) -> Raster<'_> {
        let first = |band| self.bytes[self.at(band, column, row)..].as_ptr();
        let bands = (0..self.scene.n_bands).map(first).collect();
        // SAFETY: the window lies within the image, whose bytes are borrowed as long as the view
        // lives.
        let raster = unsafe {
            Raster::from_raw(bands, self.scene.sample_type, Layout { width, height, ..self.layout })
        };
        raster.unwrap().with_nodata(self.scene.nodata.clone()).unwrap()
    }

    /// The image in blocks of this size.
    fn blocks(&self, (width, height): (usize, usize)) -> Vec<Raster<'_>> {
        let starts = |size: usize, step: usize| {
            (0..size).step_by(step).map(move |at| (at, step.min(size - at)))
        };
        let rows = starts(self.scene.height, height);
        rows.flat_map(|(row, height)| {
            starts(self.scene.width, width)
                .map(move |(column, width)| self.window((column, row), (width, height)))
        })
        .collect()
    }
}

/// An algorithm with few restarts and representatives.
fn algorithms() -> impl Strategy<Value = Algorithm> {
    let names = prop::sample::select(Algorithm::NAMES.to_vec());
    (names, 1..8u32, any::<bool>(), any::<bool>(), 0..3u64).prop_map(
        |(name, k, scaled, by_angle, seed)| {
            let default = serde_json::to_value(Algorithm::new(name, Map::new()).unwrap()).unwrap();
            let mut options = Map::from_iter([("seed".to_string(), json!(seed))]);
            for (option, value) in [
                ("n_clusters", json!(k)),
                ("n_components", json!(k)),
                ("n_representatives", json!(40)),
                ("n_init", json!(2)),
                ("scaling", if scaled { json!("zscore") } else { json!("none") }),
            ] {
                if default.get(option).is_some() {
                    options.insert(option.into(), value);
                }
            }
            if default.get("metric").is_some() && by_angle && !scaled {
                options.insert("metric".into(), json!("spectral_angle"));
            }
            Algorithm::new(name, options).unwrap()
        },
    )
}

/// How the parts of an image are merged.
#[derive(Debug, Clone)]
struct Work {
    block: (usize, usize),
    threads: usize,
    /// Chooses the two parts that are merged next, so that merges form a tree of any shape.
    joins: Vec<(u16, u16)>,
    saved: bool,
}

fn works() -> impl Strategy<Value = Work> {
    let side = || prop_oneof![1..4usize, 5..40usize, Just(600usize)];
    let joins = prop::collection::vec(any::<(u16, u16)>(), 16);
    ((side(), side()), 1..5usize, joins, any::<bool>()).prop_map(
        |(block, threads, joins, saved)| {
            // Each summary has its own tables, so only some dozens are made.
            Work { block: (block.0.max(4), block.1), threads, joins, saved }
        },
    )
}

impl Work {
    /// The parts merged in pairs until one is left.
    fn joined<P>(&self, mut parts: Vec<P>, join: impl Fn(&mut P, &P)) -> P {
        for (a, b) in self.joins.iter().cycle().take(parts.len() - 1) {
            let other = parts.swap_remove(usize::from(*a) % parts.len());
            let into = usize::from(*b) % parts.len();
            join(&mut parts[into], &other);
        }
        parts.pop().unwrap()
    }

    fn summary(&self, laid: &Laid, memory: usize) -> Summary {
        let run = &mut Run::silent(self.threads);
        let blocks = laid.blocks(self.block);
        let new = || Summary::new(laid.scene.n_bands, laid.scene.sample_type, memory).unwrap();
        // Several blocks for each part.
        let n_parts = blocks.len().min(5);
        let mut parts: Vec<Summary> = (0..n_parts).map(|_| new()).collect();
        for (index, block) in blocks.iter().enumerate().rev() {
            parts[index % n_parts].add(block, run).unwrap();
        }
        let saved = |part: Summary| {
            if self.saved {
                Summary::from_bytes(&part.to_bytes()).unwrap()
            } else {
                part
            }
        };
        self.joined(parts.into_iter().map(saved).collect(), |a, b| a.merge(b).unwrap())
    }

    fn refinement(&self, laid: &Laid, model: &Model) -> Refinement {
        let run = &mut Run::silent(self.threads);
        let part = |block: &Raster| {
            let mut part = Refinement::new(model, laid.scene.sample_type);
            part.add(block, run).map(|()| part)
        };
        let parts: Result<Vec<_>> = laid.blocks(self.block).iter().map(part).collect();
        self.joined(parts.unwrap(), |a, b| a.merge(b).unwrap())
    }

    /// The model, merged from parts.
    fn fit(&self, laid: &Laid, algorithm: &Algorithm, memory: usize) -> Result<Model> {
        let summary = self.summary(laid, memory);
        let mut model = algorithm.fit(&summary, &mut Run::silent(self.threads))?;
        for (band, nodata) in model.bands.iter_mut().zip(&laid.scene.nodata) {
            band.nodata = *nodata;
        }
        while !model.converged() {
            self.refinement(laid, &model).apply(&mut model)?;
        }
        Ok(model)
    }
}

fn fit(scene: &Scene, algorithm: &Algorithm, memory: usize) -> Result<Model> {
    algorithm.fit_raster(&Laid::new(scene, BSQ).whole(), memory, &mut Run::silent(1))
}

/// Little memory, so that cells have to be merged.
fn least(scene: &Scene) -> usize {
    Summary::least_memory(scene.n_bands, scene.sample_type)
}

fn predict(model: &Model, raster: &Raster, threads: usize) -> Vec<u16> {
    let mut labels = vec![u16::MAX; raster.n_pixels()];
    let mut view = LabelsMut::from_u16(&mut labels, raster.width(), raster.height()).unwrap();
    model.predict(raster, &mut view, &mut Run::silent(threads)).unwrap();
    labels
}

/// The model, if it could be made. Scenes with too few distinct pixels, or with a constant band
/// that should be scaled, are refused.
fn made(model: Result<Model>) -> Option<Model> {
    match model {
        Ok(model) => Some(model),
        Err(Error::InvalidData(_)) => None,
        Err(error) => panic!("{error}"),
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn blocks_threads_layouts_and_merges_give_the_same_model(
        scene in scenes(), algorithm in algorithms(), order in orders(), work in works(),
        little in any::<bool>(),
    ) {
        let memory = if little { least(&scene) } else { 0 };
        let json = |model: Result<Model>| model.map(|model| model.to_json());
        let expected = json(fit(&scene, &algorithm, memory));
        let laid = Laid::new(&scene, order);
        let whole = algorithm.fit_raster(&laid.whole(), memory, &mut Run::silent(work.threads));
        prop_assert_eq!(&json(whole), &expected);
        prop_assert_eq!(&json(work.fit(&laid, &algorithm, memory)), &expected);
    }
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn summaries_are_the_same_however_they_are_made(
        scene in scenes(), order in orders(), works in [works(), works()],
    ) {
        let laid = Laid::new(&scene, order);
        let mut whole = Summary::new(scene.n_bands, scene.sample_type, least(&scene)).unwrap();
        whole.add(&Laid::new(&scene, BSQ).whole(), &mut Run::silent(1)).unwrap();
        let bytes = whole.to_bytes();
        for work in works {
            prop_assert!(work.summary(&laid, least(&scene)).to_bytes() == bytes);
        }
        prop_assert!(Summary::from_bytes(&bytes).unwrap().to_bytes() == bytes);
    }

    #[test]
    fn refinements_are_the_same_however_they_are_made(
        scene in scenes(), algorithm in algorithms(), order in orders(), work in works(),
    ) {
        let laid = Laid::new(&scene, order);
        let summary = work.summary(&laid, least(&scene));
        if let Some(model) = made(algorithm.fit(&summary, &mut Run::silent(1))) {
            let mut whole = Refinement::new(&model, scene.sample_type);
            whole.add(&Laid::new(&scene, BSQ).whole(), &mut Run::silent(1)).unwrap();
            let applied = |refinement: Refinement| {
                let mut model = model.clone();
                refinement.apply(&mut model).map(|shift| (shift, model.to_json()))
            };
            prop_assert_eq!(applied(work.refinement(&laid, &model)), applied(whole));
        }
    }

    #[test]
    fn the_labels_of_the_last_pass_are_those_of_predict(
        scene in scenes(), algorithm in algorithms(), order in orders(),
    ) {
        let laid = Laid::new(&scene, order);
        let raster = laid.whole();
        let mut summary = Summary::new(scene.n_bands, scene.sample_type, least(&scene)).unwrap();
        summary.add(&raster, &mut Run::silent(2)).unwrap();
        let fitted = algorithm.fit(&summary, &mut Run::silent(1));
        let Some(mut model) = made(fitted) else { return Ok(()) };
        let mut labels = predict(&model, &raster, 2);
        while !model.converged() {
            let before = model.clone();
            let mut refinement = Refinement::new(&model, scene.sample_type);
            let mut view = LabelsMut::from_u16(&mut labels, scene.width, scene.height).unwrap();
            refinement.add_and_label(&raster, &mut view, &mut Run::silent(2)).unwrap();
            prop_assert_eq!(&labels, &predict(&before, &raster, 1));
            if made(refinement.apply(&mut model).map(|_| model.clone())).is_none() {
                return Ok(());
            }
            // If only the order of the classes has changed, the labels change with it.
            if let (true, Some(values)) = (model.converged(), model.values_of(&before)) {
                let new = |label: &u16| {
                    label.checked_sub(1).map_or(0, |old| values[usize::from(old)] as u16)
                };
                labels = labels.iter().map(new).collect();
            }
        }
        prop_assert_eq!(&labels, &predict(&model, &raster, 3));
        for class in &model.classes {
            let n = labels.iter().filter(|label| u32::from(**label) == class.value).count() as u64;
            prop_assert_eq!(n, class.count, "class {}", class.value);
        }
    }

    #[test]
    fn merged_classes_label_as_relabelled_ones(
        scene in scenes(), algorithm in algorithms(),
        groups in prop::collection::vec(prop::collection::vec(1..8u32, 1..4), 1..3),
        radius in prop::option::of(0.05..1.0f64),
    ) {
        let laid = Laid::new(&scene, BSQ);
        let Some(mut model) = made(fit(&scene, &algorithm, 0)) else { return Ok(()) };
        if let Some(radius) = radius {
            model.set_radius_quantile(radius).unwrap();
        }
        let groups = groups.into_iter().map(|values| Group { name: "some".into(), values });
        let Ok(merged) = model.merged(&groups.collect::<Vec<_>>()) else { return Ok(()) };
        let labels = predict(&model, &laid.whole(), 1);
        let map = Raster::bsq(&labels, 1, scene.width, scene.height).unwrap();
        let mut relabelled = vec![u16::MAX; labels.len()];
        let mut view = LabelsMut::from_u16(&mut relabelled, scene.width, scene.height).unwrap();
        relabel(&merged.values, &map, &mut view, &mut Run::silent(2)).unwrap();
        prop_assert_eq!(predict(&merged.model, &laid.whole(), 2), relabelled);
        let json = merged.model.to_json();
        prop_assert_eq!(Model::from_json(&json).unwrap().to_json(), json);
    }

    #[test]
    fn what_is_saved_is_loaded_as_it_was(scene in scenes(), algorithm in algorithms()) {
        let folder = tempfile::TempDir::new().unwrap();
        let model_file = folder.path().join("model.json");
        let summary_file = folder.path().join("summary");
        let laid = Laid::new(&scene, BSQ);
        let mut summary = Summary::new(scene.n_bands, scene.sample_type, least(&scene)).unwrap();
        summary.add(&laid.whole(), &mut Run::silent(1)).unwrap();
        summary.save(&summary_file).unwrap();
        let loaded = Summary::load(&summary_file).unwrap();
        prop_assert!(loaded.to_bytes() == summary.to_bytes());
        let json = |summary: &Summary| {
            algorithm.fit(summary, &mut Run::silent(1)).map(|model| model.to_json())
        };
        prop_assert_eq!(json(&loaded), json(&summary));
        let Some(model) = made(fit(&scene, &algorithm, 0)) else { return Ok(()) };
        model.save(&model_file).unwrap();
        let loaded = Model::load(&model_file).unwrap();
        prop_assert_eq!(loaded.to_json(), model.to_json());
        prop_assert_eq!(predict(&loaded, &laid.whole(), 1), predict(&model, &laid.whole(), 1));
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn labels_depend_on_numbers_and_not_on_their_type(
        scene in scenes(), algorithm in algorithms(), order in orders(),
    ) {
        let bytes = Scene { sample_type: SampleType::U8, ..scene };
        let Some(model) = made(fit(&bytes, &algorithm, 0)) else { return Ok(()) };
        let labels = predict(&model, &Laid::new(&bytes, BSQ).whole(), 1);
        for sample_type in SAMPLE_TYPES.into_iter().filter(|of| *of != SampleType::I8) {
            let other = Scene { sample_type, ..bytes.clone() };
            // NaN becomes 0 in bytes.
            let numbers = bytes.numbers().into_iter();
            let numbers: Vec<f64> = numbers.map(|number| f64::from(number as u8)).collect();
            let laid = Laid::of(&other, order, &numbers);
            prop_assert_eq!(&predict(&model, &laid.whole(), 2), &labels, "{}", sample_type);
        }
    }
}

/// The class of the nearest point, in plain code, as `Regions` is documented.
fn class_of_nearest(model: &Model, pixel: &[f64]) -> u16 {
    let weights = match &model.scaling.zscore {
        None => vec![1.0; pixel.len()],
        Some(zscore) => zscore.std.iter().map(|std| 1.0 / std).collect(),
    };
    let regions = model.regions().unwrap();
    let mut best = (f64::INFINITY, 0);
    for (point, class) in regions.points.rows().into_iter().zip(&regions.classes) {
        let square =
            point.iter().zip(pixel).zip(&weights).fold(0.0, |sum, ((value, sample), weight)| {
                let difference = (sample - value) * weight;
                sum + difference * difference
            });
        if square < best.0 {
            best = (square, class + 1);
        }
    }
    best.1
}

fn view<'l>(scene: &Scene, labels: &'l mut [u16]) -> LabelsMut<'l> {
    LabelsMut::from_u16(labels, scene.width, scene.height).unwrap()
}

/// The algorithms whose models label a pixel like the nearest of many points.
const BY_POINTS: [&str; 8] =
    ["agglomerative", "birch", "spectral", "dbscan", "optics", "hdbscan", "meanshift", "affinity"];

proptest! {
    #![proptest_config(cases(40))]

    /// Scenes with so many pixels that the points are prepared first: labels alone, with
    /// confidence, and while statistics are computed.
    #[test]
    fn labels_by_many_points_are_those_of_the_nearest(
        scene in scenes(), name in prop::sample::select(BY_POINTS.to_vec()),
        scaled in any::<bool>(), order in orders(),
    ) {
        let scene = Scene { width: 180, height: 170, ..scene };
        let laid = Laid::new(&scene, order);
        let raster = laid.whole();
        let mut options = Map::from_iter([("n_representatives".to_string(), json!(150))]);
        if scaled {
            options.insert("scaling".into(), json!("zscore"));
        }
        let algorithm = Algorithm::new(name, options).unwrap();
        let mut summary = Summary::new(scene.n_bands, scene.sample_type, 0).unwrap();
        summary.add(&raster, &mut Run::silent(2)).unwrap();
        let Some(model) = made(algorithm.fit(&summary, &mut Run::silent(1))) else { return Ok(()) };
        let labels = predict(&model, &raster, 2);
        let numbers = scene.numbers();
        for (i, label) in labels.iter().enumerate().filter(|(_, label)| **label > 0) {
            // The value as its sample type stores it.
            let sample = |band: usize| {
                let number = numbers[band * scene.n_pixels() + i];
                match scene.sample_type {
                    SampleType::F32 => f64::from(number as f32),
                    SampleType::F64 => number,
                    _ => (number as i64) as f64,
                }
            };
            let pixel: Vec<f64> = (0..scene.n_bands).map(sample).collect();
            prop_assert_eq!(*label, class_of_nearest(&model, &pixel), "pixel {}: {:?}", i, pixel);
        }
        let n = labels.len();
        let (mut first, mut second, mut confidence) = (vec![0; n], vec![0; n], vec![0.0; n]);
        let new = || Refinement::new(&model, scene.sample_type);
        let mut refinements = [new(), new()];
        let run = &mut Run::silent(2);
        let mut sure = view(&scene, &mut first).with_confidence(&mut confidence).unwrap();
        model.predict(&raster, &mut sure, run).unwrap();
        prop_assert_eq!(&first, &labels);
        let mut sure = view(&scene, &mut first).with_confidence(&mut confidence).unwrap();
        refinements[0].add_and_label(&raster, &mut sure, run).unwrap();
        refinements[1].add_and_label(&raster, &mut view(&scene, &mut second), run).unwrap();
        prop_assert_eq!(&first, &labels);
        prop_assert_eq!(&second, &labels);
        prop_assert!(refinements[0].to_bytes() == refinements[1].to_bytes());
    }
}
