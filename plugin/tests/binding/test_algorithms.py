"""Every algorithm compared with scikit-learn's, on blobs and on pixels of a real scene."""

import bandcluster
import numpy as np
import pytest
import sklearn.cluster
from scenes import read
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture

MEANS = [(400, 500, 300, 2800), (1500, 1600, 1700, 1900), (900, 700, 500, 200)]

# The options with which each algorithm finds the three blobs.
BLOBS = {
    "kmeans": {"n_clusters": 3},
    "minibatch": {"n_clusters": 3},
    "bisecting": {"n_clusters": 3},
    "isodata": {"initial_clusters": 2},
    "gmm": {"n_components": 3},
    "agglomerative": {"n_clusters": 3, "linkage": "average"},
    "birch": {"n_clusters": 3},
    "dbscan": {"eps": 150},
    "optics": {"cluster_method": "dbscan", "eps": 150},
    "hdbscan": {"cluster_selection_epsilon": 150},
    "meanshift": {"bandwidth": 400},
    "spectral": {"n_clusters": 3, "n_representatives": 300},
    "affinity": {"n_representatives": 200, "preference": -50e6},
}


def blobs(seed):
    """Pixels of three materials, (bands, height, width), and which is which."""
    random = np.random.default_rng(seed)
    truth = random.choice(3, size=(60, 80), p=(0.6, 0.3, 0.1))
    pixels = np.array(MEANS)[truth] + random.normal(0, 25, (60, 80, 4))
    return np.moveaxis(pixels, 2, 0).round().astype(np.uint16), truth


@pytest.mark.parametrize("algorithm", BLOBS)
def test_blobs_are_found_and_found_again_next_door(algorithm, tmp_path):
    scene, truth = blobs(1)
    neighbour, neighbour_truth = blobs(2)
    model = bandcluster.fit(scene, algorithm=algorithm, **BLOBS[algorithm])
    model.save(tmp_path / "model.json")
    again = bandcluster.Model.load(tmp_path / "model.json")
    assert adjusted_rand_score(truth.ravel(), model.predict(scene).ravel()) > 0.99
    assert adjusted_rand_score(neighbour_truth.ravel(), again.predict(neighbour).ravel()) > 0.98


@pytest.mark.parametrize("algorithm", BLOBS)
def test_streamed_it_is_the_same(algorithm):
    scene, _truth = blobs(3)
    summary = bandcluster.Summary(4, scene.dtype)
    for rows in (slice(30, 60), slice(0, 30)):
        summary.add(scene[:, rows])
    model = summary.fit(algorithm=algorithm, **BLOBS[algorithm])
    while not model.converged:
        refinement = bandcluster.Refinement(model, scene.dtype)
        refinement.add(scene)
        refinement.apply(model)
    assert (
        model.to_json() == bandcluster.fit(scene, algorithm=algorithm, **BLOBS[algorithm]).to_json()
    )


def sample_of(name, n=2000):
    """Valid pixels of a real scene, (n, bands), drawn at random."""
    bands = read(name)
    pixels = bands.reshape(len(bands), -1).T
    pixels = pixels[(pixels != 0).all(axis=1)]
    return pixels[np.random.default_rng(0).permutation(len(pixels))[:n]]


# The minimum adjusted Rand index with scikit-learn's labels. If clusters are not well separated (a
# real scene), good partitions of one method differ: scikit-learn's own starts do.
AGREEMENT = {
    "bisecting": (
        sklearn.cluster.BisectingKMeans(4, n_init=10, random_state=0),
        {"n_clusters": 4},
        0.8,
    ),
    "agglomerative": (sklearn.cluster.AgglomerativeClustering(4), {"n_clusters": 4}, 0.7),
    "birch": (sklearn.cluster.Birch(threshold=5.0, n_clusters=4), {"n_clusters": 4}, 0.5),
    "gmm": (GaussianMixture(4, random_state=0), {"n_components": 4}, 0.7),
}


@pytest.mark.parametrize("algorithm", AGREEMENT)
def test_agrees_with_scikit_learn_on_a_real_scene(algorithm):
    theirs, options, least = AGREEMENT[algorithm]
    pixels = sample_of("s2_train.tif")
    model = bandcluster.fit(np.ascontiguousarray(pixels.T), algorithm=algorithm, **options)
    labels = model.predict(np.ascontiguousarray(pixels.T))
    index = adjusted_rand_score(theirs.fit_predict(pixels.astype(float)), labels.ravel())
    assert index > least, index


def test_dbscan_is_scikit_learns_where_every_pixel_is_a_representative():
    """Five blobs and scattered pixels, few enough that none is merged with another."""
    random = np.random.default_rng(4)
    centres = random.uniform(0, 10000, (5, 3))
    near = np.repeat(centres, 250, axis=0) + random.normal(0, 60, (1250, 3))
    pixels = np.unique(
        np.vstack([near, random.uniform(0, 12000, (60, 3))]).round().clip(0, 60000), axis=0
    )
    model = bandcluster.fit(
        np.ascontiguousarray(pixels.T.astype(np.uint16)),
        algorithm="dbscan",
        eps=150,
        min_samples=5,
        n_representatives=len(pixels),
    )
    theirs = sklearn.cluster.DBSCAN(eps=150, min_samples=5).fit_predict(pixels)
    ours = model.predict(np.ascontiguousarray(pixels.T.astype(np.uint16))).ravel()
    assert adjusted_rand_score(theirs, ours) > 0.999
    assert model.class_names[-1] == "noise"
    assert np.array_equal(ours == model.n_clusters, theirs == -1)


def test_mean_shift_is_scikit_learns_where_every_pixel_is_a_representative():
    scene, _truth = blobs(5)
    pixels = np.unique(scene.reshape(4, -1).T[:800], axis=0)
    model = bandcluster.fit(
        np.ascontiguousarray(pixels.T),
        algorithm="meanshift",
        bandwidth=500,
        n_representatives=len(pixels),
    )
    theirs = sklearn.cluster.MeanShift(bandwidth=500).fit_predict(pixels.astype(float))
    assert adjusted_rand_score(theirs, model.predict(np.ascontiguousarray(pixels.T)).ravel()) == 1


@pytest.mark.parametrize(
    ("algorithm", "options", "message"),
    [
        ("kmedoids", {}, "kmeans, bisecting"),
        (
            "dbscan",
            {"n_clusters": 3},
            "dbscan has no option n_clusters .it finds the number of classes itself",
        ),
        ("dbscan", {"eps": "far"}, "eps"),
        ("agglomerative", {"linkage": "median"}, "ward"),
        ("birch", {"n_clusters": 0}, "0 clusters"),
        ("kmeans", {"eps": 3}, "kmeans has no option eps"),
        ("gmm", {"tol": float("nan")}, "numbers or names"),
        (3, {}, "algorithm must be a name"),
    ],
)
def test_wrong_options_are_named(algorithm, options, message):
    scene, _truth = blobs(6)
    with pytest.raises(bandcluster.InvalidArgument, match=message):
        bandcluster.fit(scene, algorithm=algorithm, **options)
