//! Scenes of many bands. Their summaries hold a sample of the pixels beside their cells: the bytes
//! do not depend on the order, and one pass over the pixels finds the fit converged.

use bandcluster::cluster::{Algorithm, KMeans};
use bandcluster::model::{Model, Refinement};
use bandcluster::progress::Run;
use bandcluster::raster::{LabelsMut, Layout, Raster, Sample};
use bandcluster::summary::Summary;
use rand_core::RngCore;
use rand_pcg::Pcg64Mcg;

const WIDTH: usize = 500;
const HEIGHT: usize = 400;
const N_BANDS: usize = 13;

/// Room for about 2000 cells and 20 thousand pixels, of 200 thousand.
const MEMORY: usize = 2_500_000;

/// Mixtures of a few materials with noise, band after band, in the order of a scene.
fn scene<T>(convert: impl Fn(f64) -> T) -> Vec<T> {
    let mut random = Pcg64Mcg::new(11);
    let mut uniform = move || f64::from(random.next_u32()) / f64::from(u32::MAX);
    let materials: Vec<f64> = (0..6 * N_BANDS).map(|_| 0.05 + 0.3 * uniform()).collect();
    let mut samples = vec![0.0; N_BANDS * WIDTH * HEIGHT];
    for pixel in 0..WIDTH * HEIGHT {
        let (a, b, share) = (pixel / 70 % 6, pixel / 190 % 6, uniform());
        for band in 0..N_BANDS {
            let mean = share * materials[a * N_BANDS + band]
                + (1.0 - share) * materials[b * N_BANDS + band];
            samples[band * WIDTH * HEIGHT + pixel] = mean + 0.01 * uniform();
        }
    }
    samples.into_iter().map(convert).collect()
}

/// The rows of a scene from `first` on.
fn rows<T: Sample>(samples: &[T], first: usize, height: usize) -> Raster<'_> {
    let start = |band: usize| samples[band * WIDTH * HEIGHT + first * WIDTH..].as_ptr().cast();
    let size = size_of::<T>() as isize;
    let layout =
        Layout { width: WIDTH, height, pixel_stride: size, line_stride: WIDTH as isize * size };
    // SAFETY: the rows lie within the samples, which are borrowed as long as the view lives.
    unsafe { Raster::from_raw((0..N_BANDS).map(start).collect(), T::TYPE, layout) }.unwrap()
}

fn blocks<T: Sample>(samples: &[T], height: usize) -> Vec<Raster<'_>> {
    (0..HEIGHT)
        .step_by(height)
        .map(|first| rows(samples, first, height.min(HEIGHT - first)))
        .collect()
}

fn summary(blocks: &[Raster], threads: usize) -> Summary {
    let mut summary = Summary::new(N_BANDS, blocks[0].sample_type(), MEMORY).unwrap();
    blocks.iter().for_each(|block| summary.add(block, &mut Run::silent(threads)).unwrap());
    summary
}

fn check_summaries<T: Sample>(samples: &[T]) {
    let bytes = summary(&blocks(samples, HEIGHT), 1).to_bytes();
    let again = Summary::from_bytes(&bytes).unwrap();
    assert!(again.to_bytes() == bytes);
    // The sample is in the bytes: some thousands of pixels of 13 samples.
    assert!(bytes.len() > 10_000 * N_BANDS, "{}", bytes.len());
    for (height, threads) in [(HEIGHT, 3), (7, 1), (50, 2)] {
        let mut upwards = blocks(samples, height);
        upwards.reverse();
        assert!(summary(&upwards, threads).to_bytes() == bytes, "{height} rows, {threads} threads");
    }
    let mut merged = Summary::new(N_BANDS, T::TYPE, MEMORY).unwrap();
    for block in blocks(samples, 90) {
        let part = summary(&[block], 2);
        merged.merge(&Summary::from_bytes(&part.to_bytes()).unwrap()).unwrap();
    }
    assert!(merged.to_bytes() == bytes);
    assert!(merged.clone().to_bytes() == bytes);
    let mut workers = vec![Summary::new(N_BANDS, T::TYPE, MEMORY).unwrap()];
    (1..3).for_each(|_| workers.push(workers[0].for_another_worker()));
    for (i, block) in blocks(samples, 30).iter().enumerate() {
        workers[i % 3].add(block, &mut Run::silent(1)).unwrap();
    }
    let others = workers.split_off(1);
    others.iter().for_each(|other| workers[0].merge(other).unwrap());
    assert!(workers[0].to_bytes() == bytes, "workers that share a sample");
}

#[test]
fn the_summary_is_the_same_in_any_order() {
    check_summaries(&scene(|x| (x * 20000.0) as u16));
    check_summaries(&scene(|x| x as f32));
}

/// Pixels that are added to a copy are not added to the original summary.
#[test]
fn a_copy_has_a_sample_of_its_own() {
    let samples = scene(|x| (x * 20000.0) as u16);
    let half = summary(&blocks(&samples, HEIGHT / 2)[..1], 1);
    let before = half.to_bytes();
    let mut copy = half.clone();
    copy.add(&rows(&samples, HEIGHT / 2, HEIGHT / 2), &mut Run::silent(1)).unwrap();
    assert!(half.to_bytes() == before);
    assert!(copy.to_bytes() == summary(&blocks(&samples, HEIGHT), 1).to_bytes());
}

/// The model, and the number of passes over the pixels that it took.
fn refined(summary: &Summary, whole: &Raster, threads: usize) -> (Model, usize) {
    let run = &mut Run::silent(threads);
    let kmeans = Algorithm::KMeans(KMeans { n_clusters: 7, n_init: 3, ..KMeans::default() });
    let mut model = kmeans.fit(summary, run).unwrap();
    let mut n_passes = 0;
    while !model.converged() {
        let mut refinement = Refinement::new(&model, whole.sample_type());
        refinement.add(whole, run).unwrap();
        refinement.apply(&mut model).unwrap();
        n_passes += 1;
    }
    (model, n_passes)
}

#[test]
fn fits_are_the_same_and_at_rest_on_the_pixels() {
    let samples = scene(|x| (x * 20000.0) as u16);
    let whole = rows(&samples, 0, HEIGHT);
    let (model, n_passes) = refined(&summary(&blocks(&samples, HEIGHT), 1), &whole, 1);
    let saved = summary(&blocks(&samples, 33), 3).to_bytes();
    let (same, _) = refined(&Summary::from_bytes(&saved).unwrap(), &whole, 3);
    assert_eq!(same.to_json(), model.to_json());
    // If the sample has all pixels, one pass is enough; with a tenth of them it may take two.
    assert!(n_passes <= 2, "{n_passes} passes");
    let mut roomy = Summary::new(N_BANDS, whole.sample_type(), 0).unwrap();
    roomy.add(&whole, &mut Run::silent(2)).unwrap();
    assert_eq!(refined(&roomy, &whole, 2).1, 1);
    let mut labels = vec![0; WIDTH * HEIGHT];
    let mut view = LabelsMut::from_u8(&mut labels, WIDTH, HEIGHT).unwrap();
    model.predict(&whole, &mut view, &mut Run::silent(2)).unwrap();
    let counted = |class: u8| labels.iter().filter(|label| **label == class).count() as u64;
    assert!(model.classes.iter().all(|class| class.count == counted(class.value as u8)));
}
