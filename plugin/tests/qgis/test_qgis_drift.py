"""A model in another scene: QGIS warns about drift, and corrects scenes."""

import numpy as np
import pytest
from qgis.core import QgsProcessingException, QgsProcessingFeedback
from scenes import read


class Log(QgsProcessingFeedback):
    def __init__(self):
        super().__init__(False)
        self.warnings = []

    def pushWarning(self, text):
        self.warnings.append(text)


def test_a_shifted_scene_is_told_and_corrected(run, copied, write, folder, labels_of):
    pixels = read("s2_train.tif")
    later = write("later.tif", pixels + 1000, nodata=0)
    run(
        "cluster",
        INPUT=copied("s2_train.tif"),
        OUTPUT=folder / "c.tif",
        MODEL_OUTPUT=folder / "m.json",
    )
    model = {"MODEL": folder / "m.json", "BANDS": [1, 2, 3, 4]}

    log = Log()
    results = run("predict", log, INPUT=later, **model, OUTPUT=folder / "wrong.tif")
    [warning] = [warning for warning in log.warnings if warning.startswith("offset: ")]
    assert warning.endswith("label it again with the offset -1000")
    moved = [line.split() for line in log.textLog().splitlines() if line.strip().startswith("B0")]
    assert [band for band, *_ in moved] == ["B02", "B03", "B04", "B08"]
    assert all(
        900 < float(shift) < 1100 and float(distance) > 0.5 for _, shift, distance in moved
    ), moved
    assert results["DRIFT"] > 3

    log = Log()
    results = run("predict", log, INPUT=later, **model, OFFSET="-1000", OUTPUT=folder / "right.tif")
    assert not log.warnings and results["DRIFT"] < 0.05
    assert np.array_equal(labels_of(folder / "right.tif"), labels_of(folder / "c.tif"))
    run(
        "predict",
        INPUT=later,
        **model,
        OFFSET="-1000,-1000,-1000,-1000",
        SCALE="1",
        OUTPUT=folder / "each.tif",
    )
    assert np.array_equal(labels_of(folder / "each.tif"), labels_of(folder / "c.tif"))


def test_what_is_refused(run, copied, folder):
    scene = copied("s2_train.tif")
    run("fit", INPUT=[scene], MODEL_OUTPUT=folder / "m.json")
    for given, message in (
        ({"OFFSET": "far"}, "is not a number"),
        ({"SCALE": "1,2"}, "2 numbers for 4 bands"),
        ({"SCALE": "0"}, " is 0: give another factor"),
    ):
        with pytest.raises(QgsProcessingException, match=message):
            run("predict", INPUT=scene, MODEL=folder / "m.json", OUTPUT=folder / "c.tif", **given)
