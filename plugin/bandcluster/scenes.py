"""Scenes in files, read in pieces by the library's GDAL."""

from __future__ import annotations

import ctypes
import json
import os
from collections.abc import Mapping

import numpy as np

from . import _native
from ._options import memory_bytes
from ._progress import part, reporting
from ._types import PathLike, Progress
from .jobs import call_with_gdal, request_json, taken_text
from .model import Model
from .refinement import Refinement, refine
from .summary import Summary


class Scenes(_native.NativeObject):
    """Raster files for a fit, read piece by piece.

    The same request and size give the same pieces in every process, so the workers of a cluster can
    share them. The summaries of all pieces, merged, give the model of `bandcluster.fit_files`.

    Parameters
    ----------
    request : dict
        ``inputs``, and how they are read: ``bands``, ``nodata``, ``resolution``, ``mask``,
        ``mask_scl``, ``aoi`` (docs/job-request.schema.json).
    piece_pixels : int
        Approximate number of pixels of a piece; 0: 16 million.

    Attributes
    ----------
    names : list of str
        The names of the scenes in messages.
    n_pieces, n_pixels, n_bands : int
        The numbers of pieces, pixels and bands.
    dtype : numpy.dtype
        The type that holds the samples of all scenes.

    Examples
    --------
    >>> scenes = bandcluster.Scenes({"inputs": ["scene.tif"]})
    >>> scenes.n_pieces, scenes.n_bands, str(scenes.dtype)
    (1, 4, 'uint16')
    >>> model = scenes.summary(0).fit(3)
    >>> scenes.describe(model)
    >>> scenes.refine(model)
    >>> model.converged
    True
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
        self.dtype = np.dtype(facts["sample_type"])

    def summary(
        self,
        piece: int,
        memory: float = 256,
        *,
        threads: int = 0,
        progress: Progress | None = None,
    ) -> Summary:
        """The summary of a piece.

        Parameters
        ----------
        piece : int
            Its number, from 0.
        memory : float
            Maximum size of the summary in MiB: the same for all pieces.
        threads, progress
            As `bandcluster.fit` takes them.

        Returns
        -------
        Summary

        Raises
        ------
        InvalidArgument, IOFailure, Cancelled
            For a piece that does not exist, a file that cannot be read, and when ``progress``
            returned False.

        Examples
        --------
        >>> bandcluster.Scenes({"inputs": ["scene.tif"]}).summary(0).info().n_pixels
        4800
        """
        with _native.running(threads, progress) as run:
            summary = Summary._create(
                "scenes_summary", self._handle, piece, memory_bytes(memory), run
            )
        summary._n_bands = self.n_bands
        return summary

    def refinement(
        self,
        piece: int,
        model: Model,
        *,
        threads: int = 0,
        progress: Progress | None = None,
    ) -> Refinement:
        """One exact step of a model over a piece.

        Parameters
        ----------
        piece : int
            Its number, from 0.
        model : Model
            A model that has not converged.
        threads, progress
            As `bandcluster.fit` takes them.

        Returns
        -------
        Refinement

        Raises
        ------
        InvalidArgument, IOFailure, Cancelled
            As from `summary`; also for a model of other bands.

        Examples
        --------
        >>> scenes = bandcluster.Scenes({"inputs": ["scene.tif"]})
        >>> model = scenes.summary(0).fit(3)
        >>> shift = scenes.refinement(0, model).apply(model)
        """
        with _native.running(threads, progress) as run:
            refinement = Refinement._create(
                "scenes_refinement", self._handle, piece, model._handle, run
            )
        refinement._label_dtype, refinement._n_bands = model.label_dtype, model.n_bands
        return refinement

    def refine(self, model: Model, *, threads: int = 0, progress: Progress | None = None) -> None:
        """Refine a model over all pieces until it has converged.

        Parameters
        ----------
        model : Model
            The model to change.
        threads, progress
            As `bandcluster.fit` takes them.

        Raises
        ------
        InvalidArgument, InvalidData, IOFailure, Cancelled
            As from `refinement` and `Refinement.apply`. The model then has the results of the
            complete steps.

        Examples
        --------
        >>> scenes = bandcluster.Scenes({"inputs": ["scene.tif"]})
        >>> model = scenes.summary(0).fit(3)
        >>> scenes.refine(model)
        """
        with reporting(progress) as tell:

            def step(low: float, high: float) -> Refinement:
                share = (high - low) / self.n_pieces

                def of_piece(piece: int) -> Refinement:
                    telling = part(tell, low + piece * share, low + (piece + 1) * share)
                    return self.refinement(piece, model, threads=threads, progress=telling)

                merged = of_piece(0)
                for piece in range(1, self.n_pieces):
                    merged.merge(of_piece(piece))
                return merged

            refine(model, step)
            if tell is not None:
                tell(1.0, "refining")

    def seeds(
        self,
        layer: PathLike,
        field: str | None = None,
        *,
        threads: int = 0,
        progress: Progress | None = None,
    ) -> dict[str, list[float]]:
        """The means of the pixels under the seeds of a layer, to start k-means from.

        Pass them to a fit as ``init``.

        Only blocks with seeds are read.

        Parameters
        ----------
        layer : path
            A layer of points or polygons, ``FILE`` or ``FILE|layername=NAME``.
        field : str, optional
            The field with the names of the seeds: features with the same value are one seed. None:
            each feature is one.
        threads, progress
            As `bandcluster.fit` takes them.

        Returns
        -------
        dict
            The means of the scenes' valid pixels under each seed, by its name.

        Raises
        ------
        InvalidArgument, InvalidData, IOFailure, Cancelled
            For a field that does not exist, a seed without a valid pixel, a file that cannot be
            read, and when ``progress`` returned False.

        Examples
        --------
        >>> scenes = bandcluster.Scenes({"inputs": ["scene.tif"]})
        >>> init = scenes.seeds("seeds.gpkg", "cover")  # doctest: +SKIP
        >>> scenes.summary(0).fit(init=init).class_names  # doctest: +SKIP
        ['water', 'wood']
        """
        named = None if field is None else _native.text("field", field)
        init = ctypes.c_void_p()
        with _native.running(threads, progress) as run:
            _native.call(
                "scenes_seeds", self._handle, os.fsencode(layer), named, run, ctypes.byref(init)
            )
        return json.loads(taken_text(init))

    def describe(self, model: Model) -> None:
        """Put the names, nodata, scale and natural colours of the files' bands into a model.

        Parameters
        ----------
        model : Model
            The model to change.

        Raises
        ------
        InvalidArgument
            For a model of other bands.

        Examples
        --------
        >>> scenes = bandcluster.Scenes({"inputs": ["scene.tif"]})
        >>> scenes.describe(scenes.summary(0).fit(3))
        """
        model._nodata = None
        _native.change(model._handle, "scenes_describe", self._handle, model._handle)
