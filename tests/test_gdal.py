"""GDAL is found at run time: which one, an error if there is none, and never a second one."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from helpers import CLI, ROOT, must, read_bands
from osgeo import gdal

LIBRARY = ROOT / "target" / "release" / "libbandcluster.so"
SCENE = ROOT / "tests" / "data" / "s2_train.tif"

# Prints the error message if there is no GDAL, version and path of the GDAL in use, and the GDAL
# libraries that are loaded.
ASK = """
import ctypes, sys
{before}
library = ctypes.CDLL(sys.argv[1])
for name in ("gdal_version", "gdal_path", "last_error"):
    getattr(library, f"bandcluster_{{name}}").restype = ctypes.c_char_p
library.bandcluster_gdal_use({file})
print(library.bandcluster_last_error().decode())
print((library.bandcluster_gdal_version() or b"none").decode())
print((library.bandcluster_gdal_path() or b"none").decode())
print(*sorted({{line.split()[-1] for line in open("/proc/self/maps") if "/libgdal" in line}}))
"""


def ask(before="", file="None", **environment):
    source = ASK.format(before=before, file=file)
    printed = must(sys.executable, "-c", source, LIBRARY, env=os.environ | environment)
    message, version, path, loaded = printed.split("\n")[:4]
    return message, version, path, loaded.split()


def installed():
    """The path of the system's GDAL."""
    return ask()[2]


def test_no_symbol_of_gdal_is_wanted_or_offered():
    for file in (LIBRARY, CLI):
        symbols = must("nm", "-D", file)
        assert not re.search(r"\b(GDAL|OGR|OSR|OCT|CPL|CSL|VSI)\w+", symbols), file
        assert "libgdal" not in must("readelf", "-d", file), file


def test_the_systems_gdal_is_found():
    message, version, path, loaded = ask()
    assert (message, loaded) == ("", [path])
    assert (
        version == must("gdal-config", "--version").strip()
        if Path("/usr/bin/gdal-config").exists()
        else version
    )


def test_the_gdal_that_the_process_has_loaded_is_used():
    message, version, path, loaded = ask(before="from osgeo import gdal")
    assert (message, loaded) == ("", [path])
    named = must(
        sys.executable, "-c", "from osgeo import gdal; print(gdal.VersionInfo('RELEASE_NAME'))"
    ).strip()
    assert version == named


# Imports as in a notebook: rasterio first, and no osgeo. Prints the GDAL libraries that are loaded.
NOTEBOOK = """
import rasterio, bandcluster, ctypes, json, sys
scene, folder = sys.argv[1:]
outcome = bandcluster.cluster_file(
    scene, f"{folder}/map.tif", n_clusters=4, model=f"{folder}/model.json", \
polygons=f"{folder}/polygons.gpkg"
)
with rasterio.open(f"{folder}/map.tif") as labels:
    counts = [int((labels.read(1) == value).sum()) for value in range(1, 5)]
assert counts == [found["count"] for found in outcome.classes]
loaded = {line.split()[-1] for line in open("/proc/self/maps") if "/libgdal" in line}
print(json.dumps({"loaded": sorted(loaded), "counts": counts}))
"""


def test_the_gdal_inside_rasterio_does_whole_jobs(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "plugin")}
    told = json.loads(must(sys.executable, "-c", NOTEBOOK, SCENE, tmp_path, env=environment))
    assert len(told["loaded"]) == 1 and "rasterio.libs" in told["loaded"][0]
    made = tmp_path / "polygons.gpkg"
    must(
        CLI,
        "cluster",
        SCENE,
        tmp_path / "again.tif",
        "-k",
        4,
        "--model",
        tmp_path / "again.json",
        "--quiet",
    )
    assert (tmp_path / "model.json").read_bytes() == (tmp_path / "again.json").read_bytes()
    assert (
        gdal.Open(str(tmp_path / "map.tif")).ReadAsArray()
        == gdal.Open(str(tmp_path / "again.tif")).ReadAsArray()
    ).all()
    assert "Layer name" in must("ogrinfo", "-so", "-al", made)


@pytest.fixture(scope="module")
def newest(tmp_path_factory):
    """Environment variables with which the command line uses GDAL 3.12, from rasterio's wheel."""
    folder = tmp_path_factory.mktemp("newest")
    wheel = ["rasterio==1.5.2", "--no-deps", "--only-binary", ":all:", "--python-version", "3.13"]
    must(sys.executable, "-m", "pip", "download", "--quiet", *wheel, "--dest", folder)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as files:
        files.extractall(folder)
    data = {
        "PROJ_DATA": folder / "rasterio" / "proj_data",
        "GDAL_DATA": folder / "rasterio" / "gdal_data",
    }
    library = next((folder / "rasterio.libs").glob("libgdal-*"))
    return {name: str(path) for name, path in {**data, "BANDCLUSTER_GDAL": library}.items()}


@pytest.mark.parametrize("of", ["GTiff", "COG"])
def test_gdal_3_12_makes_the_same_files(of, newest, tmp_path):
    assert must(CLI, "--version", env=newest).splitlines()[1].startswith("GDAL 3.12.")
    files = ["--model", "model.json", "--polygons", "polygons.gpkg"]
    for name, environment in {"old": {}, "new": newest}.items():
        (tmp_path / name).mkdir()
        job = [CLI, "cluster", SCENE, "map.tif", "-k", 4, "--of", of, *files, "--quiet"]
        must(*job, cwd=tmp_path / name, env=environment)
    old, new = tmp_path / "old", tmp_path / "new"
    assert sorted(path.name for path in old.iterdir()) == sorted(
        path.name for path in new.iterdir()
    )
    for name in ("model.json", "map.qml"):
        assert (old / name).read_bytes() == (new / name).read_bytes(), name
    # GDAL 3.12 repeats some numbers of the table as words.
    tables = [(folder / "map.tif.aux.xml").read_text() for folder in (old, new)]
    assert (
        tables[0] == re.sub(r' (type|usage)AsString="\w+"', "", tables[1]) and "<Row " in tables[0]
    )
    assert (read_bands(old / "map.tif") == read_bands(new / "map.tif")).all()
    told = [
        must(CLI, "info", "--json", "map.tif", cwd=old, env=environment)
        for environment in ({}, newest)
    ]
    assert told[0] == told[1]


def test_a_file_can_be_named():
    path = installed()
    assert ask(BANDCLUSTER_GDAL=path)[:3] == ("", *ask()[1:3])
    assert ask(file=f"{path.encode()!r}")[:3] == ("", *ask()[1:3])


@pytest.mark.parametrize(
    ("file", "why"),
    [("/nowhere/libgdal.so", "does not load"), (str(LIBRARY), "is not a library of GDAL")],
)
def test_a_file_that_will_not_do_is_refused(file, why):
    message, version, path, loaded = ask(BANDCLUSTER_GDAL=file)
    assert file in message and why in message and "BANDCLUSTER_GDAL" in message
    assert (version, path, loaded) == ("none", "none", [])


def test_there_is_never_a_second_one(tmp_path):
    other = tmp_path / "libgdal.so.99"
    other.write_bytes(Path(installed()).read_bytes())
    message, version, _path, loaded = ask(
        before="from osgeo import gdal", BANDCLUSTER_GDAL=str(other)
    )
    assert str(other) in message and "two do not go together" in message
    assert version == "none" and len(loaded) == 1


def test_version_tells_which_was_found():
    told = must(CLI, "--version")
    assert told.splitlines()[1] == f"GDAL {ask()[1]} ({installed()})"
    assert must(CLI, "info", "--version").splitlines()[1:] == told.splitlines()[1:]
    assert "GDAL" not in must(CLI, "-V")


def without_gdal(*command):
    """Runs a command in a mount namespace in which the files of the system's GDAL are empty."""
    libraries = [
        str(path)
        for path in Path("/usr/lib").glob("*-linux-gnu/libgdal.so*")
        if not path.is_symlink()
    ]
    hide = "; ".join(f"mount --bind /dev/null {library}" for library in libraries)
    return subprocess.run(
        [
            "unshare",
            "--mount",
            "--map-root-user",
            "sh",
            "-c",
            f'{hide}; exec "$@"',
            "sh",
            *map(str, command),
        ],
        capture_output=True,
        text=True,
    )


def test_without_gdal_the_library_loads_and_says_what_is_missing():
    if without_gdal("true").returncode:
        pytest.skip("this machine allows no name spaces, so its GDAL cannot be hidden")
    done = without_gdal(CLI, "info", SCENE)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(
        r"bandcluster: raster files need GDAL 3\.4 or later, and none was found \(looked for .*\):"
        r" install GDAL, "
        r"import osgeo or rasterio before, or set BANDCLUSTER_GDAL to the file of its library\n",
        done.stderr,
    )
    # Each of these calls GDAL before it opens a scene.
    for command in (
        ["cluster", SCENE, "/tmp/map.tif", "--polygons", "/tmp/map.gpkg"],
        ["cluster", "product.zip", "/tmp/map.tif"],
        ["predict", "m.json", SCENE, "/tmp/map.tif", "--polygons", "/tmp/map.shp"],
    ):
        done = without_gdal(CLI, *command)
        assert (done.returncode, done.stdout) == (
            1,
            "",
        ) and "raster files need GDAL" in done.stderr, command
    told = without_gdal(CLI, "--version")
    assert told.returncode == 0 and "no GDAL: raster files need GDAL" in told.stdout
    fit = (
        "import bandcluster, numpy; print(bandcluster.fit(numpy.eye(6).reshape(1, 6, 6), 2).counts)"
    )
    fitted = without_gdal("env", f"PYTHONPATH={ROOT / 'plugin'}", sys.executable, "-c", fit)
    assert fitted.stdout == "[30  6]\n", fitted.stderr
