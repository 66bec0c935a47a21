"""How long models of 2 to 20 classes take, each of ten restarts, once the summary of a scene is there.

    python benches/peers/sweep.py SCENE [K_MIN K_MAX]

Through the Python binding: the scene is read with GDAL, block by block, into a Summary, which is then fitted for every
k. Prints JSON: seconds of the summary and of every fit, and the inertia of every model. It needs osgeo and numpy, the
folder `plugin` on PYTHONPATH, and the library (where BANDCLUSTER_LIBRARY says, or as built).
"""

import json
import sys
import time

import bandcluster
from osgeo import gdal

gdal.UseExceptions()

BLOCK = 1024


def main(scene, k_min="2", k_max="20"):
    start = time.perf_counter()
    summary = summarise(scene)
    summarised = time.perf_counter() - start
    fits = [timed_fit(summary, k) for k in range(int(k_min), int(k_max) + 1)]
    total = sum(fit["seconds"] for fit in fits)
    print(json.dumps({"summary": summarised, "n_cells": summary.info().n_cells, "fits": fits, "total": total}))


def summarise(path):
    dataset = gdal.Open(path)
    bands = [dataset.GetRasterBand(number + 1) for number in range(dataset.RasterCount)]
    nodata = [band.GetNoDataValue() for band in bands]
    summary = None
    for top in range(0, dataset.RasterYSize, BLOCK):
        for left in range(0, dataset.RasterXSize, BLOCK):
            wide, high = min(BLOCK, dataset.RasterXSize - left), min(BLOCK, dataset.RasterYSize - top)
            block = dataset.ReadAsArray(left, top, wide, high)
            summary = summary or bandcluster.Summary(len(bands), block.dtype)
            summary.add(block, nodata=nodata)
    return summary


def timed_fit(summary, k):
    start = time.perf_counter()
    model = summary.fit(k, n_init=10)
    return {"k": k, "seconds": time.perf_counter() - start, "inertia": model.inertia}


if __name__ == "__main__":
    if len(sys.argv) not in (2, 4):
        sys.exit(__doc__)
    main(*sys.argv[1:])
