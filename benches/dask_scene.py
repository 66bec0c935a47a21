#!/usr/bin/env python3
"""A scene from file to map, by the command line and by two processes of Dask.

It measures wall time, processor time and peak memory.

    .venv/bin/python benches/dask_scene.py target/bench/scenes/tile.tif [--clusters 6] [--runs 3]
        [--chunk 3072]

The command line runs on two threads, Dask on two processes of one thread each: once with files that
the workers open, once with a DataArray of rioxarray. Dask's cluster runs before the clock starts,
because users of Dask usually have one. The map is compressed as the command line compresses it.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "plugin"))


def main():
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("scene", type=Path)
    arguments.add_argument("--clusters", type=int, default=6)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--chunk", type=int, default=3072, help="side of the array's blocks")
    given = arguments.parse_args()
    os.environ["PYTHONPATH"] = str(ROOT / "plugin")
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(given.runs):
            command_line(given, Path(folder))
            for way in (by_files, by_array):
                on_cluster(way, given, Path(folder))


def command_line(given, folder):
    program = ROOT / "target" / "release" / "bandcluster"
    command = [program, "cluster", given.scene, folder / "cli.tif", "--quiet", "--overwrite"]
    command += ["-k", str(given.clusters), "--threads", "2", "--model", folder / "cli.json"]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([str(part) for part in command], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"command line: {time.monotonic() - begun:.1f} s wall, {spent:.1f} s of processor time",
        flush=True,
    )


def on_cluster(way, given, folder):
    from distributed import Client, LocalCluster

    # In a pass no block is read twice, so GDAL need not keep many.
    environment = {"GDAL_CACHEMAX": "64"}
    slots = {"n_workers": 2, "threads_per_worker": 1}
    with (
        LocalCluster(**slots, dashboard_address=None, env=environment) as cluster,
        Client(cluster) as client,
    ):
        client.run(imported)
        client_peak, begun = peak(), time.monotonic()
        steps = way(given, folder, client)
        wall = time.monotonic() - begun
        costs = client.run(worker_cost).values()
        spent = ", ".join(f"{seconds:.1f} s, peak {megabytes} MB" for seconds, megabytes in costs)
        grew = peak() - client_peak
        print(
            f"{way.__name__}: {wall:.1f} s wall ({steps}); workers: {spent}; client grew by"
            f" {grew} MB",
            flush=True,
        )


def by_files(given, folder, client):
    import bandcluster.dask

    begun = time.monotonic()
    model = bandcluster.dask.fit_files([given.scene], given.clusters)
    fitted = time.monotonic() - begun
    bandcluster.dask.predict_files(model, [given.scene], folder, overwrite=True)
    check(model, folder)
    return f"fit {fitted:.1f} s"


def by_array(given, folder, client):
    import bandcluster.dask
    import rioxarray
    from distributed import Lock

    begun = time.monotonic()
    chunks = {"x": given.chunk, "y": given.chunk}
    scene = rioxarray.open_rasterio(given.scene, chunks=chunks, lock=False)
    model, classes = bandcluster.dask.fit_predict(scene, given.clusters)
    fitted = time.monotonic() - begun
    options = {"tiled": True, "compress": "deflate", "zlevel": 4}
    classes.rio.to_raster(folder / "array.tif", **options, lock=Lock("map"))
    check(model, folder)
    return f"fit and labels {fitted:.1f} s"


def check(model, folder):
    import bandcluster

    expected = bandcluster.Model.load(folder / "cli.json")
    assert (model.centers == expected.centers).all() and (model.counts == expected.counts).all()


def peak():
    """Peak memory of this process, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


def imported():
    import bandcluster.dask
    import rioxarray

    return bandcluster.version(), rioxarray.__version__


def worker_cost():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime, used.ru_maxrss // 1000


if __name__ == "__main__":
    main()
