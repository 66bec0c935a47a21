"""Confidence of labels and unclassified pixels, as QGIS writes them."""

import bandcluster
import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException, QgsRasterLayer
from scenes import read


def test_confidence_and_unclassified_pixels_are_the_binding_s(run, copied, folder, labels_of):
    scene = copied("s2_train.tif")
    run(
        "cluster",
        INPUT=scene,
        RADIUS_QUANTILE=0.95,
        OUTPUT=folder / "classes.tif",
        CONFIDENCE=folder / "sure.tif",
        MODEL_OUTPUT=folder / "m.json",
    )
    pixels = read("s2_train.tif")
    model = bandcluster.fit(pixels)
    model.set_radius_quantile(0.95)
    expected = np.empty(pixels.shape[1:], np.float32)
    labels = model.predict(pixels, confidence=expected)
    assert np.array_equal(labels_of(folder / "classes.tif"), labels)
    assert 0.03 < (labels == 5).mean() < 0.07
    sure = gdal.Open(str(folder / "sure.tif"))
    assert np.array_equal(sure.ReadAsArray(), expected)
    assert np.isnan(sure.GetRasterBand(1).GetNoDataValue())
    written = gdal.Open(str(folder / "classes.tif"))
    written.GetSpatialRef()  # makes GDAL 3.6 read .aux.xml: category names alone do not
    assert written.GetRasterBand(1).GetCategoryNames()[-1] == "unclassified"
    assert QgsRasterLayer(str(folder / "sure.tif")).isValid()

    run("predict", INPUT=scene, MODEL=folder / "m.json", OUTPUT=folder / "again.tif")
    assert np.array_equal(labels_of(folder / "again.tif"), labels), "the model keeps its radii"


def test_one_limit_at_a_time(run, copied, folder):
    with pytest.raises(
        QgsProcessingException,
        match="beyond quantile and Maximum distance from the class cannot both be given",
    ):
        run(
            "cluster",
            INPUT=copied("s2_train.tif"),
            MAX_DISTANCE=9,
            RADIUS_QUANTILE=0.9,
            OUTPUT=folder / "c.tif",
        )
    with pytest.raises(QgsProcessingException, match="quantile of distances is 0"):
        run("cluster", INPUT=copied("s2_train.tif"), RADIUS_QUANTILE=0, OUTPUT=folder / "c.tif")
    assert not any(folder.iterdir())
