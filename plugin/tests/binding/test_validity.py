"""Nodata, masks, NaN and infinities: what is not valid has label 0 and does not count."""

import bandcluster
import numpy as np
import pytest
from scenes import read


@pytest.fixture(scope="module")
def scene():
    return read("l8_nodata_a.tif")


def test_a_pixel_is_nodata_when_any_band_is(scene):
    model = bandcluster.fit(scene, n_clusters=5, nodata=0)
    labels = model.predict(scene, nodata=0)
    empty = (scene == 0).any(axis=0)
    assert (scene == 0).all(axis=0).sum() < empty.sum()
    assert np.array_equal(labels == 0, empty)
    assert model.counts.sum() == (~empty).sum()
    assert np.array_equal(np.bincount(labels.ravel())[1:], model.counts)


def test_nodata_as_mask_and_as_masked_array(scene):
    expected = bandcluster.fit(scene, nodata=0)
    empty = (scene == 0).any(axis=0)
    for mask in (
        ~empty,
        (~empty).astype(np.uint8),
        (~empty).astype(np.float32),
        np.asfortranarray(~empty),
    ):
        assert bandcluster.fit(scene, mask=mask).to_json().replace(" ", "") != ""
        assert np.array_equal(bandcluster.fit(scene, mask=mask).centers, expected.centers)
        assert np.array_equal(expected.predict(scene, mask=mask), expected.predict(scene, nodata=0))
    masked = np.ma.masked_equal(scene, 0)
    assert np.array_equal(bandcluster.fit(masked).centers, expected.centers)
    assert np.array_equal(expected.predict(masked), expected.predict(scene, nodata=0))


def test_a_mask_joins_numpys_own(scene):
    masked = np.ma.masked_equal(scene, 0)
    mask = np.zeros(scene.shape[1:], bool)
    mask[300:500] = True
    model = bandcluster.fit(masked, mask=mask)
    wanted = mask & (scene != 0).all(axis=0)
    assert np.array_equal(model.predict(masked, mask=mask) != 0, wanted)


def test_nodata_per_band():
    pixels = np.array([[[1, 2, 3, 4]], [[7, 7, 8, 9]]], np.int16)
    model = bandcluster.fit(pixels, n_clusters=2, nodata=[1, None])
    assert model.predict(pixels, nodata=[1, None])[0, 0] == 0
    assert model.counts.sum() == 3
    labels = model.predict(pixels, nodata=[np.nan, 9])
    assert np.array_equal(labels == 0, [[False, False, False, True]])


def test_predict_knows_the_model_s_nodata(scene):
    model = bandcluster.fit(scene, n_clusters=5, nodata=0)
    assert model.nodata == [0, 0, 0]
    labels = model.predict(scene)
    assert np.array_equal(labels == 0, (scene == 0).any(axis=0))
    assert np.array_equal(labels, model.predict(scene, nodata=0))
    again = bandcluster.Model.from_json(model.to_json())
    assert again.nodata == [0, 0, 0]
    assert np.array_equal(again.predict(scene), labels)
    masked = np.ma.masked_equal(scene, scene.max())
    assert np.array_equal(
        model.predict(masked) == 0, (scene == 0).any(axis=0) | masked.mask.any(axis=0)
    )


def test_nan_is_no_nodata(scene):
    model = bandcluster.fit(scene, n_clusters=5, nodata=0)
    for none in (np.nan, [np.nan] * 3, [None] * 3):
        assert model.predict(scene, nodata=none).all()
    only_first = model.predict(scene, nodata=[0, np.nan, np.nan])
    assert np.array_equal(only_first == 0, scene[0] == 0)
    other = model.predict(scene, nodata=7)
    assert np.array_equal(other == 0, (scene == 7).any(axis=0))


def test_the_model_s_nodata_outside_the_type_hides_nothing():
    pixels = np.array([[[-9999, 0, 1, 255]]], np.int16)
    model = bandcluster.fit(pixels, n_clusters=2, nodata=-9999)
    assert model.predict(pixels)[0, 0] == 0
    assert model.predict(pixels[:, :, 1:].astype(np.uint8)).all()


def test_nodata_set_in_a_model():
    """A summary's model does not know the nodata values of its blocks."""
    pixels = np.array([[[0, 1, 2, 9]], [[5, 6, 7, 8]]], np.int16)
    summary = bandcluster.Summary(2, np.int16)
    summary.add(pixels, nodata=[0, None])
    model = summary.fit(2)
    assert model.nodata == [None, None]
    assert model.predict(pixels).all()
    model.set_band(1, "B1", 0)
    assert model.nodata == [0, None]
    assert list(model.predict(pixels)[0] == 0) == [True, False, False, False]
    model.set_band(1, "B1")
    assert model.nodata == [None, None]
    assert model.predict(pixels).all()


def test_another_number_of_bands_than_the_model_s():
    model = bandcluster.fit(np.arange(8, dtype=np.uint8).reshape(2, 1, 4), n_clusters=2, nodata=0)
    with pytest.raises(bandcluster.InvalidArgument, match="bands"):
        model.predict(np.zeros((3, 1, 4), np.uint8))


def test_nodata_outside_the_type_hides_nothing():
    pixels = np.array([[[0, 1, 255]]], np.uint8)
    for nodata in (-9999, 256, 0.5):
        assert (bandcluster.fit(pixels, n_clusters=2).predict(pixels, nodata=nodata) != 0).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nan_and_infinities_are_not_valid(dtype):
    pixels = np.array([[[1, 2, np.nan, np.inf, 30]], [[1, 2, 3, 4, -np.inf]]], dtype)
    labels = bandcluster.fit(pixels, n_clusters=2).predict(pixels)
    assert np.array_equal(labels != 0, [[True, True, False, False, False]])


def test_shapes_that_do_not_fit():
    pixels = np.zeros((2, 3, 4), np.uint8)
    with pytest.raises(ValueError, match=r"the mask has shape \(4, 3\)"):
        bandcluster.fit(pixels, mask=np.ones((4, 3), bool))
    with pytest.raises(ValueError, match="nodata has 3 values for 2 bands"):
        bandcluster.fit(pixels, nodata=[0, 0, 0])


def test_floats_are_compared_as_gdal_does():
    """GDAL's mask leaves out -9999, four float32 on both sides, and float64 within 4.8e-7."""
    steps = np.arange(-6, 7, dtype=np.int32)
    own = np.float32(-9999).view(np.int32)
    near = (own + steps).view(np.float32)
    marked = np.abs(steps) <= 4
    for array, expected in (
        (near, marked),
        (near.astype(np.float64), marked),
        (
            np.array([-9999 * (1 + 4e-7), -9999 * (1 - 4e-7), -9999 * (1 + 6e-7)]),
            [True, True, False],
        ),
    ):
        pixels = np.concatenate([array, np.arange(5, dtype=array.dtype)])[np.newaxis, np.newaxis]
        model = bandcluster.fit(pixels, n_clusters=2, nodata=-9999)
        labels = model.predict(pixels)[0]
        assert np.array_equal(labels[: len(array)] == 0, expected)
        assert labels[len(array) :].all()


def test_the_least_float32_may_be_written_with_few_digits():
    pixels = np.array([[[np.finfo(np.float32).min, 1, 2, 3]]], np.float32)
    for nodata in (-3.402823e38, -3.4e38, -3.4028235e38, float(np.finfo(np.float32).min)):
        assert list(
            bandcluster.fit(pixels, n_clusters=2, nodata=nodata).predict(pixels)[0] == 0
        ) == [1, 0, 0, 0]
