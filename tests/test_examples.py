"""Every program in examples/ is built and run: all of them make the same maps of two scenes.

plugin/tests/qgis/test_qgis_examples.py runs QGIS's, and tests/examples.rs runs Rust's.
"""

import os
import sys

import pytest
from helpers import C99, CLI, CPP17, DATA, ROOT, linked, must, read_bands

EXAMPLES = ROOT / "examples"
SCENE, NEIGHBOUR = DATA / "s2_train.tif", DATA / "s2_predict.tif"
HERE = {"c", "command-line", "cpp", "python"}
ELSEWHERE = {"qgis", "rust"}


@pytest.fixture(scope="module")
def environment(prefix):
    """The environment variables of a user who has installed the library and the command line."""
    path = f"{prefix / 'bin'}:{os.environ['PATH']}"
    library = str(prefix / "lib")
    return {"PATH": path, "LD_LIBRARY_PATH": library, "PYTHONPATH": str(ROOT / "plugin")}


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """The maps of both scenes, as the command line makes them."""
    folder = tmp_path_factory.mktemp("expected")
    model = folder / "model.json"
    must(CLI, "cluster", SCENE, folder / "scene.tif", "-k", 6, "--model", model, "-q")
    must(CLI, "predict", "--model", model, NEIGHBOUR, folder / "neighbour.tif", "-q")
    return {name: read_bands(folder / f"{name}.tif") for name in ("scene", "neighbour")}


def assert_same(folder, expected, names=("scene", "neighbour")):
    for name in names:
        assert (read_bands(folder / f"{name}.tif") == expected[name]).all(), name


def test_every_language_is_tried():
    assert {entry.name for entry in EXAMPLES.iterdir() if entry.is_dir()} == HERE | ELSEWHERE


def test_command_line(environment, tmp_path, expected):
    script = EXAMPLES / "command-line" / "neighbour.sh"
    must("sh", script, SCENE, NEIGHBOUR, tmp_path, env=environment)
    assert (read_bands(tmp_path / "six.tif") == expected["scene"]).all()
    assert set(read_bands(tmp_path / "neighbour.tif").ravel()) == {1, 2, 3, 4}
    assert {"report.html", "neighbour.gpkg"} <= {file.name for file in tmp_path.iterdir()}


def test_python_from_file_to_file(environment, tmp_path, expected):
    script = EXAMPLES / "python" / "neighbour.py"
    printed = must(sys.executable, script, tmp_path, SCENE, NEIGHBOUR, env=environment)
    assert len(printed.splitlines()) >= 6 and printed.startswith("class 1: ")
    (tmp_path / NEIGHBOUR.name).rename(tmp_path / "neighbour.tif")
    assert_same(tmp_path, expected)


def test_python_over_arrays(environment, tmp_path, expected):
    script = EXAMPLES / "python" / "arrays.py"
    must(sys.executable, script, SCENE, NEIGHBOUR, tmp_path, env=environment)
    assert_same(tmp_path, expected)


def test_c(environment, prefix, tmp_path, expected):
    source, program = EXAMPLES / "c" / "neighbour.c", tmp_path / "neighbour"
    must(*C99, source, *linked(prefix), "-o", program)
    printed = must(program, SCENE, NEIGHBOUR, cwd=tmp_path, env=environment)
    assert '"n_clusters":6' in printed
    assert_same(tmp_path, expected)


def test_cpp(environment, prefix, tmp_path, expected):
    source, program = EXAMPLES / "cpp" / "blocks.cpp", tmp_path / "blocks"
    must(*CPP17, source, *linked(prefix), "-o", program)
    bands = read_bands(SCENE)
    raw, labels = tmp_path / "scene.raw", tmp_path / "labels.raw"
    bands.transpose(1, 2, 0).tofile(raw)
    n_bands, height, width = bands.shape
    printed = must(program, raw, width, height, n_bands, labels, env=environment)
    assert labels.read_bytes() == expected["scene"].tobytes()
    assert len(printed.splitlines()) == 6


def test_cmake_builds_them(prefix, tmp_path):
    must("cmake", "-S", EXAMPLES, "-B", tmp_path, f"-DCMAKE_PREFIX_PATH={prefix}")
    must("cmake", "--build", tmp_path)
    assert (tmp_path / "neighbour").exists() and (tmp_path / "blocks").exists()
