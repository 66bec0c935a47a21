"""Zonal statistics: counts and means of the pixels under each label of a map."""

from __future__ import annotations

import ctypes

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from . import _arrays, _native
from ._types import Nodata, Progress


class ZonalMeans(_native.NativeObject):
    """Number of valid pixels of each label of a map, and their mean in each band.

    For images that come in blocks.

    A model's own means are those of its training pixels; these are of any scene and map.

    Parameters
    ----------
    n_labels : int
        The largest label.
    n_bands : int
        Number of bands.
    dtype : numpy.dtype
        NumPy type of the samples.

    Examples
    --------
    >>> own = bandcluster.ZonalMeans(3, 4, "uint16")
    >>> own.add(image, labels)
    >>> int(own.counts.sum()), own.means.shape
    (4800, (4, 4))
    """

    _free = "zonal_free"
    _handle_type = _native.OneAtATime

    def __init__(self, n_labels: int, n_bands: int, dtype: DTypeLike) -> None:
        sizes = (
            _native.whole("n_labels", n_labels, 0, 65535),
            _native.whole("n_bands", n_bands, 1, 2**32 - 1),
        )
        self._shape = (sizes[0] + 1, sizes[1])
        self._open("zonal_new", *sizes, _arrays.sample_type(dtype))

    def add(
        self,
        array: ArrayLike,
        labels: np.ndarray,
        *,
        nodata: Nodata = None,
        mask: ArrayLike | None = None,
        channel_axis: int | None = None,
        threads: int = 0,
        progress: Progress | None = None,
    ) -> None:
        """Add a block of pixels, and their labels.

        Parameters
        ----------
        array : array, or list of arrays
            Pixels with this object's number of bands and type.
        labels : array of uint8 or uint16
            In the shape of one band.
        nodata, mask, channel_axis, threads, progress
            As `bandcluster.fit` takes them.

        Raises
        ------
        InvalidArgument
            For another number of bands, another type or shape, or a label beyond ``n_labels``.
        Cancelled
            When ``progress`` returned False.

        Examples
        --------
        >>> own = bandcluster.ZonalMeans(3, 4, "uint16")
        >>> own.add(image, labels, nodata=0)
        """
        pixels = _arrays.pixels(array, nodata, mask, channel_axis, self._shape[1])
        given, _array = _arrays.labels_to_read(labels)
        with _native.running(threads, progress) as run:
            _native.call(
                "zonal_add", self._handle, ctypes.byref(pixels.raster), ctypes.byref(given), run
            )

    @property
    def counts(self) -> np.ndarray:
        """The number of valid pixels of each label, from 0 to ``n_labels``."""
        return self._read()[0]

    @property
    def means(self) -> np.ndarray:
        """The mean of each label's pixels: (n_labels + 1, n_bands), NaN without pixels."""
        return self._read()[1]

    def _read(self) -> tuple[np.ndarray, np.ndarray]:
        counts, means = np.empty(self._shape[0], np.uint64), np.empty(self._shape)
        _native.call(
            "zonal_read",
            self._handle,
            counts.ctypes.data,
            counts.size,
            means.ctypes.data,
            means.size,
        )
        return counts, means
