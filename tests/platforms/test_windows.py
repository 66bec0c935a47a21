"""Windows, by Wine: the same bytes as on Linux, jobs with GDAL, names, files in use."""

import json
import shutil
import zipfile

import numpy as np
import pytest
from conftest import BUILT, SAME, SITE, WINDOWS, assert_same_files, assert_same_job, files
from helpers import DATA, ROOT, must, raw_arguments, write_raw

GCC = ["x86_64-w64-mingw32-gcc-posix", "-std=c99", "-Wall", "-Wextra", "-Werror"]
GXX = ["x86_64-w64-mingw32-g++-posix", "-std=c++17", "-Wall", "-Wextra", "-Werror", "-static"]


def test_models_and_labels_are_those_of_linux(wine, work, pixels, here):
    shutil.copy(pixels, work / "pixels.npy")
    shutil.copy(SAME, work)
    (work / "out").mkdir()
    wine.must(
        "python/python.exe", f"{work.name}/same.py", f"{work.name}/pixels.npy", f"{work.name}/out"
    )
    assert_same_files(work / "out", here)


@pytest.fixture(scope="session")
def programs(wine):
    """The C and C++ programs of tests/, linked by MinGW with the import library, and the DLL."""
    folder = wine.folder / "programs"
    folder.mkdir(exist_ok=True)
    shutil.copy(BUILT / "windows-x86_64" / "bandcluster.dll", folder)
    for source in (
        "c/bad_input.c",
        "c/options.c",
        "c/cluster_raw.c",
        "c/run_job.c",
        "cpp/cluster_raw.cpp",
    ):
        compiler = GCC if source.endswith(".c") else GXX
        program = folder / f"{source.replace('/', '_').replace('.', '_')}.exe"
        library = BUILT / "windows-x86_64" / "libbandcluster.dll.a"
        must(
            *compiler,
            "-I",
            ROOT / "include",
            ROOT / "tests" / source,
            library,
            "-lm",
            "-o",
            program,
        )
    return "programs"


@pytest.mark.parametrize("program", ["c_bad_input_c", "c_options_c"])
def test_checks_in_c(program, wine, programs, work):
    (work / "garbage").write_bytes(bytes(range(256)) * 8)
    wine.must(f"{programs}/{program}.exe", work.name)


def test_c_cpp_and_linux_agree(wine, programs, work, scene, cluster_raw, tmp_path):
    cut = np.ascontiguousarray(scene[:, :200, :200])
    _, *arguments = raw_arguments(write_raw(work / "scene.raw", cut), cut, 5)
    printed = cluster_raw("c", work / "scene.raw", *arguments, "bsq", tmp_path / "linux.raw")
    for language in ("c", "cpp"):
        program = f"{programs}/{language}_cluster_raw_{language}.exe"
        labels = f"{work.name}/{language}.raw"
        told = wine.must(program, f"{work.name}/scene.raw", *arguments, "bsq", labels)
        assert told.split() == printed.split()
        assert (wine.folder / labels).read_bytes() == (tmp_path / "linux.raw").read_bytes()


GDAL = next((SITE / "rasterio.libs").glob("gdal-*.dll"), None)
ON_WINDOWS = "C:\\work\\" + str(SITE.relative_to(WINDOWS)).replace("/", "\\")


JOB = """
{before}
import json, sys, bandcluster
outcome = bandcluster.cluster_file(r"{folder}\\scene.tif", r"{folder}\\map.tif", n_clusters=6,
    model=r"{folder}\\model.json", report=r"{folder}\\report.html", quicklook=r"{folder}\\look.png",
    polygons=r"{folder}\\classes.gpkg")
bandcluster.predict_file(r"{folder}\\model.json", r"{folder}\\neighbour.tif", r"{folder}\\n.tif")
print(json.dumps(outcome.facts))
"""


@pytest.mark.parametrize("before", ["", "import rasterio"])
def test_a_job_through_rasterios_gdal(before, wine, work, tmp_path):
    shutil.copy(DATA / "s2_train.tif", work / "scene.tif")
    shutil.copy(DATA / "s2_predict.tif", work / "neighbour.tif")
    facts = json.loads(wine.python(JOB.format(before=before, folder=rf"C:\work\{work.name}")))
    assert_same_job(work, tmp_path, "n.tif")
    assert all(area["area_ha"] for area in facts["classes"])
    assert [path.name for path in work.iterdir() if path.name.startswith(".")] == []


def environment():
    """The environment variables with which the program finds the wheel's GDAL and its data."""
    return {
        "BANDCLUSTER_GDAL": rf"{ON_WINDOWS}\rasterio.libs\{GDAL.name}",
        "GDAL_DATA": rf"{ON_WINDOWS}\rasterio\gdal_data",
        "PROJ_LIB": rf"{ON_WINDOWS}\rasterio\proj_data",
    }


PROGRAM = (SITE / "bandcluster" / "bin" / "bandcluster.exe").relative_to(WINDOWS)


def test_the_command_line(wine, work, tmp_path):
    told = wine.must(PROGRAM, "--version", **environment())
    assert (
        "GDAL 3." in told
        and rf"{ON_WINDOWS}\rasterio.libs\{GDAL.name}" in told
        and "\\\\?\\" not in told
    )
    shutil.copy(DATA / "s2_train.tif", work)
    inputs = rf"{work.name}\s2_train.tif"
    output, model = rf"{work.name}\map.tif", rf"{work.name}\model.json"
    wine.must(PROGRAM, "cluster", inputs, output, "-k", "6", "--model", model, **environment())
    assert_same_job(work, tmp_path)
    failed = wine.run(PROGRAM, "cluster", inputs, output, "-k", "6", **environment())
    assert failed.returncode == 1 and "--overwrite" in failed.stderr


def test_without_a_gdal_it_says_so(wine, work):
    shutil.copy(DATA / "s2_train.tif", work)
    failed = wine.run(PROGRAM, "cluster", f"{work.name}/s2_train.tif", f"{work.name}/map.tif")
    assert (
        failed.returncode == 1
        and "gdal.dll" in failed.stderr
        and "BANDCLUSTER_GDAL" in failed.stderr
    )


# Names with letters that no code page has, and paths of more than 260 characters, the limit of old
# programs.
LONG = "/".join(["a folder whose name is long, and then some"] * 7)


@pytest.mark.parametrize(
    "name", ["卫星影像 Ä é \N{GLOBE WITH MERIDIANS}", LONG], ids=["letters", "long"]
)
def test_names_of_files(name, wine, work, tmp_path):
    folder = work / name
    folder.mkdir(parents=True)
    shutil.copy(DATA / "s2_train.tif", folder / "scene.tif")
    shutil.copy(DATA / "s2_predict.tif", folder / "neighbour.tif")
    windows = "C:\\work\\" + f"{work.name}/{name}".replace("/", "\\")
    wine.python(JOB.format(before="", folder=windows))
    assert_same_job(folder, tmp_path)


def test_a_list_with_windows_lines(wine, work):
    for name in ("s2_train.tif", "s2_predict.tif"):
        shutil.copy(DATA / name, work)
    lines = [rf"{work.name}\s2_train.tif", rf"{work.name}\s2_predict.tif", ""]
    (work / "scenes.txt").write_bytes("\r\n".join(lines).encode())
    model = rf"{work.name}\model.json"
    wine.must(
        PROGRAM, "fit", rf"@{work.name}\scenes.txt", "--model", model, "-k", "3", **environment()
    )
    assert json.loads((work / "model.json").read_bytes())


IN_USE = r"""
import bandcluster
folder = "C:\\work\\{name}\\"
{opened}
with opener(folder + "{file}"):
    try:
        bandcluster.cluster_file(folder + "scene.tif", folder + "map.tif", n_clusters=3,
                                 model=folder + "model.json", overwrite=True)
        print("replaced")
    except bandcluster.IOFailure as error:
        print("refused:", error)
"""


@pytest.mark.parametrize(
    "file, opened",
    [
        ("map.tif", "opener = open"),
        ("model.json", "opener = open"),
        # As in QGIS: the GDAL that the job uses shows the map.
        ("map.tif", "from rasterio import open as opener"),
    ],
    ids=["map", "model", "map in the same GDAL"],
)
def test_an_output_that_is_open(file, opened, wine, work):
    """Most programs open files so that others cannot remove them meanwhile."""
    shutil.copy(DATA / "s2_train.tif", work / "scene.tif")
    shutil.copy(DATA / "s2_predict.tif", work / "map.tif")
    (work / "model.json").write_bytes(b"old")
    before = files(work)
    said = wine.python(IN_USE.format(name=work.name, file=file, opened=opened))
    assert said.startswith("refused: ") and file in said and len(said.splitlines()) == 1
    assert "it is open, here or in another program" in said
    assert files(work) == before  # no temporary file is left


LONG_JOB = ("-k", "200", "--n-init", "1000000", "--overwrite")


@pytest.mark.parametrize(
    "program",
    [
        [PROGRAM],
        # What pip puts on the search path.
        ["python/python.exe", "-c", "import sys, bandcluster._program as p; sys.exit(p.main())"],
    ],
    ids=["the program", "the wheel's command"],
)
def test_ctrl_c_in_a_console(program, wine, work):
    shutil.copy(DATA / "s2_train.tif", work / "scene.tif")
    (work / "map.tif").write_bytes(b"old")
    before = files(work)
    names = rf"{work.name}\scene.tif", rf"{work.name}\map.tif"
    code, shown = wine.in_console(
        *program, "cluster", *names, *LONG_JOB, after="fitting", keys="\x03", **environment()
    )
    assert code == 130, shown
    assert files(work) == before


LETTERS = "卫星 Ä é"


def test_letters_in_a_console(wine, work):
    """They are not in the console's code page, which is 437."""
    code, shown = wine.in_console(PROGRAM, "info", f"{LETTERS}.tif", **environment())
    assert code == 1 and f"{LETTERS}.tif" in shown


def test_names_and_letters_of_the_command_line(wine, work, tmp_path):
    folder = work / LETTERS
    folder.mkdir()
    shutil.copy(DATA / "s2_train.tif", folder / "scene.tif")
    names = [rf"{work.name}\{LETTERS}\{name}" for name in ("scene.tif", "map.tif", "model.json")]
    words = "cluster", names[0], names[1], "-k", "6", "--model", names[2], "-q"
    wine.must(PROGRAM, *words, **environment())
    assert_same_job(folder, tmp_path)


# The plugin, with as much of QGIS as loading the library needs. It updates itself as QGIS does,
# while another QGIS is started, which removes the copies of processes that have ended.
UPDATE = r"""
import shutil, subprocess, sys, zipfile
from pathlib import Path
from unittest.mock import MagicMock

folder = Path(r"C:\work\FOLDER")
for name in ("qgis", "qgis.core", "qgis.PyQt", "qgis.PyQt.QtCore"):
    sys.modules[name] = MagicMock()
sys.modules["qgis.core"].QgsApplication.qgisSettingsDirPath = lambda: str(folder / "Zoë")
sys.path.insert(0, str(folder))
from bandcluster_qgis import binding

binding.ensure_loaded()
if sys.argv[1:]:
    sys.exit()
copies = folder / "Zoë" / "bandcluster" / "native"
[own] = copies.iterdir()
(copies / "0123-4.dll").write_bytes(b"of a process that has ended")
shutil.rmtree(folder / "bandcluster_qgis")
zipfile.ZipFile(folder / "plugin.zip").extractall(folder)
subprocess.run([sys.executable, __file__, "another"], check=True)
assert own in copies.iterdir() and len(list(copies.iterdir())) == 2

import numpy
print(binding.bandcluster.fit(numpy.eye(6).reshape(1, 6, 6), 2).counts)
"""


def test_the_plugin_can_be_updated_while_its_library_is_loaded(wine, work):
    library = f"windows-x86_64={BUILT / 'windows-x86_64' / 'bandcluster.dll'}"
    zipped = work / "plugin.zip"
    must("python3", ROOT / "plugin" / "build_zip.py", "--library", library, "--output", zipped)
    zipfile.ZipFile(zipped).extractall(work)
    assert wine.python(UPDATE.replace("FOLDER", work.name)) == "[30  6]\n"


def test_the_plugins_zip(wine, work):
    """If the ZIP has several libraries, the one for Windows is loaded."""
    given = {
        "windows-x86_64": BUILT / "windows-x86_64" / "bandcluster.dll",
        "linux-x86_64": ROOT / "LICENSE",
    }
    libraries = [
        word for platform, file in given.items() for word in ("--library", f"{platform}={file}")
    ]
    must("python3", ROOT / "plugin" / "build_zip.py", *libraries, "--output", work / "plugin.zip")
    zipfile.ZipFile(work / "plugin.zip").extractall(work)
    code = rf"""
import sys
sys.path.insert(0, r"C:\work\{work.name}\bandcluster_qgis")
import bandcluster
print(bandcluster.find_library(), bandcluster.version())
"""
    found, _version = wine.python(code).split()
    assert found.endswith(
        rf"\{work.name}\bandcluster_qgis\bandcluster\native\windows-x86_64\bandcluster.dll"
    )


def test_the_bindings_tests(wine, work):
    """Those of plugin/tests/binding, but of Dask, xarray and notebooks."""
    for name in ("docs", "include", "plugin", "tests/data"):
        shutil.copytree(
            ROOT / name,
            work / name,
            ignore=shutil.ignore_patterns("__pycache__", "libbandcluster*"),
        )
    (work / "target" / "release").mkdir(parents=True)
    shutil.copy(BUILT / "windows-x86_64" / "bandcluster.dll", work / "target" / "release")
    tests = f"{work.name}/plugin/tests/binding"
    wine.must("python/python.exe", "-m", "pytest", "-q", "-p", "no:cacheprovider", tests)
