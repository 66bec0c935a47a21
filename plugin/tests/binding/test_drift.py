"""Drift of another scene and its causes, on two real neighbouring scenes."""

import pickle

import bandcluster
import numpy as np
import pytest
from scenes import read

TRAINED, NEIGHBOUR = read("s2_train.tif").astype(np.int32), read("s2_predict.tif").astype(np.int32)
MODEL = bandcluster.fit(TRAINED)


def drift(scene, model=MODEL):
    sample = bandcluster.Summary(len(scene), scene.dtype)
    sample.add(scene[:, ::4, ::4])
    return model.drift(sample)


def code(scene, model=MODEL):
    found = drift(scene, model).warnings
    return found[0].code if found else None


def test_the_training_scene_has_not_moved():
    found = drift(TRAINED)
    assert found.warnings == ()
    assert found.overall < 0.02 and 0.005 < found.beyond_radius < 0.015
    assert len(found.bands) == 4 and all(abs(band.shift) < 20 for band in found.bands)


def test_the_neighbour_moved_a_little_as_plain_numpy_says():
    found = drift(NEIGHBOUR)
    assert found.warnings == ()
    fractions = np.arange(5, 100, 5)
    for band, before, after in zip(found.bands, TRAINED, NEIGHBOUR):
        spread = np.subtract(*np.percentile(before, [84, 16])) / 2
        moved = (
            np.abs(np.percentile(after, fractions) - np.percentile(before, fractions)).mean()
            / spread
        )
        assert band.distance == pytest.approx(moved, abs=0.1)
        assert band.shift == pytest.approx(np.median(after) - np.median(before), abs=30)


@pytest.mark.parametrize("scene", [TRAINED, NEIGHBOUR], ids=["same", "neighbour"])
def test_causes_are_named(scene):
    assert code(scene + 1000) == "offset"
    found = drift(scene + 1000).warnings[0]
    assert found.values == {"add": -1000, "together": False} and "look 1000 higher" in found.message
    assert "--" not in found.message, "options are those of the command line"
    assert code(scene - 1000) == "offset"
    assert code((scene / 10_000).astype(np.float32)) == "scale"
    found = drift(scene[::-1].copy()).warnings[0]
    assert found.code == "band_order" and found.message.endswith("in this order: 4,3,2,1")
    assert code(scene[[2, 1, 0, 3]]) == "band_order"
    reflectance = bandcluster.fit((TRAINED / 10_000).astype(np.float32))
    assert code(scene.astype(np.float32), reflectance) == "scale"
    assert code((scene / 10_000).astype(np.float32), reflectance) is None


@pytest.mark.parametrize("scene", [TRAINED, NEIGHBOUR], ids=["same", "neighbour"])
def test_two_causes_are_named_together(scene):
    for order, undone in (
        ([3, 2, 1, 0], "4,3,2,1"),
        ([2, 1, 0, 3], "3,2,1,4"),
        ([1, 2, 3, 0], "4,1,2,3"),
    ):
        for numbers, cause in (
            (scene + 1000, "offset"),
            ((scene / 10_000).astype(np.float32), "scale"),
        ):
            found = drift(numbers[order].copy()).warnings
            assert [warning.code for warning in found] == [cause, "band_order"]
            assert f"in this order: {undone} (see the other warning" in found[1].message


@pytest.mark.parametrize("scene", [TRAINED, NEIGHBOUR], ids=["same", "neighbour"])
def test_reflectances_of_products_with_an_offset(scene):
    found = drift(((scene + 1000) / 10_000).astype(np.float32)).warnings
    assert [warning.code for warning in found] == ["scale", "offset"]
    assert (found[0].values["multiply"], found[1].values["add"]) == (10000, -1000)
    reflectance = bandcluster.fit((TRAINED / 10_000).astype(np.float32))
    [found] = drift((scene / 10_000 + 0.1).astype(np.float32), reflectance).warnings
    assert found.code == "offset" and found.values["add"] == pytest.approx(-0.1)


@pytest.mark.parametrize("factor", [0.7, 0.8, 0.9, 1.2, 1.5])
def test_another_brightness_is_no_offset(factor):
    landsat = read("l8_nodata_a.tif")
    model = bandcluster.fit(landsat, nodata=0)
    sample = bandcluster.Summary(3, np.float32)
    sample.add((landsat * factor).astype(np.float32), nodata=0)
    assert {warning.code for warning in model.drift(sample).warnings} <= {"drift"}
    assert code((TRAINED * factor).astype(np.float32)) in (None, "drift")


def test_parts_of_a_scene_are_not_shifted():
    landsat = read("l8_nodata_b.tif")
    rows, columns = (range(0, size, size // 3 + 1) for size in landsat.shape[1:])
    height, width = rows.step, columns.step
    parts = [landsat[:, y : y + height, x : x + width] for y in rows for x in columns]
    for model in [bandcluster.fit(part, nodata=0) for part in parts]:
        for part in parts:
            sample = bandcluster.Summary(3, part.dtype)
            sample.add(part, nodata=0)
            assert "offset" not in {warning.code for warning in model.drift(sample).warnings}


def test_other_ground_is_drift():
    assert code(TRAINED * 3) == "drift"


@pytest.mark.parametrize(
    "scene",
    [TRAINED // 100, (TRAINED.clip(0, 3000) * 0.085).astype(np.uint8), np.full_like(TRAINED, 5)],
    ids=["percent", "bytes", "constant"],
)
def test_other_units_are_not_taken_for_an_offset(scene):
    assert code(scene) == "drift"


def test_a_pickled_drift_has_all_values_but_is_not_for_reports(tmp_path):
    found = drift(TRAINED + 1000)
    assert found.warnings
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    with pytest.raises(bandcluster.InvalidArgument, match=r"call Model\.drift again"):
        MODEL.report(tmp_path / "report.html", drift=again)
    MODEL.report(tmp_path / "report.html", drift=found)


def test_what_is_refused():
    with pytest.raises(bandcluster.InvalidArgument, match="the scene has 3 bands, the model 4"):
        drift(TRAINED[:3])
    with pytest.raises(bandcluster.InvalidData, match="none of the scene's pixels is valid"):
        MODEL.drift(bandcluster.Summary(4, TRAINED.dtype))
