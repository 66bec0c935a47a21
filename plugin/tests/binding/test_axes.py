"""The axis of the bands is never guessed: if the shape is ambiguous, the user gives it."""

import bandcluster
import numpy as np
import pytest
from bandcluster import _arrays
from scenes import read


@pytest.fixture(scope="module")
def scene():
    return read("s2_train.tif")[:, 100:300, 200:500]


@pytest.fixture(scope="module")
def imgxyb(scene):
    """As the tutorial has it: (rows, columns, bands)."""
    return np.ascontiguousarray(scene.transpose(1, 2, 0))


@pytest.fixture(scope="module")
def model(scene):
    return bandcluster.fit(scene, 4)


def refusal(call, *arguments, **options):
    with pytest.raises(bandcluster.InvalidArgument) as error:
        call(*arguments, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_the_tutorials_array_is_refused_with_what_to_say(imgxyb):
    said = refusal(bandcluster.fit, imgxyb, 4)
    assert (
        said == "an array of shape (200, 300, 4) would be 200 bands of 300 rows and 4 columns: say"
        " channel_axis=0 if it is, or channel_axis=2 if the bands are along axis 2"
    )
    assert refusal(bandcluster.choose_k, imgxyb) == said


def test_a_table_is_told_to_use_the_estimators(imgxyb):
    said = refusal(bandcluster.fit, imgxyb.reshape(-1, 4), 4)
    assert (
        "60000 bands of 4 pixels" in said
        and "bandcluster.sklearn" in said
        and "channel_axis=1" in said
    )


def test_a_single_band_without_its_axis_is_refused(scene):
    said = refusal(bandcluster.fit, scene[3], 3)
    assert "200 bands of 300 pixels" in said and "image[np.newaxis]" in said
    assert bandcluster.fit(scene[3][np.newaxis], 3).n_bands == 1


@pytest.mark.parametrize("axis", [2, -1])
def test_every_call_takes_the_axis(axis, scene, imgxyb, model, tmp_path):
    said = bandcluster.fit(imgxyb, 4, channel_axis=axis)
    assert said.to_json() == model.to_json()
    labels = model.predict(scene)
    assert np.array_equal(model.predict(imgxyb, channel_axis=axis), labels)
    summary, expected = bandcluster.Summary(4, scene.dtype), bandcluster.Summary(4, scene.dtype)
    summary.add(imgxyb, channel_axis=axis)
    expected.add(scene)
    assert summary.fit(4).to_json() == expected.fit(4).to_json()
    refinement = bandcluster.Refinement(model, scene.dtype)
    refinement.add(imgxyb, channel_axis=axis)
    assert np.array_equal(refinement.add_and_label(imgxyb, channel_axis=axis), labels)
    zonal = bandcluster.ZonalMeans(4, 4, scene.dtype)
    zonal.add(imgxyb, labels, channel_axis=axis)
    assert np.allclose(zonal.means[1:], model.centers)
    few = imgxyb[::8, ::8]
    assert bandcluster.choose_k(few, max=3, channel_axis=axis) == bandcluster.choose_k(
        scene[:, ::8, ::8], max=3
    )
    for name, image, where in (("a", scene, None), ("b", imgxyb, axis)):
        model.report(tmp_path / name, image, channel_axis=where)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_tables_by_their_axis(imgxyb, scene, model):
    table = imgxyb.reshape(-1, 4)
    assert bandcluster.fit(table, 4, channel_axis=1).to_json() == model.to_json()
    assert np.array_equal(model.predict(table, channel_axis=1), model.predict(scene).ravel())


def test_nothing_is_copied(imgxyb):
    for array, axis in ((imgxyb, 2), (imgxyb.reshape(-1, 4), 1)):
        used = _arrays.pixels(array, channel_axis=axis)
        assert all(np.shares_memory(band, array) for band in used.arrays[:4])


def test_where_the_number_of_bands_is_known_the_shape_says_enough(scene, imgxyb, model):
    few_rows = scene[:, :2]  # more bands than rows
    assert "4 bands of 2 rows" in refusal(bandcluster.fit, few_rows, 2)
    assert model.predict(few_rows).shape == (2, 300)
    bandcluster.Summary(4, scene.dtype).add(few_rows)
    bandcluster.Refinement(model, scene.dtype).add(few_rows)
    bandcluster.ZonalMeans(4, 4, scene.dtype).add(few_rows, model.predict(few_rows))
    assert bandcluster.fit(few_rows, 2, channel_axis=0).n_bands == 4


def test_one_row_is_as_many_pixels_without_rows(scene):
    assert bandcluster.fit(scene[:, :1], 2).n_bands == 4
    assert bandcluster.fit(scene[:, 0], 2).n_bands == 4
    assert "200 bands of 300 pixels" in refusal(bandcluster.fit, scene[0][:, np.newaxis], 2)
    assert "200 bands of 300 rows and 1 columns" in refusal(
        bandcluster.fit, scene[0][..., np.newaxis], 2
    )


def test_where_another_axis_has_the_bands_that_are_wanted_it_is_named(scene, imgxyb, model):
    wanted = (
        "an array of shape (200, 300, 4) has 200 bands, and 4 are wanted; if they are along axis 2,"
        " say "
    )
    wanted += "channel_axis=2"
    labels = model.predict(scene)
    for call in (
        lambda: model.predict(imgxyb),
        lambda: bandcluster.Summary(4, scene.dtype).add(imgxyb),
        lambda: bandcluster.Refinement(model, scene.dtype).add(imgxyb),
        lambda: bandcluster.ZonalMeans(4, 4, scene.dtype).add(imgxyb, labels),
        lambda: bandcluster.Picture(model, "a scene", 300, 200).add(imgxyb, labels),
    ):
        assert refusal(call) == wanted
    assert "channel_axis=1" in refusal(model.predict, imgxyb.reshape(-1, 4))


@pytest.mark.parametrize(
    ("channel_axis", "why"),
    [
        (3, "channel_axis must be from -3 to 2, found 3"),
        (-4, "from -3 to 2"),
        (1.5, "whole number"),
        ("x", "whole"),
    ],
)
def test_axes_that_there_are_not(channel_axis, why, scene):
    assert why in refusal(bandcluster.fit, scene, 4, channel_axis=channel_axis)


def test_a_list_has_no_axis(scene):
    assert "a list holds bands already" in refusal(bandcluster.fit, list(scene), 4, channel_axis=0)


def test_a_hyperspectral_image_by_its_axis():
    cube = np.random.default_rng(0).random((60, 20, 30), np.float32)
    assert "60 bands of 20 rows and 30 columns" in refusal(bandcluster.fit, cube, 2)
    assert bandcluster.fit(cube, 2, channel_axis=0).n_bands == 60


@pytest.mark.parametrize("fill_value", [0, 12345, None])
def test_the_mask_of_a_masked_array_decides_and_not_its_fill_value(fill_value, scene):
    hidden = np.zeros(scene.shape, bool)
    hidden[1, :50] = True  # one band is enough
    masked = np.ma.masked_array(scene, hidden, fill_value=fill_value)
    expected = bandcluster.fit(scene[:, 50:], 4)
    found = bandcluster.fit(masked, 4)
    assert np.array_equal(found.centers, expected.centers)
    assert found.nodata == [None] * 4
    labels = found.predict(masked)
    assert not labels[:50].any() and np.array_equal(labels[50:], expected.predict(scene[:, 50:]))


def test_the_mask_of_an_array_whose_bands_are_last(scene, imgxyb):
    hidden = np.zeros(imgxyb.shape, bool)
    hidden[:50] = True
    labels = bandcluster.fit(scene, 4).predict(np.ma.masked_array(imgxyb, hidden), channel_axis=-1)
    assert not labels[:50].any() and labels[50:].all()


def test_mask_and_nodata_together_and_the_model_keeps_the_nodata(scene):
    masked = np.ma.masked_array(
        scene.copy(), np.broadcast_to(np.arange(200)[:, np.newaxis] < 50, scene.shape)
    )
    masked.data[:, 60:70] = 0
    found = bandcluster.fit(masked, 4, nodata=0)
    assert found.nodata == [0.0] * 4
    labels = found.predict(masked)
    assert not labels[:50].any() and not labels[60:70].any() and labels[70:].all()


@pytest.mark.parametrize("mask", ["masked", "missing"])
def test_what_is_missing_in_a_mask_is_left_out(mask, scene):
    ones = np.ones(scene.shape[1:])
    ones[:50] = np.nan
    mask = {"missing": ones, "masked": np.ma.masked_invalid(ones)}[mask]
    model = bandcluster.fit(scene, 4, mask=mask)
    assert model.counts.sum() == ones[50:].size
    assert not model.predict(scene, mask=mask)[:50].any()


def test_numbers_of_numpy_are_numbers(scene, model):
    assert bandcluster.fit(scene, 4, memory=np.int64(256), tol=np.float32(1e-4)).n_clusters == 4
    assert bandcluster.fit(scene, 4, memory=np.int32(4096)).to_json() == model.to_json()
    assert bandcluster.fit(scene, 4, nodata=np.array(0)).nodata == [0.0] * 4


def test_what_is_no_image_is_told(scene, model):
    assert "found the path scene.tif: open it" in refusal(bandcluster.fit, "scene.tif")
    assert "found <class 'NoneType'>" in refusal(bandcluster.fit, None)
    assert "nodata must be a number, or one for each band, found 'none'" in refusal(
        bandcluster.fit, scene, nodata="none"
    )
    for call in (bandcluster.fit, model.predict):
        assert "the image has no pixels: its bands have shape (0, 300)" in refusal(
            call, scene[:, :0]
        )
