"""Density-based clustering: dense regions, and modes of the density."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from ._estimator import Clusterer


class DBSCAN(Clusterer):
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
    random_state, scaling, band_weights, n_jobs
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
        band_weights: ArrayLike | None = None,
        n_jobs: int | None = None,
    ) -> None:
        self.eps = eps
        self.min_samples = min_samples
        self.n_representatives = n_representatives
        self.random_state = random_state
        self.scaling = scaling
        self.band_weights = band_weights
        self.n_jobs = n_jobs


class OPTICS(Clusterer):
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
    scaling, band_weights, n_jobs
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
        band_weights: ArrayLike | None = None,
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
        self.band_weights = band_weights
        self.n_jobs = n_jobs


class HDBSCAN(Clusterer):
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
    scaling, band_weights, n_jobs
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
        band_weights: ArrayLike | None = None,
        n_jobs: int | None = None,
    ) -> None:
        self.min_cluster_size = min_cluster_size
        self.min_samples = min_samples
        self.cluster_selection_epsilon = cluster_selection_epsilon
        self.cluster_selection_method = cluster_selection_method
        self.n_representatives = n_representatives
        self.scaling = scaling
        self.band_weights = band_weights
        self.n_jobs = n_jobs


class MeanShift(Clusterer):
    """Mean shift: the modes of the density.

    Parameters
    ----------
    bandwidth : float or None
        Radius of the flat kernel; None: estimated.
    n_representatives : int
        Number of points that represent the pixels, up to 5000.
    random_state, scaling, band_weights, n_jobs
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
        band_weights: ArrayLike | None = None,
        n_jobs: int | None = None,
    ) -> None:
        self.bandwidth = bandwidth
        self.n_representatives = n_representatives
        self.random_state = random_state
        self.scaling = scaling
        self.band_weights = band_weights
        self.n_jobs = n_jobs
