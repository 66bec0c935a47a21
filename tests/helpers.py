"""Helpers for tests: paths, running programs, raw files, labels."""

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
from osgeo import gdal

gdal.UseExceptions()

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"
CLI = ROOT / "target" / "release" / "bandcluster"

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
C99 = ["gcc", "-std=c99", *WARNINGS]
CPP17 = ["g++", "-std=c++17", *WARNINGS]

# "Possibly lost" is no error: Rust's runtime has a record of the main thread that valgrind reports.
LEAKS = ["--leak-check=full", "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite"]
VALGRIND = [
    "valgrind",
    "--quiet",
    "--error-exitcode=9",
    f"--suppressions={ROOT / 'tests' / 'valgrind.supp'}",
    *LEAKS,
]


# Seconds. It is only for programs that hang: on a busy machine valgrind takes an hour.
TIMEOUT = 3600


def run(*command, cwd=None, env=None, timeout=TIMEOUT):
    """Runs a command, which may fail; returns the finished process with its output as text."""
    environment = {**os.environ, **(env or {})}
    return subprocess.run(
        [
            shutil.which(command[0], path=environment["PATH"]) or command[0],
            *(str(part) for part in command[1:]),
        ],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def must(*command, **options):
    """Runs a command that must succeed; returns its standard output."""
    done = run(*command, **options)
    assert done.returncode == 0, f"{command} exited {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout


def read_bands(path):
    """All bands of a raster file: (bands, height, width)."""
    pixels = gdal.Open(str(path)).ReadAsArray()
    return pixels if pixels.ndim == 3 else pixels[np.newaxis]


def write_bands(path, bands, driver="GTiff", nodata=None, creation=()):
    """Writes an array (bands, height, width) to a raster file with a georeference."""
    n_bands, height, width = bands.shape
    kind = {
        "uint8": gdal.GDT_Byte,
        "uint16": gdal.GDT_UInt16,
        "int16": gdal.GDT_Int16,
        "float32": gdal.GDT_Float32,
    }
    dataset = gdal.GetDriverByName(driver).Create(
        str(path), width, height, n_bands, kind[bands.dtype.name], list(creation)
    )
    dataset.SetGeoTransform((500000, 10, 0, 4100000, 0, -10))
    dataset.SetProjection(gdal.Open(str(DATA / "s2_train.tif")).GetProjection())
    for index, band in enumerate(bands, start=1):
        dataset.GetRasterBand(index).WriteArray(band)
        if nodata is not None:
            dataset.GetRasterBand(index).SetNoDataValue(nodata)
    return path


# The order of the axes (bands, rows, columns) in a raw file.
INTERLEAVES = {"bsq": (0, 1, 2), "bil": (1, 0, 2), "bip": (1, 2, 0)}


def write_raw(path, bands, interleave="bsq"):
    """Writes samples without a header, for tests/c/cluster_raw.c and similar programs."""
    bands.transpose(INTERLEAVES[interleave]).tofile(path)
    return path


def raw_arguments(path, bands, n_clusters):
    """The arguments of cluster_raw for that file."""
    n_bands, height, width = bands.shape
    return [path, width, height, n_bands, bands.dtype.name, n_clusters]


def linked(prefix):
    """pkg-config's compiler flags for the library installed in a prefix."""
    flags = must("pkg-config", "--cflags", "--libs", "bandcluster", env=installed(prefix))
    return flags.split()


def installed(prefix):
    """The environment variables of a user of the files installed in a prefix."""
    return {
        "PKG_CONFIG_PATH": str(prefix / "lib" / "pkgconfig"),
        "LD_LIBRARY_PATH": str(prefix / "lib"),
    }
