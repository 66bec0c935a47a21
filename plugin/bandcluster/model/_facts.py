"""What a model knows of its fit: numbers, centres, separability."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from .. import _native
from ..dendrogram import Dendrogram


class Facts(_native.NativeObject):
    """The part of `Model` that tells its numbers."""

    _free = "model_free"
    _handle_type = _native.Shared
    _handle: _native.Shared

    def to_json(self) -> str:
        """The model as JSON text, as `save` writes it.

        Returns
        -------
        str

        Examples
        --------
        >>> import json
        >>> json.loads(model.to_json())["algorithm"]
        'kmeans'
        """
        return self._text("model_json")

    @property
    def n_clusters(self) -> int:
        """Number of classes."""
        return _native.ask("model_n_clusters", self._handle)

    @property
    def n_bands(self) -> int:
        """Number of bands."""
        return _native.ask("model_n_bands", self._handle)

    @property
    def n_iter(self) -> int:
        """Number of iterations of the fit."""
        return _native.ask("model_n_iter", self._handle)

    @property
    def converged(self) -> bool:
        """False after `Summary.fit` until the centres are refined over the pixels."""
        return bool(_native.ask("model_converged", self._handle))

    @property
    def inertia(self) -> float:
        """Sum of the squared distances of the pixels to their centres.

        If the fit scaled, the distances are of scaled values.
        """
        return _native.ask("model_inertia", self._handle)

    @property
    def centers(self) -> np.ndarray:
        """Class centres in the units of the bands: float64 (n_clusters, n_bands)."""
        centers = np.empty((self.n_clusters, self.n_bands))
        _native.call("model_centers", self._handle, centers.ctypes.data, centers.size)
        return centers

    @property
    def dendrogram(self) -> Dendrogram | None:
        """How agglomerative clustering joined the regions of the classes; None for other models."""
        return Dendrogram.of(self._told())

    @property
    def counts(self) -> np.ndarray:
        """Pixels of each class in the fitted image: int64 (n_clusters,)."""
        counts = np.empty(self.n_clusters, np.uint64)
        _native.call("model_counts", self._handle, counts.ctypes.data, counts.size)
        return counts.astype(np.int64)

    @property
    def label_dtype(self) -> np.dtype:
        """The type of labels: uint8 for up to 255 labels, uint16 above."""
        return np.dtype(np.uint8 if self.n_labels <= 255 else np.uint16)

    @property
    def n_labels(self) -> int:
        """The largest label.

        It is the number of classes, or one more (unclassified) if classes have radii.
        """
        return _native.ask("model_n_labels", self._handle)

    def separability(self) -> tuple[np.ndarray, np.ndarray]:
        """The separability of each pair of classes.

        Classes are modelled as normal distributions with the means and covariances of their pixels.
        At most 1000 classes can be compared. A report shows two digits of these numbers and never
        rounds up: ``np.floor(100 * jeffries_matusita) / 100``.

        Returns
        -------
        jeffries_matusita, transformed_divergence : array of float64
            (n_clusters, n_clusters), from 0 (the same) to 2 (apart), NaN for a class without
            pixels.

        Raises
        ------
        InvalidArgument
            For more than 1000 classes, or a model of a version without covariances.

        Examples
        --------
        >>> jeffries_matusita, transformed_divergence = bandcluster.fit(image, 3).separability()
        >>> jeffries_matusita.shape
        (3, 3)
        """
        measures = np.empty((2, self.n_clusters, self.n_clusters))
        first, second = (measure.ctypes.data for measure in measures)
        _native.call("model_separability", self._handle, first, second, self.n_clusters**2)
        return measures[0], measures[1]

    def _told(self) -> dict[str, Any]:
        """What `to_json` says."""
        return json.loads(self.to_json())

    def _change(self, name: str, *arguments: object) -> None:
        _native.change(self._handle, name, self._handle, *arguments)
