//! The longest time without a check for a stop in each algorithm, with the largest allowed
//! arguments.

use rand_core::RngCore;
use rand_pcg::Pcg64;
use serde_json::json;

use super::Algorithm;
use crate::progress::{silence, Run};
use crate::raster::{Raster, SampleType};
use crate::summary::Summary;

/// Prints the longest silence of each:
/// `cargo test --release --lib longest_silence -- --ignored --nocapture`. It takes minutes, and
/// checks nothing, as the times depend on the machine and its load.
#[test]
#[ignore = "it measures for minutes, and decides nothing"]
fn longest_silence() {
    const SIDE: usize = 400;
    for n_bands in [13, 4] {
        let mut random = Pcg64::new(1, 0);
        let samples: Vec<u16> =
            (0..n_bands * SIDE * SIDE).map(|_| (random.next_u64() % 3000) as u16).collect();
        let raster = Raster::bsq(&samples, n_bands, SIDE, SIDE).unwrap();
        let mut summary = Summary::new(n_bands, SampleType::U16, 0).unwrap();
        summary.add(&raster, &mut Run::silent(0)).unwrap();
        for (name, options) in [
            ("affinity", json!({"n_representatives": 3000, "max_iter": 20})),
            ("agglomerative", json!({"n_representatives": 5000, "linkage": "ward"})),
            ("agglomerative", json!({"n_representatives": 5000, "linkage": "average"})),
            ("birch", json!({"n_representatives": 5000})),
            ("optics", json!({"n_representatives": 5000})),
            ("hdbscan", json!({"n_representatives": 5000})),
            ("dbscan", json!({"n_representatives": 5000})),
            ("meanshift", json!({"n_representatives": 5000})),
            ("gmm", json!({"n_components": 300, "max_iter": 2})),
            ("isodata", json!({"initial_clusters": 20000, "max_clusters": 65535, "max_iter": 2})),
            ("bisecting", json!({"n_clusters": 300, "n_init": 1})),
            ("kmeans", json!({"n_clusters": 10, "n_init": 2})),
            ("kmeans", json!({"n_clusters": 20000, "n_init": 1, "max_iter": 2})),
            ("spectral", json!({"n_clusters": 20, "n_representatives": 3000})),
            ("spectral", json!({"n_clusters": 2000, "n_init": 1, "n_representatives": 3000})),
        ] {
            let algorithm = Algorithm::new(name, options.as_object().unwrap().clone()).unwrap();
            let mut error = None;
            let longest = silence::of(|| {
                let mut go_on = |_: f64, _: &str| true;
                error = algorithm.fit(&summary, &mut Run::new(0, &mut go_on)).err();
            });
            let error = error.map(|error| error.to_string()).unwrap_or_default();
            println!("{n_bands} bands: {:.3} s {name} {options} {error}", longest.as_secs_f64());
        }
    }
}
