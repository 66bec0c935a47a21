//! The JSON of a job's request: read, checked and, if no raster is needed, run.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use bandcluster::jobs::{self, Request};
use bandcluster::{Model, Run};
use tempfile::TempDir;

use super::asserts::{check_model, looked_at};
use super::seeds;

pub fn request(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(request) = looked_at(Request::from_json(text)) else { return };
    let json = serde_json::to_string(&request).expect("a request is texts and numbers");
    let again = Request::from_json(&json)
        .unwrap_or_else(|error| panic!("{error}, of a request that was read: {json}"));
    assert_eq!(again, request, "a request that was written is read as another one");
    looked_at(jobs::check(&request));
    merge(request);
}

/// Merges classes of our own model into our own file, instead of the request's files. The rest of
/// the request is not changed.
fn merge(request: Request) {
    let Request::Merge(mut merge) = request else { return };
    let folder = Folder::get();
    (merge.model, merge.output) = (folder.model(), folder.output());
    (merge.labels, merge.labels_output) = (None, None);
    merge.run.overwrite = true;
    if looked_at(jobs::run(&Request::Merge(merge), &mut Run::silent(1))).is_some() {
        check_model(&Model::load(&folder.output()).expect("what merge has written is a model"));
        std::fs::remove_file(folder.output()).expect("it was written");
    }
    assert_eq!(folder.names(), ["model.json"], "a job leaves something behind");
}

/// A folder with a model.
struct Folder(TempDir);

impl Folder {
    fn get() -> &'static Folder {
        static FOLDER: OnceLock<Folder> = OnceLock::new();
        FOLDER.get_or_init(|| {
            let folder = Folder(TempDir::new().expect("a folder for temporary files"));
            std::fs::write(folder.model(), &seeds::models()[0]).expect("room for a model");
            folder
        })
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn model(&self) -> PathBuf {
        self.path().join("model.json")
    }

    fn output(&self) -> PathBuf {
        self.path().join("merged.json")
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path()).expect("the folder is there");
        entries
            .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
            .collect()
    }
}
