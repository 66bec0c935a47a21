"""What workers do: a summary, a refinement or labels of some pixels; and merging."""

from __future__ import annotations

import copy
import functools
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from .._types import Nodata
from ..jobs import request_json, run_job
from ..model import Model
from ..refinement import Refinement
from ..scenes import Scenes
from ..summary import Summary


def _bands(block: Any, dtype: np.dtype) -> list:
    """The bands of a block.

    A block may be so small that its shape does not tell the axis of the bands.
    """
    return [np.asanyarray(band).astype(dtype, copy=False) for band in block]


def _plane(mask: Any) -> Any:
    """The mask of a block, if there is one."""
    return None if mask is None else mask[0]


def summary_of_block(
    block: Any, mask: Any = None, *, nodata: Nodata, dtype: np.dtype, memory: float
) -> Summary:
    summary = Summary(len(block), dtype, memory)
    summary.add(_bands(block, dtype), nodata=nodata, mask=_plane(mask), threads=1)
    return summary


def refinement_of_block(
    block: Any, mask: Any = None, *, model: Model, nodata: Nodata, dtype: np.dtype
) -> Refinement:
    refinement = Refinement(model, dtype)
    refinement.add(_bands(block, dtype), nodata=nodata, mask=_plane(mask), threads=1)
    return refinement


def labelled_block(
    block: Any, mask: Any = None, *, model: Model, nodata: Nodata, dtype: np.dtype
) -> tuple[Refinement, np.ndarray]:
    refinement = Refinement(model, dtype)
    given = {"nodata": nodata, "mask": _plane(mask), "threads": 1}
    return refinement, refinement.add_and_label(_bands(block, dtype), **given)


@functools.lru_cache(maxsize=2)
def _opened(request: str, piece_pixels: int, fit: str) -> Scenes:
    """The scenes of a request; a process opens them once for all tasks of a fit."""
    return Scenes(json.loads(request), piece_pixels)


def _scenes(request: dict, piece_pixels: int, fit: str) -> Scenes:
    return _opened(request_json(request), piece_pixels, fit)


def summary_of_piece(
    request: dict, piece_pixels: int, fit: str, piece: int, *, memory: float
) -> Summary:
    return _scenes(request, piece_pixels, fit).summary(piece, memory, threads=1)


def refinement_of_piece(
    request: dict, piece_pixels: int, fit: str, piece: int, model: Model
) -> Refinement:
    return _scenes(request, piece_pixels, fit).refinement(piece, model, threads=1)


def merged(parts: list) -> Any:
    """The merged summaries or refinements.

    The parts do not change: Dask may use them again.
    """
    first = copy.deepcopy(parts[0])
    for other in parts[1:]:
        first.merge(other)
    return first


def listed(parts: list) -> list:
    """Outcomes and lists of outcomes as one list."""
    return [fact for part in parts for fact in (part if isinstance(part, list) else [part])]


def labels(block: Any, mask: Any = None, *, model: Model, nodata: Nodata) -> np.ndarray:
    bands = [np.asanyarray(band) for band in block]
    return model.predict(bands, nodata=nodata, mask=_plane(mask), threads=1)


def predict_file(model: Model, request: dict, *, threads: int) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save(path)
        facts = run_job({**request, "model": path}, threads=threads)
    del facts["model"]  # a temporary file of this task
    return facts
