"""Fixtures made once for a test run: an installed library, and C and C++ programs."""

import os
import shutil
import sys
import zipfile

import pytest
from helpers import C99, CPP17, DATA, ROOT, installed, linked, must, read_bands

sys.path.insert(0, str(ROOT / "plugin"))  # the Python binding
sys.path.insert(0, str(ROOT / "plugin" / "tests"))  # its tests' modules that make scenes


@pytest.fixture(scope="session")
def scene():
    """The training scene: uint16, (4, 832, 832)."""
    return read_bands(DATA / "s2_train.tif")


@pytest.fixture(scope="session")
def prefix(tmp_path_factory):
    """The folder into which `make install` has put library, headers and pkg-config file."""
    prefix = tmp_path_factory.mktemp("install") / "usr"
    must("make", "install", f"PREFIX={prefix}", cwd=ROOT)
    return prefix


@pytest.fixture(scope="session")
def build(prefix, tmp_path_factory):
    """Builds a source of tests/ against the installed library; returns the program.

    tests/sanitize.sh adds options.
    """
    folder = tmp_path_factory.mktemp("programs")
    flags = os.environ.get("BANDCLUSTER_C_FLAGS", "").split()
    under = os.environ.get("BANDCLUSTER_UNDER")

    def build(source):
        compiler = C99 if source.endswith(".c") else CPP17
        program = folder / source.replace("/", "_").replace(".", "_")
        must(
            *compiler, "-g", *flags, ROOT / "tests" / source, *linked(prefix), "-lm", "-o", program
        )
        if not under:
            return program
        wrapper = program.with_suffix(".sh")
        wrapper.write_text(f'#!/bin/sh\nexec {under} "{program}" "$@"\n')
        wrapper.chmod(0o755)
        return wrapper

    return build


@pytest.fixture(scope="session")
def cluster_raw(build, prefix):
    """Runs cluster_raw, in C or C++: cluster_raw("c", arguments) -> what it prints."""
    programs = {"c": build("c/cluster_raw.c"), "cpp": build("cpp/cluster_raw.cpp")}

    def cluster_raw(language, *arguments):
        return must(programs[language], *arguments, env=installed(prefix))

    return cluster_raw


@pytest.fixture(scope="session")
def qgis_environment(tmp_path_factory):
    """The environment of a QGIS profile in which the plugin is installed from its ZIP."""
    profile = tmp_path_factory.mktemp("qgis")
    with zipfile.ZipFile(ROOT / "dist" / "bandcluster_qgis.zip") as plugin:
        plugin.extractall(profile / "plugins")
    # Debian 12's wrapper script `qgis_process` fails; the program behind it does not.
    (profile / "bin").mkdir()
    (profile / "bin" / "qgis_process").symlink_to(
        shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    )
    environment = {
        "HOME": str(profile),
        "PATH": f"{profile / 'bin'}:{os.environ['PATH']}",
        "QGIS_CUSTOM_CONFIG_PATH": str(profile),
        "QGIS_PLUGINPATH": str(profile / "plugins"),
        "QT_QPA_PLATFORM": "offscreen",
    }
    must("qgis_process", "plugins", "enable", "bandcluster_qgis", env=environment)
    return environment


@pytest.fixture(scope="session")
def reader_environment(prefix, qgis_environment):
    """The environment of a page's reader, with library, command line, plugin and binding."""
    path = f"{prefix / 'bin'}:{qgis_environment['PATH']}"
    return {
        **qgis_environment,
        **installed(prefix),
        "PATH": path,
        "PYTHONPATH": str(ROOT / "plugin"),
    }
