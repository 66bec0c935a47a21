"""scikit-learn's estimators, by this library: only the import changes.

    from bandcluster.sklearn import KMeans

    labels = KMeans(n_clusters=4).fit(table).labels_    # table: (pixels, bands)

Tables of pixels are used without a copy if their type is an integer of 8, 16 or 32 bits, float32 or
float64. Classes are numbered from 0, the largest first; -1 is noise, as in scikit-learn. Parameters
have scikit-learn's names and defaults, except lengths (``eps``, ``bandwidth``, ``threshold``,
``gamma``), which are estimated from the pixels if they are not given. Every estimator has
``predict``, even if scikit-learn's has none, and the model as ``model_``: a `bandcluster.Model`,
which can be saved for QGIS, the command line and other scenes.

``random_state`` is the seed; without it the seed is 0, so the same pixels give the same classes.
``n_jobs`` is the number of threads; without it all cores are used. The result does not depend on
it. Sample weights are not supported. Pixels without data are refused, as scikit-learn refuses NaN:
leave them out of the table, or use `bandcluster.fit`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

try:
    from sklearn.base import (
        BaseEstimator,
        ClassNamePrefixFeaturesOutMixin,
        ClusterMixin,
        DensityMixin,
        TransformerMixin,
    )
    from sklearn.metrics.pairwise import euclidean_distances
    from sklearn.mixture import GaussianMixture as _Mixture
    from sklearn.utils import check_random_state
    from sklearn.utils.validation import check_is_fitted, validate_data
    from joblib import effective_n_jobs  # isort: skip, the message should name scikit-learn
except ImportError as error:
    raise ImportError(
        f"bandcluster.sklearn needs scikit-learn 1.6 or later ({error}): pip install"
        " 'bandcluster[sklearn]'"
    ) from error

from . import _arrays
from ._fit import fit
from .model import Model

__all__ = [
    "DBSCAN",
    "HDBSCAN",
    "ISODATA",
    "OPTICS",
    "AffinityPropagation",
    "AgglomerativeClustering",
    "Birch",
    "BisectingKMeans",
    "GaussianMixture",
    "KMeans",
    "MeanShift",
    "MiniBatchKMeans",
    "SpectralClustering",
]

# Types of samples that are used without a copy; others become the first one.
_DTYPES = sorted(_arrays.SAMPLE_TYPES, key=lambda dtype: dtype != np.float64)

# Rows that are labelled at a time: the memory of a block fits into caches.
_BLOCK = 1 << 18


class _Estimator(BaseEstimator):
    """The base of all estimators: fits a model to a table, and labels tables."""

    _algorithm: ClassVar[str]

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
        self._noise = next(
            (value - 1 for value, name, _color in model.legend if name == "noise"), None
        )
        centers = model.centers
        self.cluster_centers_ = (
            centers if self._noise is None else np.delete(centers, self._noise, axis=0)
        )

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


class _Clusterer(ClusterMixin, _Estimator):
    """An estimator that finds classes."""


class _Centered(ClassNamePrefixFeaturesOutMixin, TransformerMixin, _Clusterer):
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
            The distances, in the space of the fit: scaled, or on the unit sphere.
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
        told = json.loads(model.to_json())
        scaling = told["scaling"]
        self._mean, self._std = np.array(scaling.get("mean", 0)), np.array(scaling.get("std", 1))
        self._of_angles = told.get("metric") == "spectral_angle"

    def of(self, values: np.ndarray) -> np.ndarray:
        values = (values - self._mean) / self._std
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


class KMeans(_Centered):
    """K-means, refined on all pixels.

    Parameters
    ----------
    n_clusters : int
        Number of classes.
    init : "k-means++", array of shape (n_centers, n_features), dict or callable
        Centres to start from, in one start. Classes are numbered by size, not in the order of the
        centres. A dict of centres by name also names the classes of `model_`. If there are fewer
        centres than classes, k-means++ draws the others. A callable gets the table, the number of
        classes and ``random_state``. There is no "random".
    n_init : int or "auto"
        Number of k-means++ starts; the best start is kept. "auto": 10. With centres in `init` there
        is one start.
    max_iter : int
        Maximum number of iterations of a start.
    tol : float
        The fit ends when the squared shift of the centres is at most this share of the mean
        variance of the bands.
    random_state : int, RandomState or None
        The seed; None: 0.
    fix : bool
        Whether the centres of `init` do not move; there must be one for each class.
    metric : "euclidean" or "spectral_angle"
        How pixels are compared.
    scaling : "none" or "zscore"
        Whether bands are scaled.
    n_jobs : int or None
        Number of threads; None: all cores.

    Attributes
    ----------
    labels_ : array of int32
        The class of each row, from 0.
    cluster_centers_ : array of float64, of shape (n_clusters, n_features)
        The centres, in the units of the bands.
    inertia_ : float
        Sum of the squared distances of the rows from their centres.
    n_iter_ : int
        Number of iterations.
    model_ : bandcluster.Model
        The model.
    n_features_in_ : int
        Number of bands.
    feature_names_in_ : array of str
        Names of the bands, if the table has them.

    Examples
    --------
    >>> from bandcluster.sklearn import KMeans
    >>> table = image.reshape(4, -1).T  # (pixels, bands)
    >>> found = KMeans(n_clusters=3).fit(table)
    >>> found.labels_.shape, found.cluster_centers_.shape
    ((4800,), (3, 4))
    """

    _algorithm = "kmeans"

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: Any = "k-means++",
        n_init: int | str = "auto",
        max_iter: int = 300,
        tol: float = 1e-4,
        random_state: Any = None,
        fix: bool = False,
        metric: str = "euclidean",
        scaling: str = "none",
        n_jobs: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state
        self.fix = fix
        self.metric = metric
        self.scaling = scaling
        self.n_jobs = n_jobs

    def _describe(self, model: Model) -> None:
        super()._describe(model)
        self.n_iter_ = max(1, model.n_iter)


class MiniBatchKMeans(KMeans):
    """K-means: another name for `KMeans`, which already reads the pixels in blocks.

    Examples
    --------
    >>> from bandcluster.sklearn import MiniBatchKMeans
    >>> labels = MiniBatchKMeans(n_clusters=3).fit_predict(image.reshape(4, -1).T)
    >>> int(labels.max())
    2
    """


class BisectingKMeans(_Centered):
    """Bisecting k-means: classes are cut in two, one after another.

    Parameters
    ----------
    n_clusters, n_init, max_iter, tol, random_state, scaling, n_jobs
        As for `KMeans`.
    bisecting_strategy : "biggest_inertia" or "largest_cluster"
        The rule for the class that is cut next.

    Attributes
    ----------
    labels_, cluster_centers_, inertia_, model_, n_features_in_, feature_names_in_
        As for `KMeans`.

    Examples
    --------
    >>> from bandcluster.sklearn import BisectingKMeans
    >>> labels = BisectingKMeans(n_clusters=3).fit_predict(image.reshape(4, -1).T)
    >>> int(labels.max())
    2
    """

    _algorithm = "bisecting"

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        n_init: int | str = "auto",
        max_iter: int = 300,
        tol: float = 1e-4,
        bisecting_strategy: str = "biggest_inertia",
        random_state: Any = None,
        scaling: str = "none",
        n_jobs: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.bisecting_strategy = bisecting_strategy
        self.random_state = random_state
        self.scaling = scaling
        self.n_jobs = n_jobs


class ISODATA(_Centered):
    """ISODATA: k-means that merges and splits its classes. scikit-learn has none.

    Parameters
    ----------
    initial_clusters, max_clusters : int
        Number of classes at the start, and the maximum number.
    min_size : float
        Minimum share of the pixels in a class; smaller classes are dropped.
    max_std : float or None
        Maximum standard deviation in any band; wider classes are split. None: estimated.
    min_distance : float or None
        Minimum distance of two means; nearer classes are joined. None: estimated.
    max_iter : int
        Number of iterations.
    random_state, scaling, n_jobs
        As for `KMeans`.

    Attributes
    ----------
    labels_, cluster_centers_, inertia_, n_iter_, model_, n_features_in_, feature_names_in_
        As for `KMeans`.

    Examples
    --------
    >>> from bandcluster.sklearn import ISODATA
    >>> labels = ISODATA(initial_clusters=3).fit_predict(image.reshape(4, -1).T)
    >>> int(labels.max())
    2
    """

    _algorithm = "isodata"

    def __init__(
        self,
        initial_clusters: int = 8,
        *,
        max_clusters: int = 16,
        min_size: float = 0.001,
        max_std: float | None = None,
        min_distance: float | None = None,
        max_iter: int = 20,
        random_state: Any = None,
        scaling: str = "none",
        n_jobs: int | None = None,
    ) -> None:
        self.initial_clusters = initial_clusters
        self.max_clusters = max_clusters
        self.min_size = min_size
        self.max_std = max_std
        self.min_distance = min_distance
        self.max_iter = max_iter
        self.random_state = random_state
        self.scaling = scaling
        self.n_jobs = n_jobs

    def _describe(self, model: Model) -> None:
        super()._describe(model)
        self.n_iter_ = self.max_iter  # it always runs all iterations


class GaussianMixture(DensityMixin, _Estimator):
    """A Gaussian mixture with full covariances: classes are normal distributions.

    Parameters
    ----------
    n_components : int
        Number of classes.
    tol : float
        The fit ends when an iteration raises the mean log-likelihood of a pixel by less than this.
    reg_covar : float
        Added to all variances.
    max_iter : int
        Maximum number of iterations of a start.
    n_init : int
        Number of starts; the start with the highest likelihood is kept.
    random_state, scaling, n_jobs
        As for `KMeans`.

    Attributes
    ----------
    weights_, means_, covariances_ : arrays of float64
        The components, in the units of the bands.
    n_iter_ : int
        Number of iterations.
    labels_, cluster_centers_, model_, n_features_in_, feature_names_in_
        As for `KMeans`; the centres are the means of the rows of each class.

    Examples
    --------
    >>> from bandcluster.sklearn import GaussianMixture
    >>> mixture = GaussianMixture(n_components=3).fit(image.reshape(4, -1).T)
    >>> mixture.means_.shape, mixture.covariances_.shape
    ((3, 4), (3, 4, 4))
    """

    _algorithm = "gmm"

    def __init__(
        self,
        n_components: int = 1,
        *,
        tol: float = 1e-3,
        reg_covar: float = 1e-6,
        max_iter: int = 100,
        n_init: int = 1,
        random_state: Any = None,
        scaling: str = "none",
        n_jobs: int | None = None,
    ) -> None:
        self.n_components = n_components
        self.tol = tol
        self.reg_covar = reg_covar
        self.max_iter = max_iter
        self.n_init = n_init
        self.random_state = random_state
        self.scaling = scaling
        self.n_jobs = n_jobs

    def _describe(self, model: Model) -> None:
        super()._describe(model)
        self.n_iter_ = max(1, model.n_iter)
        components = sorted(
            json.loads(model.to_json())["components"], key=lambda component: component["class"]
        )
        self.weights_ = np.array([component["weight"] for component in components])
        self.means_ = np.array([component["mean"] for component in components])
        self.covariances_ = np.array([component["covariance"] for component in components])

    def predict_proba(self, X: ArrayLike) -> np.ndarray:
        """The probability of each class for the rows of a table.

        Parameters
        ----------
        X : array of shape (n_samples, n_features)
            Pixels of the same bands.

        Returns
        -------
        array of float64, of shape (n_samples, n_components)
            The posterior probabilities.
        """
        return self._mixture().predict_proba(self._numbers(X))

    def score_samples(self, X: ArrayLike) -> np.ndarray:
        """How likely the rows of a table are.

        Parameters
        ----------
        X : array of shape (n_samples, n_features)
            Pixels of the same bands.

        Returns
        -------
        array of float64
            The logarithm of the density at each row.
        """
        return self._mixture().score_samples(self._numbers(X))

    def score(self, X: ArrayLike, y: object = None) -> float:
        """How likely the rows of a table are, on average.

        Parameters
        ----------
        X : array of shape (n_samples, n_features)
            Pixels of the same bands.
        y : ignored
            Not used; for compatibility with scikit-learn.

        Returns
        -------
        float
            The mean of `score_samples`.
        """
        return float(self.score_samples(X).mean())

    def bic(self, X: ArrayLike) -> float:
        """The Bayesian information criterion.

        Parameters
        ----------
        X : array of shape (n_samples, n_features)
            Pixels of the same bands.

        Returns
        -------
        float
            The lower, the better.
        """
        return float(self._mixture().bic(self._numbers(X)))

    def _numbers(self, X: ArrayLike) -> np.ndarray:
        # scikit-learn's mixture would store its logarithms as integers.
        return self._table(X).astype(np.float64, copy=False)

    def _mixture(self) -> Any:
        """scikit-learn's mixture with the same components, to compute densities."""
        check_is_fitted(self)
        same = _Mixture(len(self.weights_))
        same.weights_, same.means_, same.covariances_ = (
            self.weights_,
            self.means_,
            self.covariances_,
        )
        same.precisions_cholesky_ = np.linalg.inv(np.linalg.cholesky(self.covariances_)).transpose(
            0, 2, 1
        )
        return same


class AgglomerativeClustering(_Clusterer):
    """Agglomerative clustering of a sample of the pixels.

    The two nearest clusters are joined, again and again.

    Parameters
    ----------
    n_clusters : int
        Number of classes.
    linkage : "ward", "average", "complete" or "single"
        How the distance of two clusters is measured.
    n_representatives : int
        Size of the sample, up to 5000.
    scaling, n_jobs
        As for `KMeans`.

    Attributes
    ----------
    labels_, cluster_centers_, model_, n_features_in_, feature_names_in_
        As for `KMeans`. The tree is ``model_.dendrogram``.

    Examples
    --------
    >>> from bandcluster.sklearn import AgglomerativeClustering
    >>> labels = AgglomerativeClustering(n_clusters=3).fit_predict(image.reshape(4, -1).T)
    >>> int(labels.max())
    2
    """

    _algorithm = "agglomerative"

    def __init__(
        self,
        n_clusters: int = 2,
        *,
        linkage: str = "ward",
        n_representatives: int = 2000,
        scaling: str = "none",
        n_jobs: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.linkage = linkage
        self.n_representatives = n_representatives
        self.scaling = scaling
        self.n_jobs = n_jobs


class Birch(_Clusterer):
    """BIRCH: subclusters of the pixels, joined by Ward's rule.

    Parameters
    ----------
    threshold : float or None
        The largest radius of a subcluster; None: estimated.
    branching_factor : int
        Not used: there is no tree here.
    n_clusters : int
        Number of classes.
    n_representatives : int
        Maximum number of subclusters, up to 5000.
    scaling, n_jobs
        As for `KMeans`.

    Attributes
    ----------
    labels_, cluster_centers_, model_, n_features_in_, feature_names_in_
        As for `KMeans`.

    Examples
    --------
    >>> from bandcluster.sklearn import Birch
    >>> labels = Birch(n_clusters=3).fit_predict(image.reshape(4, -1).T)
    >>> int(labels.max())
    2
    """

    _algorithm = "birch"

    def __init__(
        self,
        *,
        threshold: float | None = None,
        branching_factor: int = 50,
        n_clusters: int = 3,
        n_representatives: int = 2000,
        scaling: str = "none",
        n_jobs: int | None = None,
    ) -> None:
        self.threshold = threshold
        self.branching_factor = branching_factor
        self.n_clusters = n_clusters
        self.n_representatives = n_representatives
        self.scaling = scaling
        self.n_jobs = n_jobs


class DBSCAN(_Clusterer):
    """DBSCAN: connected dense regions, and noise.

    Parameters
    ----------
    eps : float or None
        Radius of a neighbourhood; None: estimated.
    min_samples : float
        Minimum number of pixels in the neighbourhood of a dense pixel, itself included, counted as
        if there were ``n_representatives`` pixels; in a table with fewer rows, counted in its rows.
    n_representatives : int
        Number of points that label the pixels, up to 5000.
    random_state, scaling, n_jobs
        As for `KMeans`.

    Attributes
    ----------
    labels_, cluster_centers_, model_, n_features_in_, feature_names_in_
        As for `KMeans`; -1 is noise.

    Examples
    --------
    >>> from bandcluster.sklearn import DBSCAN
    >>> labels = DBSCAN(eps=100).fit_predict(image.reshape(4, -1).T)
    >>> int(labels.max())
    2
    """

    _algorithm = "dbscan"

    def __init__(
        self,
        eps: float | None = None,
        *,
        min_samples: float = 5,
        n_representatives: int = 2000,
        random_state: Any = None,
        scaling: str = "none",
        n_jobs: int | None = None,
    ) -> None:
        self.eps = eps
        self.min_samples = min_samples
        self.n_representatives = n_representatives
        self.random_state = random_state
        self.scaling = scaling
        self.n_jobs = n_jobs


class OPTICS(_Clusterer):
    """OPTICS: the valleys of a reachability plot, and noise.

    Parameters
    ----------
    min_samples : int
        As for `DBSCAN`.
    max_eps : float or None
        The largest radius of a neighbourhood; None: any.
    cluster_method : "xi" or "dbscan"
        How clusters are extracted from the plot.
    eps : float or None
        With "dbscan": radius of a neighbourhood; None: ``max_eps``.
    xi : float
        How steep the sides of a valley are, between 0 and 1.
    min_cluster_size : int or None
        Minimum number of pixels of a class, counted as ``min_samples``; None: ``min_samples``.
    n_representatives : int
        Size of the sample, up to 5000.
    scaling, n_jobs
        As for `KMeans`.

    Attributes
    ----------
    labels_, cluster_centers_, model_, n_features_in_, feature_names_in_
        As for `KMeans`; -1 is noise.

    Examples
    --------
    >>> from bandcluster.sklearn import OPTICS
    >>> labels = OPTICS(cluster_method="dbscan", eps=100).fit_predict(image.reshape(4, -1).T)
    >>> int(labels.max())
    2
    """

    _algorithm = "optics"

    def __init__(
        self,
        *,
        min_samples: float = 5,
        max_eps: float | None = None,
        cluster_method: str = "xi",
        eps: float | None = None,
        xi: float = 0.05,
        min_cluster_size: float | None = None,
        n_representatives: int = 2000,
        scaling: str = "none",
        n_jobs: int | None = None,
    ) -> None:
        self.min_samples = min_samples
        self.max_eps = max_eps
        self.cluster_method = cluster_method
        self.eps = eps
        self.xi = xi
        self.min_cluster_size = min_cluster_size
        self.n_representatives = n_representatives
        self.scaling = scaling
        self.n_jobs = n_jobs


class HDBSCAN(_Clusterer):
    """HDBSCAN: the clusters that last over the widest range of densities, and noise.

    Parameters
    ----------
    min_cluster_size : float
        Minimum number of pixels of a class, counted as if there were ``n_representatives`` pixels;
        in a table with fewer rows, counted in its rows.
    min_samples : float or None
        Number of pixels that make a neighbourhood dense, counted in the same way; None:
        ``min_cluster_size``.
    cluster_selection_epsilon : float
        Classes nearer than this are not separated.
    cluster_selection_method : "eom" or "leaf"
        How clusters of the tree are selected.
    n_representatives : int
        Size of the sample, up to 5000.
    scaling, n_jobs
        As for `KMeans`.

    Attributes
    ----------
    labels_, cluster_centers_, model_, n_features_in_, feature_names_in_
        As for `KMeans`; -1 is noise.

    Examples
    --------
    >>> from bandcluster.sklearn import HDBSCAN
    >>> labels = HDBSCAN(min_cluster_size=50).fit_predict(image.reshape(4, -1).T)
    >>> int(labels.max())
    2
    """

    _algorithm = "hdbscan"

    def __init__(
        self,
        min_cluster_size: float = 5,
        *,
        min_samples: float | None = None,
        cluster_selection_epsilon: float = 0.0,
        cluster_selection_method: str = "eom",
        n_representatives: int = 2000,
        scaling: str = "none",
        n_jobs: int | None = None,
    ) -> None:
        self.min_cluster_size = min_cluster_size
        self.min_samples = min_samples
        self.cluster_selection_epsilon = cluster_selection_epsilon
        self.cluster_selection_method = cluster_selection_method
        self.n_representatives = n_representatives
        self.scaling = scaling
        self.n_jobs = n_jobs


class MeanShift(_Clusterer):
    """Mean shift: the modes of the density.

    Parameters
    ----------
    bandwidth : float or None
        Radius of the flat kernel; None: estimated.
    n_representatives : int
        Number of points that represent the pixels, up to 5000.
    random_state, scaling, n_jobs
        As for `KMeans`.

    Attributes
    ----------
    labels_, cluster_centers_, model_, n_features_in_, feature_names_in_
        As for `KMeans`.

    Examples
    --------
    >>> from bandcluster.sklearn import MeanShift
    >>> labels = MeanShift(bandwidth=300).fit_predict(image.reshape(4, -1).T)
    >>> int(labels.max())
    2
    """

    _algorithm = "meanshift"

    def __init__(
        self,
        *,
        bandwidth: float | None = None,
        n_representatives: int = 2000,
        random_state: Any = None,
        scaling: str = "none",
        n_jobs: int | None = None,
    ) -> None:
        self.bandwidth = bandwidth
        self.n_representatives = n_representatives
        self.random_state = random_state
        self.scaling = scaling
        self.n_jobs = n_jobs


class SpectralClustering(_Clusterer):
    """Spectral clustering: k-means on the eigenvectors of a graph of neighbours.

    Parameters
    ----------
    n_clusters : int
        Number of classes.
    affinity : "nearest_neighbors" or "rbf"
        How the similarity of two points is measured.
    gamma : float or None
        With "rbf": the factor of squared distances; None: estimated.
    n_neighbors : int
        Number of neighbours of a point, itself included.
    n_init : int
        Number of starts of k-means.
    n_representatives : int
        Number of points that represent the pixels, up to 3000.
    random_state, scaling, n_jobs
        As for `KMeans`.

    Attributes
    ----------
    labels_, cluster_centers_, model_, n_features_in_, feature_names_in_
        As for `KMeans`.

    Examples
    --------
    >>> from bandcluster.sklearn import SpectralClustering
    >>> labels = SpectralClustering(n_clusters=3).fit_predict(image.reshape(4, -1).T)
    >>> int(labels.max())
    2
    """

    _algorithm = "spectral"

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        affinity: str = "nearest_neighbors",
        gamma: float | None = None,
        n_neighbors: int = 10,
        n_init: int = 10,
        n_representatives: int = 1000,
        random_state: Any = None,
        scaling: str = "none",
        n_jobs: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.affinity = affinity
        self.gamma = gamma
        self.n_neighbors = n_neighbors
        self.n_init = n_init
        self.n_representatives = n_representatives
        self.random_state = random_state
        self.scaling = scaling
        self.n_jobs = n_jobs


class AffinityPropagation(_Clusterer):
    """Affinity propagation: exemplars that the pixels agree on.

    Parameters
    ----------
    damping : float or None
        The share of the old message that is kept, from 0.5 to less than 1; None: 0.5, or more if
        the exemplars do not settle.
    max_iter : int
        Maximum number of rounds of messages.
    convergence_iter : int
        The fit ends after this number of rounds without a change.
    preference : float or None
        How readily a pixel becomes an exemplar: the further below 0, the fewer classes. None:
        estimated.
    n_representatives : int
        Size of the sample, up to 3000.
    random_state, scaling, n_jobs
        As for `KMeans`.

    Attributes
    ----------
    labels_, cluster_centers_, model_, n_features_in_, feature_names_in_
        As for `KMeans`.
    n_iter_ : int
        Number of rounds of messages.

    Examples
    --------
    >>> from bandcluster.sklearn import AffinityPropagation
    >>> labels = AffinityPropagation(preference=-1e8).fit_predict(image.reshape(4, -1).T)
    >>> int(labels.max())
    2
    """

    _algorithm = "affinity"

    def __init__(
        self,
        *,
        damping: float | None = None,
        max_iter: int = 200,
        convergence_iter: int = 15,
        preference: float | None = None,
        n_representatives: int = 1000,
        random_state: Any = None,
        scaling: str = "none",
        n_jobs: int | None = None,
    ) -> None:
        self.damping = damping
        self.max_iter = max_iter
        self.convergence_iter = convergence_iter
        self.preference = preference
        self.n_representatives = n_representatives
        self.random_state = random_state
        self.scaling = scaling
        self.n_jobs = n_jobs

    def _describe(self, model: Model) -> None:
        super()._describe(model)
        self.n_iter_ = max(1, model.n_iter)
