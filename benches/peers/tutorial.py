"""Shared by the Python peers: reading and writing as in rasterio's tutorials, and a stopwatch.

Like the tutorials' code, the peers cluster every pixel, including the black frame of a scene.
"""

import json
import resource
import time

import numpy as np
import rasterio


class Stopwatch:
    """Seconds and peak memory (of the process so far) of the phases of a job, in order."""

    def __init__(self):
        self.phases = {}
        self.memory = {}
        self._last = time.perf_counter()

    def lap(self, phase):
        now = time.perf_counter()
        self.phases[phase] = now - self._last
        self.memory[phase] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        self._last = now

    def tell(self, **more):
        """Prints one line of JSON, which the comparison reads."""
        print(json.dumps({"seconds": self.phases, "memory": self.memory, **more}))


def read(path):
    """The pixels of a scene as rows of samples, and the profile for a map of the scene."""
    with rasterio.open(path) as scene:
        image = scene.read()
        profile = scene.profile
    return image.reshape(len(image), -1).T, profile


def write(path, labels, profile):
    """Writes labels (from 0) as a map of the scene."""
    profile.update(driver="GTiff", dtype="uint8", count=1, nodata=None, compress="deflate")
    with rasterio.open(path, "w", **profile) as target:
        target.write(labels.reshape(1, profile["height"], profile["width"]).astype(np.uint8))


def save_centres(path, centres):
    """Writes the centres for inertia.py."""
    with open(path, "w") as file:
        json.dump({"centers": np.asarray(centres, np.float64).tolist()}, file)
