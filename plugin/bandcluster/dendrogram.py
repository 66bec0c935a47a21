"""The tree of a hierarchical clustering."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class Dendrogram(NamedTuple):
    """How the regions of a model were joined, nearest first: see `Model.dendrogram`.

    ``np.column_stack([children, distances, sizes])`` is a linkage of ``scipy.cluster.hierarchy``,
    which can draw it and cut it anywhere.

    ``np.column_stack([children, distances, sizes])`` is what ``scipy.cluster.hierarchy`` calls a
    linkage: it draws it, and cuts it anywhere.

    Examples
    --------
    >>> tree = bandcluster.fit(image, 3, algorithm="agglomerative", n_representatives=50).dendrogram
    >>> linkage = np.column_stack([tree.children, tree.distances, tree.sizes])
    >>> linkage.shape[1]
    4
    """

    points: np.ndarray
    """The regions that were joined, in band units: float64 (n, n_bands)."""
    children: np.ndarray
    """The two clusters of each join, as scikit-learn's ``children_``.

    A number below n is a region; any other number ``i`` is the join ``i - n``.
    """
    distances: np.ndarray
    """The distance of the two clusters, by the linkage."""
    sizes: np.ndarray
    """The number of sampled pixels in each join."""

    @classmethod
    def of(cls, model: dict[str, Any]) -> Dendrogram | None:
        """The dendrogram in the object of a model's file.

        Parameters
        ----------
        model : dict
            The result of ``json.loads`` for the file.

        Returns
        -------
        Dendrogram or None
            None if the model has none.

        Examples
        --------
        >>> import json
        >>> bandcluster.Dendrogram.of(json.loads(model.to_json())) is None
        True
        """
        if "dendrogram" not in model:
            return None
        tree, points = model["dendrogram"], np.array(model["regions"]["points"])
        children = np.array(tree["joins"], np.int64).reshape(-1, 2)
        return cls(
            points, children, np.array(tree["distances"], float), np.array(tree["sizes"], np.int64)
        )

    def cut(self, n_clusters: int) -> np.ndarray:
        """The classes of the regions where the tree is cut.

        Parameters
        ----------
        n_clusters : int
            The number of clusters that are left.

        Returns
        -------
        array of int64
            The class of each region, from 0, numbered in the order of the regions.

        Raises
        ------
        ValueError
            For a number that the tree does not have.

        Examples
        --------
        >>> model = bandcluster.fit(image, 3, algorithm="agglomerative", n_representatives=50)
        >>> tree = model.dendrogram
        >>> sorted(set(tree.cut(2).tolist()))
        [0, 1]
        """
        n = len(self.children) + 1
        if not 1 <= n_clusters <= n:
            raise ValueError(f"n_clusters is {n_clusters}: the dendrogram can be cut at 1 to {n}")
        cluster = np.arange(2 * n - 1)
        for join in range(n - n_clusters - 1, -1, -1):
            cluster[self.children[join]] = cluster[n + join]
        _, first, number = np.unique(cluster[:n], return_index=True, return_inverse=True)
        return np.argsort(np.argsort(first))[number]
