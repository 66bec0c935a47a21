"""Checks the options of a fit.

Those of k-means become the library's struct, those of other algorithms JSON.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from numbers import Real

import numpy as np

from ._abi import ALGORITHM_GMM, ALGORITHM_KMEANS, ChooseKOptions, KmeansOptions
from ._native import whole
from .errors import InvalidArgument

_SCALINGS = {"none": 0, "zscore": 1}
_CHOOSABLE = {"kmeans": ALGORITHM_KMEANS, "gmm": ALGORITHM_GMM}
_METRICS = {"euclidean": 0, "spectral_angle": 1}
_LARGEST_UINT32 = 2**32 - 1


def kmeans_options(n_clusters, n_init, max_iter, tol, seed, scaling, metric) -> KmeansOptions:
    """The options of k-means; None means the default."""
    n_clusters = whole("n_clusters", 4 if n_clusters is None else n_clusters, 1, 65535)
    search = _search_options(n_init, max_iter, tol, seed, scaling, metric)
    return KmeansOptions(n_clusters=n_clusters, **search)


def choose_k_options(
    algorithm, least, largest, n_init, max_iter, tol, seed, scaling, metric
) -> ChooseKOptions:
    """The options for the numbers of classes from ``least`` to ``largest``.

    None means the default.
    """
    if algorithm not in _CHOOSABLE:
        raise InvalidArgument(
            f"algorithm must be one of {', '.join(map(repr, _CHOOSABLE))}, found {algorithm!r}"
        )
    least, largest = whole("min", least, 2, 255), whole("max", largest, 2, 255)
    if least > largest:
        raise InvalidArgument(f"min is {least} and max {largest}: min must not be above max")
    if algorithm == "gmm":
        n_init = 1 if n_init is None else n_init
        max_iter = 1000 if max_iter is None else max_iter
        tol = 1e-5 if tol is None else tol
    search = _search_options(n_init, max_iter, tol, seed, scaling, metric)
    return ChooseKOptions(min=least, max=largest, algorithm=_CHOOSABLE[algorithm], **search)


def _search_options(n_init, max_iter, tol, seed, scaling, metric) -> dict:
    n_init = 10 if n_init is None else n_init
    max_iter = 300 if max_iter is None else max_iter
    tol = 1e-4 if tol is None else tol
    if scaling not in _SCALINGS:
        raise InvalidArgument(
            f"scaling must be one of {', '.join(map(repr, _SCALINGS))}, found {scaling!r}"
        )
    if metric not in _METRICS:
        raise InvalidArgument(
            f"metric must be one of {', '.join(map(repr, _METRICS))}, found {metric!r}"
        )
    if not (isinstance(tol, Real) and math.isfinite(tol) and tol >= 0):
        raise InvalidArgument(f"tol must be a number that is not negative, found {tol!r}")
    return {
        "n_init": whole("n_init", n_init, 1, _LARGEST_UINT32),
        "max_iter": whole("max_iter", max_iter, 1, _LARGEST_UINT32),
        "tol": float(tol),
        "seed": whole("seed", seed, 0, 2**64 - 1),
        "scaling": _SCALINGS[scaling],
        "metric": _METRICS[metric],
    }


def options_json(
    algorithm, *, metric="euclidean", init=None, fix=False, **options
) -> tuple[bytes, bytes]:
    """The name and the options of an algorithm for the library.

    None means the library's default.
    """
    if init is not None:
        options["init"] = _centers(init)
    if fix:
        options["fix"] = True
    if metric != "euclidean":
        options["metric"] = metric  # only if it is set: not every algorithm has this option
    if not isinstance(algorithm, str):
        raise InvalidArgument(f"algorithm must be a name such as 'dbscan', found {algorithm!r}")
    given = {name: _plain(value) for name, value in options.items() if value is not None}
    try:
        return algorithm.encode(), json.dumps(given, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise InvalidArgument(
            f"the options of {algorithm} must be numbers or names: {error}"
        ) from error


def weights_option(band_weights) -> dict:
    """The option for the weights of the bands; nothing if there are none."""
    if band_weights is None:
        return {}
    try:
        weights = np.asarray(band_weights, np.float64)
    except (TypeError, ValueError):
        weights = np.empty(0)
    if weights.ndim != 1 or weights.size == 0 or not np.isfinite(weights).all():
        raise InvalidArgument(
            f"band_weights must be a finite number for each band, found {band_weights!r}"
        )
    return {"band_weights": weights.tolist()}


def _centers(init) -> str | list | dict:
    """The centres to start from, for JSON: rows, or rows by name.

    The name of an initialisation is unchanged.
    """
    if isinstance(init, str):
        return init
    names = list(init) if isinstance(init, Mapping) else None
    if names is not None and not all(isinstance(name, str) for name in names):
        raise InvalidArgument(f"the names in init must be texts, found {names}")
    try:
        centers = np.asarray(init if names is None else list(init.values()), np.float64)
    except (TypeError, ValueError):
        centers = np.empty(0)
    if centers.ndim != 2 or not np.isfinite(centers).all():
        raise InvalidArgument(
            "init must be an array (centres, bands) of finite numbers, or such rows by name:"
            " {'water': [380, 210]}"
        )
    return centers.tolist() if names is None else dict(zip(names, centers.tolist()))


def _plain(value):
    """A NumPy number as a Python number."""
    return value.item() if hasattr(value, "item") else value


def memory_bytes(mebibytes) -> int:
    """A memory budget in MiB as bytes."""
    if not (isinstance(mebibytes, Real) and math.isfinite(mebibytes) and mebibytes > 0):
        raise InvalidArgument(f"memory must be a positive number of MiB, found {mebibytes!r}")
    return int(float(mebibytes) * 2**20)
