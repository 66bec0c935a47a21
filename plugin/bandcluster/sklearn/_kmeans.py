"""K-means and the algorithms that come from it: classes about centres."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from ..model import Model
from ._estimator import Centered


class KMeans(Centered):
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
    band_weights : sequence of float or None
        How much each band counts in distances: a number above 0 for each band, by which its
        differences are multiplied after scaling. Not with "spectral_angle". None: all bands count
        equally.
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
    _has_n_iter = True

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
        band_weights: ArrayLike | None = None,
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
        self.band_weights = band_weights
        self.n_jobs = n_jobs


class MiniBatchKMeans(KMeans):
    """K-means: another name for `KMeans`, which already reads the pixels in blocks.

    Examples
    --------
    >>> from bandcluster.sklearn import MiniBatchKMeans
    >>> labels = MiniBatchKMeans(n_clusters=3).fit_predict(image.reshape(4, -1).T)
    >>> int(labels.max())
    2
    """


class BisectingKMeans(Centered):
    """Bisecting k-means: classes are cut in two, one after another.

    Parameters
    ----------
    n_clusters, n_init, max_iter, tol, random_state, scaling, band_weights, n_jobs
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
        band_weights: ArrayLike | None = None,
        n_jobs: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.bisecting_strategy = bisecting_strategy
        self.random_state = random_state
        self.scaling = scaling
        self.band_weights = band_weights
        self.n_jobs = n_jobs


class ISODATA(Centered):
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
    random_state, scaling, band_weights, n_jobs
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
        band_weights: ArrayLike | None = None,
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
        self.band_weights = band_weights
        self.n_jobs = n_jobs

    def _describe(self, model: Model) -> None:
        super()._describe(model)
        self.n_iter_ = self.max_iter  # it always runs all iterations
