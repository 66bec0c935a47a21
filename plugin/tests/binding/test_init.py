"""Centres to start k-means from: results as scikit-learn's, and all ways to give them."""

import json

import bandcluster
import numpy as np
import pytest
from scenes import read

sklearn_cluster = pytest.importorskip("sklearn.cluster")

import bandcluster.sklearn as estimators  # noqa: E402


def pixels_of(name):
    scene = read(name)[:, ::3, ::3]
    return np.ascontiguousarray(scene).astype(
        np.float32 if name == "s2_13band.tif" else scene.dtype
    )


def starts_in(scene, k, seed):
    """Some random pixels."""
    table = scene.reshape(len(scene), -1).T
    return table[np.random.default_rng(seed).choice(len(table), k, replace=False)].astype(float)


def bright_starts(scene, k):
    """The brightest pixels, in one corner of band space: the fit must move them far."""
    table = scene.reshape(len(scene), -1).T.astype(float)
    return table[np.argsort(table.sum(axis=1), kind="stable")[-k:]] + np.arange(k)[:, None]


@pytest.mark.parametrize(
    ("name", "memory"),
    [("s2_train.tif", 256), ("s2_train.tif", 2), ("l7_uint8.tif", 256), ("s2_13band.tif", 256)],
)
@pytest.mark.parametrize(("k", "seed"), [(4, 1), (7, 3), (7, None)])
def test_the_descent_is_scikit_learns(name, memory, k, seed):
    scene = pixels_of(name)
    table = scene.reshape(len(scene), -1).T
    starts = bright_starts(scene, k) if seed is None else starts_in(scene, k, seed)
    tight = {"tol": 1e-9, "max_iter": 2000}
    theirs = sklearn_cluster.KMeans(k, init=starts, n_init=1, **tight).fit(table.astype(float))
    named = {str(row): start for row, start in enumerate(starts)}
    model = bandcluster.fit(scene, init=named, memory=memory, **tight)
    assert model.converged and sorted(model.class_names) == [str(row) for row in range(k)]
    own = [model.class_names.index(str(row)) for row in range(k)]
    assert model.inertia == pytest.approx(theirs.inertia_, rel=1e-6)
    spread = table.std(axis=0).max()
    assert np.abs(model.centers[own] - theirs.cluster_centers_).max() < 0.01 * spread
    labels = model.predict(scene).ravel().astype(int) - 1
    assert (labels == np.array(own)[theirs.labels_]).mean() > 0.999


def test_a_search_would_find_other_classes():
    scene = pixels_of("s2_train.tif")
    given, best = bandcluster.fit(scene, init=bright_starts(scene, 7)), bandcluster.fit(scene, 7)
    assert given.inertia > 1.02 * best.inertia


@pytest.mark.parametrize(
    "options", [{}, {"fix": True}, {"scaling": "zscore"}, {"metric": "spectral_angle"}]
)
def test_streams_and_workers_make_the_same_model(options):
    scene = pixels_of("s2_train.tif").astype(np.float32)
    starts = dict(zip(["a", "b", "c"], starts_in(scene, 3, 1)))
    whole = bandcluster.fit(scene, init=starts, **options)
    parts = np.array_split(scene, 5, axis=1)
    summary = bandcluster.Summary(4, "float32")
    for part in reversed(parts):
        summary.add(part)
    model = summary.fit(init=starts, **options)
    while not model.converged:
        refinement = bandcluster.Refinement(model, "float32")
        for part in parts:
            refinement.add(part)
        refinement.apply(model)
    assert model.to_json() == whole.to_json()
    dask_array = pytest.importorskip("dask.array")
    blocks = dask_array.from_array(scene, chunks=(4, 100, 90))
    assert bandcluster.fit(blocks, init=starts, **options).to_json() == whole.to_json()


def test_fixed_centres_are_those_given():
    scene = pixels_of("s2_train.tif")
    starts = starts_in(scene, 3, 1)
    model = bandcluster.fit(scene, init=dict(zip("abc", starts)), fix=True)
    order = ["abc".index(name) for name in model.class_names]
    assert np.array_equal(model.centers, starts[order]) and model.n_iter == 0
    table = scene.reshape(4, -1).T.astype(float)
    distances = ((table[:, None] - starts[None]) ** 2).sum(axis=2)
    assert model.inertia == pytest.approx(distances.min(axis=1).sum(), rel=1e-9)
    nearest = distances.argmin(axis=1)
    assert sorted(model.counts) == sorted(np.bincount(nearest))
    assert np.array_equal(np.array(order)[model.predict(scene).ravel() - 1], nearest)


def test_further_centres_are_drawn():
    scene = pixels_of("s2_train.tif")
    model = bandcluster.fit(scene, 5, init={"sea": scene[:, 0, 0], "b": scene[:, 100, 100]})
    assert model.n_clusters == 5 and {"sea", "b"} < set(model.class_names)


def test_the_model_tells_what_it_was_made_from():
    scene = pixels_of("s2_train.tif")
    told = json.loads(
        bandcluster.fit(
            scene, init={"sea": scene[:, 0, 0], "b": [1, 2, 3, 4.5]}, fix=True
        ).to_json()
    )
    assert told["parameters"]["init"] == {"sea": scene[:, 0, 0].tolist(), "b": [1, 2, 3, 4.5]}
    assert told["parameters"]["fix"] is True and told["parameters"]["n_init"] == 1
    again = bandcluster.fit(scene, init=told["parameters"]["init"], fix=told["parameters"]["fix"])
    assert json.loads(again.to_json()) == told


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"init": "random"}, 'option init is "random": give "k-means++", or centres to start from'),
        ({"init": [1, 2]}, "init must be an array"),
        ({"init": [[1, 2, 3, np.nan]]}, "init must be an array"),
        ({"init": {"a": [1, 2], "b": [1]}}, "init must be an array"),
        ({"init": {1: [1, 2]}}, "names in init must be texts"),
        ({"init": [["x"]]}, "init must be an array"),
        ({"init": [[1, 2]]}, "the centres of init have 2 bands, the pixels 4"),
        ({"init": np.eye(4), "n_clusters": 3}, "init has 4 centres, and n_clusters is 3"),
        ({"init": np.eye(4), "n_clusters": 5, "fix": True}, "there are 4, and n_clusters is 5"),
        ({"fix": True}, "no centres to keep"),
        ({"init": np.eye(4), "algorithm": "gmm"}, "gmm has no option init"),
    ],
)
def test_what_cannot_be_is_told(options, message):
    scene = pixels_of("s2_train.tif")
    with pytest.raises(
        bandcluster.InvalidArgument, match=message.replace("+", r"\+").replace("?", r"\?")
    ):
        bandcluster.fit(scene, **options)


def test_seeds_are_not_read_on_a_cluster():
    cluster = pytest.importorskip("bandcluster.dask")
    with pytest.raises(bandcluster.InvalidArgument, match="give their means as init"):
        cluster.fit_files(["scene.tif"], seeds="seeds.gpkg")


def test_the_estimator_takes_what_scikit_learns_does():
    scene = pixels_of("s2_train.tif")
    table = scene.reshape(4, -1).T
    starts = starts_in(scene, 4, 1)
    expected = bandcluster.fit(scene, init=starts, threads=1)
    for init in (starts, starts.tolist(), lambda X, n_clusters, random_state: starts[:n_clusters]):
        found = estimators.KMeans(4, init=init).fit(table)
        assert found.model_.to_json() == expected.to_json()
    calls = []

    def drawn_by(X, n_clusters, random_state):
        calls.append((X.shape, n_clusters, random_state.randint(1000)))
        return starts[:n_clusters]

    estimators.KMeans(3, init=drawn_by, random_state=5).fit(table)
    assert calls == [(table.shape, 3, np.random.RandomState(5).randint(1000))]
    drawn = estimators.KMeans(4, init="k-means++").fit(table)
    assert drawn.model_.to_json() == estimators.KMeans(4).fit(table).model_.to_json()
    named = estimators.MiniBatchKMeans(4, init=dict(zip("abcd", starts)), fix=True).fit(table)
    assert sorted(named.model_.class_names) == list("abcd")
    with pytest.raises(ValueError, match='init is "random"'):
        estimators.KMeans(4, init="random").fit(table)
