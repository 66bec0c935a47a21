//! Every algorithm finds the classes of a scene, the same on any number of threads, in a model that
//! can be saved and labels other pixels.

use bandcluster::cluster::{Algorithm, Gmm};
use bandcluster::model::{Model, Refinement};
use bandcluster::progress::Run;
use bandcluster::raster::{LabelsMut, Raster, SampleType};
use bandcluster::summary::Summary;
use bandcluster::Error;
use rand_core::RngCore;
use rand_pcg::Pcg64Mcg;
use serde_json::{json, Map, Value};

const WIDTH: usize = 300;
const HEIGHT: usize = 200;
const N_BANDS: usize = 4;

/// Means of three materials, far apart compared with their noise of up to 60 in every band.
const MATERIALS: [[u16; N_BANDS]; 3] =
    [[400, 500, 300, 2800], [1500, 1600, 1700, 1900], [900, 700, 500, 200]];

/// Pixels in stripes of the materials (six, three and one in ten), and the material of each.
fn scene(seed: u64) -> (Vec<u16>, Vec<usize>) {
    let mut random = Pcg64Mcg::new(u128::from(seed));
    let mut noise = || (0..4).map(|_| (random.next_u32() % 31) as u16).sum::<u16>();
    let truth: Vec<usize> = (0..WIDTH * HEIGHT)
        .map(|pixel| match pixel / 7 % 10 {
            0..6 => 0,
            6..9 => 1,
            _ => 2,
        })
        .collect();
    let bands =
        (0..N_BANDS).map(|band| truth.iter().map(move |&material| MATERIALS[material][band]));
    let samples =
        bands.flatten().collect::<Vec<_>>().into_iter().map(|mean| mean + noise()).collect();
    (samples, truth)
}

fn raster(samples: &[u16]) -> Raster<'_> {
    Raster::bsq(samples, N_BANDS, WIDTH, HEIGHT).unwrap()
}

fn algorithm(name: &str, options: Value) -> Algorithm {
    let Value::Object(options) = options else { panic!("options are an object") };
    Algorithm::new(name, options).unwrap()
}

/// Each algorithm with the options that make it find three classes.
fn algorithms() -> Vec<Algorithm> {
    let three = || json!({"n_clusters": 3});
    vec![
        algorithm("kmeans", three()),
        algorithm("bisecting", three()),
        algorithm("isodata", json!({"initial_clusters": 2, "max_clusters": 6})),
        algorithm("gmm", json!({"n_components": 3})),
        algorithm("agglomerative", three()),
        algorithm("agglomerative", json!({"n_clusters": 3, "linkage": "average"})),
        algorithm("agglomerative", json!({"n_clusters": 3, "linkage": "complete"})),
        algorithm("agglomerative", json!({"n_clusters": 3, "linkage": "single"})),
        algorithm("birch", three()),
        algorithm("dbscan", json!({"eps": 150.0})),
        algorithm("optics", json!({"cluster_method": "dbscan", "eps": 150.0})),
        algorithm("hdbscan", json!({"min_cluster_size": 50, "cluster_selection_epsilon": 150.0})),
        algorithm("meanshift", json!({"bandwidth": 400.0})),
        algorithm("spectral", json!({"n_clusters": 3, "n_representatives": 300})),
        algorithm("affinity", json!({"n_representatives": 200, "preference": -50_000_000.0})),
        algorithm("minibatch", three()),
    ]
}

fn predict(model: &Model, samples: &[u16], threads: usize) -> Vec<u8> {
    let mut labels = vec![0; WIDTH * HEIGHT];
    let mut labels_mut = LabelsMut::from_u8(&mut labels, WIDTH, HEIGHT).unwrap();
    model.predict(&raster(samples), &mut labels_mut, &mut Run::silent(threads)).unwrap();
    labels
}

#[test]
fn each_finds_the_materials_and_labels_another_scene() {
    let (samples, _) = scene(1);
    let (others, truth) = scene(2);
    for algorithm in algorithms() {
        let model = algorithm.fit_raster(&raster(&samples), 0, &mut Run::silent(2)).unwrap();
        assert!(model.converged(), "{algorithm:?}");
        let labels = predict(&Model::from_json(&model.to_json()).unwrap(), &others, 2);
        // The largest class comes first, so materials and classes have the same order; noise is
        // rare.
        let right = labels
            .iter()
            .zip(&truth)
            .filter(|(label, truth)| usize::from(**label) == **truth + 1)
            .count();
        assert!(
            right as f64 > 0.995 * truth.len() as f64,
            "{algorithm:?}: {right} of {}",
            truth.len()
        );
        assert_eq!(model.classes.iter().map(|class| class.count).sum::<u64>(), truth.len() as u64);
    }
}

/// The summary has few cells, so the pass over the pixels has to correct the classes; with several
/// blocks and threads.
#[test]
fn the_same_bytes_whatever_the_threads() {
    let (samples, _) = scene(3);
    for algorithm in algorithms() {
        let fit = |threads| {
            algorithm.fit_raster(&raster(&samples), 400_000, &mut Run::silent(threads)).unwrap()
        };
        let (one, two) = (fit(1), fit(2));
        assert_eq!(one.to_json(), two.to_json(), "{algorithm:?}");
        assert_eq!(Model::from_json(&one.to_json()).unwrap().to_json(), one.to_json());
        assert_eq!(predict(&one, &samples, 1), predict(&two, &samples, 2));
    }
}

/// The statistics of a class after the pass over the pixels are those of its labels.
#[test]
fn statistics_are_those_of_the_labels() {
    let (samples, _) = scene(4);
    let algorithm = algorithm("agglomerative", json!({"n_clusters": 3, "n_representatives": 50}));
    let model = algorithm.fit_raster(&raster(&samples), 400_000, &mut Run::silent(2)).unwrap();
    let labels = predict(&model, &samples, 2);
    for class in &model.classes {
        let pixels: Vec<usize> =
            (0..labels.len()).filter(|&pixel| u32::from(labels[pixel]) == class.value).collect();
        assert_eq!(class.count, pixels.len() as u64);
        for band in 0..N_BANDS {
            let values =
                || pixels.iter().map(|pixel| f64::from(samples[band * WIDTH * HEIGHT + pixel]));
            let mean = values().sum::<f64>() / pixels.len() as f64;
            let variance =
                values().map(|value| (value - mean).powi(2)).sum::<f64>() / pixels.len() as f64;
            assert!((class.mean[band] - mean).abs() < 1e-6 * mean);
            assert!((class.std[band] - variance.sqrt()).abs() < 1e-6 * mean);
        }
    }
}

/// The largest material is cut in two before the other two are separated.
#[test]
fn bisecting_splits_what_it_is_told_to() {
    let (samples, _) = scene(7);
    let options = json!({"n_clusters": 3, "bisecting_strategy": "largest_cluster"});
    let model = algorithm("bisecting", options)
        .fit_raster(&raster(&samples), 0, &mut Run::silent(2))
        .unwrap();
    assert!(model.classes.iter().all(|class| class.count < 30_000), "{:?}", model.classes);
}

#[test]
fn noise_is_last_and_named() {
    let (mut samples, _) = scene(5);
    // A hundred pixels with different values.
    for pixel in 0..100 {
        for band in 0..N_BANDS {
            let far = 4000 + 300 * (pixel * (band + 3) % 101);
            samples[band * WIDTH * HEIGHT + pixel * 601] = far as u16;
        }
    }
    let algorithm = algorithm("dbscan", json!({"eps": 150.0}));
    let model = algorithm.fit_raster(&raster(&samples), 0, &mut Run::silent(2)).unwrap();
    assert_eq!(model.n_classes(), 4);
    assert_eq!(model.classes[3].name, "noise");
    assert!((90..110).contains(&model.classes[3].count), "{}", model.classes[3].count);
    assert!(model.classes[0].count > model.classes[2].count);
    let again = Model::from_json(&model.to_json()).unwrap();
    assert_eq!(again.to_json(), model.to_json());
}

#[test]
fn models_that_have_not_converged_are_finished_by_one_pass() {
    let (samples, truth) = scene(6);
    let mut summary = Summary::new(N_BANDS, SampleType::U16, 400_000).unwrap();
    summary.add(&raster(&samples), &mut Run::silent(2)).unwrap();
    let mut model =
        algorithm("birch", json!({"n_clusters": 3})).fit(&summary, &mut Run::silent(2)).unwrap();
    assert!(!model.converged());
    let centers = model.centers().clone();
    let mut refinement = Refinement::new(&model, SampleType::U16);
    let mut labels = vec![0u8; WIDTH * HEIGHT];
    let mut labels_mut = LabelsMut::from_u8(&mut labels, WIDTH, HEIGHT).unwrap();
    refinement.add_and_label(&raster(&samples), &mut labels_mut, &mut Run::silent(2)).unwrap();
    assert_eq!(refinement.apply(&mut model).unwrap(), 0.0);
    assert!(model.converged());
    assert_eq!(*model.centers(), centers);
    assert_eq!(labels, predict(&model, &samples, 1));
    assert_eq!(
        model.classes[0].count,
        truth.iter().filter(|material| **material == 0).count() as u64
    );
}

/// An even sample holds only one value: the rare values still become classes.
#[test]
fn rare_values_that_no_sample_holds_are_found() {
    let mut samples = vec![500; N_BANDS * WIDTH * HEIGHT];
    (0..3).for_each(|pixel| samples[pixel * 7000] += 100 * (1 + pixel as u16));
    for name in ["agglomerative", "birch"] {
        let model = algorithm(name, json!({}))
            .fit_raster(&raster(&samples), 0, &mut Run::silent(1))
            .unwrap();
        let counts: Vec<u64> = model.classes.iter().map(|class| class.count).collect();
        assert_eq!(counts, [(WIDTH * HEIGHT - 3) as u64, 1, 1, 1], "{name}");
        let labels = predict(&model, &samples, 1);
        assert!(labels[1] == 1 && labels[7000] > 1 && labels[14000] > 1, "{name}");
    }
}

/// Single pixels hardly widen the subcluster that takes them, so the first threshold of BIRCH
/// allows it.
#[test]
fn birch_finds_lone_pixels_where_values_are_few() {
    let mut samples = vec![10u16; 1000];
    (samples[3], samples[500]) = (11, 200);
    let raster = Raster::bsq(&samples, 1, 100, 10).unwrap();
    let birch = algorithm("birch", json!({ "n_clusters": 3 }));
    let model = birch.fit_raster(&raster, 0, &mut Run::silent(1)).unwrap();
    assert_eq!(model.classes.iter().map(|class| class.count).collect::<Vec<_>>(), [998, 1, 1]);
}

#[test]
fn wrong_options_are_named() {
    let refused = |name: &str, options: Value| {
        let Value::Object(options) = options else { panic!("options are an object") };
        Algorithm::new(name, options).unwrap_err().to_string()
    };
    assert!(refused("kmedoids", json!({})).contains("kmeans, bisecting, isodata"));
    assert!(refused("dbscan", json!({"n_clusters": 3}))
        .contains("has no option n_clusters (it finds the number of classes itself)"));
    assert!(refused("dbscan", json!({"eps": -1.0})).contains("eps is -1"));
    assert!(refused("dbscan", json!({"min_samples": 0})).contains("min_samples is 0"));
    assert!(refused("agglomerative", json!({"linkage": "median"})).contains("ward, "));
    assert!(refused("agglomerative", json!({"n_clusters": 0})).contains("0 clusters"));
    assert!(refused("agglomerative", json!({"n_representatives": 100_000})).contains("to 5000"));
    assert!(refused("birch", json!({"branching_factor": 1})).contains("branching_factor is 1"));
    assert!(refused("isodata", json!({"min_size": 1.5})).contains("min_size is 1.5"));
    assert!(refused("isodata", json!({"initial_clusters": 20})).contains("initial_clusters is 20"));
    assert!(refused("gmm", json!({"reg_covar": 0})).contains("reg_covar is 0"));
    assert!(refused("meanshift", json!({"bandwidth": 0})).contains("bandwidth is 0"));
    assert!(
        refused("bisecting", json!({"bisecting_strategy": "widest"})).contains("biggest_inertia")
    );
    assert!(Algorithm::NAMES.iter().all(|name| Algorithm::new(name, Map::new()).is_ok()));
}

/// Options that were not read by name are checked, too.
#[test]
fn a_fit_checks_the_options() {
    let (samples, _) = scene(6);
    let algorithm = Algorithm::Gmm(Gmm { n_init: 0, ..Gmm::default() });
    let error = algorithm.fit_raster(&raster(&samples), 0, &mut Run::silent(1)).unwrap_err();
    assert_eq!(error.to_string(), "n_init is 0 and max_iter 100: both must be at least 1");
    let summary = Summary::new(N_BANDS, SampleType::U16, 0).unwrap();
    assert_eq!(
        algorithm.fit(&summary, &mut Run::silent(1)).unwrap_err().to_string(),
        error.to_string()
    );
}

/// The model of a fit can be saved and read again, whatever the size of the values; otherwise the
/// fit says that they are too large.
#[test]
fn a_model_that_cannot_be_kept_is_refused() {
    const ROWS: usize = 10;
    let (samples, _) = scene(3);
    let rows = samples.chunks(WIDTH * HEIGHT).flat_map(|band| &band[..WIDTH * ROWS]);
    let mut refused = 0;
    for exponent in [60, 76, 100, 152, 300] {
        let huge: Vec<f64> =
            rows.clone().map(|sample| f64::from(*sample) * 10f64.powi(exponent)).collect();
        let raster = Raster::bsq(&huge, N_BANDS, WIDTH, ROWS).unwrap();
        for (name, options) in [
            ("kmeans", json!({"n_clusters": 3, "n_init": 2})),
            ("kmeans", json!({"n_clusters": 3, "n_init": 2, "scaling": "zscore"})),
            ("bisecting", json!({"n_clusters": 3})),
            ("isodata", json!({})),
            ("gmm", json!({"n_components": 3})),
            ("agglomerative", json!({"n_clusters": 3, "n_representatives": 200})),
            ("birch", json!({"n_clusters": 3, "n_representatives": 200})),
            ("meanshift", json!({"n_representatives": 200})),
            ("dbscan", json!({"n_representatives": 200, "eps": 10f64.powi(exponent)})),
            ("hdbscan", json!({"n_representatives": 200})),
            ("optics", json!({"n_representatives": 200})),
        ] {
            match algorithm(name, options).fit_raster(&raster, 0, &mut Run::silent(2)) {
                Ok(model) => {
                    let again = Model::from_json(&model.to_json()).unwrap_or_else(|error| {
                        panic!("{name} kept a model of 1e{exponent}: {error}")
                    });
                    assert_eq!(again.to_json(), model.to_json());
                }
                Err(Error::InvalidData(_) | Error::InvalidArgument(_)) => refused += 1,
                Err(error) => panic!("{name} of 1e{exponent}: {error}"),
            }
        }
    }
    assert!((11..50).contains(&refused), "{refused}");
}
