"""Functions for maps: counts, filters, areas."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import numpy as np

from . import _arrays, _native
from ._types import Progress
from .errors import InvalidArgument


def count_labels(labels: np.ndarray, n_labels: int) -> np.ndarray:
    """The number of pixels of each label.

    The result of ``np.bincount(labels.ravel(), minlength=n_labels + 1)``, several times as fast:
    labels are not copied to 64-bit integers first.

    Parameters
    ----------
    labels : array of uint8 or uint16
        A map: (rows, columns) or (n,).
    n_labels : int
        The largest label.

    Returns
    -------
    array of uint64
        The counts of the labels from 0 (nodata) to ``n_labels``.

    Raises
    ------
    InvalidArgument
        For a label beyond ``n_labels``.

    Examples
    --------
    >>> bandcluster.count_labels(np.array([0, 2, 2, 1], np.uint8), 3)
    array([1, 1, 2, 0], dtype=uint64)
    """
    counts = np.zeros(_native.whole("n_labels", n_labels, 0, 65535) + 1, np.uint64)
    source, _array = _arrays.labels_to_read(labels)
    _native.call("count_labels", ctypes.byref(source), counts.ctypes.data, counts.size)
    return counts


def majority(
    labels: np.ndarray,
    window: int,
    *,
    rows: tuple[int, int] | None = None,
    threads: int = 0,
    progress: Progress | None = None,
) -> np.ndarray:
    """Give every pixel the label that is most frequent in the window around it.

    If several labels are equally frequent, the pixel's own wins if it is one of them, otherwise the
    lowest. Pixels of label 0 (nodata) do not change and are not counted.

    Parameters
    ----------
    labels : array of uint8 or uint16
        A map, or a strip of it: (rows, columns).
    window : int
        Width and height of the window: odd, 3 to 255.
    rows : (int, int), optional
        The first row to filter and the one after the last; None: all. A large map is filtered strip
        by strip: ``labels`` must then have ``window // 2`` more rows on both sides, except at the
        map's own edges.
    threads, progress
        As `bandcluster.fit` takes them.

    Returns
    -------
    array of the labels' type
        The filtered rows.

    Raises
    ------
    InvalidArgument
        For invalid labels, window or rows.
    Cancelled
        When ``progress`` returned False.

    Examples
    --------
    >>> bandcluster.majority(np.array([[1, 1, 1], [1, 2, 1], [1, 1, 1]], np.uint8), 3)
    array([[1, 1, 1],
           [1, 1, 1],
           [1, 1, 1]], dtype=uint8)
    """
    labels = np.asarray(labels)
    if labels.ndim != 2 or labels.dtype.newbyteorder("=") not in (np.uint8, np.uint16):
        raise InvalidArgument(
            f"labels must be uint8 or uint16 of shape (height, width), found {labels.dtype} of"
            f" shape {labels.shape}"
        )
    # The library's struct allows writing; here it is only read.
    given = np.require(labels, labels.dtype.newbyteorder("="), requirements=("C", "W", "A"))
    source = _arrays.labels(given, given.shape)
    first, end = (0, len(labels)) if rows is None else rows
    if not 0 <= first < end <= len(labels):
        raise InvalidArgument(f"rows {first} to {end} are not within labels of {len(labels)} rows")
    filtered = np.empty((end - first, given.shape[1]), given.dtype)
    target = _arrays.labels(filtered, filtered.shape)
    window = _native.whole("window", window, 0, 2**32 - 1)
    with _native.running(threads, progress) as run:
        _native.call("majority", ctypes.byref(source), ctypes.byref(target), window, first, run)
    return filtered


def row_areas(
    semi_major: float, semi_minor: float, latitudes: Sequence[float], width: float
) -> np.ndarray:
    """The area of a pixel in each row of a grid of longitudes and latitudes.

    Parameters
    ----------
    semi_major, semi_minor : float
        Half axes of the ellipsoid in metres: at the equator, and to the pole.
    latitudes : list of float
        Edges of the rows, one more than there are rows, in radians.
    width : float
        Width of the pixels in radians.

    Returns
    -------
    array of float64
        The area of a pixel of each row, in square metres.

    Raises
    ------
    InvalidArgument
        For fewer than two latitudes, or an invalid ellipsoid.

    Examples
    --------
    >>> edges = np.radians([0, 1, 2])
    >>> bandcluster.row_areas(6378137.0, 6356752.314, edges, np.radians(1)).round(-6)
    array([1.2308e+10, 1.2305e+10])
    """
    edges = np.ascontiguousarray(latitudes, np.float64)
    if edges.ndim != 1 or edges.size < 2:
        raise InvalidArgument(
            f"latitudes must be at least two numbers, found an array of shape {edges.shape}"
        )
    areas = np.empty(edges.size - 1)
    _native.call(
        "row_areas", semi_major, semi_minor, edges.ctypes.data, areas.size, width, areas.ctypes.data
    )
    return areas
