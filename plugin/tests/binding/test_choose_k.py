"""Choosing the number of classes: against scikit-learn, and on mixtures of known numbers."""

import html
import math

import bandcluster
import numpy as np
import pytest
from scenes import cut, read
from sklearn.cluster import KMeans
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

SCENES = {"s2_train.tif": None, "l7_uint8.tif": None, "l8_nodata_a.tif": 0}


def mixture(k, n_bands, seed):
    """Well separated normal classes of unequal sizes and spreads: uint16 (bands, pixels)."""
    random = np.random.default_rng(seed)
    means = []
    while len(means) < k:
        mean = random.uniform(1000, 6000, n_bands)
        if all(np.linalg.norm(mean - other) > 1200 for other in means):
            means.append(mean)
    shares = np.linspace(1, 3, k)
    labels = random.choice(k, 12_000, p=shares / shares.sum())
    spreads = random.uniform(80, 160, k)
    pixels = (
        np.array(means)[labels]
        + random.normal(size=(labels.size, n_bands)) * spreads[labels, np.newaxis]
    )
    return np.rint(pixels).clip(0, 65535).astype(np.uint16).T


def silhouette(rows, centers):
    """The simplified one: no package has it."""
    distances = np.sort(np.sqrt(((rows[:, np.newaxis] - centers) ** 2).sum(axis=2)), axis=1)
    return ((distances[:, 1] - distances[:, 0]) / distances[:, 1]).mean()


@pytest.mark.parametrize("name", SCENES)
def test_measures_are_those_of_scikit_learn(name):
    pixels, nodata = cut(read(name)), SCENES[name]
    choice = bandcluster.choose_k(pixels, 2, 6, nodata=nodata)
    assert [candidate.k for candidate in choice.candidates] == [2, 3, 4, 5, 6]
    valid = np.ones(pixels.shape[1:], bool) if nodata is None else (pixels != nodata).all(axis=0)
    rows = pixels[:, valid].T.astype(np.float64)
    for candidate in choice.candidates:
        model = bandcluster.fit(pixels, candidate.k, nodata=nodata)
        labels = model.predict(pixels, nodata=nodata)[valid]
        found = (
            candidate.inertia,
            candidate.silhouette,
            candidate.calinski_harabasz,
            candidate.davies_bouldin,
        )
        expected = (
            model.inertia,
            silhouette(rows, model.centers),
            calinski_harabasz_score(rows, labels),
            davies_bouldin_score(rows, labels),
        )
        assert found == pytest.approx(expected, rel=0.01)
        theirs = KMeans(candidate.k, n_init=3, random_state=0).fit(rows)
        assert candidate.inertia <= 1.002 * theirs.inertia_


@pytest.mark.parametrize(("k", "n_bands"), [(3, 3), (5, 4), (8, 4), (5, 13)])
def test_the_number_of_classes_of_a_mixture_is_found(k, n_bands):
    choice = bandcluster.choose_k(mixture(k, n_bands, seed=k), max=10)
    assert choice.recommended == k
    assert choice.certainty in ("medium", "high")
    assert choice.reason.startswith("Best by")
    assert choice.candidates[k - 2].stability > 0.9


def test_scaling_makes_bands_alike():
    pixels = mixture(4, 3, seed=1).astype(np.float32)
    pixels[1] *= 1e-4
    assert bandcluster.choose_k(pixels, max=8, scaling="zscore").recommended == 4


def test_a_summary_or_its_pixels_and_any_number_of_threads():
    pixels = mixture(4, 3, seed=2)
    choice = bandcluster.choose_k(pixels, 3, 6, seed=7, n_init=4, threads=1)
    summary = bandcluster.Summary(3, np.uint16)
    summary.add(pixels)
    for threads in (1, 2, 5):
        assert bandcluster.choose_k(summary, 3, 6, seed=7, n_init=4, threads=threads) == choice


def test_a_single_restart_has_no_stability():
    choice = bandcluster.choose_k(mixture(3, 3, seed=3), max=4, n_init=1)
    assert all(math.isnan(candidate.stability) for candidate in choice.candidates)
    assert choice.recommended == 3


def test_a_page_with_charts(tmp_path):
    choice = bandcluster.choose_k(
        mixture(3, 3, seed=3), max=4, report=tmp_path / "page.html", title="a <scene>"
    )
    page = (tmp_path / "page.html").read_text()
    assert page.count("<svg") == 5
    assert "a <scene>" in html.unescape(page) and "<scene>" not in page
    assert choice.reason in page
    with pytest.raises(bandcluster.IOFailure, match="none"):
        bandcluster.choose_k(mixture(3, 3, seed=3), max=4, report=tmp_path / "none" / "page.html")


def test_errors():
    pixels = mixture(3, 3, seed=3)
    with pytest.raises(bandcluster.InvalidArgument, match="min is 5 and max 4"):
        bandcluster.choose_k(pixels, 5, 4)
    with pytest.raises(bandcluster.InvalidArgument, match="min must be from 2 to 255, found 1"):
        bandcluster.choose_k(pixels, 1, 4)
    with pytest.raises(bandcluster.InvalidArgument, match="scaling"):
        bandcluster.choose_k(pixels, scaling="log")
    with pytest.raises(bandcluster.InvalidData, match="only 3 of the valid pixels differ"):
        bandcluster.choose_k(np.arange(30, dtype=np.uint8).reshape(1, 30) % 3)


def test_progress_and_cancel():
    told = []
    bandcluster.choose_k(
        mixture(3, 3, seed=3), max=4, progress=lambda fraction, message: told.append(fraction)
    )
    assert told == sorted(told) and told[0] == 0 and told[-1] == 1
    with pytest.raises(bandcluster.Cancelled):
        bandcluster.choose_k(
            mixture(3, 3, seed=3), max=4, progress=lambda fraction, message: fraction < 0.6
        )
