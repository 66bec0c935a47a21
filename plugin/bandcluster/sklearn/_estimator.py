"""What all estimators have in common: they fit a model to a table, and label tables."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

try:
    from sklearn.base import (
        BaseEstimator,
        ClassNamePrefixFeaturesOutMixin,
        ClusterMixin,
        TransformerMixin,
    )
    from sklearn.metrics.pairwise import euclidean_distances
    from sklearn.utils import check_random_state
    from sklearn.utils.validation import check_is_fitted, validate_data
    from joblib import effective_n_jobs  # isort: skip, the message should name scikit-learn
except ImportError as error:
    raise ImportError(
        f"bandcluster.sklearn needs scikit-learn 1.6 or later ({error}): pip install"
        " 'bandcluster[sklearn]'"
    ) from error

from .. import _arrays
from .._fit import fit
from ..model import Model

# Types of samples that are used without a copy; others become the first one.
_DTYPES = sorted(_arrays.SAMPLE_TYPES, key=lambda dtype: dtype != np.float64)

# Rows that are labelled at a time: the memory of a block fits into caches.
_BLOCK = 1 << 18


class Estimator(BaseEstimator):
    """The base of all estimators: fits a model to a table, and labels tables."""

    _algorithm: ClassVar[str]
    _has_n_iter: ClassVar[bool] = False  # whether scikit-learn's has the number of iterations

    def fit(self, X: ArrayLike, y: object = None) -> Any:
        """Find the classes of the rows of a table.

        Parameters
        ----------
        X : array of shape (n_samples, n_features)
            The pixels, a row each; the bands are columns.
        y : ignored
            Not used; for compatibility with scikit-learn.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            For parameters out of range, NaN, or fewer rows or distinct rows than classes.
        """
        own = self.get_params(deep=False)
        table = self._table(
            X, reset=True, ensure_min_samples=2 if "n_representatives" in own else 1
        )
        options = {
            name: value for name, value in own.items() if name not in ("random_state", "n_jobs")
        }
        for name in ("n_clusters", "n_components"):
            if name in own and isinstance(own[name], (int, np.integer)) and own[name] > len(table):
                raise ValueError(f"n_samples={len(table)} should be >= {name}={own[name]}")
        if "n_representatives" in own:
            # With few rows each row is its own representative, so that numbers of rows
            # (min_samples) keep their meaning.
            options["n_representatives"] = min(own["n_representatives"], len(table))
        if own.get("n_init") == "auto":
            options["n_init"] = None
        if callable(own.get("init")):
            options["init"] = own["init"](
                table, own["n_clusters"], random_state=check_random_state(self.random_state)
            )
        seed, threads = _seed(own.get("random_state")), self._threads()
        self.model_ = fit(
            table.T,
            channel_axis=0,
            algorithm=self._algorithm,
            seed=seed,
            threads=threads,
            **options,
        )
        self._describe(self.model_)
        self.labels_ = self._labels(table)
        return self

    def predict(self, X: ArrayLike) -> np.ndarray:
        """The classes of the rows of a table.

        Parameters
        ----------
        X : array of shape (n_samples, n_features)
            Pixels of the same bands.

        Returns
        -------
        array of int32
            The class of each row, from 0; -1 is noise.

        Raises
        ------
        ValueError
            For another number of bands, or NaN.
        """
        return self._labels(self._table(X))

    def fit_predict(self, X: ArrayLike, y: object = None) -> np.ndarray:
        """Find the classes of the rows of a table, and return the class of each row.

        Parameters
        ----------
        X : array of shape (n_samples, n_features)
            The pixels, a row each.
        y : ignored
            Not used; for compatibility with scikit-learn.

        Returns
        -------
        array of int32
            `labels_`.
        """
        return self.fit(X).labels_

    def __reduce_ex__(self, protocol: Any) -> Any:
        # Pickles name the public module, whatever file a class is in. (With that module as
        # __module__, inspect would look for the source there.)
        public, name = sys.modules[__package__], type(self).__name__
        if getattr(public, name, None) is not type(self):
            return super().__reduce_ex__(protocol)  # a user's subclass
        return public._new, (name,), self.__getstate__()

    def __setstate__(self, state: dict[str, Any]) -> None:
        # A pickle of an older version lacks the parameters that have come since.
        super().__setstate__({**type(self)().get_params(deep=False), **state})

    def _table(self, X: ArrayLike, reset: bool = False, **checks: Any) -> np.ndarray:
        """The checked table, not copied if its type is one of the library's."""
        if not reset:
            check_is_fitted(self)
        if np.ma.is_masked(X):
            raise ValueError(
                "the table has masked rows, whose mask scikit-learn's estimators do not see: leave"
                " them out, such as table[~table.mask.any(axis=1)].data, or give the image to"
                " bandcluster.fit"
            )
        return validate_data(self, X, dtype=_DTYPES, reset=reset, **checks)

    def _describe(self, model: Model) -> None:
        """Sets the attributes that describe the model."""
        # Noise is the last class of a fit, after the largest first.
        has_noise = model._told().get("regions", {}).get("has_noise", False)
        self._noise = model.n_clusters - 1 if has_noise else None
        centers = model.centers
        self.cluster_centers_ = (
            centers if self._noise is None else np.delete(centers, self._noise, axis=0)
        )
        if self._has_n_iter:
            self.n_iter_ = max(1, model.n_iter)

    def _labels(self, X: np.ndarray) -> np.ndarray:
        labels = np.empty(len(X), np.int32)
        found = np.empty(min(len(X), _BLOCK), np.uint16)
        for first, block in _blocks(X):
            part = found[: len(block)]
            self.model_.predict(block.T, channel_axis=0, out=part, threads=self._threads())
            labels[first : first + len(block)] = part
        labels -= 1
        if self._noise is not None:
            labels[labels == self._noise] = -1
        return labels

    def _threads(self) -> int:
        n_jobs = getattr(self, "n_jobs", None)
        return 0 if n_jobs is None else effective_n_jobs(n_jobs)


class Clusterer(ClusterMixin, Estimator):
    """An estimator that finds classes."""


class Centered(ClassNamePrefixFeaturesOutMixin, TransformerMixin, Clusterer):
    """An estimator in which each row belongs to the nearest centre."""

    def _describe(self, model: Model) -> None:
        super()._describe(model)
        self.inertia_ = model.inertia
        self._n_features_out = model.n_clusters

    def transform(self, X: ArrayLike) -> np.ndarray:
        """The distances of the rows of a table from the centres.

        Parameters
        ----------
        X : array of shape (n_samples, n_features)
            Pixels of the same bands.

        Returns
        -------
        array of float64, of shape (n_samples, n_clusters)
            The distances, in the space of the fit: scaled and weighted, or on the unit sphere.
        """
        return np.concatenate([self._distances(block) for _first, block in _blocks(self._table(X))])

    def score(self, X: ArrayLike, y: object = None) -> float:
        """How well the centres represent the rows of a table.

        Parameters
        ----------
        X : array of shape (n_samples, n_features)
            Pixels of the same bands.
        y : ignored
            Not used; for compatibility with scikit-learn.

        Returns
        -------
        float
            The negative sum of the squared distances from the nearest centres: the higher, the
            better.
        """
        blocks = _blocks(self._table(X))
        return -float(
            sum((self._distances(block).min(axis=1) ** 2).sum() for _first, block in blocks)
        )

    def _distances(self, X: np.ndarray) -> np.ndarray:
        space = _Space(self.model_)
        return euclidean_distances(space.of(X), space.of(self.cluster_centers_))


class _Space:
    """The space that a model measures distances in."""

    def __init__(self, model: Model) -> None:
        told = model._told()
        scaling = told["scaling"]
        self._mean, self._std = np.array(scaling.get("mean", 0)), np.array(scaling.get("std", 1))
        self._weights = np.array(told.get("band_weights", 1))
        self._of_angles = told.get("metric") == "spectral_angle"

    def of(self, values: np.ndarray) -> np.ndarray:
        values = (values - self._mean) / self._std * self._weights
        if not self._of_angles:
            return values
        # A pixel that is 0 in all bands counts as grey.
        values[~values.any(axis=1)] = 1
        return values / np.linalg.norm(values, axis=1, keepdims=True)


def _blocks(X: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """The rows of a table block by block, each with the number of its first row."""
    return ((first, X[first : first + _BLOCK]) for first in range(0, len(X), _BLOCK))


def _seed(random_state: Any) -> int:
    """The library's seed: the given number, one drawn from a generator, or 0."""
    if random_state is None:
        return 0
    if isinstance(random_state, (int, np.integer)):
        return int(random_state)
    return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))
