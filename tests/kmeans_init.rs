//! k-means from given centres: only Lloyd's descent from these, or the given centres as classes.

use bandcluster::cluster::{Algorithm, KMeans, ScalingMethod};
use bandcluster::model::{Init, Metric, Model, Refinement};
use bandcluster::progress::Run;
use bandcluster::raster::{LabelsMut, Raster, Sample};
use bandcluster::summary::Summary;
use bandcluster::Result;
use ndarray::{array, Array2, Axis};
use rand_core::RngCore;
use rand_pcg::Pcg64Mcg;
use serde_json::json;

const SIZE: (usize, usize) = (300, 200);
const N: usize = SIZE.0 * SIZE.1;
const N_BANDS: usize = 2;

/// Little memory, so that the cells of wide samples have to merge.
const MEMORY: usize = 600_000;

/// Pixels of six materials that overlap a little, some of them rare, BSQ, from 10 to 240.
fn scene() -> Vec<f64> {
    const OF_RUN: [usize; 16] = [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5];
    let mut random = Pcg64Mcg::new(5);
    let mut uniform = move || f64::from(random.next_u32()) / f64::from(u32::MAX);
    let mut samples = vec![0.0; N_BANDS * N];
    for pixel in 0..N {
        let material = OF_RUN[pixel / 70 % OF_RUN.len()];
        let noise = 20.0 * (uniform() + uniform() + uniform());
        samples[pixel] = 10.0 + 80.0 * (material % 3) as f64 + noise;
        samples[N + pixel] = 10.0 + 120.0 * (material / 3) as f64 + 70.0 * uniform();
    }
    samples
}

fn samples<T: Sample>(convert: impl Fn(f64) -> T) -> Vec<T> {
    scene().into_iter().map(convert).collect()
}

fn raster<T: Sample>(samples: &[T]) -> Raster<'_> {
    Raster::bsq(samples, N_BANDS, SIZE.0, SIZE.1).unwrap()
}

/// Starts in one corner: a search would leave them at once.
fn starts() -> Init {
    let names = ["class 2", "reed", "class 1", "mud"].map(String::from).to_vec();
    let centers = array![[20.0, 20.0], [25.0, 30.0], [30.0, 25.0], [90.0, 40.0]];
    Init::named(names, centers).unwrap()
}

fn starting() -> KMeans {
    KMeans { tol: 0.0, max_iter: 1000, ..KMeans::starting_from(starts()) }
}

fn fit<T: Sample>(samples: &[T], options: KMeans, threads: usize) -> Result<Model> {
    Algorithm::KMeans(options).fit_raster(&raster(samples), MEMORY, &mut Run::silent(threads))
}

/// The nearest centre of a pixel, with weighted distances.
fn nearest(samples: &[f64], pixel: usize, centers: &Array2<f64>, weights: &[f64]) -> usize {
    let distance = |center: usize| {
        let of =
            |band: usize| (samples[band * N + pixel] - centers[(center, band)]) * weights[band];
        (0..N_BANDS).map(|band| of(band).powi(2)).sum::<f64>()
    };
    (0..centers.nrows()).min_by(|a, b| distance(*a).total_cmp(&distance(*b))).unwrap()
}

/// Lloyd's algorithm in the plainest code: its fixed point, and the number of pixels of each
/// centre.
fn lloyd(samples: &[f64], mut centers: Array2<f64>, weights: &[f64]) -> (Array2<f64>, Vec<u64>) {
    loop {
        let mut sums = Array2::<f64>::zeros(centers.raw_dim());
        let mut counts = vec![0u64; centers.nrows()];
        for pixel in 0..N {
            let center = nearest(samples, pixel, &centers, weights);
            counts[center] += 1;
            (0..N_BANDS).for_each(|band| sums[(center, band)] += samples[band * N + pixel]);
        }
        sums.rows_mut().into_iter().zip(&counts).for_each(|(mut row, n)| row /= *n as f64);
        if sums == centers {
            return (centers, counts);
        }
        centers = sums;
    }
}

/// Checks that the classes of a model are these centres within a tolerance, with the names of the
/// starts, the largest first.
fn check_classes(
    model: &Model,
    centers: &Array2<f64>,
    counts: &[u64],
    (shift, pixels): (f64, u64),
) {
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|start| std::cmp::Reverse(counts[*start]));
    let names: Vec<&str> = order.iter().map(|start| starts_name(*start)).collect();
    assert_eq!(model.classes.iter().map(|class| class.name.as_str()).collect::<Vec<_>>(), names);
    assert_ne!(order, [0, 1, 2, 3], "the classes should have to be renumbered");
    for (class, start) in model.classes.iter().zip(&order) {
        assert!(
            class.count.abs_diff(counts[*start]) <= pixels,
            "{} is not {}",
            class.count,
            counts[*start]
        );
    }
    let shifts = (model.centers() - &centers.select(Axis(0), &order)).mapv(f64::abs);
    assert!(shifts.iter().all(|found| *found <= shift), "{:?} is not {centers:?}", model.centers());
}

/// Tolerances of values and counts: rounding, and a neighbouring fixed point (a pixel more or less
/// at the border).
const EXACT: (f64, u64) = (1e-9, 0);
const NEAR: (f64, u64) = (0.05, 60);

fn starts_name(start: usize) -> &'static str {
    ["class 2", "reed", "class 1", "mud"][start]
}

#[test]
fn a_descent_ends_where_plain_lloyd_does() {
    let plain = samples(|value| value.round());
    let (centers, counts) = lloyd(&plain, starts().centers().clone(), &[1.0; 2]);
    let bytes = samples(|value| value.round() as u8);
    let whole =
        Algorithm::KMeans(starting()).fit_raster(&raster(&bytes), 0, &mut Run::silent(2)).unwrap();
    check_classes(&whole, &centers, &counts, EXACT);
    assert_eq!((whole.parameters.n_init, whole.converged()), (1, true));
    // If cells have to merge, passes over the pixels follow.
    let fine = scene();
    let (centers, counts) = lloyd(&fine, starts().centers().clone(), &[1.0; 2]);
    check_classes(&fit(&fine, starting(), 2).unwrap(), &centers, &counts, NEAR);
}

#[test]
fn a_search_would_end_elsewhere() {
    // All starts in one of the six materials.
    let init =
        array![[20.0, 20.0], [22.0, 40.0], [30.0, 60.0], [40.0, 20.0], [45.0, 40.0], [50.0, 60.0]];
    let fine = scene();
    let given = fit(&fine, KMeans::starting_from(Init::new(init).unwrap()), 2).unwrap();
    let best = fit(&fine, KMeans { n_clusters: 6, ..KMeans::default() }, 2).unwrap();
    assert!(given.inertia() > best.inertia() * 1.05, "{} and {}", given.inertia(), best.inertia());
}

#[test]
fn scaling_applies_to_starts_as_to_pixels() {
    let fine = scene();
    let model = fit(&fine, KMeans { scaling: ScalingMethod::ZScore, ..starting() }, 2).unwrap();
    let std = |band: usize| ndarray::ArrayView1::from(&fine[band * N..][..N]).std(0.0);
    let (centers, counts) = lloyd(&fine, starts().centers().clone(), &[1.0 / std(0), 1.0 / std(1)]);
    check_classes(&model, &centers, &counts, NEAR);
}

#[test]
fn centres_that_are_fixed_stay_and_classes_are_measured() {
    let fine = scene();
    let options = KMeans { fix: true, ..starting() };
    let centers = starts().centers().clone();
    let mut counts = vec![0u64; 4];
    (0..N).for_each(|pixel| counts[nearest(&fine, pixel, &centers, &[1.0; 2])] += 1);
    let model = fit(&fine, options.clone(), 2).unwrap();
    check_classes(&model, &centers, &counts, (0.0, 0));
    let whole: f64 = (0..N).map(|pixel| fine[pixel]).sum();
    let of_classes: f64 =
        model.classes.iter().map(|class| class.mean[0] * class.count as f64).sum();
    assert!((whole - of_classes).abs() < 1e-6 * whole, "{whole} and {of_classes}");
    // A centre that is nearest to no pixel stays, too, as an empty class. There may be more centres
    // than distinct pixels.
    let far = Init::new(array![[20.0, 20.0], [-500.0, 0.0], [100.0, 100.0]]).unwrap();
    let model = fit(&fine, KMeans { fix: true, ..KMeans::starting_from(far.clone()) }, 2).unwrap();
    assert_eq!(model.classes[2].count, 0);
    assert_eq!(model.centers().row(2), array![-500.0, 0.0]);
    let few = vec![7u8; N_BANDS * N];
    let model = fit(&few, KMeans { fix: true, ..KMeans::starting_from(far) }, 2).unwrap();
    assert_eq!(model.classes.iter().map(|class| class.count).collect::<Vec<_>>(), [N as u64, 0, 0]);
}

#[test]
fn further_centres_are_drawn_beside_those_given() {
    let fine = scene();
    let given = ["a", "b", "c", "d"].map(String::from);
    let init = Init::named(given.to_vec(), starts().centers().clone()).unwrap();
    let options = KMeans { n_clusters: 6, ..KMeans::starting_from(init) };
    let model = fit(&fine, options.clone(), 2).unwrap();
    let (own, others): (Vec<_>, Vec<_>) =
        model.classes.iter().partition(|class| given.contains(&class.name));
    assert_eq!((own.len(), others.len()), (4, 2));
    others.iter().for_each(|class| assert_eq!(class.name, format!("class {}", class.value)));
    assert_eq!(fit(&fine, options.clone(), 7).unwrap().to_json(), model.to_json());
    let few = KMeans { max_iter: 1, ..options };
    let other = KMeans { seed: 8, ..few.clone() };
    assert_ne!(fit(&fine, other, 2).unwrap().centers(), fit(&fine, few, 2).unwrap().centers());
}

#[test]
fn blocks_threads_and_saved_parts_make_the_same_bytes() {
    let fine = samples(|value| value as f32);
    for (fix, metric) in
        [(false, Metric::Euclidean), (true, Metric::Euclidean), (false, Metric::SpectralAngle)]
    {
        let options = KMeans { fix, metric, tol: 1e-4, ..starting() };
        let whole = fit(&fine, options.clone(), 1).unwrap();
        assert_eq!(fit(&fine, options.clone(), 7).unwrap().to_json(), whole.to_json());
        let run = &mut Run::silent(2);
        let rows: Vec<Vec<f32>> = (0..10)
            .map(|block| {
                (0..N_BANDS)
                    .flat_map(|band| fine[band * N + block * N / 10..][..N / 10].to_vec())
                    .collect()
            })
            .collect();
        let blocks =
            || rows.iter().map(|rows| Raster::bsq(rows, N_BANDS, SIZE.0, SIZE.1 / 10).unwrap());
        let mut summary = Summary::new(N_BANDS, f32::TYPE, MEMORY).unwrap();
        blocks().for_each(|block| summary.add(&block, run).unwrap());
        let mut model = Algorithm::KMeans(options.clone()).fit(&summary, run).unwrap();
        while !model.converged() {
            // A worker of a cluster gets the model as JSON.
            let sent = Model::from_json(&model.to_json()).unwrap();
            let mut all = Refinement::new(&model, f32::TYPE);
            for block in blocks().collect::<Vec<_>>().iter().rev() {
                let mut part = Refinement::new(&sent, f32::TYPE);
                part.add(block, run).unwrap();
                all.merge(&Refinement::from_bytes(&part.to_bytes()).unwrap()).unwrap();
            }
            all.apply(&mut model).unwrap();
        }
        assert_eq!(model.to_json(), whole.to_json(), "fix {fix}, {metric:?}");
    }
}

#[test]
fn by_the_spectral_angle_starts_are_directions() {
    let fine = scene();
    let longer = Init::named(starts().names().to_vec(), starts().centers() * 3.0).unwrap();
    let of = |init: Init| {
        let kmeans =
            KMeans { metric: Metric::SpectralAngle, fix: true, ..KMeans::starting_from(init) };
        fit(&fine, kmeans, 2).unwrap()
    };
    let (one, other) = (of(starts()), of(longer));
    assert!((one.centers() - other.centers()).iter().all(|shift| shift.abs() < 1e-9));
    for class in 0..4 {
        let start =
            starts().names().iter().position(|name| *name == one.classes[class].name).unwrap();
        let (center, start) =
            (one.centers().row(class).to_owned(), starts().centers().row(start).to_owned());
        let cosine = center.dot(&start) / (center.dot(&center) * start.dot(&start)).sqrt();
        assert!(cosine > 1.0 - 1e-12, "{cosine}");
    }
}

#[test]
fn the_model_keeps_what_it_started_from() {
    let fine = samples(|value| value as f32);
    let options = KMeans { fix: true, ..starting() };
    let model = fit(&fine, options.clone(), 2).unwrap();
    let told: serde_json::Value = serde_json::from_str(&model.to_json()).unwrap();
    assert_eq!(told["parameters"]["init"]["reed"], json!([25.0, 30.0]));
    assert_eq!(
        (&told["parameters"]["fix"], &told["parameters"]["n_init"]),
        (&json!(true), &json!(1))
    );
    let read = Model::from_json(&model.to_json()).unwrap();
    assert_eq!(read.to_json(), model.to_json());
    // The saved parameters are enough to fit the model again.
    let again = KMeans { init: read.parameters.init.clone(), fix: read.parameters.fix, ..options };
    assert_eq!(fit(&fine, again, 2).unwrap().to_json(), model.to_json());
    let without = fit(&fine, KMeans::default(), 2).unwrap().to_json();
    assert!(
        !without.contains("\"init\"") && !without.contains("\"fix\""),
        "models of searches are as before"
    );
    let damaged = model.to_json().replace("[25.0, 30.0]", "[25.0]");
    assert!(Model::from_json(&damaged).unwrap_err().to_string().contains("one number per band"));
    let damaged = told.to_string().replace("30.0]", "30.0,1.0]").replace("20.0]", "20.0,1.0]");
    let damaged =
        damaged.replace("[30.0,25.0]", "[30.0,25.0,1.0]").replace("[90.0,40.0]", "[90.0,40.0,1.0]");
    let error = Model::from_json(&damaged).unwrap_err().to_string();
    assert!(error.contains("centres of init have 3 bands, and there are 2"), "{error}");
}

#[test]
fn merged_classes_keep_the_names_of_the_others() {
    let model = fit(&scene(), starting(), 2).unwrap();
    let merged = model.merged(&["wet=1,2".parse().unwrap()]).unwrap().model;
    let mut names: Vec<&str> = merged.classes.iter().map(|class| class.name.as_str()).collect();
    let mut kept: Vec<&str> =
        model.classes[2..].iter().map(|class| class.name.as_str()).chain(["wet"]).collect();
    names.sort_unstable();
    kept.sort_unstable();
    assert_eq!(names, kept);
    assert_eq!(Model::from_json(&merged.to_json()).unwrap().to_json(), merged.to_json());
}

#[test]
fn options_as_json_are_those_of_the_struct() {
    let named =
        |options: serde_json::Value| Algorithm::new("kmeans", options.as_object().unwrap().clone());
    let given = json!({"init": {"wood": [1, 2], "lake": [3, 4]}, "fix": true});
    let Algorithm::KMeans(options) = named(given).unwrap() else { unreachable!("k-means") };
    let init =
        Init::named(vec!["wood".into(), "lake".into()], array![[1.0, 2.0], [3.0, 4.0]]).unwrap();
    assert_eq!(options, KMeans { fix: true, ..KMeans::starting_from(init) });
    for drawn in [json!({"init": "k-means++"}), json!({"init": null})] {
        assert_eq!(named(drawn).unwrap(), Algorithm::default());
    }
    for (options, message) in [
        (
            json!({"init": "random"}),
            "kmeans, option init is \"random\": give \"k-means++\", or centres to start from",
        ),
        (
            json!({"init": 3}),
            "kmeans, option init is 3: give centres: a list of lists of one number per band",
        ),
        (
            json!({"init": [[1, 2], [3]]}),
            "kmeans, option init is [[1,2],[3]]: give centres of one number per band",
        ),
        (
            json!({"init": [[1], [2], [3]], "n_clusters": 2}),
            "init has 3 centres, and n_clusters is 2: give at most 2",
        ),
        (
            json!({"init": [[1]], "n_clusters": 2, "fix": true}),
            "fix keeps the centres of init, of which there are 1, and n_clusters is 2",
        ),
        (json!({"fix": true}), "fix is true, and there are no centres to keep: give init"),
        (json!({"fix": 1}), "kmeans, option fix is 1: give true or false"),
    ] {
        let error = named(options).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
    let fit = fit(&scene(), KMeans::starting_from(Init::new(array![[1.0, 2.0, 3.0]]).unwrap()), 1);
    let error = fit.unwrap_err().to_string();
    assert!(
        error.starts_with(
            "the centres of init have 3 bands, the pixels 2: give one number per band"
        ),
        "{error}"
    );
}

#[test]
fn labels_are_those_of_the_nearest_starts() {
    let fine = scene();
    let model = fit(&fine, KMeans { fix: true, ..starting() }, 2).unwrap();
    let mut labels = vec![0u8; N];
    let mut view = LabelsMut::from_u8(&mut labels, SIZE.0, SIZE.1).unwrap();
    model.predict(&raster(&fine), &mut view, &mut Run::silent(2)).unwrap();
    for (pixel, label) in labels.iter().enumerate() {
        let start = nearest(&fine, pixel, starts().centers(), &[1.0; 2]);
        assert_eq!(model.classes[usize::from(*label) - 1].name, starts_name(start));
    }
}
