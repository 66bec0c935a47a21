//! `bandcluster predict --labels-dir`: many scenes, each with its own map and its own warnings.

mod common;

use common::Folder;
use gdal::Dataset;

/// A folder with a model, its scene, one that is 1000 higher, and a folder for maps.
fn scenes() -> Folder {
    let folder = Folder::new();
    let scene = folder.cut("scene.tif", "s2_train.tif", &[1, 2, 3, 4], 128);
    folder.copy(&scene, "later.tif", "GTiff", &[]);
    drop(scene);
    raise(&folder, "later.tif", 1000);
    folder.must("fit scene.tif --model m.json -k 4 -q");
    std::fs::create_dir(folder.path("maps")).unwrap();
    folder
}

/// Adds a number to all samples.
fn raise(folder: &Folder, name: &str, add: u16) {
    let options = gdal::DatasetOptions {
        open_flags: gdal::GdalOpenFlags::GDAL_OF_UPDATE,
        ..Default::default()
    };
    let dataset = Dataset::open_ex(folder.path(name), options).unwrap();
    for index in 1..=dataset.raster_count() {
        let mut band = dataset.rasterband(index).unwrap();
        let mut samples = band.read_band_as::<u16>().unwrap();
        samples.data_mut().iter_mut().for_each(|sample| *sample += add);
        band.write((0, 0), samples.shape(), &mut samples).unwrap();
    }
}

fn maps(folder: &Folder) -> Vec<String> {
    let entries = std::fs::read_dir(folder.path("maps")).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn each_scene_gets_the_map_that_it_gets_alone_and_its_own_findings() {
    let folder = scenes();
    let alone = folder.json("predict --model m.json later.tif alone.tif");
    folder.must("predict --model m.json scene.tif first.tif -q");
    let told =
        folder.json("predict --model m.json scene.tif later.tif --labels-dir maps --report r.html");
    assert_eq!(folder.labels("maps/scene.tif"), folder.labels("first.tif"));
    assert_eq!(folder.labels("maps/later.tif"), folder.labels("alone.tif"));
    let [first, later] = told["labels"].as_array().unwrap().as_slice() else { panic!("{told}") };
    assert_eq!(
        (first["output"].as_str(), later["output"].as_str()),
        (Some("maps/scene.tif"), Some("maps/later.tif"))
    );
    assert_eq!(later["drift"], alone["drift"], "each has its own");
    assert_ne!(first["drift"], later["drift"]);
    assert_eq!(later["bands"], alone["bands"]);
    assert_eq!(
        (&told["output"], &told["drift"]),
        (&serde_json::Value::Null, &serde_json::Value::Null)
    );
    let warnings = told["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), alone["warnings"].as_array().unwrap().len(), "{warnings:?}");
    assert!(warnings.iter().all(|warning| warning["scene"] == "later.tif"), "{warnings:?}");
    assert_eq!(warnings[0]["code"], "offset");
    // The counts of the classes are sums over all maps.
    let count = |told: &serde_json::Value| told["classes"][0]["count"].as_u64().unwrap();
    let each: u64 = [first, later].iter().map(|map| map["counts"][0].as_u64().unwrap()).sum();
    assert_eq!(count(&told), each);
    let page = std::fs::read_to_string(folder.path("r.html")).unwrap();
    assert!(
        page.contains("later.tif: the scene") && page.contains("scene.tif"),
        "the page names the scene"
    );
}

#[test]
fn what_is_printed_names_the_scenes() {
    let folder = scenes();
    let text =
        folder.must("predict --model m.json scene.tif later.tif --labels-dir maps --majority 3");
    assert!(
        text.contains("warning (offset): later.tif: the scene's values look 1000 higher"),
        "{text}"
    );
    assert!(text.contains("label it again with --add -1000"), "{text}");
    assert!(text.contains("labels: maps/scene.tif\nlabels: maps/later.tif\n"), "{text}");
    assert!(text.contains("bands (model = scene) B02 = B02"), "{text}");
    folder.must("predict --model m.json scene.tif alone.tif --majority 3 -q");
    assert_eq!(
        folder.labels("maps/scene.tif"),
        folder.labels("alone.tif"),
        "filters work on each map"
    );
}

#[test]
fn one_scene_that_cannot_be_labelled_leaves_no_map() {
    let folder = scenes();
    folder.cut("two.tif", "s2_train.tif", &[1, 2], 128);
    std::fs::create_dir(folder.path("other")).unwrap();
    folder.cut("other/scene.tif", "s2_train.tif", &[1, 2, 3, 4], 128);
    for (words, message) in [
        ("scene.tif none.tif", "none.tif"),
        ("scene.tif two.tif", "two.tif has the bands B02, B03"),
        ("scene.tif other/scene.tif", "would both be maps/scene.tif"),
        ("scene.tif later.tif --polygons p.gpkg", "--polygons is one file"),
        ("scene.tif later.tif --confidence c.tif", "--confidence is one file"),
        ("scene.tif later.tif --mask a.tif,b.tif,c.tif", "3 masks for 2 scenes"),
    ] {
        let error = folder.fail(&format!("predict --model m.json {words} --labels-dir maps"));
        assert!(error.contains(message), "{words}: {error}");
        assert!(maps(&folder).is_empty(), "{words}");
    }
    let error = folder.fail("predict --model m.json scene.tif later.tif --labels-dir none");
    assert!(error.contains("there is no folder none"), "{error}");
}
