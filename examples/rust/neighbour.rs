//! Finds classes in a scene, and labels its neighbour with them, from file to file.
//!
//! ```text
//! cargo run --release --example neighbour -- SCENE NEIGHBOUR FOLDER
//! ```

use std::path::Path;

use bandcluster::jobs::{self, Request};
use bandcluster::{Result, Run};
use serde_json::json;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [scene, neighbour, folder] = arguments.as_slice() else {
        eprintln!("usage: neighbour SCENE NEIGHBOUR FOLDER");
        std::process::exit(2);
    };
    if let Err(error) = run(Path::new(scene), Path::new(neighbour), Path::new(folder)) {
        eprintln!("neighbour: {error}");
        std::process::exit(1);
    }
}

/// Writes `scene.tif`, `neighbour.tif` and `model.json` into the folder.
pub fn run(scene: &Path, neighbour: &Path, folder: &Path) -> Result<()> {
    let model = folder.join("model.json");
    let cluster = json!({
        "command": "cluster",
        "input": scene,
        "output": folder.join("scene.tif"),
        "n_clusters": 6,
        "model": model,
    });
    let predict = json!({
        "command": "predict",
        "model": model,
        "input": neighbour,
        "output": folder.join("neighbour.tif"),
    });
    for request in [cluster, predict] {
        let request = Request::from_json(&request.to_string())?;
        let outcome = jobs::run(&request, &mut Run::silent(0))?; // on all cores
        println!("{}", outcome.to_json());
    }
    Ok(())
}
