//! Seeds: points and polygons of a layer that k-means starts from.

#![cfg(feature = "cli")]

mod common;

use common::{data, Folder};
use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use gdal::vector::{
    Feature, Geometry, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType,
};
use gdal::{Dataset, DriverManager, GeoTransformEx};
use serde_json::{json, Value};

const SIZE: usize = 320;

/// A shape in columns and rows of `scene.tif`.
#[derive(Clone, Copy)]
enum Shape {
    Point(f64, f64),
    /// Left, top, right, bottom.
    Box(f64, f64, f64, f64),
    Line,
}

use Shape::{Box, Line, Point};

impl Shape {
    /// As text in map coordinates.
    fn in_map_coordinates(self, t: &[f64; 6]) -> String {
        let pair = |(x, y): (f64, f64)| {
            let (x, y) = t.apply(x, y);
            format!("{x} {y}")
        };
        match self {
            Point(x, y) => format!("POINT({})", pair((x, y))),
            Line => format!("LINESTRING({},{})", pair((10.0, 10.0)), pair((50.0, 50.0))),
            Box(left, top, right, bottom) => {
                let corners =
                    [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
                format!("POLYGON(({}))", corners.map(pair).join(","))
            }
        }
    }

    /// Whether a pixel belongs to the shape.
    fn holds(self, (x, y): (usize, usize)) -> bool {
        let center = (x as f64 + 0.5, y as f64 + 0.5);
        match self {
            Point(column, row) => (x, y) == (column as usize, row as usize),
            Box(left, top, right, bottom) => {
                left < center.0 && center.0 < right && top < center.1 && center.1 < bottom
            }
            Line => false,
        }
    }
}

/// Water, land in two parts, and a point beside a polygon of another class.
const SEEDS: [(&str, Shape); 5] = [
    ("wood", Box(20.0, 20.0, 60.0, 50.0)),
    ("water", Box(200.2, 210.0, 260.7, 300.0)),
    ("wood", Box(100.0, 10.0, 110.0, 30.0)),
    ("field", Point(150.4, 100.9)),
    ("field", Point(152.5, 101.4)),
];

/// A folder with `scene.tif`, 3 bands of the training scene, and `seeds.gpkg`.
fn scene() -> Folder {
    let folder = Folder::new();
    folder.cut("scene.tif", "s2_train.tif", &[1, 2, 3], SIZE);
    write_seeds(&folder, "seeds.gpkg", &SEEDS, 32618);
    folder
}

fn system(code: u32) -> SpatialRef {
    let mut system = SpatialRef::from_epsg(code).unwrap();
    system.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    system
}

/// Writes shapes in a reference system. Each has a value of the field `cover`, unless the value is
/// empty.
fn write_seeds(folder: &Folder, name: &str, seeds: &[(&str, Shape)], code: u32) {
    let t = Dataset::open(folder.path("scene.tif")).unwrap().geo_transform().unwrap();
    let driver = if name.ends_with("gpkg") { "GPKG" } else { "GeoJSON" };
    let driver = DriverManager::get_driver_by_name(driver).unwrap();
    let mut dataset = driver.create_vector_only(folder.path(name)).unwrap();
    let (ty, of_layer) = (OGRwkbGeometryType::wkbUnknown, system(code));
    let options =
        LayerOptions { name: "seeds", srs: Some(&of_layer), ty, ..LayerOptions::default() };
    let layer = dataset.create_layer(options).unwrap();
    let fields = [("number", OGRFieldType::OFTInteger), ("cover", OGRFieldType::OFTString)];
    layer.create_defn_fields(&fields).unwrap();
    let to_layer = CoordTransform::new(&system(32618), &system(code)).unwrap();
    for (number, (cover, shape)) in (1..).zip(seeds) {
        let mut geometry = Geometry::from_wkt(&shape.in_map_coordinates(&t)).unwrap();
        geometry.transform_inplace(&to_layer).unwrap();
        let mut feature = Feature::new(layer.defn()).unwrap();
        feature.set_geometry(geometry).unwrap();
        feature.set_field_integer(0, 7 * number).unwrap();
        if !cover.is_empty() {
            feature.set_field_string(1, cover).unwrap();
        }
        feature.create(&layer).unwrap();
    }
}

/// The mean in each band of `scene.tif` over the pixels under the shapes with this name.
fn means(folder: &Folder, name: &str) -> Vec<f64> {
    let shapes = || SEEDS.iter().filter(|(cover, _)| *cover == name).map(|(_, shape)| shape);
    let is_in = |i: &usize| shapes().any(|shape| shape.holds((i % SIZE, i / SIZE)));
    let pixels: Vec<usize> = (0..SIZE * SIZE).filter(is_in).collect();
    let mean = |band| {
        let band = folder.band("scene.tif", band);
        pixels.iter().map(|i| band[*i]).sum::<f64>() / pixels.len() as f64
    };
    (1..=3).map(mean).collect()
}

fn read(folder: &Folder, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.path(name)).unwrap()).unwrap()
}

fn start(model: &Value, name: &str) -> Vec<f64> {
    serde_json::from_value(model["parameters"]["init"][name].clone()).unwrap()
}

fn names(model: &Value) -> Vec<&str> {
    let classes = model["classes"].as_array().unwrap();
    classes.iter().map(|class| class["name"].as_str().unwrap()).collect()
}

#[test]
fn classes_begin_at_the_means_of_the_seeds_and_have_their_names() {
    let folder = scene();
    let told = folder
        .json("cluster scene.tif labels.tif --seeds seeds.gpkg --seed-field cover --model m.json");
    let model = read(&folder, "m.json");
    assert_eq!((&told["n_clusters"], &model["parameters"]["n_init"]), (&json!(3), &json!(1)));
    let mut found = names(&model);
    found.sort_unstable();
    assert_eq!(found, ["field", "water", "wood"]);
    for name in found {
        let (start, mean) = (start(&model, name), means(&folder, name));
        assert!(
            start.iter().zip(&mean).all(|(a, b)| (a - b).abs() < 1e-9 * b),
            "{name}: {start:?} {mean:?}"
        );
    }
    assert_eq!(model["parameters"].get("fix"), None);
    // The centres alone give the same model, in a request for several scenes, on any number of
    // threads.
    let init = model["parameters"]["init"].clone();
    let request = json!({
        "command": "fit", "inputs": ["scene.tif"], "model": "again.json", "options": {"init": init}
    });
    let paths = |text: String| {
        ["scene.tif", "again.json"].iter().fold(text, |text, name| {
            text.replace(&format!("\"{name}\""), &format!("\"{}\"", folder.path(name).display()))
        })
    };
    let request = bandcluster::jobs::Request::from_json(&paths(request.to_string())).unwrap();
    bandcluster::jobs::run(&request, &mut bandcluster::Run::silent(1)).unwrap();
    folder.must(
        "fit scene.tif --model fit.json --seeds seeds.gpkg --seed-field COVER --threads 3 -q",
    );
    for name in ["again.json", "fit.json"] {
        assert_eq!(read(&folder, name), model, "{name}");
    }
}

#[test]
fn seeds_in_another_system_are_brought_to_the_scenes() {
    let folder = scene();
    folder.must("fit scene.tif --model m.json --seeds seeds.gpkg --seed-field cover -q");
    for (name, code) in [("degrees.geojson", 4326), ("mercator.gpkg", 3857)] {
        write_seeds(&folder, name, &SEEDS, code);
        folder.must(&format!("fit scene.tif --model o.json --seeds {name} --seed-field cover -q"));
        let (model, other) = (read(&folder, "m.json"), read(&folder, "o.json"));
        for seed in ["wood", "water", "field"] {
            let pairs = start(&model, seed).into_iter().zip(start(&other, seed));
            pairs.for_each(|(a, b)| assert!((a - b).abs() < 0.02 * a, "{name} {seed}: {a} {b}"));
        }
    }
}

#[test]
fn fixed_seeds_give_pixels_the_class_of_the_nearest() {
    let folder = scene();
    let options = "--seeds seeds.gpkg --seed-field cover --fix-seeds --model m.json -q";
    folder.must(&format!("cluster scene.tif labels.tif {options}"));
    let model = read(&folder, "m.json");
    assert_eq!(model["parameters"]["fix"], json!(true));
    let bands: Vec<Vec<f64>> = (1..=3).map(|band| folder.band("scene.tif", band)).collect();
    let starts: Vec<Vec<f64>> = names(&model).iter().map(|name| start(&model, name)).collect();
    for (i, label) in folder.labels("labels.tif").iter().enumerate() {
        let distance = |start: &Vec<f64>| -> f64 {
            start.iter().zip(&bands).map(|(start, band)| (start - band[i]).powi(2)).sum()
        };
        let nearest = starts.iter().map(distance).fold(f64::INFINITY, f64::min);
        assert!(distance(&starts[*label as usize - 1]) <= nearest * (1.0 + 1e-9));
    }
    assert_eq!(model["centers"], serde_json::to_value(starts).unwrap());
}

#[test]
fn without_a_field_each_feature_is_a_seed() {
    let folder = scene();
    folder.must("fit scene.tif --model m.json --seeds seeds.gpkg -q");
    let model = read(&folder, "m.json");
    let mut found = names(&model);
    found.sort_unstable();
    assert_eq!(found, ["seed 1", "seed 2", "seed 3", "seed 4", "seed 5"]);
    folder.must("fit scene.tif --model m.json --seeds seeds.gpkg --seed-field number -q");
    let model = read(&folder, "m.json");
    let mut found = names(&model);
    found.sort_unstable();
    assert_eq!(found, ["14", "21", "28", "35", "7"]);
    // More classes than seeds.
    folder.must("fit scene.tif --model m.json --seeds seeds.gpkg --seed-field cover -k 5 -q");
    let model = read(&folder, "m.json");
    assert_eq!(names(&model).iter().filter(|name| name.starts_with("class ")).count(), 2);
}

#[test]
fn a_seed_may_lie_in_any_of_several_scenes() {
    let folder = scene();
    // The same scene in two halves: a seed across the cut is the mean of both parts.
    let t = Dataset::open(folder.path("scene.tif")).unwrap().geo_transform().unwrap();
    let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
    for (name, x, width) in [("west.tif", 0, 240), ("east.tif", 240, 80)] {
        let mut half =
            driver.create_with_band_type::<u16, _>(folder.path(name), width, SIZE, 3).unwrap();
        half.set_geo_transform(&[t[0] + x as f64 * t[1], t[1], 0.0, t[3], 0.0, t[5]]).unwrap();
        half.set_spatial_ref(&system(32618)).unwrap();
        for band in 1..=3 {
            let from = Dataset::open(folder.path("scene.tif")).unwrap();
            let size = (width, SIZE);
            let from = from.rasterband(band).unwrap();
            let mut pixels = from.read_as::<u16>((x, 0), size, size, None).unwrap();
            half.rasterband(band).unwrap().write((0, 0), size, &mut pixels).unwrap();
        }
    }
    folder.must("fit west.tif east.tif --model two.json --seeds seeds.gpkg --seed-field cover -q");
    folder.must("fit scene.tif --model one.json --seeds seeds.gpkg --seed-field cover -q");
    let (two, one) = (read(&folder, "two.json"), read(&folder, "one.json"));
    assert_eq!(two["parameters"]["init"], one["parameters"]["init"]);
    assert_eq!((&two["centers"], names(&two)), (&one["centers"], names(&one)));
    // A mask is respected.
    folder.write_u8("mask.tif", SIZE, |x, _| u8::from(x < 255));
    folder.must(
        "fit scene.tif --model masked.json --seeds seeds.gpkg --seed-field cover --mask mask.tif \
         -q",
    );
    let masked = read(&folder, "masked.json");
    assert_ne!(start(&masked, "water"), start(&one, "water"));
    assert_eq!(start(&masked, "wood"), start(&one, "wood"));
}

#[test]
fn seeds_that_cannot_be_used_are_told() {
    let folder = scene();
    write_seeds(
        &folder,
        "far.gpkg",
        &[("a", Point(5.0, 5.0)), ("b", Box(900.0, 900.0, 950.0, 950.0))],
        32618,
    );
    write_seeds(&folder, "tiny.gpkg", &[("a", Box(5.1, 5.1, 5.3, 5.3))], 32618);
    write_seeds(&folder, "unnamed.gpkg", &[("a", Point(5.0, 5.0)), ("", Point(9.0, 9.0))], 32618);
    write_seeds(&folder, "lines.gpkg", &[("a", Line)], 32618);
    folder.write_u8("nowhere.tif", SIZE, |x, y| ((x * y) % 251) as u8);
    let before = folder.names();
    for (words, parts) in [
        (
            "scene.tif --seeds far.gpkg --seed-field cover",
            ["seed b of far.gpkg has no valid pixel in", "scene.tif"],
        ),
        (
            "scene.tif --seeds tiny.gpkg",
            ["seed seed 1 of tiny.gpkg has no valid pixel", "centre of a pixel"],
        ),
        (
            "scene.tif --seeds unnamed.gpkg --seed-field cover",
            ["feature 2 of unnamed.gpkg has no value in field cover", ""],
        ),
        ("scene.tif --seeds lines.gpkg", ["lines.gpkg holds no points or polygons", ""]),
        ("scene.tif --seeds none.gpkg", ["none.gpkg", "no such file"]),
        (
            "scene.tif --seeds scene.tif",
            ["scene.tif cannot be read as a layer of points or polygons", ""],
        ),
        ("scene.tif --seeds seeds.gpkg|layername=roads", ["layers seeds", "layername"]),
        (
            "scene.tif --seeds seeds.gpkg --seed-field klass",
            ["--seed-field is klass, which seeds.gpkg does not have", "number, cover"],
        ),
        ("nowhere.tif --seeds seeds.gpkg", ["nowhere.tif has no georeference", "georeference"]),
        (
            "scene.tif --seeds seeds.gpkg -k 2",
            ["is 2, and seeds.gpkg has 5 seeds: ask for 5 classes or more", "--clusters"],
        ),
        (
            "scene.tif --seeds seeds.gpkg -k 9 --fix-seeds",
            ["is 9, and seeds.gpkg has 5 seeds, which stay as centres", ""],
        ),
        (
            "scene.tif --seeds seeds.gpkg --algorithm gmm",
            ["--seeds is given, and gmm does not start from centres", ""],
        ),
        ("scene.tif --seeds seeds.gpkg --colors red,blue", ["2 colours", "5"]),
        (
            "scene.tif --seeds seeds.gpkg|layername=seeds --polygons seeds.gpkg",
            ["seeds.gpkg is an input", ""],
        ),
    ] {
        let (input, options) = words.split_once(' ').unwrap();
        let error = folder.fail(&format!("cluster {input} labels.tif {options}"));
        assert!(parts.iter().all(|part| error.contains(part)), "{words}: {error}");
        assert_eq!(folder.names(), before, "{words}");
    }
    let output = folder.run("cluster scene.tif labels.tif --seed-field cover");
    assert_eq!(output.status.code(), Some(2), "an option without the one that it is of");
    let request = format!(
        r#"{{"command": "cluster", "input": "{0}", "output": "x.tif", "seeds": "s.gpkg",
            "options": {{"init": [[1]]}}}}"#,
        data("s2_train.tif").display()
    );
    let request = bandcluster::jobs::Request::from_json(&request).unwrap();
    let error = bandcluster::jobs::check(&request).unwrap_err().to_string();
    assert_eq!(error, "seeds is given, and the options give init: give one of them");
}
