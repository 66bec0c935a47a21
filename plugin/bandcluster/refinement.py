"""One exact k-means step over the pixels, for images that come in blocks."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from . import _arrays, _bytes, _native
from ._types import Nodata, PathLike, Progress
from .model import Model


class Refinement(_native.NativeObject):
    """One pass over all pixels, which moves the model's centres to the means of their pixels.

    Parameters
    ----------
    model : Model
        A model that has not converged yet (see `Summary`, whose example shows the loop).
    dtype : numpy.dtype
        NumPy type of the samples.

    Examples
    --------
    >>> summary = bandcluster.Summary(4, "uint16")
    >>> summary.add(image)
    >>> model = summary.fit(3)
    >>> refinement = bandcluster.Refinement(model, "uint16")
    >>> refinement.add(image)
    >>> shift = refinement.apply(model)
    """

    _free = "refinement_free"
    _handle_type = _native.OneAtATime
    # A file does not hold the number of labels (these hold any) and the number of bands.
    _label_dtype = np.dtype(np.uint16)
    _n_bands: int | None = None

    def __init__(self, model: Model, dtype: DTypeLike) -> None:
        self._open("refinement_new", model._handle, _arrays.sample_type(dtype))
        self._label_dtype = model.label_dtype
        self._n_bands = model.n_bands

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
        """Add a block of pixels; blocks may come in any order.

        Parameters
        ----------
        array : array, or list of arrays
            Pixels of the model's number of bands, and of this refinement's type.
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
        >>> refinement = bandcluster.Refinement(model, "uint16")
        >>> refinement.add(image)
        """
        pixels = _arrays.pixels(array, nodata, mask, channel_axis, self._n_bands)
        with _native.running(threads, progress) as run:
            _native.call("refinement_add", self._handle, ctypes.byref(pixels.raster), run)

    def add_and_label(
        self,
        array: ArrayLike,
        *,
        nodata: Nodata = None,
        mask: ArrayLike | None = None,
        channel_axis: int | None = None,
        confidence: np.ndarray | None = None,
        threads: int = 0,
        progress: Progress | None = None,
    ) -> np.ndarray:
        """Add a block of pixels, and return their labels by the present centres.

        They are those of `Model.predict` if `apply` then does not move the centres. So a fit whose
        last pass leaves the centres in place needs no further pass.

        Parameters
        ----------
        array, nodata, mask, channel_axis, threads, progress
            As `add` takes them.
        confidence : array of float32, optional
            An array for the confidence of each label, as in `Model.predict`.

        Returns
        -------
        array of uint8 or uint16
            The labels, in the shape of one band.

        Raises
        ------
        InvalidArgument, Cancelled
            As from `add`.

        Examples
        --------
        >>> refinement = bandcluster.Refinement(model, "uint16")
        >>> refinement.add_and_label(image).shape
        (60, 80)
        """
        pixels = _arrays.pixels(array, nodata, mask, channel_axis, self._n_bands)
        out = np.empty(pixels.shape, self._label_dtype)
        labels = _arrays.labels(out, pixels.shape, confidence)
        with _native.running(threads, progress) as run:
            _native.call(
                "refinement_add_labels",
                self._handle,
                ctypes.byref(pixels.raster),
                ctypes.byref(labels),
                run,
            )
        return out

    @classmethod
    def load(cls, path: PathLike) -> Refinement:
        """The refinement in a file of `save`, which may come from another process.

        Parameters
        ----------
        path : path
            The file.

        Returns
        -------
        Refinement

        Raises
        ------
        IOFailure
            For a file that cannot be read.
        InvalidModel
            For a file that is not a refinement or is damaged.

        Examples
        --------
        >>> bandcluster.Refinement(model, "uint16").save("step.refinement")
        >>> refinement = bandcluster.Refinement.load("step.refinement")
        """
        return cls._create("refinement_load", _native.existing_file(path))

    def save(self, path: PathLike) -> None:
        """Write the refinement to a file, which `load` reads.

        Refinements of one model give the same bytes for any order in which their blocks were added
        and merged.

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
        >>> bandcluster.Refinement(model, "uint16").save("step.refinement")
        """
        _native.call("refinement_save", self._handle, os.fsencode(path))

    def __reduce__(self) -> tuple:
        """Pickles the refinement as the bytes of its file."""
        known = {"_label_dtype": self._label_dtype, "_n_bands": self._n_bands}
        return _bytes.loaded, (Refinement, _bytes.saved(self)), known

    def merge(self, other: Refinement) -> None:
        """Add the pixels of another refinement.

        Parameters
        ----------
        other : Refinement
            A refinement of the same model.

        Raises
        ------
        InvalidArgument
            For a refinement of another model.

        Examples
        --------
        >>> north, south = (bandcluster.Refinement(model, "uint16") for _ in range(2))
        >>> north.add(image[:, :20])
        >>> south.add(image[:, 20:])
        >>> north.merge(south)
        """
        _native.call("refinement_merge", self._handle, other._handle)

    def apply(self, model: Model) -> float:
        """Move the model's centres to the means of their pixels.

        The model gets the exact counts and inertia. It has converged if the shift is within its
        tolerance.

        Parameters
        ----------
        model : Model
            The model that this refinement was made for.

        Returns
        -------
        float
            The sum of the centres' squared shifts, in the space of the fit.

        Raises
        ------
        InvalidArgument
            For another model, or if the model has changed since.
        InvalidData
            If no pixel is valid.

        Examples
        --------
        >>> refinement = bandcluster.Refinement(model, "uint16")
        >>> refinement.add(image)
        >>> refinement.apply(model) >= 0
        True
        """
        shift = ctypes.c_double()
        _native.change(
            model._handle, "refinement_apply", self._handle, model._handle, ctypes.byref(shift)
        )
        return shift.value


def refine(model: Model, step: Callable[[float, float], Refinement], low: float = 0.0) -> None:
    """Refines a model until it has converged.

    :param step: makes the refinement of the model over all pixels. Its arguments are the shares of
        the work at which it begins and ends. The last may end below 1.
    :param low: the share of the work at which the first step begins.
    """
    while not model.converged:
        # Seldom more than one or two passes: each takes nine tenths of what is left.
        high = low + 0.9 * (1.0 - low)
        step(low, high).apply(model)
        low = high
