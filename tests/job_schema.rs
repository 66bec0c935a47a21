//! The committed schemas of requests and outcomes are those generated from the types.

use std::path::Path;

use bandcluster::jobs::{outcome_schema, request_schema};

/// `make bless-header` (`BANDCLUSTER_BLESS=1 cargo test --test job_schema`) stores changed schemas.
#[test]
fn the_committed_schemas_are_the_generated_ones() {
    for (name, schema) in [("job-request", request_schema()), ("job-outcome", outcome_schema())] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/{name}.schema.json"));
        let generated = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("BANDCLUSTER_BLESS").is_some() {
            std::fs::write(&path, &generated).unwrap();
        }
        assert!(
            std::fs::read_to_string(&path).unwrap_or_default() == generated,
            "{} is not what the types of src/jobs say: run 'make bless-header'",
            path.display()
        );
    }
}
