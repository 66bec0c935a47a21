"""How the native library is found, and the message if it is not.

The binding imports neither QGIS nor GDAL.
"""

import shutil
import subprocess
import sys

import pytest
from bandcluster._abi import ABI_VERSION
from scenes import PLUGIN, ROOT

LIBRARY = ROOT / "target" / "release" / "libbandcluster.so"

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the names are Linux's; tests/platforms tries Windows"
)


def python(code, folder=PLUGIN, **environment):
    """The output of a fresh Python that finds the binding in ``folder``."""
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


ASK = """
import bandcluster
try:
    print(bandcluster.version(), bandcluster.find_library())
except bandcluster.LibraryUnavailable as error:
    print("unavailable:", error)
"""


@pytest.fixture
def elsewhere(tmp_path):
    """The binding alone, away from the development tree."""
    shutil.copytree(PLUGIN / "bandcluster", tmp_path / "a" / "b" / "bandcluster")
    return tmp_path / "a" / "b"


def test_import_needs_neither_library_nor_qgis(elsewhere):
    code = (
        "import bandcluster, sys; print([name for name in sys.modules if name.split('.')[0] in"
        " ('qgis', 'osgeo')])"
    )
    assert python(code, elsewhere) == "[]"


def test_no_qgis_while_it_works():
    code = """
import bandcluster, numpy, sys
bandcluster.fit(numpy.arange(12, dtype='u1').reshape(1, 3, 4)).to_json()
print([name for name in sys.modules if name.split('.')[0] in ('qgis', 'osgeo', 'PyQt5')])
"""
    assert python(code) == "[]"


def test_found_in_the_development_tree():
    assert python(ASK).endswith(str(LIBRARY))


def test_found_beside_the_package(elsewhere):
    beside = shutil.copy(LIBRARY, elsewhere / "bandcluster")
    assert python(ASK, elsewhere).endswith(str(beside))


def test_the_environment_variable_comes_first(tmp_path):
    mine = shutil.copy(LIBRARY, tmp_path / "mine.so")
    assert python(ASK, BANDCLUSTER_LIBRARY=str(mine)).endswith(str(mine))


def test_found_on_the_library_path(elsewhere, tmp_path):
    soname = f"libbandcluster.so.{ABI_VERSION}"
    shutil.copy(LIBRARY, tmp_path / soname)
    assert python(ASK, elsewhere, LD_LIBRARY_PATH=str(tmp_path)).endswith(soname)


def test_nowhere(elsewhere):
    said = python(ASK, elsewhere)
    assert said.startswith("unavailable: the bandcluster library (libbandcluster.so) was not found")
    assert "BANDCLUSTER_LIBRARY" in said


def test_the_variable_names_no_file(tmp_path):
    assert "which is not a file" in python(ASK, BANDCLUSTER_LIBRARY=str(tmp_path / "none.so"))


def test_not_a_library(tmp_path):
    (tmp_path / "text.so").write_text("not a library")
    assert "text.so does not load" in python(ASK, BANDCLUSTER_LIBRARY=str(tmp_path / "text.so"))


def test_another_version(tmp_path):
    (tmp_path / "old.c").write_text("unsigned bandcluster_abi_version(void) { return 99; }")
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-o", tmp_path / "old.so", tmp_path / "old.c"], check=True
    )
    said = python(ASK, BANDCLUSTER_LIBRARY=str(tmp_path / "old.so"))
    assert (
        f"speaks version 99 of the interface and this package speaks version {ABI_VERSION}" in said
    )
