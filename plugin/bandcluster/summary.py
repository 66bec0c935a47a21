"""The summary of the pixels, for images that come in blocks."""

from __future__ import annotations

import ctypes
import os
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from . import _abi, _arrays, _bytes, _native
from ._fit import check_bands
from ._options import kmeans_options, memory_bytes, options_json, weights_option
from ._types import Init, Nodata, PathLike, Progress
from .model import Model


class SummaryInfo(NamedTuple):
    """The contents of a summary: see `Summary.info`."""

    n_bands: int
    dtype: np.dtype
    n_pixels: int
    """Number of pixels added."""
    n_valid: int
    """Valid pixels among them."""
    n_cells: int
    """Occupied cells of the summary."""
    cell_width: int
    """Width of a cell in sample values (integer samples): 1 = single values."""


class Summary(_native.NativeObject):
    """A summary of the pixels of one image or several; it has a limited size and can be merged.

    Add the blocks in any order and of any size, then call `fit`, and refine the model until it has
    converged. The result is then, byte for byte, the model of `bandcluster.fit` on the whole image.
    A summary can be pickled. Threads may share a summary: many can fit on it at once; what adds
    pixels waits until no other thread uses it.

    Parameters
    ----------
    n_bands : int
        Number of bands.
    dtype : numpy.dtype
        NumPy type of the samples.
    memory : float
        Maximum size in MiB; when it is reached, the cells become coarser.

    Examples
    --------
    >>> blocks = [image[:, :20], image[:, 20:]]
    >>> summary = bandcluster.Summary(len(image), image.dtype)
    >>> for block in blocks:
    ...     summary.add(block)
    >>> model = summary.fit(n_clusters=4)
    >>> while not model.converged:
    ...     refinement = bandcluster.Refinement(model, image.dtype)
    ...     for block in blocks:
    ...         refinement.add(block)
    ...     shift = refinement.apply(model)
    >>> model.to_json() == bandcluster.fit(image, n_clusters=4).to_json()
    True
    """

    _free = "summary_free"
    _handle_type = _native.Shared
    _handle: _native.Shared

    def __init__(self, n_bands: int, dtype: DTypeLike, memory: float = 256) -> None:
        self._n_bands = _native.whole("n_bands", n_bands, 1, 2**32 - 1)
        self._open("summary_new", self._n_bands, _arrays.sample_type(dtype), memory_bytes(memory))

    @classmethod
    def load(cls, path: PathLike) -> Summary:
        """The summary in a file that `save` wrote.

        Parameters
        ----------
        path : path
            The file.

        Returns
        -------
        Summary

        Raises
        ------
        IOFailure
            For a file that cannot be read.
        InvalidModel
            For a file that is not a summary or is damaged.

        Examples
        --------
        >>> summary = bandcluster.Summary(4, "uint16")
        >>> summary.add(image)
        >>> summary.save("scene.summary")
        >>> bandcluster.Summary.load("scene.summary").info().n_pixels
        4800
        """
        summary = cls._create("summary_load", _native.existing_file(path))
        summary._n_bands = summary.info().n_bands
        return summary

    def save(self, path: PathLike) -> None:
        """Write the summary to a file, which `load` reads.

        Parameters
        ----------
        path : path
            The file to write.

        Raises
        ------
        IOFailure
            For a file that cannot be written.

        Examples
        --------
        >>> bandcluster.Summary(4, "uint16").save("empty.summary")
        """
        _native.call("summary_save", self._handle, os.fsencode(path))

    def __reduce__(self) -> tuple:
        """Pickles the summary as the bytes of its file."""
        return _bytes.loaded, (Summary, _bytes.saved(self))

    def add(
        self,
        array: ArrayLike,
        *,
        nodata: Nodata = None,
        mask: ArrayLike | None = None,
        channel_axis: int | None = None,
        threads: int = 0,
        progress: Progress | None = None,
    ) -> None:
        """Add a block of pixels.

        After an error or a cancel the summary may hold a part of the block: do not use it any more.

        Parameters
        ----------
        array : array, or list of arrays
            Pixels with this summary's number of bands and type.
        nodata, mask, channel_axis, threads, progress
            As `bandcluster.fit` takes them.

        Raises
        ------
        InvalidArgument
            For another number of bands or type of samples, or an invalid shape.
        Cancelled
            When ``progress`` returned False.

        Examples
        --------
        >>> summary = bandcluster.Summary(4, "uint16")
        >>> summary.add(image, nodata=0)
        """
        pixels = _arrays.pixels(array, nodata, mask, channel_axis, self._n_bands)
        with _native.running(threads, progress) as run:
            raster = ctypes.byref(pixels.raster)
            _native.change(self._handle, "summary_add", self._handle, raster, run)

    def merge(self, other: Summary) -> None:
        """Add the pixels of another summary.

        Parameters
        ----------
        other : Summary
            A summary with the same number of bands and type.

        Raises
        ------
        InvalidArgument
            For another number of bands or type.

        Examples
        --------
        >>> north, south = bandcluster.Summary(4, "uint16"), bandcluster.Summary(4, "uint16")
        >>> north.add(image[:, :20])
        >>> south.add(image[:, 20:])
        >>> north.merge(south)
        >>> north.info().n_pixels
        4800
        """
        _native.change(self._handle, "summary_merge", self._handle, other._handle)

    def info(self) -> SummaryInfo:
        """Counts of pixels and cells.

        Returns
        -------
        SummaryInfo

        Examples
        --------
        >>> summary = bandcluster.Summary(4, "uint16")
        >>> summary.add(image, nodata=0)
        >>> info = summary.info()
        >>> info.n_pixels, info.n_valid, str(info.dtype)
        (4800, 4800, 'uint16')
        """
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
        band_weights: ArrayLike | None = None,
        init: Init = None,
        fix: bool = False,
        threads: int = 0,
        progress: Progress | None = None,
        **options: Any,
    ) -> Model:
        """A model of the pixels seen so far.

        The first fit prepares the summary; this is reused until pixels are added, so further fits
        begin at once. If the model has not converged (`Model.converged`), refine it over the
        pixels. The model does not know the nodata values that `add` was given: set them with
        `Model.set_band` if `Model.predict` should use them.

        Parameters
        ----------
        n_clusters, algorithm, n_init, max_iter, tol, seed, scaling, metric
            As `bandcluster.fit` takes them.
        band_weights, init, fix
            As `bandcluster.fit` takes them.
        threads, progress, **options
            As `bandcluster.fit` takes them.

        Returns
        -------
        Model

        Raises
        ------
        InvalidArgument, InvalidData, Cancelled
            As from `bandcluster.fit`.

        Examples
        --------
        >>> summary = bandcluster.Summary(4, "uint16")
        >>> summary.add(image)
        >>> summary.fit(3, algorithm="bisecting")
        <bandcluster.Model: 3 classes, 4 bands>
        """
        common: dict[str, Any] = {
            "n_clusters": n_clusters,
            "n_init": n_init,
            "max_iter": max_iter,
            "tol": tol,
        }
        common |= {"seed": seed, "scaling": scaling, "metric": metric}
        options |= weights_option(band_weights)
        if algorithm == "kmeans" and init is None and not fix and not options:
            kmeans = kmeans_options(**common)
            with _native.running(threads, progress) as run:
                return Model._create("fit_summary", self._handle, ctypes.byref(kmeans.common), run)
        named = options_json(algorithm, init=init, fix=fix, **common, **options)
        if band_weights is not None:
            check_bands(named, self._n_bands)
        with _native.running(threads, progress) as run:
            return Model._create("fit_summary_json", self._handle, *named, run)
