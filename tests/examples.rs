//! The program in examples/rust does what it says. For other languages: tests/test_examples.py.

use std::fs;
use std::path::Path;

use bandcluster::Model;

#[allow(dead_code)] // its `main`
#[path = "../examples/rust/neighbour.rs"]
mod neighbour;

#[test]
fn it_labels_the_scene_and_its_neighbour() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let folder = tempfile::tempdir().unwrap();
    let scenes = [data.join("s2_train.tif"), data.join("s2_predict.tif")];
    neighbour::run(&scenes[0], &scenes[1], folder.path()).unwrap();

    let model = Model::from_json(&fs::read_to_string(folder.path().join("model.json")).unwrap());
    let counts: Vec<u64> = model.unwrap().classes.iter().map(|class| class.count).collect();
    assert_eq!(counts.len(), 6);
    assert_eq!(counts.iter().sum::<u64>(), 832 * 832);
    for map in ["scene.tif", "neighbour.tif"] {
        assert!(fs::metadata(folder.path().join(map)).unwrap().len() > 10_000, "{map}");
    }
}
