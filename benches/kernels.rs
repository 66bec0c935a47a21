//! Criterion benches of the kernels: `cargo bench --bench kernels`. Throughput is in pixels.

// The functions that `criterion_group` generates have no docs.
#![allow(missing_docs)]

mod common;

use bandcluster::cluster::{Algorithm, KMeans};
use bandcluster::kernel::{
    count_bytes, Centers, Majority, Mixture, MixtureSearch, Moments, NearestSearch, TwoNearest,
};
use bandcluster::model::{Refinement, ZonalMeans};
use bandcluster::progress::{Run, Stop};
use bandcluster::raster::{LabelsMut, Raster, TILE};
use bandcluster::summary::Summary;
use criterion::{criterion_group, criterion_main, BenchmarkId, Criterion, Throughput};
use ndarray::Array2;

const WIDTH: usize = 1024;
const HEIGHT: usize = 512;

fn nearest_centre(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("nearest");
    group.throughput(Throughput::Elements(TILE as u64));
    for (n_bands, k) in [(3, 4), (4, 10), (13, 10)] {
        let samples: Vec<u16> = (0..n_bands * TILE).map(|i| (i * 7919 % 4096) as u16).collect();
        let values =
            Array2::from_shape_fn((k, n_bands), |(class, band)| (class * 400 + band * 50) as f64);
        let centers = Centers::new(values, vec![1.0; n_bands]);
        let mut search = NearestSearch::new(n_bands);
        group.bench_function(
            BenchmarkId::new("vectors", format!("{n_bands} bands, k={k}")),
            |bencher| {
                bencher.iter(|| search.search(&centers, &samples, &[1; TILE]).0[0]);
            },
        );
        group.bench_function(
            BenchmarkId::new("reference", format!("{n_bands} bands, k={k}")),
            |bencher| {
                let nearest =
                    |pixel| centers.nearest(|band| f64::from(samples[band * TILE + pixel]));
                bencher.iter(|| (0..TILE).map(|pixel| u32::from(nearest(pixel))).sum::<u32>());
            },
        );
    }
    group.finish();
}

/// The kernels in which other algorithms, maps and their filters spend their time.
fn others(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("others");
    group.throughput(Throughput::Elements(TILE as u64));
    let samples: Vec<u16> = (0..4 * TILE).map(|i| (i * 7919 % 4096) as u16).collect();
    let places: Vec<f64> = samples.iter().map(|sample| f64::from(*sample)).collect();
    let value = |class: usize, band: usize| ((class * 401 + band * 53) % 4096) as f64;

    let centers = Centers::new(
        Array2::from_shape_fn((10, 4), |(class, band)| value(class, band)),
        vec![1.0; 4],
    );
    let mut nearest = TwoNearest::new();
    group.bench_function("two nearest of 10 centres", |bencher| {
        bencher.iter(|| nearest.find(&centers, &places, TILE));
    });
    let many = Array2::from_shape_fn((500, 4), |(class, band)| value(class, band));
    let (mut many, mut search) = (Centers::new(many, vec![1.0; 4]), NearestSearch::new(4));
    many.prepare_for_points(&Stop::default()).unwrap();
    group.bench_function("nearest of 500 centres, by groups", |bencher| {
        bencher.iter(|| search.search(&many, &samples, &[1; TILE]).0[0]);
    });
    let means = Array2::from_shape_fn((10, 4), |(class, band)| value(class, band));
    let mixture = Mixture::new(&[0.1; 10], &means, &vec![Array2::eye(4) * 1e4; 10]).unwrap();
    let mut likeliest = MixtureSearch::new(4);
    group.bench_function("likeliest of 10 components", |bencher| {
        bencher.iter(|| likeliest.search(&mixture, &samples, TILE)[0]);
    });
    let (mut moments, mut offsets) = (Moments::new(4), vec![0.0; 4 * TILE]);
    group.bench_function("moments", |bencher| {
        bencher.iter(|| moments.add(&[2048.0; 4], &places, &[1.0; TILE], &mut offsets));
    });

    let labels: Vec<u8> = (0..WIDTH * HEIGHT).map(|i| (i / 37 % 11) as u8).collect();
    group.throughput(Throughput::Elements((WIDTH * HEIGHT) as u64));
    let mut counts = vec![0; 256];
    group.bench_function("counting labels", |bencher| {
        bencher.iter(|| count_bytes(&labels, &mut counts))
    });
    let labels: Vec<u16> = labels.into_iter().map(u16::from).collect();
    let (filter, mut out) = (Majority::new(5).unwrap(), vec![0; WIDTH * HEIGHT]);
    group.bench_function("majority in 5 x 5", |bencher| {
        bencher.iter(|| filter.filter(&labels, WIDTH, 0..HEIGHT, &mut out, &mut Run::silent(1)));
    });
    group.finish();
}

fn passes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("passes, one thread");
    group.throughput(Throughput::Elements((WIDTH * HEIGHT) as u64)).sample_size(10);
    for n_bands in [3, 4, 13] {
        let samples = common::scene(n_bands, WIDTH * HEIGHT);
        let raster = Raster::bsq(&samples, n_bands, WIDTH, HEIGHT).unwrap();
        let summary = || {
            let mut summary = Summary::new(n_bands, raster.sample_type(), 0).unwrap();
            summary.add(&raster, &mut Run::silent(1)).unwrap();
            summary
        };
        let kmeans = Algorithm::KMeans(KMeans { n_init: 1, ..KMeans::default() });
        let model = kmeans.fit(&summary(), &mut Run::silent(1)).unwrap();
        group.bench_function(BenchmarkId::new("summary", n_bands), |bencher| bencher.iter(summary));
        group.bench_function(BenchmarkId::new("refinement", n_bands), |bencher| {
            bencher.iter(|| {
                Refinement::new(&model, raster.sample_type()).add(&raster, &mut Run::silent(1))
            });
        });
        let mut labels = vec![0; WIDTH * HEIGHT];
        group.bench_function(BenchmarkId::new("predict", n_bands), |bencher| {
            bencher.iter(|| {
                let mut labels = LabelsMut::from_u8(&mut labels, WIDTH, HEIGHT).unwrap();
                model.predict(&raster, &mut labels, &mut Run::silent(1))
            });
        });
        let labels = Raster::bsq(&labels, 1, WIDTH, HEIGHT).unwrap();
        group.bench_function(BenchmarkId::new("zonal means", n_bands), |bencher| {
            bencher.iter(|| {
                let mut zonal =
                    ZonalMeans::new(model.n_labels(), n_bands, raster.sample_type()).unwrap();
                zonal.add(&raster, &labels, &mut Run::silent(1))
            });
        });
    }
    group.finish();
}

fn fits(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fit on a summary, two threads");
    group.sample_size(10);
    for (n_bands, n_clusters) in [(3, 4), (4, 10), (13, 10)] {
        let samples = common::scene(n_bands, WIDTH * HEIGHT);
        let raster = Raster::bsq(&samples, n_bands, WIDTH, HEIGHT).unwrap();
        let mut summary = Summary::new(n_bands, raster.sample_type(), 0).unwrap();
        summary.add(&raster, &mut Run::silent(2)).unwrap();
        let kmeans = Algorithm::KMeans(KMeans { n_clusters, ..KMeans::default() });
        group.bench_function(format!("{n_bands} bands, k={n_clusters}"), |bencher| {
            bencher.iter(|| kmeans.fit(&summary, &mut Run::silent(2)).unwrap());
        });
    }
    group.finish();
}

criterion_group!(benches, nearest_centre, others, passes, fits);
criterion_main!(benches);
