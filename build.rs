//! Makes the C header from src/capi, names the shared library as the linker is to find it, and tells
//! whether the compiler has AVX-512.

use std::path::PathBuf;
use std::process::Command;

/// Since Rust 1.89 the compiler has AVX-512's target features.
const AVX512_SINCE: u32 = 89;

/// The files the header is made from, in its order.
const FILES: [&str; 32] = [
    "library",
    "gdal",
    "run",
    "raster",
    "summary",
    "fit",
    "algorithm",
    "options/mod",
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
    "choice",
    "refinement",
    "model",
    "separability",
    "picture",
    "report",
    "radius",
    "drift",
    "merge",
    "map",
    "zonal",
    "product",
    "job",
];

fn main() {
    println!("cargo:rerun-if-changed=src/capi");
    println!("cargo:rerun-if-changed=cbindgen.toml");
    println!("cargo:rustc-check-cfg=cfg(avx512)");
    if rust_minor() >= AVX512_SINCE {
        println!("cargo:rustc-cfg=avx512");
    }
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml is valid");
    let builder = cbindgen::Builder::new().with_config(config);
    let header = FILES
        .iter()
        .fold(builder, |builder, file| builder.with_src(root.join(format!("src/capi/{file}.rs"))))
        .generate()
        .expect("src/capi is what cbindgen understands");
    header.write_to_file(PathBuf::from(variable("OUT_DIR")).join("bandcluster.h"));
    // Programs that link the library look for this name, which changes with the binary interface only.
    if variable("CARGO_CFG_TARGET_OS") == "linux" {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libbandcluster.so.0");
    }
}

/// The second number of the compiler's version: 85 of "rustc 1.85.1 (4eb161250 2025-03-15)".
fn rust_minor() -> u32 {
    let output = Command::new(variable("RUSTC")).arg("--version").output().expect("cargo's rustc runs");
    let version = String::from_utf8_lossy(&output.stdout);
    let minor = version.split('.').nth(1).and_then(|minor| minor.parse().ok());
    minor.unwrap_or_else(|| panic!("rustc --version prints a version, and not {version:?}"))
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"))
}
