//! The fuzz targets: each target takes any bytes, and panics if a promise is broken.
//!
//! Included by the fuzzers (fuzz_targets/), with libFuzzer's inputs, and by tests/fuzz_corpus.rs,
//! with the seeds and some thousands of mutations of them.

mod asserts;
mod fit;
mod model;
mod pixels;
mod product;
mod refinement;
mod request;
mod sealed;
#[allow(dead_code, reason = "a fuzzer makes no seeds but those it needs")]
pub mod seeds;
mod summary;

/// A target: takes bytes, and panics if a promise is broken.
pub type Target = fn(&[u8]);

/// All targets by their names.
pub const TARGETS: [(&str, Target); 6] = [
    ("model", model::model),
    ("summary", summary::summary),
    ("refinement", refinement::refinement),
    ("product", product::product),
    ("request", request::request),
    ("fit", fit::fit),
];

/// Runs the target of this name.
///
/// # Panics
/// If there is no such target, or a promise is broken.
#[allow(dead_code, reason = "the test goes through the list itself")]
pub fn run(name: &str, data: &[u8]) {
    let (_, target) = TARGETS.iter().find(|(known, _)| *known == name).expect("a target's name");
    target(data);
}
