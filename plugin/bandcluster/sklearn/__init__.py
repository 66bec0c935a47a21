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

from typing import Any

from ._density import DBSCAN, HDBSCAN, OPTICS, MeanShift
from ._hierarchical import AgglomerativeClustering, Birch
from ._kmeans import ISODATA, BisectingKMeans, KMeans, MiniBatchKMeans
from ._mixture import GaussianMixture
from ._similarity import AffinityPropagation, SpectralClustering

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


def _new(name: str) -> Any:
    """An empty estimator, for pickles: see `Estimator.__reduce_ex__`."""
    cls = globals()[name]
    return cls.__new__(cls)
