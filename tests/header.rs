//! The committed header is the one that build.rs generates from src/capi.

use std::path::Path;

/// `make bless-header` (`BANDCLUSTER_BLESS=1 cargo test --test header`) stores a changed header.
#[test]
fn the_committed_header_is_the_generated_one() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("include/bandcluster.h");
    let generated = std::fs::read_to_string(concat!(env!("OUT_DIR"), "/bandcluster.h")).unwrap();
    if std::env::var_os("BANDCLUSTER_BLESS").is_some() {
        std::fs::write(&committed, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(committed).unwrap();
    assert!(
        committed == generated,
        "include/bandcluster.h is not what build.rs generates: run 'make bless-header'"
    );
}
