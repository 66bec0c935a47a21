//! The colours of the classes of real scenes, measured with an independent implementation of
//! CIEDE2000 (`empfindung`).

#![cfg(feature = "cli")]

mod common;

use common::{data, Folder};
use empfindung::cie00::diff;
use lab::Lab;

/// A colour such as `#336699` in CIELAB.
fn lab(color: &str) -> Lab {
    Lab::from_rgb(&[1, 3, 5].map(|at| u8::from_str_radix(&color[at..at + 2], 16).unwrap()))
}

/// The classes' colours of a scene that was clustered with these options.
fn colors(scene: &str, options: &str) -> Vec<String> {
    let folder = Folder::new();
    let scene = data(scene);
    folder.must(&format!("fit {} --model m.json {options} -q", scene.display()));
    let text = std::fs::read_to_string(folder.path("m.json")).unwrap();
    let model: serde_json::Value = serde_json::from_str(&text).unwrap();
    let color = |class: &serde_json::Value| class["color"].as_str().unwrap().to_string();
    model["classes"].as_array().unwrap().iter().map(color).collect()
}

fn are_apart(scene: &str, options: &str, least: f32) {
    let colors = colors(scene, options);
    for (i, one) in colors.iter().enumerate() {
        assert!(one != "#000000" && one != "#ffffff", "{scene} {options}: {colors:?}");
        for other in &colors[..i] {
            let difference = diff(lab(one), lab(other));
            assert!(
                difference >= least,
                "{scene} {options}: {one} and {other} differ by {difference}"
            );
        }
    }
}

fn are_apart_in(scene: &str) {
    for k in 2..=12 {
        are_apart(scene, &format!("-k {k}"), 9.5);
    }
    are_apart(scene, "-k 30", 5.0);
}

#[test]
fn classes_of_a_coast_are_apart() {
    are_apart_in("s2_train.tif");
    are_apart("s2_train.tif", "--algorithm dbscan", 5.0);
}

#[test]
fn classes_of_thirteen_bands_are_apart() {
    are_apart_in("s2_13band.tif");
}

#[test]
fn classes_of_bytes_are_apart() {
    are_apart_in("l7_uint8.tif");
}

#[test]
fn classes_of_snow_and_clouds_are_apart() {
    are_apart_in("l8_nodata_a.tif");
    are_apart_in("l8_nodata_b.tif");
}
