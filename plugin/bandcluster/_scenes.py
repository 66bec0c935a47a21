"""Scenes in files, cut into pieces, which the workers of a cluster read by the library's GDAL."""

from __future__ import annotations

import json
from collections.abc import Mapping

from . import _native
from ._options import memory_bytes
from ._types import Progress
from .jobs import call_with_gdal, request_json
from .model import Model
from .refinement import Refinement
from .summary import Summary


class Scenes(_native.NativeObject):
    """The scenes of a fit: the same request and size give the same pieces in every process.

    :param request: ``inputs``, and how they are read: ``bands``, ``nodata``, ``resolution``, ``mask``, ``mask_scl``,
        ``aoi`` (docs/job-request.schema.json).
    :param piece_pixels: pixels of a piece, about; 0: 16 million.
    """

    _free = "scenes_free"

    def __init__(self, request: Mapping[str, object], piece_pixels: int = 0) -> None:
        text = _native.text("request", request_json({"command": "fit", **request}))
        pixels = _native.whole("piece_pixels", piece_pixels, 0, 2**63 - 1)
        self._open("scenes_open", text, pixels, call=call_with_gdal)
        facts = json.loads(self._text("scenes_json"))
        self.names: list[str] = facts["scenes"]
        self.n_pieces: int = facts["n_pieces"]
        self.n_pixels: int = facts["n_pixels"]
        self.n_bands: int = facts["n_bands"]
        self.dtype: str = facts["sample_type"]

    def summary(self, piece: int, memory: float, threads: int = 1, progress: Progress | None = None) -> Summary:
        """The summary of a piece, from 0."""
        with _native.running(threads, progress) as run:
            summary = Summary._create("scenes_summary", self._handle, piece, memory_bytes(memory), run)
        summary._n_bands = self.n_bands
        return summary

    def refinement(self, piece: int, model: Model, threads: int = 1, progress: Progress | None = None) -> Refinement:
        """One exact step of a model over a piece, from 0."""
        with _native.running(threads, progress) as run:
            refinement = Refinement._create("scenes_refinement", self._handle, piece, model._handle, run)
        refinement._label_dtype, refinement._n_bands = model.label_dtype, model.n_bands
        return refinement

    def describe(self, model: Model) -> None:
        """Put into a model what the files say of its bands."""
        model._nodata = None
        _native.change(model._handle, "scenes_describe", self._handle, model._handle)
