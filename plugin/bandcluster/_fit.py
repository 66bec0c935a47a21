"""Fitting an array in one call."""

from __future__ import annotations

import contextlib
import ctypes
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import _arrays, _native
from ._labelled import fits_labelled
from ._options import kmeans_options, memory_bytes, options_json, weights_option
from ._types import Init, Nodata, Progress
from .errors import InvalidData
from .model import Model


@fits_labelled
def fit(
    array: ArrayLike,
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
    nodata: Nodata = None,
    mask: ArrayLike | None = None,
    channel_axis: int | None = None,
    memory: float = 256,
    threads: int = 0,
    progress: Progress | None = None,
    **options: Any,
) -> Model:
    """Group the pixels of an image into classes.

    Parameters
    ----------
    array : array, or list of arrays
        Pixels: (bands, rows, columns), (bands, n), or a list of bands of one shape. Strides may be
        any; types are uint8 to float64 (bool is taken as uint8, float16 becomes float32). Pixels
        that the mask of a NumPy masked array hides are not valid, whatever its fill value. For a
        table (pixels, bands) see `bandcluster.sklearn`. A DataArray or Dataset of xarray is read by
        the names of its dimensions, in any order, with its nodata value and the names of its bands.
        Dask arrays, and DataArrays over them, are fitted as by `bandcluster.dask.fit`.
    n_clusters : int, optional
        Number of classes, 1 to 65535; None: 4, or as many as the algorithm finds.
    algorithm : str
        ``"kmeans"``, ``"bisecting"``, ``"isodata"``, ``"gmm"``, ``"agglomerative"``, ``"birch"``,
        ``"dbscan"``, ``"optics"``, ``"hdbscan"``, ``"meanshift"``, ``"spectral"`` or
        ``"affinity"``.
    n_init : int, optional
        Number of k-means++ starts; the best start is kept. None: 10.
    max_iter : int, optional
        Maximum number of iterations of one start; None: 300.
    tol : float, optional
        The fit ends when the sum of squared shifts of the centres is at most tol times the mean
        band variance; None: 1e-4.
    seed : int
        The same seed gives the same model, for any number of threads.
    scaling : str
        ``"none"``, or ``"zscore"`` to give every band the same weight.
    metric : str
        ``"euclidean"``, or (for k-means) ``"spectral_angle"``: pixels are compared by the angle
        between their spectra, so that brightness does not count. Not with ``"zscore"``.
    band_weights : sequence of float, optional
        How much each band counts in distances: a number above 0 for each band, by which its
        differences are multiplied after scaling. Not for ``"gmm"`` and ``"spectral_angle"``. None:
        all bands count equally, as with 1 each.
    init : array (centres, bands) or dict, optional
        For k-means: the centres to start from, in the units of the bands. If it is a dict of means
        by name, the classes get the names. Without `n_clusters` there are as many classes as
        centres; with more, k-means++ draws the other centres. There is only one start then, as with
        scikit-learn's ``n_init=1``. None or ``"k-means++"``: all centres are drawn.
    fix : bool
        Whether the centres of `init` do not move: each pixel gets the class of the nearest.
    nodata : float, or list of float, optional
        One number for all bands, or one per band (None or NaN in the list: the band has no nodata
        value). A pixel is left out if any band has its nodata value, NaN or an infinity. Integers
        are compared exactly. Floats are compared as in GDAL: within some units of the last place of
        a float32, also in float64. The model keeps the values.
    mask : array, optional
        An array of the shape of one band: pixels where it is 0, False, NaN or masked are left out.
        A DataArray must have the scene's coordinates.
    channel_axis : int, optional
        The axis of the bands; -1 is the last axis, as in pictures. Without it the first axis is
        used, and an array with more bands than rows or columns is refused.
    memory : float
        Maximum size of the summary of the pixels, in MiB.
    threads : int
        Number of threads; 0 is all cores.
    progress : callable, optional
        Called with the fraction done (0 to 1) and a message. If it returns False, the fit is
        cancelled; an exception that it raises is raised again by `fit`.
    **options
        The algorithm's own options, with scikit-learn's names: ``linkage="average"``, ``eps=300``.

    Returns
    -------
    Model

    Raises
    ------
    InvalidArgument
        If an option or a shape is not valid, or the axis of the bands is ambiguous.
    InvalidData
        If no pixel is valid, there are fewer distinct pixels than classes, or a band is constant
        with z-score.
    Cancelled
        When ``progress`` returned False.
    TypeError
        If the type of the samples is not supported.

    Examples
    --------
    >>> image.shape  # bands, rows, columns
    (4, 60, 80)
    >>> model = bandcluster.fit(image, n_clusters=3)
    >>> labels = model.predict(image)
    >>> labels.shape, int(labels.min()), int(labels.max())
    ((60, 80), 1, 3)
    >>> bandcluster.fit(image, init={"water": image[:, 0, 0], "land": image[:, 50, 70]}).n_clusters
    2
    """
    pixels = _arrays.pixels(array, nodata, mask, channel_axis)
    common: dict[str, Any] = {
        "n_clusters": n_clusters,
        "n_init": n_init,
        "max_iter": max_iter,
        "tol": tol,
    }
    common |= {"seed": seed, "scaling": scaling, "metric": metric}
    raster, budget = ctypes.byref(pixels.raster), memory_bytes(memory)
    options |= weights_option(band_weights)
    if algorithm == "kmeans" and init is None and not fix and not options:
        kmeans = kmeans_options(**common)
        with _native.running(threads, progress) as run:
            return Model._create("fit", raster, ctypes.byref(kmeans.common), budget, run)
    named = options_json(algorithm, init=init, fix=fix, **common, **options)
    with _native.running(threads, progress) as run:
        return Model._create("fit_json", raster, *named, budget, run)


def check_bands(named: tuple[bytes, bytes], n_bands: int) -> None:
    """Raise the library's error if a fit of so many bands cannot have these options.

    The library tells so before it reads the pixels of an image: it gets one that a mask hides.
    """
    hidden = [np.zeros((1, 1), np.uint8)] * n_bands
    pixels = _arrays.pixels(hidden, mask=np.zeros((1, 1), np.bool_))
    with _native.running(1, None) as run, contextlib.suppress(InvalidData):
        Model._create("fit_json", ctypes.byref(pixels.raster), *named, 0, run)
