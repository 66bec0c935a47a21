//! Makes the C header from src/capi, and names the shared library as the linker is to find it.

use std::path::PathBuf;

/// The files the header is made from, in its order.
const FILES: [&str; 31] = [
    "library",
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

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"))
}
