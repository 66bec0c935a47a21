"""The inertia of centres on a scene, computed in the same way for all programs.

The squared differences themselves are summed, in double precision.

    python benches/peers/inertia.py SCENE CENTRES.json...

A file of centres is a model of bandcluster, or any JSON object with "centers". All pixels count:
the scene has no nodata. The scene is read once, block by block, on two threads. Prints JSON: one
inertia per file. It needs osgeo and numpy.
"""

import json
import math
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from osgeo import gdal

gdal.UseExceptions()

THREADS = 2
BLOCK = 512  # the block size of the files
SLICE = 1 << 14  # pixels at a time, few enough for the processor's cache


def main(scene, *paths):
    centres = [centres_of(path) for path in paths]
    with ThreadPoolExecutor(THREADS) as pool:
        parts = list(pool.map(lambda part: list(sums(scene, part, centres)), range(THREADS)))
    sums_of_blocks = [block for part in parts for block in part]
    print(json.dumps({"inertia": [math.fsum(of_file) for of_file in zip(*sums_of_blocks)]}))


def centres_of(path):
    with open(path) as file:
        return np.asarray(json.load(file)["centers"], np.float64)


def sums(path, part, centres):
    """The inertia of each set of centres, for each block of every second row of blocks."""
    dataset = gdal.Open(path)
    for top in range(part * BLOCK, dataset.RasterYSize, THREADS * BLOCK):
        height = min(BLOCK, dataset.RasterYSize - top)
        for left in range(0, dataset.RasterXSize, BLOCK):
            block = dataset.ReadAsArray(left, top, min(BLOCK, dataset.RasterXSize - left), height)
            yield inertia_of_block(block.reshape(dataset.RasterCount, -1), centres)


def inertia_of_block(samples, centres):
    totals = np.zeros(len(centres))
    for start in range(0, samples.shape[1], SLICE):
        pixels = samples[:, start : start + SLICE].astype(np.float64)
        totals += [nearest(pixels, of_file).sum() for of_file in centres]
    return totals


def nearest(pixels, centres):
    """Squared distance of every pixel to its nearest centre."""
    best = np.full(pixels.shape[1], np.inf)
    for centre in centres:
        differences = pixels - centre[:, None]
        np.minimum(best, np.einsum("ij,ij->j", differences, differences), out=best)
    return best


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
