"""The digest of the pixels, for images that come in blocks."""

from __future__ import annotations

import ctypes
import os
from typing import NamedTuple

import numpy as np

from . import _abi, _arrays, _bytes, _native
from ._options import kmeans_options, memory_bytes, options_json
from .model import Model, Progress


class SummaryInfo(NamedTuple):
    """What a summary holds."""

    n_bands: int
    dtype: np.dtype
    n_pixels: int
    """Pixels seen."""
    n_valid: int
    """Valid pixels among them."""
    n_cells: int
    """Occupied cells of the digest."""
    cell_width: int
    """Width of a cell in sample values (integer samples): 1 = single values."""


class Summary(_native.NativeObject):
    """A bounded, mergeable digest of the pixels of one image or of several.

    :param n_bands: number of bands.
    :param dtype: NumPy type of the samples.
    :param memory: MiB it may take; it coarsens rather than take more.

    Add the blocks in any order and of any size, then :meth:`fit`. Until the model has converged, refine it::

        model = summary.fit(n_clusters=4)
        while not model.converged:
            refinement = Refinement(model, dtype)
            for block in blocks:
                refinement.add(block)
            refinement.apply(model)

    The model is then the same, byte for byte, as that of :func:`bandcluster.fit` on the whole image.
    """

    _free = "summary_free"

    def __init__(self, n_bands: int, dtype, memory: float = 256):
        n_bands = _native.whole("n_bands", n_bands, 1, 2**32 - 1)
        self._open("summary_new", n_bands, _arrays.sample_type(dtype), memory_bytes(memory))

    @classmethod
    def load(cls, path) -> Summary:
        """The summary in a file. Raises :class:`IOFailure` and :class:`InvalidModel`."""
        return cls._create("summary_load", _native.existing_file(path))

    def save(self, path) -> None:
        """Write the summary to a file. Raises :class:`IOFailure`."""
        _native.call("summary_save", self._handle, os.fsencode(path))

    def __reduce__(self):
        """Summaries travel between processes (pickle, Dask) as the bytes of their file."""
        return _bytes.loaded, (Summary, _bytes.saved(self))

    def add(self, array, *, nodata=None, mask=None, threads: int = 0, progress: Progress | None = None) -> None:
        """Add a block of pixels, given as :func:`bandcluster.fit` takes them, of this summary's type.

        After a failure or a cancel the summary may hold a part of the block: throw it away.
        """
        pixels = _arrays.pixels(array, nodata, mask)
        with _native.running(threads, progress) as run:
            _native.call("summary_add", self._handle, ctypes.byref(pixels.raster), run)

    def merge(self, other: Summary) -> None:
        """Add what another summary, of the same bands and type, has seen."""
        _native.call("summary_merge", self._handle, other._handle)

    def info(self) -> SummaryInfo:
        """Counts of pixels and cells."""
        info = _abi.SummaryInfo()
        _native.call("summary_get_info", self._handle, ctypes.byref(info))
        return SummaryInfo(
            info.n_bands,
            _arrays.sample_dtype(info.sample_type),
            info.n_pixels,
            info.n_valid,
            info.n_cells,
            2**info.width_exponent,
        )

    def fit(
        self,
        n_clusters: int | None = None,
        *,
        algorithm: str = "kmeans",
        n_init: int | None = None,
        max_iter: int | None = None,
        tol: float | None = None,
        seed: int = 0,
        scaling: str = "none",
        metric: str = "euclidean",
        threads: int = 0,
        progress: Progress | None = None,
        **options,
    ) -> Model:
        """A model of the pixels seen so far; options and errors as for :func:`bandcluster.fit`.

        Unless it has :attr:`Model.converged`, refine it over the pixels. It does not know the nodata values that
        :meth:`add` was given; for :meth:`Model.predict` to use them, put them in with :meth:`Model.set_band`.
        """
        common = {"n_clusters": n_clusters, "n_init": n_init, "max_iter": max_iter, "tol": tol}
        common |= {"seed": seed, "scaling": scaling, "metric": metric}
        if algorithm == "kmeans" and not options:
            kmeans = kmeans_options(**common)
            with _native.running(threads, progress) as run:
                return Model._create("fit_summary", self._handle, ctypes.byref(kmeans.common), run)
        named = options_json(algorithm, **common, **options)
        with _native.running(threads, progress) as run:
            return Model._create("fit_summary_json", self._handle, *named, run)
