//! The input of the command line: formats, several files, bands, nodata and masks.

#![cfg(feature = "cli")]

mod common;

use common::{data, read_band, Folder};
use gdal::raster::ColorInterpretation;
use gdal::{Dataset, DriverManager, Metadata};
use serde_json::json;

const SIZE: usize = 320;

/// A folder with `scene.tif`: 4 bands of the training scene.
fn scene() -> (Folder, Dataset) {
    let folder = Folder::new();
    let cut = folder.cut("scene.tif", "s2_train.tif", &[1, 2, 3, 4], SIZE);
    (folder, cut)
}

#[test]
fn lossless_copies_in_any_format_give_the_same_labels() {
    let (folder, scene) = scene();
    folder.copy(&scene, "striped.tif", "GTiff", &["TILED=NO", "INTERLEAVE=BAND", "COMPRESS=LZW"]);
    folder.copy(&scene, "one_strip.tif", "GTiff", &["BLOCKYSIZE=320", "COMPRESS=DEFLATE"]);
    folder.copy(&scene, "lossless.jp2", "JP2OpenJPEG", &["QUALITY=100", "REVERSIBLE=YES"]);
    folder.copy(&scene, "virtual.vrt", "VRT", &[]);
    for (band, name) in [(1, "B02.tif"), (2, "B03.tif"), (3, "B04.tif"), (4, "B08.tif")] {
        folder.cut(name, "s2_train.tif", &[band], SIZE);
    }
    folder.must("cluster scene.tif expected.tif -k 5 -q");
    let expected = folder.labels("expected.tif");
    for input in [
        "striped.tif",
        "one_strip.tif",
        "lossless.jp2",
        "virtual.vrt",
        "B02.tif,B03.tif,B04.tif,B08.tif",
    ] {
        folder.must(&format!("cluster {input} labels.tif -k 5 -q"));
        assert!(folder.labels("labels.tif") == expected, "{input}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let (folder, _) = scene();
    folder.must(
        "cluster scene.tif expected.tif --model expected.json --quicklook expected.png -k 7 \
         --threads 1 -q",
    );
    for threads in [2, 7] {
        folder.must(&format!(
            "cluster scene.tif same.tif --model same.json --quicklook same.png -k 7 --threads \
             {threads} -q"
        ));
        let files = folder.contents();
        for extension in ["tif", "tif.aux.xml", "json", "png"] {
            let [expected, same] =
                ["expected", "same"].map(|name| &files[&format!("{name}.{extension}")]);
            assert!(expected == same, "{extension} with {threads} threads");
        }
    }
}

#[test]
fn bands_are_read_in_the_order_asked_for() {
    let (folder, _) = scene();
    folder.cut("reordered.tif", "s2_train.tif", &[4, 3, 2], SIZE);
    folder.must("cluster reordered.tif expected.tif --model expected.json -q");
    folder.must("cluster scene.tif labels.tif --bands 4,3,2 --model model.json -q");
    let files = folder.contents();
    assert!(files["model.json"] == files["expected.json"]);
    assert!(files["labels.tif"] == files["expected.tif"]);
    let model: serde_json::Value = serde_json::from_slice(&files["model.json"]).unwrap();
    let names: Vec<_> = (0..3).map(|band| model["bands"][band]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["B08", "B04", "B03"]);
}

#[test]
fn bands_are_chosen_by_name_in_any_case() {
    let (folder, _) = scene();
    folder.must("cluster scene.tif expected.tif --bands 4,3,2 --model expected.json -q");
    folder.must("cluster scene.tif labels.tif --bands b08,B04,B03 --model model.json -q");
    folder.must("cluster scene.tif mixed.tif --bands B08,3,b03 -q");
    let files = folder.contents();
    assert!(files["model.json"] == files["expected.json"]);
    assert!(
        files["labels.tif"] == files["expected.tif"] && files["mixed.tif"] == files["expected.tif"]
    );
    let report = folder.json("info scene.tif --bands B08");
    assert_eq!(report["bands"][0]["name"], "B08");
    for (bands, error) in [
        ("B8A", "the band 'B8A' was asked for, scene.tif has B02, B03, B04, B08"),
        ("B04,3", "the band B04 of scene.tif is asked for twice"),
        ("B04,B04", "band B04 is given twice"),
    ] {
        let found = folder.fail(&format!("cluster scene.tif labels.tif --bands {bands}"));
        assert!(found.contains(error), "{found}");
    }
    folder.cut("B02_a.tif", "s2_train.tif", &[1], SIZE);
    folder.cut("B02_b.tif", "s2_train.tif", &[1], SIZE);
    let found = folder.fail("cluster B02_a.tif,B02_b.tif labels.tif --bands B02");
    assert!(found.contains("the bands 1, 2 of B02_a.tif,B02_b.tif are all named B02"), "{found}");
}

#[test]
fn files_of_one_band_are_numbered_across_files() {
    let folder = Folder::new();
    folder.cut("B02.tif", "s2_train.tif", &[1], SIZE);
    folder.cut("B03.tif", "s2_train.tif", &[2], SIZE);
    folder.must("cluster B02.tif,B03.tif labels.tif --bands 2,1 -q");
    folder.must("cluster B03.tif,B02.tif expected.tif -q");
    assert!(folder.labels("labels.tif") == folder.labels("expected.tif"));
    let error = folder.fail("cluster B02.tif,B03.tif labels.tif --bands 3");
    assert!(error.contains("band 3 was asked for, B02.tif,B03.tif has 2"), "{error}");
}

/// A band without a georeference comes before one that has it. The map has the georeference of the
/// second, and a third band that lies elsewhere is refused, whatever the first says.
#[test]
fn any_of_the_files_tells_where_the_scene_lies() {
    let folder = Folder::new();
    let placed = folder.cut("B03.tif", "s2_train.tif", &[2], SIZE);
    let size = (SIZE, SIZE);
    let mut samples = folder
        .cut("first.tif", "s2_train.tif", &[1], SIZE)
        .rasterband(1)
        .unwrap()
        .read_as::<u16>((0, 0), size, size, None)
        .unwrap();
    let bare = placed
        .driver()
        .create_with_band_type::<u16, _>(folder.path("B02.tif"), SIZE, SIZE, 1)
        .unwrap();
    bare.rasterband(1).unwrap().write((0, 0), size, &mut samples).unwrap();
    bare.close().unwrap();
    folder.must("cluster B02.tif,B03.tif labels.tif -q");
    let labels = Dataset::open(folder.path("labels.tif")).unwrap();
    assert_eq!(labels.geo_transform().unwrap(), placed.geo_transform().unwrap());
    assert_eq!(labels.spatial_ref().unwrap(), placed.spatial_ref().unwrap());

    let mut elsewhere = folder.cut("B04.tif", "s2_train.tif", &[3], SIZE);
    elsewhere.set_geo_transform(&[0.0, 10.0, 0.0, 0.0, 0.0, -10.0]).unwrap();
    elsewhere.close().unwrap();
    let error = folder.fail("cluster B02.tif,B03.tif,B04.tif labels.tif");
    assert!(error.contains("B04.tif and B03.tif do not cover the same ground"), "{error}");
}

/// The same band of two dates: positions distinguish them, names do not.
#[test]
fn a_model_of_bands_of_one_name_labels_its_own_scene() {
    let folder = Folder::new();
    folder.cut("2020_B04.tif", "s2_train.tif", &[3], SIZE);
    folder.cut("2021_B04.tif", "s2_train.tif", &[4], SIZE);
    for name in ["2020_B04.tif", "2021_B04.tif"] {
        let mut options = gdal::DatasetOptions::default();
        options.open_flags |= gdal::GdalOpenFlags::GDAL_OF_UPDATE;
        let file = Dataset::open_ex(folder.path(name), options).unwrap();
        file.rasterband(1).unwrap().set_description("").unwrap();
        file.close().unwrap();
    }
    folder.must("cluster 2020_B04.tif,2021_B04.tif map.tif --model m.json -q");
    folder.must("predict m.json 2020_B04.tif,2021_B04.tif again.tif -q");
    assert!(folder.labels("again.tif") == folder.labels("map.tif"));
}

#[test]
fn pixels_that_are_nodata_in_any_band_get_label_0() {
    let folder = Folder::new();
    let scene = Dataset::open(data("l8_nodata_a.tif")).unwrap();
    let input = data("l8_nodata_a.tif");
    folder.must(&format!("cluster {} labels.tif -q", input.display()));
    let bands: Vec<_> = (1..=3).map(|band| read_band(&scene, band)).collect();
    let labels = folder.labels("labels.tif");
    let right =
        |(i, label): (usize, &f64)| (*label == 0.0) == bands.iter().any(|band| band[i] == 0.0);
    assert!(labels.iter().enumerate().all(right));
}

#[test]
fn nodata_given_takes_the_place_of_the_files() {
    let folder = Folder::new();
    let input = data("l8_nodata_a.tif");
    let report = folder.json(&format!("cluster {} labels.tif --nodata none", input.display()));
    assert_eq!(report["n_valid"], report["n_pixels"]);
    let report = folder.json(&format!("cluster {} labels.tif --nodata 0,0,-9999", input.display()));
    let scene = Dataset::open(&input).unwrap();
    let (first, second) = (read_band(&scene, 1), read_band(&scene, 2));
    let n_valid = first.iter().zip(&second).filter(|(a, b)| **a != 0.0 && **b != 0.0).count();
    assert_eq!(report["n_valid"], n_valid);
}

#[test]
fn a_mask_leaves_pixels_out() {
    let (folder, _) = scene();
    folder.write_u8("mask.tif", SIZE, |x, y| if x < y { 200 } else { 0 });
    folder.must("cluster scene.tif labels.tif --mask mask.tif -q");
    let right = |(i, label): (usize, &f64)| (*label != 0.0) == (i % SIZE < i / SIZE);
    assert!(folder.labels("labels.tif").iter().enumerate().all(right));
}

#[test]
fn the_files_own_mask_and_alpha_band_leave_pixels_out() {
    let (folder, scene) = scene();
    let driver = DriverManager::get_driver_by_name("MEM").unwrap();
    let with_alpha = driver.create_with_band_type::<u16, _>("", SIZE, SIZE, 3).unwrap();
    for band in 1..=2 {
        let mut pixels = scene.rasterband(band).unwrap().read_band_as::<u16>().unwrap();
        with_alpha.rasterband(band).unwrap().write((0, 0), (SIZE, SIZE), &mut pixels).unwrap();
    }
    let alpha = (0..SIZE * SIZE).map(|i| if i % 3 == 0 { 0 } else { 65535 }).collect();
    let mut band = with_alpha.rasterband(3).unwrap();
    band.write((0, 0), (SIZE, SIZE), &mut gdal::raster::Buffer::new((SIZE, SIZE), alpha)).unwrap();
    band.set_color_interpretation(ColorInterpretation::AlphaBand).unwrap();
    folder.copy(&with_alpha, "alpha.tif", "GTiff", &[]);
    folder.write_u8("mask.tif", SIZE, |x, y| u8::from((x + y * SIZE) % 3 != 0));
    let told = folder.must("cluster alpha.tif alpha_labels.tif");
    assert!(told.contains("alpha.tif: band 3 is an alpha band and is used as a mask"), "{told}");
    for command in ["info alpha.tif", "choose-k alpha.tif --max 3", "fit alpha.tif --model m.json"]
    {
        assert!(folder.must(command).contains("band 3 is an alpha band"), "{command}");
        let told = folder.json(command);
        assert_eq!(told["alpha_masks"], json!([{ "file": "alpha.tif", "band": 3 }]), "{command}");
        let chosen = folder.must(&format!("{command} --bands 1,2,3"));
        assert!(!chosen.contains("alpha band"), "{chosen}");
        assert_eq!(
            folder.json(&format!("{command} --bands 1,2,3"))["alpha_masks"],
            json!([]),
            "{command}"
        );
    }
    folder.must("cluster scene.tif labels.tif --bands 1,2 --mask mask.tif -q");
    assert!(folder.labels("alpha_labels.tif") == folder.labels("labels.tif"));

    let masked = folder.cut("masked.tif", "s2_train.tif", &[1, 2], SIZE);
    let mut first = masked.rasterband(1).unwrap();
    first.create_mask_band(true).unwrap();
    let mut mask = first.open_mask_band().unwrap();
    let valid = (0..SIZE * SIZE).map(|i| if i % 3 == 0 { 0u8 } else { 255 }).collect();
    mask.write((0, 0), (SIZE, SIZE), &mut gdal::raster::Buffer::new((SIZE, SIZE), valid)).unwrap();
    drop(masked);
    folder.must("cluster masked.tif masked_labels.tif -q");
    assert!(folder.labels("masked_labels.tif") == folder.labels("labels.tif"));
}

#[test]
fn several_scenes_are_fitted_together() {
    let folder = Folder::new();
    folder.cut("a.tif", "s2_train.tif", &[1, 2, 3], SIZE);
    folder.cut("b.tif", "s2_predict.tif", &[1, 2, 3], SIZE);
    let report = folder.json("fit a.tif b.tif --model ab.json -k 6");
    assert_eq!(report["n_pixels"], 2 * SIZE * SIZE);
    folder.must("fit b.tif a.tif --model ba.json -k 6 -q");
    assert!(folder.contents()["ab.json"] == folder.contents()["ba.json"]);
}

#[test]
fn scenes_that_are_fitted_together_have_their_bands_matched_by_name() {
    let folder = Folder::new();
    folder.cut("a.tif", "s2_train.tif", &[1, 2, 3, 4], 200);
    folder.cut("b.tif", "s2_train.tif", &[4, 3, 2, 1], 200);
    std::fs::create_dir(folder.path("maps")).unwrap();
    folder.must("fit a.tif b.tif --model both.json --labels-dir maps -q");
    assert_eq!(folder.labels("maps/a.tif"), folder.labels("maps/b.tif"));
    folder.must("fit a.tif b.tif --bands 1,2,3,4 --model numbers.json --labels-dir maps -q");
    assert_ne!(
        folder.labels("maps/a.tif"),
        folder.labels("maps/b.tif"),
        "numbers are taken at their word"
    );
    folder.cut("c.tif", "s2_13band.tif", &[1, 5, 6, 7], 160);
    let error = folder.fail("fit a.tif c.tif --model no.json");
    assert!(
        error.contains("c.tif has the bands") && error.contains("choose them with --bands"),
        "{error}"
    );
}

#[test]
fn inputs_are_left_as_they_were() {
    let (folder, _) = scene();
    folder.must("info scene.tif");
    let before = folder.contents();
    let out = Folder::new();
    let input = folder.path("scene.tif");
    out.must(&format!("cluster {} labels.tif --quicklook q.png -q", input.display()));
    assert!(folder.contents() == before);
}

#[test]
fn predict_finds_the_bands_of_the_model_by_name() {
    let (folder, _) = scene();
    folder.must("fit scene.tif --model model.json -k 5 --bands 3,2,1,4 -q");
    folder.must("predict model.json scene.tif expected.tif --bands 3,2,1,4 -q");
    folder.must("predict model.json scene.tif by_name.tif -q");
    folder.must("predict model.json scene.tif by_position.tif --bands 1,2,3,4 -q");
    assert!(folder.labels("by_name.tif") == folder.labels("expected.tif"));
    assert!(folder.labels("by_position.tif") != folder.labels("expected.tif"));
}

#[test]
fn predict_refuses_bands_of_other_names() {
    let (folder, _) = scene();
    folder.must("fit scene.tif --model model.json -k 5 -q");
    for (band, name) in
        [(1, "T18_B02.tif"), (2, "T18_B03.tif"), (3, "T18_B04.tif"), (4, "T18_B08.tif")]
    {
        let file = folder.cut(name, "s2_train.tif", &[band], SIZE);
        drop(file);
    }
    folder.must("predict model.json scene.tif expected.tif -q");
    folder.must("predict model.json T18_B08.tif,T18_B04.tif,T18_B03.tif,T18_B02.tif labels.tif -q");
    assert!(
        folder.labels("labels.tif") == folder.labels("expected.tif"),
        "bands found by the names in their files' names"
    );
    let other = folder.cut("other.tif", "s2_13band.tif", &[5, 6, 7, 9], 150);
    drop(other);
    let failed = folder.run("predict model.json other.tif wrong.tif");
    assert_eq!(failed.status.code(), Some(1));
    let message = String::from_utf8(failed.stderr).unwrap();
    assert!(
        message.contains("B05") && message.contains("B08") && message.contains("--bands"),
        "{message}"
    );
    folder.must("predict model.json other.tif chosen.tif --bands 1,2,3,4 -q");
}
