//! The memory of the command line: no more than it has announced.

#![cfg(feature = "cli")]

mod common;

use common::Folder;
use gdal::DriverManager;
use serde_json::Value;

/// What a command prints with `--json`, and on stderr.
fn run(folder: &Folder, words: &str) -> (Value, String) {
    let output = folder.run(words);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{words}: {errors}");
    (serde_json::from_slice(&output.stdout).unwrap(), errors)
}

/// An image in one compressed piece is decoded as a whole, whatever the size of the block cache.
#[test]
fn memory_is_told_in_advance_and_kept_to() {
    const WIDE: usize = 2600;
    let folder = Folder::new();
    let plain = DriverManager::get_driver_by_name("MEM").unwrap();
    let plain = plain.create_with_band_type::<u16, _>("", WIDE, WIDE, 4).unwrap();
    for band in 1..=4 {
        let samples = (0..WIDE * WIDE).map(|i| ((i * (7919 + 2 * band)) % 60_000) as u16).collect();
        let mut samples = gdal::raster::Buffer::new((WIDE, WIDE), samples);
        plain.rasterband(band).unwrap().write((0, 0), (WIDE, WIDE), &mut samples).unwrap();
    }
    for (name, options) in [
        ("strip.tif", ["COMPRESS=DEFLATE", "TILED=NO", "BLOCKYSIZE=2600"].as_slice()),
        (
            "tiles.tif",
            ["COMPRESS=DEFLATE", "TILED=YES", "BLOCKXSIZE=2048", "BLOCKYSIZE=2048"].as_slice(),
        ),
    ] {
        folder.copy(&plain, name, "GTiff", options);
        for memory in [64, 200, 256, 320] {
            let words = format!(
                "cluster {name} map.tif --model m.json --memory {memory} --json --overwrite"
            );
            let (told, errors) = run(&folder, &words);
            let (planned, peak) =
                (told["planned_memory"].as_u64().unwrap(), told["peak_memory"].as_u64().unwrap());
            assert!(peak <= planned, "{words}: {peak} bytes, planned were {planned}");
            let is_more = planned > memory << 20;
            assert_eq!(
                errors.contains(&format!("--memory is {memory}, and this takes up to")),
                is_more,
                "{errors}"
            );
            let (told, _) = run(
                &folder,
                &format!("predict m.json {name} p.tif --memory {memory} --json --overwrite"),
            );
            assert!(
                told["peak_memory"].as_u64() <= told["planned_memory"].as_u64(),
                "{name} {memory}: {told}"
            );
            let (told, _) = run(&folder, &format!("info {name} --memory {memory} --json"));
            assert_eq!(told["planned_memory"], planned, "{name} {memory}");
        }
    }
}

/// More memory than any machine has: a note names both figures, and the work is done.
#[test]
fn memory_that_the_machine_has_not_is_told() {
    let folder = Folder::new();
    let scene = format!("{}/tests/data/l7_uint8.tif", env!("CARGO_MANIFEST_DIR"));
    let (_, errors) = run(&folder, &format!("cluster {scene} map.tif --memory 4194304 --json"));
    assert!(errors.contains("--memory is 4194304, and this machine has"), "{errors}");
}
