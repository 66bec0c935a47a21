//! `--confidence`, `--max-distance` and `--radius-quantile`: what they write, and what they refuse.

#![cfg(feature = "cli")]

mod common;

use common::Folder;
use gdal::Dataset;

fn scene() -> Folder {
    let folder = Folder::new();
    folder.cut("scene.tif", "s2_train.tif", &[1, 2, 3, 4], 300);
    folder
}

/// The values of a raster of floats.
fn values(folder: &Folder, name: &str) -> Vec<f32> {
    let dataset = Dataset::open(folder.path(name)).unwrap();
    let band = dataset.rasterband(1).unwrap();
    assert!(band.no_data_value().unwrap().is_nan());
    band.read_as::<f32>((0, 0), dataset.raster_size(), dataset.raster_size(), None)
        .unwrap()
        .data()
        .to_vec()
}

#[test]
fn cluster_and_predict_agree_on_confidence_and_on_strangers() {
    let folder = scene();
    let told = folder.json(
        "cluster scene.tif map.tif --model m.json --confidence sure.tif --radius-quantile 0.95 \
         --quicklook q.png",
    );
    let unclassified = &told["classes"][4];
    assert_eq!(
        (unclassified["value"].as_u64(), unclassified["name"].as_str()),
        (Some(5), Some("unclassified"))
    );
    let labels = folder.labels("map.tif");
    let strangers = labels.iter().filter(|label| **label == 5.0).count();
    assert_eq!(unclassified["count"].as_u64(), Some(strangers as u64));
    assert!((0.03..0.07).contains(&(strangers as f64 / labels.len() as f64)), "{strangers}");
    let sure = values(&folder, "sure.tif");
    assert!(sure.iter().all(|value| (0.0..=1.0).contains(value)));
    assert!(sure.iter().zip(&labels).all(|(sure, label)| *label != 5.0 || *sure == 0.0));

    // The model keeps its class radii, and --max-distance replaces them. Blocks and threads do not
    // matter.
    folder.must("predict m.json scene.tif again.tif --confidence sure2.tif --threads 1 -q");
    let contents = folder.contents();
    assert_eq!(contents["map.tif"], contents["again.tif"]);
    assert_eq!(contents["sure.tif"], contents["sure2.tif"]);
    folder.must("predict m.json scene.tif all.tif --max-distance 1e9 -q");
    assert!(folder.labels("all.tif").iter().all(|label| (1.0..=4.0).contains(label)));
}

#[test]
fn fit_saves_radii_too() {
    let folder = scene();
    folder.must("fit scene.tif --model m.json --max-distance 300 -q");
    folder.must("predict m.json scene.tif map.tif -q");
    assert!(folder.labels("map.tif").contains(&5.0));
}

#[test]
fn what_is_refused() {
    let folder = scene();
    for (arguments, message) in [
        ("--max-distance -3", "largest distance is -3"),
        ("--radius-quantile 1.5", "quantile of distances is 1.5"),
        ("--confidence sure.png", "ends in .tif"),
        ("--confidence map.tif", "another output too"),
        ("--confidence scene.tif", "an input too"),
    ] {
        let error = folder.fail(&format!("cluster scene.tif map.tif {arguments}"));
        assert!(error.contains(message), "{arguments}: {error}");
    }
    assert_eq!(folder.names(), ["scene.tif"]);
}
