"""One exact k-means step over the pixels, for images that come in blocks."""

from __future__ import annotations

import ctypes
import os

import numpy as np

from . import _arrays, _bytes, _native
from .model import Model, Progress


class Refinement(_native.NativeObject):
    """One pass over all the pixels, which then moves the model's centres to the means of their pixels.

    :param model: a model that has not converged yet (see :class:`Summary`).
    :param dtype: NumPy type of the samples.
    """

    _free = "refinement_free"
    _label_dtype = np.dtype(np.uint16)  # holds all labels: a file does not tell how many there are

    def __init__(self, model: Model, dtype):
        self._open("refinement_new", model._handle, _arrays.sample_type(dtype))
        self._label_dtype = model.label_dtype

    def add(self, array, *, nodata=None, mask=None, threads: int = 0, progress: Progress | None = None) -> None:
        """Add a block of pixels, given as :func:`bandcluster.fit` takes them; blocks may come in any order."""
        pixels = _arrays.pixels(array, nodata, mask)
        with _native.running(threads, progress) as run:
            _native.call("refinement_add", self._handle, ctypes.byref(pixels.raster), run)

    def add_and_label(
        self,
        array,
        *,
        nodata=None,
        mask=None,
        confidence: np.ndarray | None = None,
        threads: int = 0,
        progress: Progress | None = None,
    ) -> np.ndarray:
        """Add a block of pixels, and return their labels by the centres as they are.

        They are what :meth:`Model.predict` gives if :meth:`apply` then leaves the centres where they are, so that a
        fit whose last pass finds the centres at rest needs no pass more. Takes what :meth:`add` takes, and
        ``confidence`` as :meth:`Model.predict` does.
        """
        pixels = _arrays.pixels(array, nodata, mask)
        out = np.empty(pixels.shape, self._label_dtype)
        labels = _arrays.labels(out, pixels.shape, confidence)
        with _native.running(threads, progress) as run:
            _native.call("refinement_add_labels", self._handle, ctypes.byref(pixels.raster), ctypes.byref(labels), run)
        return out

    @classmethod
    def load(cls, path) -> Refinement:
        """The refinement in a file. Raises :class:`IOFailure` and :class:`InvalidModel`."""
        return cls._create("refinement_load", _native.existing_file(path))

    def save(self, path) -> None:
        """Write the refinement to a file. Raises :class:`IOFailure`.

        Refinements of one model give the same bytes in whatever order their blocks were added and merged.
        """
        _native.call("refinement_save", self._handle, os.fsencode(path))

    def __reduce__(self):
        """Refinements travel between processes (pickle, Dask) as the bytes of their file."""
        return _bytes.loaded, (Refinement, _bytes.saved(self)), {"_label_dtype": self._label_dtype}

    def merge(self, other: Refinement) -> None:
        """Add what another refinement of the same model has seen."""
        _native.call("refinement_merge", self._handle, other._handle)

    def apply(self, model: Model) -> float:
        """Move the model's centres; returns the sum of their squared shifts (in the space of the fit).

        The model gets the exact counts and inertia, and has converged when the shift is within its tolerance.
        """
        shift = ctypes.c_double()
        _native.call("refinement_apply", self._handle, model._handle, ctypes.byref(shift))
        return shift.value
