"""k-means by the spectral angle: against plain spherical k-means in NumPy, on real scenes."""

import json

import bandcluster
import numpy as np
import pytest
from scenes import cut, read

SCENES = ["s2_train.tif", "s2_13band.tif", "l7_uint8.tif"]


def directions(pixels):
    flat = pixels.reshape(len(pixels), -1).astype(float)
    lengths = np.sqrt((flat**2).sum(axis=0))
    assert lengths.min() > 0
    return (flat / lengths).T


def spherical_kmeans(points, k, random):
    """Dhillon and Modha's algorithm, from a start by k-means++."""
    centers = points[random.integers(len(points))][None]
    while len(centers) < k:
        costs = 1 - (points @ centers.T).max(axis=1).clip(-1, 1)
        centers = np.vstack([centers, points[random.choice(len(points), p=costs / costs.sum())]])
    while True:
        labels = (points @ centers.T).argmax(axis=1)
        sums = np.stack([points[labels == label].sum(axis=0) for label in range(k)])
        before, centers = centers, sums / np.linalg.norm(sums, axis=1, keepdims=True)
        if np.abs(before - centers).max() < 1e-7:
            return centers, 2 * (1 - (points @ centers.T).max(axis=1)).sum()


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("k", [3, 6])
def test_classes_are_those_of_plain_spherical_kmeans(name, k):
    pixels = cut(read(name), 250)
    points = directions(pixels)
    model = bandcluster.fit(pixels, k, metric="spectral_angle")
    assert model.converged
    labels = model.predict(pixels).ravel()
    centers = directions(model.centers.T[:, None])
    cosines = np.sort(points @ centers.T, axis=1)
    clear = cosines[:, -1] - cosines[:, -2] > 1e-7
    assert clear.mean() > 0.999
    np.testing.assert_array_equal(labels[clear], (points @ centers.T).argmax(axis=1)[clear] + 1)
    inertia = 2 * (1 - (points @ centers.T).max(axis=1)).sum()
    assert model.inertia == pytest.approx(inertia, rel=1e-5)
    random = np.random.default_rng(1)
    best = min(spherical_kmeans(points, k, random)[1] for _ in range(10))
    assert inertia <= 1.001 * best
    # The centres are the mean directions of their pixels.
    sums = np.stack([points[labels == label].sum(axis=0) for label in range(1, k + 1)])
    means = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    assert np.linalg.norm(means - centers, axis=1).max() < 1e-3
    counts = np.bincount(labels, minlength=k + 1)[1:]
    classes = json.loads(model.to_json())["classes"]
    flat = pixels.reshape(len(pixels), -1)
    for label, of_class in enumerate(classes, start=1):
        assert of_class["count"] == counts[label - 1]
        np.testing.assert_allclose(
            of_class["mean"], flat[:, labels == label].mean(axis=1), rtol=1e-9
        )
        np.testing.assert_allclose(of_class["std"], flat[:, labels == label].std(axis=1), rtol=1e-6)


def test_brightness_does_not_count():
    pixels = cut(read("s2_train.tif"), 250).astype(np.float32)
    model = bandcluster.fit(pixels, 4, metric="spectral_angle")
    labels = model.predict(pixels)
    np.testing.assert_array_equal(model.predict(2 * pixels), labels)
    shade = (
        np.random.default_rng(0).choice([0.25, 0.5, 1, 2, 4], pixels.shape[1:]).astype(np.float32)
    )
    np.testing.assert_array_equal(model.predict(shade * pixels), labels)
    assert (
        bandcluster.fit(pixels, 4).predict(2 * pixels) != bandcluster.fit(pixels, 4).predict(pixels)
    ).mean() > 0.2


def test_a_saved_model_labels_alike_and_old_files_are_euclidean(tmp_path):
    pixels = cut(read("s2_train.tif"), 250)
    model = bandcluster.fit(pixels, 5, metric="spectral_angle")
    model.save(tmp_path / "m.json")
    text = (tmp_path / "m.json").read_text()
    assert json.loads(text)["metric"] == "spectral_angle"
    loaded = bandcluster.Model.load(tmp_path / "m.json")
    np.testing.assert_array_equal(loaded.predict(pixels), model.predict(pixels))
    assert loaded.to_json() == text
    assert "metric" not in json.loads(bandcluster.fit(pixels, 3).to_json())
    with pytest.raises(bandcluster.InvalidModel, match="spectral_angle"):
        bandcluster.Model.from_json(text.replace("spectral_angle", "cosine"))


def test_pixels_of_zeros_are_grey():
    pixels = np.array([[0, 100, 10, 900, 20], [0, 100, 90, 100, 180]], np.int16)
    model = bandcluster.fit(pixels, 3, metric="spectral_angle")
    labels = model.predict(pixels)
    assert labels[0] == labels[1] and labels[2] == labels[4]
    assert len(set(labels)) == 3
    assert np.isfinite(model.centers).all()


def test_blocks_and_threads_do_not_matter():
    pixels = cut(read("s2_13band.tif"), 250)
    whole = bandcluster.fit(pixels, 5, metric="spectral_angle", threads=1)
    summary = bandcluster.Summary(len(pixels), pixels.dtype)
    blocks = np.array_split(pixels, 7, axis=1)
    for block in blocks[::-1]:
        summary.add(block)
    model = summary.fit(5, metric="spectral_angle", threads=3)
    while not model.converged:
        refinement = bandcluster.Refinement(model, pixels.dtype)
        for block in blocks:
            refinement.add(block)
        refinement.apply(model)
    assert model.to_json() == whole.to_json()


def test_what_does_not_go_together_is_refused():
    pixels = cut(read("s2_train.tif"), 250)
    with pytest.raises(bandcluster.InvalidArgument, match="zscore"):
        bandcluster.fit(pixels, metric="spectral_angle", scaling="zscore")
    with pytest.raises(bandcluster.InvalidArgument, match="metric"):
        bandcluster.fit(pixels, metric="cosine")
    with pytest.raises(bandcluster.InvalidArgument, match="metric"):
        bandcluster.fit(pixels, algorithm="gmm", metric="spectral_angle")
    rays = np.outer([1, 2], np.arange(1, 100)).astype(np.uint16)
    with pytest.raises(bandcluster.InvalidData, match="directions"):
        bandcluster.fit(rays, 3, metric="spectral_angle")


def test_choosing_k_by_the_angle():
    random = np.random.default_rng(4)
    spectra = np.array([[1, 1, 4], [4, 1, 1], [1, 4, 1.0]])
    classes = random.integers(0, 3, 20000)
    pixels = (spectra[classes] * random.uniform(100, 900, 20000)[:, None]).T
    pixels += random.normal(0, 5, pixels.shape)
    pixels = pixels.round().astype(np.int16)
    choice = bandcluster.choose_k(pixels, 2, 6, metric="spectral_angle", n_init=4)
    assert (choice.recommended, choice.certainty) == (3, "high")
