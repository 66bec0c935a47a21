"""Writes results that must be the same bytes on every platform.

    same.py PIXELS.npy FOLDER  writes models and labels of every algorithm into the folder.

This machine's Python and another platform's Python run it.
"""

import sys
from pathlib import Path

import bandcluster
import numpy as np

# Small settings, because emulators are slow.
FITS = {
    "kmeans": {"n_clusters": 5},
    "minibatch": {"n_clusters": 5},
    "bisecting": {"n_clusters": 5},
    "isodata": {"initial_clusters": 4},
    "gmm": {"n_components": 4},
    "agglomerative": {"n_clusters": 5, "linkage": "average"},
    "birch": {"n_clusters": 5},
    "dbscan": {"eps": 150},
    "optics": {"cluster_method": "dbscan", "eps": 150},
    "hdbscan": {"n_representatives": 400},
    "meanshift": {"bandwidth": 400},
    "spectral": {"n_clusters": 4, "n_representatives": 200},
    "affinity": {"n_representatives": 150},
}


def main(pixels, folder):
    for algorithm, options in FITS.items():
        save(folder, algorithm, pixels, algorithm=algorithm, **options)
    save(folder, "float32", pixels.astype(np.float32) / 3, n_clusters=5, scaling="zscore")
    save(folder, "angle", pixels, n_clusters=5, metric="spectral_angle", threads=1)


def save(folder, name, pixels, **options):
    model = bandcluster.fit(pixels, **options)
    model.save(folder / f"{name}.json")
    model.predict(pixels).tofile(folder / f"{name}.labels")


if __name__ == "__main__":
    main(np.load(sys.argv[1]), Path(sys.argv[2]))
