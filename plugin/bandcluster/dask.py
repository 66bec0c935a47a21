"""Fits and maps of Dask arrays and of large sets of files, on the workers of a cluster.

    import bandcluster.dask

    model = bandcluster.dask.fit(scene, n_clusters=6)        # a Dask array, or a DataArray of one
    classes = bandcluster.dask.predict(model, scene)         # lazy: computed when it is needed
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

import copy
import functools
import json
import math
import os
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dask
import dask.array
import numpy as np

from . import _arrays, _labelled, _native, files
from ._progress import Tell, part, reporting
from ._types import Nodata, PathLike, Progress
from .choice import Choice
from .choice import choose_k as _choose_k
from .errors import Cancelled, InvalidArgument, InvalidData
from .jobs import check_job, request_json, run_job
from .model import Model
from .refinement import Refinement, refine
from .scenes import Scenes
from .summary import Summary

__all__ = ["choose_k", "fit", "fit_files", "predict", "predict_files"]

# Number of summaries or refinements that one task merges: each is small.
_FAN_IN = 8

# With so few pieces per slot, the last piece of one slot would keep the others waiting: pieces are
# made smaller, but not so small that merging takes longer than reading.
_FEW_ROUNDS = 8
_LEAST_PIECE = 2 << 20

# Seconds between the client's checks for a cancel.
_TICK = 0.05

# The options for reading files; others are those of the fit.
_READING = ("bands", "nodata", "resolution", "mask", "mask_scl", "aoi")


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
    source = _Blocks(array, nodata, mask, channel_axis)
    return _fit(
        source, _Engine(client, progress), memory, threads, {"n_clusters": n_clusters, **options}
    )


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
    source = _Blocks(array, nodata, mask, channel_axis)
    _check(source, memory, lambda empty: _choose_k(empty, min, max, **{**options, "report": None}))
    with _Engine(client, progress) as engine:
        summary = engine.gather(
            source.summaries(memory), _merged_summaries, "summarising", 0.0, 0.5
        )
        rest = part(engine.progress, 0.5, 1.0)
        return _choose_k(summary, min, max, threads=threads, progress=rest, **options)


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
        If the number of bands is not the model's, or the shape is not valid.

    Examples
    --------
    >>> import dask.array
    >>> classes = bandcluster.dask.predict(model, dask.array.from_array(image, chunks=(4, 30, 40)))
    >>> classes.shape, str(classes.dtype)
    ((60, 80), 'uint8')
    """
    blocks, known = _pixels(array, channel_axis, model)
    if len(blocks) != model.n_bands:
        raise InvalidArgument(
            f"the array has {len(blocks)} bands, the model was fitted on {model.n_bands}: choose"
            " those bands"
        )
    used = known.nodata if known is not None and nodata is None else nodata
    given = {"model": dask.delayed(model, pure=True), "nodata": used}
    planes = [blocks] if mask is None else [blocks, _mask_blocks(mask, known, blocks)[np.newaxis]]
    dtype = model.label_dtype
    given |= {"drop_axis": 0, "dtype": dtype, "meta": np.empty((0, 0), dtype)}
    named = "bandcluster-predict"  # not a literal below: bandit would take it for a password
    labels = dask.array.map_blocks(_labels, *planes, token=named, **given)
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
    paths = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    reading = {name: options.pop(name) for name in _READING if options.get(name) is not None}
    engine = _Engine(client, progress)
    source = _Files({"inputs": _plain(paths), **_absolute(reading)}, piece_pixels, engine.n_slots())
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
    paths = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    if options.pop("report", None) is not None:
        raise InvalidArgument(
            "report is one page for all scenes, each of which is done by itself here: leave it out"
        )
    request = {
        "command": "predict",
        "labels_dir": os.path.abspath(labels_dir),
        **_absolute(options),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.json")
        model.save(path)
        check_job({**request, "model": path, "inputs": paths, "overwrite": overwrite})
    sent = dask.delayed(model, pure=True)
    # A task that is repeated after a worker was lost finds the map of its first run.
    scenes = _plain(paths)
    with _Engine(client, progress) as engine:
        task = functools.partial(_predict_file, threads=engine.n_threads(len(scenes)))
        parts = [
            _task(task, "predict-file", number)(
                sent, {**request, "inputs": [scene], "overwrite": True}
            )
            for number, scene in enumerate(scenes)
        ]
        return [
            files.Outcome(facts) for facts in engine.gather(parts, _listed, "labelling", 0.0, 1.0)
        ]


# --- where the pixels are -------------------------------------------------------------------------


class _Blocks:
    """Pixels in the blocks of a Dask array."""

    def __init__(self, array: Any, nodata: Nodata, mask: Any, channel_axis: int | None) -> None:
        blocks, self._known = _pixels(array, channel_axis)
        self._nodata = self._known.nodata if self._known is not None and nodata is None else nodata
        self.n_bands = len(blocks)
        one = [np.zeros((1, 1), blocks.dtype)] * self.n_bands
        # Also checks types and nodata before anything is computed.
        self.dtype = _arrays.sample_dtype(_arrays.pixels(one, self._nodata).raster.sample_type)
        masks = (
            [None] * blocks.npartitions
            if mask is None
            else _delayed(_mask_blocks(mask, self._known, blocks))
        )
        self._parts = list(zip(_delayed(blocks), masks))

    def summaries(self, memory: float) -> list:
        task = functools.partial(
            _summary_of_block, nodata=self._nodata, dtype=self.dtype, memory=memory
        )
        return [_task(task, "summarise", number)(*part) for number, part in enumerate(self._parts)]

    def refinements(self, model: Any) -> list:
        task = functools.partial(_refinement_of_block, nodata=self._nodata, dtype=self.dtype)
        return [
            _task(task, "refine", number)(*part, model) for number, part in enumerate(self._parts)
        ]

    def describe(self, model: Model) -> None:
        if self._known is not None:
            self._known.describe(model, self._nodata)
        elif self._nodata is not None:
            for band, value in enumerate(
                _labelled.each_nodata(self._nodata, self.n_bands), start=1
            ):
                model.set_band(band, model.band_names[band - 1], value)


class _Files:
    """Pixels in files, which each worker opens."""

    def __init__(self, request: dict, piece_pixels: int, n_slots: int) -> None:
        self._scenes = Scenes(request, piece_pixels)
        rounds = math.ceil(self._scenes.n_pieces / n_slots)
        if piece_pixels == 0 and rounds <= _FEW_ROUNDS:
            piece_pixels = max(_LEAST_PIECE, math.ceil(self._scenes.n_pixels / (rounds * n_slots)))
            self._scenes = Scenes(request, piece_pixels)
        # Files may have changed since an earlier fit, so workers keep files open for one fit only.
        self._given = (request, piece_pixels, uuid.uuid4().hex)
        self.n_bands, self.dtype = self._scenes.n_bands, self._scenes.dtype

    def summaries(self, memory: float) -> list:
        task = functools.partial(_summary_of_piece, *self._given, memory=memory)
        return [_task(task, "summarise", piece)(piece) for piece in range(self._scenes.n_pieces)]

    def refinements(self, model: Any) -> list:
        task = functools.partial(_refinement_of_piece, *self._given)
        return [
            _task(task, "refine", piece)(piece, model) for piece in range(self._scenes.n_pieces)
        ]

    def describe(self, model: Model) -> None:
        self._scenes.describe(model)


def _pixels(
    array: Any, channel_axis: int | None, model: Model | None = None
) -> tuple[Any, _labelled.Scene | None]:
    """The blocks of an array, each with all bands (of a model); and the scene of a DataArray."""
    known = _labelled.scene(array, channel_axis) if _labelled.is_labelled(array) else None
    if known is not None and model is not None:
        known = known.in_bands_of(model)
    blocks = array if known is None else known.pixels
    blocks = dask.array.asanyarray(blocks)
    if blocks.ndim != 3 or 0 in blocks.shape:
        raise InvalidArgument(
            "pixels must be a Dask array (bands, height, width) that is not empty; found"
            f" {blocks.shape}"
        )
    if any(np.isnan(size) for size in blocks.shape):
        raise InvalidArgument(
            "the array has blocks of unknown size; call its compute_chunk_sizes first"
        )
    if known is None:
        blocks = _arrays.bands_first(blocks, channel_axis, None if model is None else model.n_bands)
    # A selection may leave blocks without pixels.
    return blocks.rechunk((-1, *(tuple(filter(None, sizes)) for sizes in blocks.chunks[1:]))), known


def _mask_blocks(mask: Any, known: _labelled.Scene | None, blocks: Any) -> Any:
    mask = dask.array.asanyarray(
        _labelled.plane_of("mask", mask, None if known is None else known.array)
    )
    if mask.shape != blocks.shape[1:]:
        raise InvalidArgument(
            f"the mask has shape {mask.shape}; the bands have shape {blocks.shape[1:]}"
        )
    return mask.rechunk(blocks.chunks[1:])


def _delayed(blocks: Any) -> list:
    return list(blocks.to_delayed().ravel())


def _plain(paths: Sequence) -> list:
    """Paths as texts for the workers; relative paths start at the caller's folder."""

    def plain(path: Any) -> Any:
        if isinstance(path, (str, os.PathLike)):
            text = os.fspath(path)
            return os.path.abspath(text) if os.path.exists(text) else text
        return [plain(one) for one in path]

    return [plain(path) for path in paths]


def _absolute(options: dict) -> dict:
    """The options, with absolute paths for the workers."""
    return {
        name: _plain([given])[0] if name in ("aoi", "mask") else given
        for name, given in options.items()
    }


# --- the fit --------------------------------------------------------------------------------------


def _fit(
    source: _Blocks | _Files, engine: _Engine, memory: float, threads: int, options: dict
) -> Model:
    _check(source, memory, lambda empty: empty.fit(**options))
    with engine:
        summary = engine.gather(
            source.summaries(memory), _merged_summaries, "summarising", 0.0, 0.5
        )
        model = summary.fit(**options, threads=threads, progress=part(engine.progress, 0.5, 0.6))
        source.describe(model)

        def step(low: float, high: float) -> Refinement:
            sent = dask.delayed(Model.from_json)(model.to_json())
            return engine.gather(
                source.refinements(sent), _merged_refinements, "refining", low, high
            )

        refine(model, step, 0.6)
        engine.tell(1.0, "refining")
    return model


def _check(source: _Blocks | _Files, memory: float, fit: Callable[[Summary], Any]) -> None:
    """Raises an error for invalid options before any pixel is read."""
    try:
        fit(Summary(source.n_bands, source.dtype, memory))
    except InvalidData:
        pass  # no pixel was added, so the options are valid


class _Engine:
    """Runs tasks on a cluster or by Dask's scheduler on this machine, and reports progress."""

    def __init__(self, client: Any, progress: Progress | None) -> None:
        self._client = client or _current_client()
        self._reporting = reporting(progress)
        self.progress: Tell | None = None

    def __enter__(self) -> _Engine:
        self.progress = self._reporting.__enter__()
        return self

    def __exit__(self, *error: Any) -> Any:
        return self._reporting.__exit__(*error)

    def n_slots(self) -> int:
        """The number of tasks that run at once."""
        return sum(self._slots_of_machines()) or 1

    def n_threads(self, n_tasks: int) -> int:
        """The number of threads for each of so many tasks.

        A task gets the slots of its machine, divided by the machine's tasks.
        """
        slots = self._slots_of_machines() or [1]
        return max(1, min(slots) // math.ceil(n_tasks / len(slots)))

    def _slots_of_machines(self) -> list[int]:
        if self._client is None:
            return [os.cpu_count() or 1]
        slots: Counter[str | None] = Counter()
        for address, n_threads in self._client.nthreads().items():
            slots[urlsplit(address).hostname] += n_threads
        return list(slots.values())

    def tell(self, fraction: float, message: str) -> None:
        if self.progress is not None and _native._is_false(self.progress(fraction, message)):
            raise Cancelled("the progress callable returned False")

    def gather(self, parts: list, merge: Callable, message: str, low: float, high: float) -> Any:
        """Merges the parts, some at a time on the workers, and returns the result."""
        tree, level = list(parts), 0
        while level == 0 or len(tree) > 1:
            groups = [tree[start : start + _FAN_IN] for start in range(0, len(tree), _FAN_IN)]
            tree = [
                _task(merge, f"merge-{message}", f"{level}-{index}")(group)
                for index, group in enumerate(groups)
            ]
            level += 1

        def tell(done: int) -> None:
            self.tell(low + (high - low) * done / len(parts), message)

        run = (
            _on_this_machine
            if self._client is None
            else functools.partial(_on_cluster, self._client)
        )
        return run(tree[0], parts, tell)


def _current_client() -> Any:
    """The cluster that Dask would use, or None."""
    distributed = sys.modules.get("distributed")
    if distributed is None:
        return None
    try:
        return distributed.default_client()
    except ValueError:
        return None


def _on_cluster(client: Any, root: Any, parts: list, tell: Callable[[int], None]) -> Any:
    from distributed import as_completed

    final, *waiting = client.compute([root, *parts])
    # The futures of parts are released when they are done, which frees their results once merged.
    events, done = as_completed(waiting, loop=client.loop), 0
    del waiting
    try:
        tell(0)
        while not final.done():
            done += len(events.next_batch(block=False))
            tell(done)
            time.sleep(_TICK)
        merged = final.result()
        tell(len(parts))
        return merged
    except BaseException:
        # Without futures, tasks are not run. Client.cancel is no alternative: it breaks the
        # client's connection if merges wait for the cancelled tasks, and all results of the client
        # on the cluster are lost.
        for future in (final, *events.futures):
            future.release()
        events.clear()
        raise


def _on_this_machine(root: Any, parts: list, tell: Callable[[int], None]) -> Any:
    keys, done = {part.key for part in parts}, 0

    def one_more(key: Any, *_: Any) -> None:
        nonlocal done
        done += key in keys
        tell(done)

    # Dask's global callbacks react to whichever thread computes first.
    callbacks = [(None, None, None, one_more, None), *dask.callbacks.Callback.active]
    # Merging must not be fused with the tasks that are counted.
    return dask.compute(root, optimize_graph=False, callbacks=callbacks)[0]


def _task(function: Callable, what: str, number: int | str) -> Callable:
    """A function for workers; tasks of one kind have the same name on the dashboard."""
    key = f"bandcluster-{what}-{uuid.uuid4().hex}-{number}"
    return functools.partial(dask.delayed(function, pure=False, traverse=True), dask_key_name=key)


# --- what workers do ------------------------------------------------------------------------------


def _bands(block: Any, dtype: np.dtype) -> list:
    """The bands of a block.

    A block may be so small that its shape does not tell the axis of the bands.
    """
    return [np.asanyarray(band).astype(dtype, copy=False) for band in block]


def _summary_of_block(
    block: Any, mask: Any, *, nodata: Nodata, dtype: np.dtype, memory: float
) -> Summary:
    summary = Summary(len(block), dtype, memory)
    summary.add(_bands(block, dtype), nodata=nodata, mask=mask, threads=1)
    return summary


def _refinement_of_block(
    block: Any, mask: Any, model: Model, *, nodata: Nodata, dtype: np.dtype
) -> Refinement:
    refinement = Refinement(model, dtype)
    refinement.add(_bands(block, dtype), nodata=nodata, mask=mask, threads=1)
    return refinement


@functools.lru_cache(maxsize=2)
def _opened(request: str, piece_pixels: int, fit: str) -> Scenes:
    """The scenes of a request; a process opens them once for all tasks of a fit."""
    return Scenes(json.loads(request), piece_pixels)


def _scenes(request: dict, piece_pixels: int, fit: str) -> Scenes:
    return _opened(request_json(request), piece_pixels, fit)


def _summary_of_piece(
    request: dict, piece_pixels: int, fit: str, piece: int, *, memory: float
) -> Summary:
    return _scenes(request, piece_pixels, fit).summary(piece, memory, threads=1)


def _refinement_of_piece(
    request: dict, piece_pixels: int, fit: str, piece: int, model: Model
) -> Refinement:
    return _scenes(request, piece_pixels, fit).refinement(piece, model, threads=1)


def _merged_summaries(parts: list[Summary]) -> Summary:
    return _merged(parts)


def _merged_refinements(parts: list[Refinement]) -> Refinement:
    return _merged(parts)


def _merged(parts: list) -> Any:
    """The merged parts.

    The parts do not change: Dask may use them again.
    """
    merged = copy.deepcopy(parts[0])
    for other in parts[1:]:
        merged.merge(other)
    return merged


def _listed(parts: list) -> list:
    """Outcomes and lists of outcomes as one list."""
    return [fact for part in parts for fact in (part if isinstance(part, list) else [part])]


def _labels(block: Any, mask: Any = None, *, model: Model, nodata: Nodata) -> np.ndarray:
    bands = [np.asanyarray(band) for band in block]
    return model.predict(bands, nodata=nodata, mask=None if mask is None else mask[0], threads=1)


def _predict_file(model: Model, request: dict, *, threads: int) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save(path)
        facts = run_job({**request, "model": path}, threads=threads)
    del facts["model"]  # a temporary file of this task
    return facts
