#!/usr/bin/env python3
"""Run random jobs on random scenes by every face, and check them by an independent computation.

Each case has a seed; equal seeds give equal cases. Prints each failure with the command that
repeats it. The exit code is 1 if there are failures.
"""

import argparse
import collections
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
import checks  # noqa: E402
import faces  # noqa: E402
from scenes import random_scene  # noqa: E402

OTHERS = [
    "bisecting",
    "isodata",
    "gmm",
    "agglomerative",
    "birch",
    "dbscan",
    "optics",
    "hdbscan",
    "meanshift",
]


class Soak:
    """Runs cases in a folder."""

    def __init__(self, folder: Path, with_qgis: bool):
        self.folder = folder
        self.qgis = faces.Qgis(folder / "qgis") if with_qgis else None

    def case(self, seed: int) -> str:
        """Runs the case of a seed; returns the name of its job.

        Raises AssertionError if a check fails.
        """
        place = self.folder / f"case-{seed}"
        place.mkdir()
        numpy = np.random.default_rng(seed)
        self.told = ""
        try:
            scene = random_scene(place, numpy)
            job = random.Random(seed).choices(list(JOBS), JOBS.values())[0]
            self.told = f"{job.__name__.strip('_')}: {', '.join(scene.told)}"
            job(self, Case(place, scene, numpy))
        finally:
            shutil.rmtree(place, ignore_errors=True)
        return job.__name__.strip("_")


class Case:
    """A scene and a request."""

    def __init__(self, place: Path, scene, numpy):
        self.place, self.scene, self.numpy = place, scene, numpy
        self.request = {
            "input": scene.input,
            "output": str(place / "map.tif"),
            "model": str(place / "model.json"),
            "n_clusters": int(numpy.choice([1, 2, 3, 4, 5, 8, 12])),
            "seed": int(numpy.integers(0, 100)),
            **scene.request,
        }
        if numpy.random() < 0.3:
            self.request["scaling"] = "zscore"
        if numpy.random() < 0.2:
            self.request["memory"] = int(numpy.choice([16, 64, 1024]))

    def cannot(self) -> "str | None":
        """If the job must fail, a regular expression for its message; otherwise None."""
        pixels = self.scene.pixels[:, self.scene.valid]
        if not pixels.size:
            return "valid"
        reasons = []
        if self.request.get("scaling") == "zscore" and (pixels == pixels[:, :1]).all(axis=1).any():
            reasons.append("constant|same value|z-score")
        if len(np.unique(pixels, axis=1).T) < self.request["n_clusters"]:
            reasons.append("differ")
        return "|".join(reasons) or None

    def run(self, face, command="cluster"):
        """The result of the job; None if it is refused, and has to be."""
        why = self.cannot()
        try:
            facts = face(command, self.request)
        except faces.Refused as refused:
            if why is None or not re.search(why, str(refused)):
                raise AssertionError(f"refused: {refused}") from refused
            left = [
                path.name
                for path in self.place.iterdir()
                if path.name.startswith(("map", "model", ".bandcl"))
            ]
            checks.must(not left, f"a refused job leaves {left}")
            return None
        checks.must(why is None, f"no error; expected one that matches '{why}'")
        return facts


# --- jobs -----------------------------------------------------------------------------------------


def kmeans(soak: Soak, case: Case) -> None:
    """Clusters, checks map, model, inertia and confidence, and compares with other faces."""
    case.request["algorithm"] = "kmeans"
    face = faces.command_line if case.numpy.random() < 0.5 else faces.python_files
    confidence = case.place / "confidence.tif"
    if case.numpy.random() < 0.3:
        case.request["confidence"] = str(confidence)
    facts = case.run(face)
    if facts is None:
        return
    scene, model = case.scene, checks.read_json(case.place / "model.json")
    labels = checks.check_map(case.place / "map.tif", scene, facts, len(model["centers"]))
    checks.check_order(facts)
    checks.check_kmeans(model, labels, scene, confidence if "confidence" in case.request else None)
    if scene.valid.sum() <= 3000 and case.request["n_clusters"] > 1:
        checks.check_against_sklearn(model, scene)
    _model_again(case, labels)
    _arrays_too(case, labels)


def _model_again(case: Case, labels) -> None:
    """The saved model gives the same map, and is saved as the same bytes again."""
    path = case.place / "model.json"
    faces.bandcluster.Model.load(path).save(case.place / "again.json")
    checks.same(
        "a model that is saved again", (case.place / "again.json").read_text(), path.read_text()
    )
    names = ("input", *case.scene.request)
    request = {name: case.request[name] for name in names}
    again = {**request, "model": str(path), "output": str(case.place / "again.tif")}
    faces.python_files("predict", again)
    found = checks.gdal.Open(again["output"]).ReadAsArray()
    differ = found != labels
    checks.must(
        not differ.any(),
        f"predict gives another label to {differ.sum()} pixels of the training scene",
    )


def _arrays_too(case: Case, labels) -> None:
    model, found = faces.python_arrays(case.request, case.scene)
    differ = found != labels
    where = checks.first(differ)
    checks.must(
        not differ.any(),
        f"arrays give another label to {differ.sum()} pixels, the first at {where}",
    )
    by_files = checks.read_json(case.place / "model.json")["inertia"]
    if case.scene.is_rounded:
        difference = abs(model.inertia - by_files)
        checks.must(difference <= 1e-9 * by_files, f"inertia by arrays differs by {difference}")
    else:
        checks.same("inertia by arrays", model.inertia, by_files)


def others(soak: Soak, case: Case) -> None:
    """Checks another algorithm: valid pixels, counts, order of classes, the saved model."""
    case.request["algorithm"] = algorithm = str(case.numpy.choice(OTHERS))
    if algorithm in ("dbscan", "optics", "hdbscan", "meanshift"):
        del case.request["n_clusters"]
    case.request.pop("scaling", None)
    try:
        facts = faces.command_line("cluster", case.request)
    except faces.Refused as refused:
        # Each algorithm may refuse few pixels or few different ones, but no others.
        if (
            case.scene.valid.sum() > 100
            and len(np.unique(case.scene.pixels[:, case.scene.valid], axis=1).T) > 50
        ):
            raise AssertionError(f"{algorithm} refused: {refused}") from refused
        return
    model = checks.read_json(case.place / "model.json")
    labels = checks.check_map(case.place / "map.tif", case.scene, facts, len(model["classes"]))
    _model_again(case, labels)


def merged(soak: Soak, case: Case) -> None:
    """Clusters, merges two classes, and compares relabelled map, table and predict."""
    case.request.update(algorithm="kmeans", n_clusters=4)
    if case.run(faces.python_files) is None:
        return
    old = checks.gdal.Open(case.request["output"]).ReadAsArray()
    merge = {
        "model": case.request["model"],
        "into": ["two=1,3"],
        "output": str(case.place / "new.json"),
        "labels": case.request["output"],
        "labels_output": str(case.place / "new.tif"),
    }
    facts = faces.python_files("merge", merge)
    table = np.zeros(5, int)
    for entry in facts["mapping"]:
        table[entry["from"]] = entry["to"]
    new = checks.gdal.Open(merge["labels_output"]).ReadAsArray()
    checks.must((new == table[old]).all(), "the relabelled map differs from the table of classes")
    names = ("input", *case.scene.request)
    again = {**{name: case.request[name] for name in names}, "model": merge["output"]}
    faces.python_files("predict", {**again, "output": str(case.place / "again.tif")})
    found = checks.gdal.Open(str(case.place / "again.tif")).ReadAsArray()
    checks.must(
        (found == new).all(),
        f"predict by the merged model differs in {(found != new).sum()} pixels",
    )
    checks.check_place(checks.gdal.Open(merge["labels_output"]), case.scene)


def chosen(soak: Soak, case: Case) -> None:
    """choose-k recommends a number between the given minimum and maximum."""
    request = {
        "input": case.scene.input,
        "min": 2,
        "max": int(case.numpy.integers(3, 7)),
        **case.scene.request,
    }
    n_distinct = len(np.unique(case.scene.pixels[:, case.scene.valid], axis=1).T)
    try:
        facts = faces.command_line("choose-k", request)
    except faces.Refused as refused:
        checks.must(n_distinct < request["max"], f"refused: {refused}")
        return
    checks.must(
        2 <= facts["recommended_k"] <= request["max"], f"recommends {facts['recommended_k']}"
    )
    told = [candidate["inertia"] for candidate in facts["candidates"]]
    checks.must(
        all(b <= a * (1 + 1e-6) for a, b in zip(told, told[1:])),
        f"inertia grows with the classes: {told}",
    )


def qgis(soak: Soak, case: Case) -> None:
    """QGIS writes the same labels and centres as the Python package."""
    plain = isinstance(case.scene.input, str) and not case.scene.request
    if soak.qgis is None or not plain:
        return kmeans(soak, case)
    case.request["algorithm"] = "kmeans"
    case.request.pop("memory", None)
    if case.run(faces.python_files) is None:
        return None
    labels = checks.gdal.Open(case.request["output"]).ReadAsArray()
    other = {"output": str(case.place / "qgis.tif"), "model": str(case.place / "qgis.json")}
    soak.qgis.cluster({**case.request, **other})
    checks.must(
        (checks.gdal.Open(other["output"]).ReadAsArray() == labels).all(), "QGIS gives other labels"
    )
    here, there = (checks.read_json(Path(path)) for path in (case.request["model"], other["model"]))
    checks.same("the centres by QGIS", there["centers"], here["centers"])


JOBS = {kmeans: 60, others: 20, merged: 10, chosen: 8, qgis: 2}


# --- running --------------------------------------------------------------------------------------


def main():
    arguments = parse()
    if arguments.worker:
        return work(arguments)
    began, found, failed, seed = time.monotonic(), collections.Counter(), {}, arguments.seed
    until = began + 60 * arguments.minutes
    # If a process dies, only its case is lost: another process goes on with the next one.
    while time.monotonic() < until and (
        arguments.cases is None or seed < arguments.seed + arguments.cases
    ):
        seed = watch(arguments, seed, until, found, failed)
    cases, seconds = sum(found.values()), time.monotonic() - began
    print(
        f"{cases} cases in {seconds / 60:.1f} minutes, seeds {arguments.seed} to {seed - 1};"
        f" {len(failed)} failed"
    )
    print(", ".join(f"{name} {number}" for name, number in sorted(found.items())))
    sys.exit(bool(failed))


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument(
        "--seed", type=int, default=1, help="of the first case; the next has the next number [1]"
    )
    parser.add_argument("--cases", type=int, help="this many at most")
    parser.add_argument(
        "--qgis",
        action="store_true",
        help="QGIS, too, for a small share (dist/bandcluster_qgis.zip)",
    )
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def watch(arguments, seed, until, found, failed) -> int:
    """Runs cases in a process of its own until it ends; returns the seed of the next case."""
    left = (
        [] if arguments.cases is None else ["--cases", str(arguments.seed + arguments.cases - seed)]
    )
    minutes = (until - time.monotonic()) / 60
    command = [
        sys.executable,
        __file__,
        "--worker",
        "--seed",
        str(seed),
        "--minutes",
        str(minutes),
        *left,
    ]
    process = subprocess.Popen(
        [*command, *["--qgis"] * arguments.qgis], stdout=subprocess.PIPE, text=True
    )
    last = seed - 1
    for line in process.stdout:
        outcome, number, told = line.rstrip("\n").split("\t", 2)
        if outcome == "begins":
            last = int(number)
            continue
        found[told.split(":")[0]] += 1
        if outcome == "fails":
            tell(int(number), told, arguments, failed)
    if process.wait() != 0:
        found["dead"] += 1
        tell(last, f"dead: the process ended with {process.returncode}", arguments, failed)
    return last + 1


def tell(seed, told, arguments, failed) -> None:
    failed[seed] = told
    how = " QGIS=yes" if arguments.qgis else ""
    print(f"{told}\n    make soak SEED={seed} CASES=1{how}\n", flush=True)


def work(arguments) -> None:
    until, seed = time.monotonic() + 60 * arguments.minutes, arguments.seed
    folder = Path(tempfile.mkdtemp(prefix="bandcluster-soak-"))
    try:
        soak = Soak(folder, arguments.qgis and faces.Qgis.is_there())
        while time.monotonic() < until and (
            arguments.cases is None or seed < arguments.seed + arguments.cases
        ):
            print("begins", seed, "", sep="\t", flush=True)
            try:
                print("holds", seed, soak.case(seed), sep="\t", flush=True)
            except Exception as error:
                where = "" if isinstance(error, AssertionError) else traceback.format_exc(limit=-2)
                told = " ".join(f"{soak.told}: {type(error).__name__}: {error} {where}".split())
                print("fails", seed, told, sep="\t", flush=True)
            seed += 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
