"""Where the pixels are: in the blocks of a Dask array, or in files."""

from __future__ import annotations

import functools
import math
import os
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import dask.array
import numpy as np

from .. import _arrays, _labelled
from .._types import Nodata
from ..errors import InvalidArgument
from ..model import Model
from ..scenes import Scenes
from . import _tasks
from ._engine import task, unique

# With so few pieces per slot, the last piece of one slot would keep the others waiting: pieces are
# made smaller, but not so small that merging takes longer than reading.
_FEW_ROUNDS = 8
_LEAST_PIECE = 2 << 20


class Blocks:
    """Pixels in the blocks of a Dask array."""

    def __init__(self, array: Any, nodata: Nodata, mask: Any, channel_axis: int | None) -> None:
        blocks, self._known = blocks_of(array, channel_axis)
        self._nodata = self._known.nodata if self._known is not None and nodata is None else nodata
        self.n_bands = len(blocks)
        self.dtype = sample_dtype(blocks, self._nodata)
        self._sizes = blocks.chunks[1:]
        self._planes = planes_of(blocks, mask, self._known)

    def summaries(self, memory: float) -> list:
        return self._parts("summarise", functools.partial(_tasks.summary_of_block, memory=memory))

    def refinements(self, model: Any) -> list:
        return self._parts("refine", _tasks.refinement_of_block, model=model)

    def labelled(self, model: Any) -> tuple[list, list]:
        """Refinements, and the labels of the same blocks."""
        pairs = self._parts("label", _tasks.labelled_block, model=model)
        return [pair[0] for pair in pairs], [pair[1] for pair in pairs]

    def _parts(self, what: str, work: Callable, **given: Any) -> list:
        """What a task makes of each block.

        Dask fuses it with the task that loads the block, so a slot has one block in memory.
        """
        work = functools.partial(work, nodata=self._nodata, dtype=self.dtype)
        given |= {"drop_axis": 0, "dtype": object, "meta": np.empty((0, 0), object)}
        parts = dask.array.map_blocks(work, *self._planes, name=unique(what), **given)
        return list(parts.to_delayed().ravel())

    def map_of(self, labels: list, model: Model) -> Any:
        """Labels of the blocks as one Dask array, or a DataArray over it."""
        heights, widths = self._sizes
        of_blocks = iter(labels)
        rows = [
            [_block(next(of_blocks), (height, width), model.label_dtype) for width in widths]
            for height in heights
        ]
        whole = dask.array.block(rows)
        return whole if self._known is None else self._known.map_of(whole, model)

    def describe(self, model: Model) -> None:
        if self._known is not None:
            self._known.describe(model, self._nodata)
        elif self._nodata is not None:
            for band, value in enumerate(
                _labelled.each_nodata(self._nodata, self.n_bands), start=1
            ):
                model.set_band(band, model.band_names[band - 1], value)


class Files:
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
        work = functools.partial(_tasks.summary_of_piece, *self._given, memory=memory)
        return [task(work, "summarise", piece)(piece) for piece in range(self._scenes.n_pieces)]

    def refinements(self, model: Any) -> list:
        work = functools.partial(_tasks.refinement_of_piece, *self._given)
        return [task(work, "refine", piece)(piece, model) for piece in range(self._scenes.n_pieces)]

    def describe(self, model: Model) -> None:
        self._scenes.describe(model)


def blocks_of(
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


def sample_dtype(blocks: Any, nodata: Nodata) -> np.dtype:
    """The type that samples are taken as; type and nodata are checked, nothing is computed."""
    one = [np.zeros((1, 1), blocks.dtype)] * len(blocks)
    return _arrays.sample_dtype(_arrays.pixels(one, nodata).raster.sample_type)


def mask_blocks(mask: Any, known: _labelled.Scene | None, blocks: Any) -> Any:
    """The mask in blocks of the same pixels."""
    mask = dask.array.asanyarray(
        _labelled.plane_of("mask", mask, None if known is None else known.array)
    )
    if mask.shape != blocks.shape[1:]:
        raise InvalidArgument(
            f"the mask has shape {mask.shape}; the bands have shape {blocks.shape[1:]}"
        )
    return mask.rechunk(blocks.chunks[1:])


def planes_of(blocks: Any, mask: Any, known: _labelled.Scene | None) -> list:
    """The blocks, and those of the mask if there is one, for `dask.array.map_blocks`."""
    return [blocks] if mask is None else [blocks, mask_blocks(mask, known, blocks)[np.newaxis]]


def _block(labels: Any, shape: tuple[int, int], dtype: np.dtype) -> Any:
    """Labels, or a future of them, as a Dask array."""
    if isinstance(labels, np.ndarray):
        return dask.array.from_array(labels, chunks=shape, name=unique("labels"))
    return dask.array.from_delayed(labels, shape, dtype)


def path_texts(paths: Sequence) -> list:
    """Paths as texts for the workers; relative paths start at the caller's folder."""

    def plain(path: Any) -> Any:
        if isinstance(path, (str, os.PathLike)):
            text = os.fspath(path)
            return os.path.abspath(text) if os.path.exists(text) else text
        return [plain(one) for one in path]

    return [plain(path) for path in paths]


def absolute(options: dict) -> dict:
    """The options, with absolute paths for the workers."""
    return {
        name: path_texts([given])[0] if name in ("aoi", "mask") else given
        for name, given in options.items()
    }
