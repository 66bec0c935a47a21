//! Runs one pass over pixels, so that callgrind can count its instructions. It is called by
//! `tests/test_kernel_counts.py`. Without arguments it prints the names of the passes.

mod common;

use bandcluster::cluster::{Agglomerative, Algorithm, KMeans};
use bandcluster::kernel::{Patch, Patches};
use bandcluster::model::{Prediction, Refinement, ZonalMeans};
use bandcluster::progress::Run;
use bandcluster::raster::{LabelsMut, Raster, Sample};
use bandcluster::summary::Summary;

const SIDE: usize = 256;

const NAMES: [&str; 16] = [
    "tables-4",
    "tables-13",
    "summary-3",
    "summary-4",
    "summary-13",
    "summary-float",
    "fit-4",
    "fit-13",
    "refinement-4",
    "refinement-13",
    "refinement-float",
    "predict-4",
    "predict-13",
    "points-4",
    "zonal-4",
    "patches-4",
];

/// The measured function: callgrind counts the instructions within it.
#[inline(never)]
fn measured(pass: &mut dyn FnMut()) {
    pass();
}

fn main() {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let Some((pass, bands)) = wanted.split_once('-').filter(|_| NAMES.contains(&wanted.as_str()))
    else {
        println!("{}", NAMES.join("\n"));
        return;
    };
    match bands.parse::<usize>() {
        Ok(n_bands) => run(pass, &common::scene(n_bands, SIDE * SIDE), n_bands),
        Err(_) => {
            let samples = common::scene(4, SIDE * SIDE);
            run(
                pass,
                &samples.iter().map(|sample| f32::from(*sample) / 10000.0).collect::<Vec<f32>>(),
                4,
            );
        }
    }
}

fn run<T: Sample>(pass: &str, samples: &[T], n_bands: usize) {
    let raster = Raster::bsq(samples, n_bands, SIDE, SIDE).unwrap();
    // New tables fill, and the grid is coarsened.
    let memory = if pass == "tables" { 4 << 20 } else { 0 };
    let mut summary = Summary::new(n_bands, raster.sample_type(), memory).unwrap();
    if pass == "tables" {
        return measured(&mut || summary.add(&raster, &mut Run::silent(1)).unwrap());
    }
    // After this first pass, the cells exist and have their final width.
    summary.add(&raster, &mut Run::silent(1)).unwrap();
    if pass == "summary" {
        return measured(&mut || summary.add(&raster, &mut Run::silent(1)).unwrap());
    }
    if pass == "points" {
        let agglomerative =
            Algorithm::Agglomerative(Agglomerative { n_clusters: 8, ..Agglomerative::default() });
        let model = agglomerative.fit(&summary, &mut Run::silent(1)).unwrap();
        let prediction = Prediction::new(&model, usize::MAX);
        let mut labels = vec![0; SIDE * SIDE];
        let mut predict = || {
            let mut labels = LabelsMut::from_u8(&mut labels, SIDE, SIDE).unwrap();
            prediction.predict(&raster, &mut labels, &mut Run::silent(1)).unwrap();
        };
        // After this first pass, everything is prepared, and cells have guesses.
        predict();
        return measured(&mut predict);
    }
    let kmeans = Algorithm::KMeans(KMeans { n_clusters: 8, n_init: 1, ..KMeans::default() });
    if pass == "fit" {
        return measured(&mut || drop(kmeans.fit(&summary, &mut Run::silent(1)).unwrap()));
    }
    let model = kmeans.fit(&summary, &mut Run::silent(1)).unwrap();
    if pass == "refinement" {
        let mut refinement = Refinement::new(&model, raster.sample_type());
        return measured(&mut || refinement.add(&raster, &mut Run::silent(1)).unwrap());
    }
    let mut labels = vec![0; SIDE * SIDE];
    let mut predict = || {
        let mut labels = LabelsMut::from_u8(&mut labels, SIDE, SIDE).unwrap();
        model.predict(&raster, &mut labels, &mut Run::silent(1)).unwrap();
    };
    if pass == "predict" {
        return measured(&mut predict);
    }
    predict();
    if pass == "patches" {
        let labels: Vec<u16> = labels.iter().map(|label| u16::from(*label)).collect();
        return measured(&mut || {
            let (mut patches, mut n_pixels) = (Patches::new(SIDE), 0);
            let mut each = |patch: &Patch| n_pixels += patch.pixels;
            labels.chunks_exact(SIDE).for_each(|row| patches.row(row, &mut each).unwrap());
            patches.finish(&mut each).unwrap();
            assert_eq!(n_pixels, (SIDE * SIDE) as u64);
        });
    }
    let labels = Raster::bsq(&labels, 1, SIDE, SIDE).unwrap();
    let mut zonal = ZonalMeans::new(model.n_labels(), n_bands, raster.sample_type()).unwrap();
    measured(&mut || zonal.add(&raster, &labels, &mut Run::silent(1)).unwrap());
}
