"""The Python package as users get it: in an empty environment, with rasterio from PyPI."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile

import numpy as np
import pytest
from helpers import CLI, DATA, ROOT, TIMEOUT, must, read_bands, run

VERSION = next(
    line.split('"')[1] for line in (ROOT / "Cargo.toml").open() if line.startswith("version = ")
)
PACKAGE = ROOT / "plugin" / "bandcluster"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder with the source distribution and the wheel made from it.

    The wheel has the library that is already built.
    """
    folder = tmp_path_factory.mktemp("dist")
    environment = {"BANDCLUSTER_BUILT": str(ROOT / "target" / "release")}
    must(sys.executable, "-m", "build", "--outdir", folder, ROOT, env=environment)
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    [wheel] = built.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def empty(wheel, tmp_path_factory):
    """An environment with only the package, two extras, rasterio and what notebooks need."""
    folder = tmp_path_factory.mktemp("environment")
    must("/usr/bin/python3", "-m", "venv", folder)
    extras = f"{wheel}[sklearn,plot]"
    must(folder / "bin" / "pip", "install", "--quiet", extras, "rasterio", "nbclient", "ipykernel")
    return folder


@pytest.fixture(scope="module")
def environment(empty, tmp_path_factory):
    """Environment variables that hide the system's GDAL behind files that are not libraries."""
    hidden = tmp_path_factory.mktemp("no-gdal")
    for name in ("libgdal.so", *(f"libgdal.so.{number}" for number in range(20, 70))):
        (hidden / name).write_text("not a library")
    told = {
        "PATH": f"{empty / 'bin'}:/usr/bin:/bin",
        "LD_LIBRARY_PATH": str(hidden),
        "HOME": str(hidden),
    }
    assert "no GDAL" in run(CLI, "--version", env=told).stdout
    return told


@pytest.fixture
def python(empty, environment, tmp_path):
    """Runs code in that environment, away from the sources; returns what it prints.

    Nothing goes to standard error.
    """

    def python(code):
        command = [empty / "bin" / "python", "-c", code]
        done = subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=TIMEOUT
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    return python


def test_the_wheel_has_what_it_should(wheel):
    assert wheel.name.startswith(f"bandcluster-{VERSION}-py3-none-linux_")
    names = set(zipfile.ZipFile(wheel).namelist())
    files = (file.relative_to(PACKAGE) for file in PACKAGE.rglob("*") if file.is_file())
    sources = {f"bandcluster/{file}" for file in files if file.parent.name != "__pycache__"}
    native = {"bandcluster/libbandcluster.so", "bandcluster/bin/bandcluster"}
    assert {name for name in names if name.startswith("bandcluster/")} == sources | native
    rest = {name.split(".dist-info/")[1] for name in names - sources - native}
    licenses = {
        f"licenses/{name}"
        for name in ("LICENSE", "LICENSE-MIT", "LICENSE-APACHE", "THIRD_PARTY.txt")
    }
    assert rest == {"METADATA", "RECORD", "WHEEL", "entry_points.txt"} | licenses


def test_it_needs_numpy_alone(wheel):
    metadata = (
        zipfile.ZipFile(wheel)
        .read(f"bandcluster-{VERSION}.dist-info/METADATA")
        .decode()
        .split("\n\n")[0]
    )
    fields = [line.split(": ", 1) for line in metadata.splitlines()]
    assert [value for key, value in fields if key == "Requires-Dist" and "extra" not in value] == [
        "numpy>=1.22"
    ]
    assert {value for key, value in fields if key == "Provides-Extra"} == {
        "xarray",
        "dask",
        "sklearn",
        "plot",
        "all",
    }
    assert ["Version", VERSION] in fields and ["Requires-Python", ">=3.9"] in fields


def test_its_page_has_whole_addresses(wheel):
    page = (
        zipfile.ZipFile(wheel)
        .read(f"bandcluster-{VERSION}.dist-info/METADATA")
        .decode()
        .split("\n\n", 1)[1]
    )
    links = re.findall(r"\]\(([^)]+)\)", page)
    assert (
        len(links) > 10 and [link for link in links if not link.startswith(("https:", "#"))] == []
    )
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page)
    assert pictures and all("/raw/main/docs/images/" in picture for picture in pictures)


def test_the_source_distribution_is_what_cargo_builds(built, tmp_path):
    [sdist] = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path)
    [source] = tmp_path.iterdir()
    # Cargo finds all the programs, benchmarks and examples that Cargo.toml names, and the lock file
    # is complete.
    told = json.loads(
        must("cargo", "metadata", "--locked", "--no-deps", "--format-version=1", cwd=source)
    )
    for target in told["packages"][0]["targets"]:
        assert os.path.isfile(target["src_path"]), target["name"]
    for folder in ("src", "include", "plugin/bandcluster"):
        wanted = {file.relative_to(ROOT) for file in (ROOT / folder).rglob("*") if file.is_file()}
        wanted = {path for path in wanted if path.suffix not in (".pyc",)}
        assert all((source / path).read_bytes() == (ROOT / path).read_bytes() for path in wanted)
    for name in (
        "Cargo.lock",
        "build.rs",
        "cbindgen.toml",
        "askama.toml",
        ".cargo/config.toml",
        "LICENSE-MIT",
    ):
        assert (source / name).is_file(), name


def test_a_library_that_is_not_there_is_told(tmp_path):
    environment = {"BANDCLUSTER_BUILT": str(tmp_path)}
    done = run(
        sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", tmp_path, ROOT, env=environment
    )
    assert done.returncode and "has no libbandcluster.so" in done.stdout + done.stderr


FIT_AND_PREDICT = f"""
import bandcluster, numpy, rasterio, sys
with rasterio.open("{DATA / "s2_train.tif"}") as scene:
    image = scene.read()
model = bandcluster.fit(image, n_clusters=6)
labels = model.predict(image)
print(bandcluster.__version__, "site-packages" in bandcluster.find_library(), bandcluster.__file__)
print(labels.shape, labels.max(), labels.sum())
"""


def test_fit_and_predict(python, empty):
    first, second = python(FIT_AND_PREDICT).splitlines()
    assert first.startswith(f"{VERSION} True {empty}")
    import bandcluster

    labels = bandcluster.fit(read_bands(DATA / "s2_train.tif"), 6).predict(
        read_bands(DATA / "s2_train.tif")
    )
    assert second == f"{labels.shape} {labels.max()} {labels.sum()}"


NOTEBOOK = ROOT / "docs" / "notebooks" / "sentinel2_clustering.ipynb"
RUN_NOTEBOOK = f"""
import sys
sys.path.insert(0, {str(NOTEBOOK.parent)!r})
import nbformat
from run import executed
for cell in executed({str(NOTEBOOK)!r}, installed=True).cells:
    for output in cell.get("outputs", []):
        print(output.get("text", sorted(output.get("data", []))))
"""


def test_the_notebook_prints_and_shows_what_is_stored(empty, environment, tmp_path):
    told = {**environment, "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    printed = must(empty / "bin" / "python", "-c", RUN_NOTEBOOK, cwd=tmp_path, env=told)
    cells = json.loads(NOTEBOOK.read_text())["cells"]
    stored = [output for cell in cells for output in cell.get("outputs", [])]
    wanted = ["".join(one["text"]) if "text" in one else sorted(one["data"]) for one in stored]
    assert printed == "".join(f"{one}\n" for one in wanted) and len(wanted) > 8


def test_the_estimators(python):
    assert (
        python(f"""
import rasterio
from bandcluster.sklearn import KMeans
with rasterio.open("{DATA / "s2_train.tif"}") as scene:
    table = scene.read([1, 2, 3]).reshape(3, -1).T
print(KMeans(n_clusters=4).fit(table).labels_.max())
""")
        == "3\n"
    )


def cluster_elsewhere(folder):
    """Makes the same map by the command line of this tree and the system's GDAL."""
    must(
        CLI,
        "cluster",
        DATA / "s2_train.tif",
        folder / "other.tif",
        "-k",
        6,
        "--model",
        folder / "other.json",
        "-q",
    )


FROM_FILE_TO_FILE = f"""
{{before}}
import bandcluster
outcome = bandcluster.cluster_file("{DATA / "s2_train.tif"}", "map.tif", n_clusters=6, \
model="model.json")
print([round(area, 2) for area in outcome.areas.values()])
import rasterio
with rasterio.open("map.tif") as labels:
    print(labels.crs.to_epsg(), labels.read().sum())
print(*sorted({{{{line.split()[-1] for line in open("/proc/self/maps") if "/libgdal" in line}}}}))
"""


@pytest.mark.parametrize("before", ["", "import rasterio"])
def test_files_go_through_rasterios_gdal(before, python, tmp_path):
    areas, map, loaded = python(FROM_FILE_TO_FILE.format(before=before)).splitlines()
    assert "rasterio.libs" in loaded and len(loaded.split()) == 1
    cluster_elsewhere(tmp_path)
    assert map == f"32618 {read_bands(tmp_path / 'other.tif').sum()}"
    assert (tmp_path / "model.json").read_bytes() == (tmp_path / "other.json").read_bytes()
    assert areas.count(",") == 5 and "None" not in areas


def test_the_command_line(environment, empty, tmp_path):
    def command(*arguments, **more):
        return run("bandcluster", *arguments, cwd=tmp_path, env={**environment, **more})

    assert shutil.which("bandcluster", path=environment["PATH"]) == str(
        empty / "bin" / "bandcluster"
    )
    told = command("--version")
    assert (
        told.stdout.startswith(f"bandcluster {VERSION}\nGDAL 3.") and "rasterio.libs" in told.stdout
    )
    done = command("cluster", DATA / "s2_train.tif", "map.tif", "-k", "6", "--model", "model.json")
    assert (done.returncode, done.stderr.count("ERROR"), done.stderr.count("PROJ")) == (
        0,
        0,
        0,
    ), done.stderr
    cluster_elsewhere(tmp_path)
    mine, other = (read_bands(tmp_path / name) for name in ("map.tif", "other.tif"))
    assert np.array_equal(mine, other)
    assert must("gdalsrsinfo", "-o", "epsg", tmp_path / "map.tif").strip() == "EPSG:32618"
    assert command("cluster", "none.tif", "map.tif").returncode == 1
    assert command("clutser").returncode == 2
    named = command("--version", BANDCLUSTER_GDAL="/nowhere/libgdal.so")
    assert "rasterio" not in named.stdout  # the user's choice is not replaced


def test_pip_uninstalls_all_of_it(wheel, tmp_path):
    must("/usr/bin/python3", "-m", "venv", tmp_path / "venv")
    files = tmp_path / "venv"
    before = fingerprint(files)
    must(files / "bin" / "pip", "install", "--quiet", "--no-deps", "--no-compile", wheel)
    assert fingerprint(files) != before
    must(files / "bin" / "pip", "uninstall", "--quiet", "--yes", "bandcluster")
    assert fingerprint(files) == before


def fingerprint(folder):
    names = sorted(str(path) for path in folder.rglob("*") if "__pycache__" not in str(path))
    return hashlib.sha256("\n".join(names).encode()).hexdigest()
