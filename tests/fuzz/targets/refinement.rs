//! The bytes of a refinement file.

use bandcluster::model::Refinement;

use super::asserts::looked_at;
use super::sealed::file;

/// The file's header: magic and version.
const HEADER: [u8; 12] = *b"BCREFINE\x01\0\0\0";

pub fn refinement(data: &[u8]) {
    looked_at(Refinement::from_bytes(data));
    let Some(refinement) = looked_at(Refinement::from_bytes(&file(&HEADER, data))) else { return };
    let saved = refinement.to_bytes();
    let again = Refinement::from_bytes(&saved).expect("what was saved can be read");
    assert!(again.to_bytes() == saved, "a refinement that was loaded saves to other bytes");
    let mut twice = refinement.clone();
    if looked_at(twice.merge(&again)).is_some() {
        let saved = twice.to_bytes();
        let again = Refinement::from_bytes(&saved).expect("what was merged can be saved and read");
        assert!(
            again.to_bytes() == saved,
            "a merged refinement that was loaded saves to other bytes"
        );
    }
}
