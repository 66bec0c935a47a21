#!/usr/bin/env python3
"""From file to map, 4 classes, by Python's tools: the table of docs/python.md.

    python benches/peers/python/compare.py SCENE [--runs 3] [--only scikit-learn]

SCENE is target/bench/scenes/train.tif, which `make bench` makes.

Each tool is a program in this folder, written like the tool's documentation. The first estimator is
scikit-learn's program with its import changed. The interpreter needs the packages of this folder's
requirements.txt. Empty lines of programs are not counted; memory is the peak of the process.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(HERE.parent))

from measure import DONE, run, settle, warm  # noqa: E402

OURS = {"bandcluster, files", "bandcluster.sklearn"}
TOOLS = {
    "bandcluster, files": "bandcluster_files.py",
    "bandcluster.sklearn": "scikit_learn.py",
    "scikit-learn": "scikit_learn.py",
    "dask-ml": "dask_ml_kmeans.py",
    "spectral": "spectral_python.py",
}
TIMEOUT = 3600


def main():
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("scene", type=Path)
    arguments.add_argument(
        "--runs", type=int, default=3, help="of bandcluster; the others run once"
    )
    arguments.add_argument("--only", choices=TOOLS, action="append")
    given = arguments.parse_args()
    os.environ["PYTHONPATH"] = str(ROOT / "plugin")
    warm([given.scene])
    print("| tool | lines | seconds | peak memory |\n|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for tool in given.only or TOOLS:
            program = program_of(tool, Path(folder))
            runs = [
                job(program, given.scene, Path(folder))
                for _ in range(given.runs if tool in OURS else 1)
            ]
            print(f"| {tool} | {lines(program)} | {told(runs)} |", flush=True)


def program_of(tool, folder):
    """The file of a tool's program."""
    source = (HERE / TOOLS[tool]).read_text()
    if tool == "bandcluster.sklearn":
        source = source.replace("from sklearn.cluster import", "from bandcluster.sklearn import")
    program = folder / "program.py"
    program.write_text(source)
    return program


def job(program, scene, folder):
    """Runs a program once and removes its map."""
    settle()
    output = folder / "map.tif"
    done = run([sys.executable, program, scene, output], timeout=TIMEOUT)
    for path in folder.glob("map.*"):
        path.unlink()
    return done


def lines(program):
    return sum(bool(line.strip()) for line in program.read_text().splitlines())


def told(runs):
    """The medians of runs, or the outcome of the first run that failed."""
    for done in runs:
        if done.outcome != DONE:
            return f"{done.outcome}: {done.complaint.splitlines()[-1] if done.complaint else ''} |"
    seconds = statistics.median(done.seconds for done in runs)
    return f"{seconds:.1f} | {statistics.median(done.peak for done in runs) / 1e9:.2f} GB"


if __name__ == "__main__":
    main()
