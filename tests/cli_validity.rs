//! Which pixels are valid: nodata of every kind, alpha bands and masks, as in GDAL's mask bands;
//! and what samples mean.

#![cfg(feature = "cli")]

mod common;

use common::{creation_options, data, field, Folder};
use gdal::raster::{Buffer, ColorInterpretation, GdalDataType, GdalType};
use gdal::{Dataset, DatasetOptions, DriverManager, GdalOpenFlags};
use serde_json::{json, Value};

/// Removes the outputs of a command.
fn clear(folder: &Folder, words: &str) {
    let words: Vec<&str> = words.split_whitespace().collect();
    let map = match words[0] {
        "cluster" => Some(words[2]),
        "predict" => Some(words[3]),
        _ => None,
    };
    let model = words.iter().position(|word| *word == "--model").map(|place| words[place + 1]);
    for file in map.into_iter().chain(model) {
        for name in [file.to_string(), format!("{file}.aux.xml"), file.replace(".tif", ".qml")] {
            let _ = std::fs::remove_file(folder.path(&name));
        }
    }
}

fn must(folder: &Folder, words: &str) -> String {
    clear(folder, words);
    folder.must(words)
}

fn json_of(folder: &Folder, words: &str) -> Value {
    clear(folder, words);
    folder.json(words)
}

const SIDE: usize = 60;

/// A file of 60 x 60 pixels of 20 m at the corner of mr_ten.tif, with values by band, column and
/// row.
fn write<T: GdalType + Copy>(
    folder: &Folder,
    name: &str,
    n_bands: usize,
    value: impl Fn(usize, usize, usize) -> T,
) -> Dataset {
    let place = Dataset::open(data("field/mr_pair.vrt")).unwrap();
    let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
    let options = creation_options(&["ALPHA=NO", "PHOTOMETRIC=MINISBLACK"]);
    let mut made = driver
        .create_with_band_type_with_options::<T, _>(
            folder.path(name),
            SIDE,
            SIDE,
            n_bands,
            &options,
        )
        .unwrap();
    made.set_geo_transform(&place.geo_transform().unwrap()).unwrap();
    made.set_spatial_ref(&place.spatial_ref().unwrap()).unwrap();
    for band in 0..n_bands {
        let values = (0..SIDE * SIDE).map(|i| value(band, i % SIDE, i / SIDE)).collect();
        let mut buffer = Buffer::new((SIDE, SIDE), values);
        made.rasterband(band + 1).unwrap().write((0, 0), (SIDE, SIDE), &mut buffer).unwrap();
    }
    made
}

/// Measured values from 300 to 2299, unordered.
fn measured(band: usize, x: usize, y: usize) -> u16 {
    (300 + (x * 7919 + y * 104_729 + band * 31_337) % 2000) as u16
}

fn mark_alpha(file: &Dataset, band: usize) {
    file.rasterband(band)
        .unwrap()
        .set_color_interpretation(ColorInterpretation::AlphaBand)
        .unwrap();
}

/// Least and largest value, and the number of valid pixels, of each band.
fn bands(folder: &Folder, words: &str) -> Vec<(f64, f64, u64)> {
    let told = folder.json(&format!("info {words}"));
    let number = |band: &Value, name: &str| band[name].as_f64().unwrap_or(f64::NAN);
    let band = |band: &Value| {
        (number(band, "min"), number(band, "max"), band["n_valid"].as_u64().unwrap())
    };
    told["bands"].as_array().unwrap().iter().map(band).collect()
}

/// The number of valid pixels when a scene is clustered.
fn n_valid(folder: &Folder, words: &str) -> u64 {
    let told = json_of(folder, &format!("cluster {words} v.tif -k 2"));
    told["n_valid"].as_u64().unwrap()
}

#[test]
fn bands_are_resampled_as_if_each_were_in_a_file_of_its_own() {
    let folder = field(&["mr_ten.tif", "mr_pair.vrt", "mr_b.tif", "mr_slope.tif"]);
    let (together, apart) = ("mr_ten.tif,mr_pair.vrt", "mr_ten.tif,mr_b.tif,mr_slope.tif");
    for more in ["", "--resolution 40"] {
        must(&folder, &format!("cluster {together} together.tif -q {more}"));
        must(&folder, &format!("cluster {apart} apart.tif -q {more}"));
        assert!(folder.labels("together.tif") == folder.labels("apart.tif"), "{more}");
    }
    let slope = bands(&folder, together)[2];
    assert_eq!(slope, (0.0, 954.0, 14400), "zeros of the band without nodata are values");
    assert_eq!(bands(&folder, together)[1].2, 14000);
}

#[test]
fn two_bands_with_one_nodata_value_are_resampled_each_for_itself() {
    let folder = field(&["mr_ten.tif"]);
    let value = |band: usize, x: usize, y: usize| match [y, x][band] < 10 {
        true => -9999,
        false => i16::try_from(measured(band, x, y)).unwrap(),
    };
    let file = write(&folder, "pair.tif", 2, value);
    (1..=2)
        .for_each(|band| file.rasterband(band).unwrap().set_no_data_value(Some(-9999.0)).unwrap());
    drop(file);
    for band in 0..2 {
        let alone = write(&folder, &format!("{band}.tif"), 1, |_, x, y| value(band, x, y));
        alone.rasterband(1).unwrap().set_no_data_value(Some(-9999.0)).unwrap();
    }
    for more in ["", " --resolution 40", " --nodata none", " --nodata none,-9999,none"] {
        let (pair, apart) =
            (format!("mr_ten.tif,pair.tif{more}"), format!("mr_ten.tif,0.tif,1.tif{more}"));
        assert_eq!(bands(&folder, &pair), bands(&folder, &apart), "{more}");
    }
    let [_, first, second] = bands(&folder, "mr_ten.tif,pair.tif")[..] else { panic!() };
    assert!(first.0 >= 300.0 && first.2 == 12000, "{first:?}");
    assert!(second.0 >= 300.0 && second.2 == 12000, "{second:?}");
}

#[test]
fn nan_and_other_nodata_in_one_coarse_file() {
    let folder = field(&["mr_ten.tif"]);
    let value = |band: usize, x: usize, y: usize| match (band, y < 10, y >= 50) {
        (0, true, _) => f32::NAN,
        (1, _, true) => 0.0,
        _ => f32::from(measured(band, x, y)),
    };
    write(&folder, "coarse.tif", 3, value).close().unwrap();
    let source = Dataset::open(folder.path("coarse.tif")).unwrap();
    folder.copy(&source, "coarse.vrt", "VRT", &[]);
    let options =
        DatasetOptions { open_flags: GdalOpenFlags::GDAL_OF_UPDATE, ..DatasetOptions::default() };
    let file = Dataset::open_ex(folder.path("coarse.vrt"), options).unwrap();
    for (band, nodata) in [(1, f64::NAN), (2, 0.0)] {
        file.rasterband(band).unwrap().set_no_data_value(Some(nodata)).unwrap();
    }
    file.close().unwrap();
    let found = bands(&folder, "mr_ten.tif,coarse.vrt");
    assert_eq!([found[1].2, found[2].2, found[3].2], [12000, 12000, 14400]);
    assert!(
        found.iter().all(|band| band.0 >= 300.0),
        "no value is mixed with what marks nodata: {found:?}"
    );
    let found = bands(&folder, "mr_ten.tif,coarse.vrt --nodata none");
    assert_eq!((found[2].0, found[2].2), (0.0, 14400));
}

#[test]
fn a_value_outside_of_the_type_marks_nothing_on_any_grid() {
    let folder = field(&["mr_ten.tif"]);
    let value = |band: usize, x: usize, y: usize| {
        if (20..40).contains(&y) {
            0
        } else {
            measured(band, x, y)
        }
    };
    write(&folder, "zeros.tif", 2, value).close().unwrap();
    let as_it_is = bands(&folder, "mr_ten.tif,zeros.tif");
    assert_eq!((as_it_is[1].0, as_it_is[1].2), (0.0, 14400));
    for nodata in ["-9999", "65536", "0.5", "nan", "-3.4e38"] {
        assert_eq!(
            bands(&folder, &format!("mr_ten.tif,zeros.tif --nodata {nodata}")),
            as_it_is,
            "{nodata}"
        );
        assert_eq!(bands(&folder, &format!("zeros.tif --nodata {nodata}"))[0].2, 3600, "{nodata}");
    }
}

#[test]
fn mask_and_alpha_of_a_coarser_file_both_count() {
    let folder = field(&["mr_ten.tif"]);
    let value = |band: usize, x: usize, y: usize| match (band, y < 10) {
        (2, true) => 0,
        (2, false) => 255,
        (_, true) => 60000,
        _ => measured(band, x, y),
    };
    for (name, alpha) in [("last.tif", 2), ("first.tif", 0)] {
        let order = if alpha == 0 { [2, 0, 1] } else { [0, 1, 2] };
        mark_alpha(&write(&folder, name, 3, |band, x, y| value(order[band], x, y)), alpha + 1);
        let found = bands(&folder, &format!("mr_ten.tif,{name}"));
        assert_eq!(found.iter().map(|band| band.2).collect::<Vec<_>>(), [12000; 3], "{name}");
        assert!(found[1].1 < 2300.0, "a transparent pixel has no part in a value: {found:?}");
    }
    let file = write(&folder, "both.tif", 3, value);
    mark_alpha(&file, 3);
    let mut first = file.rasterband(1).unwrap();
    first.create_mask_band(true).unwrap();
    let valid = (0..SIDE * SIDE).map(|i| if i / SIDE < 50 { 255u8 } else { 0 }).collect();
    let mut mask = first.open_mask_band().unwrap();
    mask.write((0, 0), (SIDE, SIDE), &mut Buffer::new((SIDE, SIDE), valid)).unwrap();
    drop(file);
    assert_eq!(bands(&folder, "both.tif")[0].2, 2400);
    let found = bands(&folder, "mr_ten.tif,both.tif");
    assert_eq!(found.iter().map(|band| band.2).collect::<Vec<_>>(), [9600; 3]);
    assert!(found[1].1 < 2300.0, "{found:?}");
}

#[test]
fn nodata_is_never_one_of_alpha() {
    let folder = field(&["rgba_feathered_nodata255.tif"]);
    let scene = "rgba_feathered_nodata255.tif";
    for (more, expected) in
        [("", 2700), ("--nodata none", 2700), ("--nodata 255", 2700), ("--bands 1,2,3,4", 2700)]
    {
        let told = json_of(&folder, &format!("cluster {scene} map.tif {more}"));
        assert_eq!(told["n_valid"], expected, "{more}");
    }
    // A list has one value per band.
    let told = json_of(
        &folder,
        &format!("cluster {scene} map.tif --bands 1,2,3,4 --nodata 255,255,255,255"),
    );
    assert_eq!(told["n_valid"], 363);
}

#[test]
fn nodata_of_floats_has_gdals_tolerance() {
    let folder = field(&["gt_-3.402823e+38.tif"]);
    let scene = "gt_-3.402823e+38.tif";
    for (more, expected) in [
        ("", 2800),
        ("--nodata -3.4e38", 2800),
        ("--nodata -3.4028234663852886e+38", 2800),
        ("--nodata -3.4028235e38", 2800),
        ("--nodata none", 3000),
        ("--nodata -3.5e38", 3000),
    ] {
        assert_eq!(
            json_of(&folder, &format!("cluster {scene} map.tif {more}"))["n_valid"],
            expected,
            "{more}"
        );
    }
    must(&folder, &format!("cluster {scene} map.tif --model m.json -q"));
    let told = json_of(&folder, &format!("predict m.json {scene} map.tif"));
    assert_eq!(told["n_valid"], 2800);
    let labels = folder.labels("map.tif");
    let samples = folder.band(scene, 1);
    assert!(labels
        .iter()
        .zip(&samples)
        .all(|(label, sample)| (*label == 0.0) == (*sample < -1e38)));
}

/// The mask bands of GDAL itself are the reference, for types and values of every kind.
#[test]
fn validity_is_that_of_gdals_mask_bands() {
    let folder = Folder::new();
    // Infinities are never valid, even if GDAL's mask says so.
    let near = |value: f64, x: usize| {
        (value * (1.0 + (x as f64 - 30.0) * 2.5e-8)).max(f64::from(f32::MIN))
    };
    for nodata in [-9999.0, 0.1, 0.0, 1e20, -3.4028234663852886e38, 255.0, f64::NAN] {
        let float = |_: usize, x: usize, y: usize| match y % 3 {
            0 => nodata as f32,
            1 => near(nodata, x) as f32,
            _ => f32::from(measured(0, x, y)),
        };
        let double = |_: usize, x: usize, y: usize| match y % 3 {
            0 => nodata,
            1 => near(nodata, x),
            _ => f64::from(measured(0, x, y)),
        };
        let whole =
            |_: usize, x: usize, y: usize| if y % 3 == 0 { nodata as i32 } else { (x * y) as i32 };
        for (name, file) in [
            ("float.tif", write(&folder, "float.tif", 1, float)),
            ("double.tif", write(&folder, "double.tif", 1, double)),
            ("whole.tif", write(&folder, "whole.tif", 1, whole)),
        ] {
            let mut band = file.rasterband(1).unwrap();
            band.set_no_data_value(Some(nodata)).unwrap();
            let is_whole = band.band_type() == GdalDataType::Int32;
            drop(file);
            if is_whole && nodata.fract() != 0.0 {
                // GDAL cuts off the fraction, so it leaves out 0 for 0.1. No sample is 0.1.
                continue;
            }
            let file = Dataset::open(folder.path(name)).unwrap();
            let band = file.rasterband(1).unwrap();
            let mask = band.open_mask_band().unwrap().read_band_as::<u8>().unwrap();
            let gdals = mask.data().iter().filter(|valid| **valid != 0).count() as u64;
            assert_eq!(bands(&folder, name)[0].2, gdals, "{name} {nodata}");
        }
    }
}

#[test]
fn a_mask_and_an_alpha_band_both_count() {
    let folder = field(&["rgba_intmask.tif"]);
    assert_eq!(n_valid(&folder, "rgba_intmask.tif"), 2500);
}

#[test]
fn alpha_is_opaque_unless_it_is_0() {
    let folder = Folder::new();
    let colors = |band: usize, x: usize, y: usize| f64::from(measured(band, x, y));
    let alpha = |y: usize| match y {
        0..10 => 0.0,
        10..20 => f64::NAN,
        20..30 => 0.25,
        30..40 => 1e-300,
        40..50 => -1.0,
        _ => 65535.0,
    };
    let value =
        |band: usize, x: usize, y: usize| if band == 2 { alpha(y) } else { colors(band, x, y) };
    let file = write(&folder, "double.tif", 3, value);
    mark_alpha(&file, 3);
    file.rasterband(3).unwrap().set_no_data_value(Some(0.25)).unwrap();
    drop(file);
    assert_eq!(n_valid(&folder, "double.tif"), 2400, "0 and NaN are transparent");
    let value = |band: usize, x: usize, y: usize| match (band, y < 10) {
        (2, true) => 0,
        (2, false) => [1, -1][x % 2],
        _ => measured(band, x, y) as i16,
    };
    mark_alpha(&write(&folder, "signed.tif", 3, value), 3);
    assert_eq!(n_valid(&folder, "signed.tif"), 3000);
    std::fs::copy(data("field/mr_ten.tif"), folder.path("ten.tif")).unwrap();
    assert_eq!(n_valid(&folder, "ten.tif,signed.tif"), 12000);
}

#[test]
fn two_alpha_bands_both_count_and_neither_is_data() {
    let folder = Folder::new();
    let value = |band: usize, x: usize, y: usize| match band {
        2 => u16::from(y >= 10) * 255,
        3 => u16::from(x >= 10) * 255,
        _ => measured(band, x, y),
    };
    let file = write(&folder, "two.tif", 4, value);
    mark_alpha(&file, 3);
    mark_alpha(&file, 4);
    drop(file);
    // GTiff stores only one alpha band; a virtual raster can mark both.
    let source = Dataset::open(folder.path("two.tif")).unwrap();
    folder.copy(&source, "two.vrt", "VRT", &[]);
    let options =
        DatasetOptions { open_flags: GdalOpenFlags::GDAL_OF_UPDATE, ..DatasetOptions::default() };
    let file = Dataset::open_ex(folder.path("two.vrt"), options).unwrap();
    (3..=4).for_each(|band| mark_alpha(&file, band));
    file.close().unwrap();
    let told = json_of(&folder, "cluster two.vrt map.tif");
    assert_eq!((&told["n_bands"], &told["n_valid"]), (&json!(2), &json!(2500)));
    assert_eq!(told["alpha_masks"].as_array().map(Vec::len), Some(2));
    let told = json_of(&folder, "cluster two.vrt map.tif --bands 1,2,3");
    assert_eq!((&told["n_bands"], &told["n_valid"]), (&json!(3), &json!(3000)));
}

#[test]
fn predict_takes_the_models_nodata_where_files_tell_none() {
    let folder = field(&["pc_no_nodata.tif"]);
    let scene = "pc_no_nodata.tif";
    must(&folder, &format!("fit {scene} --model m.json --nodata 0 -q"));
    let told = json_of(&folder, &format!("predict m.json {scene} map.tif"));
    assert_eq!(told["n_valid"], 2400);
    assert_eq!(told["warnings"][0]["code"], "model_nodata");
    assert_eq!(told["warnings"][0]["nodata"], json!([0.0, 0.0, 0.0, 0.0]));
    let text = must(&folder, &format!("predict m.json {scene} map.tif"));
    assert!(
        text.contains("note: ") && text.contains("the model's nodata is used: 0 (--nodata none"),
        "{text}"
    );
    for (more, expected) in [("--nodata none", 3000), ("--nodata -1", 3000), ("--nodata 0", 2400)] {
        let told = json_of(&folder, &format!("predict m.json {scene} map.tif {more}"));
        assert_eq!(told["n_valid"], expected, "{more}");
        let codes: Vec<_> =
            told["warnings"].as_array().unwrap().iter().map(|w| &w["code"]).collect();
        assert!(!codes.contains(&&json!("model_nodata")), "{more}: {codes:?}");
    }
    // A model without a nodata value cannot give one; files with a nodata value keep it.
    must(&folder, &format!("fit {scene} --model none.json -q"));
    assert_eq!(json_of(&folder, &format!("predict none.json {scene} map.tif"))["n_valid"], 3000);
    let copy = Dataset::open(folder.path(scene)).unwrap();
    folder.copy(&copy, "told.tif", "GTiff", &[]);
    let options =
        DatasetOptions { open_flags: GdalOpenFlags::GDAL_OF_UPDATE, ..DatasetOptions::default() };
    let told = Dataset::open_ex(folder.path("told.tif"), options).unwrap();
    told.rasterband(1).unwrap().set_no_data_value(Some(1.0)).unwrap();
    told.close().unwrap();
    assert_eq!(json_of(&folder, "predict m.json told.tif map.tif")["n_valid"], 3000);
}

#[test]
fn a_file_with_alpha_says_itself_which_pixels_are_valid() {
    let folder = Folder::new();
    let value = |band: usize, x: usize, y: usize| match (band, y < 10) {
        (2, _) => u16::from(x >= 10),
        (_, true) => 0,
        _ => measured(band, x, y),
    };
    write(&folder, "plain.tif", 2, value).close().unwrap();
    mark_alpha(&write(&folder, "alpha.tif", 3, value), 3);
    must(&folder, "fit plain.tif --model m.json --nodata 0 -q");
    assert_eq!(json_of(&folder, "predict m.json plain.tif map.tif")["n_valid"], 3000);
    assert_eq!(json_of(&folder, "predict m.json alpha.tif map.tif")["n_valid"], 3000);
    let zeros = json_of(&folder, "predict m.json plain.tif map.tif --nodata none");
    assert_eq!(zeros["n_valid"], 3600);
}

/// Writes two scenes of the same area. Their samples are physical values, stored with a scale and
/// an offset.
fn scaled(folder: &Folder, name: &str, scaling: Option<(f64, f64)>) {
    let (scale, offset) = scaling.unwrap_or((1.0, 0.0));
    let sample = |band, x, y| ((f64::from(measured(band, x, y)) - offset) / scale).round() as i32;
    let file = write(folder, name, 2, sample);
    for band in 1..=2 {
        let mut band = file.rasterband(band).unwrap();
        if scaling.is_some() {
            band.set_scale(scale).unwrap();
            band.set_offset(offset).unwrap();
        }
    }
}

#[test]
fn scenes_give_the_same_model_in_any_order_whatever_their_scales() {
    let folder = Folder::new();
    let tags = [None, Some((0.5, 0.0)), Some((0.25, -100.0)), Some((2.0, 0.0)), Some((0.5, 25.0))];
    for (number, tag) in tags.iter().enumerate() {
        scaled(&folder, &format!("{number}.tif"), *tag);
    }
    for a in 0..tags.len() {
        for b in 0..a {
            must(&folder, &format!("fit {a}.tif {b}.tif --model ab.json -q"));
            let told = json_of(&folder, &format!("fit {b}.tif {a}.tif --model ba.json"));
            assert!(folder.contents()["ab.json"] == folder.contents()["ba.json"], "{a} {b}");
            assert_eq!(told["warnings"][0]["code"], "scene_scales", "{told}");
            assert_eq!(told["warnings"][0]["corrected"], json!(b > 0), "{told}");
        }
    }
    must(&folder, "fit 1.tif 2.tif 3.tif 4.tif --model a.json -q");
    must(&folder, "fit 4.tif 2.tif 1.tif 3.tif --model b.json -q");
    assert!(folder.contents()["a.json"] == folder.contents()["b.json"]);
    // All samples have the same meaning, so each scene has the classes of the others.
    std::fs::create_dir(folder.path("maps")).unwrap();
    must(&folder, "fit 2.tif 1.tif --model c.json --labels-dir maps -q");
    assert!(folder.labels("maps/1.tif") == folder.labels("maps/2.tif"));
}

#[test]
fn nodata_of_several_scenes_is_the_models_where_they_agree() {
    let folder = Folder::new();
    for (name, nodata) in [("none", None), ("zero", Some(0.0)), ("one", Some(1.0))] {
        let file = write(&folder, &format!("{name}.tif"), 1, measured);
        file.rasterband(1).unwrap().set_no_data_value(nodata).unwrap();
    }
    for (pair, expected) in
        [("none zero", json!(0.0)), ("zero one", json!(null)), ("zero zero", json!(0.0))]
    {
        let (a, b) = pair.split_once(' ').unwrap();
        for inputs in [format!("{a}.tif {b}.tif"), format!("{b}.tif {a}.tif")] {
            must(&folder, &format!("fit {inputs} --model m.json -q"));
            let model: Value = serde_json::from_slice(&folder.contents()["m.json"]).unwrap();
            assert_eq!(model["bands"][0]["nodata"].as_f64(), expected.as_f64(), "{inputs}");
        }
    }
}

#[test]
fn bands_of_different_scales_are_told() {
    let folder = Folder::new();
    let file = write(&folder, "mixed.tif", 2, measured);
    file.rasterband(2).unwrap().set_scale(0.00341802).unwrap();
    file.rasterband(2).unwrap().set_offset(149.0).unwrap();
    drop(file);
    for command in
        ["cluster mixed.tif map.tif", "fit mixed.tif --model m.json", "choose-k mixed.tif --max 3"]
    {
        let told = json_of(&folder, command);
        assert_eq!(told["warnings"][0]["code"], "band_scales", "{told}");
        assert_eq!(told["warnings"][0]["scales"], json!([1.0, 0.00341802]));
        assert_eq!(told["warnings"][0]["offsets"], json!([0.0, 149.0]));
    }
    let told = must(&folder, "cluster mixed.tif map.tif");
    assert!(told.contains("note: mixed.tif: the bands have different scales or offsets"), "{told}");
    let told = json_of(&folder, "cluster mixed.tif map.tif --scale zscore");
    assert_eq!(told["warnings"], json!([]), "z-scores undo it");
}
