"""What is made once for a test run: an installed library, and the C and C++ programs built against it."""

import sys

import pytest
from helpers import C99, CPP17, DATA, ROOT, installed, linked, must, read_bands

sys.path.insert(0, str(ROOT / "plugin"))  # the Python binding


@pytest.fixture(scope="session")
def scene():
    """The training scene: uint16, (4, 832, 832)."""
    return read_bands(DATA / "s2_train.tif")


@pytest.fixture(scope="session")
def prefix(tmp_path_factory):
    """Where `make install` has put library, headers and pkg-config file."""
    prefix = tmp_path_factory.mktemp("install") / "usr"
    must("make", "install", f"PREFIX={prefix}", cwd=ROOT)
    return prefix


@pytest.fixture(scope="session")
def build(prefix, tmp_path_factory):
    """Builds a source of tests/ against the installed library; returns the program."""
    folder = tmp_path_factory.mktemp("programs")

    def build(source):
        compiler = C99 if source.endswith(".c") else CPP17
        program = folder / source.replace("/", "_").replace(".", "_")
        must(*compiler, "-g", ROOT / "tests" / source, *linked(prefix), "-lm", "-o", program)
        return program

    return build


@pytest.fixture(scope="session")
def cluster_raw(build, prefix):
    """Runs cluster_raw, in C or C++: cluster_raw("c", arguments) -> what it prints."""
    programs = {"c": build("c/cluster_raw.c"), "cpp": build("cpp/cluster_raw.cpp")}

    def cluster_raw(language, *arguments):
        return must(programs[language], *arguments, env=installed(prefix))

    return cluster_raw
