//! Files from the field, in the situations of public bug reports: names, products, lists, reference
//! systems, areas, settings of GDAL.

#![cfg(feature = "cli")]

mod common;

use std::path::Path;
use std::process::Command;

use common::{data, field, read_band, Folder};
use gdal::raster::Buffer;
use gdal::spatial_ref::SpatialRef;
use gdal::{Dataset, DriverManager, GdalOpenFlags, Metadata};

/// A band of `base60.tif` in a file of its own, without a description.
fn write_band(folder: &Folder, band: usize, name: &str, system: Option<&str>) {
    let base = Dataset::open(data("field/base60.tif")).unwrap();
    let path = folder.path(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
    let mut file = driver.create_with_band_type::<u16, _>(&path, 60, 50, 1).unwrap();
    file.set_geo_transform(&base.geo_transform().unwrap()).unwrap();
    let own = base.spatial_ref().unwrap();
    let system = system.map_or(own, |text| SpatialRef::from_definition(text).unwrap());
    file.set_spatial_ref(&system).unwrap();
    let mut pixels = base.rasterband(band).unwrap().read_band_as::<u16>().unwrap();
    file.rasterband(1).unwrap().write((0, 0), (60, 50), &mut pixels).unwrap();
    file.close().unwrap();
}

fn model_bands(folder: &Folder, model: &str) -> Vec<String> {
    let text = std::fs::read(folder.path(model)).unwrap();
    let model: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let bands = model["bands"].as_array().unwrap();
    bands.iter().map(|band| band["name"].as_str().unwrap().to_string()).collect()
}

#[test]
fn names_that_a_driver_made_up_are_none() {
    let folder = field(&["rgb_ENVI.dat", "rgb_ENVI.hdr", "bgrn_ENVI.dat", "bgrn_ENVI.hdr"]);
    folder.must("fit rgb_ENVI.dat --model m.json -q");
    assert_eq!(model_bands(&folder, "m.json"), ["band 1", "band 2", "band 3"]);
    let error = folder.fail("predict m.json bgrn_ENVI.dat wrong.tif");
    assert!(error.contains("bgrn_ENVI.dat has 4 bands") && error.contains("--bands"), "{error}");
    folder.must("predict m.json bgrn_ENVI.dat chosen.tif --bands 3,2,1 -q");
    folder.must("predict m.json rgb_ENVI.dat own.tif -q");
    assert!(folder.labels("chosen.tif") == folder.labels("own.tif"));
}

#[test]
fn bands_in_files_of_their_own_are_called_by_what_tells_the_files_apart() {
    let folder = Folder::new();
    let scene = |id: &str| {
        [("SR_B2", 1), ("SR_B3", 2), ("QA_PIXEL", 3)].map(|(name, band)| {
            let file = format!("LC08_L2SP_{id}_02_T1_{name}.TIF");
            write_band(&folder, band, &file, None);
            file
        })
    };
    let (first, mut second) = (scene("017034_20200601"), scene("017034_20210703"));
    folder.must(&format!("cluster {} a.tif --model m.json -q", first.join(",")));
    assert_eq!(model_bands(&folder, "m.json"), ["B2", "B3", "QA_PIXEL"]);
    second.reverse();
    let told = folder.json(&format!("predict m.json {} b.tif", second.join(",")));
    assert!(folder.labels("a.tif") == folder.labels("b.tif"));
    assert_eq!(told["by_name"], true);
    folder.must(&format!("fit {} {} --model both.json -q", first.join(","), second.join(",")));
}

/// Descriptions that contain the scene's date, as programs that stack files write them.
#[test]
fn what_descriptions_have_of_their_scene_does_not_count() {
    let folder = field(&["base60.tif"]);
    let describe = |name: &str, date: &str, bands: [(usize, &str); 2]| {
        let base = Dataset::open(folder.path("base60.tif")).unwrap();
        let file = DriverManager::get_driver_by_name("GTiff").unwrap();
        let file = file.create_with_band_type::<u16, _>(folder.path(name), 60, 50, 2).unwrap();
        for (place, (band, colour)) in (1..).zip(bands) {
            let mut pixels = base.rasterband(band).unwrap().read_band_as::<u16>().unwrap();
            let mut to = file.rasterband(place).unwrap();
            to.write((0, 0), (60, 50), &mut pixels).unwrap();
            to.set_description(&format!("scene_{date}_{colour}")).unwrap();
        }
        file.close().unwrap();
    };
    describe("a.tif", "20200601", [(1, "blue"), (2, "green")]);
    describe("b.tif", "20210703", [(2, "green"), (1, "blue")]);
    folder.must("cluster a.tif expected.tif --model m.json -q");
    let told = folder.json("predict m.json b.tif labels.tif");
    assert!(folder.labels("labels.tif") == folder.labels("expected.tif"));
    assert_eq!(
        (&told["by_name"], &told["bands"][0]["scene"]),
        (&true.into(), &"scene_20210703_blue".into())
    );
}

#[test]
fn a_product_is_read_without_the_companions_of_macos() {
    let folder = field(&["safe_appledouble.tgz"]);
    let done = Command::new("tar")
        .arg("xzf")
        .arg("safe_appledouble.tgz")
        .current_dir(folder.path(""))
        .status();
    assert!(done.unwrap().success());
    folder.must("cluster APPLE.SAFE expected.tif -q");
    let code = "import os, shutil; shutil.copytree('APPLE.SAFE', 'zipped/APPLE.SAFE'); \
                shutil.copytree('APPLE.SAFE', 'zipped/__MACOSX/APPLE.SAFE'); \
                shutil.make_archive('apple', 'zip', 'zipped')";
    let done = Command::new("python3").args(["-c", code]).current_dir(folder.path("")).status();
    assert!(done.unwrap().success());
    folder.must("cluster apple.zip zipped.tif -q");
    assert!(folder.labels("zipped.tif") == folder.labels("expected.tif"));

    // Only the bands that are chosen must be undamaged.
    let files = |ending: &str| find(&folder.path("APPLE.SAFE"), ending);
    let damaged = files("T18SVG_20220615T155541_B12_20m.jp2").remove(0);
    std::fs::write(&damaged, "damaged").unwrap();
    folder.must("cluster APPLE.SAFE labels.tif -q");
    let error = folder.fail("cluster APPLE.SAFE never.tif --bands B04,B12");
    assert!(error.contains("B12_20m.jp2 cannot be read"), "{error}");

    // A product with converted images.
    std::fs::remove_file(damaged).unwrap();
    for image in files(".jp2").into_iter().filter(|file| !file.to_string_lossy().contains("/._")) {
        let from = Dataset::open(&image).unwrap();
        let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
        from.create_copy(&driver, image.with_extension("tif"), &common::creation_options(&[]))
            .unwrap();
        std::fs::remove_file(&image).unwrap();
    }
    folder.must("cluster APPLE.SAFE converted.tif -q");
    assert!(folder.labels("converted.tif") == folder.labels("expected.tif"));
}

/// The files below a folder whose names have this ending.
fn find(folder: &Path, ending: &str) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => find(&path, ending),
            false => vec![path]
                .into_iter()
                .filter(|path| path.to_string_lossy().ends_with(ending))
                .collect(),
        })
        .collect()
}

#[test]
fn outputs_are_whole_whatever_the_settings_of_gdal() {
    let folder = field(&["base60.tif"]);
    let options = "-q --majority 3 --sieve 3 --colors red,green,blue,white";
    folder.must(&format!("cluster base60.tif expected.tif {options}"));
    let side_file = std::fs::read(folder.path("expected.tif.aux.xml")).unwrap();
    assert!(
        String::from_utf8_lossy(&side_file).contains("<Usage>5</Usage>"),
        "the attribute table"
    );
    for settings in [
        &[("GDAL_PAM_ENABLED", "NO")][..],
        &[("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR")],
        &[("GDAL_PAM_ENABLED", "NO"), ("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR")],
    ] {
        let mut command = folder.command(&format!("cluster base60.tif labels.tif {options}"));
        let output = command.envs(settings.iter().copied()).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{settings:?}: {output:?}");
        for (own, expected) in
            [("labels.tif", "expected.tif"), ("labels.tif.aux.xml", "expected.tif.aux.xml")]
        {
            let same = std::fs::read(folder.path(own)).unwrap()
                == std::fs::read(folder.path(expected)).unwrap();
            assert!(same, "{own} with {settings:?}");
        }
        for name in ["labels.tif", "labels.tif.aux.xml"] {
            std::fs::remove_file(folder.path(name)).unwrap();
        }
    }
}

/// Several threads read. HDF5 would print every attempt that fails.
#[test]
fn variables_of_netcdf_are_bands_with_their_names() {
    let folder = field(&["bands_as_variables.nc"]);
    std::fs::copy(folder.path("bands_as_variables.nc"), folder.path("other.nc")).unwrap();
    let of = |file: &str, bands: &[u32]| {
        bands
            .iter()
            .map(|band| format!("NETCDF:\"{file}\":Band{band}"))
            .collect::<Vec<_>>()
            .join(",")
    };
    let input = of("bands_as_variables.nc", &[1, 2]);
    folder.must(&format!("cluster {input} expected.tif --model m.json --threads 8 -q"));
    assert_eq!(model_bands(&folder, "m.json"), ["Band1", "Band2"]);
    folder
        .must(&format!("predict m.json {} labels.tif --threads 8 -q", of("other.nc", &[3, 2, 1])));
    assert!(folder.labels("labels.tif") == folder.labels("expected.tif"));
    let whole = folder.path("other.nc");
    let [blue, green] =
        [1, 2].map(|band| Dataset::open(of(whole.to_str().unwrap(), &[band])).unwrap());
    let told = folder.json(&format!("info {input} --threads 8"));
    for (index, dataset) in [blue, green].iter().enumerate() {
        let values = read_band(dataset, 1);
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        assert!((told["bands"][index]["mean"].as_f64().unwrap() - mean).abs() < 1e-9);
    }
    std::fs::create_dir(folder.path("maps")).unwrap();
    folder.must(&format!("fit {} --model one.json --labels-dir maps -q", of("other.nc", &[1])));
    assert!(folder.path("maps/other_Band1.tif").exists());
}

#[test]
fn commas_in_names_and_lists_of_files() {
    let folder = Folder::new();
    write_band(&folder, 1, "a,b/B02.tif", None);
    write_band(&folder, 2, "a,b/B03.tif", None);
    write_band(&folder, 1, "c/B02.tif", None);
    write_band(&folder, 2, "c/B03.tif", None);
    folder.must("cluster c/B02.tif,c/B03.tif expected.tif -q");
    std::fs::write(folder.path("bands.txt"), "# two bands\na,b/B02.tif\n\na,b/B03.tif\n").unwrap();
    for input in ["a\\,b/B02.tif,a\\,b/B03.tif", "\"a,b/B02.tif\",\"a,b/B03.tif\"", "@bands.txt"] {
        folder.must(&format!("cluster {input} labels.tif -q"));
        assert!(folder.labels("labels.tif") == folder.labels("expected.tif"), "{input}");
        std::fs::remove_file(folder.path("labels.tif")).unwrap();
    }
    std::fs::write(folder.path("scenes.txt"), "@bands.txt\nc/B02.tif,c/B03.tif\n").unwrap();
    let told = folder.json("fit @scenes.txt --model m.json");
    assert_eq!(
        told["inputs"],
        serde_json::json!(["a,b/B02.tif,a,b/B03.tif", "c/B02.tif,c/B03.tif"])
    );
    let error = folder.fail("cluster @none.txt labels.tif");
    assert!(error.contains("the list none.txt is not there"), "{error}");
    let code = "import zipfile; zipfile.ZipFile('d,e.zip', 'w').write('c/B02.tif', 'B02.tif')";
    assert!(Command::new("python3")
        .args(["-c", code])
        .current_dir(folder.path(""))
        .status()
        .unwrap()
        .success());
    folder.must("cluster /vsizip/d,e.zip/B02.tif zipped.tif -q");
    folder.must("cluster c/B02.tif plain.tif -q");
    assert!(folder.labels("zipped.tif") == folder.labels("plain.tif"));
}

#[test]
fn equivalent_reference_systems_are_one() {
    let folder = Folder::new();
    write_band(&folder, 1, "B02.tif", None);
    let shift = "+proj=utm +zone=18 +ellps=WGS84 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs";
    for (name, system) in [("compound.tif", "EPSG:32618+5773"), ("shift.tif", shift)] {
        write_band(&folder, 2, name, Some(system));
        folder.must(&format!("cluster B02.tif,{name} {name}_labels.tif -q"));
    }
    write_band(&folder, 2, "zone17.tif", Some("EPSG:32617"));
    let error = folder.fail("cluster B02.tif,zone17.tif never.tif");
    assert!(error.contains("different coordinate reference systems"), "{error}");
}

#[test]
fn bands_without_a_valid_pixel_are_named() {
    let folder = field(&["hyperspectral_bad_bands.tif", "base60.tif"]);
    for command in
        ["cluster hyperspectral_bad_bands.tif never.tif", "choose-k hyperspectral_bad_bands.tif"]
    {
        let error = folder.fail(command);
        assert!(
            error.contains(
                "no pixel of band 101, band 102, band 103, band 104 and band 151 is valid"
            ),
            "{error}"
        );
        assert!(error.contains("--bands (1-100,105-150,152-224)"), "{error}");
    }
    let told =
        folder.json("cluster hyperspectral_bad_bands.tif map.tif --bands 1-100,105-150,152-224");
    assert_eq!((&told["n_bands"], &told["n_valid"]), (&219.into(), &144.into()));
    let error = folder.fail("cluster hyperspectral_bad_bands.tif never.tif --bands 1-300");
    assert!(error.contains("has 224: give bands from 1 to 224"), "{error}");

    // Each of two bands has valid pixels, but none is valid in both.
    let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
    let halves =
        driver.create_with_band_type::<u8, _>(folder.path("halves.tif"), 10, 10, 2).unwrap();
    for (band, half) in [(1, 0), (2, 1)] {
        let values = (0..100).map(|i| if i / 50 == half { 0 } else { i as u8 }).collect();
        let mut to = halves.rasterband(band).unwrap();
        to.set_no_data_value(Some(0.0)).unwrap();
        to.write((0, 0), (10, 10), &mut Buffer::new((10, 10), values)).unwrap();
    }
    halves.close().unwrap();
    let error = folder.fail("cluster halves.tif never.tif");
    assert!(
        error.contains("no pixel is valid in all 2 bands at once") && error.contains("--bands"),
        "{error}"
    );
    assert!(!folder.path("never.tif").exists());
}

#[test]
fn a_scene_without_a_valid_pixel_gets_a_note() {
    let folder = field(&["base60.tif"]);
    std::fs::copy(folder.path("base60.tif"), folder.path("empty.tif")).unwrap();
    let options =
        gdal::DatasetOptions { open_flags: GdalOpenFlags::GDAL_OF_UPDATE, ..Default::default() };
    let empty = Dataset::open_ex(folder.path("empty.tif"), options).unwrap();
    for band in 1..=empty.raster_count() {
        let mut band = empty.rasterband(band).unwrap();
        band.set_no_data_value(Some(0.0)).unwrap();
        band.write((0, 0), (60, 50), &mut Buffer::new((60, 50), vec![0u16; 3000])).unwrap();
    }
    empty.close().unwrap();
    folder.must("fit base60.tif --model alone.json -q");
    let told = folder.json("fit base60.tif empty.tif --model both.json");
    assert_eq!(
        (&told["warnings"][0]["code"], &told["warnings"][0]["scene"]),
        (&"no_valid_pixel".into(), &"empty.tif".into())
    );
    assert_eq!(told["warnings"].as_array().unwrap().len(), 1);
    let told = folder.must("predict alone.json empty.tif map.tif");
    assert!(told.contains("note: no pixel of empty.tif is valid"), "{told}");
    assert!(!folder.must("predict alone.json base60.tif full.tif").contains("note"));
}

const TINY: &str = r#"{"type": "FeatureCollection",
    "crs": {"type": "name", "properties": {"name": "EPSG:32618"}}, "features":
    [{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates":
    [[[443731, 4176459], [443734, 4176459], [443734, 4176456], [443731, 4176456],
    [443731, 4176459]]]}}]}"#;

#[test]
fn areas_of_collections_and_between_the_centres_of_pixels() {
    let folder = field(&["base60.tif", "aoi_collection.geojson"]);
    let told =
        folder.json("cluster base60.tif map.tif --aoi aoi_collection.geojson --model m.json");
    assert_eq!(told["n_valid"], 900);
    std::fs::write(folder.path("tiny.geojson"), TINY).unwrap();
    for command in [
        "cluster base60.tif never.tif",
        "info base60.tif",
        "choose-k base60.tif",
        "predict m.json base60.tif never.tif",
    ] {
        let error = folder.fail(&format!("{command} --aoi tiny.geojson"));
        assert!(
            error.contains("no polygon of tiny.geojson holds the centre of a pixel of base60.tif"),
            "{error}"
        );
        assert!(!folder.path("never.tif").exists());
    }
    folder.must("cluster base60.tif fine.tif --aoi tiny.geojson --resolution 2 -k 1 -q");
}

/// Columns and rows are not coordinates if GCPs or RPCs tell where the raster lies.
#[test]
fn a_map_lies_where_points_and_polynomials_say() {
    let folder = field(&["rpc_only.tif", "base60.tif"]);
    let told = folder.json("cluster rpc_only.tif map.tif");
    assert!(told["classes"][0]["area_ha"].is_null(), "pixels of one degree");
    let [from, map] =
        ["rpc_only.tif", "map.tif"].map(|name| Dataset::open(folder.path(name)).unwrap());
    let rpcs = |dataset: &Dataset| {
        let mut items = dataset.metadata_domain("RPC").unwrap();
        items.sort();
        items
    };
    assert!(rpcs(&from).len() > 10 && rpcs(&from) == rpcs(&map));
    assert_eq!(map.metadata_item("AREA_OR_POINT", ""), from.metadata_item("AREA_OR_POINT", ""));

    let base = folder.path("base60.tif");
    let bands: String = (1..=2)
        .map(|band| {
            format!(
                "<VRTRasterBand dataType=\"UInt16\" \
                 band=\"{band}\"><SimpleSource><SourceFilename>{}</\
                 SourceFilename><SourceBand>{band}</SourceBand></SimpleSource></VRTRasterBand>",
                base.display()
            )
        })
        .collect();
    let point = |x: u32, y: u32| {
        let (east, north) = (443730 + 10 * x, 4176460 - 10 * y);
        format!("<GCP Id=\"{x}{y}\" Pixel=\"{x}\" Line=\"{y}\" X=\"{east}\" Y=\"{north}\"/>")
    };
    let points: String = [(0, 0), (60, 0), (0, 50), (60, 50)].map(|(x, y)| point(x, y)).concat();
    let text = format!(
        "<VRTDataset rasterXSize=\"60\" rasterYSize=\"50\"><GeoTransform>0, 1, 0, 0, 0, \
         1</GeoTransform><GCPList Projection=\"EPSG:32618\">{points}</GCPList>{bands}</VRTDataset>"
    );
    std::fs::write(folder.path("points.vrt"), text).unwrap();
    folder.must("cluster points.vrt located.tif -q");
    let info = Command::new("gdalinfo").arg(folder.path("located.tif")).output().unwrap();
    let info = String::from_utf8_lossy(&info.stdout).into_owned();
    assert!(info.contains("GCP[  3]") && info.contains("(60,50) -> (444330,4175960,0)"), "{info}");
}

#[test]
fn the_own_mask_of_a_mask_counts() {
    let folder = field(&["base60.tif"]);
    let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
    let mask = driver.create_with_band_type::<u8, _>(folder.path("mask.tif"), 60, 50, 1).unwrap();
    let mut band = mask.rasterband(1).unwrap();
    band.write((0, 0), (60, 50), &mut Buffer::new((60, 50), vec![1u8; 3000])).unwrap();
    band.create_mask_band(true).unwrap();
    let valid = (0..3000).map(|i| if i % 60 < 20 { 0u8 } else { 255 }).collect();
    let mut own = band.open_mask_band().unwrap();
    own.write((0, 0), (60, 50), &mut Buffer::new((60, 50), valid)).unwrap();
    mask.close().unwrap();
    let told = folder.json("cluster base60.tif map.tif --mask mask.tif");
    assert_eq!(told["n_valid"], 2000);
    assert!(folder
        .labels("map.tif")
        .iter()
        .enumerate()
        .all(|(i, label)| (*label != 0.0) == (i % 60 >= 20)));
}

#[test]
fn a_file_of_a_scene_is_given_once() {
    let folder = Folder::new();
    write_band(&folder, 1, "B02.tif", None);
    let error = folder.fail("cluster B02.tif,B02.tif never.tif");
    assert!(error.contains("B02.tif is given twice"), "{error}");
}
