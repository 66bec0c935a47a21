//! Band weights: a fit with weights is a fit on bands that are multiplied by them.

use bandcluster::cluster::Algorithm;
use bandcluster::model::{Model, Refinement};
use bandcluster::progress::Run;
use bandcluster::raster::{LabelsMut, Raster, SampleType};
use rand_core::RngCore;
use rand_pcg::Pcg64Mcg;
use serde_json::{json, Value};

const N: usize = 3000;

/// Powers of two, so that a product is exact.
const WEIGHTS: [f64; 3] = [2.0, 0.5, 1.0];

/// Three bands of three materials with noise, each band multiplied by its factor.
fn samples(factors: [f64; 3]) -> Vec<f64> {
    let mut random = Pcg64Mcg::new(7);
    let means = [[10.0, 900.0, 50.0], [40.0, 200.0, 90.0], [25.0, 500.0, 10.0]];
    let mut samples = vec![0.0; 3 * N];
    for pixel in 0..N {
        for (band, factor) in factors.iter().enumerate() {
            let noise = f64::from(random.next_u32() % 13);
            samples[band * N + pixel] = factor * (means[pixel % 3][band] + noise);
        }
    }
    samples
}

fn raster(samples: &[f64]) -> Raster<'_> {
    Raster::bsq(samples, 3, N, 1).unwrap()
}

fn algorithm(name: &str, options: &Value) -> bandcluster::Result<Algorithm> {
    Algorithm::new(name, options.as_object().unwrap().clone())
}

fn fit(name: &str, options: &Value, samples: &[f64]) -> Model {
    let algorithm = algorithm(name, options).unwrap();
    algorithm.fit_raster(&raster(samples), 0, &mut Run::silent(2)).unwrap()
}

fn refusal(name: &str, options: Value) -> String {
    let fitted = algorithm(name, &options).and_then(|algorithm| {
        algorithm.fit_raster(&raster(&samples([1.0; 3])), 0, &mut Run::silent(1))
    });
    fitted.unwrap_err().to_string()
}

fn labels(model: &Model, samples: &[f64]) -> Vec<u16> {
    let mut labels = vec![0u16; N];
    let mut output = LabelsMut::from_u16(&mut labels, N, 1).unwrap();
    model.predict(&raster(samples), &mut output, &mut Run::silent(1)).unwrap();
    labels
}

/// Each algorithm that takes weights, with few enough points to be quick.
fn options() -> Vec<(&'static str, Value)> {
    let few = json!({"n_representatives": 200});
    let three = json!({"n_clusters": 3, "n_representatives": 200});
    vec![
        ("kmeans", json!({"n_clusters": 3})),
        ("kmeans", json!({"n_clusters": 5, "scaling": "zscore"})),
        ("bisecting", json!({"n_clusters": 3})),
        ("isodata", json!({"initial_clusters": 3})),
        ("agglomerative", three.clone()),
        ("birch", three.clone()),
        ("spectral", three),
        ("dbscan", few.clone()),
        ("optics", few.clone()),
        ("hdbscan", few.clone()),
        ("meanshift", few.clone()),
        ("affinity", few),
    ]
}

#[test]
fn weights_do_what_multiplied_bands_do() {
    let plain = samples([1.0; 3]);
    for (name, mut options) in options() {
        // Z-scores undo what bands are multiplied by, but not weights.
        let is_scaled = options.get("scaling").is_some();
        let multiplied = if is_scaled { plain.clone() } else { samples(WEIGHTS) };
        let expected = fit(name, &options, &multiplied);
        options["band_weights"] = json!(WEIGHTS);
        let model = fit(name, &options, &plain);
        if is_scaled {
            assert_ne!(model.inertia(), expected.inertia());
            continue;
        }
        assert_eq!(model.inertia(), expected.inertia(), "{name}");
        assert_eq!(labels(&model, &plain), labels(&expected, &multiplied), "{name}");
        let saved = Model::from_json(&model.to_json()).unwrap();
        assert_eq!(saved.to_json(), model.to_json(), "{name}");
        assert_eq!(labels(&saved, &plain), labels(&model, &plain), "{name}");
    }
}

#[test]
fn equal_weights_are_none_to_the_byte() {
    let plain = samples([1.0; 3]);
    for (name, mut options) in options() {
        let expected = fit(name, &options, &plain).to_json();
        options["band_weights"] = json!([1, 1.0, 1]);
        assert_eq!(fit(name, &options, &plain).to_json(), expected, "{name}");
        assert!(!expected.contains("band_weights"));
    }
}

#[test]
fn wrong_weights_are_refused() {
    for weights in [json!([1, 0, 1]), json!([1, -2, 1]), json!([1e-300, 1, 1])] {
        let message = refusal("kmeans", json!({ "band_weights": weights }));
        assert!(message.contains("numbers above 0") && message.contains("do not choose it"));
    }
    let message = refusal("kmeans", json!({"band_weights": ["far"]}));
    assert!(message.contains("option band_weights"), "{message}");
    for (name, mut options) in options() {
        options["band_weights"] = json!([1, 2]);
        let message = refusal(name, options);
        assert_eq!(
            message,
            "2 band weights are given for 3 bands: give one for each band, in the order of the \
             bands"
        );
    }
    let message = refusal("gmm", json!({"band_weights": WEIGHTS}));
    assert!(message.contains("weights change nothing"), "{message}");
    let options = json!({"band_weights": WEIGHTS, "metric": "spectral_angle"});
    assert!(refusal("kmeans", options).contains("does not go with band_weights"));
}

#[test]
fn a_model_with_weights_is_not_for_older_libraries() {
    let plain = samples([1.0; 3]);
    let options = json!({"n_clusters": 3, "band_weights": WEIGHTS});
    let model: Value = serde_json::from_str(&fit("kmeans", &options, &plain).to_json()).unwrap();
    assert_eq!(model["version"], 2);
    assert_eq!(model["band_weights"], json!(WEIGHTS));
    let plain: Value =
        serde_json::from_str(&fit("kmeans", &json!({"n_clusters": 3}), &plain).to_json()).unwrap();
    assert_eq!(plain["version"], 1);
    for (key, value, message) in [
        ("band_weights", json!([1, 2]), "2 band weights are given for 3 bands"),
        ("band_weights", json!([1, 2, 0]), "numbers above 0"),
        ("band_weights", json!("many"), "damaged"),
        ("metric", json!("spectral_angle"), "goes with neither"),
        ("version", json!(3), "is of version 3, this library reads up to 2: update bandcluster"),
    ] {
        let mut damaged = model.clone();
        damaged[key] = value;
        let error = Model::from_json(&damaged.to_string()).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn a_refinement_is_of_one_set_of_weights() {
    let plain = samples([1.0; 3]);
    let given = json!([[10, 900, 50], [40, 200, 90]]);
    let fixed = |weights: [f64; 3]| {
        let options = json!({"init": given, "fix": true, "band_weights": weights});
        fit("kmeans", &options, &plain)
    };
    let (mut one, other) = (fixed(WEIGHTS), fixed([1.0, 1.0, 2.0]));
    let refinement = Refinement::new(&other, SampleType::F64);
    assert!(refinement.apply_with(&mut one, &mut Run::silent(1)).is_err());
}
