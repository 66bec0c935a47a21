//! The rules of the house: imports run downwards only, and `unsafe` stays in its rooms.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms of src, from the ground up: each may import those before it. Rooms on one line stand side by side and do not
/// import each other, but for `cluster`, whose results are models.
const ROOMS: [&[&str]; 11] = [
    &["error"],
    &["file", "machine", "product", "progress"],
    &["raster"],
    &["kernel"],
    &["summary"],
    &["model"],
    &["cluster"],
    &["assess"],
    &["report"],
    &["gdal"],
    &["capi", "bin"],
];

/// Where `unsafe` may stand: reading and writing raw memory, vectors, C's callers, and calls of GDAL and the system that have no safe
/// wrapper.
const UNSAFE: [&str; 5] = ["src/raster/", "src/kernel/", "src/capi/", "src/gdal/ffi.rs", "src/machine.rs"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// A file's path below the root, and its lines of code without comments.
fn code(path: &Path) -> (String, Vec<String>) {
    let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
    let text = fs::read_to_string(path).unwrap();
    (name, text.lines().map(|line| line.split("//").next().unwrap().to_string()).collect())
}

/// The room a file is in: `src/kernel/nearest.rs` is in `kernel`, `src/error.rs` in `error`.
fn room(name: &str) -> &str {
    name["src/".len()..].split('/').next().unwrap().trim_end_matches(".rs")
}

fn level(room: &str) -> Option<usize> {
    ROOMS.iter().position(|rooms| rooms.contains(&room))
}

/// The rooms that a line of code names through `crate::` or, in the command line, `bandcluster::`.
fn named_rooms(line: &str) -> Vec<String> {
    let paths = ["crate::", "bandcluster::"].into_iter().flat_map(|root| line.split(root).skip(1));
    let first =
        |path: &str| path.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().to_string();
    paths.map(first).filter(|name| level(name).is_some()).collect()
}

#[test]
fn imports_run_downwards_only() {
    let mut seen = 0;
    for path in sources(&root().join("src")) {
        let (name, lines) = code(&path);
        if name == "src/lib.rs" {
            continue;
        }
        let own = room(&name);
        let own_level = level(own).unwrap_or_else(|| panic!("{name} is in no room of this test's list"));
        for imported in lines.iter().flat_map(|line| named_rooms(line)).filter(|imported| imported != own) {
            seen += 1;
            assert!(
                level(&imported) < Some(own_level),
                "{name} imports {imported}, which is not below {own}"
            );
        }
    }
    assert!(seen > 50, "only {seen} imports were found: does this test still read them right?");
}

#[test]
fn unsafe_stays_in_its_rooms() {
    for path in sources(&root().join("src")) {
        let (name, lines) = code(&path);
        let allowed = UNSAFE.iter().any(|place| name.starts_with(place));
        let found = lines
            .iter()
            .any(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "unsafe"));
        assert!(allowed || !found, "{name} has an unsafe block: move it to one of {UNSAFE:?}");
    }
}
