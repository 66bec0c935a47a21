"""What the Python command tells the program about its GDAL.

tests/test_wheel.py tests it with a real installation.
"""

import os
import sys

import pytest
from bandcluster import _gdal

NAMES = ("BANDCLUSTER_GDAL", "GDAL_DATA", "PROJ_DATA", "PROJ_LIB", "LD_LIBRARY_PATH")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch, tmp_path):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.prefix", str(tmp_path / "prefix"))


@pytest.fixture
def packages(monkeypatch, tmp_path):
    """A folder of packages with rasterio, as in its wheel for Linux."""
    folder = tmp_path / "site-packages"
    for part in ("rasterio/gdal_data", "rasterio/proj_data", "rasterio.libs"):
        (folder / part).mkdir(parents=True)
    (folder / "rasterio" / "__init__.py").write_text(
        "raise RuntimeError('nobody imports it for this')"
    )
    for name in ("libgdal-c8c9c467.so.36.3.10.3", "libgeos-1.so", "libproj-2.so.25"):
        (folder / "rasterio.libs" / name).touch()
    # other tests may have imported the real one
    monkeypatch.delitem(sys.modules, "rasterio", raising=False)
    monkeypatch.syspath_prepend(folder)
    return folder


def test_rasterios_wheel(packages):
    assert _gdal.environment() == {
        "BANDCLUSTER_GDAL": str(packages / "rasterio.libs" / "libgdal-c8c9c467.so.36.3.10.3"),
        "GDAL_DATA": str(packages / "rasterio" / "gdal_data"),
        "PROJ_DATA": str(packages / "rasterio" / "proj_data"),
        "PROJ_LIB": str(packages / "rasterio" / "proj_data"),
        "LD_LIBRARY_PATH": str(packages / "rasterio.libs"),
    }


def test_what_the_user_has_set_stays(packages, monkeypatch):
    monkeypatch.setenv("GDAL_DATA", "/mine")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/first")
    told = _gdal.environment()
    assert (
        "GDAL_DATA" not in told
        and told["LD_LIBRARY_PATH"] == f"/first:{packages / 'rasterio.libs'}"
    )
    monkeypatch.setenv("BANDCLUSTER_GDAL", "/my/libgdal.so")
    assert _gdal.environment() == {}


@pytest.mark.parametrize(
    "place",
    ["prefix/lib/libgdal.so.36", "prefix/lib/libgdal.36.dylib", "prefix/Library/bin/gdal.dll"],
)
def test_a_conda_environments(place, tmp_path, monkeypatch):
    monkeypatch.setattr(_gdal, "_rasterio", lambda: None)
    library = tmp_path / place
    library.parent.mkdir(parents=True)
    library.touch()
    assert _gdal.environment() == {"BANDCLUSTER_GDAL": str(library)}


@pytest.mark.parametrize("folder", [".dylibs", ".libs"])
def test_rasterios_wheels_for_other_systems(folder, packages):
    for file in (packages / "rasterio.libs").iterdir():
        file.unlink()
    library = packages / "rasterio" / folder / "libgdal.36.dylib"
    library.parent.mkdir()
    library.touch()
    told = _gdal.environment()
    assert told["BANDCLUSTER_GDAL"] == str(library) and "LD_LIBRARY_PATH" not in told


def test_where_there_is_none_the_system_is_asked(monkeypatch):
    monkeypatch.setattr(_gdal, "_rasterio", lambda: None)
    assert _gdal.environment() == {}


@pytest.mark.parametrize(
    ("name", "is_it"),
    [
        ("libgdal.so", True),
        ("libgdal.so.36", True),
        ("libgdal-36.dll", True),
        ("gdal-0f3b.dll", True),
        ("gdal310.dll", True),
        ("gdal_netCDF.so", False),
        ("gdal_netCDF.dll", False),
        ("libgdalalljni.so", False),
        ("libgdal.a", False),
        ("libgdal.so.txt", False),
        ("gdal.so", False),
    ],
)
def test_names_of_the_library(name, is_it, monkeypatch, tmp_path):
    monkeypatch.setattr(_gdal, "_rasterio", lambda: None)
    (tmp_path / "prefix" / "lib").mkdir(parents=True)
    (tmp_path / "prefix" / "lib" / name).touch()
    assert bool(_gdal.environment()) == is_it


def test_this_process_is_left_alone(packages):
    before = dict(os.environ)
    _gdal.environment()
    assert dict(os.environ) == before
