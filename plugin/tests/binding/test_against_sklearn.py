"""Compared with scikit-learn on real scenes: inertia, exact labels, centres at a fixed point."""

import functools

import bandcluster
import numpy as np
import pytest
from scenes import cut, read
from sklearn.cluster import KMeans

SCENES = {"s2_train.tif": None, "s2_13band.tif": None, "l7_uint8.tif": None, "l8_nodata_a.tif": 0}
CLUSTERS = [*range(2, 13), 20]


@functools.cache
def scene(name):
    """A cut of the scene, and its valid pixels as float64 rows."""
    pixels = cut(read(name))
    nodata = SCENES[name]
    valid = np.ones(pixels.shape[1:], bool) if nodata is None else (pixels != nodata).all(axis=0)
    return pixels, valid, pixels[:, valid].T.astype(np.float64)


def squared_distances(rows, centers):
    """(pixels, classes), summed band by band in order, as the model's file defines the distance."""
    total = np.zeros((len(rows), len(centers)))
    for band in range(rows.shape[1]):
        total += (rows[:, band, np.newaxis] - centers[np.newaxis, :, band]) ** 2
    return total


def inertia(rows, centers):
    return squared_distances(rows, centers).min(axis=1).sum()


@pytest.mark.parametrize("n_clusters", CLUSTERS)
@pytest.mark.parametrize("name", SCENES)
def test_against_scikit_learn(name, n_clusters):
    pixels, valid, rows = scene(name)
    model = bandcluster.fit(pixels, n_clusters=n_clusters, nodata=SCENES[name])
    labels = model.predict(pixels, nodata=SCENES[name])

    theirs = KMeans(n_clusters, n_init=10, random_state=0).fit(rows)
    assert inertia(rows, model.centers) <= 1.001 * inertia(rows, theirs.cluster_centers_)

    saved = bandcluster.Model.from_json(model.to_json())
    nearest = squared_distances(rows, saved.centers).argmin(axis=1) + 1
    assert np.array_equal(labels[valid], nearest)
    assert not labels[~valid].any()

    means = np.array([rows[nearest == value].mean(axis=0) for value in range(1, n_clusters + 1)])
    assert ((means - model.centers) ** 2).sum() <= 1e-4 * rows.var(axis=0).mean()
    assert model.inertia == pytest.approx(inertia(rows, model.centers), rel=1e-9)


def test_tiny_scenes_are_as_good_as_the_best_of_ten():
    """With few, similar points, any single start may be stuck in a local optimum."""
    random = np.random.default_rng(1)
    ratios = []
    while len(ratios) < 60:
        n_bands, n_pixels, n_values, k = (
            int(random.integers(*ends)) for ends in ((1, 4), (20, 500), (3, 30), (2, 12))
        )
        scene = random.integers(0, n_values, (n_bands, 1, n_pixels)).astype(np.int16) * int(
            random.integers(1, 40)
        )
        pixels = scene.reshape(n_bands, -1).T.astype(float)
        if len(np.unique(pixels, axis=0)) > k:
            best = KMeans(k, n_init=10, random_state=0).fit(pixels).inertia_
            ratios.append(bandcluster.fit(scene, k, threads=1).inertia / best)
    assert max(ratios) <= 1.001, sorted(ratios)[-3:]
