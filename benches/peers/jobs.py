"""The jobs of the comparison: each function runs one, and the results hold the rest."""

import os
import re
import subprocess
import sys

import contenders as make
from contenders import BANDCLUSTER, HERE, INTELEX, ROOT, SKLEARN
from measure import DONE

GIGAPIXEL_RUNS = 3  # at most, because a run takes as long as nine of the tile

TOLD_HOW_MANY = ("kmeans", "bisecting", "isodata", "gmm", "agglomerative", "birch", "spectral")
FINDING_HOW_MANY = ("dbscan", "optics", "hdbscan", "meanshift", "affinity")


def train(bench):
    """The first strip, 4 classes. Its peers predict in the same run, as tutorials do."""
    scene, other = bench.scene("train.tif"), bench.scene("predict.tif")
    bench.side_by_side("train", [make.cluster(bench, scene, 4), make.floor(bench, scene)])
    python = [make.sklearn(bench, scene, 4, intelex, predicted=other) for intelex in (False, True)]
    others = [peer(bench, scene, 4) for peer in (make.faiss, make.linfa, make.grass, make.saga)]
    bench.peers("train", python + others)


def predict(bench):
    """The second strip, with the classes of the first.

    The peers do it in their runs of `train`.
    """
    scene, other = bench.scene("train.tif"), bench.scene("predict.tif")
    model = bench.output(scene, "4.json")
    if not model.exists():
        bench.once(make.cluster(bench, scene, 4))
    bench.side_by_side("predict", [make.predict(bench, model, other), make.floor(bench, other)])


def tile(bench):
    """A Sentinel-2 tile, 10 classes, and the inertia of each program's centres."""
    scene = bench.scene("tile.tif")
    bench.side_by_side("tile", [make.cluster(bench, scene, 10), make.floor(bench, scene)])
    bench.peers("tile", [make.sklearn(bench, scene, 10), make.sklearn(bench, scene, 10, True)])
    note_inertia(bench, "tile", scene)


def restarts(bench):
    """The tile with bandcluster's default number of starts for all programs."""
    scene = bench.scene("tile.tif")
    bench.side_by_side("restarts", [make.cluster(bench, scene, 10)])
    bench.peers(
        "restarts",
        [make.sklearn(bench, scene, 10, intelex, restarts=10) for intelex in (False, True)],
    )
    note_inertia(bench, "restarts", scene)


def note_inertia(bench, job, scene):
    """Adds the inertia of the centres of each program's last run, computed on all pixels."""
    systems = bench.results["jobs"][job]["systems"]
    files = {BANDCLUSTER: "10.json", SKLEARN: f"{SKLEARN}.json", INTELEX: f"{INTELEX}.json"}
    found = {
        system: bench.output(scene, name)
        for system, name in files.items()
        if system in systems
        and systems[system]["outcome"] == DONE
        and bench.output(scene, name).exists()
    }
    bench.say(f"{job}: inertia of the centres")
    told = ask(bench, [sys.executable, HERE / "inertia.py", scene, *found.values()])
    for system, inertia in zip(found, told["inertia"]):
        systems[system]["inertia"] = inertia


def tile13(bench):
    """The tile with all 13 bands."""
    scene = bench.scene("tile13.tif")
    bench.side_by_side("tile13", [make.cluster(bench, scene, 10), make.floor(bench, scene)])


def algorithms(bench):
    """The tile by every algorithm, once each, because some take long."""
    scene = bench.scene("tile.tif")
    for algorithm in TOLD_HOW_MANY + FINDING_HOW_MANY:
        k = 10 if algorithm in TOLD_HOW_MANY else None
        bench.measured("algorithms", make.clustered_by(bench, scene, algorithm, k))


def choose_k(bench):
    """Choosing between 2 and 12 classes, on the tile."""
    bench.side_by_side("choose_k", [make.choose_k(bench, bench.scene("tile.tif"))])


def tile_float(bench):
    """The tile as reflectances."""
    scene = bench.scene("tile_float.tif")
    bench.side_by_side("tile_float", [make.cluster(bench, scene, 10), make.floor(bench, scene)])


def gigapixel(bench):
    """Nine tiles in a mosaic."""
    scene, runs = bench.scene("gigapixel.vrt"), min(bench.runs, GIGAPIXEL_RUNS)
    bench.side_by_side(
        "gigapixel", [make.cluster(bench, scene, 10), make.floor(bench, scene)], runs
    )
    bench.peers("gigapixel", [make.sklearn(bench, scene, 10), make.sklearn(bench, scene, 10, True)])


def sweep(bench):
    """Models of 2 to 20 classes on the tile's summary."""
    bench.side_by_side("sweep", [make.sweep(bench, bench.scene("tile.tif"))])


def qgis(bench):
    """The first strip in QGIS, beside the command line."""
    scene = bench.scene("train.tif")
    for before in (make.qgis_enable(bench), make.qgis_start(bench)):
        bench.once(before)
    bench.side_by_side(
        "qgis", [make.cluster(bench, scene, 4), make.qgis(bench, scene, 4), make.qgis_start(bench)]
    )


def in_memory(bench):
    """The first strip as arrays of a C program."""
    program, raw = compiled(bench), bench.output("train.tif", "samples.raw")
    facts = ask(bench, [sys.executable, HERE / "raw.py", bench.scene("train.tif"), raw])
    numbers = [facts["width"], facts["height"], facts["bands"], facts["nodata"], 4, bench.runs]
    bench.side_by_side(
        "in_memory", [make.Contender(BANDCLUSTER, [program, raw, *numbers], [raw])], 1
    )
    raw.unlink()


def compiled(bench):
    """Compiles the C program and links it to the library by the name that the loader looks for."""
    header = (ROOT / "include" / "bandcluster.h").read_text()
    abi = re.search(r"#define BANDCLUSTER_ABI_VERSION (\d+)", header)[1]
    for name in ("libbandcluster.so", f"libbandcluster.so.{abi}"):
        link = bench.work / name
        link.unlink(missing_ok=True)
        link.symlink_to(bench.library)
    program = bench.work / "in_memory"
    compiler = [
        os.environ.get("CC", "cc"),
        "-std=c11",
        "-O3",
        "-march=native",
        "-pthread",
        f"-I{ROOT / 'include'}",
    ]
    linked = [f"-L{bench.work}", f"-Wl,-rpath,{bench.work}", "-lbandcluster"]
    subprocess.run([*compiler, str(HERE / "in_memory.c"), *linked, "-o", str(program)], check=True)
    return program


def tile_1mpx(bench):
    """A small piece of the tile, for the chart; the chart's large sizes are `tile`, `gigapixel`."""
    piece(bench, "tile_1mpx")


def tile_10mpx(bench):
    """A larger piece."""
    piece(bench, "tile_10mpx")


def piece(bench, name):
    scene = bench.scene(f"{name}.tif")
    bench.side_by_side(name, [make.cluster(bench, scene, 10), make.floor(bench, scene)])
    bench.peers(name, [make.sklearn(bench, scene, 10), make.sklearn(bench, scene, 10, True)])


def ask(bench, command):
    """Runs a program of this folder, which must succeed; returns the JSON that it prints."""
    return bench.once(make.Contender("helper", command, [])).told


JOBS = [
    train,
    predict,
    tile,
    restarts,
    tile13,
    tile_float,
    gigapixel,
    sweep,
    choose_k,
    algorithms,
    qgis,
    in_memory,
    tile_1mpx,
    tile_10mpx,
]
