"""The tree of a hierarchical clustering."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Dendrogram(NamedTuple):
    """How the regions of a model were joined, nearest first.

    ``np.column_stack([children, distances, sizes])`` is what ``scipy.cluster.hierarchy`` calls a linkage: it draws it,
    and cuts it anywhere.
    """

    points: np.ndarray
    """The regions that were joined, in band units: float64 (n, n_bands)."""
    children: np.ndarray
    """The two clusters of each join, as scikit-learn's ``children_``: below n a region, then the join ``i - n``."""
    distances: np.ndarray
    """How far apart they were, as the linkage has it."""
    sizes: np.ndarray
    """The number of sampled pixels in each join."""

    @classmethod
    def of(cls, model: dict) -> Dendrogram | None:
        """The dendrogram in a model file's object, if there is one."""
        if "dendrogram" not in model:
            return None
        tree, points = model["dendrogram"], np.array(model["regions"]["points"])
        children = np.array(tree["joins"], np.int64).reshape(-1, 2)
        return cls(points, children, np.array(tree["distances"], float), np.array(tree["sizes"], np.int64))

    def cut(self, n_clusters: int) -> np.ndarray:
        """The class (from 0, numbered as they come) of each region where so many clusters are left."""
        n = len(self.children) + 1
        if not 1 <= n_clusters <= n:
            raise ValueError(f"n_clusters is {n_clusters}: the dendrogram can be cut at 1 to {n}")
        cluster = np.arange(2 * n - 1)
        for join in range(n - n_clusters - 1, -1, -1):
            cluster[self.children[join]] = cluster[n + join]
        _, first, number = np.unique(cluster[:n], return_index=True, return_inverse=True)
        return np.argsort(np.argsort(first))[number]
