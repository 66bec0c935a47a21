//! What must not go wrong: few threads, lost reference systems, killed processes, names with any
//! characters.

#![cfg(all(feature = "cli", unix))]

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use common::Folder;
use gdal::Metadata;
use serde_json::{json, Value};

fn scene() -> Folder {
    let folder = Folder::new();
    folder.cut("scene.tif", "s2_train.tif", &[1, 2, 3, 4], 320).close().unwrap();
    folder
}

/// A library that limits the threads of a program that loads it.
fn few_threads(folder: &Folder) -> PathBuf {
    let library = folder.path("few_threads.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/common/few_threads.c");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(&library)
        .arg(source)
        .arg("-ldl")
        .status();
    assert!(built.unwrap().success());
    library
}

#[cfg(target_os = "linux")]
#[test]
fn one_thread_is_enough_for_every_job() {
    let folder = scene();
    let library = few_threads(&folder);
    let limited = |most: usize, words: &str| {
        let mut command = folder.command(&format!("{words} --threads 4"));
        command.env("LD_PRELOAD", &library).env("MOST_THREADS", most.to_string());
        command.env("GDAL_NUM_THREADS", "ALL_CPUS");
        let output = command.output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && errors.is_empty(), "{most}: {words}: {errors}");
    };
    folder.must("cluster scene.tif map.tif --model model.json -k 3 -q");
    let expected = folder.labels("map.tif");
    for most in [0, 1, 3] {
        limited(
            most,
            "cluster scene.tif map.tif --model model.json -k 3 -q --overwrite --polygons p.gpkg \
             --sieve 3",
        );
        limited(
            most,
            "predict model.json scene.tif map.tif -q --overwrite --of COG --co NUM_THREADS=4",
        );
        assert!(folder.labels("map.tif") == expected, "{most}");
    }
    for algorithm in ["gmm", "hdbscan", "dbscan"] {
        limited(0, &format!("cluster scene.tif other.tif -q --overwrite --algorithm {algorithm}"));
    }
    limited(0, "choose-k scene.tif --max 4 -q");
    limited(0, "info scene.tif -q");

    // A thread that works alone still reacts to interrupts.
    folder.write_large(90); // a minute of work or more
    let before = folder.contents();
    let mut child = folder.command("cluster large.vrt late.tif -q");
    let mut child = child.env("LD_PRELOAD", &library).env("MOST_THREADS", "0").spawn().unwrap();
    common::await_open(&mut child, "scene.tif");
    let begin = Instant::now();
    common::signal(&child, "TERM");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    assert!(folder.contents() == before);
}

#[test]
fn a_reference_system_that_would_be_lost_is_an_error() {
    let folder = scene();
    folder.write_u8("nowhere.tif", 60, |x, y| (x * y % 7) as u8);
    let before = folder.contents();
    let without = |words: &str| -> Output {
        let mut command = folder.command(words);
        command.env("PROJ_LIB", "/nonexistent").env("PROJ_DATA", "/nonexistent").output().unwrap()
    };
    folder.must("fit scene.tif --model model.json -q");
    for words in [
        "cluster scene.tif map.tif --polygons p.gpkg --report r.html -q",
        "predict model.json scene.tif map.tif -q",
        "fit scene.tif --model m.json -q",
        "info scene.tif",
    ] {
        let output = without(words);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{words}");
        let is_told = error.contains("reference system would be lost")
            && error.contains("PROJ_DATA is /nonexistent: unset it");
        assert!(is_told && error.lines().count() == 1, "{error}");
    }
    std::fs::remove_file(folder.path("model.json")).unwrap();
    assert!(folder.contents() == before);
    // A file format that cannot store the georeference.
    let rotated =
        "+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=39.25 +lon_0=18 +R=6371229 +wktext";
    let cut = folder.cut("rotated.tif", "s2_train.tif", &[1, 2], 60);
    folder.copy(&cut, "rotated.vrt", "VRT", &[]);
    let vrt = std::fs::read_to_string(folder.path("rotated.vrt")).unwrap();
    let system = gdal::spatial_ref::SpatialRef::from_definition(rotated).unwrap().to_wkt().unwrap();
    let (from, to) = (vrt.find("<SRS").unwrap(), vrt.find("</SRS>").unwrap());
    let system = system.replace('"', "&quot;");
    std::fs::write(
        folder.path("rotated.vrt"),
        format!("{}<SRS>{system}{}", &vrt[..from], &vrt[to..]),
    )
    .unwrap();
    let error = folder.fail("cluster rotated.vrt map.tif --polygons p.shp -q");
    assert!(
        error.contains("p.shp: a file of its kind does not keep the reference system"),
        "{error}"
    );
    folder.must("cluster rotated.vrt map.tif --polygons p.gpkg -q");
    // A raster without a georeference cannot lose it.
    assert!(without("cluster nowhere.tif plain.tif -q").status.success());
}

/// Waits until a job writes its map: until there are temporary files that are not in `before`.
fn await_temporary(folder: &Folder, before: &[String]) {
    let is_its = |name: &String| name.starts_with(".bandcluster-") && !before.contains(name);
    let mut seen = 0;
    while seen < 5 {
        std::thread::sleep(Duration::from_millis(50));
        seen = if folder.names().into_iter().filter(is_its).count() > 1 { seen + 1 } else { 0 };
    }
}

#[test]
fn what_a_killed_process_left_is_removed_by_the_next() {
    let folder = scene();
    folder.write_large(30);
    folder.must("fit scene.tif --model model.json -q");
    let before = folder.names();
    let mut child = folder.command("predict model.json large.vrt map.tif -q").spawn().unwrap();
    await_temporary(&folder, &before);
    child.kill().unwrap();
    child.wait().unwrap();
    let left = folder.names();
    assert!(left.len() > before.len() + 1, "{left:?}");
    // The files of another running job are left alone.
    let mut living = folder.command("predict model.json large.vrt other.tif -q").spawn().unwrap();
    await_temporary(&folder, &left);
    common::signal(&living, "STOP");
    folder.must("predict model.json scene.tif small.tif -q");
    common::signal(&living, "CONT");
    assert!(
        living.try_wait().unwrap().is_none(),
        "it was to be running still: make the scene larger"
    );
    assert!(living.wait().unwrap().success());
    let hidden: Vec<_> = folder.names().into_iter().filter(|name| name.starts_with('.')).collect();
    assert!(hidden.is_empty(), "{hidden:?}");
}

/// Whether a text can be printed to a terminal, or be XML.
fn is_plain(text: &str) -> bool {
    !text
        .chars()
        .any(|c| c.is_control() && c != '\n' || "\u{fffe}\u{ffff}\u{fdd0}\u{202e}".contains(c))
}

#[test]
fn names_that_hold_anything_are_cleaned_where_they_come_in() {
    const BAD: &str = "x\0; touch pwned\u{1b}[31m\u{9b}\u{fffe}\u{202e}y";
    const GOOD: &str = "x ; touch pwned [31m   y";
    let folder = Folder::new();
    let cut = folder.cut("scene.tif", "s2_train.tif", &[1, 2], 60);
    cut.rasterband(1).unwrap().set_description("b\u{1b}[2J\u{fffe}1").unwrap();
    cut.close().unwrap();
    folder.must("fit scene.tif --model model.json -k 3 -q");
    let mut model: Value =
        serde_json::from_slice(&std::fs::read(folder.path("model.json")).unwrap()).unwrap();
    assert_eq!(model["bands"][0]["name"], "b[2J 1", "GDAL itself left out the escape");
    for class in model["classes"].as_array_mut().unwrap() {
        class["name"] = json!(format!("{BAD}{}", class["value"]));
    }
    model["bands"][1]["name"] = json!(BAD);
    model["algorithm"] = json!("kmeans");
    std::fs::write(folder.path("foreign.json"), model.to_string()).unwrap();

    let shown = folder.must("info foreign.json");
    assert!(is_plain(&shown) && shown.contains(GOOD), "{shown}");
    let strange = "s\u{1b}[2J\n\u{9b}.tif";
    std::fs::copy(folder.path("scene.tif"), folder.path(strange)).unwrap();
    let predict = |input: &str| {
        let mut command = folder.command(
            "predict --model foreign.json --bands 1,2 --overwrite --report r.html --polygons \
             p.gpkg",
        );
        command.args([input, "map.tif"]).output().unwrap()
    };
    for (input, status) in [(strange, 0), ("none\u{1b}[2J.tif", 1)] {
        let output = predict(input);
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).unwrap();
        assert_eq!(output.status.code(), Some(status), "{text}");
        assert!(is_plain(&text) && (status == 1 || text.contains(GOOD)), "{text:?}");
    }
    let read = |name: &str| std::fs::read_to_string(folder.path(name)).unwrap();
    for name in ["map.tif.aux.xml", "map.qml"] {
        assert!(
            is_plain(&read(name).replace('\t', " ")) && read(name).contains("touch pwned [31m"),
            "{name}"
        );
    }
    let report = read("r.html");
    assert!(is_plain(&report), "{:?}", report.chars().find(|c| !is_plain(&c.to_string())));
    folder.must("info map.tif");

    // A new name, and the output of `info --json`.
    let mut merge = folder.command("merge --model foreign.json -o merged.json --overwrite --into");
    assert!(merge.arg("new\u{1b}[31m\u{202e}=1,2").status().unwrap().success());
    assert!(is_plain(&read("merged.json")) && read("merged.json").contains("new [31m"));
    let json = folder.command("info --json").arg(strange).output().unwrap().stdout;
    let json = String::from_utf8(json).unwrap();
    assert!(is_plain(&json), "{json}");
    assert_eq!(serde_json::from_str::<Value>(&json).unwrap()["file"], strange);
}

/// Makes a file unreadable, also for root if `without_privilege` runs the command.
fn deny(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o0)).unwrap();
}

fn without_privilege(folder: &Folder, words: &str) -> Output {
    let plain = folder.command(words);
    let mut command = Command::new("setpriv");
    for set in ["--inh-caps", "--bounding-set"] {
        command.args([set, "-dac_override,-dac_read_search"]);
    }
    // Only root can give up root's privileges.
    if Command::new("id").arg("-u").output().unwrap().stdout != b"0\n" {
        command = Command::new("env");
    }
    command
        .current_dir(folder.path(""))
        .arg(plain.get_program())
        .args(plain.get_args())
        .output()
        .unwrap()
}

#[test]
fn what_stands_beside_an_input_and_cannot_be_read_is_an_error() {
    let folder = scene();
    let polygons = "cluster scene.tif map.tif --polygons area.gpkg --model model.json -k 3 -q";
    folder.must(polygons);
    let mut to_shapefile = Command::new("ogr2ogr");
    to_shapefile.args(["area.shp", "area.gpkg", "classes"]).current_dir(folder.path(""));
    assert!(to_shapefile.status().unwrap().success());
    // A raster without a georeference.
    let mut without_place = Command::new("gdal_translate");
    without_place.args(["-q", "-co", "PROFILE=BASELINE", "scene.tif", "bare.tif"]);
    assert!(without_place.current_dir(folder.path("")).status().unwrap().success());
    std::fs::remove_file(folder.path("bare.tif.aux.xml")).unwrap();
    let cases = [
        ("scene.tif.aux.xml", "fit scene.tif --model new.json"),
        ("scene.tif.msk", "predict model.json scene.tif new.tif"),
        ("bare.tfw", "cluster bare.tif new.tif"),
        ("scene.tif.aux.xml", "info scene.tif"),
        ("map.tif.aux.xml", "info map.tif"),
        ("area.prj", "fit scene.tif --model new.json --aoi area.shp"),
        ("area.dbf", "fit scene.tif --model new.json --seeds area.shp --seed-field class"),
    ];
    for unused in ["scene.tfw", "scene.prj", "area.gpkg.aux.xml"] {
        std::fs::write(folder.path(unused), "").unwrap();
        deny(&folder.path(unused));
    }
    let output = without_privilege(
        &folder,
        "fit scene.tif --model new.json --aoi area.gpkg|layername=classes -q",
    );
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::remove_file(folder.path("new.json")).unwrap();
    for (denied, words) in cases {
        let beside = folder.path(denied);
        let old = std::fs::read(&beside).ok();
        std::fs::write(&beside, old.as_deref().unwrap_or_default()).unwrap();
        deny(&beside);
        let before = folder.names();
        let output = without_privilege(&folder, &format!("{words} -q"));
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{denied}: {words}: {error}");
        let wanted = format!("{denied} belongs to ");
        assert!(error.contains(&wanted) && error.contains("permission is denied"), "{error}");
        assert!(error.lines().count() == 1 && folder.names() == before, "{error}");
        std::fs::remove_file(&beside).unwrap();
        old.into_iter().for_each(|old| std::fs::write(&beside, old).unwrap());
    }
}
