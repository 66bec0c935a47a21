"""Linux on arm64, under qemu: C programs, the same bytes as here, and a job with GDAL."""

import re
import shutil

import numpy as np
import pytest
from conftest import BUILT, SAME, assert_same_files, assert_same_job
from helpers import DATA, ROOT, must, raw_arguments, write_raw

LIBRARIES = BUILT / "linux-arm64"
HEADER = (ROOT / "include" / "bandcluster.h").read_text(encoding="utf-8")
ABI_VERSION = re.search(r"#define BANDCLUSTER_ABI_VERSION (\d+)", HEADER)[1]
# Wheels and a Debian for arm64, unpacked by .ci/platforms.
SITE = ROOT / "target" / "platforms" / "arm64" / "site"
DEBIAN = ROOT / "target" / "platforms" / "arm64" / "debian"
ZIG = ROOT / "target" / "dist" / "venv" / "bin" / "python"


def qemu(*command, **variables):
    """Runs a program for arm64; returns what it prints."""
    given = (word for name, value in variables.items() for word in ("-E", f"{name}={value}"))
    return must("qemu-aarch64", "-L", DEBIAN, *given, *command)


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """Runs CPython for arm64 with the package and its library."""
    folder = tmp_path_factory.mktemp("package")
    package = shutil.copytree(ROOT / "plugin" / "bandcluster", folder / "bandcluster")
    shutil.copy(LIBRARIES / "libbandcluster.so", package)
    (package / "bin").mkdir()
    shutil.copy(LIBRARIES / "bandcluster", package / "bin")
    variables = {"PYTHONPATH": f"{folder}:{SITE}", "PYTHONDONTWRITEBYTECODE": "1"}

    def python(*words):
        return qemu(DEBIAN / "usr" / "bin" / "python3", *words, **variables)

    return python


def test_models_and_labels_are_those_of_here(python, pixels, here, tmp_path):
    python(SAME, pixels, tmp_path)
    assert_same_files(tmp_path, here)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Builds a program of tests/ for arm64 and runs it."""
    folder = tmp_path_factory.mktemp("arm64")
    shutil.copy(LIBRARIES / "libbandcluster.so", folder / f"libbandcluster.so.{ABI_VERSION}")

    def run(source, *arguments):
        path = folder / source.replace("/", "_").replace(".", "_")
        language = "cc" if source.endswith(".c") else "c++"
        compiler = [ZIG, "-m", "ziglang", language, "-target", "aarch64-linux-gnu.2.17"]
        must(
            *compiler,
            "-I",
            ROOT / "include",
            ROOT / "tests" / source,
            LIBRARIES / "libbandcluster.so",
            "-o",
            path,
        )
        return qemu(path, *arguments, LD_LIBRARY_PATH=folder)

    return run


@pytest.mark.parametrize("source", ["c/bad_input.c", "c/options.c"])
def test_checks_in_c(source, run, tmp_path):
    (tmp_path / "garbage").write_bytes(bytes(range(256)) * 8)
    run(source, tmp_path)


@pytest.mark.parametrize("source", ["c/cluster_raw.c", "cpp/cluster_raw.cpp"])
def test_labels_and_centres_are_those_of_here(source, run, scene, cluster_raw, tmp_path):
    cut = np.ascontiguousarray(scene[:, :300, :300])
    arguments = raw_arguments(write_raw(tmp_path / "scene.raw", cut), cut, 5)
    printed = cluster_raw("c", *arguments, "bsq", tmp_path / "here.raw")
    assert run(source, *arguments, "bsq", tmp_path / "arm64.raw") == printed
    assert (tmp_path / "arm64.raw").read_bytes() == (tmp_path / "here.raw").read_bytes()


def test_the_command_line_without_a_gdal(tmp_path):
    assert "no GDAL" in qemu(LIBRARIES / "bandcluster", "--version")


def test_a_job_through_rasterios_gdal(tmp_path):
    libraries = SITE / "rasterio.libs"
    [gdal] = libraries.glob("libgdal-*.so.*")
    environment = {"BANDCLUSTER_GDAL": gdal, "PROJ_LIB": SITE / "rasterio" / "proj_data"}
    environment |= {"GDAL_DATA": SITE / "rasterio" / "gdal_data", "LD_LIBRARY_PATH": libraries}
    model = tmp_path / "arm64" / "model.json"
    model.parent.mkdir()
    words = DATA / "s2_train.tif", model.with_name("map.tif"), "-k", 6, "--model", model
    qemu(LIBRARIES / "bandcluster", "cluster", *words, **environment)
    assert_same_job(model.parent, tmp_path)
