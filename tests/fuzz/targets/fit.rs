//! Algorithms x options x pixels.

use arbitrary::{Result, Unstructured};
use bandcluster::model::Model;
use bandcluster::{Algorithm, Run};
use serde_json::{json, Map, Value};

use super::asserts::{check_labels, check_model, looked_at, use_model};
use super::pixels::Pixels;

/// Options of all algorithms, with sensible and senseless values. Few representatives and few
/// restarts, so that thousands of fits take a minute.
fn options() -> Vec<(&'static str, Vec<Value>)> {
    let integers = || vec![json!(1), json!(2), json!(3), json!(5), json!(12), json!(0), json!(300)];
    let numbers = || {
        vec![
            json!(1),
            json!(0.5),
            json!(20.5),
            json!(1e-9),
            json!(1e9),
            json!(1e300),
            json!(0),
            json!(-1),
            json!(null),
        ]
    };
    vec![
        ("n_clusters", integers()),
        ("n_components", integers()),
        ("initial_clusters", integers()),
        ("max_clusters", integers()),
        ("n_init", vec![json!(1), json!(2), json!(3), json!(0)]),
        ("max_iter", vec![json!(1), json!(2), json!(50), json!(0)]),
        ("convergence_iter", integers()),
        ("tol", numbers()),
        ("reg_covar", numbers()),
        ("min_size", numbers()),
        ("max_std", numbers()),
        ("min_distance", numbers()),
        ("eps", numbers()),
        ("max_eps", numbers()),
        ("min_samples", integers()),
        ("min_cluster_size", integers()),
        ("cluster_selection_epsilon", numbers()),
        ("threshold", numbers()),
        ("branching_factor", integers()),
        (
            "xi",
            vec![json!(0.05), json!(0.5), json!(1e-9), json!(0.999), json!(0), json!(1), json!(2)],
        ),
        ("bandwidth", numbers()),
        ("gamma", numbers()),
        ("n_neighbors", integers()),
        ("damping", vec![json!(0.5), json!(0.9), json!(0.999), json!(null), json!(1)]),
        ("preference", vec![json!(-50), json!(-1e-9), json!(0), json!(-1e300), json!(null)]),
        ("linkage", vec![json!("ward"), json!("average"), json!("complete"), json!("single")]),
        ("affinity", vec![json!("rbf"), json!("nearest_neighbors")]),
        ("bisecting_strategy", vec![json!("biggest_inertia"), json!("largest_cluster")]),
        ("cluster_method", vec![json!("xi"), json!("dbscan")]),
        ("cluster_selection_method", vec![json!("eom"), json!("leaf")]),
        ("scaling", vec![json!("zscore"), json!("none")]),
        ("metric", vec![json!("spectral_angle"), json!("euclidean")]),
        ("seed", vec![json!(1), json!(u64::MAX)]),
    ]
}

/// An algorithm with some options, or what is wrong with them.
fn algorithm(u: &mut Unstructured) -> Result<Option<Algorithm>> {
    let name = *u.choose(&Algorithm::NAMES)?;
    let default = Algorithm::new(name, Map::new()).expect("the defaults are right");
    let known = match serde_json::to_value(&default) {
        Ok(Value::Object(known)) => known,
        _ => unreachable!("options are an object"),
    };
    let mut chosen = Map::new();
    for (option, values) in options() {
        if known.contains_key(option) && u.ratio(1, 2)? {
            chosen.insert(option.into(), u.choose(&values)?.clone());
        }
    }
    for (option, few) in [("n_representatives", 40), ("n_init", 2)] {
        if known.contains_key(option) {
            chosen.entry(option).or_insert(few.into());
        }
    }
    Ok(looked_at(Algorithm::new(name, chosen)))
}

pub fn fit(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let taken = algorithm(&mut u).and_then(|algorithm| Ok((algorithm, Pixels::take(&mut u)?)));
    if let Ok((Some(algorithm), pixels)) = taken {
        check(&algorithm, &pixels);
    }
}

fn check(algorithm: &Algorithm, pixels: &Pixels) {
    let fitted = |threads| algorithm.fit_raster(&pixels.raster(), 0, &mut Run::silent(threads));
    let model = fitted(1);
    let again = fitted(2);
    assert_eq!(
        again.as_ref().map(Model::to_json),
        model.as_ref().map(Model::to_json),
        "two threads"
    );
    let Some(model) = looked_at(model) else { return };
    check_model(&model);
    let n_classes = model.n_classes();
    assert!(n_classes <= algorithm.most_classes(), "{n_classes} of {}", algorithm.most_classes());
    let labels = check_labels(&model, &pixels.raster(), |pixel| pixels.is_valid(pixel));
    // Sums keep 60 bits below the largest number of a band.
    let largest = |band: usize| {
        let valid = (0..labels.len()).filter(|pixel| labels[*pixel] > 0);
        valid.map(|pixel| pixels.value(band, pixel).abs()).fold(0.0, f64::max)
    };
    let slack: Vec<f64> = (0..pixels.n_bands).map(|band| 1e-9 * largest(band)).collect();
    for class in &model.classes {
        let own: Vec<usize> =
            (0..labels.len()).filter(|pixel| u32::from(labels[*pixel]) == class.value).collect();
        assert_eq!(class.count, own.len() as u64, "class {} of {algorithm:?}", class.value);
        for band in (0..pixels.n_bands).filter(|_| !own.is_empty()) {
            let values = || own.iter().map(|pixel| pixels.value(band, *pixel));
            let (least, most) =
                (values().fold(f64::MAX, f64::min), values().fold(f64::MIN, f64::max));
            let (mean, slack) = (class.mean[band], slack[band]);
            assert!(
                (least - slack..=most + slack).contains(&mean),
                "mean {mean} of values from {least} to {most}"
            );
            assert!(
                class.std[band] <= (most - least) / 2.0 + slack,
                "std {} of {least} to {most}",
                class.std[band]
            );
        }
    }
    use_model(&model);
}
