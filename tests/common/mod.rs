//! Shared by the tests of the command line: running it, making scenes, reading its output.

#![allow(dead_code)] // Each test file uses a part.

pub mod safe;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::time::Duration;

// The library finds the functions of GDAL that the crate gdal calls, so it is linked.
use bandcluster as _;
use gdal::raster::{Buffer, RasterCreationOptions};
use gdal::{Dataset, DriverManager, Metadata};
use tempfile::TempDir;

/// A real scene of tests/data.
pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// Sends a signal, such as `INT`, by the shell: a bare system has no program `kill`.
pub fn signal(process: &Child, name: &str) {
    let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", process.id())]).status();
    assert!(sent.unwrap().success());
}

/// Waits until a process has a file of this name open: from then on it works and reacts to signals.
pub fn await_open(process: &mut Child, name: &str) {
    let folder = format!("/proc/{}/fd", process.id());
    let is_open = || {
        let links = std::fs::read_dir(&folder).into_iter().flatten();
        links
            .filter_map(|link| std::fs::read_link(link.ok()?.path()).ok())
            .any(|file| file.ends_with(name))
    };
    while !is_open() {
        assert!(process.try_wait().unwrap().is_none(), "it has ended without {name}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A folder for one test, deleted at its end; commands run in it.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Folder {
        Folder(TempDir::new().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The names in the folder, sorted.
    pub fn names(&self) -> Vec<String> {
        let name = |entry: std::io::Result<std::fs::DirEntry>| {
            entry.unwrap().file_name().into_string().unwrap()
        };
        let mut names: Vec<_> = std::fs::read_dir(self.0.path()).unwrap().map(name).collect();
        names.sort();
        names
    }

    /// The folder's files with their bytes.
    pub fn contents(&self) -> BTreeMap<String, Vec<u8>> {
        self.names()
            .into_iter()
            .map(|name| (name.clone(), std::fs::read(self.path(&name)).unwrap()))
            .collect()
    }

    /// The command line, with words between spaces as arguments, not run yet.
    pub fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bandcluster"));
        command.current_dir(self.0.path()).args(words.split_whitespace());
        command
    }

    /// Runs the command line, whatever the result.
    pub fn run(&self, words: &str) -> Output {
        self.command(words).output().unwrap()
    }

    /// Runs the command line with `--overwrite`. It must succeed without output on stderr. Returns
    /// what it printed.
    pub fn must(&self, words: &str) -> String {
        let output = self.run(&overwriting(words));
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && errors.is_empty(), "{words}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs the command line with `--overwrite`. It must fail with exit code 1 and one line.
    /// Returns that line.
    pub fn fail(&self, words: &str) -> String {
        self.refuse(&overwriting(words))
    }

    /// The same without `--overwrite`: outputs that exist are refused.
    pub fn refuse(&self, words: &str) -> String {
        let output = self.run(words);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{words}: {errors}");
        assert!(
            errors.starts_with("bandcluster: ") && errors.matches('\n').count() == 1,
            "{words}: {errors}"
        );
        assert!(output.stdout.is_empty(), "{words}");
        errors
    }

    /// The JSON object that a command prints with `--json`.
    pub fn json(&self, words: &str) -> serde_json::Value {
        serde_json::from_str(&self.must(&format!("{words} --json"))).unwrap()
    }

    /// Bands of a scene of tests/data, cut to `size` pixels from `(150, 250)`, with their
    /// descriptions and georeference, in the file `name`.
    pub fn cut(&self, name: &str, scene: &str, bands: &[usize], size: usize) -> Dataset {
        let source = Dataset::open(data(scene)).unwrap();
        let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
        let options =
            creation_options(&["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=DEFLATE"]);
        let mut cut = driver
            .create_with_band_type_with_options::<u16, _>(
                self.path(name),
                size,
                size,
                bands.len(),
                &options,
            )
            .unwrap();
        let t = source.geo_transform().unwrap();
        cut.set_geo_transform(&[t[0] + 150.0 * t[1], t[1], 0.0, t[3] + 250.0 * t[5], 0.0, t[5]])
            .unwrap();
        cut.set_spatial_ref(&source.spatial_ref().unwrap()).unwrap();
        for (index, band) in bands.iter().enumerate() {
            let from = source.rasterband(*band).unwrap();
            let mut pixels =
                from.read_as::<u16>((150, 250), (size, size), (size, size), None).unwrap();
            let mut to = cut.rasterband(index + 1).unwrap();
            to.write((0, 0), (size, size), &mut pixels).unwrap();
            to.set_description(&from.description().unwrap()).unwrap();
        }
        cut.flush_cache().unwrap();
        cut
    }

    /// A scene that takes long, `large.vrt`: the 320 x 320 pixels of `scene.tif`, repeated `times`
    /// times in each direction.
    pub fn write_large(&self, times: usize) {
        const SIZE: usize = 320;
        let source = |band: usize, i: usize| {
            format!(
                r#"<SimpleSource><SourceFilename relativeToVRT="1">scene.tif</SourceFilename>
                <SourceBand>{band}</SourceBand>
                <SrcRect xOff="0" yOff="0" xSize="320" ySize="320"/>
                <DstRect xOff="{}" yOff="{}" xSize="320" ySize="320"/></SimpleSource>"#,
                i % times * SIZE,
                i / times * SIZE
            )
        };
        let band = |band: usize| {
            let sources: String = (0..times * times).map(|i| source(band, i)).collect();
            format!(r#"<VRTRasterBand dataType="UInt16" band="{band}">{sources}</VRTRasterBand>"#)
        };
        let bands: String = (1..=4).map(band).collect();
        let size = times * SIZE;
        let vrt = format!(
            r#"<VRTDataset rasterXSize="{size}" rasterYSize="{size}">{bands}</VRTDataset>"#
        );
        std::fs::write(self.path("large.vrt"), vrt).unwrap();
    }

    /// Copies a dataset to another format.
    pub fn copy(&self, dataset: &Dataset, name: &str, driver: &str, options: &[&str]) {
        let driver = DriverManager::get_driver_by_name(driver).unwrap();
        dataset.create_copy(&driver, self.path(name), &creation_options(options)).unwrap();
    }

    /// A file of one byte per pixel, such as a mask.
    pub fn write_u8(&self, name: &str, size: usize, value: impl Fn(usize, usize) -> u8) {
        let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
        let dataset =
            driver.create_with_band_type::<u8, _>(self.path(name), size, size, 1).unwrap();
        let values = (0..size * size).map(|i| value(i % size, i / size)).collect();
        let mut buffer = Buffer::new((size, size), values);
        dataset.rasterband(1).unwrap().write((0, 0), (size, size), &mut buffer).unwrap();
    }

    /// All pixels of a band of a file (1-based), row after row.
    pub fn band(&self, name: &str, band: usize) -> Vec<f64> {
        read_band(&Dataset::open(self.path(name)).unwrap(), band)
    }

    /// The labels of a file.
    pub fn labels(&self, name: &str) -> Vec<f64> {
        self.band(name, 1)
    }
}

/// A command with `--overwrite`, if it writes files.
fn overwriting(words: &str) -> String {
    match words.starts_with("info") {
        true => words.into(),
        false => format!("{words} --overwrite"),
    }
}

/// A folder with files of tests/data/field.
pub fn field(names: &[&str]) -> Folder {
    let folder = Folder::new();
    for name in names {
        std::fs::copy(data("field").join(name), folder.path(name)).unwrap();
    }
    folder
}

/// All pixels of a band of a dataset (1-based), row after row.
pub fn read_band(dataset: &Dataset, band: usize) -> Vec<f64> {
    dataset.rasterband(band).unwrap().read_band_as::<f64>().unwrap().data().to_vec()
}

pub fn creation_options(options: &[&str]) -> RasterCreationOptions {
    RasterCreationOptions::from_iter(options.iter().copied())
}
