"""One exact k-means step over the pixels, for images that come in blocks."""

from __future__ import annotations

import ctypes

from . import _arrays, _native
from .model import Model, Progress


class Refinement(_native.NativeObject):
    """One pass over all the pixels, which then moves the model's centres to the means of their pixels.

    :param model: a model that has not converged yet (see :class:`Summary`).
    :param dtype: NumPy type of the samples.
    """

    _free = "refinement_free"

    def __init__(self, model: Model, dtype):
        self._open("refinement_new", model._handle, _arrays.sample_type(dtype))

    def add(self, array, *, nodata=None, mask=None, threads: int = 0, progress: Progress | None = None) -> None:
        """Add a block of pixels, given as :func:`bandcluster.fit` takes them; blocks may come in any order."""
        pixels = _arrays.pixels(array, nodata, mask)
        with _native.running(threads, progress) as run:
            _native.call("refinement_add", self._handle, ctypes.byref(pixels.raster), run)

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
