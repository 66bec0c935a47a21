//! A model in another scene: warnings, and the options that correct a scene.

#![cfg(feature = "cli")]

mod common;

use common::Folder;
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};

/// A scene, a model of it, and the same scene with 1000 added to every sample; some pixels of it
/// are nodata.
fn scenes() -> Folder {
    let folder = Folder::new();
    folder.cut("scene.tif", "s2_train.tif", &[1, 2, 3, 4], 300);
    folder.must("cluster scene.tif map.tif --model m.json -q");
    let scene = Dataset::open(folder.path("scene.tif")).unwrap();
    let copy = scene
        .driver()
        .create_with_band_type::<u16, _>(folder.path("later.tif"), 300, 300, 4)
        .and_then(|mut later| {
            later.set_geo_transform(&scene.geo_transform()?)?;
            for band in 1..=4 {
                let samples = scene.rasterband(band)?.read_band_as::<u16>()?;
                let more: Vec<u16> = samples.data().iter().map(|sample| sample + 1000).collect();
                let mut band = later.rasterband(band)?;
                band.write((0, 0), (300, 300), &mut gdal::raster::Buffer::new((300, 300), more))?;
                band.set_no_data_value(Some(0.0))?;
            }
            Ok(later)
        });
    copy.unwrap().close().unwrap();
    folder
}

/// Gives all bands of a file a scale and an offset.
fn describe(folder: &Folder, name: &str, scale: f64, offset: f64) {
    let options =
        DatasetOptions { open_flags: GdalOpenFlags::GDAL_OF_UPDATE, ..DatasetOptions::default() };
    let dataset = Dataset::open_ex(folder.path(name), options).unwrap();
    for band in 1..=4 {
        let mut band = dataset.rasterband(band).unwrap();
        band.set_scale(scale).unwrap();
        band.set_offset(offset).unwrap();
    }
    dataset.close().unwrap();
}

#[test]
fn a_shift_is_told_and_undone() {
    let folder = scenes();
    let told = folder.json("predict m.json scene.tif same.tif");
    assert_eq!(told["warnings"].as_array().map(Vec::len), Some(0), "{told}");
    assert!(told["drift"]["overall"].as_f64().unwrap() < 0.05, "{told}");

    let told = folder.json("predict m.json later.tif wrong.tif");
    assert_eq!(told["warnings"][0]["code"], "offset", "{told}");
    let text = folder.must("predict m.json later.tif wrong.tif --report page.html");
    assert!(text.contains("warning (offset): ") && text.contains("--add -1000"), "{text}");
    let page = std::fs::read_to_string(folder.path("page.html")).unwrap();
    assert!(page.contains("<strong>Warnings</strong>") && page.contains("--add -1000"), "{page}");

    let told = folder.json("predict m.json later.tif right.tif --offset -1000 --threads 1");
    assert_eq!(told["warnings"].as_array().map(Vec::len), Some(0), "{told}");
    assert_eq!(told["corrections"][3]["offset"].as_f64(), Some(-1000.0));
    let labels = folder.labels("map.tif");
    assert_eq!(folder.labels("right.tif"), labels);
    assert_ne!(folder.labels("wrong.tif"), labels);
    folder.must("predict m.json later.tif each.tif --add -1000,-1000,-1000,-1000 --multiply 1 -q");
    assert_eq!(folder.contents()["each.tif"], folder.contents()["right.tif"]);
}

#[test]
fn two_causes_are_told_and_undone_together() {
    let folder = scenes();
    let told = folder.json("predict m.json later.tif wrong.tif --bands 3,2,1,4");
    let code = |place: usize| told["warnings"][place]["code"].as_str().unwrap_or("none");
    assert_eq!([code(0), code(1), code(2)], ["offset", "band_order", "none"], "{told}");
    assert!(
        told["warnings"][1]["message"].as_str().unwrap().contains("in this order: 3,2,1,4"),
        "{told}"
    );
    let told = folder.json("predict m.json later.tif right.tif --bands 1,2,3,4 --offset -1000");
    assert_eq!(told["warnings"].as_array().map(Vec::len), Some(0), "{told}");
    assert_eq!(folder.labels("right.tif"), folder.labels("map.tif"));
}

#[test]
fn scale_and_offset_of_the_files_are_honoured_where_both_have_them() {
    let folder = scenes();
    describe(&folder, "later.tif", 0.0001, -0.1);
    let told = folder.json("predict m.json later.tif one.tif");
    assert!(told["corrections"].is_null(), "the model does not say what its samples mean: {told}");
    describe(&folder, "scene.tif", 0.0001, 0.0);
    folder.must("cluster scene.tif map.tif --model m.json -q");
    folder.must("predict m.json later.tif both.tif -q");
    assert_eq!(folder.labels("both.tif"), folder.labels("map.tif"));
}

#[test]
fn scenes_that_are_fitted_together_are_brought_to_the_samples_of_the_first() {
    let folder = scenes();
    std::fs::create_dir(folder.path("maps")).unwrap();
    describe(&folder, "later.tif", 0.0001, -0.1);
    describe(&folder, "scene.tif", 0.0001, 0.0);
    folder.must("fit scene.tif later.tif --model both.json --labels-dir maps -q");
    assert_eq!(folder.labels("maps/later.tif"), folder.labels("maps/scene.tif"));
    describe(&folder, "later.tif", 1.0, 0.0);
    folder.must("fit scene.tif later.tif --model other.json --labels-dir maps -q");
    let (later, scene) = (folder.labels("maps/later.tif"), folder.labels("maps/scene.tif"));
    assert_ne!(later, scene, "one does not say what its samples mean");
}

#[test]
fn what_is_refused() {
    let folder = scenes();
    for (arguments, message) in [
        ("--add x", "'x' is not a number"),
        ("--add 1,2", "--add gives 2 numbers for 4 bands"),
        ("--multiply 0", "--multiply is 0"),
        ("--multiply inf", "'inf' is not a number"),
    ] {
        let error = folder.fail(&format!("predict m.json later.tif out.tif {arguments}"));
        assert!(error.contains(message), "{arguments}: {error}");
    }
}
