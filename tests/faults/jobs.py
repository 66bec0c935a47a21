"""The jobs that are disturbed, their inputs, and the results of undisturbed runs."""

import functools
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()

NEW, OLD = 3, 5  # the number of classes in new outputs, and in outputs that exist before the run
OURS = ".bandcluster-"  # the beginning of temporary files' names

# Command lines, run in the folder of a case. The inputs, in/, are made once.
JOBS = {
    "cluster": (
        "cluster in/scene.tif outputs/map.tif -k {k} --model outputs/model.json --report"
        " outputs/report.html --polygons outputs/polygons.gpkg --confidence outputs/confidence.tif"
    ),
    "fit": (
        "fit in/scene.tif in/other.tif -k {k} --model outputs/model.json --labels-dir outputs "
        "--report outputs/report.html"
    ),
    "predict": (
        "predict --model in/model{k}.json in/scene.tif outputs/map.tif --quicklook outputs/map.png "
        "--polygons outputs/polygons.gpkg"
    ),
    "merge": (
        "merge --model in/model{k}.json --into both=1,2 -o outputs/merged.json --labels"
        " in/map{k}.tif --labels-output outputs/merged.tif"
    ),
    "choose-k": "choose-k in/scene.tif --max {k} --report outputs/choice.html",
}
# The output that is renamed last: if it is new, all others are new.
LAST = {
    "cluster": "map.tif",
    "predict": "map.tif",
    "merge": "merged.tif",
    "choose-k": "choice.html",
}


_one_at_a_time = threading.RLock()


def once(function):
    """Caches a function's result; threads that ask at once wait for the first one."""
    known = {}

    @functools.wraps(function)
    def remembered(*arguments):
        with _one_at_a_time:
            if arguments not in known:
                known[arguments] = function(*arguments)
            return known[arguments]

    return remembered


@dataclass(frozen=True)
class Done:
    """A finished process."""

    code: int  # the return code of subprocess: negative for a signal
    stderr: str
    seconds: float
    hung: bool = False
    stdout: str = ""


class Bench:
    """Inputs and the outputs of undisturbed runs, in a folder of its own."""

    def __init__(self, folder: Path, binary: Path):
        self.folder, self.binary = folder, binary
        inputs = folder / "in"
        inputs.mkdir()
        for seed, name in enumerate(["scene.tif", "other.tif"]):
            _write_scene(inputs / name, seed)
        for k in (NEW, OLD):
            model = f"in/model{k}.json"
            self.must(
                f"cluster in/scene.tif in/map{k}.tif -k {k} --model {model} --quiet".split(), folder
            )

    def words(self, job: str, k: int, overwrite: bool, threads: int = 1) -> "list[str]":
        words = [*JOBS[job].format(k=k).split(), "--quiet", "--threads", str(threads)]
        return words + ["--overwrite"] * overwrite

    def case(self, place: Path, job: str, overwrite: bool) -> Path:
        """A folder to run a job in, with inputs and, if `overwrite`, old outputs."""
        place.mkdir()
        shutil.copytree(self.folder / "in", place / "in")
        if overwrite:
            shutil.copytree(self.finished(job, OLD, False) / "outputs", place / "outputs")
        else:
            (place / "outputs").mkdir()
        return place

    def finished(
        self, job: str, k: int, overwrite: bool, scene: str = "scene.tif", threads: int = 1
    ) -> Path:
        """The folder after an undisturbed run, optionally with another scene as its input."""
        return self._finished(job, k, overwrite, scene, threads)

    @once
    def _finished(self, job, k, overwrite, scene, threads) -> Path:
        place = self.folder / f"{job}-{k}-{overwrite}-{scene}-{threads}"
        if overwrite:
            self.case(place, job, True)
        else:
            place.mkdir()
            shutil.copytree(self.folder / "in", place / "in")
            (place / "outputs").mkdir()
        if scene != "scene.tif":
            shutil.copy(place / "in" / scene, place / "in/scene.tif")
        self.must(self.words(job, k, overwrite, threads), place)
        return place

    @once
    def wanted(
        self, job: str, k: int, overwrite: bool, scene="scene.tif", threads=1
    ) -> "dict[str, str]":
        return contents(self.finished(job, k, overwrite, scene, threads) / "outputs")

    @once
    def seconds(self, job: str) -> float:
        """The seconds that an undisturbed run takes now."""
        place = self.case(self.folder / f"timed-{job}", job, True)
        return self.run([self.binary, *self.words(job, NEW, True)], place).seconds

    def must(self, words, place: Path) -> None:
        done = self.run([self.binary, *words], place)
        if done.code != 0:
            raise SystemExit(
                f"an undisturbed run failed: {' '.join(words)}: {done.code} {done.stderr}"
            )

    def start(self, command, place: Path, **options) -> subprocess.Popen:
        # GDAL writes this into GeoPackages instead of the time.
        environment = {**os.environ, "OGR_CURRENT_DATE": "2026-01-01T00:00:00.000Z"}
        return subprocess.Popen(
            [str(word) for word in command],
            cwd=place,
            env=environment,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            **{"stdout": subprocess.DEVNULL, **options},
        )

    def run(self, command, place: Path, patience: float = 300, **options) -> Done:
        return finish(self.start(command, place, **options), patience)


def finish(process: subprocess.Popen, patience: float = 300) -> Done:
    """Waits for a process. After `patience` seconds, kills it and the processes that it started."""
    began = time.monotonic()
    try:
        stdout, stderr = process.communicate(timeout=patience)
        hung = False
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        stdout, stderr = process.communicate()
        hung = True
    texts = [(text or b"").decode(errors="replace") for text in (stderr, stdout)]
    return Done(process.returncode, texts[0], time.monotonic() - began, hung, texts[1])


def contents(folder: Path) -> "dict[str, str]":
    """The contents of all files in a folder and its subfolders, as texts that can be compared."""
    files = (path for path in sorted(folder.rglob("*")) if not path.is_dir())
    return {path.relative_to(folder).as_posix(): _content(path) for path in files}


def _content(path: Path) -> str:
    if path.suffix == ".gpkg" and path.stat().st_size:
        return _rows(path)
    of_bytes = hashlib.sha256(path.read_bytes()).hexdigest()
    return (_map(path) or of_bytes) if path.suffix == ".tif" else of_bytes


# Left out: PROJ writes the same reference system in two ways, depending on what it has read before.
_UNTOLD = ("description", "files", "stac", "coordinateSystem")


def _map(path: Path) -> "str | None":
    """The contents of a GeoTIFF. The bytes differ: libtiff moves the directory if a seek fails."""
    try:
        dataset = gdal.Open(str(path))
        told = gdal.Info(dataset, format="json")
        system = dataset.GetSpatialRef()
        bands = [dataset.GetRasterBand(number + 1) for number in range(dataset.RasterCount)]
        pixels = [hashlib.sha256(band.ReadRaster()).hexdigest() for band in bands]
    except RuntimeError:
        return None
    code = system and system.GetAuthorityCode(None)
    kept = {name: value for name, value in told.items() if name not in _UNTOLD}
    return json.dumps([kept, code, pixels], indent=1)


def _rows(path: Path) -> str:
    """All tables of a GeoPackage. The bytes differ in the order of rows and the time of writing."""
    try:
        with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as database:
            if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                return "damaged"
            names = [
                name
                for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'")
            ]
            told = []
            for name in names:
                if not name.startswith("rtree") and name != "sqlite_sequence":
                    found = database.execute(f'SELECT * FROM "{name}"')
                    # The number of a style counts how often the file was written.
                    left_out = ("id", "update_time") if name == "layer_styles" else ("last_change",)
                    kept = [
                        i for i, column in enumerate(found.description) if column[0] not in left_out
                    ]
                    told += [f"{name} {[row[i] for i in kept]}" for row in found]
            return "\n".join(sorted(told))
    except sqlite3.Error as error:
        return f"damaged: {error}"


def _write_scene(path: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[:80, :100]
    fields = (columns // 20 + rows // 16 + seed) % 5
    waves = (columns * 7 + rows * 3) % 900
    bands = [
        waves + random.integers(0, 80, rows.shape),
        fields * 200 + random.integers(0, 60, rows.shape),
    ]
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 100, 80, 2, gdal.GDT_UInt16)
    system = osr.SpatialReference()
    system.ImportFromEPSG(32633)
    dataset.SetProjection(system.ExportToWkt())
    dataset.SetGeoTransform((500000, 10, 0, 4100000, 0, -10))
    for index, band in enumerate(bands, 1):
        dataset.GetRasterBand(index).WriteArray(band.astype(np.uint16))
