//! K-means and DBSCAN, compared with linfa's on the same pixels.

use std::collections::BTreeMap;

use bandcluster::cluster::Algorithm;
use bandcluster::model::Model;
use bandcluster::progress::Run;
use bandcluster::raster::Raster;
use gdal::Dataset;
use linfa::traits::{Fit, Transformer};
use linfa::DatasetBase;
use linfa_clustering::{Dbscan, KMeans};
use ndarray::{Array2, ArrayView1, Axis};
use rand_core::RngCore;
use rand_pcg::Pcg64Mcg;
use serde_json::{json, Value};

/// One of `STEP` pixels of a real scene is clustered.
const STEP: usize = 41;

/// Pixels (x bands), without those that are 0 in a band.
fn pixels_of(name: &str) -> Array2<f64> {
    let scene = Dataset::open(format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let (width, height) = scene.raster_size();
    let n_bands = scene.raster_count();
    let mut bands = Array2::zeros((n_bands, width * height));
    for (mut row, band) in bands.rows_mut().into_iter().zip(1..) {
        let band = scene.rasterband(band).unwrap();
        let samples = band.read_as::<f64>((0, 0), (width, height), (width, height), None).unwrap();
        row.assign(&ArrayView1::from(samples.data()));
    }
    let valid = |pixel: &usize| bands.column(*pixel).iter().all(|sample| *sample > 0.0);
    let taken: Vec<usize> = (0..width * height).step_by(STEP).filter(valid).collect();
    bands.select(Axis(1), &taken).reversed_axes().as_standard_layout().into_owned()
}

fn fit(name: &str, options: Value, pixels: &Array2<f64>) -> Model {
    let Value::Object(options) = options else { panic!("options are an object") };
    let samples: Vec<u16> = pixels.t().iter().map(|sample| *sample as u16).collect();
    let raster = Raster::bsq(&samples, pixels.ncols(), pixels.nrows(), 1).unwrap();
    Algorithm::new(name, options).unwrap().fit_raster(&raster, 0, &mut Run::silent(2)).unwrap()
}

/// The sum of the squared distances of pixels from their nearest centres.
fn inertia(pixels: &Array2<f64>, centers: &Array2<f64>) -> f64 {
    let squared = |pixel: ArrayView1<f64>, center: ArrayView1<f64>| {
        pixel.iter().zip(center).map(|(a, b)| (a - b) * (a - b)).sum::<f64>()
    };
    let nearest = |pixel: ArrayView1<f64>| {
        let distances = centers.rows().into_iter().map(|center| squared(pixel, center));
        distances.fold(f64::INFINITY, f64::min)
    };
    pixels.rows().into_iter().map(nearest).sum()
}

/// The same array in linfa's version of ndarray.
fn for_linfa(array: &Array2<f64>) -> linfa_ndarray::Array2<f64> {
    linfa_ndarray::Array2::from_shape_fn(array.dim(), |at| array[at])
}

#[test]
fn inertia_is_no_worse_than_that_of_linfa_s_best_start() {
    for name in
        ["s2_train.tif", "s2_predict.tif", "s2_13band.tif", "l8_nodata_a.tif", "l7_uint8.tif"]
    {
        let pixels = pixels_of(name);
        assert!(pixels.nrows() > 2500, "{name}");
        let dataset = DatasetBase::from(for_linfa(&pixels));
        for k in [4, 9] {
            let theirs = KMeans::params(k).n_runs(3).fit(&dataset).unwrap();
            let ours = fit("kmeans", json!({"n_clusters": k}), &pixels);
            let centroids = theirs.centroids();
            let theirs = Array2::from_shape_fn(centroids.dim(), |at| centroids[at]);
            let (ours, theirs) = (inertia(&pixels, ours.centers()), inertia(&pixels, &theirs));
            assert!(ours <= 1.001 * theirs, "{name}, {k} classes: {ours}, linfa's is {theirs}");
        }
    }
}

/// Blobs of different sizes about several points, and scattered pixels.
fn blobs() -> Array2<f64> {
    let mut random = Pcg64Mcg::new(7);
    let mut up_to = |most: u32| random.next_u32() % most;
    let mut rows = Vec::new();
    for (center, n) in
        [([900, 1000, 4000], 400), ([3000, 800, 1500], 250), ([2000, 5000, 2500], 90)]
    {
        for _ in 0..n {
            rows.extend(
                center.map(|middle| f64::from(middle + (0..4).map(|_| up_to(80)).sum::<u32>())),
            );
        }
    }
    (0..60).for_each(|_| rows.extend([0; 3].map(|_| f64::from(up_to(9000)))));
    Array2::from_shape_vec((rows.len() / 3, 3), rows).unwrap()
}

/// If every pixel is a representative, the classes are linfa's.
#[test]
fn dense_regions_are_those_of_linfa() {
    let pixels = blobs();
    for (eps, min_samples, n_classes) in [(120.0, 5, 3), (70.0, 8, 3), (4000.0, 5, 1)] {
        let options =
            json!({"eps": eps, "min_samples": min_samples, "n_representatives": pixels.nrows()});
        let regions = fit("dbscan", options, &pixels).regions().unwrap().clone();
        let theirs =
            Dbscan::params(min_samples).tolerance(eps).transform(&for_linfa(&pixels)).unwrap();
        assert_eq!(theirs.iter().flatten().max(), Some(&(n_classes - 1)));
        let mut same = BTreeMap::new();
        for (pixel, theirs) in pixels.rows().into_iter().zip(theirs) {
            let ours = regions.points.rows().into_iter().position(|point| point == pixel).unwrap();
            let ours = Some(regions.classes[ours]).filter(|class| Some(*class) != regions.noise);
            assert_eq!(*same.entry(theirs).or_insert(ours), ours, "eps {eps}: class {theirs:?}");
            assert_eq!(theirs.is_none(), ours.is_none(), "eps {eps}");
        }
        let mut classes: Vec<_> = same.values().collect();
        classes.dedup();
        assert_eq!(classes.len(), same.len(), "eps {eps}: {same:?}");
    }
}
