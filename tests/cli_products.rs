//! Sentinel-2 products and files of different resolutions as one input.

#![cfg(feature = "cli")]

mod common;

use common::safe::{self, at, Level, Safe, SIZE};
use common::{data, read_band, Folder};
use gdal::raster::Buffer;
use gdal::spatial_ref::SpatialRef;
use gdal::{Dataset, DriverManager, Metadata};
use serde_json::json;

/// Cloud in the north-east, water in the south, cloud shadow and no data in one corner each, else
/// vegetation.
fn scl(x: usize, y: usize) -> u8 {
    match (x, y) {
        (x, y) if x >= 90 && y < 30 => 9,
        (x, y) if x < 12 && y < 12 => 0,
        (x, y) if x < 12 && y >= 108 => 3,
        (_, y) if y >= 60 => 6,
        _ => 4,
    }
}

const L2A: Safe = Safe { level: Level::L2A, offset: 1000, scl };
const L1C: Safe = Safe { level: Level::L1C, offset: 0, scl };

/// A folder with a product, and the product's name there.
fn product(product: &Safe) -> (Folder, String) {
    let folder = Folder::new();
    product.write(&folder.path(""));
    (folder, product.name())
}

/// Bands at 10 m as one GeoTIFF, with their names.
fn stack(folder: &Folder, name: &str, bands: &[(usize, &str)], offset: u16) {
    let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
    let side = 2 * SIZE;
    let stack =
        driver.create_with_band_type::<u16, _>(folder.path(name), side, side, bands.len()).unwrap();
    for (index, (place, name)) in bands.iter().enumerate() {
        let samples = at(&safe::read(*place), 10).iter().map(|value| value + offset).collect();
        let mut band = stack.rasterband(index + 1).unwrap();
        band.write((0, 0), (side, side), &mut gdal::raster::Buffer::new((side, side), samples))
            .unwrap();
        band.set_no_data_value(Some(0.0)).unwrap();
        band.set_description(name).unwrap();
    }
}

#[test]
fn gdals_own_driver_reads_the_products_of_these_tests() {
    for (safe, expected) in [(L1C, 4), (L2A, 4)] {
        let (folder, name) = product(&safe);
        let level = if safe.level == Level::L1C { "1C" } else { "2A" };
        let parts = safe::subdatasets(&folder.path(&name).join(format!("MTD_MSIL{level}.xml")));
        let ten =
            parts.iter().find(|part| part.contains(":10m:")).unwrap_or_else(|| panic!("{parts:?}"));
        let dataset = Dataset::open(ten).unwrap();
        assert!(dataset.raster_count() >= expected, "{}", dataset.raster_count());
        assert_eq!(dataset.raster_size(), (2 * SIZE, 2 * SIZE));
        let red = at(&safe::read(4), 10)
            .iter()
            .map(|value| f64::from(value + safe.offset))
            .collect::<Vec<_>>();
        assert!((1..=4).any(|band| read_band(&dataset, band) == red), "{ten}");
    }
}

#[test]
fn a_product_is_one_input_as_folder_zip_and_metadata_file() {
    for safe in [L1C, L2A] {
        let (folder, name) = product(&safe);
        stack(&folder, "stack.tif", &[(2, "B02"), (3, "B03"), (4, "B04"), (8, "B08")], safe.offset);
        folder.must("cluster stack.tif expected.tif --model expected.json -k 5 -q");
        let zip = safe::zip(&folder.path(&name));
        let zip = zip.file_name().unwrap().to_str().unwrap();
        std::fs::rename(folder.path(zip), folder.path("renamed.zip")).unwrap();
        let level = if safe.level == Level::L1C { "1C" } else { "2A" };
        for input in [
            name.clone(),
            format!("{name}/"),
            "renamed.zip".into(),
            format!("{name}/MTD_MSIL{level}.xml"),
        ] {
            folder.must(&format!("cluster {input} labels.tif --model model.json -k 5 -q"));
            assert!(folder.labels("labels.tif") == folder.labels("expected.tif"), "{input}");
        }
        let labels = Dataset::open(folder.path("labels.tif")).unwrap();
        assert_eq!(labels.spatial_ref().unwrap().auth_code().unwrap(), 32618);
        assert_eq!(labels.geo_transform().unwrap()[1], 10.0);
        // The model has the scale and offset of the metadata.
        let model: serde_json::Value =
            serde_json::from_slice(&std::fs::read(folder.path("model.json")).unwrap()).unwrap();
        let band = &model["bands"][3];
        assert_eq!((band["name"].as_str(), band["nodata"].as_f64()), (Some("B08"), Some(0.0)));
        assert_eq!(band["scale"], 0.0001);
        assert_eq!(band["offset"], if safe.offset == 0 { 0.0 } else { -0.1 });
    }
}

#[test]
fn bands_of_a_product_have_names_and_their_finest_resolution() {
    let (folder, name) = product(&L2A);
    let info = folder.json(&format!("info {name} --bands B11,b8a,B05"));
    assert_eq!((&info["width"], &info["transform"][0]), (&SIZE.into(), &20.0.into()));
    let means: Vec<_> = (0..3).map(|i| info["bands"][i]["mean"].as_f64().unwrap()).collect();
    for (place, mean) in [12, 9, 5].into_iter().zip(means) {
        let samples = safe::read(place);
        let expected =
            samples.iter().map(|v| f64::from(*v)).sum::<f64>() / samples.len() as f64 + 1000.0;
        assert!((mean - expected).abs() < 1e-6, "{mean} {expected}");
    }
    let all: Vec<_> =
        info["all_bands"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(all.join(" "), "B01 B02 B03 B04 B05 B06 B07 B08 B8A B09 B11 B12 SCL");
    let error = folder.fail(&format!("cluster {name} labels.tif --bands B04,B10"));
    assert!(error.contains("'B10'") && error.contains("B8A, B09, B11"), "{error}");
    let error = folder.fail(&format!("cluster {name} labels.tif --bands 4,3,2"));
    assert!(error.contains("have names"), "{error}");
}

#[test]
fn coarse_bands_are_resampled_to_the_finest() {
    let (folder, name) = product(&L2A);
    let report = folder.json(&format!("info {name} --bands B04,B8A,B09"));
    assert_eq!(report["width"], 2 * SIZE);
    // The same as gdalwarp's.
    let fine = |band: usize| at(&safe::read(band), 10);
    let b04 =
        fine(4).iter().map(|v| f64::from(*v)).sum::<f64>() / (4 * SIZE * SIZE) as f64 + 1000.0;
    assert!((report["bands"][0]["mean"].as_f64().unwrap() - b04).abs() < 1e-6);
    let b8a = bilinear(&safe::read(9), SIZE, 2);
    let b09 = bilinear(&at(&safe::read(10), 60), SIZE / 3, 6);
    for (band, expected) in [(1, b8a), (2, b09)] {
        let mean = expected.iter().sum::<f64>() / expected.len() as f64 + 1000.0;
        let found = report["bands"][band]["mean"].as_f64().unwrap();
        assert!((found - mean).abs() < 0.3, "{found} {mean}"); // each is rounded to a whole number
        let least = expected.iter().copied().fold(f64::MAX, f64::min) + 1000.0;
        assert!((report["bands"][band]["min"].as_f64().unwrap() - least).abs() <= 0.5 + 1e-9);
    }
    // Any number of threads, and blocks read again, give the same bytes.
    folder.must(&format!(
        "cluster {name} one.tif --bands B04,B8A,B09 --threads 1 --model one.json -q"
    ));
    folder.must(&format!(
        "cluster {name} two.tif --bands B04,B8A,B09 --threads 3 --model two.json -q"
    ));
    let files =
        [folder.path("one.json"), folder.path("two.json")].map(|path| std::fs::read(path).unwrap());
    assert!(files[0] == files[1] && folder.labels("one.tif") == folder.labels("two.tif"));
}

/// Bilinear interpolation between the centres of pixels, except at the border.
fn bilinear(samples: &[u16], side: usize, factor: usize) -> Vec<f64> {
    let at = |i: usize| {
        let center = (i as f64 + 0.5) / factor as f64 - 0.5;
        let (low, part) = (center.floor(), center - center.floor());
        let clamp = |v: f64| v.clamp(0.0, side as f64 - 1.0) as usize;
        (clamp(low), clamp(low + 1.0), part)
    };
    let value = |x: usize, y: usize| f64::from(samples[y * side + x]);
    let n = side * factor;
    (0..n * n)
        .map(|i| {
            let ((x0, x1, x), (y0, y1, y)) = (at(i % n), at(i / n));
            let above = value(x0, y0) * (1.0 - x) + value(x1, y0) * x;
            let below = value(x0, y1) * (1.0 - x) + value(x1, y1) * x;
            above * (1.0 - y) + below * y
        })
        .collect()
}

#[test]
fn a_resolution_can_be_chosen() {
    let (folder, name) = product(&L2A);
    let report = folder.json(&format!("info {name} --bands B04,B8A --resolution 60"));
    assert_eq!((&report["width"], &report["transform"][0]), (&(SIZE / 3).into(), &60.0.into()));
    for (index, place) in [4, 9].into_iter().enumerate() {
        let expected =
            at(&safe::read(place), 60).iter().map(|v| f64::from(*v) + 1000.0).sum::<f64>();
        let found = report["bands"][index]["mean"].as_f64().unwrap() * (SIZE * SIZE / 9) as f64;
        assert!((found - expected).abs() < 0.001 * expected, "{found} {expected}");
    }
    // Any raster can be resampled; its own resolution changes nothing.
    let train = data("s2_train.tif");
    folder.must(&format!("cluster {} expected.tif -q", train.display()));
    folder.must(&format!("cluster {} same.tif --resolution 10 -q", train.display()));
    assert!(folder.labels("same.tif") == folder.labels("expected.tif"));
    folder.must(&format!("cluster {} coarse.tif --resolution 25 -q", train.display()));
    let coarse = Dataset::open(folder.path("coarse.tif")).unwrap();
    assert_eq!((coarse.raster_size(), coarse.geo_transform().unwrap()[1]), ((333, 333), 25.0));
    for bad in ["0", "-10", "1e-9", "nan"] {
        let error =
            folder.fail(&format!("cluster {} labels.tif --resolution {bad}", train.display()));
        assert!(error.contains("--resolution"), "{error}");
    }
}

#[test]
fn clouds_are_masked_by_the_scene_classification() {
    let (folder, name) = product(&L2A);
    folder.must(&format!("cluster {name} labels.tif --mask-scl -q"));
    let left_out = |i: usize| [0, 3, 9].contains(&scl(i % (2 * SIZE) / 2, i / (2 * SIZE) / 2));
    let labels = folder.labels("labels.tif");
    assert!(labels.iter().enumerate().all(|(i, label)| (*label == 0.0) == left_out(i)));
    // Files that are named one by one give the same; SCL is not a band then.
    let image = |band: &str, metres: u32| {
        format!(
            "{name}/GRANULE/L2A_T18SVG_A036000_20220615T155541/IMG_DATA/R{metres}m/\
             T18SVG_20220615T155541_{band}_{metres}m.jp2"
        )
    };
    let files =
        [image("B02", 10), image("B03", 10), image("B04", 10), image("B08", 10), image("SCL", 20)]
            .join(",");
    folder.must(&format!("cluster {files} by_hand.tif --mask-scl --nodata 0 -q"));
    assert!(folder.labels("by_hand.tif") == labels);
    let told = folder.must(&format!("cluster {files} by_scl.tif"));
    assert!(
        told.contains("the values of SCL are classes") && told.contains("--mask-scl"),
        "{told}"
    );
    assert_eq!(folder.json(&format!("cluster {files} by_scl.tif"))["class_bands"], json!(["SCL"]));
    let told = folder.must("cluster by_scl.tif of_classes.tif -k 2");
    assert!(told.contains("has a palette") && !told.contains("--mask-scl"), "{told}");
    assert!(!folder.must("info by_scl.tif").contains("note:"));
    let report = folder.json(&format!("cluster {files} by_scl.tif --mask-scl"));
    assert_eq!((&report["class_bands"], &report["alpha_masks"]), (&json!([]), &json!([])));
    let report = folder.json(&format!("info {files} --mask-scl"));
    assert_eq!(report["bands"].as_array().unwrap().len(), 4);
    // At 60 m, the scene classification is that of the pixel in the middle.
    let report = folder.json(&format!("info {name} --mask-scl --resolution 60"));
    let kept = (0..SIZE * SIZE / 9).filter(|i| {
        let (x, y) = (i % (SIZE / 3) * 3 + 1, i / (SIZE / 3) * 3 + 1);
        ![0, 3, 9].contains(&scl(x, y))
    });
    assert_eq!(report["bands"][0]["n_valid"], kept.count());
    let (folder, name) = product(&L1C);
    let error = folder.fail(&format!("cluster {name} labels.tif --mask-scl"));
    assert!(error.contains("no SCL") && error.contains("L2A"), "{error}");
}

#[test]
fn a_model_finds_its_bands_in_another_product() {
    let (folder, name) = product(&L2A);
    folder.must(&format!("fit {name} --model model.json --bands B11,B8A -k 4 -q"));
    folder.must(&format!("cluster {name} expected.tif --bands B11,B8A -k 4 -q"));
    folder.must(&format!("predict model.json {name} labels.tif -q"));
    assert!(folder.labels("labels.tif") == folder.labels("expected.tif"));
}

#[test]
fn products_of_different_offsets_have_the_same_classes() {
    let (folder, new) = product(&L2A);
    let old = Safe { offset: 0, ..L2A };
    std::fs::create_dir(folder.path("old")).unwrap();
    let old = old.write(&folder.path("old"));
    let old = old.strip_prefix(folder.path("")).unwrap().display().to_string();
    folder.must(&format!("fit {old} --model model.json -k 5 -q"));
    folder.must(&format!("predict model.json {old} expected.tif -q"));
    folder.must(&format!("predict model.json {new} labels.tif -q"));
    assert!(folder.labels("labels.tif") == folder.labels("expected.tif"));
}

#[test]
fn products_that_are_not_complete_are_told() {
    let (folder, name) = product(&L2A);
    let granules = folder.path(&name).join("GRANULE");
    std::fs::rename(&granules, folder.path("elsewhere")).unwrap();
    let error = folder.fail(&format!("cluster {name} labels.tif"));
    assert!(error.contains("no band files"), "{error}");
    std::fs::rename(folder.path("elsewhere"), &granules).unwrap();
    let metadata = folder.path(&name).join("MTD_MSIL2A.xml");
    std::fs::write(&metadata, "<a><b>").unwrap();
    let error = folder.fail(&format!("cluster {name} labels.tif"));
    assert!(error.contains("MTD_MSIL2A.xml is no XML"), "{error}");
    std::fs::remove_file(&metadata).unwrap();
    let error = folder.fail(&format!("cluster {name} labels.tif"));
    assert!(error.contains("is a folder"), "{error}");
    std::fs::write(folder.path("other.zip"), "PK").unwrap();
    assert!(folder.fail("cluster other.zip labels.tif").contains("other.zip"));
}

#[test]
fn files_that_do_not_fit_together_are_told() {
    let folder = Folder::new();
    for scene in ["s2_train.tif", "s2_predict.tif", "l7_uint8.tif"] {
        std::fs::copy(data(scene), folder.path(scene)).unwrap();
    }
    let error = folder.fail("cluster s2_train.tif,s2_predict.tif labels.tif");
    assert!(error.contains("same ground"), "{error}");
    let error = folder.fail("cluster s2_train.tif,l7_uint8.tif labels.tif");
    assert!(error.contains("reference system"), "{error}");
    // Two real scenes of different pixels and corners: the second lies in the first.
    let report = folder
        .json(&format!("info s2_train.tif,{} --bands 1,2,3,4,13", data("s2_13band.tif").display()));
    assert_eq!(report["transform"][0], 10.0);
    let (width, height) = (report["width"].as_u64().unwrap(), report["height"].as_u64().unwrap());
    assert!(width > 600 && width <= 832 && height > 600 && height <= 832, "{width} {height}");
}

/// gdalwarp works out the size of pixels from the extent, and rounds it.
#[test]
fn the_map_lies_where_the_finest_file_lies_to_the_last_digit() {
    let folder = Folder::new();
    let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
    let transform = |size: f64| [12.5, size, 0.0, 41.25, 0.0, -size];
    for (name, size, (columns, rows)) in
        [("coarse.tif", 0.001, (44, 1)), ("fine.tif", 0.0005, (88, 2))]
    {
        let mut file =
            driver.create_with_band_type::<i32, _>(folder.path(name), columns, rows, 1).unwrap();
        file.set_geo_transform(&transform(size)).unwrap();
        file.set_spatial_ref(&SpatialRef::from_epsg(4326).unwrap()).unwrap();
        let values = (0..columns * rows).map(|i| (i * 7919 % 1000) as i32).collect();
        let mut buffer = Buffer::new((columns, rows), values);
        file.rasterband(1).unwrap().write((0, 0), (columns, rows), &mut buffer).unwrap();
        file.close().unwrap();
    }
    folder.must("cluster coarse.tif,fine.tif map.tif -k 2 -q");
    let map = Dataset::open(folder.path("map.tif")).unwrap();
    assert_eq!(map.geo_transform().unwrap(), transform(0.0005));
}
