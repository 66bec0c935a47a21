"""Tests of builds for other platforms, run by `make test-platforms`."""

import os
import pty
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from helpers import CLI, DATA, ROOT, must, read_bands

BUILT = ROOT / "target" / "dist" / "built"
WINDOWS = ROOT / "target" / "platforms" / "windows"
SITE = WINDOWS / "python" / "Lib" / "site-packages"
SAME = Path(__file__).with_name("same.py")
# Seconds. Long enough for a loaded machine and an emulator, so that only a hang fails.
TIMEOUT = 3600


@pytest.fixture(scope="session")
def pixels(tmp_path_factory):
    """A part of a real scene, in a file that can be read without GDAL."""
    path = tmp_path_factory.mktemp("pixels") / "pixels.npy"
    np.save(path, read_bands(DATA / "s2_train.tif")[:, 300:400, 300:420])
    return path


@pytest.fixture(scope="session")
def here(pixels, tmp_path_factory):
    """The folder with the results of same.py on this machine."""
    folder = tmp_path_factory.mktemp("here")
    environment = {"PYTHONPATH": str(ROOT / "plugin")}
    must(sys.executable, SAME, pixels, folder, env=environment)
    return folder


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def assert_same_files(there, here):
    """Model and labels of every fit of same.py are the same bytes."""
    there, here = files(there), files(here)
    assert there.keys() == here.keys() and len(here) == 30
    assert [name for name in here if there[name] != here[name]] == []


def assert_same_job(there, here, predicted=""):
    """A job on the other platform gave the same model and map as the command line gives here.

    The job clusters the training scene into six classes, and writes model.json and map.tif to the
    folder ``there``. If ``predicted`` is given, it is that model's map of the other scene.
    """
    model = here / "model.json"
    must(CLI, "cluster", DATA / "s2_train.tif", here / "map.tif", "-k", 6, "--model", model, "-q")
    assert (there / "model.json").read_bytes() == model.read_bytes()
    maps = ["map.tif"]
    if predicted:
        must(CLI, "predict", DATA / "s2_predict.tif", here / predicted, "--model", model, "-q")
        maps.append(predicted)
    for name in maps:
        assert np.array_equal(read_bands(there / name), read_bands(here / name))
    assert must("gdalsrsinfo", "-o", "epsg", there / "map.tif").strip() == "EPSG:32618"


def _part(console):
    """What is shown next; nothing at the end."""
    try:
        return os.read(console, 4096)
    except OSError:  # the program has ended
        return b""


def plain(shown):
    """The text without escape sequences; those that move the cursor to the right are spaces."""
    text = shown.decode("utf-8", "replace")
    text = re.sub(r"\x1b\[(\d+)C", lambda found: " " * int(found[1]), text)
    return re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", text)


class Wine:
    """Runs Windows programs; ``folder`` of this machine is their C:\\work."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, *command, **environment):
        """The finished process; its output is UTF-8."""
        return subprocess.run(
            **self._process(command, environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
        )

    def in_console(self, *command, after="", keys="", **environment):
        """The exit code of a program in a Windows console, and what the console showed.

        Once it has shown ``after``, ``keys`` are typed.
        """
        console, terminal = pty.openpty()
        process = subprocess.Popen(
            **self._process(command, environment),
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
        )
        os.close(terminal)
        clock = threading.Timer(TIMEOUT, process.kill)
        clock.start()
        shown = b""
        while part := _part(console):
            shown += part
            if keys and after in plain(shown):
                os.write(console, keys.encode())
                keys = ""
        clock.cancel()
        os.close(console)
        return process.wait(), plain(shown)

    def _process(self, command, environment):
        return {
            "args": [ROOT / ".ci" / "wine", self.folder, *(str(word) for word in command)],
            "env": {
                "PATH": os.environ["PATH"],
                "CHROOTS": os.environ.get("CHROOTS", "target/chroots"),
                "PYTHONUTF8": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
                **environment,
            },
        }

    def must(self, *command, **environment):
        done = self.run(*command, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def python(self, code, **environment):
        """Runs Python code as a file in C:\\work; returns what it prints."""
        (self.folder / "snippet.py").write_text(code, encoding="utf-8")
        return self.must("python/python.exe", "snippet.py", **environment)


@pytest.fixture(scope="session")
def wine():
    """A Windows with the Python package, library and program inside, as in a wheel."""
    package = SITE / "bandcluster"
    shutil.rmtree(package, ignore_errors=True)
    shutil.copytree(
        ROOT / "plugin" / "bandcluster", package, ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(BUILT / "windows-x86_64" / "bandcluster.dll", package)
    (package / "bin").mkdir()
    shutil.copy(BUILT / "windows-x86_64" / "bandcluster.exe", package / "bin")
    return Wine(WINDOWS)


@pytest.fixture
def work(wine, request):
    """An empty folder in C:\\work; its path there is its name."""
    folder = wine.folder / request.node.name.split("[")[0]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder
