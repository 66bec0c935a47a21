//! Makes the C header from src/capi, gives the shared library the name that linked programs look
//! for, and checks whether the compiler has AVX-512.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use cbindgen::{Builder, Config, ItemType};

/// Since Rust 1.89 the compiler has AVX-512's target features.
const AVX512_SINCE: u32 = 89;

/// The groups of the header: a heading, and the files of src/capi that the group is made from.
const GROUPS: [(&str, &[&str]); 19] = [
    ("Versions, status codes, messages", &["library"]),
    ("How a call runs: threads, progress, cancelling", &["run"]),
    ("Pixels and labels in the caller's memory", &["raster"]),
    ("Summaries: pixels read once, block by block", &["summary"]),
    (
        "Options of the algorithms",
        &[
            "options/common",
            "options/kmeans",
            "options/bisecting",
            "options/isodata",
            "options/gmm",
            "options/agglomerative",
            "options/birch",
            "options/dbscan",
            "options/optics",
            "options/hdbscan",
            "options/meanshift",
            "options/spectral",
            "options/affinity",
        ],
    ),
    ("Fitting: of pixels or of a summary, by options as a struct or as JSON", &["fit"]),
    ("Refinement: k-means made exact, block by block", &["refinement"]),
    ("Labelling, and the radii of classes", &["predict", "radius"]),
    ("Models: files, classes, bands", &["model"]),
    ("Choosing the number of classes", &["choice"]),
    ("Merging classes, and keeping those of another model", &["merge"]),
    ("How well classes are separated", &["separability"]),
    ("How far a scene is from the training pixels", &["drift"]),
    ("Maps: colours, styles, filters, counts, areas", &["map", "zonal"]),
    ("Reports", &["picture", "report"]),
    ("Sentinel-2 products", &["product"]),
    ("GDAL, which is found at run time", &["gdal"]),
    ("Jobs on raster files", &["job"]),
    ("Scenes in files, piece by piece: for the workers of a cluster", &["scenes"]),
];

fn main() {
    println!("cargo:rerun-if-changed=src/capi");
    println!("cargo:rerun-if-changed=cbindgen.toml");
    println!("cargo:rustc-check-cfg=cfg(avx512)");
    if rust_minor() >= AVX512_SINCE {
        println!("cargo:rustc-cfg=avx512");
    }
    let header = header(&PathBuf::from(variable("CARGO_MANIFEST_DIR")));
    if let Some(argument) = name_for_programs(&variable("CARGO_CFG_TARGET_OS"), &header) {
        println!("cargo:rustc-cdylib-link-arg={argument}");
    }
    let path = PathBuf::from(variable("OUT_DIR")).join("bandcluster.h");
    std::fs::write(path, header).expect("OUT_DIR can be written");
}

/// Gives the library the name that programs linked with it look for. It changes only with the
/// binary interface.
fn name_for_programs(system: &str, header: &str) -> Option<String> {
    let (_, after) = header.split_once("BANDCLUSTER_ABI_VERSION ").expect("library.rs has it");
    let version: String = after.chars().take_while(char::is_ascii_digit).collect();
    match system {
        "windows" => None,
        "macos" => Some(format!("-Wl,-install_name,@rpath/libbandcluster.{version}.dylib")),
        _ => Some(format!("-Wl,-soname,libbandcluster.so.{version}")),
    }
}

/// The whole header: prose, version, handles, groups.
fn header(root: &Path) -> String {
    let mut config = Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml is valid");
    let prose = config.header.take().expect("cbindgen.toml has the prose");
    let handles = {
        let mut config = config.clone();
        config.export.item_types = vec![ItemType::OpaqueItems];
        generated(root, &config, GROUPS.iter().flat_map(|(_, files)| *files))
    };
    let mut header =
        format!("{}\n\n#ifndef BANDCLUSTER_H\n#define BANDCLUSTER_H\n\n", prose.trim());
    header += "#include <stdint.h>\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n// The \
               version of this header.\n";
    for part in ["MAJOR", "MINOR", "PATCH"] {
        let number = variable(&format!("CARGO_PKG_VERSION_{part}"));
        writeln!(header, "#define BANDCLUSTER_VERSION_{part} {number}").unwrap();
    }
    writeln!(header, "#define BANDCLUSTER_VERSION_STRING \"{}\"", variable("CARGO_PKG_VERSION"))
        .unwrap();
    header += &group("Handles: opaque objects that the library makes", &handles);
    for (heading, files) in GROUPS {
        // File by file, so that the constants of an algorithm stand beside its options.
        let parts: Vec<String> =
            files.iter().map(|file| generated(root, &config, [file])).collect();
        header += &group(heading, &parts.join("\n"));
    }
    header + "\n#ifdef __cplusplus\n} // extern \"C\"\n#endif\n\n#endif // BANDCLUSTER_H\n"
}

fn group(heading: &str, text: &str) -> String {
    let rule = "-".repeat(93 - heading.len());
    format!("\n/* {heading} {rule} */\n\n{}\n", text.trim())
}

/// What cbindgen makes of some files.
fn generated<'a>(
    root: &Path,
    config: &Config,
    files: impl IntoIterator<Item = &'a &'a str>,
) -> String {
    let builder = Builder::new().with_config(config.clone());
    let mut text = Vec::new();
    files
        .into_iter()
        .fold(builder, |builder, file| builder.with_src(root.join(format!("src/capi/{file}.rs"))))
        .generate()
        .expect("src/capi is what cbindgen understands")
        .write(&mut text);
    String::from_utf8(text).expect("Rust's text is UTF-8")
}

/// The second number of the compiler's version: 85 of "rustc 1.85.1 (4eb161250 2025-03-15)".
fn rust_minor() -> u32 {
    let output =
        Command::new(variable("RUSTC")).arg("--version").output().expect("cargo's rustc runs");
    let version = String::from_utf8_lossy(&output.stdout);
    let minor = version.split('.').nth(1).and_then(|minor| minor.parse().ok());
    minor.unwrap_or_else(|| panic!("rustc --version prints a version, and not {version:?}"))
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"))
}
