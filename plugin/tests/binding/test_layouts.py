"""The same pixels in any layout give the same labels, and are not copied where strides allow."""

import bandcluster
import numpy as np
import pytest
from bandcluster import _arrays
from scenes import read


@pytest.fixture(scope="module")
def scene():
    return read("s2_train.tif")[:, 100:400, 200:600]


@pytest.fixture(scope="module")
def expected(scene):
    model = bandcluster.fit(scene, n_clusters=5)
    return model.to_json(), model.predict(scene)


def bil(scene):
    return np.ascontiguousarray(scene.transpose(1, 0, 2)).transpose(1, 0, 2)


def bip(scene):
    return np.ascontiguousarray(scene.transpose(1, 2, 0)).transpose(2, 0, 1)


def bottom_up(scene):
    return np.ascontiguousarray(scene[:, ::-1])[:, ::-1]


def mirrored(scene):
    return np.ascontiguousarray(scene[:, :, ::-1])[:, :, ::-1]


def bands_reversed_in_memory(scene):
    return np.ascontiguousarray(scene[::-1])[::-1]


def column_major(scene):
    return np.asfortranarray(scene)


def list_of_bands(scene):
    return [band.copy() for band in scene]


def tuple_of_views(scene):
    return tuple(scene)


def every_second_sample(scene):
    wide = np.zeros((*scene.shape, 2), scene.dtype)
    wide[..., 0] = scene
    return wide[..., 0]


BORROWED = [
    np.ascontiguousarray,
    bil,
    bip,
    bottom_up,
    mirrored,
    bands_reversed_in_memory,
    column_major,
    list_of_bands,
    tuple_of_views,
    every_second_sample,
]


def other_byte_order(scene):
    return scene.astype(scene.dtype.newbyteorder())


def unaligned(scene):
    packed = np.zeros(scene.shape, np.dtype([("pad", "u1"), ("value", scene.dtype)]))
    packed["value"] = scene
    return packed["value"]


def bands_of_different_strides(scene):
    return [scene[0].copy(), *scene[1:]]


COPIED = [other_byte_order, unaligned, bands_of_different_strides]


@pytest.mark.parametrize("layout", BORROWED + COPIED)
def test_any_layout_gives_the_same_labels(layout, scene, expected):
    pixels = layout(scene)
    model = bandcluster.fit(pixels, n_clusters=5)
    assert model.to_json() == expected[0]
    assert np.array_equal(model.predict(pixels), expected[1])


@pytest.mark.parametrize("layout", BORROWED)
def test_strided_arrays_are_borrowed(layout, scene):
    given = layout(scene)
    used = _arrays.pixels(given)
    assert all(np.shares_memory(mine, theirs) for mine, theirs in zip(used.arrays, given))


@pytest.mark.parametrize("layout", COPIED)
def test_what_the_library_cannot_walk_is_copied(layout, scene):
    given = layout(scene)
    used = _arrays.pixels(given)
    assert not np.shares_memory(used.arrays[0], given[0])
    assert all(np.array_equal(mine, theirs) for mine, theirs in zip(used.arrays, given))


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_any_number_of_threads_gives_the_same_bytes(threads, scene, expected):
    model = bandcluster.fit(scene, n_clusters=5, threads=threads)
    assert model.to_json() == expected[0]
    assert np.array_equal(model.predict(scene, threads=threads), expected[1])


def test_pixels_without_rows(scene, expected):
    pixels = np.ascontiguousarray(scene).reshape(len(scene), -1)
    model = bandcluster.fit(pixels, n_clusters=5)
    assert model.to_json() == expected[0]
    labels = model.predict(pixels)
    assert labels.shape == (pixels.shape[1],)
    assert np.array_equal(labels, expected[1].ravel())


def test_a_broadcast_band_is_not_taken_for_a_packed_one():
    column = np.arange(40, dtype=np.uint8)[:, np.newaxis]
    broadcast = np.broadcast_to(column, (1, 40, 30))
    model = bandcluster.fit(broadcast, n_clusters=4)
    assert np.array_equal(model.predict(broadcast), model.predict(broadcast.copy()))
    assert (model.predict(broadcast) == model.predict(broadcast)[:, :1]).all()


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "u4", "i4", "f4", "f8"])
def test_every_sample_type(dtype):
    values = np.array([[3, 3, 100, 100], [3, 4, 101, 101]], dtype)[np.newaxis]
    model = bandcluster.fit(values, n_clusters=2)
    assert np.array_equal(model.predict(values), [[1, 1, 2, 2], [1, 1, 2, 2]])
    assert np.array_equal(model.centers, [[3.25], [100.5]])


def test_bool_and_float16_have_a_wider_type():
    flags = np.array([[[True, False, False]]])
    assert np.array_equal(bandcluster.fit(flags, n_clusters=2).predict(flags), [[2, 1, 1]])
    halves = np.array([[[1.5, 1.5, 9]]], np.float16)
    assert np.array_equal(bandcluster.fit(halves, n_clusters=2).centers, [[1.5], [9]])


@pytest.mark.parametrize("dtype", ["i8", "u8", "c8", "O"])
def test_other_types_say_to_cast(dtype):
    with pytest.raises(
        TypeError, match=r"not supported; cast the array first, .* array.astype\('float64'\)"
    ):
        bandcluster.fit(np.zeros((1, 2, 2), dtype))


def test_labels_into_any_array(scene, expected):
    model = bandcluster.Model.from_json(expected[0])
    canvas = np.zeros((600, 1000), np.uint16)
    window = canvas[599:299:-1, 100:900:2]
    assert model.predict(scene, out=window) is window
    assert np.array_equal(window, expected[1])
    assert np.count_nonzero(canvas) == np.count_nonzero(expected[1])


def test_labels_are_not_written_where_they_cannot_be(scene, expected):
    model = bandcluster.Model.from_json(expected[0])
    fine = np.zeros(scene.shape[1:], np.uint8)
    frozen = fine.copy()
    frozen.flags.writeable = False
    for out, error, message in [
        (fine.astype(np.int32), TypeError, "uint8 or uint16"),
        (fine[1:], ValueError, "out has shape"),
        (frozen, ValueError, "writeable"),
        (np.broadcast_to(fine[:1], fine.shape), ValueError, "writeable"),
    ]:
        with pytest.raises(error, match=message):
            model.predict(scene, out=out)
    own = np.ascontiguousarray(scene)
    with pytest.raises(ValueError, match="shares memory"):
        model.predict(own, out=own[0])
