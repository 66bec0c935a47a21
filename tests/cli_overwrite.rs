//! Existing files: which outputs replace them, and that failures at any moment leave them
//! unchanged.

#![cfg(feature = "cli")]

mod common;

use std::fs;
use std::path::Path;

use common::Folder;
use gdal::vector::{FieldDefn, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType};
use gdal::{Dataset, DatasetOptions, DriverManager, GdalOpenFlags, Metadata};

const SIZE: usize = 160;

fn scene() -> Folder {
    let folder = Folder::new();
    folder.cut("scene.tif", "s2_train.tif", &[1, 2, 3, 4], SIZE);
    folder
}

/// All outputs of `cluster`.
const ALL: &str = "cluster scene.tif map.tif --model model.json --confidence sure.tif --quicklook \
                   look.png --report page.html --polygons patches.gpkg -q";

fn open_layers(path: &Path) -> Dataset {
    let open_flags = GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_UPDATE;
    Dataset::open_ex(path, DatasetOptions { open_flags, ..DatasetOptions::default() }).unwrap()
}

/// The layers of a file with their numbers of features.
fn layers(path: &Path) -> Vec<(String, u64)> {
    let dataset = open_layers(path);
    let mut layers: Vec<_> =
        dataset.layers().map(|layer| (layer.name(), layer.feature_count())).collect();
    layers.sort();
    layers
}

#[test]
fn an_output_that_exists_is_refused_unless_it_may_be_replaced() {
    let folder = scene();
    let first = folder.command(ALL).output().unwrap();
    assert!(first.status.success(), "{first:?}");
    let before = folder.contents();
    let [other, merged] = ["fit scene.tif --model", "merge model.json --into a=1,2 -o"];
    for (words, file) in [
        ("cluster scene.tif map.tif".to_string(), "map.tif exists"),
        ("predict model.json scene.tif map.tif".into(), "map.tif exists"),
        ("cluster scene.tif new.tif --model model.json".into(), "model.json exists"),
        ("cluster scene.tif new.tif --confidence sure.tif".into(), "sure.tif exists"),
        ("cluster scene.tif new.tif --quicklook look.png".into(), "look.png exists"),
        ("cluster scene.tif new.tif --report page.html".into(), "page.html exists"),
        (
            "cluster scene.tif new.tif --polygons patches.gpkg".into(),
            "patches.gpkg has a layer of classes",
        ),
        ("choose-k scene.tif --report page.html".into(), "page.html exists"),
        (format!("{other} model.json"), "model.json exists"),
        (format!("{merged} sure.tif"), "sure.tif exists"),
        (format!("{merged} new.json --labels map.tif --labels-output sure.tif"), "sure.tif exists"),
    ] {
        let error = folder.refuse(&words);
        let advice = format!("{file}: give another name, or --overwrite to replace it");
        assert!(error.contains(&advice), "{words}: {error}");
        assert!(folder.contents() == before, "{words}");
    }
    folder.must(&format!("{ALL} -k 3"));
    let after = folder.contents();
    assert!(before.keys().eq(after.keys()));
    for name in before.keys().filter(|name| *name != "scene.tif") {
        assert!(before[name] != after[name], "{name}");
    }
}

#[test]
fn maps_in_a_folder_are_checked_before_the_first_pixel() {
    let folder = scene();
    folder.cut("east.tif", "s2_train.tif", &[1, 2, 3, 4], SIZE);
    fs::create_dir(folder.path("maps")).unwrap();
    fs::write(folder.path("maps/east.tif"), "precious").unwrap();
    let error = folder.refuse("fit scene.tif east.tif --model m.json --labels-dir maps");
    assert!(error.contains("maps/east.tif exists: give another name, or --overwrite"), "{error}");
    assert_eq!(fs::read(folder.path("maps/east.tif")).unwrap(), b"precious");
    assert!(!folder.path("m.json").exists() && !folder.path("maps/scene.tif").exists());
}

#[cfg(unix)]
#[test]
fn only_regular_files_and_links_to_them_are_outputs() {
    use std::os::unix::fs::{symlink, FileTypeExt, PermissionsExt};
    let folder = scene();
    let made = std::process::Command::new("mkfifo").arg(folder.path("pipe.tif")).status().unwrap();
    assert!(made.success());
    symlink("/dev/null", folder.path("null.json")).unwrap();
    fs::write(folder.path("kept.tif"), "precious").unwrap();
    fs::set_permissions(folder.path("kept.tif"), fs::Permissions::from_mode(0o444)).unwrap();
    fs::create_dir(folder.path("map.tif.aux.xml")).unwrap();
    let long = format!("{}.tif", "n".repeat(246));
    for (words, about) in [
        (
            "cluster scene.tif pipe.tif",
            "pipe.tif is a named pipe: only regular files and links to them are outputs",
        ),
        ("cluster scene.tif new.tif --model null.json", "null.json is a device"),
        ("fit scene.tif --model /dev/null", "/dev/null is a device"),
        ("cluster scene.tif new.tif --report /dev/stdout", "/dev/stdout takes only a model"),
        ("cluster scene.tif kept.tif", "kept.tif: it is write-protected; change its permissions"),
        ("cluster scene.tif map.tif", "map.tif.aux.xml is a folder"),
        (&format!("cluster scene.tif {long}"), ".tif.aux.xml: File name too long"),
    ] {
        for overwrite in ["", " --overwrite"] {
            let error = folder.refuse(&format!("{words}{overwrite}"));
            assert!(error.contains(about), "{words}: {error}");
        }
    }
    let kind = fs::symlink_metadata(folder.path("pipe.tif")).unwrap().file_type();
    assert!(kind.is_fifo() && fs::read(folder.path("kept.tif")).unwrap() == b"precious");
    assert_eq!(
        folder.names(),
        ["kept.tif", "map.tif.aux.xml", "null.json", "pipe.tif", "scene.tif"],
        "nothing was begun"
    );

    fs::create_dir(folder.path("far")).unwrap();
    symlink("far/real.tif", folder.path("link.tif")).unwrap();
    for options in ["-k 3", "-k 4 --overwrite"] {
        assert!(folder.run(&format!("cluster scene.tif link.tif {options} -q")).status.success());
        assert!(fs::symlink_metadata(folder.path("link.tif")).unwrap().is_symlink());
        let most = folder.labels("far/real.tif").into_iter().fold(0.0, f64::max);
        assert_eq!(most, if options.contains("overwrite") { 4.0 } else { 3.0 });
    }
    // The files that belong to the map lie beside the name that was given.
    assert!(folder.path("link.qml").exists() && folder.path("link.tif.aux.xml").exists());
    assert!(folder.refuse("cluster scene.tif link.tif").contains("link.tif exists"));
}

#[test]
fn a_model_can_go_to_the_standard_output() {
    let folder = scene();
    folder.must("fit scene.tif --model model.json -k 3 -q");
    let model = fs::read(folder.path("model.json")).unwrap();
    for (words, is_told) in [
        ("fit scene.tif --model - -k 3", true),
        ("fit scene.tif --model - -k 3 -q", false),
        ("fit scene.tif --model /dev/stdout -k 3 -q", false),
        ("cluster scene.tif map.tif --model - -k 3", true),
    ] {
        let output = folder.run(words);
        assert!(output.status.success() && output.stdout == model, "{words}: {output:?}");
        assert_eq!(
            String::from_utf8(output.stderr).unwrap().contains("class 3"),
            is_told,
            "{words}"
        );
    }
    let merged = folder.run("merge model.json --into water=1,3 -o -");
    assert!(
        serde_json::from_slice::<serde_json::Value>(&merged.stdout).unwrap()["classes"].is_array()
    );
    let error = folder.refuse("fit scene.tif --model - --json");
    assert!(error.contains("--json and the model would both be printed"), "{error}");
    assert!(!folder.path("-").exists());
}

#[test]
fn the_style_of_another_file_is_not_replaced() {
    let folder = scene();
    fs::write(folder.path("land.shp"), "not looked at").unwrap();
    fs::write(folder.path("land.qml"), "<qgis version=\"3.34\"/>").unwrap();
    fs::write(folder.path("parcels.dbf"), "somebody's table").unwrap();
    fs::write(folder.path("map.tif.msk"), fs::read(folder.path("scene.tif")).unwrap()).unwrap();
    let before = folder.contents();
    let foreign = "land.qml is a style that bandcluster did not write, and that of";
    for (words, about) in [
        ("cluster scene.tif land.tif", format!("{foreign} land.tif would replace it")),
        ("cluster scene.tif new.tif --polygons land.geojson", format!("{foreign} land.geojson")),
        (
            "cluster scene.tif new.tif --polygons parcels.shp",
            "parcels.dbf exists, is not part of parcels.shp".into(),
        ),
        (
            "cluster scene.tif map.tif --mask map.tif.msk --bands 1,2",
            "map.tif.msk goes with the output map.tif and is an input".into(),
        ),
    ] {
        for overwrite in ["", " --overwrite"] {
            let error = folder.refuse(&format!("{words}{overwrite}"));
            assert!(error.contains(&about), "{words}: {error}");
            assert!(folder.contents() == before, "{words}");
        }
    }
    // Our own style is replaced with its map, and stays its map's style.
    folder.must("cluster scene.tif mine.tif -k 3 -q");
    let first = fs::read(folder.path("mine.qml")).unwrap();
    folder.must("cluster scene.tif mine.tif -k 4 -q");
    assert!(fs::read(folder.path("mine.qml")).unwrap() != first);
    let error = folder.refuse("cluster scene.tif new.tif --polygons mine.fgb --overwrite");
    assert!(
        error.contains("mine.qml is the style of mine.tif, and that of mine.fgb would replace it"),
        "{error}"
    );
}

#[test]
fn a_geopackage_keeps_its_other_layers() {
    let folder = scene();
    let path = folder.path("layers.gpkg");
    let add = |name: &str| {
        let mut dataset = match path.exists() {
            true => open_layers(&path),
            false => DriverManager::get_driver_by_name("GPKG")
                .unwrap()
                .create_vector_only(&path)
                .unwrap(),
        };
        let ty = OGRwkbGeometryType::wkbPoint;
        let mut layer =
            dataset.create_layer(LayerOptions { name, ty, ..LayerOptions::default() }).unwrap();
        FieldDefn::new("note", OGRFieldType::OFTString).unwrap().add_to_layer(&layer).unwrap();
        for x in 0..3 {
            let point = gdal::vector::Geometry::from_wkt(&format!("POINT ({x} 1)")).unwrap();
            layer.create_feature(point).unwrap();
        }
    };
    add("wells");
    let told = folder.run("cluster scene.tif map.tif -k 3 --polygons layers.gpkg --json");
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    let n = layers(&path).iter().find(|(name, _)| name == "classes").unwrap().1;
    assert!(n > 100 && told["polygons"] == "layers.gpkg");
    assert!(layers(&path).contains(&("wells".into(), 3)));

    let before = fs::read(&path).unwrap();
    let error = folder.refuse("cluster scene.tif new.tif -k 5 --polygons layers.gpkg");
    assert!(
        error.contains("layers.gpkg has a layer of classes: give another name, or --overwrite"),
        "{error}"
    );
    assert!(fs::read(&path).unwrap() == before);
    folder.must("cluster scene.tif new.tif -k 5 -q --polygons layers.gpkg");
    let after = layers(&path);
    assert!(after.contains(&("wells".into(), 3)), "{after:?}");
    assert_ne!(after.iter().find(|(name, _)| name == "classes").unwrap().1, n);
    assert_eq!(
        after.iter().filter(|(name, _)| name == "layer_styles").map(|(_, n)| *n).sum::<u64>(),
        1
    );

    let path = folder.path("theirs.gpkg");
    fs::write(folder.path("text.gpkg"), "no GeoPackage").unwrap();
    let mut theirs =
        DriverManager::get_driver_by_name("GPKG").unwrap().create_vector_only(&path).unwrap();
    theirs.create_layer(LayerOptions { name: "classes", ..LayerOptions::default() }).unwrap();
    theirs.close().unwrap();
    for (name, about) in [
        ("theirs.gpkg", "has a layer classes that bandcluster did not write"),
        ("text.gpkg", "exists and is not a GeoPackage"),
    ] {
        let before = folder.contents();
        let error =
            folder.refuse(&format!("cluster scene.tif other.tif --polygons {name} --overwrite"));
        assert!(error.contains(about), "{error}");
        assert!(folder.contents() == before);
    }
}

/// A limit on the size of files stands for a full disk. Whatever the limit, either all polygons are
/// written, or the job fails and leaves everything as it was.
#[cfg(unix)]
#[test]
fn outputs_are_whole_or_not_there() {
    let folder = scene();
    let count = |name: &str| {
        layers(&folder.path(name)).iter().find(|(name, _)| name != "layer_styles").unwrap().1
    };
    folder.must("cluster scene.tif map.tif -q --polygons all.fgb");
    let n = count("all.fgb");
    let limited = |words: &str, kib: usize| {
        let program = folder.command(words);
        let mut shell = std::process::Command::new("bash");
        shell
            .current_dir(folder.path(""))
            .arg("-c")
            .arg(format!("ulimit -f {kib}; exec \"$0\" \"$@\""));
        shell.arg(program.get_program()).args(program.get_args()).output().unwrap()
    };
    for kind in ["fgb", "gpkg", "geojson", "shp"] {
        let (mut failed, mut done) = (0, 0);
        // From a limit that fits no map to one that fits everything.
        for kib in [4, 16, 48, 96, 128, 192, 256, 320, 384, 448, 512, 640, 768, 1024, 2048, 65536] {
            let before = folder.contents();
            let words = format!("cluster scene.tif other.tif -q --polygons {kind}.{kind}");
            let output = limited(&words, kib);
            let error = String::from_utf8_lossy(&output.stderr);
            // The libtiff of GDAL 3.10 prints an extra line that cannot be prevented.
            let lines: Vec<_> =
                error.lines().filter(|line| !line.starts_with("_tiffWriteProc: ")).collect();
            match output.status.code() {
                Some(0) => {
                    assert_eq!(count(&format!("{kind}.{kind}")), n, "{kind} {kib}");
                    done += 1;
                    break;
                }
                Some(1) => {
                    let is_told =
                        |line: &str| line.starts_with("bandcluster: ") && line.contains("cannot");
                    assert!(lines.len() == 1 && is_told(lines[0]), "{kind} {kib}: {error}");
                    assert!(folder.contents() == before, "{kind} {kib}: {:?}", folder.names());
                    failed += 1;
                }
                code => panic!("{kind} {kib}: {code:?} {error}"),
            }
        }
        assert!(failed > 2 && done == 1, "{kind}: {failed}");
        for name in folder.names().iter().filter(|name| name.starts_with("other.")) {
            fs::remove_file(folder.path(name)).unwrap();
        }
    }
}

#[test]
fn of_two_jobs_with_the_same_outputs_one_wins_whole() {
    let folder = scene();
    for _ in 0..3 {
        let jobs = [3, 5].map(|k| {
            let words =
                format!("cluster scene.tif map.tif --model model.json -q --overwrite -k {k}");
            folder.command(&words).spawn().unwrap()
        });
        for mut job in jobs {
            assert!(job.wait().unwrap().success());
        }
        let of = |name: &str| fs::read_to_string(folder.path(name)).unwrap();
        let model: serde_json::Value = serde_json::from_str(&of("model.json")).unwrap();
        let k = model["classes"].as_array().unwrap().len();
        assert_eq!(of("map.qml").matches("<paletteEntry ").count(), k);
        assert_eq!(of("map.tif.aux.xml").matches("<Row ").count(), k);
        assert_eq!(folder.labels("map.tif").into_iter().fold(0.0, f64::max), k as f64);
    }
}

#[test]
fn a_map_has_the_format_and_the_creation_options_that_were_asked_for() {
    let folder = scene();
    folder.must("cluster scene.tif map.tif -k 5 --model model.json -q");
    let wanted = folder.labels("map.tif");
    for (name, options) in [
        ("lzw.tif", "--co COMPRESS=LZW --co blockxsize=128 --co BLOCKYSIZE=64"),
        ("strips.tif", "--co TILED=NO --co COMPRESS=NONE"),
        ("cog.tif", "--of COG --co BLOCKSIZE=128"),
        ("quick.tif", "--of gtiff"),
    ] {
        folder.must(&format!("predict model.json scene.tif {name} -q {options}"));
        assert!(folder.labels(name) == wanted, "{name}");
        let map = Dataset::open(folder.path(name)).unwrap();
        let band = map.rasterband(1).unwrap();
        assert_eq!(band.no_data_value(), Some(0.0));
        assert!(band.color_table().is_some(), "{name}");
        let aux = fs::read_to_string(folder.path(&format!("{name}.aux.xml"))).unwrap();
        assert!(
            aux.matches("<Row ").count() == 5 && aux.contains("<Category>class 5</Category>"),
            "{aux}"
        );
        let compression = map.metadata_item("COMPRESSION", "IMAGE_STRUCTURE");
        let expected = match name {
            "lzw.tif" => (Some("LZW"), (128, 64)),
            "strips.tif" => (None, (SIZE, band.block_size().1)),
            "cog.tif" => (Some("DEFLATE"), (128, 128)),
            _ => (Some("DEFLATE"), (512, 512)),
        };
        assert_eq!((compression.as_deref(), band.block_size()), expected, "{name}");
        if name == "cog.tif" {
            assert_eq!(map.metadata_item("LAYOUT", "IMAGE_STRUCTURE").as_deref(), Some("COG"));
            let overview = band.overview(0).unwrap();
            let (width, height) = overview.size();
            let small =
                overview.read_as::<u8>((0, 0), (width, height), (width, height), None).unwrap();
            assert!(
                small.data().iter().all(|label| (1..=5).contains(label)),
                "overviews show classes"
            );
        }
    }
    let names = folder.names();
    assert!(names.iter().all(|name| !name.starts_with('.')), "{names:?}");
    fs::create_dir(folder.path("maps")).unwrap();
    folder.must("fit scene.tif --model m.json -q -k 5 --labels-dir maps --of COG");
    folder.must(
        "merge model.json --into a=1,2 -o n.json --labels map.tif --labels-output merged.tif --of \
         COG -q",
    );
    for name in ["maps/scene.tif", "merged.tif"] {
        let map = Dataset::open(folder.path(name)).unwrap();
        assert_eq!(
            map.metadata_item("LAYOUT", "IMAGE_STRUCTURE").as_deref(),
            Some("COG"),
            "{name}"
        );
    }
}

#[test]
fn creation_options_that_break_a_map_are_refused() {
    let folder = scene();
    folder.must("fit scene.tif --model model.json -q");
    let before = folder.contents();
    for (options, about) in [
        ("--co COMPRESS", "--co: 'COMPRESS' is not NAME=VALUE"),
        ("--co COLOUR=1", "--co: GTiff has no creation option COLOUR: it has COMPRESS"),
        ("--co COMPRESS=FAST", "--co: COMPRESS=FAST does not keep"),
        (
            "--co COMPRESS=JPEG",
            "COMPRESS=JPEG does not keep the classes of a map as they are: give NONE, LZW",
        ),
        ("--co ZLEVEL=high", "ZLEVEL is 'high': give a whole number"),
        ("--co ZLEVEL=99", "GDAL does not write a map with them: "),
        ("--co TILED=maybe", "TILED is 'maybe': give YES or NO"),
        ("--co BIGTIFF=PERHAPS", "BIGTIFF is 'PERHAPS': give YES, NO, IF_NEEDED, IF_SAFER"),
        ("--co NBITS=2", "NBITS changes the values of the map"),
        ("--co PROFILE=BASELINE", "PROFILE removes the map's colours or its georeference"),
        ("--co TFW=YES", "TFW writes other files than the map"),
        ("--co BLOCKXSIZE=100", "--co: GDAL does not write a map with them"),
        ("--of COG --co TARGET_SRS=EPSG:3857", "TARGET_SRS puts the map on another grid"),
        ("--of COG --co RESAMPLING=AVERAGE", "give MODE, NEAREST"),
        ("--of COG --co BLOCKSIZE=16", "BLOCKSIZE is '16': give a whole number from 128 up"),
        ("--of JPEG", "--of: maps are written as GTiff or COG, not as 'JPEG'"),
    ] {
        let error = folder.refuse(&format!("predict model.json scene.tif map.tif {options}"));
        assert!(error.contains(about), "{options}: {error}");
        assert!(folder.contents() == before, "{options}");
    }
    let error = folder.refuse("fit scene.tif --model m.json --of COG");
    assert!(error.contains("--of is given, and no map is written"), "{error}");
}
