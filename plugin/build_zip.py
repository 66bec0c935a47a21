#!/usr/bin/env python3
"""Build the plugin's ZIP for QGIS's "Install from ZIP": plugin, binding, native library and licences in one folder."""

import argparse
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PLUGIN = "bandcluster_qgis"
LICENSES = ("LICENSE", "LICENSE-MIT", "LICENSE-APACHE", "THIRD_PARTY.txt")
SUFFIXES = {".py", ".txt", ".svg", ".ts"}
LEFT_OUT = {"_program.py"}  # starts the command line, which is not in the ZIP
TIMESTAMP = (1980, 1, 1, 0, 0, 0)  # the same input gives the same bytes


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", type=Path, required=True, help="the native library to put in")
    parser.add_argument("--output", type=Path, required=True, help="the ZIP to write")
    arguments = parser.parse_args()
    if not arguments.library.is_file():
        parser.error(f"there is no library {arguments.library}; build it first: cargo build --release --lib")
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    write_zip(arguments.output, members(arguments.library))


def members(library: Path) -> "dict[str, Path]":
    """Name in the ZIP and file, of everything that goes in."""
    return {**python_members(), f"{PLUGIN}/bandcluster/{library.name}": library}


def python_members() -> "dict[str, Path]":
    """The same without what is compiled."""
    found = {**_package(HERE / PLUGIN, PLUGIN), **_package(HERE / "bandcluster", f"{PLUGIN}/bandcluster")}
    found.update({f"{PLUGIN}/{name}": ROOT / name for name in LICENSES if (ROOT / name).is_file()})
    return found


def _package(folder: Path, name: str) -> "dict[str, Path]":
    files = (
        file for file in folder.rglob("*") if file.is_file() and file.suffix in SUFFIXES and file.name not in LEFT_OUT
    )
    return {f"{name}/{file.relative_to(folder).as_posix()}": file for file in files}


def write_zip(output: Path, files: "dict[str, Path]") -> None:
    """Beside its name first: an interrupted build leaves no half of a ZIP."""
    partial = output.with_suffix(".part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, TIMESTAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name].read_bytes())
    partial.replace(output)


if __name__ == "__main__":
    main()
