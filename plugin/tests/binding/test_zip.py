"""The plugin's ZIP with libraries of several platforms, and the one that is used."""

import hashlib
import shutil
import subprocess
import sys
import zipfile

import pytest
from bandcluster._platform import this_platform
from scenes import PLUGIN, ROOT
from test_library import ASK, LIBRARY, python

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the names are Linux's; tests/platforms tries Windows"
)

HERE = this_platform()
OTHERS = {"windows-x86_64": "bandcluster.dll", "macos-arm64": "libbandcluster.dylib"}


def build(output, *libraries):
    """Runs build_zip.py with ``--library`` for each of the others."""
    given = (argument for library in libraries for argument in ("--library", library))
    command = [sys.executable, PLUGIN / "build_zip.py", *given, "--output", output]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


@pytest.fixture
def others(tmp_path):
    """Libraries of other platforms, as they are given to build_zip.py."""
    for platform in OTHERS:
        (tmp_path / platform).write_bytes(platform.encode())
    return [f"{platform}={tmp_path / platform}" for platform in OTHERS]


@pytest.fixture
def unpack(tmp_path):
    """Builds a ZIP with these libraries and unpacks it; returns the folder that has the binding."""

    def unpack(*libraries):
        built = build(tmp_path / "plugin.zip", *libraries)
        assert built.returncode == 0, built.stderr
        zipfile.ZipFile(tmp_path / "plugin.zip").extractall(tmp_path / "profile" / "plugins")
        return tmp_path / "profile" / "plugins" / "bandcluster_qgis"

    return unpack


def test_the_one_of_this_platform_is_taken(others, unpack):
    plugin = unpack(f"{HERE}={LIBRARY}", *others)
    assert python(ASK, plugin).endswith(
        str(plugin / "bandcluster" / "native" / HERE / LIBRARY.name)
    )


def test_without_a_platform_it_is_this_one_s(unpack):
    plugin = unpack(str(LIBRARY))
    assert python(ASK, plugin).endswith(f"native/{HERE}/{LIBRARY.name}")


def test_what_qgis_has_no_use_for_is_left_out(unpack):
    """The ZIP has no estimators and no Dask module; the rest works without them."""
    plugin = unpack(str(LIBRARY))

    def modules(folder):
        return {path.relative_to(folder).as_posix() for path in folder.rglob("*.py")}

    left_out = modules(PLUGIN / "bandcluster") - modules(plugin / "bandcluster")
    assert {name.partition("/")[0] for name in left_out} == {"_program.py", "dask", "sklearn"}
    assert {"dask/__init__.py", "sklearn/__init__.py"} <= left_out
    code = """
import importlib, pathlib, bandcluster, numpy
folder = pathlib.Path(bandcluster.__file__).parent
for path in folder.rglob("*.py"):
    importlib.import_module(".".join(path.with_suffix("").relative_to(folder.parent).parts))
image = numpy.arange(48, dtype="u1").reshape(1, 6, 8)
print(bandcluster.fit(image, 3).predict(image).max())
"""
    assert python(code, plugin) == "3"


def test_the_list_is_what_sha256sum_checks(others, unpack):
    native = unpack(f"{HERE}={LIBRARY}", *others) / "bandcluster" / "native"
    subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=native,
        check=True,
        capture_output=True,
    )
    listed = (native / "SHA256SUMS").read_text().split()[1::2]
    assert listed == sorted(
        f"{platform}/{name}" for platform, name in {**OTHERS, HERE: LIBRARY.name}.items()
    )


def test_a_changed_library_is_not_loaded(unpack):
    plugin = unpack(f"{HERE}={LIBRARY}")
    library = plugin / "bandcluster" / "native" / HERE / LIBRARY.name
    wanted = hashlib.sha256(library.read_bytes()).hexdigest()
    with library.open("ab") as file:
        file.write(b"more")
    found = hashlib.sha256(library.read_bytes()).hexdigest()
    said = python(ASK, plugin)
    assert said.startswith(f"unavailable: {library} is not the library")
    assert f"is {found} instead of {wanted}" in said and "install the package again" in said
    # The user's library is used without a check.
    assert python(ASK, plugin, BANDCLUSTER_LIBRARY=str(LIBRARY)).endswith(str(LIBRARY))


def test_no_library_for_this_platform(others, unpack):
    said = python(ASK, unpack(*others))
    assert said.startswith("unavailable: the bandcluster library") and "BANDCLUSTER_LIBRARY" in said
    assert f"this package has it for macos-arm64, windows-x86_64; this is {HERE}" in said
    assert len(said.splitlines()) == 1


def test_a_library_that_is_listed_and_missing(others, unpack):
    plugin = unpack(f"{HERE}={LIBRARY}", *others)
    shutil.rmtree(plugin / "bandcluster" / "native" / HERE)
    said = python(ASK, plugin)
    assert f"this package has it for macos-arm64, windows-x86_64; this is {HERE}" in said


@pytest.mark.parametrize(
    ("libraries", "words"),
    [
        ([f"amiga-m68k={LIBRARY}"], "amiga-m68k is no platform of linux, macos, windows"),
        (["linux-arm64=none.so"], "there is no library none.so; build it first"),
        (
            [f"linux-arm64={LIBRARY}", f"linux-arm64={ROOT / 'LICENSE'}"],
            "two libraries are given for linux-arm64",
        ),
    ],
)
def test_what_cannot_be_built_is_said(libraries, words, tmp_path):
    built = build(tmp_path / "plugin.zip", *libraries)
    assert built.returncode == 2 and words in built.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("system", "tag", "machine", "name"),
    [
        ("linux", "linux-x86_64", "x86_64", "linux-x86_64"),
        ("linux", "linux-aarch64", "aarch64", "linux-arm64"),
        ("darwin", "macosx-10.13-universal2", "arm64", "macos-arm64"),
        ("darwin", "macosx-10.13-universal2", "x86_64", "macos-x86_64"),
        ("win32", "win-amd64", "AMD64", "windows-x86_64"),
        ("win32", "win-amd64", "ARM64", "windows-x86_64"),  # an Intel Python on an ARM machine
        ("win32", "win32", "AMD64", "windows-x86"),
    ],
)
def test_names_of_platforms(system, tag, machine, name, monkeypatch):
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr("sysconfig.get_platform", lambda: tag)
    monkeypatch.setattr("platform.machine", lambda: machine)
    assert this_platform() == name
