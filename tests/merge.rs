//! Merged classes: the same labels as merging the labels of a map, with the statistics of all
//! pixels.

use bandcluster::cluster::Algorithm;
use bandcluster::model::{Color, Group, Merged, Model, Refinement};
use bandcluster::progress::Run;
use bandcluster::raster::{LabelsMut, Raster, SampleType};
use serde_json::{json, Map, Value};

const N: usize = 6000;

/// Pixels of three bands, BSQ: blobs of unequal sizes, and a few pixels far from all blobs.
fn samples() -> Vec<u16> {
    let mut state = 7u64;
    let mut random = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as u16 % 120
    };
    let mut samples = vec![0; 3 * N];
    for pixel in 0..N {
        let blob = [0, 0, 0, 1, 1, 2, 2, 3, 4, 5][pixel % 10];
        for band in 0..3 {
            let mean = [300, 2900, 1000, 1500, 2200, 700][(blob + 2 * band) % 6];
            samples[band * N + pixel] = mean + random() + if pixel % 1500 == 0 { 9000 } else { 0 };
        }
    }
    samples
}

fn fit(algorithm: &str, options: Value) -> Model {
    let Value::Object(options) = options else { unreachable!() };
    let algorithm = Algorithm::new(algorithm, options).unwrap();
    let samples = samples();
    algorithm
        .fit_raster(&Raster::bsq(&samples, 3, N, 1).unwrap(), 1 << 26, &mut Run::silent(1))
        .unwrap()
}

fn labels(model: &Model) -> Vec<u8> {
    let (samples, mut labels) = (samples(), vec![0; N]);
    let raster = Raster::bsq(&samples, 3, N, 1).unwrap();
    model
        .predict(&raster, &mut LabelsMut::from_u8(&mut labels, N, 1).unwrap(), &mut Run::silent(1))
        .unwrap();
    labels
}

fn group(name: &str, values: &[u32]) -> Group {
    Group { name: name.into(), values: values.to_vec() }
}

fn near(found: f64, expected: f64, what: &str) {
    assert!(
        (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        "{what}: {found} for {expected}"
    );
}

/// Checks that the merged model's labels are the old ones remapped, and its statistics are those of
/// the pixels.
fn check(old: &Model, merged: &Merged) {
    let (before, after) = (labels(old), labels(&merged.model));
    for (old, new) in before.iter().zip(&after) {
        assert_eq!(u32::from(*new), merged.values[usize::from(*old) - 1]);
    }
    let samples = samples();
    let (model, mut inertia) = (&merged.model, 0.0);
    for (class, center) in model.classes.iter().zip(model.centers().rows()) {
        let pixels: Vec<usize> =
            (0..N).filter(|pixel| u32::from(after[*pixel]) == class.value).collect();
        assert_eq!(class.count, pixels.len() as u64);
        for band in 0..3 {
            let values: Vec<f64> =
                pixels.iter().map(|pixel| f64::from(samples[band * N + pixel])).collect();
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>()
                / values.len() as f64;
            near(class.mean[band], mean, "mean");
            near(class.std[band], variance.sqrt(), "standard deviation");
            inertia += values.iter().map(|value| (value - center[band]).powi(2)).sum::<f64>();
        }
    }
    near(model.inertia(), inertia, "inertia");
    let reread = Model::from_json(&model.to_json()).unwrap();
    assert_eq!(reread.to_json(), model.to_json());
    assert_eq!(labels(&reread), after);
    // A refinement does not change the statistics.
    let mut refined = reread.clone();
    let mut refinement = Refinement::new(&refined, SampleType::U16);
    refinement.add(&Raster::bsq(&samples, 3, N, 1).unwrap(), &mut Run::silent(1)).unwrap();
    refinement.apply(&mut refined).unwrap();
    let told = |model: &Model| -> Vec<_> {
        model
            .classes
            .iter()
            .map(|class| (class.value, class.name.clone(), class.color, class.count))
            .collect()
    };
    assert_eq!(told(&refined), told(model));
}

#[test]
fn predicting_is_remapping() {
    let old = fit("kmeans", json!({"n_clusters": 6}));
    let merged = old
        .merged(&[group("water", &[5, 1]), group("crops", &[2, 3]), group("town", &[6])])
        .unwrap();
    check(&old, &merged);
    let names: Vec<&str> = merged.model.classes.iter().map(|class| class.name.as_str()).collect();
    assert_eq!((names.len(), merged.model.method.name.as_str()), (4, "kmeans"));
    for name in ["water", "crops", "town"] {
        assert!(names.contains(&name), "{names:?}");
    }
    let counts: Vec<u64> = merged.model.classes.iter().map(|class| class.count).collect();
    assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
    let stays = &merged.model.classes[merged.values[3] as usize - 1];
    assert_eq!(
        stays.name,
        format!("class {}", stays.value),
        "a name that only tells the number changes with it"
    );
    assert_eq!((&stays.mean, &stays.std), (&old.classes[3].mean, &old.classes[3].std));
    // Merging in several steps is the same as merging at once, whatever the order.
    let first = old.merged(&[group("water", &[5, 1])]).unwrap();
    let value = |class: usize| first.values[class - 1];
    let then = first
        .model
        .merged(&[group("crops", &[value(2), value(3)]), group("town", &[value(6)])])
        .unwrap();
    assert_eq!(labels(&then.model), labels(&merged.model));
    check(&first.model, &then);
}

#[test]
fn classes_of_regions_are_merged_too_and_noise_stays_the_last() {
    let old = fit("dbscan", json!({"eps": 120.0, "min_samples": 20.0}));
    let noise = old.n_classes() as u32;
    assert!(noise > 3 && old.classes[noise as usize - 1].name == "noise", "{noise}");
    let merged = old.merged(&[group("a", &[1, 3])]).unwrap();
    check(&old, &merged);
    let last = merged.model.classes.last().unwrap();
    assert_eq!((last.name.as_str(), merged.values[noise as usize - 1]), ("noise", noise - 1));
    let message = old.merged(&[group("a", &[1, noise])]).unwrap_err().to_string();
    assert!(
        message.contains("belong to no class") && message.contains("leave it out"),
        "{message}"
    );
    let named = old.merged(&[group("outliers", &[noise])]).unwrap();
    assert_eq!(named.model.classes.last().unwrap().name, "outliers");
}

#[test]
fn pixels_that_are_unclassified_stay_so() {
    let mut old = fit("kmeans", json!({"n_clusters": 6}));
    let groups = [group("a", &[1, 4]), group("b", &[2, 3])];
    old.set_radius_quantile(0.7).unwrap();
    let merged = old.merged(&groups).unwrap();
    assert_eq!((merged.values.len(), merged.values[6]), (7, 5));
    let (before, after) = (labels(&old), labels(&merged.model));
    assert!(before.iter().filter(|label| **label == 7).count() > N / 10);
    assert!(before
        .iter()
        .zip(&after)
        .all(|(old, new)| u32::from(*new) == merged.values[usize::from(*old) - 1]));
    let reread = Model::from_json(&merged.model.to_json()).unwrap();
    assert_eq!(labels(&reread), after);
    let again = reread.merged(&[group("all", &[1, 2, 3, 4])]).unwrap();
    let expected: Vec<u8> = after.iter().map(|label| if *label == 5 { 2 } else { 1 }).collect();
    assert_eq!(labels(&again.model), expected, "every part keeps its reach");
    // New class radii are for the merged classes.
    let mut anew = merged.model.clone();
    anew.set_max_distance(90.0).unwrap();
    old.set_max_distance(90.0).unwrap();
    let one_radius = old.merged(&groups).unwrap().model;
    assert!(one_radius.to_json() == anew.to_json() && !one_radius.to_json().contains("radii"));
    anew.clear_radii();
    assert!(!labels(&anew).contains(&5));
}

#[test]
fn profiles_are_those_of_all_pixels() {
    let old = fit("kmeans", json!({"n_clusters": 6}));
    let merged = old.merged(&[group("all", &[1, 2, 3, 4, 5, 6])]).unwrap().model;
    let [class] = &merged.classes[..] else { panic!("one class is left") };
    let samples = samples();
    let centred =
        |band: usize, pixel: usize| f64::from(samples[band * N + pixel]) - class.mean[band];
    let covariance = class.covariance();
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
        let expected =
            (0..N).map(|pixel| centred(a, pixel) * centred(b, pixel)).sum::<f64>() / N as f64;
        let scale = class.std[a] * class.std[b];
        // The spread within cells is only an estimate.
        assert!(
            (covariance[(a, b)] - expected).abs() < 0.01 * scale,
            "{} for {expected}",
            covariance[(a, b)]
        );
    }
    let most = old.classes.iter().map(|class| class.profile.as_ref().unwrap().distances.at(1.0));
    let profile = class.profile.as_ref().unwrap();
    assert_eq!(profile.distances.at(1.0), most.fold(0.0, f64::max));
}

#[test]
fn colours_are_natural_unless_somebody_chose_them() {
    let old = fit("kmeans", json!({"n_clusters": 4}));
    let merged = |old: &Model| old.merged(&[group("both", &[2, 3])]).unwrap();
    let natural = merged(&old);
    let mut again = natural.model.clone();
    again.natural_colors([0, 1, 2]).unwrap();
    assert_eq!(again.classes, natural.model.classes);
    // A saved model knows whether its colours are natural, unless the colours were changed in the
    // file.
    let text = old.to_json();
    assert_eq!(merged(&Model::from_json(&text).unwrap()).model, natural.model);
    let own = old.classes[1].color.to_string();
    let edited = Model::from_json(&text.replacen(&own, "#123456", 1)).unwrap();
    let both = |merged: &Merged| merged.model.classes[merged.values[1] as usize - 1].color;
    assert_eq!(both(&merged(&edited)).to_string(), "#123456");
    let mut chosen = old.clone();
    chosen.set_color(2, Color { r: 1, g: 2, b: 3 }).unwrap();
    chosen.set_color(3, Color { r: 9, g: 9, b: 9 }).unwrap();
    let new = merged(&chosen);
    assert_eq!(both(&new), Color { r: 1, g: 2, b: 3 }, "that of the larger one");
    assert_eq!(new.model.classes[new.values[0] as usize - 1].color, old.classes[0].color);
}

#[test]
fn names_alone_change_nothing_else() {
    let old = fit("kmeans", json!({"n_clusters": 3}));
    let named = old.merged(&[group("sea", &[3]), group("land", &[1])]).unwrap();
    assert_eq!(named.values, [1, 2, 3]);
    assert!(named.model.regions().is_none());
    let renamed =
        old.to_json().replace("\"class 3\"", "\"sea\"").replace("\"class 1\"", "\"land\"");
    assert_eq!(named.model.to_json(), renamed);
}

#[test]
fn groups_that_cannot_be_are_refused() {
    let old = fit("kmeans", json!({"n_clusters": 3}));
    for (groups, wanted) in [
        (vec![], "nothing is to be merged"),
        (vec![group("a", &[])], "of no class"),
        (vec![group(" ", &[1])], "must have a name"),
        (vec![group("a", &[1, 4])], "no class 4: the classes are 1 to 3"),
        (vec![group("a", &[0])], "no class 0"),
        (vec![group("a", &[1, 1])], "twice"),
        (vec![group("a", &[1, 2]), group("b", &[2])], "both a and b"),
        (vec![group("a", &[1]), group("a", &[2])], "a is given twice"),
    ] {
        let message = old.merged(&groups).unwrap_err().to_string();
        assert!(message.contains(wanted), "{message}");
    }
    for text in ["water", "=1", "water=", "water=1,,2", "water=x", "water=1;2"] {
        assert!(text.parse::<Group>().unwrap_err().to_string().contains("NAME=VALUES"), "{text}");
    }
    assert_eq!(" open = water = 1, 3".parse::<Group>().unwrap(), group("open = water", &[1, 3]));
}

#[test]
fn a_model_whose_centers_move_is_refined_first() {
    let samples = samples();
    let mut summary = bandcluster::summary::Summary::new(
        3,
        SampleType::U16,
        bandcluster::summary::Summary::least_memory(3, SampleType::U16),
    )
    .unwrap();
    summary.add(&Raster::bsq(&samples, 3, N, 1).unwrap(), &mut Run::silent(1)).unwrap();
    let model =
        Algorithm::new("kmeans", Map::new()).unwrap().fit(&summary, &mut Run::silent(1)).unwrap();
    assert!(!model.converged());
    let message = model.merged(&[group("a", &[1, 2])]).unwrap_err().to_string();
    assert!(message.contains("refine it first"), "{message}");
}

/// The centres in the file were moved: the inertia is less than the amount that merging subtracts.
#[test]
fn a_model_that_contradicts_itself_is_not_merged() {
    let mut file: Value =
        serde_json::from_str(&fit("kmeans", json!({"n_clusters": 4})).to_json()).unwrap();
    for center in file["centers"].as_array_mut().unwrap() {
        center
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .for_each(|value| *value = json!(value.as_f64().unwrap() + 1e6));
    }
    let model = Model::from_json(&file.to_string()).unwrap();
    let error = model.merged(&[group("both", &[1, 2])]).unwrap_err().to_string();
    assert!(error.starts_with("the model contradicts itself: its inertia is "), "{error}");
}
