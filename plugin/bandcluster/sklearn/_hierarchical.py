"""Hierarchical clustering: clusters that are joined, again and again."""

from __future__ import annotations

from numpy.typing import ArrayLike

from ._estimator import Clusterer


class AgglomerativeClustering(Clusterer):
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
    scaling, band_weights, n_jobs
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
        band_weights: ArrayLike | None = None,
        n_jobs: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.linkage = linkage
        self.n_representatives = n_representatives
        self.scaling = scaling
        self.band_weights = band_weights
        self.n_jobs = n_jobs


class Birch(Clusterer):
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
    scaling, band_weights, n_jobs
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
        band_weights: ArrayLike | None = None,
        n_jobs: int | None = None,
    ) -> None:
        self.threshold = threshold
        self.branching_factor = branching_factor
        self.n_clusters = n_clusters
        self.n_representatives = n_representatives
        self.scaling = scaling
        self.band_weights = band_weights
        self.n_jobs = n_jobs
