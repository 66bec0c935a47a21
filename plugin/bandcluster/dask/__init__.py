"""Fits and maps of Dask arrays and of large sets of files, on the workers of a cluster.

    import bandcluster.dask

    model = bandcluster.dask.fit(scene, n_clusters=6)        # a Dask array, or a DataArray of one
    classes = bandcluster.dask.predict(model, scene)         # lazy: computed when it is needed
    model, classes = bandcluster.dask.fit_predict(scene, 6)  # labels of the fit's last pass
    model = bandcluster.dask.fit_files(paths, n_clusters=6)  # the workers read the files

Each worker makes a summary of its blocks, and a refinement for every pass of the fit. These are
merged as a tree, also on the workers. Only summaries (2 MB at most), refinements and the model
(some kB) travel; the client never sees a pixel. The model is, byte for byte, that of
`bandcluster.fit` on the whole array.

Each task uses one thread, and each thread (slot) of a worker runs a task of its own. Only the tasks
of `predict_files` also use the threads of idle slots, if there are fewer maps than slots. If a
worker is lost, other workers repeat its tasks, and no others. The client is found as Dask finds it;
without a client, Dask's own scheduler works on this machine. The fit on the merged summary, which
takes seconds, runs in the calling process.
"""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import dask
import dask.array
import numpy as np

from .. import files
from .._progress import part
from .._types import Nodata, PathLike, Progress
from ..choice import Choice
from ..choice import choose_k as _choose_k
from ..errors import InvalidArgument, InvalidData
from ..jobs import check_job
from ..model import Model
from ..refinement import Refinement, refine
from ..summary import Summary
from . import _tasks
from ._engine import Engine, task
from ._pixels import Blocks, Files, absolute, blocks_of, path_texts, planes_of, sample_dtype

__all__ = ["choose_k", "fit", "fit_files", "fit_predict", "predict", "predict_files"]

# The options for reading files; others are those of the fit. Some of these are about each band.
_READING = ("bands", "nodata", "resolution", "mask", "mask_scl", "aoi")
_OF_BANDS = ("init", "fix", "band_weights")


def fit(
    array: Any,
    n_clusters: int | None = None,
    *,
    nodata: Nodata = None,
    mask: Any = None,
    channel_axis: int | None = None,
    memory: float = 256,
    client: Any = None,
    threads: int = 0,
    progress: Progress | None = None,
    **options: Any,
) -> Model:
    """Find classes in a Dask array, or in a DataArray or Dataset backed by one.

    Parameters
    ----------
    array : dask.array.Array, xarray.DataArray or xarray.Dataset
        The image: (bands, height, width), or named dimensions in any order.
    n_clusters : int, optional
        Number of classes; None: 4.
    nodata : float or sequence, optional
        As for `bandcluster.fit`; None: the nodata values of the DataArray.
    mask : array, optional
        An array of the shape of one band (of NumPy, Dask or a DataArray); pixels where it is 0 are
        left out.
    channel_axis : int, optional
        As for `bandcluster.fit`.
    memory : float
        Maximum size of a summary in MiB; a worker has one summary for each slot.
    client : distributed.Client, optional
        The cluster; None: the current one.
    threads : int
        Threads of this process for the fit on the merged summary; 0: all cores. Each task uses one
        thread.
    progress : callable or True, optional
        Called with the fraction done and a message; returning False cancels. True shows tqdm's bar.
    **options
        ``algorithm``, ``seed``, ``scaling``, ``init`` and the others of `bandcluster.fit`.

    Returns
    -------
    Model

    Raises
    ------
    InvalidArgument, InvalidData
        As `bandcluster.fit`.
    Cancelled
        When ``progress`` returned False; the remaining tasks of the cluster are cancelled.

    Examples
    --------
    >>> import dask.array
    >>> bandcluster.dask.fit(dask.array.from_array(image, chunks=(4, 30, 40)), n_clusters=3)
    <bandcluster.Model: 3 classes, 4 bands>
    """
    source = Blocks(array, nodata, mask, channel_axis)
    return _fit(
        source, Engine(client, progress), memory, threads, {"n_clusters": n_clusters, **options}
    )


def fit_predict(
    array: Any,
    n_clusters: int | None = None,
    *,
    nodata: Nodata = None,
    mask: Any = None,
    channel_axis: int | None = None,
    memory: float = 256,
    client: Any = None,
    threads: int = 0,
    progress: Progress | None = None,
    **options: Any,
) -> tuple[Model, Any]:
    """Find classes as `fit` does, and label the array in the last pass of the fit.

    This saves one of three passes over the array. The labels, one or two bytes per pixel, stay in
    the memory of the workers as long as the map exists. Use `fit` and `predict` if they take too
    much.

    Parameters
    ----------
    array, n_clusters, nodata, mask, channel_axis, memory, client, threads, progress
        As `fit` takes them.
    **options
        As `fit` takes them.

    Returns
    -------
    model : Model
        As from `fit`.
    labels : dask.array.Array, or xarray.DataArray
        As from `predict`. If the fit needed no pass over the pixels, or if its last pass changed
        the order of the classes, labels are lazy.

    Raises
    ------
    InvalidArgument, InvalidData, Cancelled
        As from `fit`.

    Examples
    --------
    >>> import dask.array
    >>> blocks = dask.array.from_array(image, chunks=(4, 30, 40))
    >>> model, classes = bandcluster.dask.fit_predict(blocks, n_clusters=3)
    >>> bool((classes.compute() == model.predict(image)).all())
    True
    """
    source, kept = Blocks(array, nodata, mask, channel_axis), _Labels()
    engine = Engine(client, progress)
    model = _fit(source, engine, memory, threads, {"n_clusters": n_clusters, **options}, kept)
    if kept.are_of(model):
        return model, source.map_of(kept.blocks, model)
    return model, predict(model, array, nodata=nodata, mask=mask, channel_axis=channel_axis)


def choose_k(
    array: Any,
    min: int = 2,
    max: int = 12,
    *,
    nodata: Nodata = None,
    mask: Any = None,
    channel_axis: int | None = None,
    memory: float = 256,
    client: Any = None,
    threads: int = 0,
    progress: Progress | None = None,
    **options: Any,
) -> Choice:
    """Recommend a number of classes for a Dask array, or a DataArray or Dataset backed by one.

    Parameters
    ----------
    array, nodata, mask, channel_axis, memory, client, threads, progress
        As `fit` takes them.
    min, max : int
        Minimum and maximum number of classes.
    **options
        ``algorithm``, ``seed``, ``report`` and the others of `bandcluster.choose_k`.

    Returns
    -------
    Choice

    Raises
    ------
    InvalidArgument, InvalidData, IOFailure
        As `bandcluster.choose_k`.
    Cancelled
        As `fit`.

    Examples
    --------
    >>> import dask.array
    >>> blocks = dask.array.from_array(image, chunks=(4, 30, 40))
    >>> bandcluster.dask.choose_k(blocks, 2, 4).recommended
    3
    """
    source = Blocks(array, nodata, mask, channel_axis)
    given = {"min": min, "max": max, "threads": threads, **options}
    _check(source.n_bands, source.dtype, memory, lambda empty: _choose_k(empty, **given))
    with Engine(client, progress) as engine:
        summary = engine.gather(source.summaries(memory), _tasks.merged, "summarising", 0.0, 0.5)
        rest = part(engine.progress, 0.5, 1.0)
        return _choose_k(summary, **given, progress=rest)


def predict(
    model: Model,
    array: Any,
    *,
    nodata: Nodata = None,
    mask: Any = None,
    channel_axis: int | None = None,
) -> Any:
    """The class of each pixel of a Dask array, or of a DataArray or Dataset backed by one.

    Nothing is computed yet.

    Parameters
    ----------
    model : Model
        A model of `fit` or of any other origin.
    array : dask.array.Array, xarray.DataArray or xarray.Dataset
        As `fit` takes it.
    nodata, mask, channel_axis
        As `bandcluster.Model.predict` takes them.

    Returns
    -------
    dask.array.Array, or xarray.DataArray
        Labels (height, width). A DataArray has coordinates, reference system, nodata 0 and the
        names of the classes; ``.rio.to_raster`` writes it.

    Raises
    ------
    InvalidArgument
        If the number of bands is not the model's, or the shape or a nodata value is not valid.

    Examples
    --------
    >>> import dask.array
    >>> classes = bandcluster.dask.predict(model, dask.array.from_array(image, chunks=(4, 30, 40)))
    >>> classes.shape, str(classes.dtype)
    ((60, 80), 'uint8')
    """
    blocks, known = blocks_of(array, channel_axis, model)
    if len(blocks) != model.n_bands:
        raise InvalidArgument(
            f"the array has {len(blocks)} bands, the model was fitted on {model.n_bands}: choose"
            " those bands"
        )
    used = known.nodata if known is not None and nodata is None else nodata
    sample_dtype(blocks, used)
    given = {"model": dask.delayed(model, pure=True), "nodata": used}
    planes = planes_of(blocks, mask, known)
    dtype = model.label_dtype
    given |= {"drop_axis": 0, "dtype": dtype, "meta": np.empty((0, 0), dtype)}
    named = "bandcluster-predict"  # not a literal below: bandit would take it for a password
    labels = dask.array.map_blocks(_tasks.labels, *planes, token=named, **given)
    return labels if known is None else known.map_of(labels, model)


def fit_files(
    paths: Sequence[files.Scene],
    n_clusters: int | None = None,
    *,
    memory: float = 256,
    piece_pixels: int = 0,
    client: Any = None,
    threads: int = 0,
    progress: Progress | None = None,
    **options: Any,
) -> Model:
    """Find classes in raster files, which the workers read window by window.

    They read with the library's GDAL.

    Parameters
    ----------
    paths : list of paths
        Scenes with the same bands, each as `bandcluster.cluster_file` takes one. Every worker must
        find them by the same names (shared storage, ``/vsis3/``). This process opens them, too, but
        reads none of their pixels.
    n_clusters : int, optional
        Number of classes; None: 4.
    memory : float
        Maximum size of a summary in MiB. The model is that of `bandcluster.fit_files` with twice as
        much.
    piece_pixels : int
        Approximate number of pixels that a task reads; 0: 16 million, or fewer so that all slots
        end together.
    client, threads, progress
        As for `fit`.
    **options
        Options for reading (docs/job-request.schema.json): ``bands``, ``nodata``, ``resolution``,
        ``mask``, ``mask_scl`` and ``aoi``. All others are those of `bandcluster.fit`.

    Returns
    -------
    Model

    Raises
    ------
    IOFailure
        For a file that cannot be read.
    InvalidArgument, InvalidData, Cancelled
        As `fit`.

    Examples
    --------
    >>> bandcluster.dask.fit_files(["scene.tif"], n_clusters=3)
    <bandcluster.Model: 3 classes, 4 bands>
    """
    if options.get("seeds") is not None:
        raise InvalidArgument(
            "workers do not read seeds: give their means as init, or take bandcluster.fit_files"
        )
    reading = {name: options.pop(name, None) for name in _READING}
    reading = {name: value for name, value in reading.items() if value is not None}
    # Opening many scenes takes time, so options that any bands may have are checked before.
    of_any = {name: value for name, value in options.items() if name not in _OF_BANDS}
    given = {"n_clusters": n_clusters, "threads": threads, **of_any}
    _check(1, np.dtype(np.uint8), memory, lambda empty: empty.fit(**given))
    engine = Engine(client, progress)
    request = {"inputs": path_texts(files.scene_list(paths)), **absolute(reading)}
    source = Files(request, piece_pixels, engine.n_slots())
    return _fit(source, engine, memory, threads, {"n_clusters": n_clusters, **options})


def predict_files(
    model: Model,
    paths: Sequence[files.Scene],
    labels_dir: PathLike,
    *,
    overwrite: bool = False,
    client: Any = None,
    progress: Progress | None = None,
    **options: Any,
) -> list[files.Outcome]:
    """Give the classes of a model to raster files, and write their maps into a folder.

    Each task reads one scene and writes its map, named after the scene.

    Parameters
    ----------
    model : Model
        A model of `fit_files` or of any other origin.
    paths : list of paths
        As `fit_files` takes them.
    labels_dir : path
        A folder that all workers see.
    overwrite : bool
        Whether existing maps are replaced; if not, they are refused before anything is read.
    client, progress
        As `fit` takes them.
    **options
        The options of `bandcluster.predict_files`, except ``report``, which is one page for all
        scenes.

    Returns
    -------
    list of Outcome
        One for each scene.

    Raises
    ------
    InvalidArgument, IOFailure, Cancelled
        As `bandcluster.predict_files`; maps that are already written stay.

    Examples
    --------
    >>> options = {"labels_dir": ".", "overwrite": True}
    >>> outcomes = bandcluster.dask.predict_files(model, ["scene.tif"], **options)  # doctest: +SKIP
    >>> outcomes[0].warnings  # doctest: +SKIP
    []
    """
    paths = files.scene_list(paths)
    if options.pop("report", None) is not None:
        raise InvalidArgument(
            "report is one page for all scenes, each of which is done by itself here: leave it out"
        )
    request = {
        "command": "predict",
        "labels_dir": os.path.abspath(labels_dir),
        **absolute(options),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.json")
        model.save(path)
        check_job({**request, "model": path, "inputs": paths, "overwrite": overwrite})
    sent = dask.delayed(model, pure=True)
    # A task that is repeated after a worker was lost finds the map of its first run.
    scenes = path_texts(paths)
    with Engine(client, progress) as engine:
        work = functools.partial(_tasks.predict_file, threads=engine.n_threads(len(scenes)))
        parts = [
            task(work, "predict-file", number)(
                sent, {**request, "inputs": [scene], "overwrite": True}
            )
            for number, scene in enumerate(scenes)
        ]
        facts = engine.gather(parts, _tasks.listed, "labelling", 0.0, 1.0)
    return [files.Outcome(of_scene) for of_scene in facts]


@dataclass
class _Labels:
    """The labels of a fit's last pass, and the centres that gave them."""

    blocks: list = field(default_factory=list)
    centers: np.ndarray | None = None

    def are_of(self, model: Model) -> bool:
        """Whether the last pass has left the centres, and their order, as they were."""
        return self.centers is not None and np.array_equal(self.centers, model.centers)


def _fit(
    source: Blocks | Files,
    engine: Engine,
    memory: float,
    threads: int,
    options: dict,
    labels: _Labels | None = None,
) -> Model:
    options = {"threads": threads, **options}
    _check(source.n_bands, source.dtype, memory, lambda empty: empty.fit(**options))
    with engine:
        summary = engine.gather(source.summaries(memory), _tasks.merged, "summarising", 0.0, 0.5)
        model = summary.fit(**options, progress=part(engine.progress, 0.5, 0.6))
        source.describe(model)

        def step(low: float, high: float) -> Refinement:
            sent = dask.delayed(Model.from_json)(model.to_json())
            if labels is None or isinstance(source, Files):
                return engine.gather(source.refinements(sent), _tasks.merged, "refining", low, high)
            labels.centers, labels.blocks = model.centers, []  # frees those of the pass before
            parts, kept = source.labelled(sent)
            found, labels.blocks = engine.gather_and_keep(
                parts, kept, _tasks.merged, "refining", low, high
            )
            return found

        refine(model, step, 0.6)
        engine.tell(1.0, "refining")
    return model


def _check(n_bands: int, dtype: np.dtype, memory: float, fit: Callable[[Summary], Any]) -> None:
    """Raises an error for invalid options before any pixel is read."""
    try:
        fit(Summary(n_bands, dtype, memory))
    except InvalidData:
        pass  # no pixel was added, so the options are valid
