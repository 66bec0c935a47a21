//! Aligning: a new fit takes the numbers, names and colours of an old model.

use bandcluster::cluster::Algorithm;
use bandcluster::model::{Aligned, Color, Match, Model, Refinement};
use bandcluster::progress::Run;
use bandcluster::raster::{LabelsMut, Raster, SampleType};
use serde_json::{json, Value};

const N: usize = 4000;
const MEANS: [[u16; 2]; 5] = [[300, 2900], [2900, 300], [1500, 1500], [3800, 3800], [500, 600]];

/// Pixels of two bands, BSQ, in blobs whose sizes are `shares` tenths, all brighter by `shift`; and
/// a few pixels far from all blobs.
fn samples(shares: [usize; 5], shift: u16, outliers: bool) -> Vec<u16> {
    let blobs: Vec<usize> = shares
        .iter()
        .enumerate()
        .flat_map(|(blob, share)| std::iter::repeat_n(blob, *share))
        .collect();
    let mut samples = vec![0; 2 * N];
    for pixel in 0..N {
        for band in 0..2 {
            let noise = (pixel * (7 + 6 * band) % 101) as u16;
            let far = if outliers && pixel % 500 == 0 { 9000 + pixel as u16 } else { 0 };
            samples[band * N + pixel] =
                MEANS[blobs[pixel % blobs.len()]][band] + noise + shift + far;
        }
    }
    samples
}

fn fit(algorithm: &str, options: Value, samples: &[u16]) -> Model {
    let Value::Object(options) = options else { unreachable!() };
    let algorithm = Algorithm::new(algorithm, options).unwrap();
    algorithm
        .fit_raster(&Raster::bsq(samples, 2, N, 1).unwrap(), 1 << 26, &mut Run::silent(1))
        .unwrap()
}

fn kmeans(k: usize, samples: &[u16]) -> Model {
    fit("kmeans", json!({"n_clusters": k}), samples)
}

fn labels(model: &Model, samples: &[u16]) -> Vec<u8> {
    let mut labels = vec![0; N];
    let raster = Raster::bsq(samples, 2, N, 1).unwrap();
    model
        .predict(&raster, &mut LabelsMut::from_u8(&mut labels, N, 1).unwrap(), &mut Run::silent(1))
        .unwrap();
    labels
}

/// Names the classes after their nearest blobs, and gives them colours.
fn named(mut model: Model, shift: u16) -> Model {
    for value in 1..=model.n_classes() as u32 {
        let mean = model.class(value).unwrap().mean.clone();
        let blob = MEANS.iter().position(|of| {
            (0..2).all(|band| (mean[band] - f64::from(of[band] + shift + 50)).abs() < 60.0)
        });
        if let Some(blob) = blob {
            model.set_name(value, &format!("blob {blob}")).unwrap();
            model.set_color(value, Color { r: 10 * blob as u8, g: 200, b: 7 }).unwrap();
        }
    }
    model
}

fn names(model: &Model) -> Vec<&str> {
    model.classes.iter().map(|class| class.name.as_str()).collect()
}

/// The labels of the aligned model are the old ones with their new numbers, also after a
/// refinement, and after the model is saved and loaded.
fn check(model: &Model, aligned: &Aligned, samples: &[u16]) {
    let (before, after) = (labels(model, samples), labels(&aligned.model, samples));
    assert!(before
        .iter()
        .zip(&after)
        .all(|(old, new)| aligned.values[usize::from(*old) - 1] == u32::from(*new)));
    assert_eq!(aligned.matches.len(), aligned.model.n_classes());
    let saved = Model::from_json(&aligned.model.to_json()).unwrap();
    assert_eq!(saved.to_json(), aligned.model.to_json());
    let mut refined = saved.clone();
    let mut refinement = Refinement::new(&refined, SampleType::U16);
    refinement.add(&Raster::bsq(samples, 2, N, 1).unwrap(), &mut Run::silent(1)).unwrap();
    refinement.apply(&mut refined).unwrap();
    assert_eq!(names(&refined), names(&aligned.model));
    assert_eq!(labels(&refined, samples), after);
    for (class, was) in refined.classes.iter().zip(&aligned.model.classes) {
        assert_eq!((class.count, class.color), (was.count, was.color));
    }
}

#[test]
fn classes_keep_their_numbers_when_sizes_change() {
    let old = named(kmeans(5, &samples([5, 4, 3, 2, 1], 0, false)), 0);
    assert_eq!(names(&old), ["blob 0", "blob 1", "blob 2", "blob 3", "blob 4"]);
    // Everything is brighter by more than the distance of some classes, and the largest class is
    // now the smallest.
    let scene = samples([1, 2, 3, 4, 5], 900, false);
    let new = kmeans(5, &scene);
    let aligned = new.aligned(&old).unwrap();
    assert_eq!(aligned.values, [5, 4, 3, 2, 1]);
    let again = aligned.model.aligned(&old).unwrap();
    assert_eq!(again.model.to_json(), aligned.model.to_json());
    assert!(old.aligned(&old).unwrap().model.regions().is_none(), "nothing was to be changed");
    assert_eq!(names(&aligned.model), names(&named(aligned.model.clone(), 900)));
    for (class, was) in aligned.model.classes.iter().zip(&old.classes) {
        assert_eq!((&class.name, class.color), (&was.name, was.color));
    }
    for Match { value, like, distance } in &aligned.matches {
        assert_eq!(Some(*value), *like);
        assert!((distance.unwrap() - 900.0 * 2f64.sqrt()).abs() < 20.0, "{distance:?}");
    }
    assert_eq!(aligned.model.inertia(), new.inertia());
    check(&new, &aligned, &scene);
}

#[test]
fn distances_are_in_the_old_model_s_scaling() {
    let scene = samples([5, 4, 3, 2, 1], 0, false);
    let mut options = json!({"n_clusters": 5, "scaling": "zscore"});
    let old = named(fit("kmeans", options.clone(), &scene), 0);
    options["seed"] = json!(9);
    let shifted = samples([1, 2, 3, 4, 5], 300, false);
    let aligned = fit("kmeans", options, &shifted).aligned(&old).unwrap();
    assert_eq!(names(&aligned.model), names(&old));
    let std = &old.scaling.zscore.as_ref().expect("it is scaled").std;
    let expected = ((300.0 / std[0]).powi(2) + (300.0 / std[1]).powi(2)).sqrt();
    for matched in &aligned.matches {
        assert!((matched.distance.unwrap() - expected).abs() < 0.02 * expected, "{matched:?}");
    }
}

#[test]
fn more_classes_follow_after() {
    let old = named(kmeans(3, &samples([5, 4, 0, 3, 0], 0, false)), 0);
    let scene = samples([1, 2, 3, 4, 5], 0, false);
    let new = kmeans(5, &scene);
    let aligned = new.aligned(&old).unwrap();
    assert_eq!(
        names(&aligned.model),
        ["blob 0", "blob 1", "blob 3", "class 4 (new)", "class 5 (new)"]
    );
    let [.., fourth, fifth] = &aligned.model.classes[..] else { panic!() };
    assert!(fourth.count > fifth.count, "the new ones are ordered by size");
    assert_eq!(aligned.matches[3], Match { value: 4, like: None, distance: None });
    let colors: std::collections::HashSet<_> =
        aligned.model.classes.iter().map(|class| class.color).collect();
    assert_eq!(colors.len(), 5);
    check(&new, &aligned, &scene);
}

#[test]
fn classes_that_are_not_found_keep_their_places() {
    let old = named(kmeans(5, &samples([5, 4, 3, 2, 1], 0, false)), 0);
    let scene = samples([1, 0, 3, 0, 5], 0, false);
    let new = kmeans(3, &scene);
    let aligned = new.aligned(&old).unwrap();
    assert_eq!(names(&aligned.model), names(&old));
    assert_eq!(aligned.values, [5, 3, 1]);
    let absent = &aligned.model.classes[1];
    assert_eq!(
        (absent.count, &absent.mean, absent.color),
        (0, &old.classes[1].mean, old.classes[1].color)
    );
    assert_eq!(aligned.matches[1], Match { value: 2, like: Some(2), distance: None });
    check(&new, &aligned, &scene);
    // The next scene in the series is like this one, and its fit finds the classes again.
    let scene = samples([1, 2, 3, 4, 5], 0, false);
    let next = kmeans(5, &scene).aligned(&aligned.model).unwrap();
    assert_eq!(names(&next.model), names(&old));
    assert!(next.model.classes.iter().all(|class| class.count > 0));
    // A merge handles the empty class, too.
    let group = "both=1,2".parse().unwrap();
    let merged = aligned.model.merged(&[group]).unwrap();
    assert_eq!(merged.model.class(merged.values[0]).unwrap().mean, aligned.model.classes[0].mean);
}

#[test]
fn noise_is_paired_with_noise() {
    let options = json!({"eps": 300.0, "min_samples": 10.0});
    let old = named(fit("dbscan", options.clone(), &samples([5, 4, 0, 3, 0], 0, true)), 0);
    assert_eq!(names(&old), ["blob 0", "blob 1", "blob 3", "noise"]);
    let scene = samples([1, 2, 3, 4, 5], 0, true);
    let new = fit("dbscan", options, &scene);
    let aligned = new.aligned(&old).unwrap();
    let expected = ["blob 0", "blob 1", "blob 3", "noise", "class 5 (new)", "class 6 (new)"];
    assert_eq!(names(&aligned.model), expected);
    check(&new, &aligned, &scene);
    let message = aligned.model.merged(&["a=1,4".parse().unwrap()]).unwrap_err().to_string();
    assert!(message.contains("belong to no class"), "{message}");
    let merged = aligned.model.merged(&["a=1,5".parse().unwrap()]).unwrap().model;
    assert_eq!(names(&merged).last(), Some(&"noise"), "merged classes are numbered by size again");
    let quiet = samples([5, 4, 3, 2, 1], 0, false);
    let without = kmeans(3, &quiet).aligned(&old).unwrap();
    assert_eq!((names(&without.model), without.model.classes[3].count), (names(&old), 0));
}

#[test]
fn pixels_that_are_unclassified_stay_so() {
    let old = named(kmeans(5, &samples([5, 4, 3, 2, 1], 0, false)), 0);
    let scene = samples([1, 0, 3, 0, 5], 0, false);
    let mut new = kmeans(3, &scene);
    new.set_radius_quantile(0.8).unwrap();
    let mut aligned = new.aligned(&old).unwrap();
    assert_eq!(aligned.values, [5, 3, 1, 6]);
    let (before, after) = (labels(&new, &scene), labels(&aligned.model, &scene));
    assert!(before
        .iter()
        .zip(&after)
        .all(|(old, new)| aligned.values[usize::from(*old) - 1] == u32::from(*new)));
    assert!(before.contains(&4));
    let radii: Vec<_> = aligned.model.classes.iter().map(|class| class.radius).collect();
    aligned.model.set_radius_quantile(0.8).unwrap();
    assert_eq!(aligned.model.classes.iter().map(|class| class.radius).collect::<Vec<_>>(), radii);
}

#[test]
fn bands_must_be_the_same() {
    let mut old = kmeans(3, &samples([5, 4, 3, 2, 1], 0, false));
    let mut new = old.clone();
    old.bands[0].name = "B04".into();
    assert!(new.aligned(&old).is_ok(), "what has no name may be the same");
    new.bands[0].name = "b04".into();
    assert!(new.aligned(&old).is_ok());
    new.bands[0].name = "B08".into();
    let message = new.aligned(&old).unwrap_err().to_string();
    assert!(
        message.contains("B08") && message.contains("B04") && message.contains("same bands"),
        "{message}"
    );
    let single =
        Algorithm::new("kmeans", json!({"n_clusters": 2}).as_object().unwrap().clone()).unwrap();
    let samples = samples([5, 4, 3, 2, 1], 0, false);
    let raster = Raster::bsq(&samples, 1, 2 * N, 1).unwrap();
    let single = single.fit_raster(&raster, 1 << 22, &mut Run::silent(1)).unwrap();
    assert!(single.aligned(&old).unwrap_err().to_string().contains("same bands"));
}

#[test]
fn pairs_are_the_best_of_all() {
    // Centres on a line; the nearest centre of each is taken by another.
    let line = |places: &[u16]| -> Vec<u16> {
        (0..2 * N).map(|i| places[i % N % places.len()] + ((i % N) % 7) as u16).collect()
    };
    let old = kmeans(4, &line(&[1000, 2000, 3000, 4000]));
    let new = kmeans(4, &line(&[1600, 2600, 3600, 4600]));
    let of = |model: &Model, place: f64| {
        model
            .classes
            .iter()
            .find(|class| (class.mean[0] - place).abs() < 50.0)
            .map(|class| class.value)
            .unwrap()
    };
    let aligned = new.aligned(&old).unwrap().model;
    for place in [1000.0, 2000.0, 3000.0, 4000.0] {
        assert_eq!(of(&aligned, place + 600.0), of(&old, place));
    }
}
