#!/usr/bin/env python3
"""Build the plugin's ZIP for "Install from ZIP": plugin, binding, libraries, licences.

The libraries are in bandcluster/native/PLATFORM, with a list of their checksums. The binding uses
the library of its platform if its checksum is the listed one (plugin/bandcluster/_library.py).
"""

import argparse
import hashlib
import re
import runpy
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PLUGIN = "bandcluster_qgis"
LICENSES = ("LICENSE", "LICENSE-MIT", "LICENSE-APACHE", "THIRD_PARTY.txt")
SUFFIXES = {".py", ".txt", ".svg", ".ts"}
# Not needed in QGIS: the starter of the command line, and what is for Dask or scikit-learn.
LEFT_OUT = {"_program.py", "dask", "sklearn"}
TIMESTAMP = (1980, 1, 1, 0, 0, 0)  # the same input gives the same bytes
PLATFORM = runpy.run_path(str(HERE / "bandcluster" / "_platform.py"))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--library",
        action="append",
        required=True,
        metavar="[PLATFORM=]FILE",
        help=(
            "a native library to put in, for this platform or another (such as"
            " windows-x86_64=bandcluster.dll)"
        ),
    )
    parser.add_argument("--output", type=Path, required=True, help="the ZIP to write")
    arguments = parser.parse_args()
    try:
        files = members(libraries(arguments.library))
    except ValueError as error:
        parser.error(str(error))
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    write_zip(arguments.output, files)


def libraries(given: "list[str]") -> "dict[str, bytes]":
    """The libraries by their names below native/, such as linux-x86_64/libbandcluster.so."""
    found = {}
    for one in given:
        platform, _, file = one.rpartition("=")
        platform = platform or PLATFORM["this_platform"]()
        system = platform.partition("-")[0]
        if system not in PLATFORM["FILE_NAMES"]:
            raise ValueError(
                f"{platform} is no platform of {', '.join(PLATFORM['FILE_NAMES'])}, such as"
                " linux-x86_64"
            )
        if not Path(file).is_file():
            raise ValueError(
                f"there is no library {file}; build it first: cargo build --release --lib"
            )
        name = f"{platform}/{PLATFORM['FILE_NAMES'][system]}"
        if name in found:
            raise ValueError(
                f"two libraries are given for {platform}: {file} is the second; give one"
            )
        found[name] = Path(file).read_bytes()
    return found


def members(native: "dict[str, bytes]") -> "dict[str, bytes]":
    """The content of the ZIP by name."""
    return {
        **python_members(),
        **{f"{PLUGIN}/bandcluster/native/{name}": content for name, content in native.items()},
        f"{PLUGIN}/bandcluster/native/SHA256SUMS": checksums(native),
    }


def python_members() -> "dict[str, bytes]":
    """The content of the ZIP without libraries."""
    found = {
        **_package(HERE / PLUGIN, PLUGIN),
        **_package(HERE / "bandcluster", f"{PLUGIN}/bandcluster"),
    }
    found.update(
        {
            f"{PLUGIN}/{name}": (ROOT / name).read_bytes()
            for name in LICENSES
            if (ROOT / name).is_file()
        }
    )
    metadata = f"{PLUGIN}/metadata.txt"
    found[metadata] = re.sub(
        rb"(?m)^version=.*$", b"version=" + version().encode(), found[metadata]
    )
    return found


def checksums(native: "dict[str, bytes]") -> bytes:
    """The checksums in the format of `sha256sum`."""
    lines = (f"{hashlib.sha256(native[name]).hexdigest()}  {name}\n" for name in sorted(native))
    return "".join(lines).encode()


def version() -> str:
    """The project's version, from Cargo.toml."""
    return re.search(
        r'(?m)^version = "(.+)"', (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    ).group(1)


def _package(folder: Path, name: str) -> "dict[str, bytes]":
    places = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    return {
        f"{name}/{place.as_posix()}": (folder / place).read_bytes()
        for place in places
        if place.suffix in SUFFIXES and place.parts[0] not in LEFT_OUT
    }


def write_zip(output: Path, files: "dict[str, bytes]") -> None:
    """Writes a temporary file first: an interrupted build leaves no part of a ZIP."""
    partial = output.with_suffix(".part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, TIMESTAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    partial.replace(output)


if __name__ == "__main__":
    main()
