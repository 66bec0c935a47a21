"""Strict type checks of a program pass with the package's types, and find a mistake."""

import subprocess
import sys

import pytest
from scenes import PLUGIN

pytest.importorskip("mypy")

PROGRAM = """
import numpy as np
import bandcluster
from bandcluster.sklearn import KMeans

image = np.zeros((4, 60, 80), np.uint16)
model = bandcluster.fit(image, 6, nodata=[0, None, 0, 0], mask=image[0] > 0, channel_axis=0)
labels: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]"
labels = model.predict(image, progress=lambda fraction, message: True)
summary = bandcluster.Summary(4, "uint16")
summary.add([image[0], image[1], image[2], image[3]])
choice: bandcluster.Choice = bandcluster.choose_k(summary)
areas: dict[str, "float | None"] = \
bandcluster.cluster_file("scene.tif", "map.tif", bands=[1, 2]).areas
merged, values = model.merge({"land": [1, 2]})
name: str = merged.class_names[values[0] - 1]
version: str = bandcluster.__version__
estimator = KMeans(n_clusters=4, random_state=0)
"""

MISTAKES = """
import bandcluster

bandcluster.fit([[1.0]], "six")
count: str = bandcluster.Model.load("model.json").n_clusters
"""


def errors_of(source, folder):
    """The lines with mypy's complaints."""
    (folder / "program.py").write_text(source)
    options = [
        "--strict",
        "--config-file=",
        "--follow-imports=silent",
        "--cache-dir",
        folder / "cache",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "program.py"],
        cwd=folder,
        env={"MYPYPATH": str(PLUGIN), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.stdout.startswith(("program.py:", "Success")), done.stdout + done.stderr
    return [line.split(":")[1] for line in done.stdout.splitlines() if ": error:" in line]


def test_a_program_may_use_what_is_public(tmp_path):
    assert errors_of(PROGRAM, tmp_path) == []


def test_mistakes_are_found(tmp_path):
    assert errors_of(MISTAKES, tmp_path) == ["4", "5"]
