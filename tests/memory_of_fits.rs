//! Fits check before they start that the system gives the memory they need, so that they fail with
//! a message and do not abort. Here: they use no more than they have checked.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use bandcluster::cluster::Algorithm;
use bandcluster::progress::Run;
use bandcluster::raster::{Raster, Sample};
use bandcluster::summary::Summary;
use rand_core::RngCore;
use rand_pcg::Pcg64Mcg;
use serde_json::json;

/// The system's allocator, with a count of the bytes in use.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);
/// The size of the check's allocation, the only one that is not counted.
static CHECK: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: all calls are passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.size() != CHECK.load(Ordering::Relaxed) {
            let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
            MOST.fetch_max(now, Ordering::Relaxed);
        }
        // SAFETY: the caller's promise, here and below.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        if layout.size() != CHECK.load(Ordering::Relaxed) {
            NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        }
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }
}

/// A summary of noise around several means: nearly every pixel is a cell of its own, if there is
/// memory for so many; 0 is the default.
fn summary<T: Sample>(
    n_bands: usize,
    side: usize,
    (threads, memory): (usize, usize),
    of: impl Fn(u32) -> T,
) -> Summary {
    let mut random = Pcg64Mcg::new(3);
    let mut sample = || {
        let place = random.next_u32() % 4 * 900;
        of(place + (0..4).map(|_| random.next_u32() % 200).sum::<u32>())
    };
    let samples: Vec<T> = (0..n_bands * side * side).map(|_| sample()).collect();
    let raster = Raster::bsq(&samples, n_bands, side, side).unwrap();
    let mut summary = Summary::new(n_bands, T::TYPE, memory).unwrap();
    summary.add(&raster, &mut Run::silent(threads)).unwrap();
    summary
}

#[test]
fn fits_take_no_more_memory_than_they_ask_for() {
    let summaries = [
        summary(2, 40, (1, 0), |value| value as u8),
        summary(4, 300, (1, 0), |value| value as u16),
        summary(5, 80, (2, 0), |value| value as f32),
        summary(13, 60, (2, 0), f64::from),
        summary(40, 40, (1, 0), |value| value as u16),
        // Full ones, whose cells and sampled pixels take all their memory.
        summary(4, 120, (1, 2 << 20), |value| value as u16),
        summary(13, 120, (1, 4 << 20), |value| value as f32),
        summary(60, 100, (1, 16 << 20), |value| value as u16),
    ];
    let algorithms = [
        ("kmeans", json!({"n_clusters": 8, "n_init": 2})),
        ("kmeans", json!({"n_clusters": 600, "n_init": 1, "max_iter": 3})),
        ("kmeans", json!({"n_clusters": 8, "n_init": 1, "metric": "spectral_angle"})),
        ("bisecting", json!({"n_clusters": 8, "n_init": 1})),
        ("isodata", json!({"max_iter": 6})),
        ("gmm", json!({"n_components": 5, "max_iter": 3, "reg_covar": 1.0})),
        ("agglomerative", json!({"n_representatives": 500})),
        ("birch", json!({"n_representatives": 500})),
        ("dbscan", json!({"n_representatives": 200})),
        ("dbscan", json!({"n_representatives": 200, "eps": 1e5})),
        ("optics", json!({"n_representatives": 500})),
        ("hdbscan", json!({"n_representatives": 500})),
        ("meanshift", json!({"n_representatives": 300})),
        ("spectral", json!({"n_representatives": 300})),
        ("affinity", json!({"n_representatives": 300, "max_iter": 20})),
    ];
    for summary in &summaries {
        for (name, options) in &algorithms {
            let algorithm = Algorithm::new(name, options.as_object().unwrap().clone()).unwrap();
            let bound = algorithm.fit_bytes(summary);
            let before = NOW.load(Ordering::Relaxed);
            MOST.store(before, Ordering::Relaxed);
            CHECK.store(bound, Ordering::Relaxed);
            let model = algorithm.fit(summary, &mut Run::silent(2));
            let peak = MOST.load(Ordering::Relaxed) - before;
            let (n_bands, n_cells) = (summary.n_bands(), summary.n_cells());
            let what = format!(
                "{name} {options}, {n_bands} bands of {}, {n_cells} cells",
                summary.sample_type()
            );
            println!("{what}: {peak} of {bound}, {:.2}", peak as f64 / bound as f64);
            assert!(
                peak > 1 << 16 && peak <= bound,
                "{what}: {peak} bytes, asked for were {bound}"
            );
            drop(model);
        }
    }
}
