"""The same job by the command line, by Python on files and on arrays, and by QGIS."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "plugin"))
import bandcluster  # noqa: E402

CLI = Path(os.environ.get("BANDCLUSTER_CLI", ROOT / "target/release/bandcluster"))
PLUGIN = ROOT / "dist/bandcluster_qgis.zip"


class Refused(Exception):
    """A face refused a job; the message is the face's own."""


def command_line(command, request) -> dict:
    """Runs a job by the command line; returns the output of --json."""
    words = [str(CLI), command, *_positional(command, request)]
    for name, value in request.items():
        words += _option(name, value)
    done = subprocess.run(
        [*words, "--json", "--quiet"], capture_output=True, text=True, timeout=300
    )
    if done.returncode == 0:
        return json.loads(done.stdout)
    if done.returncode != 1 or len(done.stderr.splitlines()) != 1:
        raise AssertionError(f"exit {done.returncode}: {done.stderr[:500]}")
    raise Refused(done.stderr.strip())


def _positional(command, request) -> "list[str]":
    files = request["input"]
    words = [files if isinstance(files, str) else ",".join(files)]
    return words + ([str(request["output"])] if "output" in request else [])


_NAMES = {"n_clusters": "clusters"}


def _option(name, value) -> "list[str]":
    if name in ("input", "output"):
        return []
    option = "--" + _NAMES.get(name, name).replace("_", "-")
    if value is True:
        return [option]
    if isinstance(value, list):
        value = ",".join(map(str, value))
    return [option, repr(value) if isinstance(value, float) else str(value)]


def python_files(command, request) -> dict:
    """Runs a job by the Python package, in this process."""
    try:
        return bandcluster.run_job({"command": command.replace("-", "_"), **request}, threads=2)
    except (bandcluster.InvalidArgument, bandcluster.InvalidData, bandcluster.IOFailure) as error:
        raise Refused(str(error)) from error


def python_arrays(request, scene):
    """Fits an array, and labels it in blocks of rows; returns the model and the labels."""
    names = ("n_clusters", "seed", "scaling", "algorithm")
    options = {name: request[name] for name in names if name in request}
    if "memory" in request:
        options["memory"] = request["memory"] / 2  # a job uses half of it for the summary
    nodata = None if scene.nodata is None else scene.nodata
    shown = None if scene.shown.all() else scene.shown
    try:
        model = bandcluster.fit(scene.pixels, channel_axis=0, nodata=nodata, mask=shown, **options)
    except (bandcluster.InvalidArgument, bandcluster.InvalidData) as error:
        raise Refused(str(error)) from error
    labels = np.empty(scene.shown.shape, model.label_dtype)
    height = max(1, len(labels) // 3)
    for row in range(0, len(labels), height):
        rows = slice(row, row + height)
        mask = None if shown is None else shown[rows]
        labels[rows] = model.predict(scene.pixels[:, rows], nodata=nodata, mask=mask)
    return model, labels


class Qgis:
    """qgis_process with the plugin from its ZIP."""

    def __init__(self, folder: Path):
        with zipfile.ZipFile(PLUGIN) as plugin:
            plugin.extractall(folder / "plugins")
        self.program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
        self.environment = {
            **os.environ,
            "HOME": str(folder),
            "QGIS_CUSTOM_CONFIG_PATH": str(folder),
            "QGIS_PLUGINPATH": str(folder / "plugins"),
            "QT_QPA_PLATFORM": "offscreen",
        }
        self._run("plugins", "enable", "bandcluster_qgis")

    @staticmethod
    def is_there() -> bool:
        return PLUGIN.exists() and shutil.which("qgis_process") is not None

    def cluster(self, request) -> None:
        names = {"input": "INPUT", "n_clusters": "CLUSTERS", "seed": "SEED"}
        names |= {"output": "OUTPUT", "model": "MODEL_OUTPUT"}
        arguments = [f"--{names[name]}={request[name]}" for name in names]
        arguments.append(f"--SCALING={int(request.get('scaling') == 'zscore')}")
        self._run("run", "bandcluster:cluster", *arguments)

    def _run(self, *words) -> None:
        command = [self.program, "--json", *words]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=300
        )
        if done.returncode:
            raise Refused(done.stderr[-500:] + done.stdout[-500:])
