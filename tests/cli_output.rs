//! The output of the command line: labels, models, pictures, reports. Failures leave nothing
//! behind.

#![cfg(feature = "cli")]

mod common;

use common::{data, Folder};
use gdal::raster::ColorInterpretation;
use gdal::{Dataset, DriverManager, Metadata};
use serde_json::Value;

const SIZE: usize = 320;

fn scene() -> Folder {
    let folder = Folder::new();
    folder.cut("scene.tif", "s2_train.tif", &[1, 2, 3, 4], SIZE);
    folder
}

fn model(folder: &Folder, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.path(name)).unwrap()).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

#[test]
fn labels_are_a_tiled_compressed_geotiff_that_lies_where_the_scene_lies() {
    let folder = Folder::new();
    let input = data("s2_train.tif");
    folder.must(&format!("cluster {} labels.tif -q", input.display()));
    let (scene, labels) =
        (Dataset::open(input).unwrap(), Dataset::open(folder.path("labels.tif")).unwrap());
    let band = labels.rasterband(1).unwrap();
    assert_eq!(labels.driver().short_name(), "GTiff");
    assert_eq!((labels.raster_count(), labels.raster_size()), (1, scene.raster_size()));
    assert_eq!(band.band_type().name(), "Byte");
    assert_eq!(band.block_size(), (512, 512));
    assert_eq!(labels.metadata_item("COMPRESSION", "IMAGE_STRUCTURE").as_deref(), Some("DEFLATE"));
    assert_eq!(labels.geo_transform().unwrap(), scene.geo_transform().unwrap());
    assert!(labels.spatial_ref().unwrap() == scene.spatial_ref().unwrap());
    assert_eq!(band.no_data_value(), Some(0.0));
}

#[test]
fn classes_have_the_colors_and_names_of_the_model() {
    let folder = scene();
    folder.must(
        "cluster scene.tif labels.tif --model model.json --colors black,#f00,green,Yellow -q",
    );
    let model = model(&folder, "model.json");
    let labels = Dataset::open(folder.path("labels.tif")).unwrap();
    let band = labels.rasterband(1).unwrap();
    assert!(matches!(band.color_interpretation(), ColorInterpretation::PaletteIndex));
    let table = band.color_table().unwrap();
    for (value, color) in [(1, "#000000"), (2, "#ff0000"), (3, "#008000"), (4, "#ffff00")] {
        let entry = table.entry_as_rgb(value).unwrap();
        assert_eq!(format!("#{:02x}{:02x}{:02x}", entry.r, entry.g, entry.b), color);
        assert_eq!(model["classes"][value - 1]["color"], color);
    }
    assert_eq!(table.entry_as_rgb(0).unwrap().a, 0);
    let aux = std::fs::read_to_string(folder.path("labels.tif.aux.xml")).unwrap();
    let names = ["nodata", "class 1", "class 2", "class 3", "class 4"];
    let categories: String = names.map(|name| format!("<Category>{name}</Category>")).concat();
    assert!(aux
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace("> <", "><")
        .contains(&categories));
}

#[test]
fn labels_are_the_nearest_centers_of_the_saved_model() {
    let folder = scene();
    folder.must("cluster scene.tif labels.tif --model model.json -k 6 -q");
    let model = model(&folder, "model.json");
    let centers: Vec<_> = model["centers"].as_array().unwrap().iter().map(numbers).collect();
    let bands: Vec<_> = (1..=4).map(|band| folder.band("scene.tif", band)).collect();
    for (i, label) in folder.labels("labels.tif").iter().enumerate() {
        let distance = |center: &Vec<f64>| {
            center.iter().zip(&bands).map(|(c, band)| (band[i] - c).powi(2)).sum()
        };
        let distances: Vec<f64> = centers.iter().map(distance).collect();
        let least = distances.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(distances[*label as usize - 1] <= least * (1.0 + 1e-9), "pixel {i}");
    }
}

#[test]
fn many_classes_need_two_bytes() {
    let folder = scene();
    folder
        .must("cluster scene.tif labels.tif --model model.json -k 300 --n-init 1 --max-iter 5 -q");
    let labels = Dataset::open(folder.path("labels.tif")).unwrap();
    assert_eq!(labels.rasterband(1).unwrap().band_type().name(), "UInt16");
    assert!(labels.rasterband(1).unwrap().color_table().unwrap().entry_count() > 300);
    let most = folder.labels("labels.tif").into_iter().fold(0.0, f64::max);
    assert_eq!(most, 300.0);
}

#[test]
fn predict_labels_the_training_scene_alike_and_its_neighbour_too() {
    let folder = scene();
    folder.cut("neighbour.tif", "s2_predict.tif", &[1, 2, 3, 4], SIZE);
    folder.must("cluster scene.tif expected.tif --model model.json --scaling zscore -q");
    folder.must("predict model.json scene.tif labels.tif -q");
    assert!(folder.contents()["labels.tif"] == folder.contents()["expected.tif"]);
    let report = folder.json("predict model.json neighbour.tif labels.tif --quicklook q.jpg");
    assert_eq!(report["n_pixels"], SIZE * SIZE);
    let jpeg = image::open(folder.path("q.jpg")).unwrap();
    assert!(jpeg.width() > 2 * SIZE as u32);
}

#[test]
fn control_points_are_carried_over() {
    let folder = scene();
    let driver = DriverManager::get_driver_by_name("VRT").unwrap();
    let source = Dataset::open(folder.path("scene.tif")).unwrap();
    source.create_copy(&driver, folder.path("scene.vrt"), &common::creation_options(&[])).unwrap();
    let text = std::fs::read_to_string(folder.path("scene.vrt")).unwrap();
    let transform =
        &text[text.find("<GeoTransform>").unwrap()..text.find("</GeoTransform>").unwrap() + 15];
    let point = |id, x, y| {
        format!(r#"<GCP Id="{id}" Pixel="{x}" Line="{y}" X="{}" Y="{}"/>"#, 15.0 + x, 45.0 - y)
    };
    let points = [(1, 0.0, 0.0), (2, 100.0, 0.0), (3, 0.0, 100.0)]
        .map(|(id, x, y)| point(id, x, y))
        .concat();
    let gcps = format!(r#"<GCPList Projection="EPSG:4326">{points}</GCPList>"#);
    std::fs::write(folder.path("gcps.vrt"), text.replace(transform, &gcps)).unwrap();
    folder.must("cluster gcps.vrt labels.tif -q");
    let labels = Dataset::open(folder.path("labels.tif")).unwrap();
    assert_eq!(labels.gcps().iter().map(|gcp| gcp.x()).collect::<Vec<_>>(), [15.0, 115.0, 15.0]);
    assert!(labels.geo_transform().is_err());
}

#[test]
fn the_picture_shows_the_classes_in_their_colors() {
    let folder = scene();
    folder.must(
        "cluster scene.tif labels.tif --quicklook q.png --colors #010203,#fedcba,#00ff00,#ff00ff \
         -q",
    );
    let picture = image::open(folder.path("q.png")).unwrap().into_rgb8();
    // The scene is enlarged by a factor of two.
    assert!(picture.width() > 4 * SIZE as u32 && picture.height() > 2 * SIZE as u32);
    let labels = folder.labels("labels.tif");
    for (value, color) in
        [(1.0, [1, 2, 3]), (2.0, [254, 220, 186]), (3.0, [0, 255, 0]), (4.0, [255, 0, 255])]
    {
        let pixels = picture.pixels().filter(|pixel| pixel.0 == color).count();
        let expected = 4 * labels.iter().filter(|label| **label == value).count();
        assert!(pixels >= expected && pixels < expected + 2000, "{value}: {pixels} for {expected}");
    }
}

#[test]
fn json_tells_what_was_done() {
    let folder = scene();
    let report = folder.json("cluster scene.tif labels.tif --model model.json");
    let model = model(&folder, "model.json");
    assert_eq!(report["inputs"][0], "scene.tif");
    assert_eq!((&report["output"], &report["model"]), (&"labels.tif".into(), &"model.json".into()));
    assert_eq!(report["quicklook"], Value::Null);
    assert_eq!(
        (&report["n_pixels"], &report["n_valid"]),
        (&(SIZE * SIZE).into(), &(SIZE * SIZE).into())
    );
    assert_eq!((&report["inertia"], &report["n_iter"]), (&model["inertia"], &model["n_iter"]));
    for (told, saved) in
        report["classes"].as_array().unwrap().iter().zip(model["classes"].as_array().unwrap())
    {
        assert!(["value", "name", "color", "count"].iter().all(|key| told[key] == saved[key]));
    }
    for phase in ["summary", "fit", "refine", "predict", "write", "total"] {
        assert!(report["seconds"][phase].is_number(), "{phase}");
    }
    assert_eq!(report["bytes"]["predict"], SIZE * SIZE * 4 * 2);
    assert!(report["peak_memory"].as_u64().unwrap() > 1 << 20);
    assert!(report["peak_memory"].as_u64() <= report["planned_memory"].as_u64());
}

#[test]
fn a_fit_that_did_not_come_to_rest_says_so() {
    let folder = Folder::new();
    // Few values: the cells are enough. Many values: the pixels are needed.
    folder.cut("small.tif", "s2_train.tif", &[1, 2], 60);
    folder.cut("large.tif", "s2_13band.tif", &[2, 3, 4, 5, 6, 7, 8, 9, 12, 13], 170);
    for scene in ["small.tif", "large.tif"] {
        assert_eq!(
            folder.json(&format!("cluster {scene} map.tif -k 9"))["settled"],
            true,
            "{scene}"
        );
        assert_eq!(
            folder.json(&format!("cluster {scene} map.tif -k 9 --max-iter 1"))["settled"],
            false,
            "{scene}"
        );
        let text = folder.must(&format!("fit {scene} --model m.json -k 9 --max-iter 1"));
        assert!(text.contains("warning (max_iter): the centres still moved"), "{text}");
    }
    assert!(folder.json("cluster small.tif map.tif --algorithm birch -k 3")["settled"].is_null());
}

#[test]
fn people_get_a_table_unless_they_want_quiet() {
    let folder = scene();
    let text = folder.must("cluster scene.tif labels.tif");
    assert!(
        text.contains("102 400 pixels") && text.contains("class 4") && text.contains("labels.tif"),
        "{text}"
    );
    assert_eq!(folder.must("cluster scene.tif labels.tif --quiet"), "");
}

#[test]
fn info_tells_of_rasters_and_models() {
    let folder = scene();
    let text = folder.must("info scene.tif");
    for fact in [
        "GTiff",
        "320 x 320",
        "4 bands",
        "uint16",
        "EPSG:32618",
        "442230",
        "64 x 64",
        "DEFLATE",
        "B08",
    ] {
        assert!(text.contains(fact), "{fact}: {text}");
    }
    let report = folder.json("info scene.tif");
    for (index, band) in report["bands"].as_array().unwrap().iter().enumerate() {
        let pixels = folder.band("scene.tif", index + 1);
        let mean = pixels.iter().sum::<f64>() / pixels.len() as f64;
        let variance =
            pixels.iter().map(|pixel| (pixel - mean).powi(2)).sum::<f64>() / pixels.len() as f64;
        assert_eq!(band["max"].as_f64().unwrap(), pixels.iter().copied().fold(0.0, f64::max));
        assert!((band["mean"].as_f64().unwrap() - mean).abs() < 1e-9 * mean);
        assert!((band["std"].as_f64().unwrap() - variance.sqrt()).abs() < 1e-9 * mean);
    }
    folder.must("fit scene.tif --model model.json -k 3 --seed 7 -q");
    let text = folder.must("info model.json");
    assert!(
        ["kmeans, 3 classes", "seed 7", "B02, B03, B04, B08", "class 3"]
            .iter()
            .all(|f| text.contains(f)),
        "{text}"
    );
    assert_eq!(folder.json("info model.json"), model(&folder, "model.json"));
}

#[test]
fn what_is_left_of_an_older_map_is_removed() {
    let folder = scene();
    std::fs::write(folder.path("labels.tif.ovr"), "overviews of another map").unwrap();
    folder.must("cluster scene.tif labels.tif -q");
    assert_eq!(folder.names(), ["labels.qml", "labels.tif", "labels.tif.aux.xml", "scene.tif"]);
}

#[test]
fn failures_leave_nothing_behind() {
    let folder = scene();
    let whole = std::fs::read(folder.path("scene.tif")).unwrap();
    std::fs::write(folder.path("truncated.tif"), &whole[..whole.len() * 2 / 3]).unwrap();
    folder.must("fit scene.tif --model model.json -k 3 -q");
    std::fs::hard_link(folder.path("scene.tif"), folder.path("link.tif")).unwrap();
    let before = folder.contents();
    for (words, about) in [
        ("cluster truncated.tif labels.tif --model m.json --quicklook q.png", "truncated.tif"),
        ("predict model.json truncated.tif labels.tif", "truncated.tif"),
        ("cluster scene.tif labels.png", ".tif"),
        ("cluster scene.tif link.tif", "link.tif is an input"),
        ("cluster scene.tif labels.tif --model ./labels.tif", "another output"),
        ("cluster scene.tif labels.tif -k 0", "--clusters is 0"),
        ("cluster scene.tif labels.tif -k -3", "--clusters is -3"),
        ("cluster scene.tif labels.tif --n-init 0", "--n-init is 0"),
        ("cluster scene.tif labels.tif --tol -1", "tol is -1"),
        ("cluster scene.tif labels.tif --memory 0", "--memory is 0"),
        ("cluster scene.tif labels.tif --colors red,blue", "2 colours for 4 classes"),
        ("cluster scene.tif labels.tif --bands 9", "band 9 was asked for, scene.tif has 4"),
        ("predict model.json scene.tif labels.tif --bands 1,2", "has 2 bands (B02, B03)"),
    ] {
        let error = folder.fail(words);
        assert!(error.contains(about), "{words}: {error}");
        assert!(folder.contents() == before, "{words}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_leaves_nothing_behind_and_exits_130() {
    let folder = scene();
    folder.write_large(60);
    let before = folder.contents();
    let mut child = folder.command("cluster large.vrt labels.tif -q").spawn().unwrap();
    common::await_open(&mut child, "scene.tif");
    common::signal(&child, "INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(folder.contents() == before);
}
