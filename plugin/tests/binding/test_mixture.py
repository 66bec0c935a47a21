"""Gaussian mixtures: labels and probabilities follow from the mixture in the model file."""

import json

import bandcluster
import numpy as np
import pytest
from scenes import cut, read
from sklearn.mixture import GaussianMixture


def as_scikit_learn(model):
    """The model's mixture as scikit-learn's object, and the class of each component."""
    components = json.loads(model.to_json())["components"]
    mixture = GaussianMixture(len(components))
    mixture.weights_ = np.array([component["weight"] for component in components])
    mixture.means_ = np.array([component["mean"] for component in components])
    mixture.covariances_ = np.array([component["covariance"] for component in components])
    factors = np.linalg.cholesky(mixture.covariances_)
    mixture.precisions_cholesky_ = np.array([np.linalg.inv(factor).T for factor in factors])
    return mixture, np.array([component["class"] for component in components])


@pytest.mark.parametrize("name", ["s2_train.tif", "s2_13band.tif", "l7_uint8.tif"])
@pytest.mark.parametrize("scaling", ["none", "zscore"])
def test_labels_and_confidence_are_the_mixtures(name, scaling):
    pixels = cut(read(name), 200)
    model = bandcluster.fit(pixels, 5, algorithm="gmm", scaling=scaling, reg_covar=1e-3)
    assert model.converged
    confidence = np.zeros(pixels.shape[1:], np.float32)
    labels = model.predict(pixels, confidence=confidence)
    mixture, class_of = as_scikit_learn(model)
    rows = pixels.reshape(len(pixels), -1).T.astype(float)
    posteriors = mixture.predict_proba(rows)
    sure = np.ptp(np.sort(posteriors, axis=1)[:, -2:], axis=1) > 1e-9
    assert sure.mean() > 0.999
    np.testing.assert_array_equal(labels.ravel()[sure], class_of[posteriors.argmax(axis=1)][sure])
    np.testing.assert_allclose(confidence.ravel(), posteriors.max(axis=1), atol=1e-3)
    classes = json.loads(model.to_json())["classes"]
    for value, of_class in enumerate(classes, start=1):
        own = rows[labels.ravel() == value]
        assert of_class["count"] == len(own)
        np.testing.assert_allclose(of_class["mean"], own.mean(axis=0), rtol=1e-9)
        np.testing.assert_allclose(of_class["std"], own.std(axis=0), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", ["s2_train.tif", "l7_uint8.tif"])
def test_the_mixture_is_as_likely_as_scikit_learns(name):
    pixels = cut(read(name), 150)
    rows = pixels.reshape(len(pixels), -1).T.astype(float)
    model = bandcluster.fit(pixels, 4, algorithm="gmm", n_init=5)
    theirs = GaussianMixture(4, n_init=5, random_state=0).fit(rows)
    ours, _ = as_scikit_learn(model)
    assert ours.score(rows) > theirs.score(rows) - 0.02


def test_a_saved_model_labels_alike(tmp_path):
    pixels = cut(read("s2_train.tif"), 150)
    model = bandcluster.fit(pixels, 4, algorithm="gmm")
    labels = model.predict(pixels)
    loaded = bandcluster.Model.from_json(model.to_json())
    assert loaded.to_json() == model.to_json()
    np.testing.assert_array_equal(loaded.predict(pixels), labels)
    other = read("s2_predict.tif")
    np.testing.assert_array_equal(loaded.predict(other, threads=3), model.predict(other, threads=1))


def test_components_may_share_a_class():
    pixels = cut(read("s2_train.tif"), 150)
    text = json.loads(bandcluster.fit(pixels, 4, algorithm="gmm").to_json())
    labels = bandcluster.Model.from_json(json.dumps(text)).predict(pixels)
    for component in text["components"]:
        component["class"] = min(component["class"], 3)
    for key in ("centers", "classes"):
        text[key].pop()
    model = bandcluster.Model.from_json(json.dumps(text))
    confidence = np.zeros(pixels.shape[1:], np.float32)
    np.testing.assert_array_equal(
        model.predict(pixels, confidence=confidence), np.minimum(labels, 3)
    )
    mixture, class_of = as_scikit_learn(model)
    posteriors = mixture.predict_proba(pixels.reshape(len(pixels), -1).T.astype(float))
    of_class = np.stack(
        [posteriors[:, class_of == value].sum(axis=1) for value in (1, 2, 3)], axis=1
    )
    own = of_class[np.arange(len(of_class)), class_of[posteriors.argmax(axis=1)] - 1]
    np.testing.assert_allclose(confidence.ravel(), own, atol=1e-3)


@pytest.mark.parametrize(
    "damage",
    [
        lambda component: component.update(weight=0),
        lambda component: component.update(weight=float("1e999")),
        lambda component: component.update({"class": 0}),
        lambda component: component.update({"class": 5}),
        lambda component: component.update(mean=[1.0]),
        lambda component: component["covariance"].pop(),
        lambda component: component["covariance"][0].__setitem__(0, -1.0),
    ],
)
def test_damaged_components_are_refused(damage):
    pixels = cut(read("s2_train.tif"), 60)
    text = json.loads(bandcluster.fit(pixels, 4, algorithm="gmm").to_json())
    damage(text["components"][1])
    with pytest.raises(bandcluster.InvalidModel):
        bandcluster.Model.from_json(json.dumps(text))


def test_the_criterion_is_scikit_learns():
    pixels = cut(read("s2_train.tif"), 120)
    rows = pixels.reshape(len(pixels), -1).T.astype(float)
    choice = bandcluster.choose_k(pixels, 2, 6, algorithm="gmm", n_init=3)
    for candidate in choice.candidates:
        theirs = GaussianMixture(candidate.k, n_init=3, random_state=0).fit(rows).bic(rows)
        assert candidate.bic == pytest.approx(theirs, rel=2e-3), candidate
        assert np.isnan(candidate.stability)
    assert all(
        np.isnan(candidate.bic) for candidate in bandcluster.choose_k(pixels, 2, 3).candidates
    )


def test_the_number_of_stretched_classes_is_found():
    random = np.random.default_rng(7)
    turn = np.linalg.qr(random.normal(size=(3, 3)))[0]
    centers = np.array([1000, 800, 500]) + 60 * np.arange(4)[:, np.newaxis] * turn[1]
    stretched = [random.normal(size=(5000, 3)) * [90, 10, 4] @ turn + center for center in centers]
    pixels = np.vstack(stretched).T.round().astype(np.int16)
    choice = bandcluster.choose_k(pixels, 2, 7, algorithm="gmm", n_init=4)
    assert choice.recommended == 4, choice
    assert choice.certainty != "low"
    summary = bandcluster.Summary(3, np.int16)
    summary.add(pixels)
    again = bandcluster.choose_k(summary, 2, 7, algorithm="gmm", n_init=4, threads=1)
    assert repr(again) == repr(choice)


def test_what_choosing_does_not_know_is_refused():
    pixels = cut(read("s2_train.tif"), 60)
    with pytest.raises(bandcluster.InvalidArgument, match="algorithm"):
        bandcluster.choose_k(pixels, algorithm="dbscan")
    with pytest.raises(bandcluster.InvalidArgument, match="metric"):
        bandcluster.choose_k(pixels, algorithm="gmm", metric="spectral_angle")
