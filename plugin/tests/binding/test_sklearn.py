"""bandcluster.sklearn: scikit-learn's checks of estimators, and the library's labels."""

import inspect
import pickle
import re
import subprocess
import sys

import bandcluster
import numpy as np
import pytest
from scenes import PLUGIN, read

pytest.importorskip("sklearn")

import bandcluster.sklearn as estimators  # noqa: E402
import sklearn.cluster  # noqa: E402
import sklearn.mixture  # noqa: E402
from bandcluster.sklearn import _estimator  # noqa: E402
from sklearn.base import clone  # noqa: E402
from sklearn.datasets import make_blobs  # noqa: E402
from sklearn.metrics import adjusted_rand_score  # noqa: E402
from sklearn.model_selection import GridSearchCV  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402
from sklearn.utils.estimator_checks import check_estimator  # noqa: E402


@pytest.fixture(scope="module")
def scene():
    return read("s2_train.tif")[:, 200:400, 300:600]


@pytest.fixture(scope="module")
def table(scene):
    """(pixels, bands), packed, as a reshaped (rows, columns, bands) is."""
    return np.ascontiguousarray(scene.reshape(4, -1).T)


@pytest.mark.parametrize("name", estimators.__all__)
def test_scikit_learns_own_checks(name):
    results = check_estimator(getattr(estimators, name)(), on_skip=None)
    assert len(results) > 30 and all(one["status"] in ("passed", "skipped") for one in results)


@pytest.mark.parametrize("name", estimators.__all__)
def test_ipython_finds_the_source(name):
    assert inspect.getsource(getattr(estimators, name)).startswith(f"class {name}(")


def test_there_is_one_for_each_algorithm():
    algorithms = {getattr(estimators, name)._algorithm for name in estimators.__all__}
    with pytest.raises(bandcluster.InvalidArgument) as error:
        bandcluster.fit(np.zeros((1, 2, 2), np.uint8), algorithm="none")
    known = str(error.value).split("choose one of ")[1].split(", ")
    assert algorithms == set(known) - {"minibatch"}  # minibatch is k-means


@pytest.mark.parametrize("name", estimators.__all__)
def test_parameters_and_defaults_are_scikit_learns(name):
    theirs = getattr(sklearn.cluster, name, getattr(sklearn.mixture, name, None))
    if theirs is None:
        assert name == "ISODATA"
        return
    mine, other = getattr(estimators, name)().get_params(), theirs().get_params()
    lengths = {
        "eps",
        "bandwidth",
        "threshold",
        "gamma",
        "max_eps",
    }  # estimated if they are not given
    known = {"metric", "affinity", "damping", *lengths}
    # Each split has ten starts, as k-means always has. There are no batches, which scikit-learn
    # limits.
    known |= {"BisectingKMeans": {"n_init"}, "MiniBatchKMeans": {"max_iter", "tol"}}.get(
        name, set()
    )
    assert {key for key in mine if key in other and mine[key] != other[key]} <= known
    own = {"n_representatives", "scaling", "band_weights", "n_jobs", "random_state"}
    own |= {"KMeans": {"metric", "fix"}, "MiniBatchKMeans": {"metric", "fix"}}.get(name, set())
    assert {key for key in mine if key not in other} <= own


def test_the_tutorials_code_with_its_import_changed():
    code = """
from bandcluster.sklearn import KMeans

img1d = imgxyb[:, :, :3].reshape((imgxyb.shape[0] * imgxyb.shape[1], 3))
cl = KMeans(n_clusters=4)
param = cl.fit(img1d)
img_cl = cl.labels_
img_cl = img_cl.reshape(imgxyb[:, :, 0].shape)
"""
    theirs, mine = (
        {"imgxyb": np.moveaxis(read("s2_train.tif"), 0, -1)[200:400, 300:600]} for _ in range(2)
    )
    exec(code, mine)
    np.random.seed(0)  # scikit-learn's single start varies, and is not always good
    exec(code.replace("bandcluster.sklearn", "sklearn.cluster"), theirs)
    assert mine["img_cl"].shape == (200, 300) and mine["img_cl"].dtype == theirs["img_cl"].dtype
    assert adjusted_rand_score(mine["img_cl"].ravel(), theirs["img_cl"].ravel()) > 0.95
    assert mine["param"].inertia_ <= theirs["param"].inertia_ * 1.001


@pytest.mark.parametrize("algorithm", ["kmeans", "gmm", "agglomerative", "hdbscan"])
def test_labels_are_those_of_the_library(algorithm, scene, table):
    by_algorithm = {
        getattr(estimators, name)._algorithm: getattr(estimators, name)
        for name in estimators.__all__
    }
    made = by_algorithm["kmeans" if algorithm == "kmeans" else algorithm]
    numbers = {"gmm": {"n_components": 5}, "hdbscan": {"min_cluster_size": 20}}.get(
        algorithm, {"n_clusters": 5}
    )
    model = bandcluster.fit(scene, algorithm=algorithm, **numbers)
    found = made(**numbers).fit(table)
    expected = model.predict(scene).ravel().astype(np.int32) - 1
    if "noise" in model.class_names:
        expected[expected == model.n_clusters - 1] = -1
    assert np.array_equal(found.labels_, expected)
    assert np.array_equal(found.predict(table), expected)
    assert found.model_.to_json() == model.to_json()
    assert len(found.cluster_centers_) == found.labels_.max() + 1


def test_labels_are_numbered_from_0_the_largest_class_first(table):
    found = estimators.KMeans(5).fit(table)
    counts = np.bincount(found.labels_)
    assert found.labels_.dtype == np.int32 and len(counts) == 5 and (np.diff(counts) <= 0).all()
    for label, center in enumerate(found.cluster_centers_):
        assert np.allclose(table[found.labels_ == label].mean(axis=0), center, rtol=1e-3)
    assert found.n_iter_ >= 1 and found.n_features_in_ == 4


def test_inertia_is_no_worse_than_scikit_learns(table):
    mine, theirs = (
        module.KMeans(6, n_init=10, random_state=0).fit(table)
        for module in (estimators, sklearn.cluster)
    )
    assert mine.inertia_ <= theirs.inertia_ * 1.001
    distances = ((table - mine.cluster_centers_[mine.labels_]) ** 2).sum()
    assert mine.inertia_ == pytest.approx(distances, rel=1e-6)
    assert mine.score(table) == pytest.approx(-distances, rel=1e-6)


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "u4", "i4", "f4", "f8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_tables_are_not_copied(dtype, order, table, monkeypatch):
    given = np.asarray(table % 100, dtype, order)
    used = []

    def noted(array, **options):
        used.append(array)
        return bandcluster.fit(array, **options)

    monkeypatch.setattr(_estimator, "fit", noted)
    estimators.KMeans(3).fit(given)
    assert np.shares_memory(used[0], given)
    pixels = bandcluster._arrays.pixels(used[0], channel_axis=0)
    assert all(np.shares_memory(band, given) for band in pixels.arrays[:4])


def test_other_types_become_float64(table):
    expected = estimators.KMeans(3).fit(table.astype(np.float64))
    for dtype in (np.int64, ">f8"):
        assert np.array_equal(
            estimators.KMeans(3).fit(table.astype(dtype)).labels_, expected.labels_
        )


def test_labels_come_in_blocks(table, monkeypatch):
    whole = estimators.KMeans(4).fit(table)
    monkeypatch.setattr(_estimator, "_BLOCK", 997)
    assert np.array_equal(whole.predict(table), whole.labels_)
    assert np.array_equal(estimators.KMeans(4).fit(table).labels_, whole.labels_)
    assert whole.score(table) == pytest.approx(-whole.inertia_, rel=1e-6)


@pytest.mark.parametrize(
    "options", [{}, {"scaling": "zscore"}, {"metric": "spectral_angle"}], ids=str
)
def test_distances_are_those_of_the_fit(options, table):
    found = estimators.KMeans(4, **options).fit(table)
    distances = found.transform(table)
    assert distances.shape == (len(table), 4)
    assert (distances.argmin(axis=1) == found.labels_).mean() > 0.9999  # ties on borders
    assert (distances.min(axis=1) ** 2).sum() == pytest.approx(found.inertia_, rel=1e-6)


def test_random_state_is_the_seed(scene, table):
    def centers(**options):
        return estimators.KMeans(12, n_init=1, max_iter=3, **options).fit(table).cluster_centers_

    seeded = bandcluster.fit(scene, 12, n_init=1, max_iter=3, seed=7)
    assert np.array_equal(centers(random_state=7), seeded.centers)
    assert np.array_equal(centers(random_state=np.int64(7)), seeded.centers)
    assert np.array_equal(centers(), centers(random_state=0))
    draws = [centers(random_state=np.random.RandomState(3)) for _ in range(2)]
    assert np.array_equal(*draws)
    generator = np.random.RandomState(3)
    assert not np.array_equal(centers(random_state=generator), centers(random_state=generator))


@pytest.mark.parametrize("name", ["KMeans", "GaussianMixture", "HDBSCAN"])
def test_they_can_be_pickled_and_cloned(name, table):
    found = getattr(estimators, name)().fit(table)
    copy = pickle.loads(pickle.dumps(found))
    assert np.array_equal(copy.predict(table), found.labels_)
    assert copy.model_.to_json() == found.model_.to_json()
    assert np.array_equal(clone(found).fit(table).labels_, found.labels_)


@pytest.mark.parametrize("name", estimators.__all__)
def test_pickles_name_the_public_modules(name):
    """So they load, whatever files the classes are moved to."""
    table, _ = make_blobs(100, centers=2, random_state=1)
    stored = pickle.dumps(getattr(estimators, name)().fit(table))
    assert b"bandcluster.sklearn\x94" in stored and b"bandcluster.model\x94" in stored
    assert not re.search(rb"bandcluster\.(sklearn|model)\.", stored)


def test_a_pickle_of_a_version_with_fewer_parameters_loads(table):
    found = estimators.KMeans(3).fit(table)
    del found.band_weights
    copy = pickle.loads(pickle.dumps(found))
    assert copy.get_params() == estimators.KMeans(3).get_params()
    assert np.array_equal(copy.predict(table), found.labels_)


def test_in_a_pipeline_and_a_search(table):
    pipeline = make_pipeline(StandardScaler(), estimators.KMeans(4))
    labels = pipeline.fit_predict(table)
    scaled = estimators.KMeans(4, scaling="zscore").fit(table)
    assert adjusted_rand_score(labels, scaled.labels_) > 0.999
    search = GridSearchCV(estimators.KMeans(), {"n_clusters": [2, 3, 5]}, cv=3).fit(table)
    assert search.best_params_ == {"n_clusters": 5}  # the more, the less inertia
    best = GridSearchCV(
        estimators.GaussianMixture(random_state=0), {"n_components": [1, 3]}, cv=3
    ).fit(table)
    assert best.best_params_ == {"n_components": 3}


def test_a_class_that_is_called_noise_is_a_class(table):
    found = estimators.KMeans(2, init={"noise": table[0], "water": table[-1]}).fit(table)
    assert set(found.labels_) == {0, 1} and len(found.cluster_centers_) == 2


def test_names_of_bands(table):
    pandas = pytest.importorskip("pandas", exc_type=ImportError)
    found = estimators.KMeans(3).fit(pandas.DataFrame(table, columns=["B02", "B03", "B04", "B08"]))
    assert found.feature_names_in_.tolist() == ["B02", "B03", "B04", "B08"]
    with pytest.raises(ValueError, match="feature names"):
        found.predict(pandas.DataFrame(table, columns=["B03", "B02", "B04", "B08"]))


def test_weights_of_samples_are_refused(table):
    with pytest.raises(TypeError, match="sample_weight"):
        estimators.KMeans(3).fit(table, sample_weight=np.ones(len(table)))


def test_what_cannot_be_is_a_value_error(table):
    for wrong in (
        {"n_clusters": 0},
        {"n_clusters": 2.5},
        {"tol": -1},
        {"scaling": "robust"},
        {"n_init": "many"},
    ):
        with pytest.raises(ValueError):
            estimators.KMeans(**wrong).fit(table)
    with pytest.raises(ValueError, match="n_samples=3 should be >= n_clusters=8"):
        estimators.KMeans().fit(table[:3])
    with pytest.raises(ValueError, match="NaN"):
        estimators.KMeans(2).fit(np.where(table > 1000, np.nan, table))


def test_numbers_of_few_rows_mean_what_they_say():
    """As in scikit-learn: the rows are fewer than the representatives."""
    rows, _ = make_blobs(600, centers=3, cluster_std=0.6, random_state=1)
    for name, options in (
        ("DBSCAN", {"eps": 0.5, "min_samples": 5}),
        ("HDBSCAN", {"min_cluster_size": 15}),
    ):
        theirs = getattr(sklearn.cluster, name)(**options).fit_predict(rows)
        mine = getattr(estimators, name)(**options).fit_predict(rows)
        assert adjusted_rand_score(theirs, mine) > 0.95, name
        assert mine.min() >= -1 and mine.max() == 2


def test_a_mixture_knows_its_densities(table):
    found = estimators.GaussianMixture(4, random_state=0).fit(table)
    assert found.weights_.sum() == pytest.approx(1) and found.covariances_.shape == (4, 4, 4)
    chances = found.predict_proba(table)
    assert (chances.argmax(axis=1) == found.labels_).mean() > 0.9999
    theirs = sklearn.mixture.GaussianMixture(4, random_state=0).fit(table.astype(float))
    assert found.score(table) > theirs.score(table.astype(float)) - 0.05
    assert found.bic(table) == pytest.approx(theirs.bic(table.astype(float)), rel=0.01)


def python(code):
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(PLUGIN)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_the_package_does_without_it():
    assert python("import bandcluster, sys; print('sklearn' in sys.modules)") == "False"


@pytest.mark.parametrize(
    "what", ["sys.modules['sklearn'] = None", "del sklearn.utils.validation.validate_data"]
)
def test_without_it_one_sentence_says_so(what):
    said = python(f"""
import sys, sklearn.utils.validation
{what}
try:
    import bandcluster.sklearn
except ImportError as error:
    print(error)
""")
    assert (
        said.startswith("bandcluster.sklearn needs scikit-learn 1.6 or later") and "\n" not in said
    )
    assert said.endswith("pip install 'bandcluster[sklearn]'")


def test_numbers_of_jobs_are_joblibs(table):
    expected = estimators.KMeans(3, n_jobs=1).fit_predict(table)
    for n_jobs in (-1, -2, 2):
        assert np.array_equal(estimators.KMeans(3, n_jobs=n_jobs).fit_predict(table), expected)
    with pytest.raises(ValueError, match="n_jobs"):
        estimators.KMeans(3, n_jobs=0).fit(table)


def test_a_mask_is_not_dropped(table):
    masked = np.ma.masked_less(table, 300)
    with pytest.raises(ValueError, match="masked rows"):
        estimators.KMeans(3).fit(masked)
    estimators.KMeans(3).fit(masked[~masked.mask.any(axis=1)])


WEIGHTS = [1, 2, 0.01]


@pytest.fixture(scope="module")
def rows():
    """Three groups in two bands, and a third band that only disturbs, if it is not weighted."""
    groups, _ = make_blobs(240, centers=[[0, 0], [8, 2], [3, 9]], random_state=1)
    return np.column_stack([groups, np.random.default_rng(2).uniform(0, 90, len(groups))])


WEIGHTED = {
    "KMeans": {"n_clusters": 3, "n_init": 10, "random_state": 0},
    "MiniBatchKMeans": {"n_clusters": 3, "n_init": 10, "random_state": 0},
    "BisectingKMeans": {"n_clusters": 3, "n_init": 10, "random_state": 0},
    "AgglomerativeClustering": {"n_clusters": 3},
    "Birch": {"n_clusters": 3, "threshold": 0.5},
    "DBSCAN": {"eps": 1.5, "min_samples": 5},
    "OPTICS": {"cluster_method": "dbscan", "eps": 1.5, "max_eps": 5},
    "HDBSCAN": {"min_cluster_size": 40},
    "MeanShift": {"bandwidth": 5},
    "SpectralClustering": {"n_clusters": 3, "affinity": "rbf", "gamma": 0.1, "random_state": 0},
    "AffinityPropagation": {"preference": -2000, "damping": 0.9, "random_state": 0},
}


def test_all_but_the_mixture_take_weights():
    takers = {name for name in estimators.__all__ if "band_weights" in parameters(name)}
    assert takers == {*WEIGHTED, "ISODATA"} == {*estimators.__all__} - {"GaussianMixture"}
    with pytest.raises(TypeError, match="band_weights"):
        estimators.GaussianMixture(3, band_weights=WEIGHTS)


def parameters(name):
    return getattr(estimators, name)().get_params()


@pytest.mark.parametrize("name", WEIGHTED)
def test_weights_do_what_multiplied_bands_do_in_scikit_learn(name, rows):
    made, options = getattr(estimators, name), WEIGHTED[name]
    theirs = getattr(sklearn.cluster, name)(**options).fit(rows * WEIGHTS)
    mine = made(**options, band_weights=WEIGHTS).fit(rows)
    assert len(set(theirs.labels_) - {-1}) == 3
    assert adjusted_rand_score(mine.labels_, theirs.labels_) > 0.98
    assert np.array_equal(mine.predict(rows), mine.labels_)
    assert adjusted_rand_score(made(**options).fit(rows).labels_, theirs.labels_) < 0.9
    # Models keep what they measure by, and pickles and clones keep the parameter.
    again = pickle.loads(pickle.dumps(mine))
    assert again.band_weights == WEIGHTS and np.array_equal(again.predict(rows), mine.labels_)
    assert np.array_equal(clone(mine).fit(rows).labels_, mine.labels_)


@pytest.mark.parametrize("name", ["KMeans", "BisectingKMeans", "ISODATA"])
def test_weights_multiply_differences_after_scaling(name, rows):
    scaled = StandardScaler().fit_transform(rows) * WEIGHTS
    count = {"initial_clusters": 3, "max_clusters": 3} if name == "ISODATA" else {"n_clusters": 3}
    plain = getattr(estimators, name)(**count).fit(scaled)
    found = getattr(estimators, name)(**count, scaling="zscore", band_weights=WEIGHTS).fit(rows)
    assert adjusted_rand_score(found.labels_, plain.labels_) > 0.999
    assert found.inertia_ == pytest.approx(plain.inertia_, rel=1e-6)
    assert found.score(rows) == pytest.approx(-found.inertia_, rel=1e-6)
    assert np.allclose(found.transform(rows), plain.transform(scaled), atol=1e-6)


def test_weights_can_be_searched_for(rows):
    choices = [None, [1, 1, 0.1], np.array([1, 1, 0.01])]
    search = GridSearchCV(estimators.KMeans(3), {"band_weights": choices}, cv=3).fit(rows)
    assert search.best_params_["band_weights"] is choices[2]  # the smaller, the less inertia


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1, 2], "2 band weights are given for 3 bands"),
        ([1, 0, 1], "do not choose it"),
        ("many", "finite number for each band"),
    ],
)
def test_wrong_weights_are_value_errors(weights, message, rows):
    with pytest.raises(ValueError, match=message):
        estimators.KMeans(3, band_weights=weights).fit(rows)
    with pytest.raises(ValueError, match="does not go with band_weights"):
        estimators.KMeans(3, band_weights=[1, 2, 3], metric="spectral_angle").fit(rows)
