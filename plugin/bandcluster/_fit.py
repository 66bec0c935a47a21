"""Fitting an array in one call."""

from __future__ import annotations

import ctypes

from . import _arrays, _native
from ._labelled import fits_labelled
from ._options import kmeans_options, memory_bytes, options_json
from .model import Model, Progress


@fits_labelled
def fit(
    array,
    n_clusters: int | None = None,
    *,
    algorithm: str = "kmeans",
    n_init: int | None = None,
    max_iter: int | None = None,
    tol: float | None = None,
    seed: int = 0,
    scaling: str = "none",
    metric: str = "euclidean",
    nodata=None,
    mask=None,
    memory: float = 256,
    threads: int = 0,
    progress: Progress | None = None,
    **options,
) -> Model:
    """Group the pixels of an image into classes.

    :param array: pixels: (bands, height, width), (bands, n), or a list or tuple of bands of one shape. Any strides;
        uint8 to float64 (bool is taken as uint8, float16 becomes float32). A NumPy masked array hides its pixels.
        A DataArray or Dataset of xarray is taken by the names of its dimensions, in any order, with its nodata value
        and the names of its bands; one over Dask, and a Dask array, as :func:`bandcluster.dask.fit` does.
    :param n_clusters: number of classes, 1 to 65535; None: 4, or as many as the algorithm finds.
    :param algorithm: ``"kmeans"``, ``"bisecting"``, ``"isodata"``, ``"gmm"``, ``"agglomerative"``, ``"birch"``,
        ``"dbscan"``, ``"optics"``, ``"hdbscan"``, ``"meanshift"``, ``"spectral"`` or ``"affinity"``.
    :param n_init: number of k-means++ starts, of which the best is kept; None: 10.
    :param max_iter: most iterations of one start; None: 300.
    :param tol: the fit ends when the sum of squared shifts of the centres is at most tol times the mean band variance;
        None: 1e-4.
    :param seed: the same seed gives the same model, for any number of threads.
    :param scaling: ``"none"``, or ``"zscore"`` to give every band the same weight.
    :param metric: ``"euclidean"``, or (for k-means) ``"spectral_angle"``: pixels are compared by the angle between
        their spectra, so that brightness does not count. Not with ``"zscore"``.
    :param nodata: None, one number for all bands, or one per band (None or NaN in the list: that band has none). A
        pixel is left out when any band holds its nodata value, NaN or an infinity. Integers are compared exactly,
        floats as GDAL does: within some units of the last place of a float32, also in float64. The model keeps the
        values.
    :param mask: None or an array in the shape of one band: pixels where it is 0 or False are left out.
    :param memory: MiB that the digest of the pixels may take.
    :param threads: number of threads; 0 is all cores.
    :param progress: callable (fraction from 0 to 1, message); returning False cancels, and what it raises comes out.
    :param options: the algorithm's own, with scikit-learn's names: ``linkage="average"``, ``eps=300``.

    Raises :class:`InvalidArgument`, :class:`InvalidData` (no valid pixel, fewer distinct pixels than classes, a
    constant band with z-score), :class:`Cancelled`, and TypeError for samples of another type.
    """
    pixels = _arrays.pixels(array, nodata, mask)
    common = {"n_clusters": n_clusters, "n_init": n_init, "max_iter": max_iter, "tol": tol}
    common |= {"seed": seed, "scaling": scaling, "metric": metric}
    raster, memory = ctypes.byref(pixels.raster), memory_bytes(memory)
    if algorithm == "kmeans" and not options:
        kmeans = kmeans_options(**common)
        with _native.running(threads, progress) as run:
            return Model._create("fit", raster, ctypes.byref(kmeans.common), memory, run)
    named = options_json(algorithm, **common, **options)
    with _native.running(threads, progress) as run:
        return Model._create("fit_json", raster, *named, memory, run)
