"""Jobs from file to file: the command line's options as keyword arguments.

The library finds the GDAL that osgeo or rasterio have loaded, or the system's. No pixel passes
through Python.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Union

from . import _html
from ._types import PathLike, Progress
from .jobs import run_job
from .model import Model
from .report import Page

Scene = Union[PathLike, Sequence[PathLike]]


def scene_list(given: PathLike | Sequence[Scene]) -> list[Scene]:
    """The scenes as a list, even if one is given by its path."""
    return [given] if isinstance(given, (str, os.PathLike)) else list(given)


@dataclass(frozen=True)
class Outcome:
    """What a job on files did.

    Attributes
    ----------
    facts : dict
        The whole outcome (docs/job-outcome.schema.json).
    """

    facts: dict[str, Any]

    @property
    def classes(self) -> list[dict[str, Any]]:
        """The classes: ``value``, ``name``, ``color``, ``count`` and ``area_ha``.

        ``count`` is in pixels; ``area_ha`` is in hectares, or None.
        """
        return self.facts.get("classes", [])

    @property
    def areas(self) -> dict[str, float | None]:
        """The area of each class in hectares, by name; None if the pixel area is unknown."""
        return {found["name"]: found["area_ha"] for found in self.classes}

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """The warnings: ``code``, values by their names, and ``message``, a sentence."""
        return self.facts.get("warnings", [])

    @property
    def paths(self) -> dict[str, Path]:
        """The files by kind: ``output`` (the map), ``model``, ``report`` and others."""
        # The maps of several scenes are in `facts["labels"]`.
        kinds = ("output", "confidence", "model", "quicklook", "report", "polygons")
        return {kind: Path(self.facts[kind]) for kind in kinds if self.facts.get(kind)}

    @property
    def report(self) -> Page | None:
        """The page that was written, which a notebook shows inline; None if there is none."""
        return Page(self.paths["report"]) if "report" in self.paths else None

    def _repr_html_(self) -> str:
        """The HTML that a notebook shows: classes (colour, share, area), warnings and files."""
        rows = [
            (one["value"], one["name"], one["color"], one["count"], one["area_ha"])
            for one in self.classes
        ]
        notes = "".join(
            f"<li>{_html.escaped(warning['message'])}</li>" for warning in self.warnings
        )
        paths = "".join(
            f"<li>{kind}: <code>{_html.escaped(path)}</code></li>"
            for kind, path in self.paths.items()
        )
        table = _html.classes(f"{len(rows)} classes", rows) if rows else ""
        return f"{table}<ul>{notes}{paths}</ul>"

    @cached_property
    def model(self) -> Model | None:
        """The model that was written or applied; None if there is no file of it."""
        return Model.load(self.paths["model"]) if "model" in self.paths else None


def cluster_file(
    source: Scene,
    map: PathLike,
    *,
    n_clusters: int | None = None,
    model: PathLike | None = None,
    report: PathLike | None = None,
    overwrite: bool = False,
    threads: int = 0,
    progress: Progress | None = None,
    **options: Any,
) -> Outcome:
    """Find classes in a scene, and write its map of classes.

    Parameters
    ----------
    source : path, or list of paths
        The scene, in any format that GDAL reads; a Sentinel-2 product; or the files of its bands.
    map : path
        The map to write, a GeoTIFF: 0 is nodata, classes are 1 to k, the largest first.
    n_clusters : int, optional
        Number of classes; None: 4. Not for algorithms that find it themselves.
    model, report : path, optional
        The model and the page to write.
    overwrite : bool
        Whether existing files are replaced; if not, they are refused.
    threads : int
        Number of threads; 0: all cores. The result does not depend on it.
    progress : callable, optional
        Called with the fraction done and a message; returning False cancels.
    **options
        Any other field of a request (docs/job-request.schema.json), such as ``algorithm="gmm"``,
        ``seeds="seeds.gpkg"`` and ``seed_field="cover"``, ``bands=["B04", "B08"]``, ``nodata=0``,
        ``majority=3``, ``memory=1024``, ``format="COG"``, ``creation_options=["COMPRESS=ZSTD"]``.

    Returns
    -------
    Outcome

    Raises
    ------
    InvalidArgument
        For an invalid option, which the message names, before any pixel is read.
    IOFailure
        For a file that cannot be read or written, or if GDAL is not found.
    Cancelled
        When ``progress`` returned False. No file is left.

    Examples
    --------
    >>> outcome = bandcluster.cluster_file(
    ...     "scene.tif", "map.tif", n_clusters=3, model="model.json", overwrite=True
    ... )
    >>> outcome.areas
    {'class 1': 16.2, 'class 2': 16.2, 'class 3': 15.6}
    """
    files = {"input": source, "output": map, "model": model, "report": report}
    return _run(
        "cluster", {**files, "n_clusters": n_clusters}, overwrite, threads, progress, options
    )


def fit_files(
    sources: Sequence[Scene],
    model: PathLike,
    *,
    n_clusters: int | None = None,
    labels_dir: PathLike | None = None,
    report: PathLike | None = None,
    overwrite: bool = False,
    threads: int = 0,
    progress: Progress | None = None,
    **options: Any,
) -> Outcome:
    """Find classes in several scenes together, and write the model.

    Parameters
    ----------
    sources : list of scenes
        Each as `cluster_file` takes one.
    model : path
        The model to write.
    labels_dir : path, optional
        A folder to write a map of each scene into.
    n_clusters, report, overwrite, threads, progress, **options
        As `cluster_file` takes them.

    Returns
    -------
    Outcome

    Raises
    ------
    InvalidArgument, IOFailure, Cancelled
        As from `cluster_file`.

    Examples
    --------
    >>> outcome = bandcluster.fit_files(["scene.tif"], "model.json", n_clusters=3, overwrite=True)
    >>> outcome.model
    <bandcluster.Model: 3 classes, 4 bands>
    """
    files = {
        "inputs": scene_list(sources),
        "model": model,
        "labels_dir": labels_dir,
        "report": report,
    }
    return _run("fit", {**files, "n_clusters": n_clusters}, overwrite, threads, progress, options)


def predict_file(
    model: PathLike,
    source: Scene,
    map: PathLike,
    *,
    report: PathLike | None = None,
    overwrite: bool = False,
    threads: int = 0,
    progress: Progress | None = None,
    **options: Any,
) -> Outcome:
    """Give the classes of a model to a scene, and write its map.

    If neither ``nodata`` nor the scene's file (by a nodata value, a mask or an alpha band) tells
    which pixels have no data, the model's nodata values are used, and `Outcome.warnings` has a note
    (``model_nodata``). With ``nodata="none"`` all pixels have data.

    Parameters
    ----------
    model : path
        The file of a model.
    source : path, or list of paths
        The scene, as `cluster_file` takes one.
    map : path
        The map to write.
    report, overwrite, threads, progress, **options
        As `cluster_file` takes them.

    Returns
    -------
    Outcome

    Raises
    ------
    InvalidArgument, IOFailure, Cancelled
        As from `cluster_file`.

    Examples
    --------
    >>> model.save("model.json")
    >>> outcome = bandcluster.predict_file("model.json", "scene.tif", "map.tif", overwrite=True)
    >>> sum(found["count"] for found in outcome.classes)
    4800
    """
    files = {"model": model, "input": source, "output": map, "report": report}
    return _run("predict", files, overwrite, threads, progress, options)


def predict_files(
    model: PathLike,
    sources: Sequence[Scene],
    labels_dir: PathLike,
    *,
    report: PathLike | None = None,
    overwrite: bool = False,
    threads: int = 0,
    progress: Progress | None = None,
    **options: Any,
) -> Outcome:
    """Give the classes of a model to several scenes, and write a map of each into a folder.

    Each map is named after its scene.

    All scenes are checked before the first one is labelled; no map is written if one fails.
    ``facts["labels"]`` has the maps, and the drift of each scene from the training pixels
    (``drift``).

    Parameters
    ----------
    model : path
        The file of a model.
    sources : list of scenes
        Each as `cluster_file` takes one.
    labels_dir : path
        The folder of the maps.
    report, overwrite, threads, progress, **options
        As `cluster_file` takes them.

    Returns
    -------
    Outcome

    Raises
    ------
    InvalidArgument, IOFailure, Cancelled
        As from `cluster_file`.

    Examples
    --------
    >>> import os
    >>> os.makedirs("maps", exist_ok=True)
    >>> model.save("model.json")
    >>> outcome = bandcluster.predict_files("model.json", ["scene.tif"], "maps", overwrite=True)
    >>> os.listdir("maps") != []
    True
    """
    files = {
        "model": model,
        "inputs": scene_list(sources),
        "labels_dir": labels_dir,
        "report": report,
    }
    return _run("predict", files, overwrite, threads, progress, options)


def choose_k_file(
    source: Scene,
    *,
    min: int = 2,
    max: int = 12,
    report: PathLike | None = None,
    overwrite: bool = False,
    threads: int = 0,
    progress: Progress | None = None,
    **options: Any,
) -> Outcome:
    """Recommend a number of classes of a scene.

    Parameters
    ----------
    source : path, or list of paths
        The scene, as `cluster_file` takes one.
    min, max : int
        The minimum and the maximum number of classes.
    report, overwrite, threads, progress, **options
        As `cluster_file` takes them.

    Returns
    -------
    Outcome
        ``facts`` has ``recommended_k``, ``certainty``, ``reason`` and ``candidates``.

    Raises
    ------
    InvalidArgument, IOFailure, Cancelled
        As from `cluster_file`.

    Examples
    --------
    >>> bandcluster.choose_k_file("scene.tif", max=5).facts["recommended_k"]
    3
    """
    files = {"input": source, "min": min, "max": max, "report": report}
    return _run("choose_k", files, overwrite, threads, progress, options)


def info(path: PathLike, **options: Any) -> dict[str, Any]:
    """The facts about a raster file or a model.

    Parameters
    ----------
    path : path
        A scene, a map, a product or a model.
    **options
        Any other field of the request (docs/job-request.schema.json).

    Returns
    -------
    dict

    Raises
    ------
    InvalidArgument, IOFailure
        As from `cluster_file`.

    Examples
    --------
    >>> told = bandcluster.info("scene.tif")
    >>> told["width"], told["height"]
    (80, 60)
    """
    return run_job({"command": "info", "path": path, **options})


def _run(
    command: str,
    fields: dict[str, Any],
    overwrite: bool,
    threads: int,
    progress: Progress | None,
    options: dict[str, Any],
) -> Outcome:
    given = {name: value for name, value in fields.items() if value is not None}
    request = {"command": command, **given, "overwrite": overwrite, **options}
    return Outcome(run_job(request, threads=threads, progress=progress))
