"""Band weights: a fit with weights is a fit on bands that are multiplied by them."""

import bandcluster
import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

WEIGHTS = [2.0, 0.5, 1.0]


@pytest.fixture(scope="module")
def pixels():
    """Three materials in three bands of different spread."""
    random = np.random.default_rng(5)
    means = np.array([[10, 900, 50], [40, 500, 90], [60, 700, 10]], float)
    noise = random.integers(0, 60, (4000, 3))
    return (means[random.integers(0, 3, 4000)] + noise).T.copy()


def test_weights_are_what_scikit_learn_finds_in_multiplied_bands(pixels):
    weights = [20, 0.1, 5]
    model = bandcluster.fit(pixels, 3, band_weights=weights)
    theirs = KMeans(3, n_init=10, random_state=0).fit(pixels.T * weights)
    assert adjusted_rand_score(model.predict(pixels), theirs.labels_) == 1
    assert model.inertia == pytest.approx(theirs.inertia_, rel=1e-6)
    assert adjusted_rand_score(bandcluster.fit(pixels, 3).predict(pixels), theirs.labels_) < 1


@pytest.mark.parametrize("algorithm", ["kmeans", "agglomerative"])
def test_every_way_to_give_weights_is_the_same(pixels, algorithm):
    summary = bandcluster.Summary(3, "float64")
    summary.add(pixels)
    for fit in (lambda **options: bandcluster.fit(pixels, 3, **options), summary.fit):
        given = (WEIGHTS, tuple(WEIGHTS), np.array(WEIGHTS, np.float32))
        fits = {fit(algorithm=algorithm, band_weights=weights).to_json() for weights in given}
        assert len(fits) == 1 and '"band_weights"' in fits.pop()


def test_equal_weights_are_none(pixels):
    plain = bandcluster.fit(pixels, 3).to_json()
    assert bandcluster.fit(pixels, 3, band_weights=[1, 1, 1]).to_json() == plain


@pytest.mark.parametrize(
    ("weights", "options", "message"),
    [
        ([1, 2], {}, "2 band weights are given for 3 bands"),
        ([1, 0, 1], {}, "do not choose it"),
        ([1, float("nan"), 1], {}, "finite"),
        ("many", {}, "finite"),
        ([], {}, "finite"),
        (WEIGHTS, {"algorithm": "gmm"}, "weights change nothing"),
        (WEIGHTS, {"metric": "spectral_angle"}, "does not go with band_weights"),
    ],
)
def test_wrong_weights_are_refused(pixels, weights, options, message):
    with pytest.raises(bandcluster.InvalidArgument, match=message):
        bandcluster.fit(pixels, 3, band_weights=weights, **options)


def test_a_number_of_classes_is_chosen_by_weights(pixels):
    summary = bandcluster.Summary(3, "float64")
    summary.add(pixels * np.reshape(WEIGHTS, (3, 1)))
    expected = bandcluster.choose_k(summary, 2, 5)
    found = bandcluster.choose_k(pixels, 2, 5, band_weights=WEIGHTS)
    for one, other in zip(found.candidates, expected.candidates):
        assert one.inertia == pytest.approx(other.inertia, rel=1e-3)
    plain = bandcluster.choose_k(pixels, 2, 5)
    assert plain.candidates[0].inertia != found.candidates[0].inertia
    assert bandcluster.choose_k(pixels, 2, 5, band_weights=[1, 1, 1]) == plain
    for options in ({"algorithm": "gmm"}, {"metric": "spectral_angle"}):
        with pytest.raises(bandcluster.InvalidArgument, match="weights"):
            bandcluster.choose_k(pixels, 2, 5, band_weights=WEIGHTS, **options)


def test_a_wrong_number_is_found_before_the_pixels_are_read(pixels):
    told = []
    summary = bandcluster.Summary(3, "float64")
    for call in (
        lambda **options: bandcluster.fit(pixels, 3, **options),
        lambda **options: bandcluster.choose_k(pixels, 2, 5, **options),
        lambda **options: bandcluster.choose_k(summary, 2, 5, **options),
        lambda **options: summary.fit(3, **options),
    ):
        with pytest.raises(bandcluster.InvalidArgument, match="2 band weights are given for 3 ba"):
            call(band_weights=[1, 2], progress=lambda *how: told.append(how))
    assert told == []
