"""The Gaussian mixture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import DensityMixin
from sklearn.mixture import GaussianMixture as _Mixture
from sklearn.utils.validation import check_is_fitted

from ..model import Model
from ._estimator import Estimator


class GaussianMixture(DensityMixin, Estimator):
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
    _has_n_iter = True

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
        components = sorted(model._told()["components"], key=lambda component: component["class"])
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
