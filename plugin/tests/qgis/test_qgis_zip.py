"""The ZIP: its content, the same bytes when built twice; QGIS installs and updates it."""

import json
import shutil
import subprocess
import sys
import zipfile

import pytest
from scenes import DATA, PLUGIN, ROOT

LIBRARY = ROOT / "target" / "release" / "libbandcluster.so"


def build(output):
    subprocess.run(
        ["/usr/bin/python3", PLUGIN / "build_zip.py", "--library", LIBRARY, "--output", output],
        check=True,
        timeout=600,
    )
    return output


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return build(tmp_path_factory.mktemp("dist") / "new" / "bandcluster_qgis.zip")


def test_what_is_in_it(archive):
    names = zipfile.ZipFile(archive).namelist()
    assert {name.split("/")[0] for name in names} == {"bandcluster_qgis"}
    for wanted in (
        "metadata.txt",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "__init__.py",
        "icons/bandcluster.svg",
        "i18n/bandcluster_zh_CN.ts",
        "bandcluster/__init__.py",
        "bandcluster/native/SHA256SUMS",
    ):
        assert f"bandcluster_qgis/{wanted}" in names
    assert not [name for name in names if "__pycache__" in name or "test" in name]
    assert [name for name in names if name.endswith("/libbandcluster.so")]
    assert archive.stat().st_size < 25 * 2**20


def test_its_version_is_the_library_s(archive):
    import bandcluster

    metadata = zipfile.ZipFile(archive).read("bandcluster_qgis/metadata.txt").decode()
    assert f"\nversion={bandcluster.version()}\n" in metadata


def test_the_same_twice(archive, tmp_path):
    assert build(tmp_path / "again.zip").read_bytes() == archive.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["again.zip"]


def test_a_missing_library_is_said(tmp_path):
    result = subprocess.run(
        [
            sys.executable,
            PLUGIN / "build_zip.py",
            "--library",
            tmp_path / "none.so",
            "--output",
            tmp_path / "a.zip",
        ],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 2 and "cargo build" in result.stderr
    assert list(tmp_path.iterdir()) == []


INSTALL = """
import json, os, traceback
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QTimer

def scenario():
    told = {{}}
    try:
        import processing, pyplugin_installer, qgis.utils
        installer = pyplugin_installer.instance()
        dialog = None
        for step in ("installed", "updated"):
            installer.installFromZipFile({archive!r})
            qgis.utils.loadPlugin("bandcluster_qgis")
            if "bandcluster_qgis" not in qgis.utils.active_plugins:
                qgis.utils.startPlugin("bandcluster_qgis")
            output = os.path.join({folder!r}, step + ".tif")
            results = processing.run("bandcluster:cluster", \
{{"INPUT": {scene!r}, "OUTPUT": output}})
            told[step] = results["N_VALID"]
            if dialog is None:
                given = {{"INPUT": {scene!r}, "OUTPUT": output}}
                dialog = processing.createAlgorithmDialog("bandcluster:cluster", given)
                dialog.show()
        try:
            dialog.runButton().click()
        except RuntimeError as error:
            told["closed"] = str(error)
        import bandcluster_qgis
        told["from"] = bandcluster_qgis.__file__
        told["maps"] = [line.split()[-1] for line in open("/proc/self/maps") \
if ".so" in line and "bandcluster" in line]
    except BaseException:
        told["error"] = traceback.format_exc()
    with open({result!r}, "w") as file:
        json.dump(told, file)
    os._exit(0)  # the desktop's own way out asks questions

QTimer.singleShot(2000, scenario)
"""


def test_qgis_installs_runs_and_updates_it(archive, program, display, tmp_path):
    """An update while the library is loaded and a dialog is open, in a new profile.

    Both used to crash QGIS; the open dialog did so when Run was pressed.
    """
    scene, result = shutil.copy(DATA / "s2_train.tif", tmp_path), tmp_path / "result.json"
    script = tmp_path / "install.py"
    script.write_text(
        INSTALL.format(
            archive=str(archive), folder=str(tmp_path), scene=str(scene), result=str(result)
        )
    )
    home = tmp_path / "home"
    home.mkdir()
    ended = program.run(
        "qgis",
        "--profiles-path",
        tmp_path / "profiles",
        "--profile",
        "fresh",
        "--nologo",
        "--noversioncheck",
        "--code",
        script,
        plugins=None,
        home=home,
        DISPLAY=display,
        QT_QPA_PLATFORM="xcb",
    )
    assert result.is_file(), ended.stderr
    told = json.loads(result.read_text())
    assert "error" not in told, told["error"]
    assert told["installed"] == told["updated"] == 832 * 832
    assert "has been deleted" in told["closed"]
    assert told["from"].startswith(str(tmp_path / "profiles"))
    assert told["maps"] and all("/bandcluster/native/" in path for path in told["maps"])
