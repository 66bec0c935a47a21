"""Clustering by the similarity of pairs: spectral, and affinity propagation."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from ._estimator import Clusterer


class SpectralClustering(Clusterer):
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
    random_state, scaling, band_weights, n_jobs
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
        band_weights: ArrayLike | None = None,
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
        self.band_weights = band_weights
        self.n_jobs = n_jobs


class AffinityPropagation(Clusterer):
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
    random_state, scaling, band_weights, n_jobs
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
    _has_n_iter = True

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
        band_weights: ArrayLike | None = None,
        n_jobs: int | None = None,
    ) -> None:
        self.damping = damping
        self.max_iter = max_iter
        self.convergence_iter = convergence_iter
        self.preference = preference
        self.n_representatives = n_representatives
        self.random_state = random_state
        self.scaling = scaling
        self.band_weights = band_weights
        self.n_jobs = n_jobs
