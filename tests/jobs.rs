//! Jobs by the library: requests as JSON, the files they write, and the files they do not touch.

mod common;

use bandcluster::jobs::{check, run, Outcome, Request};
use bandcluster::progress::Run;
use bandcluster::Error;
use common::safe::{Level, Safe, SIZE};
use common::{read_band, Folder};
use gdal::raster::ColorInterpretation;
use gdal::{Dataset, Metadata};
use serde_json::{json, Value};

/// Cloud in the north-east, else vegetation.
const L2A: Safe =
    Safe { level: Level::L2A, offset: 1000, scl: |x, y| if x >= 90 && y < 30 { 9 } else { 4 } };

/// A folder with a product and a folder for results: the first folder, and the product's path.
fn product() -> (Folder, String) {
    let folder = Folder::new();
    L2A.write(&folder.path(""));
    std::fs::create_dir(folder.path("made")).unwrap();
    let product = folder.path(&L2A.name()).display().to_string();
    (folder, product)
}

fn done(request: &Value) -> Result<Value, Error> {
    let request = Request::from_json(&request.to_string())?;
    run(&request, &mut Run::silent(2))
        .map(|outcome: Outcome| serde_json::from_str(&outcome.to_json()).unwrap())
}

fn error(request: &Value) -> String {
    done(request).unwrap_err().to_string()
}

#[test]
fn a_product_becomes_a_virtual_raster_of_the_same_classes() {
    let (folder, product) = product();
    let output = folder.path("made/bands.vrt");
    let request = json!({
        "command": "open_product", "input": product, "output": output, "mask_scl": true,
        "bands": ["B8A", "B04", "B03", "B02"],
    });
    let told = done(&request).unwrap();
    assert_eq!(told["bands"], json!(["B8A", "B04", "B03", "B02"]), "{told}");
    assert_eq!((&told["width"], &told["height"]), (&json!(2 * SIZE), &json!(2 * SIZE)));

    let raster = Dataset::open(&output).unwrap();
    assert_eq!(raster.spatial_ref().unwrap().auth_code().unwrap(), 32618);
    let infrared = raster.rasterband(1).unwrap();
    assert_eq!(infrared.description().unwrap(), "B8A");
    assert_eq!(
        (infrared.no_data_value(), infrared.scale(), infrared.offset()),
        (Some(0.0), Some(1e-4), Some(-0.1))
    );
    let colors = [2, 3, 4].map(|band| raster.rasterband(band).unwrap().color_interpretation());
    assert_eq!(
        colors,
        [
            ColorInterpretation::RedBand,
            ColorInterpretation::GreenBand,
            ColorInterpretation::BlueBand
        ]
    );
    let red = raster.rasterband(2).unwrap();
    let mask = red.open_mask_band().unwrap();
    let mask =
        mask.read_as::<u8>((0, 0), (2 * SIZE, 2 * SIZE), (2 * SIZE, 2 * SIZE), None).unwrap();
    assert_eq!(
        (mask.data()[0], mask.data()[2 * SIZE - 1]),
        (255, 0),
        "the cloud is in the north-east"
    );

    folder.must(&format!(
        "cluster {product} expected.tif --bands B8A,B04,B03,B02 --mask-scl -k 4 -q"
    ));
    folder.must("cluster made/bands.vrt map.tif -k 4 -q");
    assert!(folder.labels("map.tif") == folder.labels("expected.tif"));
}

#[test]
fn files_of_several_resolutions_become_one_virtual_raster() {
    let (folder, product) = product();
    let granule =
        std::fs::read_dir(format!("{product}/GRANULE")).unwrap().next().unwrap().unwrap().path();
    let file = |part: &str| {
        let folder = granule.join("IMG_DATA").join(format!("R{}", &part[part.len() - 3..]));
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        files.into_iter().find(|file| file.to_string_lossy().contains(part)).unwrap()
    };
    let files = ["B04_10m", "B11_20m", "B01_60m", "SCL_20m"].map(file);
    let output = folder.path("made/stack.vrt");
    let mut request =
        json!({ "command": "stack", "inputs": files, "output": output, "mask_scl": true });
    assert_eq!(done(&request).unwrap()["bands"], json!(["B04", "B11", "B01"]));
    let names: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
    folder.must(&format!("cluster {} expected.tif --mask-scl -k 4 -q", names.join(",")));
    folder.must("cluster made/stack.vrt map.tif -k 4 -q");
    assert!(folder.labels("map.tif") == folder.labels("expected.tif"));

    assert!(
        error(&request).ends_with("exists: give another name, or overwrite=true to replace it"),
        "{}",
        error(&request)
    );
    request["overwrite"] = true.into();
    request["resolution"] = 60.into();
    assert_eq!(done(&request).unwrap()["width"], SIZE / 3);
    let coarse = read_band(&Dataset::open(&output).unwrap(), 3);
    assert!(
        coarse == read_band(&Dataset::open(&files[2]).unwrap(), 1),
        "what is on the grid stays"
    );
}

#[test]
fn what_no_virtual_raster_can_be_of() {
    let folder = Folder::new();
    let scene = folder.cut("scene.tif", "s2_train.tif", &[1, 2, 3, 4], 60);
    scene.rasterband(4).unwrap().set_color_interpretation(ColorInterpretation::AlphaBand).unwrap();
    scene.close().unwrap();
    folder.cut("plain.tif", "s2_train.tif", &[1, 2], 60);
    let (alpha, plain) = (folder.path("scene.tif"), folder.path("plain.tif"));
    for (request, message) in [
        (
            json!({ "command": "stack", "inputs": [alpha], "output": folder.path("a.vrt") }),
            "an alpha band",
        ),
        (
            json!({ "command": "stack", "inputs": [plain], "output": folder.path("a.tif") }),
            "ends in .vrt",
        ),
        (
            json!({ "command": "stack", "inputs": [], "output": folder.path("a.vrt") }),
            "inputs is missing",
        ),
        (
            json!({
                "command": "stack", "inputs": [plain], "output": folder.path("a.vrt"),
                "mask_scl": true
            }),
            "mask_scl was asked for",
        ),
        (
            json!({ "command": "open_product", "input": plain, "output": folder.path("a.vrt") }),
            "is not a Sentinel-2 product",
        ),
    ] {
        assert!(error(&request).contains(message), "{request}: {}", error(&request));
    }
    assert_eq!(folder.names(), ["plain.tif", "scene.tif"]);
}

/// A name with a comma is one file. Several files are one scene only if they are in a list.
#[test]
fn a_scene_is_a_file_or_a_list_of_files() {
    let folder = Folder::new();
    folder.cut("a,b.tif", "s2_train.tif", &[1, 2], 60);
    folder.cut("c.tif", "s2_train.tif", &[3], 60);
    let [both, other] = ["a,b.tif", "c.tif"].map(|name| folder.path(name).display().to_string());
    let info = |path: Value| done(&json!({ "command": "info", "path": path }));
    assert_eq!(info(json!(both)).unwrap()["count"], 2);
    assert_eq!(info(json!([both, other])).unwrap()["count"], 3);
    assert!(info(json!(format!("{other},{other}"))).is_err());
}

#[test]
fn bands_have_weights() {
    let folder = Folder::new();
    folder.cut("scene.tif", "s2_train.tif", &[1, 2], 60);
    let scene = folder.path("scene.tif");
    let request = |weights: Value| {
        json!({
            "command": "fit", "inputs": [scene], "model": folder.path("model.json"),
            "band_weights": weights, "overwrite": true,
        })
    };
    let model = |weights: Value| {
        done(&request(weights)).unwrap();
        folder.contents()["model.json"].clone()
    };
    let (plain, weighted) = (model(json!([])), model(json!([1, 8])));
    assert_ne!(plain, weighted);
    assert_eq!(plain, model(json!([1, 1])));
    let message = error(&request(json!([1, 2, 3])));
    assert!(message.contains("band_weights: 3 band weights are given for 2 bands"), "{message}");
    assert!(error(&request(json!([1, 0]))).contains("do not choose it"));
    let choice = |weights: Value| {
        done(&json!({ "command": "choose_k", "input": scene, "max": 4, "band_weights": weights }))
    };
    assert_ne!(
        choice(json!([])).unwrap()["candidates"],
        choice(json!([1, 8])).unwrap()["candidates"]
    );
    assert!(choice(json!([1])).is_err());
}

#[test]
fn a_job_that_is_cancelled_at_the_end_leaves_the_old_files() {
    let folder = Folder::new();
    folder.cut("scene.tif", "s2_train.tif", &[1, 2], 60);
    std::fs::write(folder.path("map.tif"), "precious").unwrap();
    let request = json!({
        "command": "cluster", "input": folder.path("scene.tif"), "output": folder.path("map.tif"),
        "model": folder.path("model.json"), "overwrite": true,
    });
    let before = folder.contents();
    let request = Request::from_json(&request.to_string()).unwrap();
    let mut until_the_end = |_: f64, message: &str| message != "writing";
    assert_eq!(run(&request, &mut Run::new(2, &mut until_the_end)).unwrap_err(), Error::Cancelled);
    assert_eq!(folder.contents(), before);
    assert!(run(&request, &mut Run::silent(2)).is_ok());
    assert_ne!(folder.contents()["map.tif"], before["map.tif"]);
}

/// Runs a job, and changes something when its progress first reports one of `at`. Returns the
/// error.
fn with_change(request: &Value, at: &[&str], change: impl FnOnce()) -> String {
    let mut change = Some(change);
    let mut callback = |_: f64, message: &str| {
        if at.contains(&message) {
            if let Some(change) = change.take() {
                change();
            }
        }
        true
    };
    let request = Request::from_json(&request.to_string()).unwrap();
    let outcome = run(&request, &mut Run::new(2, &mut callback));
    assert!(change.is_none(), "{at:?} was not told");
    outcome.map(|_| String::new()).unwrap_or_else(|error| error.to_string())
}

#[test]
fn an_input_that_changes_while_it_is_read_is_noticed() {
    let folder = Folder::new();
    let path = |name: &str| folder.path(name);
    let write = || {
        for (name, bands) in [("scene.tif", &[1, 2, 3][..]), ("same.tif", &[1, 2, 3])] {
            folder.cut(name, "s2_train.tif", bands, 128).close().unwrap();
        }
        folder.write_u8("mask.tif", 128, |x, _| u8::from(x > 3));
    };
    write();
    folder.must("cluster scene.tif old.tif --model model.json -k 3 -q");
    let band = |band: usize| {
        format!(
            "<VRTRasterBand dataType=\"UInt16\" band=\"{band}\"><SimpleSource><SourceFilename \
             relativeToVRT=\"1\">scene.tif</SourceFilename><SourceBand>{band}</SourceBand></\
             SimpleSource></VRTRasterBand>"
        )
    };
    let mosaic = format!(
        "<VRTDataset rasterXSize=\"128\" rasterYSize=\"128\">{}{}</VRTDataset>",
        band(1),
        band(2)
    );
    std::fs::write(path("mosaic.vrt"), mosaic).unwrap();
    let archive = || {
        let tar = std::process::Command::new("tar")
            .current_dir(path(""))
            .args(["-cf", "a.tar", "scene.tif"])
            .status();
        assert!(tar.unwrap().success());
    };
    archive();
    let replace = |name: &str| std::fs::rename(path("same.tif"), path(name)).unwrap();
    let grow = |name: &str| {
        use std::io::Write;
        std::fs::OpenOptions::new().append(true).open(path(name)).unwrap().write_all(b"x").unwrap();
    };
    let map = path("map.tif");
    let before = folder.names();
    let (scene, mask, model) = (path("scene.tif"), path("mask.tif"), path("model.json"));
    let in_archive = format!("/vsitar/{}/scene.tif", path("a.tar").display());
    // The pass that makes the map: the first or the second one.
    const LAST: &[&str] = &["refining", "labelling"];
    type Change<'a> = &'a dyn Fn(&str);
    let cases: [(Value, &[&str], Change, &str); 9] = [
        (json!({"command": "cluster", "input": scene, "output": map}), LAST, &replace, "scene.tif"),
        (
            json!({"command": "cluster", "input": path("mosaic.vrt"), "output": map}),
            &["reading"],
            &grow,
            "scene.tif",
        ),
        (
            json!({"command": "cluster", "input": in_archive, "output": map}),
            LAST,
            &|_| archive(),
            "a.tar",
        ),
        (
            json!({"command": "fit", "inputs": [scene], "model": path("m.json")}),
            &["reading"],
            &grow,
            "scene.tif",
        ),
        (
            json!({"command": "choose_k", "input": scene, "max": 3}),
            &["reading"],
            &replace,
            "scene.tif",
        ),
        (
            json!({
                "command": "predict", "model": model, "input": scene, "output": map, "mask": mask
            }),
            &["labelling"],
            &grow,
            "mask.tif",
        ),
        (
            json!({"command": "predict", "model": model, "input": scene, "output": map}),
            &["labelling"],
            &|name| std::fs::remove_file(path(name)).unwrap(),
            "scene.tif",
        ),
        (
            json!({
                "command": "merge", "model": model, "into": ["a=1,2"], "output": path("m.json"),
                "labels": path("old.tif"), "labels_output": map
            }),
            &["relabelling"],
            &grow,
            "old.tif",
        ),
        (json!({"command": "info", "path": scene}), &["reading"], &replace, "scene.tif"),
    ];
    for (request, at, change, name) in cases {
        let error = with_change(&request, at, || change(name));
        assert!(
            error.contains(&format!("{name} was changed or replaced while it was read"))
                || name == "a.tar",
            "{request}: {error}"
        );
        assert!(error.contains("was changed or replaced"), "{request}: {error}");
        write();
        assert_eq!(folder.names(), before, "{request}");
    }
    // Files that other programs write beside a scene, such as statistics, do not change the scene.
    std::fs::write(path("scene.tif.aux.xml"), "<PAMDataset></PAMDataset>").unwrap();
    let request = json!({"command": "cluster", "input": scene, "output": map});
    let statistics =
        || std::fs::write(path("scene.tif.aux.xml"), "<PAMDataset>  </PAMDataset>").unwrap();
    assert_eq!(with_change(&request, LAST, statistics), "");
}

#[test]
fn a_check_finds_wrong_creation_options() {
    let folder = Folder::new();
    folder.cut("scene.tif", "s2_train.tif", &[1, 2], 60);
    folder.must("fit scene.tif --model model.json -k 3 -q");
    let (scene, map, model) =
        (folder.path("scene.tif"), folder.path("map.tif"), folder.path("model.json"));
    let jobs = [
        json!({"command": "cluster", "input": scene, "output": map}),
        json!({
            "command": "fit", "inputs": [scene], "model": folder.path("m.json"),
            "labels_dir": folder.path("")
        }),
        json!({"command": "predict", "input": scene, "output": map, "model": model}),
        json!({
            "command": "merge", "model": model, "into": ["a=1"], "output": folder.path("m.json"),
            "labels": scene, "labels_output": map
        }),
    ];
    for mut job in jobs {
        job["creation_options"] = json!(["COMPRESS=JPEG"]);
        job["overwrite"] = json!(true);
        let message =
            check(&Request::from_json(&job.to_string()).unwrap()).unwrap_err().to_string();
        assert!(
            message.starts_with("creation_options: COMPRESS=JPEG does not keep"),
            "{job}: {message}"
        );
    }
}
