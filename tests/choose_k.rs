//! Choosing the number of classes: mixtures with a known number, measures compared with those of
//! the pixels, and the same results for any number of threads.

use bandcluster::assess::{choose_k, Candidate, Certainty, Choice, ChooseK};
use bandcluster::cluster::{Algorithm, KMeans, ScalingMethod};
use bandcluster::progress::Run;
use bandcluster::raster::{Raster, Sample};
use bandcluster::summary::Summary;
use bandcluster::Error;
use rand_core::RngCore;
use rand_pcg::Pcg64Mcg;

const N: usize = 12_000;

/// An approximately normal random number: the sum of twelve uniform ones.
fn normal(random: &mut Pcg64Mcg) -> f64 {
    (0..12).map(|_| f64::from(random.next_u32()) / f64::from(u32::MAX)).sum::<f64>() - 6.0
}

/// `N` pixels, BSQ, of `k` classes of unequal sizes and spreads, whose means are far apart.
fn mixture(k: usize, n_bands: usize, seed: u128) -> Vec<f64> {
    let mut random = Pcg64Mcg::new(seed);
    let mut means: Vec<Vec<f64>> = Vec::new();
    while means.len() < k {
        let mean: Vec<f64> =
            (0..n_bands).map(|_| f64::from(random.next_u32() % 6000) + 1000.0).collect();
        let apart = |other: &Vec<f64>| {
            mean.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
        };
        if means.iter().all(|other| apart(other) > 1500.0) {
            means.push(mean);
        }
    }
    let mut samples = vec![0.0; N * n_bands];
    for pixel in 0..N {
        // The second class is half as large as the first, the third a third as large, and so on.
        let class = (0..k)
            .find(|class| random.next_u32() % (k - class) as u32 == 0 || pixel % (class + 2) == 0);
        let class = class.unwrap_or(k - 1);
        for band in 0..n_bands {
            let spread = 100.0 + 40.0 * (class % 4) as f64;
            samples[band * N + pixel] = means[class][band] + spread * normal(&mut random);
        }
    }
    samples
}

fn as_u16(samples: &[f64]) -> Vec<u16> {
    samples.iter().map(|sample| sample.round() as u16).collect()
}

fn summary<T: Sample>(samples: &[T], memory: usize) -> Summary {
    let raster = Raster::bsq(samples, samples.len() / N, N, 1).unwrap();
    let mut summary = Summary::new(raster.n_bands(), T::TYPE, memory).unwrap();
    summary.add(&raster, &mut Run::silent(2)).unwrap();
    summary
}

fn chosen(summary: &Summary, min: u32, max: u32) -> Choice {
    choose_k(summary, &ChooseK { min, max, ..ChooseK::default() }, &mut Run::silent(2)).unwrap()
}

#[test]
fn the_number_of_classes_of_a_mixture_is_found() {
    for (k, n_bands, seed) in [(3, 3, 1), (5, 4, 2), (8, 4, 3), (5, 13, 4), (3, 1, 5), (2, 3, 6)] {
        let choice = chosen(&summary(&as_u16(&mixture(k, n_bands, seed)), 0), 2, 10);
        let found = (choice.recommended as usize, choice.certainty != Certainty::Low);
        assert_eq!(found, (k, true), "{n_bands} bands: {choice:#?}");
    }
}

/// Floats in cells of one value, and in cells that are wide only in some bands.
#[test]
fn measures_of_floats_are_numbers() {
    let samples = mixture(5, 4, 3);
    let single: Vec<f32> = samples.iter().map(|sample| *sample as f32).collect();
    let summaries = [
        summary(&samples, 0),
        summary(&single, 0),
        summary(&samples, 1 << 20),
        summary(&single, 1 << 20),
    ];
    for (choice, summary) in summaries.iter().map(|summary| (chosen(summary, 2, 7), summary)) {
        assert_eq!(choice.recommended, 5, "{} cells", summary.n_cells());
        let numbers = |candidate: &Candidate| {
            candidate.inertia
                + candidate.silhouette
                + candidate.calinski_harabasz
                + candidate.davies_bouldin
        };
        assert!(choice.candidates.iter().all(|candidate| numbers(candidate).is_finite()));
    }
}

#[test]
fn noise_is_not_called_classes() {
    let mut random = Pcg64Mcg::new(7);
    let noise: Vec<u16> =
        (0..N * 3).map(|_| (3000.0 + 300.0 * normal(&mut random)) as u16).collect();
    let choice = chosen(&summary(&noise, 0), 2, 8);
    assert_eq!(choice.certainty, Certainty::Low, "{choice:#?}");
}

/// Silhouette, Calinski-Harabasz and Davies-Bouldin over the pixels, in plain code.
fn plain_measures(samples: &[f64], centers: &[Vec<f64>]) -> [f64; 3] {
    let (k, n_bands) = (centers.len(), samples.len() / N);
    let pixel =
        |pixel: usize| -> Vec<f64> { (0..n_bands).map(|band| samples[band * N + pixel]).collect() };
    let distance =
        |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
    let (mut silhouette, mut labels) = (0.0, Vec::new());
    for i in 0..N {
        let mut order: Vec<(f64, usize)> =
            (0..k).map(|class| (distance(&pixel(i), &centers[class]), class)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        silhouette += (order[1].0 - order[0].0) / order[1].0 / N as f64;
        labels.push(order[0].1);
    }
    let mean_of = |members: &[usize]| -> Vec<f64> {
        let mean = |band| {
            members.iter().map(|&i| samples[band * N + i]).sum::<f64>() / members.len() as f64
        };
        (0..n_bands).map(mean).collect()
    };
    let members: Vec<Vec<usize>> =
        (0..k).map(|class| (0..N).filter(|&i| labels[i] == class).collect()).collect();
    let means: Vec<Vec<f64>> = members.iter().map(|members| mean_of(members)).collect();
    let all = mean_of(&(0..N).collect::<Vec<_>>());
    let within: f64 = (0..N).map(|i| distance(&pixel(i), &means[labels[i]]).powi(2)).sum();
    let between: f64 = means
        .iter()
        .zip(&members)
        .map(|(mean, m)| distance(mean, &all).powi(2) * m.len() as f64)
        .sum();
    let size = |class: usize| {
        let sum: f64 = members[class].iter().map(|&i| distance(&pixel(i), &means[class])).sum();
        sum / members[class].len() as f64
    };
    let sizes: Vec<f64> = (0..k).map(size).collect();
    let likeness = |a: usize, b: usize| (sizes[a] + sizes[b]) / distance(&means[a], &means[b]);
    let worst = |a: usize| (0..k).filter(|b| *b != a).map(|b| likeness(a, b)).fold(0.0, f64::max);
    let davies_bouldin = (0..k).map(worst).sum::<f64>() / k as f64;
    [silhouette, between / (k - 1) as f64 / (within / (N - k) as f64), davies_bouldin]
}

/// Checks all measures except stability against those over the pixels, within a relative tolerance.
fn check<T: Sample>(samples: &[T], memory: usize, tolerance: f64) {
    let summary = summary(samples, memory);
    let plain: Vec<f64> = samples.iter().map(|sample| sample.to_f64()).collect();
    for candidate in chosen(&summary, 2, 6).candidates {
        let kmeans = Algorithm::KMeans(KMeans { n_clusters: candidate.k, ..KMeans::default() });
        let model = kmeans.fit(&summary, &mut Run::silent(1)).unwrap();
        let centers: Vec<Vec<f64>> =
            model.centers().rows().into_iter().map(|row| row.to_vec()).collect();
        let expected = plain_measures(&plain, &centers);
        let Candidate { inertia, silhouette, calinski_harabasz, davies_bouldin, .. } = candidate;
        let found = [silhouette, calinski_harabasz, davies_bouldin, inertia];
        for (found, expected) in
            found.into_iter().zip(expected.into_iter().chain([model.inertia()]))
        {
            assert!(
                (found / expected - 1.0).abs() < tolerance,
                "{candidate:?}: {found}, over pixels {expected}"
            );
        }
    }
}

#[test]
fn measures_are_those_of_the_pixels() {
    let mixture = mixture(4, 3, 8);
    let bytes: Vec<u8> = mixture.iter().map(|sample| (sample / 40.0) as u8).collect();
    check(&bytes, 0, 1e-9);
    // Cells of many pixels: the variance within them is added, the pixels across a border are not.
    check(&as_u16(&mixture), 300_000, 0.03);
    check(&mixture.iter().map(|sample| (sample / 1e4) as f32).collect::<Vec<_>>(), 400_000, 0.03);
}

#[test]
fn the_choice_is_the_same_for_any_number_of_threads() {
    let summary = summary(&as_u16(&mixture(5, 4, 9)), 0);
    let kmeans = KMeans { seed: 5, n_init: 4, scaling: ScalingMethod::ZScore, ..KMeans::default() };
    let options = ChooseK { min: 3, max: 9, kmeans };
    let alone = choose_k(&summary, &options, &mut Run::silent(1)).unwrap();
    for threads in [2, 7] {
        assert_eq!(choose_k(&summary, &options, &mut Run::silent(threads)).unwrap(), alone);
    }
    // A candidate does not depend on the others.
    let fewer =
        choose_k(&summary, &ChooseK { min: 5, max: 6, ..options }, &mut Run::silent(2)).unwrap();
    assert_eq!(fewer.candidates, alone.candidates[2..4]);
}

#[test]
fn what_cannot_be_done_is_told() {
    let few: Vec<u8> = (0..N).map(|pixel| (pixel % 5) as u8 * 20).collect();
    let summary = summary(&few, 0);
    let fail = |min, max| {
        choose_k(&summary, &ChooseK { min, max, ..ChooseK::default() }, &mut Run::silent(1))
            .unwrap_err()
    };
    assert!(matches!(fail(2, 12), Error::InvalidData(text) if text.contains("at most 5")));
    assert!(matches!(fail(1, 4), Error::InvalidArgument(text) if text.contains("2 to 255")));
    assert!(
        matches!(fail(4, 3), Error::InvalidArgument(text) if text.contains("above the largest"))
    );
    // As many classes as values: each value is a class, and no number is better.
    let best = chosen(&summary, 2, 5).candidates.pop().unwrap();
    assert_eq!((best.inertia, best.silhouette, best.davies_bouldin), (0.0, 1.0, 0.0));
    assert_eq!(best.calinski_harabasz, f64::INFINITY);
    let mut cancel = |_: f64, _: &str| false;
    let cancelled = choose_k(
        &summary,
        &ChooseK { max: 4, ..ChooseK::default() },
        &mut Run::new(2, &mut cancel),
    );
    assert_eq!(cancelled, Err(Error::Cancelled));
}

#[test]
fn a_choice_and_fits_of_one_summary_are_the_same_in_any_order() {
    let samples = as_u16(&mixture(5, 4, 11));
    let fits = |summary: &Summary| -> Vec<String> {
        let fit = |n_clusters| Algorithm::KMeans(KMeans { n_clusters, ..KMeans::default() });
        (2..=7).rev().map(|k| fit(k).fit(summary, &mut Run::silent(2)).unwrap().to_json()).collect()
    };
    let (first, second) = (summary(&samples, 1 << 24), summary(&samples, 1 << 24));
    let fits_before = fits(&first);
    let choice_after = format!("{:?}", chosen(&first, 2, 9));
    let choice_before = format!("{:?}", chosen(&second, 2, 9));
    assert_eq!(fits(&second), fits_before);
    assert_eq!(choice_after, choice_before);
}
