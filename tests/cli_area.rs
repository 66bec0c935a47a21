//! Areas of interest, and several scenes that make one mosaic.

#![cfg(feature = "cli")]

mod common;

use common::{data, Folder};
use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use gdal::vector::{Geometry, LayerAccess, LayerOptions, OGRwkbGeometryType};
use gdal::{Dataset, DriverManager, GeoTransformEx};

const SIZE: usize = 320;

/// A folder with `scene.tif`: 3 bands of the training scene.
fn scene() -> Folder {
    let folder = Folder::new();
    folder.cut("scene.tif", "s2_train.tif", &[1, 2, 3], SIZE);
    folder
}

fn system(code: u32) -> SpatialRef {
    let mut system = SpatialRef::from_epsg(code).unwrap();
    system.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    system
}

/// Writes polygons given in columns and rows of `scene.tif`, in a reference system, in GDAL's
/// format for the name.
fn write_aoi(folder: &Folder, name: &str, rings: &[&[(f64, f64)]], code: u32) {
    let t = Dataset::open(folder.path("scene.tif")).unwrap().geo_transform().unwrap();
    let corner = |(x, y): &(f64, f64)| {
        let (x, y) = t.apply(*x, *y);
        format!("{x} {y}")
    };
    let ring = |ring: &&[(f64, f64)]| {
        format!("({})", ring.iter().map(corner).collect::<Vec<_>>().join(","))
    };
    let text = format!("POLYGON({})", rings.iter().map(ring).collect::<Vec<_>>().join(","));
    let mut geometry = Geometry::from_wkt(&text).unwrap();
    geometry
        .transform_inplace(&CoordTransform::new(&system(32618), &system(code)).unwrap())
        .unwrap();
    write_layer(folder, name, &geometry, code);
}

fn write_layer(folder: &Folder, name: &str, geometry: &Geometry, code: u32) {
    let driver = if name.ends_with("gpkg") { "GPKG" } else { "GeoJSON" };
    let driver = DriverManager::get_driver_by_name(driver).unwrap();
    let mut dataset = driver.create_vector_only(folder.path(name)).unwrap();
    let ty = OGRwkbGeometryType::wkbUnknown;
    let system = system(code);
    let options = LayerOptions { name: "areas", srs: Some(&system), ty, ..LayerOptions::default() };
    dataset.create_layer(options).unwrap().create_feature(geometry.clone()).unwrap();
}

const SQUARE: &[(f64, f64)] =
    &[(40.0, 30.0), (200.4, 30.0), (200.4, 100.0), (40.0, 100.0), (40.0, 30.0)];
const HOLE: &[(f64, f64)] = &[(60.0, 50.0), (60.0, 70.0), (90.0, 70.0), (90.0, 50.0), (60.0, 50.0)];

/// Whether a pixel's centre is in the square but not in its hole.
fn inside(i: usize) -> bool {
    let (x, y) = (i % SIZE, i / SIZE);
    (40..200).contains(&x)
        && (30..100).contains(&y)
        && !((60..90).contains(&x) && (50..70).contains(&y))
}

#[test]
fn an_area_limits_fit_and_labels_as_a_mask_does() {
    let folder = scene();
    write_aoi(&folder, "area.gpkg", &[SQUARE, HOLE], 32618);
    folder.write_u8("mask.tif", SIZE, |x, y| u8::from(inside(y * SIZE + x)));
    folder.must("cluster scene.tif expected.tif --mask mask.tif --model expected.json -q");
    folder.must("cluster scene.tif labels.tif --aoi area.gpkg --model model.json -q");
    let files =
        ["model.json", "expected.json"].map(|name| std::fs::read(folder.path(name)).unwrap());
    assert!(files[0] == files[1]);
    let labels = folder.labels("labels.tif");
    assert!(labels == folder.labels("expected.tif"));
    assert!(labels.iter().enumerate().all(|(i, label)| (*label != 0.0) == inside(i)));
    folder.must("predict model.json scene.tif again.tif --aoi area.gpkg -q");
    assert!(folder.labels("again.tif") == labels);
    let chosen = folder.json("choose-k scene.tif --aoi area.gpkg --max 4");
    assert_eq!(chosen["n_valid"], labels.iter().filter(|label| **label != 0.0).count());
    // With a mask, only pixels that are in both.
    folder.write_u8("left.tif", SIZE, |x, _| u8::from(x < 100));
    folder.must("predict model.json scene.tif both.tif --aoi area.gpkg --mask left.tif -q");
    let both = folder.labels("both.tif");
    assert!(both
        .iter()
        .enumerate()
        .all(|(i, label)| (*label != 0.0) == (inside(i) && i % SIZE < 100)));
    folder
        .must("cluster scene.tif threads.tif --aoi area.gpkg --threads 3 --model threads.json -q");
    assert!(std::fs::read(folder.path("threads.json")).unwrap() == files[0]);
}

#[test]
fn an_area_in_another_system_is_brought_to_the_scenes() {
    let folder = scene();
    for (name, code) in [("degrees.geojson", 4326), ("mercator.gpkg", 3857)] {
        write_aoi(&folder, name, &[SQUARE, HOLE], code);
        folder.must(&format!("cluster scene.tif labels.tif --aoi {name} -q"));
        let labels = folder.labels("labels.tif");
        let wrong =
            labels.iter().enumerate().filter(|(i, label)| (**label != 0.0) != inside(*i)).count();
        assert!(wrong < 40, "{name}: {wrong}"); // of 10 600, because the sides become curves
    }
    // An area around the whole world, where the scene's reference system has no coordinates.
    let world =
        Geometry::from_wkt("POLYGON((-180 -90,180 -90,180 37.71,-180 37.71,-180 -90))").unwrap();
    write_layer(&folder, "world.geojson", &world, 4326);
    let info = folder.json(&format!("info {} --aoi world.geojson", data("s2_train.tif").display()));
    let n_valid = info["bands"][0]["n_valid"].as_u64().unwrap();
    // The parallel of 37.71 degrees runs through the scene of 832 x 832 pixels.
    assert!((200_000..500_000).contains(&n_valid), "{n_valid}");
}

#[test]
fn areas_that_cannot_be_used_are_told() {
    let folder = scene();
    write_aoi(
        &folder,
        "far.gpkg",
        &[&[(900.0, 900.0), (990.0, 900.0), (990.0, 990.0), (900.0, 900.0)]],
        32618,
    );
    let point = Geometry::from_wkt("POINT(-75.6 37.7)").unwrap();
    write_layer(&folder, "points.geojson", &point, 4326);
    folder.write_u8("nowhere.tif", SIZE, |x, y| ((x * y) % 251) as u8);
    write_aoi(&folder, "area.gpkg", &[SQUARE], 32618);
    for (words, parts) in [
        ("scene.tif labels.tif --aoi far.gpkg", ["no polygon of far.gpkg touches", "scene.tif"]),
        ("scene.tif labels.tif --aoi points.geojson", ["points.geojson", "no polygons"]),
        ("scene.tif labels.tif --aoi none.gpkg", ["none.gpkg", "no such file"]),
        ("scene.tif labels.tif --aoi scene.tif", ["scene.tif", "layer of polygons"]),
        ("scene.tif labels.tif --aoi area.gpkg|layername=roads", ["layers areas", "layername"]),
        ("nowhere.tif labels.tif --aoi area.gpkg", ["nowhere.tif has no georeference", "--mask"]),
    ] {
        let error = folder.fail(&format!("cluster {words}"));
        assert!(parts.iter().all(|part| error.contains(part)), "{words}: {error}");
        assert!(!folder.path("labels.tif").exists());
    }
    folder.must("cluster scene.tif labels.tif --aoi area.gpkg|layername=areas -q");
}

/// Two pieces of the training scene that overlap by 100 columns.
fn pieces() -> Folder {
    let folder = Folder::new();
    let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
    let whole = Dataset::open(data("s2_train.tif")).unwrap();
    let t = whole.geo_transform().unwrap();
    for (name, x, width, height) in [("west.tif", 0, 400, 832), ("east.tif", 300, 532, 600)] {
        let mut piece =
            driver.create_with_band_type::<u16, _>(folder.path(name), width, height, 3).unwrap();
        piece.set_geo_transform(&[t[0] + x as f64 * 10.0, 10.0, 0.0, t[3], 0.0, -10.0]).unwrap();
        piece.set_spatial_ref(&whole.spatial_ref().unwrap()).unwrap();
        for band in 1..=3 {
            let from = whole.rasterband(band).unwrap();
            let size = (width, height);
            let mut pixels = from.read_as::<u16>((x as isize, 0), size, size, None).unwrap();
            piece.rasterband(band).unwrap().write((0, 0), size, &mut pixels).unwrap();
        }
    }
    folder
}

#[test]
fn scenes_fitted_as_one_have_maps_that_match() {
    let folder = pieces();
    std::fs::create_dir(folder.path("maps")).unwrap();
    for options in ["-k 5", "-k 3 --algorithm gmm", "-k 5 --seed 3 --scaling zscore"] {
        let report = folder
            .json(&format!("fit west.tif east.tif --model model.json --labels-dir maps {options}"));
        folder.must(&format!("fit west.tif east.tif --model plain.json {options} -q"));
        let files =
            ["model.json", "plain.json"].map(|name| std::fs::read(folder.path(name)).unwrap());
        assert!(files[0] == files[1], "{options}");
        let (west, east) = (folder.labels("maps/west.tif"), folder.labels("maps/east.tif"));
        // The overlap has the same classes in both pieces.
        let same = |(x, y): (usize, usize)| west[y * 400 + 300 + x] == east[y * 532 + x];
        assert!((0..100 * 600).all(|i| same((i % 100, i / 100))), "{options}");
        for name in ["west.tif", "east.tif"] {
            folder.must(&format!("predict model.json {name} labels.tif -q"));
            assert!(
                folder.labels("labels.tif") == folder.labels(&format!("maps/{name}")),
                "{name} {options}"
            );
        }
        assert_eq!(report["labels"][1]["n_valid"], 532 * 600);
        assert_eq!(report["labels"][0]["output"], "maps/west.tif");
        assert_eq!(report["n_pixels"], 400 * 832 + 532 * 600);
    }
    // An area may touch both pieces, or one; each piece may have its own mask.
    std::fs::rename(folder.path("west.tif"), folder.path("scene.tif")).unwrap();
    write_aoi(
        &folder,
        "area.gpkg",
        &[&[(10.0, 10.0), (40.0, 10.0), (40.0, 90.0), (10.0, 90.0), (10.0, 10.0)]],
        32618,
    );
    let report =
        folder.json("fit scene.tif east.tif --model model.json --labels-dir maps --aoi area.gpkg");
    assert_eq!(
        (&report["labels"][0]["n_valid"], &report["labels"][1]["n_valid"]),
        (&(30 * 80).into(), &0.into())
    );
}

#[test]
fn maps_that_would_clash_are_told() {
    let folder = pieces();
    std::fs::create_dir(folder.path("maps")).unwrap();
    std::fs::copy(folder.path("west.tif"), folder.path("maps/east.tif")).unwrap();
    let before = std::fs::read(folder.path("maps/east.tif")).unwrap();
    for (words, part) in [
        ("east.tif maps/east.tif --model m.json --labels-dir maps", "would both be maps/east.tif"),
        (
            "west.tif maps/east.tif --model m.json --labels-dir maps",
            "maps/east.tif is an input too",
        ),
        ("west.tif east.tif --model m.json --labels-dir nowhere", "there is no folder nowhere"),
        ("west.tif east.tif --model m.json --mask a.tif,b.tif,c.tif", "3 masks for 2 scenes"),
    ] {
        let error = folder.fail(&format!("fit {words}"));
        assert!(error.contains(part), "{error}");
    }
    assert!(std::fs::read(folder.path("maps/east.tif")).unwrap() == before);
    assert!(!folder.path("m.json").exists());
}
