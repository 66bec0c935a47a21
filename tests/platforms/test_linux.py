"""Debian 11 to testing, in chroots: the Debian package, the archive for C, the wheel."""

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from conftest import SAME, TIMEOUT, assert_same_files, assert_same_job
from helpers import DATA, ROOT, must, raw_arguments, write_raw

CHROOTS = ROOT / os.environ.get("CHROOTS", "target/chroots")
LINES = Path(__file__).with_name("suites.txt").read_text(encoding="ascii").splitlines()
SUITES = [line for line in LINES if not line.startswith("#")]
COMPILE = ["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror"]


def made(pattern):
    """The only file of `make dist` whose name matches the pattern."""
    found = list((ROOT / "dist").glob(pattern))
    assert len(found) == 1, f"dist has {len(found)} files {pattern}, not 1: run make dist"
    return found[0]


class Debian:
    """A suite's chroot; ``folder`` of this machine is its /work."""

    def __init__(self, suite, folder):
        self.suite, self.folder = suite, folder

    def run(self, *command, **environment):
        variables = [f"{name}={value}" for name, value in environment.items()]
        words = [str(word) for word in ("env", *variables, *command)]
        return subprocess.run(
            [ROOT / ".ci" / "debian", self.suite, self.folder, *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
        )

    def must(self, *command, **environment):
        done = self.run(*command, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def bring(self, path):
        """Copies a file to /work and returns its name there."""
        return shutil.copy(path, self.folder) and path.name


@pytest.fixture(scope="module", params=SUITES)
def debian(request, tmp_path_factory):
    suite = request.param
    if not (CHROOTS / f"linux-{suite}" / "made").exists():
        pytest.skip(f"apt's mirror has no {suite}")
    return Debian(suite, tmp_path_factory.mktemp(suite))


@pytest.fixture(scope="module")
def installed(debian):
    """Installs the Debian package, and removes it after the tests."""
    debian.must("dpkg", "--purge", "bandcluster")
    package = debian.bring(made("bandcluster_*_amd64.deb"))
    debian.must("apt-get", "install", "-qy", f"./{package}", DEBIAN_FRONTEND="noninteractive")
    yield debian
    brought = debian.must("dpkg", "--listfiles", "bandcluster").split()
    debian.must("dpkg", "--purge", "bandcluster")
    root = CHROOTS / f"linux-{debian.suite}"
    assert [path for path in brought if "bandcluster" in path and (root / path[1:]).exists()] == []


def test_the_installed_command_line_and_the_suites_gdal(installed, tmp_path):
    scene = installed.bring(DATA / "s2_train.tif")
    words = "bandcluster", "cluster", scene, "map.tif", "-k", "6", "--model", "model.json", "-q"
    gdal = installed.must("gdalinfo", "--version").split()[1].rstrip(",")
    if [int(part) for part in gdal.split(".")[:2]] < [3, 4]:
        failed = installed.run(*words)
        assert failed.returncode == 1 and "GDAL 3.4 or later" in failed.stderr
        return
    assert f"GDAL {gdal}" in installed.must("bandcluster", "--version")
    installed.must(*words)
    assert_same_job(installed.folder, tmp_path)


@pytest.fixture
def agrees(debian, scene, cluster_raw, tmp_path):
    """Asserts that cluster_raw.c, compiled there, prints and writes the same as here."""
    cut = np.ascontiguousarray(scene[:, :200, :200])
    raw, *arguments = raw_arguments(write_raw(debian.folder / "scene.raw", cut), cut, 5)
    printed = cluster_raw("c", raw, *arguments, "bsq", tmp_path / "here.raw")

    def agrees(program, **environment):
        told = debian.must(program, raw.name, *arguments, "bsq", "there.raw", **environment)
        assert told == printed
        there = debian.folder / "there.raw"
        assert there.read_bytes() == (tmp_path / "here.raw").read_bytes()
        there.unlink()

    return agrees


def compile_sources(debian):
    """Copies cluster_raw.c to /work; returns the compile command without the library's flags."""
    return [*COMPILE, debian.bring(ROOT / "tests" / "c" / "cluster_raw.c"), "-o"]


def flags(debian, **environment):
    return debian.must("pkg-config", "--cflags", "--libs", "bandcluster", **environment).split()


def test_c_with_the_installed_library(installed, agrees):
    installed.must(*compile_sources(installed), "installed", *flags(installed), "-lm")
    agrees("./installed")


def test_c_with_the_archive(debian, agrees):
    archive = made("bandcluster-*-linux-x86_64.tar.gz")
    must("tar", "-xzf", archive, "-C", debian.folder)
    prefix = f"/work/{archive.name.removesuffix('.tar.gz')}"
    found = flags(debian, PKG_CONFIG_PATH=f"{prefix}/lib/pkgconfig")
    command = compile_sources(debian)
    debian.must(*command, "shared", *found, "-lm")
    agrees("./shared", LD_LIBRARY_PATH=f"{prefix}/lib")
    library = [f"{prefix}/lib/libbandcluster.a", "-lgcc_s", "-lpthread", "-lm", "-ldl"]
    debian.must(*command, "static", f"-I{prefix}/include", *library)
    agrees("./static")


JOB = """
import bandcluster
bandcluster.cluster_file("s2_train.tif", "map.tif", n_clusters=6, model="model.json",
    overwrite=True)
"""


@pytest.fixture(scope="module")
def environment(debian):
    """An empty environment of the suite's Python, with the wheel and rasterio."""
    wheel = debian.bring(made("bandcluster-*-manylinux*_x86_64.whl"))
    debian.must("python3", "-m", "venv", "environment")
    words = "-m", "pip", "install", "--quiet", "--only-binary", ":all:", f"./{wheel}", "rasterio"
    debian.must("environment/bin/python", *words)
    return debian


def test_the_wheel_makes_the_models_and_labels_of_here(environment, pixels, here):
    names = environment.bring(SAME), environment.bring(pixels), "out"
    (environment.folder / "out").mkdir()
    environment.must("environment/bin/python", *names)
    assert_same_files(environment.folder / "out", here)


def test_the_wheels_jobs_through_rasterios_gdal(environment, tmp_path):
    for name in ("s2_train.tif", "s2_predict.tif"):
        environment.bring(DATA / name)
    environment.must("environment/bin/python", "-c", JOB)
    assert "rasterio.libs" in environment.must("environment/bin/bandcluster", "--version")
    model = "--model", "model.json"
    environment.must("environment/bin/bandcluster", "predict", "s2_predict.tif", "n.tif", *model)
    assert_same_job(environment.folder, tmp_path, "n.tif")
