//! The class data in a map, and its filters, polygons and styles.

#![cfg(feature = "cli")]

mod common;

use std::collections::BTreeMap;

use common::{data, Folder};
use gdal::spatial_ref::SpatialRef;
use gdal::vector::sql::Dialect;
use gdal::vector::LayerAccess;
use gdal::{Dataset, DatasetOptions, DriverManager, GdalOpenFlags};
use serde_json::Value;

const SIZE: usize = 320;

fn scene() -> Folder {
    let folder = Folder::new();
    folder.cut("scene.tif", "s2_train.tif", &[1, 2, 3, 4], SIZE);
    folder
}

fn text(folder: &Folder, name: &str) -> String {
    std::fs::read_to_string(folder.path(name)).unwrap()
}

/// The attribute table as gdalinfo prints it: columns with their usages, and rows of texts.
fn table(folder: &Folder, name: &str) -> (Vec<(String, u64)>, Vec<Vec<String>>) {
    let output = std::process::Command::new("gdalinfo")
        .arg("-json")
        .arg(folder.path(name))
        .output()
        .unwrap();
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let rat = &told["rat"];
    let fields = rat["fieldDefn"].as_array().unwrap().iter();
    let columns = fields
        .map(|field| (field["name"].as_str().unwrap().into(), field["usage"].as_u64().unwrap()));
    let cell = |cell: &Value| cell.as_str().map_or_else(|| cell.to_string(), String::from);
    let row = |row: &Value| row["f"].as_array().unwrap().iter().map(cell).collect();
    (columns.collect(), rat["row"].as_array().unwrap().iter().map(row).collect())
}

fn counts(labels: &[f64], k: usize) -> Vec<u64> {
    (1..=k)
        .map(|value| labels.iter().filter(|label| **label == value as f64).count() as u64)
        .collect()
}

#[test]
fn the_attribute_table_tells_all_of_each_class() {
    let folder = scene();
    let report = folder.json("cluster scene.tif labels.tif --model model.json -k 5");
    let (columns, rows) = table(&folder, "labels.tif");
    // The usages are GDAL's: 5 is MinMax, 2 the name, 6 to 8 the colour, 1 the pixel count, 0 any.
    let expected = [
        ("Value", 5),
        ("Class", 2),
        ("Red", 6),
        ("Green", 7),
        ("Blue", 8),
        ("Pixels", 1),
        ("Area_ha", 0),
        ("Mean B02", 0),
        ("Mean B03", 0),
        ("Mean B04", 0),
        ("Mean B08", 0),
    ];
    assert_eq!(columns, expected.map(|(name, usage)| (name.to_string(), usage)));
    let model: Value = serde_json::from_str(&text(&folder, "model.json")).unwrap();
    let counts = counts(&folder.labels("labels.tif"), 5);
    assert_eq!(rows.len(), 5);
    for (i, row) in rows.iter().enumerate() {
        let number = |column: usize| row[column].parse::<f64>().unwrap();
        let (class, told) = (&model["classes"][i], &report["classes"][i]);
        assert_eq!((number(0), row[1].as_str()), (i as f64 + 1.0, class["name"].as_str().unwrap()));
        let color: String =
            (2..5).map(|column| format!("{:02x}", row[column].parse::<u8>().unwrap())).collect();
        assert_eq!(format!("#{color}"), class["color"]);
        assert_eq!(number(5), counts[i] as f64);
        assert!((number(6) - counts[i] as f64 / 100.0).abs() < 1e-9, "pixels of 10 m");
        assert_eq!(told["area_ha"].as_f64().unwrap(), number(6));
        for band in 0..4 {
            let mean = class["mean"][band].as_f64().unwrap();
            assert!((number(7 + band) - mean).abs() < 1e-9 * mean);
        }
    }
    let people = folder.must("cluster scene.tif again.tif -k 5");
    assert!(people.contains("hectares"), "{people}");
}

/// The means in the attribute table of a map, and the means of the scene's pixels under each value.
fn means(folder: &Folder, map: &str, scene: &str) -> (Vec<[f64; 4]>, Vec<[f64; 4]>) {
    let (columns, rows) = table(folder, map);
    let first = columns.iter().position(|(name, _)| name == "Mean B02").unwrap();
    let row = |row: &Vec<String>| {
        std::array::from_fn(|band| row[first + band].parse().unwrap_or(f64::NAN))
    };
    let (labels, bands) = (folder.labels(map), [1, 2, 3, 4].map(|band| folder.band(scene, band)));
    let mean = |value: usize| {
        let own = || labels.iter().enumerate().filter(move |(_, label)| **label == value as f64);
        bands
            .each_ref()
            .map(|band| own().map(|(pixel, _)| band[pixel]).sum::<f64>() / own().count() as f64)
    };
    (rows.iter().map(row).collect(), (1..=rows.len()).map(mean).collect())
}

#[test]
fn the_means_in_the_attribute_table_are_those_of_the_maps_own_pixels() {
    let folder = scene();
    folder.cut("next.tif", "s2_predict.tif", &[1, 2, 3, 4], SIZE);
    std::fs::create_dir(folder.path("maps")).unwrap();
    folder.must("cluster scene.tif plain.tif --model m.json -k 5 -q");
    folder.must("cluster scene.tif far.tif -k 5 --radius-quantile 0.9 -q");
    folder.must("cluster scene.tif smooth.tif -k 5 --majority 5 --sieve 10 -q");
    folder.must("predict m.json next.tif next_map.tif --radius-quantile 0.99 -q");
    folder.must("predict m.json next.tif next_smooth.tif --majority 3 --threads 1 -q");
    folder.must("fit scene.tif next.tif -k 5 --model both.json --labels-dir maps -q");
    for (map, scene) in [
        ("plain.tif", "scene.tif"),
        ("far.tif", "scene.tif"),
        ("smooth.tif", "scene.tif"),
        ("next_map.tif", "next.tif"),
        ("next_smooth.tif", "next.tif"),
        ("maps/scene.tif", "scene.tif"),
        ("maps/next.tif", "next.tif"),
    ] {
        let (told, found) = means(&folder, map, scene);
        for (told, found) in told.iter().zip(&found) {
            let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-6 || a.is_nan() && b.is_nan();
            assert!(told.iter().zip(found).all(near), "{map}: {told:?} {found:?}");
        }
    }
    assert_ne!(
        means(&folder, "plain.tif", "scene.tif").0,
        means(&folder, "far.tif", "scene.tif").0
    );
}

#[test]
fn the_legend_lies_beside_the_map() {
    let folder = scene();
    folder.must("fit scene.tif --model model.json -k 3 --colors palette:okabe-ito -q");
    let model = text(&folder, "model.json");
    let named = model.replace("class 1", "wood & <field>").replace("class 2", "Flüsse \\\"水\\\"");
    std::fs::write(folder.path("model.json"), named).unwrap();
    let report = folder.json("predict model.json scene.tif labels.tif");
    let (count, valid) =
        (report["classes"][0]["count"].as_f64().unwrap(), report["n_valid"].as_f64().unwrap());
    let share = 100.0 * count / valid;
    let legend = text(&folder, "labels.qml");
    for part in [
        format!(
            "color=\"#e69f00\" alpha=\"255\" label=\"wood &amp; &lt;field&gt; ({share:.1} %)\""
        ),
        "Flüsse &quot;水&quot; (".into(),
        "value=\"3\" color=\"#009e73\"".into(),
    ] {
        assert!(legend.contains(&part), "{part}: {legend}");
    }
    assert_eq!(table(&folder, "labels.tif").1[0][1], "wood & <field>");
    assert_eq!(table(&folder, "labels.tif").1[1][1], "Flüsse \"水\"");
}

#[test]
fn a_map_without_a_place_has_no_areas() {
    let folder = scene();
    let bare = folder.path("bare.tif");
    let run = std::process::Command::new("gdal_translate")
        .args(["-q", "-co", "PROFILE=BASELINE"])
        .args([folder.path("scene.tif"), bare.clone()])
        .status();
    assert!(run.unwrap().success());
    std::fs::remove_file(folder.path("bare.tif.aux.xml")).unwrap();
    assert!(Dataset::open(&bare).unwrap().spatial_ref().is_err());
    let report = folder.json("cluster bare.tif labels.tif --polygons p.gpkg");
    assert_eq!(report["classes"][0]["area_ha"], Value::Null);
    assert!(table(&folder, "labels.tif").0.iter().all(|(name, _)| name != "Area_ha"));
    assert!(folder.must("cluster bare.tif labels.tif").contains("share\n"));
    assert!(polygons(&folder, "p.gpkg").iter().all(|polygon| polygon.area.is_none()));
}

/// Areas are those on the ellipsoid: the same in longitude and latitude as in Web Mercator, whose
/// projected areas are 1.5 times as large. The scale of UTM is known.
#[test]
fn areas_are_those_on_the_ground() {
    let folder = Folder::new();
    let one = |reference: &str, transform: [f64; 6]| {
        let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
        let mut dataset =
            driver.create_with_band_type::<u8, _>(folder.path("one.tif"), 200, 100, 1).unwrap();
        dataset.set_spatial_ref(&SpatialRef::from_definition(reference).unwrap()).unwrap();
        dataset.set_geo_transform(&transform).unwrap();
        let mut pixels =
            gdal::raster::Buffer::new((200, 100), (0..20_000).map(|i| (i % 7) as u8).collect());
        dataset.rasterband(1).unwrap().write((0, 0), (200, 100), &mut pixels).unwrap();
        dataset.close().unwrap();
        let report = folder.json("cluster one.tif labels.tif -k 1 --polygons p.gpkg");
        let area = report["classes"][0]["area_ha"].as_f64().unwrap();
        let whole: f64 =
            polygons(&folder, "p.gpkg").iter().map(|polygon| polygon.area.unwrap()).sum();
        assert!((whole / area - 1.0).abs() < 1e-12, "{reference}: polygons {whole}, map {area}");
        area
    };
    // PROJ's geod: 1 degree by 0.5 degrees from 45 N is 434 766.3 ha (sides of 78 847 m and 55 580
    // m, less the taper).
    let degrees = one("EPSG:4326", [10.0, 0.005, 0.0, 45.5, 0.0, -0.005]);
    assert!((degrees - 436_355.0).abs() < 500.0, "{degrees}");
    // The same rectangle in Web Mercator, with rows of equal height in the plane.
    let y = |latitude: f64| {
        6_378_137.0 * (std::f64::consts::FRAC_PI_4 + latitude.to_radians() / 2.0).tan().ln()
    };
    let width = 6_378_137.0 * 1f64.to_radians();
    let height = y(45.5) - y(45.0);
    let left = 6_378_137.0 * 10f64.to_radians();
    let mercator = one("EPSG:3857", [left, width / 200.0, 0.0, y(45.5), 0.0, -height / 100.0]);
    assert!((mercator / degrees - 1.0).abs() < 1e-9, "{mercator} {degrees}");
    assert_eq!(
        one("EPSG:32618", [5e5, 3.0, 4.0, 4e6, 8.0, -6.0]),
        20_000.0 * 50.0 / 1e4,
        "rotated"
    );
    let feet = one("EPSG:2263", [1e6, 10.0, 0.0, 2e5, 0.0, -10.0]);
    assert!((feet - 20_000.0 * 100.0 * (1200.0f64 / 3937.0).powi(2) / 1e4).abs() < 1e-6, "{feet}");
}

#[test]
fn the_sieve_is_gdal_s_and_leaves_nodata_alone() {
    let folder = Folder::new();
    let input = data("l8_nodata_a.tif");
    let input = input.display();
    folder.must(&format!("cluster {input} plain.tif -k 6 --model model.json -q"));
    let report =
        folder.json(&format!("cluster {input} sieved.tif -k 6 --sieve 25 --quicklook q.png"));
    let script = ["-q", "-st", "25", "-4", "-mask", "mask.tif", "plain.tif", "expected.tif"];
    let (plain, sieved) = (folder.labels("plain.tif"), folder.labels("sieved.tif"));
    let (width, _) = Dataset::open(folder.path("plain.tif")).unwrap().raster_size();
    assert!(
        plain.iter().zip(&sieved).all(|(a, b)| (*a == 0.0) == (*b == 0.0)),
        "nodata grew or shrank"
    );
    let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
    let mask = driver
        .create_with_band_type::<u8, _>(folder.path("mask.tif"), width, plain.len() / width, 1)
        .unwrap();
    let values = plain.iter().map(|label| u8::from(*label != 0.0)).collect();
    let mut buffer = gdal::raster::Buffer::new((width, plain.len() / width), values);
    mask.rasterband(1).unwrap().write((0, 0), mask.raster_size(), &mut buffer).unwrap();
    mask.close().unwrap();
    let sieve = std::process::Command::new("gdal_sieve.py")
        .args(script)
        .current_dir(folder.path(""))
        .status();
    assert!(sieve.unwrap().success());
    assert!(folder.labels("expected.tif") == sieved);
    // The figures are those of the sieved map; the model does not change.
    let told: Vec<u64> =
        (0..6).map(|class| report["classes"][class]["count"].as_u64().unwrap()).collect();
    assert_eq!(told, counts(&sieved, 6));
    assert_ne!(told, counts(&plain, 6));
    let rows = table(&folder, "sieved.tif").1;
    assert_eq!(
        rows.iter().map(|row| row[5].parse::<f64>().unwrap() as u64).collect::<Vec<_>>(),
        told
    );
    folder
        .must(&format!("predict model.json {input} again.tif --sieve 25 --quicklook again.png -q"));
    let files = folder.contents();
    assert!(files["again.tif"] == files["sieved.tif"] && files["again.png"] == files["q.png"]);
    folder.must(&format!("predict model.json {input} other.tif --quicklook other.png -q"));
    assert!(folder.contents()["other.png"] != files["q.png"], "the picture shows the sieved map");
}

#[test]
fn the_majority_comes_first_and_depends_on_nothing_else() {
    let folder = scene();
    folder.must("cluster scene.tif plain.tif --model model.json -k 5 -q");
    folder.must("predict model.json scene.tif smooth.tif --majority 5 --threads 1 -q");
    folder.must("predict model.json scene.tif same.tif --majority 5 --threads 3 -q");
    assert!(folder.contents()["smooth.tif"] == folder.contents()["same.tif"]);
    let (plain, smooth) = (folder.labels("plain.tif"), folder.labels("smooth.tif"));
    for (i, label) in smooth.iter().enumerate() {
        let (x, y) = ((i % SIZE) as i64, (i / SIZE) as i64);
        let mut votes = [0; 6];
        for (dx, dy) in (-2..=2).flat_map(|dy| (-2..=2).map(move |dx| (dx, dy))) {
            let range = 0..SIZE as i64;
            if range.contains(&(x + dx)) && range.contains(&(y + dy)) {
                votes[plain[((y + dy) * SIZE as i64 + x + dx) as usize] as usize] += 1;
            }
        }
        let most = *votes.iter().max().unwrap();
        let own = plain[i] as usize;
        let expected =
            if votes[own] == most { own } else { votes.iter().position(|n| *n == most).unwrap() };
        assert_eq!(*label as usize, expected, "at {x}, {y}");
    }
    // Both filters: the sieve works on the result of the majority filter.
    folder.must("predict model.json scene.tif both.tif --majority 5 --sieve 40 -q");
    let script = ["-q", "-st", "40", "-4", "smooth.tif", "expected.tif"];
    let sieve = std::process::Command::new("gdal_sieve.py")
        .args(script)
        .current_dir(folder.path(""))
        .status();
    assert!(sieve.unwrap().success());
    assert!(folder.labels("both.tif") == folder.labels("expected.tif"));
}

struct Polygon {
    value: i32,
    name: String,
    color: String,
    area: Option<f64>,
    planar: f64,
}

fn polygons(folder: &Folder, name: &str) -> Vec<Polygon> {
    let dataset = Dataset::open(folder.path(name)).unwrap();
    let mut layer = dataset.layer(0).unwrap();
    assert_eq!(
        layer.defn().fields().map(|field| field.name()).collect::<Vec<_>>(),
        ["value", "name", "area_ha", "color"]
    );
    let polygon = |feature: gdal::vector::Feature| Polygon {
        value: feature.field_as_integer(0).unwrap().unwrap(),
        name: feature.field_as_string(1).unwrap().unwrap(),
        color: feature.field_as_string(3).unwrap().unwrap(),
        area: feature.field_as_double(2).unwrap(),
        planar: feature.geometry().unwrap().area(),
    };
    layer.features().map(polygon).collect()
}

/// The style that a GeoPackage stores for its layer, in the way in which QGIS reads it.
fn kept_style(dataset: &Dataset) -> String {
    let mut styles = dataset.layer_by_name("layer_styles").unwrap();
    styles
        .set_attribute_filter(
            "f_table_name = 'classes' AND f_geometry_column = 'geom' AND useAsDefault = 1",
        )
        .unwrap();
    assert_eq!(styles.feature_count(), 1);
    let style = styles.features().next().unwrap();
    style.field_as_string(style.field_index("styleQML").unwrap()).unwrap().unwrap()
}

#[test]
fn polygons_have_the_classes_names_colors_and_areas() {
    let folder = scene();
    folder.must("cluster scene.tif labels.tif --model model.json --sieve 10 --polygons p.gpkg -q");
    let names =
        ["labels.qml", "labels.tif", "labels.tif.aux.xml", "model.json", "p.gpkg", "scene.tif"];
    assert_eq!(folder.names(), names);
    let dataset = Dataset::open(folder.path("p.gpkg")).unwrap();
    assert_eq!(dataset.layer(0).unwrap().name(), "classes");
    assert_eq!(dataset.layer(0).unwrap().spatial_ref().unwrap().auth_code().unwrap(), 32618);
    let style = kept_style(&dataset);
    drop(dataset);
    let model: Value = serde_json::from_str(&text(&folder, "model.json")).unwrap();
    for class in model["classes"].as_array().unwrap() {
        let line = format!("label=\"{}\" render", class["name"].as_str().unwrap());
        assert!(style.contains(&line), "{style}");
    }
    let found = polygons(&folder, "p.gpkg");
    let mut areas = BTreeMap::new();
    for polygon in &found {
        let class = &model["classes"][polygon.value as usize - 1];
        assert!(class["name"] == *polygon.name && class["color"] == *polygon.color);
        assert!((polygon.area.unwrap() - polygon.planar / 1e4).abs() < 1e-9 * polygon.planar);
        assert!(polygon.planar >= 1000.0, "no patch is smaller than ten pixels");
        *areas.entry(polygon.value as usize).or_insert(0.0) += polygon.area.unwrap();
    }
    for (value, count) in (1..).zip(counts(&folder.labels("labels.tif"), 4)) {
        assert!((areas[&value] - count as f64 / 100.0).abs() < 1e-6);
    }
    for name in ["p.geojson", "p.fgb", "p.shp"] {
        folder.must(&format!(
            "predict model.json scene.tif labels.tif --sieve 10 --polygons {name} -q"
        ));
        assert_eq!(polygons(&folder, name).len(), found.len(), "{name}");
        // The legend beside the map is not the style of the polygons.
        let beside = format!(" writtenBeside=\"{name}\"");
        assert_eq!(text(&folder, "p.qml").replacen(&beside, "", 1), style, "{name}");
        std::fs::remove_file(folder.path("p.qml")).unwrap();
    }
    assert!(["p.dbf", "p.prj", "p.shx"].iter().all(|part| folder.path(part).exists()));
}

/// A ring's points.
type Ring = Vec<(i64, i64)>;

/// The polygons of a layer: value, and rings of corners that begin at the highest, leftmost one, in
/// their direction when rows count downwards.
fn rings(folder: &Folder, name: &str) -> Vec<(i32, Vec<Ring>)> {
    let dataset = Dataset::open(folder.path(name)).unwrap();
    let to_ring = |ring: &gdal::vector::Geometry| {
        let mut points = Vec::new();
        ring.get_points(&mut points);
        points.pop();
        // Columns and rows of 10 m.
        let mut ring: Vec<(i64, i64)> = points
            .iter()
            .map(|(x, y, _)| (-(y / 10.0).round() as i64, (x / 10.0).round() as i64))
            .collect();
        let first = (0..ring.len()).min_by_key(|index| ring[*index]).unwrap();
        ring.rotate_left(first);
        if ring[1].0 == ring[0].0 {
            ring[1..].reverse();
        }
        ring
    };
    let mut layer = dataset.layer(0).unwrap();
    let all = layer.features().map(|feature| {
        let shape = feature.geometry().unwrap();
        let mut rings: Vec<_> =
            (0..shape.geometry_count()).map(|ring| to_ring(&shape.get_geometry(ring))).collect();
        rings[1..].sort();
        assert!(shape.is_valid());
        (feature.field_as_integer(0).unwrap().unwrap(), rings)
    });
    let mut all: Vec<_> = all.collect();
    all.sort();
    all
}

#[test]
fn polygons_are_those_that_gdal_traces() {
    let folder = scene();
    // Small classes have all kinds of patches: holes in holes, and patches that touch themselves.
    folder.must("cluster scene.tif labels.tif -k 4 --polygons ours.gpkg -q");
    let words = ["-q", "labels.tif", "-b", "1", "-f", "GPKG", "gdals.gpkg", "gdals", "value"];
    let status = std::process::Command::new("gdal_polygonize.py")
        .args(words)
        .current_dir(folder.path(""))
        .status();
    assert!(status.unwrap().success());
    let (ours, gdals) = (rings(&folder, "ours.gpkg"), rings(&folder, "gdals.gpkg"));
    assert!(ours.len() > 1000 && ours.iter().any(|(_, rings)| rings.len() > 10));
    assert!(ours == gdals, "{} polygons for {}", ours.len(), gdals.len());
    // The number of threads does not change the polygons or their order.
    folder.must("cluster scene.tif labels.tif -k 4 --polygons one.fgb -q --threads 1");
    folder.must("cluster scene.tif labels.tif -k 4 --polygons four.fgb -q --threads 4");
    assert!(folder.contents()["one.fgb"] == folder.contents()["four.fgb"]);
}

#[test]
fn the_spatial_index_of_polygons_finds_what_there_is() {
    let folder = scene();
    folder.must("cluster scene.tif labels.tif -k 4 --polygons p.gpkg -q");
    folder.must("cluster scene.tif labels.tif -k 4 --sieve 5000 --polygons few.gpkg -q");
    for name in ["p.gpkg", "few.gpkg"] {
        let dataset = Dataset::open(folder.path(name)).unwrap();
        let one = |statement: &str| {
            let mut found =
                dataset.execute_sql(statement, None, Dialect::DEFAULT).unwrap().unwrap();
            let row = found.features().next().unwrap();
            row.field_as_string(0).unwrap().unwrap()
        };
        assert_eq!(one("SELECT rtreecheck('rtree_classes_geom')"), "ok", "{name}");
        assert_eq!(
            one("SELECT count(*) FROM rtree_classes_geom"),
            one("SELECT count(*) FROM classes")
        );
        assert_eq!(one("SELECT HasSpatialIndex('classes', 'geom')"), "1");
        let mut layer = dataset.layer(0).unwrap();
        let shapes: Vec<_> =
            layer.features().map(|feature| feature.geometry().unwrap().envelope()).collect();
        let (left, top) = (shapes[0].MinX, shapes[0].MaxY);
        for (x, y, side) in [(0.0, 0.0, 100.0), (500.0, -700.0, 35.0), (1000.0, -1500.0, 800.0)] {
            let (x, y) = (left + x + 1.0, top + y - 1.0);
            let meets = |shape: &&gdal::vector::Envelope| {
                shape.MinX <= x + side
                    && shape.MaxX >= x
                    && shape.MinY <= y
                    && shape.MaxY >= y - side
            };
            let expected = shapes.iter().filter(meets).count();
            let inside = format!(
                "SELECT count(*) FROM rtree_classes_geom WHERE minx <= {} AND maxx >= {x} AND \
                 miny <= {y} AND maxy >= {}",
                x + side,
                y - side
            );
            assert_eq!(one(&inside), expected.to_string(), "{name} {x} {y}");
        }
        drop(dataset);
        // GDAL keeps the spatial index up to date.
        let options = DatasetOptions {
            open_flags: GdalOpenFlags::GDAL_OF_UPDATE | GdalOpenFlags::GDAL_OF_VECTOR,
            ..DatasetOptions::default()
        };
        let dataset = Dataset::open_ex(folder.path(name), options).unwrap();
        let run = |statement: &str| dataset.execute_sql(statement, None, Dialect::DEFAULT).unwrap();
        run("DELETE FROM classes WHERE fid % 2 = 0");
        run("INSERT INTO classes (geom, value) SELECT geom, value FROM classes WHERE fid % 3 = 0");
        drop(dataset);
        let dataset = Dataset::open(folder.path(name)).unwrap();
        let mut found = dataset
            .execute_sql("SELECT rtreecheck('rtree_classes_geom')", None, Dialect::DEFAULT)
            .unwrap()
            .unwrap();
        assert_eq!(found.features().next().unwrap().field_as_string(0).unwrap().unwrap(), "ok");
    }
}

#[test]
fn a_pass_that_changes_the_order_of_classes_only_gives_the_maps_that_predict_gives() {
    let folder = Folder::new();
    std::fs::copy(data("s2_train.tif"), folder.path("scene.tif")).unwrap();
    folder.must("fit scene.tif -k 5 --model old.json --seed 3 -q");
    let files = "--confidence c.tif --quicklook q.png --radius-quantile 0.95";
    for algorithm in ["gmm", "agglomerative"] {
        for like in ["", "--like old.json"] {
            let fit = format!(
                "cluster scene.tif map.tif -k 9 --algorithm {algorithm} --model m.json {like} \
                 {files}"
            );
            let told = folder.json(&fit);
            // With the order of another model, they may already have their numbers.
            let is_renumbered = told["seconds"]["relabel"].is_f64();
            assert!(told["n_passes"] == 1 && (is_renumbered || !like.is_empty()), "{told}");
            let files = files.replace("c.tif", "d.tif").replace("q.png", "r.png");
            let again = folder.json(&format!("predict m.json scene.tif again.tif {files}"));
            let pixels = |told: &Value| -> Vec<Value> {
                told["classes"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|class| class["count"].clone())
                    .collect()
            };
            assert_eq!(pixels(&told), pixels(&again));
            assert!(folder.labels("map.tif") == folder.labels("again.tif"), "{algorithm} {like}");
            let contents = folder.contents();
            let legend = |name: &str| {
                String::from_utf8_lossy(&contents[name]).replace("again.tif", "map.tif")
            };
            assert_eq!(legend("map.qml"), legend("again.qml"));
            for (one, other) in [("c.tif", "d.tif"), ("q.png", "r.png")] {
                assert!(contents[one] == contents[other], "{algorithm} {like}: {one}");
            }
        }
    }
}

#[test]
fn what_cannot_be_leaves_nothing_behind() {
    let folder = scene();
    folder.must("fit scene.tif --model model.json -k 3 -q");
    std::fs::create_dir(folder.path("sub")).unwrap();
    let before = folder.names();
    for (words, about) in [
        ("cluster scene.tif labels.tif --sieve 0", "--sieve is 0"),
        ("cluster scene.tif labels.tif --sieve -3", "--sieve is -3"),
        ("cluster scene.tif labels.tif --majority 4", "is 4: give an odd number"),
        ("cluster scene.tif labels.tif --majority 1", "is 1: give an odd number"),
        ("cluster scene.tif labels.tif --majority -1", "--majority is -1"),
        ("cluster scene.tif labels.tif --polygons p.abc", ".gpkg"),
        ("cluster scene.tif labels.tif --polygons p", ".gpkg"),
        ("cluster scene.tif labels.tif --polygons p.kml", ".gpkg"),
        (
            "cluster scene.tif labels.tif --polygons p.csv",
            "p.csv: GDAL writes no polygons to a file of this kind",
        ),
        (
            "cluster scene.tif labels.tif --polygons labels.shp",
            "labels.qml is a companion of the map",
        ),
        (
            "cluster scene.tif labels.tif --polygons scene.shp",
            "scene.qml, the style of the polygons, would be the style of scene.tif",
        ),
        ("cluster scene.tif labels.tif --polygons scene.tif", "scene.tif is an input"),
        ("cluster scene.tif labels.tif --polygons none/p.gpkg", "there is no folder none"),
        ("cluster scene.tif labels.tif --model labels.qml", "companion of the map"),
        (
            "cluster scene.tif scene.tiff",
            "scene.qml, the legend of the map, would be the style of scene.tif",
        ),
        ("cluster scene.tif labels.tif --colors palette:rainbow", "there is no palette 'rainbow'"),
        ("predict model.json scene.tif labels.tif --colors red,blue", "2 colours for 3 classes"),
    ] {
        let error = folder.fail(words);
        assert!(error.contains(about), "{words}: {error}");
        assert_eq!(folder.names(), before, "{words}");
    }
}
