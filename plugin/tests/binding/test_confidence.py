"""Confidence and unclassified pixels, against plain NumPy."""

import json

import bandcluster
import numpy as np
import pytest
from scenes import read

PIXELS = read("s2_train.tif")[:, ::3, ::3]


def distances(model):
    """Distances of the pixels from the centres: (pixels, classes)."""
    points = PIXELS.reshape(len(PIXELS), -1).T.astype(float)
    return np.linalg.norm(points[:, None, :] - model.centers, axis=2)


def test_confidence_is_the_lead_over_the_second_nearest_class():
    model = bandcluster.fit(PIXELS, n_clusters=5)
    confidence = np.empty(PIXELS.shape[1:], np.float32)
    labels = model.predict(PIXELS, confidence=confidence)
    ordered = np.sort(distances(model), axis=1)
    assert np.allclose(confidence.ravel(), 1 - ordered[:, 0] / ordered[:, 1], atol=1 / 1024)
    assert np.array_equal(labels, model.predict(PIXELS))


def test_confidence_of_regions_is_the_lead_over_the_nearest_other_class():
    model = bandcluster.fit(PIXELS, algorithm="agglomerative", n_clusters=3, n_representatives=300)
    confidence = np.empty(PIXELS.shape[1:], np.float32)
    labels = model.predict(PIXELS, confidence=confidence)
    regions = json.loads(model.to_json())["regions"]
    points = PIXELS.reshape(len(PIXELS), -1).T.astype(float)[::7]
    from_points = np.linalg.norm(points[:, None, :] - np.array(regions["points"]), axis=2)
    of_class = np.stack(
        [from_points[:, np.array(regions["classes"]) == value].min(axis=1) for value in (1, 2, 3)],
        axis=1,
    )
    ordered = np.sort(of_class, axis=1)
    assert np.array_equal(labels.ravel()[::7], of_class.argmin(axis=1) + 1)
    assert np.allclose(confidence.ravel()[::7], 1 - ordered[:, 0] / ordered[:, 1], atol=1 / 1024)


def test_pixels_without_data_have_no_confidence_and_blocks_may_have_strides():
    model = bandcluster.fit(PIXELS)
    mask = np.ones(PIXELS.shape[1:], bool)
    mask[:10] = False
    wide = np.full((*PIXELS.shape[1:], 2), 7, np.float32)
    labels = model.predict(PIXELS, mask=mask, confidence=wide[..., 1])
    assert np.isnan(wide[:10, :, 1]).all() and not labels[:10].any()
    assert not np.isnan(wide[10:, :, 1]).any() and (wide[..., 0] == 7).all()


def test_far_pixels_are_unclassified():
    model = bandcluster.fit(PIXELS)
    model.set_max_distance(400)
    nearest = distances(model).min(axis=1)
    confidence = np.empty(PIXELS.shape[1:], np.float32)
    labels = model.predict(PIXELS, confidence=confidence)
    assert model.n_labels == 5 and model.legend[-1][:2] == (5, "unclassified")
    assert np.array_equal(labels.ravel() == 5, nearest > 400)
    assert (confidence[labels == 5] == 0).all()
    again = bandcluster.Model.from_json(model.to_json())
    assert np.array_equal(again.predict(PIXELS), labels)
    again.clear_radii()
    assert again.predict(PIXELS).max() == 4


@pytest.mark.parametrize("fraction", [0.5, 0.9, 0.99])
def test_a_radius_holds_its_part_of_the_training_pixels(fraction):
    model = bandcluster.fit(PIXELS)
    model.set_radius_quantile(fraction)
    labels = model.predict(PIXELS)
    assert abs((labels == 5).mean() - (1 - fraction)) < 0.1 * (1 - fraction) + 0.002


def test_more_labels_than_a_byte_holds():
    model = bandcluster.fit(PIXELS, n_clusters=255, n_init=1)
    assert model.label_dtype == np.uint8
    model.set_radius_quantile(0.9)
    assert model.label_dtype == np.uint16
    assert model.predict(PIXELS).max() == 256


def test_what_is_refused():
    model = bandcluster.fit(PIXELS)
    for wrong in (0, -1, float("nan")):
        with pytest.raises(bandcluster.InvalidArgument, match="give a"):
            model.set_max_distance(wrong)
        with pytest.raises(bandcluster.InvalidArgument, match="give a"):
            model.set_radius_quantile(wrong)
    with pytest.raises(TypeError, match="confidence must be"):
        model.predict(PIXELS, confidence=np.empty(PIXELS.shape[1:]))
    with pytest.raises(bandcluster.InvalidArgument, match="confidence has shape"):
        model.predict(PIXELS, confidence=np.empty((2, 2), np.float32))
