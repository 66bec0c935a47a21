"""Finds classes in an array, and labels another array with them: rasterio reads and writes.

python arrays.py SCENE NEIGHBOUR FOLDER
"""

import sys
from pathlib import Path

import bandcluster
import rasterio


def read(path):
    with rasterio.open(path) as file:
        return file.read(masked=True), file.profile  # (bands, rows, columns)


def write(path, labels, profile):
    profile = {**profile, "count": 1, "dtype": labels.dtype, "nodata": 0}
    with rasterio.open(path, "w", **profile) as file:
        file.write(labels, 1)


def main(scene, neighbour, folder):
    image, profile = read(scene)
    model = bandcluster.fit(image, n_clusters=6)
    write(Path(folder) / "scene.tif", model.predict(image), profile)

    image, profile = read(neighbour)
    write(Path(folder) / "neighbour.tif", model.predict(image), profile)


if __name__ == "__main__":
    main(*sys.argv[1:])
