//! The same pixels give the same bytes, whatever the threads, the blocks, their order, the
//! interleaving and the merges.

use bandcluster::cluster::{Algorithm, KMeans, ScalingMethod};
use bandcluster::model::{Metric, Model, Refinement};
use bandcluster::progress::Run;
use bandcluster::raster::{LabelsMut, Layout, Raster, Sample, SampleType};
use bandcluster::summary::Summary;
use rand_core::RngCore;
use rand_pcg::Pcg64Mcg;

const WIDTH: usize = 700;
const HEIGHT: usize = 300;
const N_BANDS: usize = 3;

/// Little memory, so that cells have to merge, many times if samples are wide.
const MEMORY: usize = 600_000;

/// Pixels of a few materials with noise and a frame of nodata (0), as numbers from 0 to 1, BSQ.
fn scene() -> Vec<f64> {
    let mut random = Pcg64Mcg::new(3);
    let mut uniform = move || f64::from(random.next_u32()) / f64::from(u32::MAX);
    let mut samples = vec![0.0; N_BANDS * WIDTH * HEIGHT];
    for pixel in (0..WIDTH * HEIGHT).filter(|pixel| pixel % WIDTH > 40) {
        let material = pixel / 90 % 5;
        for band in 0..N_BANDS {
            let mean = 0.1 + 0.15 * ((material * (band + 2)) % 5) as f64;
            samples[band * WIDTH * HEIGHT + pixel] = mean + 0.1 * uniform();
        }
    }
    samples
}

/// The scene as samples of a type, spread over most of its range; nodata is the value that 0
/// becomes.
fn samples<T: Sample>(convert: impl Fn(f64) -> T) -> (Vec<T>, Vec<Option<f64>>) {
    let nodata = convert(0.0).to_f64();
    (scene().into_iter().map(convert).collect(), vec![Some(nodata); N_BANDS])
}

fn kmeans(scaling: ScalingMethod) -> Algorithm {
    Algorithm::KMeans(KMeans { n_clusters: 5, n_init: 3, scaling, ..KMeans::default() })
}

/// The model from blocks. Each block is summarised and refined separately; all are merged, starting
/// with the last.
fn fit_blocks(blocks: &[Raster], threads: usize) -> Model {
    let run = &mut Run::silent(threads);
    let sample_type = blocks[0].sample_type();
    let mut summary = Summary::new(N_BANDS, sample_type, MEMORY).unwrap();
    for block in blocks.iter().rev() {
        let mut part = Summary::new(N_BANDS, sample_type, MEMORY).unwrap();
        part.add(block, run).unwrap();
        summary.merge(&Summary::from_bytes(&part.to_bytes()).unwrap()).unwrap();
    }
    let mut model = kmeans(ScalingMethod::None).fit(&summary, run).unwrap();
    for (band, nodata) in model.bands.iter_mut().zip(blocks[0].nodata()) {
        band.nodata = *nodata;
    }
    while !model.converged() {
        let mut refinement = Refinement::new(&model, sample_type);
        for block in blocks {
            let mut part = Refinement::new(&model, sample_type);
            part.add(block, run).unwrap();
            refinement.merge(&Refinement::from_bytes(&part.to_bytes()).unwrap()).unwrap();
        }
        refinement.apply(&mut model).unwrap();
    }
    model
}

/// A window of an image that lies in `samples` with these distances between bands, rows and pixels.
fn window<'a, T: Sample>(
    samples: &'a [T],
    (band, line, pixel): (usize, usize, usize),
    (column, row): (usize, usize),
    (width, height): (usize, usize),
    nodata: &[Option<f64>],
) -> Raster<'a> {
    let first =
        |index: usize| samples[index * band + row * line + column * pixel..].as_ptr().cast();
    let size = size_of::<T>() as isize;
    let layout = Layout {
        width,
        height,
        pixel_stride: pixel as isize * size,
        line_stride: line as isize * size,
    };
    // SAFETY: the window lies within the samples, which are borrowed as long as the view lives.
    let raster = unsafe { Raster::from_raw((0..N_BANDS).map(first).collect(), T::TYPE, layout) };
    raster.unwrap().with_nodata(nodata.to_vec()).unwrap()
}

fn blocks<'a, T: Sample>(
    samples: &'a [T],
    strides: (usize, usize, usize),
    (width, height): (usize, usize),
    nodata: &[Option<f64>],
) -> Vec<Raster<'a>> {
    let starts = |size: usize, step: usize| {
        (0..size).step_by(step).map(move |start| (start, step.min(size - start)))
    };
    starts(HEIGHT, height)
        .flat_map(|(row, height)| {
            starts(WIDTH, width).map(move |(column, width)| (column, row, width, height))
        })
        .map(|(column, row, width, height)| {
            window(samples, strides, (column, row), (width, height), nodata)
        })
        .collect()
}

fn check<T: Sample>(convert: impl Fn(f64) -> T) {
    let (bsq, nodata) = samples(convert);
    let whole =
        Raster::bsq(&bsq, N_BANDS, WIDTH, HEIGHT).unwrap().with_nodata(nodata.clone()).unwrap();
    let kmeans = kmeans(ScalingMethod::None);
    let model = kmeans.fit_raster(&whole, MEMORY, &mut Run::silent(1)).unwrap();
    let n_valid = (WIDTH - 41) * HEIGHT;
    assert_eq!(model.classes.iter().map(|class| class.count).sum::<u64>(), n_valid as u64);

    let bsq_strides = (WIDTH * HEIGHT, WIDTH, 1);
    for threads in [2, 7] {
        let same = kmeans.fit_raster(&whole, MEMORY, &mut Run::silent(threads)).unwrap();
        assert_eq!(same.to_json(), model.to_json(), "{} on {threads} threads", T::TYPE);
    }
    for size in [(WIDTH, 1), (64, 64), (WIDTH, HEIGHT)] {
        let same = fit_blocks(&blocks(&bsq, bsq_strides, size, &nodata), 2);
        assert_eq!(same.to_json(), model.to_json(), "{} in blocks of {size:?}", T::TYPE);
    }
    let labels = predict(&model, &whole, 1);
    assert_eq!(labels, predict(&model, &whole, 7));
    for (band, line, pixel) in [(WIDTH, N_BANDS * WIDTH, 1), (1, N_BANDS * WIDTH, N_BANDS)] {
        let mut other = bsq.clone();
        for (i, sample) in bsq.iter().enumerate() {
            let (in_band, at) = (i / (WIDTH * HEIGHT), i % (WIDTH * HEIGHT));
            other[in_band * band + at / WIDTH * line + at % WIDTH * pixel] = *sample;
        }
        let raster = window(&other, (band, line, pixel), (0, 0), (WIDTH, HEIGHT), &nodata);
        let same = kmeans.fit_raster(&raster, MEMORY, &mut Run::silent(2)).unwrap();
        assert_eq!(same.to_json(), model.to_json(), "{} interleaved", T::TYPE);
        assert_eq!(predict(&same, &raster, 2), labels);
    }
}

fn predict(model: &Model, raster: &Raster, threads: usize) -> Vec<u8> {
    let mut labels = vec![9; WIDTH * HEIGHT];
    let mut view = LabelsMut::from_u8(&mut labels, WIDTH, HEIGHT).unwrap();
    model.predict(raster, &mut view, &mut Run::silent(threads)).unwrap();
    assert!(labels.iter().enumerate().all(|(pixel, label)| (*label == 0) == (pixel % WIDTH <= 40)));
    labels
}

#[test]
fn unsigned_integers() {
    check(|x| (x * 250.0) as u8);
    check(|x| (x * 9000.0) as u16);
    check(|x| (x * 4e9) as u32);
}

#[test]
fn signed_integers() {
    check(|x| (x * 250.0 - 120.0) as i8);
    check(|x| (x * 9000.0 - 4000.0) as i16);
    check(|x| (x * 4e9 - 2e9) as i32);
}

#[test]
fn floats() {
    check(|x| x as f32);
    check(|x| (x - 0.4) as f32 * 1e-9);
    check(|x| x * 1e6 - 3e5);
}

/// The final cells are the narrowest that all fit, and merging must not change their width.
#[test]
fn the_summary_is_the_same_however_it_was_merged() {
    let (bsq, nodata) = samples(|x| (x * 9000.0) as u16);
    let strides = (WIDTH * HEIGHT, WIDTH, 1);
    let mut bytes = Vec::new();
    for size in [(WIDTH, HEIGHT), (WIDTH, 10), (64, 64)] {
        for threads in [1, 3] {
            let mut summary = Summary::new(N_BANDS, SampleType::U16, MEMORY).unwrap();
            for block in blocks(&bsq, strides, size, &nodata) {
                summary.add(&block, &mut Run::silent(threads)).unwrap();
            }
            assert!(summary.width_exponent() > 0);
            bytes.push(summary.to_bytes());
        }
    }
    assert!(bytes.windows(2).all(|pair| pair[0] == pair[1]));
}

/// A refinement's bytes from blocks of a size. Each block is sent as bytes and merged, in reverse
/// order if there are several threads.
fn refined<T: Sample>(
    model: &Model,
    samples: &[T],
    nodata: &[Option<f64>],
    size: (usize, usize),
    threads: usize,
) -> Vec<u8> {
    let mut blocks = blocks(samples, (WIDTH * HEIGHT, WIDTH, 1), size, nodata);
    if threads > 1 {
        blocks.reverse();
    }
    let mut all = Refinement::new(model, T::TYPE);
    for block in &blocks {
        let mut part = Refinement::new(model, T::TYPE);
        part.add(block, &mut Run::silent(threads)).unwrap();
        all.merge(&Refinement::from_bytes(&part.to_bytes()).unwrap()).unwrap();
    }
    all.to_bytes()
}

/// A model that still needs refinement.
fn unrefined(metric: Metric, summarised: &Raster) -> Model {
    let mut summary = Summary::new(N_BANDS, summarised.sample_type(), MEMORY).unwrap();
    summary.add(summarised, &mut Run::silent(2)).unwrap();
    let kmeans = KMeans { n_clusters: 5, n_init: 3, metric, ..KMeans::default() };
    let model = Algorithm::KMeans(kmeans).fit(&summary, &mut Run::silent(2)).unwrap();
    assert!(!model.converged());
    model
}

fn check_refinement<T: Sample>(metric: Metric, convert: impl Fn(f64) -> T) {
    let (bsq, nodata) = samples(convert);
    let whole =
        Raster::bsq(&bsq, N_BANDS, WIDTH, HEIGHT).unwrap().with_nodata(nodata.clone()).unwrap();
    let model = unrefined(metric, &whole);
    let bytes = refined(&model, &bsq, &nodata, (WIDTH, HEIGHT), 1);
    for (size, threads) in [((WIDTH, 10), 1), ((64, 64), 3)] {
        assert!(
            refined(&model, &bsq, &nodata, size, threads) == bytes,
            "{} {metric:?} {size:?}",
            T::TYPE
        );
    }
}

#[test]
fn a_refinement_is_the_same_however_it_was_merged() {
    check_refinement(Metric::Euclidean, |x| (x * 9000.0) as u16);
    check_refinement(Metric::Euclidean, |x| (x * 4e9 - 2e9) as i32);
    check_refinement(Metric::Euclidean, |x| (x - 0.4) as f32 * 1e-9);
    check_refinement(Metric::SpectralAngle, |x| x * 1e6 + 3e5);
}

/// Bytes from another process are checked: damage is found, and wrong contents with a right
/// checksum do no harm.
#[test]
fn the_bytes_of_a_refinement_are_checked() {
    let (bsq, nodata) = samples(|x| (x * 9000.0) as u16);
    let whole = Raster::bsq(&bsq, N_BANDS, WIDTH, HEIGHT).unwrap().with_nodata(nodata).unwrap();
    let model = unrefined(Metric::Euclidean, &whole);
    let mut refinement = Refinement::new(&model, SampleType::U16);
    refinement.add(&whole, &mut Run::silent(2)).unwrap();
    let bytes = refinement.to_bytes();
    let message = |bytes: &[u8]| Refinement::from_bytes(bytes).unwrap_err().to_string();
    assert!(message(b"{}").starts_with("this is not a bandcluster refinement: give a file"));
    assert!(message(&bytes[..9]).contains("truncated"));
    assert!(message(&bytes[..bytes.len() - 1]).contains("checksum"));
    let mut newer = bytes.clone();
    newer[8] += 1;
    assert!(message(&newer).contains("is of version 2, this library reads 1: update bandcluster"));
    let (mut refused, mut taken) = (0, 0);
    for at in 12..bytes.len() - 4 {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        assert!(message(&damaged).contains("checksum"));
        let body = damaged.len() - 4;
        let sum = crc32fast::hash(&damaged[..body]);
        damaged[body..].copy_from_slice(&sum.to_le_bytes());
        match Refinement::from_bytes(&damaged) {
            Ok(other) => {
                taken += 1;
                // It may belong to another model, or have other sums, but must not crash.
                let _ = other.clone().merge(&refinement);
                let _ = other.apply(&mut model.clone());
            }
            Err(error) => {
                refused += 1;
                assert!(matches!(error, bandcluster::Error::InvalidModel(_)), "{error}");
            }
        }
    }
    assert!(refused > taken && taken > 0, "{refused} refused, {taken} taken");
}

#[test]
fn z_scores_do_not_depend_on_the_units_of_a_band() {
    let (bsq, nodata) = samples(|x| x);
    let scaled: Vec<f64> = bsq
        .iter()
        .enumerate()
        .map(|(i, x)| if i < WIDTH * HEIGHT { x * 1024.0 } else { *x })
        .collect();
    let kmeans = kmeans(ScalingMethod::ZScore);
    let labels: Vec<Vec<u8>> = [bsq, scaled]
        .iter()
        .map(|samples| {
            let raster = Raster::bsq(samples, N_BANDS, WIDTH, HEIGHT)
                .unwrap()
                .with_nodata(nodata.clone())
                .unwrap();
            predict(&kmeans.fit_raster(&raster, 0, &mut Run::silent(2)).unwrap(), &raster, 2)
        })
        .collect();
    assert!(labels[0] == labels[1]);
}
