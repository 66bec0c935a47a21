//! The bytes of a summary file.

use bandcluster::{KMeans, Run, Summary};

use super::asserts::{check_model, looked_at};
use super::sealed::file;

/// The file's header: magic and version.
const HEADER: [u8; 12] = *b"BCSUMMRY\x04\0\0\0";

pub fn summary(data: &[u8]) {
    looked_at(Summary::from_bytes(data));
    let Some(summary) = looked_at(Summary::from_bytes(&file(&HEADER, data))) else { return };
    let saved = summary.to_bytes();
    let again = Summary::from_bytes(&saved).expect("what was saved can be read");
    assert!(again.to_bytes() == saved, "a summary that was loaded saves to other bytes");
    assert!(summary.n_valid() <= summary.n_pixels());
    let mut twice = summary.clone();
    if looked_at(twice.merge(&again)).is_some() {
        assert_eq!(twice.n_valid(), 2 * summary.n_valid());
        let saved = twice.to_bytes();
        let again = Summary::from_bytes(&saved).expect("what was merged can be saved and read");
        assert!(again.to_bytes() == saved, "a merged summary that was loaded saves to other bytes");
    }
    if summary.n_cells() <= 500 && summary.n_bands() <= 16 {
        let kmeans = KMeans { n_clusters: 2, n_init: 1, max_iter: 20, ..KMeans::default() };
        let fitted = bandcluster::Algorithm::KMeans(kmeans).fit(&summary, &mut Run::silent(1));
        if let Some(model) = looked_at(fitted) {
            check_model(&model);
        }
    }
}
