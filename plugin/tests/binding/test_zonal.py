"""The means of the pixels under each label, against NumPy."""

import json

import bandcluster
import numpy as np
import pytest
from scenes import read


@pytest.fixture(scope="module")
def scene():
    return read("l8_nodata_a.tif")


def expected(scene, labels, valid, n_labels):
    pixels = [scene[:, (labels == label) & valid].astype(float) for label in range(n_labels + 1)]
    return [own.shape[1] for own in pixels], [
        own.mean(axis=1) if own.size else [np.nan] * 3 for own in pixels
    ]


@pytest.mark.parametrize("dtype", [np.uint16, np.int32, np.float32, np.float64])
def test_of_any_map_in_blocks(scene, dtype):
    labels = (np.indices(scene.shape[1:]).sum(axis=0) // 50 % 5).astype(
        np.uint8
    )  # no map that a model has made
    valid = (scene != 0).all(axis=0)
    counts, means = expected(scene, labels, valid, 6)
    zonal = bandcluster.ZonalMeans(6, 3, dtype)
    for rows in (slice(0, 300), slice(300, None)):
        zonal.add(scene[:, rows].astype(dtype), labels[rows].astype(np.uint16), nodata=0, threads=2)
    assert zonal.counts.tolist() == counts
    assert np.allclose(zonal.means, means, rtol=1e-12, equal_nan=True)
    assert np.isnan(zonal.means[5:]).all() and not np.isnan(zonal.means[:5]).any()


def test_of_the_scene_of_a_fit_they_are_the_models(scene):
    model = bandcluster.fit(scene, 4, nodata=0)
    zonal = bandcluster.ZonalMeans(4, 3, scene.dtype)
    zonal.add(scene, model.predict(scene), nodata=0)
    assert zonal.means[1:].tolist() == [
        one["mean"] for one in json.loads(model.to_json())["classes"]
    ]
    assert zonal.counts[1:].tolist() == model.counts.tolist()


def test_what_does_not_fit_is_refused(scene):
    labels = np.full(scene.shape[1:], 3, np.uint8)
    zonal = bandcluster.ZonalMeans(2, 3, scene.dtype)
    wanted = "label 3 was found: the largest possible label is 2"
    with pytest.raises(bandcluster.InvalidArgument, match=wanted):
        zonal.add(scene, labels)
    with pytest.raises(bandcluster.InvalidArgument, match="must be of one size"):
        zonal.add(scene, labels[1:])
    with pytest.raises(bandcluster.InvalidArgument, match="cannot be added"):
        zonal.add(scene[:2], labels)
    with pytest.raises(TypeError):
        zonal.add(scene, labels.astype(float))
    with pytest.raises(bandcluster.InvalidArgument, match="n_bands"):
        bandcluster.ZonalMeans(2, 0, scene.dtype)
