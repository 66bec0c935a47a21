"""With the same points and weights of 1, algorithms agree with scikit-learn's."""

import json

import bandcluster
import numpy as np
import pytest
from scenes import cut, read
from sklearn.cluster import DBSCAN, OPTICS, MeanShift, SpectralClustering
from sklearn.metrics import adjusted_rand_score

CASES = {
    "optics": ({"min_samples": 20, "xi": 0.05, "min_cluster_size": 40}, OPTICS),
    "meanshift": ({"bandwidth": 400}, MeanShift),
    "spectral": ({"n_clusters": 6}, SpectralClustering),
    "dbscan": ({"eps": 80, "min_samples": 10}, DBSCAN),
}


@pytest.mark.parametrize("algorithm", CASES)
@pytest.mark.parametrize("seed", [3, 4])
def test_is_scikit_learns(algorithm, seed):
    options, theirs = CASES[algorithm]
    random = np.random.default_rng(seed)
    pixels = cut(read("s2_train.tif"), 240)
    distinct = np.unique(pixels.reshape(len(pixels), -1), axis=1)
    sample = distinct[:, np.sort(random.choice(distinct.shape[1], 700, replace=False))]
    model = json.loads(
        bandcluster.fit(
            sample, algorithm=algorithm, n_representatives=sample.shape[1], **options
        ).to_json()
    )
    # OPTICS depends on their order.
    points, classes = np.array(model["regions"]["points"]), np.array(model["regions"]["classes"])
    assert len(points) == sample.shape[1]
    if model["regions"]["has_noise"]:
        classes[classes == len(model["classes"])] = -1
    if algorithm == "spectral":
        options = {**options, "affinity": "nearest_neighbors", "random_state": 0}
    labels = theirs(**options).fit_predict(points)
    assert len(set(labels)) > 2
    assert adjusted_rand_score(classes, labels) > 0.95
