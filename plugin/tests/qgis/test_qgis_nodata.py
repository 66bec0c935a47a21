"""Pixels without data: by the file, by the layer's settings, or by the user's value."""

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsRasterRange,
)
from scenes import DATA, read

FIELD = DATA / "field"


@pytest.fixture
def pixels():
    """Three bands with 0 in the upper rows and 7 in the lower ones."""
    made = read("s2_train.tif")[:3, :100, :100].copy()
    made[:, :10], made[:, 90:] = 0, 7
    return made


@pytest.fixture
def empty_rows(run, folder, labels_of):
    """Clusters a scene; returns the rows without classes."""

    def empty_rows(scene, **given):
        run("cluster", INPUT=scene, OUTPUT=folder / "c.tif", **given)
        rows = (labels_of(folder / "c.tif") == 0).all(axis=1)
        return np.flatnonzero(rows).tolist()

    return empty_rows


UPPER, LOWER = list(range(10)), list(range(90, 100))


@pytest.mark.parametrize(
    "text, expected",
    [
        ("", UPPER),
        ("7", LOWER),
        (" 7 , 7,7", LOWER),
        ("7,none,none", LOWER),
        ("none", []),
        ("-9999", []),
        ("7.0", LOWER),
    ],
)
def test_the_parameter_goes_before_the_file(empty_rows, write, pixels, text, expected):
    assert empty_rows(write("scene.tif", pixels, nodata=0), NODATA=text) == expected


@pytest.fixture
def layer(write, pixels, qgis_new_project):
    """Adds a layer to the project, whose file has this nodata value, or none."""

    def layer(nodata):
        made = QgsRasterLayer(write("scene.tif", pixels, nodata=nodata), "scene")
        QgsProject.instance().addMapLayer(made)
        return made

    return layer


def additional(layer, *ranges):
    """Sets additional no-data values for all bands, as the layer's properties do."""
    for band in range(1, layer.bandCount() + 1):
        layer.dataProvider().setUserNoDataValue(
            band, [QgsRasterRange(*limits) for limits in ranges]
        )


def test_the_additional_value_of_a_layer_is_honoured(run, empty_rows, layer, folder):
    scene = layer(None)
    additional(scene, (7, 7))
    for given in (scene, scene.id(), scene.name(), scene.source()):
        assert empty_rows(given) == LOWER
    assert empty_rows(scene, NODATA="0") == UPPER, "the user's value has priority"
    assert run("choosek", INPUT=scene, MAX=3)["N_VALID"] == 9000
    assert run("fit", INPUT=[scene, scene], MODEL_OUTPUT=folder / "m.json")["N_VALID"] == 18000


def test_a_file_s_own_value_that_is_switched_off_is_none(empty_rows, layer):
    scene = layer(0)
    assert empty_rows(scene) == UPPER
    for band in (1, 2, 3):
        scene.dataProvider().setUseSourceNoDataValue(band, False)
    assert empty_rows(scene) == []
    additional(scene, (7, 7))
    assert empty_rows(scene) == LOWER


def test_several_values_are_refused(run, layer, folder):
    scene = layer(0)
    for ranges in ([(7, 7)], [(7, 9)], [(7, 7), (8, 8)]):
        additional(scene, *ranges)
        with pytest.raises(
            QgsProcessingException, match="the layer scene has several no-data values .0, 7.*set it"
        ):
            run("cluster", INPUT=scene, OUTPUT=folder / "c.tif")
    additional(scene, (0, 0))
    run("cluster", INPUT=scene, OUTPUT=folder / "c.tif")


def test_layers_and_bands_that_differ_are_refused(run, layer, write, pixels, folder):
    scene = layer(None)
    other = write("other.tif", pixels)
    additional(scene, (7, 7))
    with pytest.raises(QgsProcessingException, match="the layers have different no-data values"):
        run("fit", INPUT=[scene, other], MODEL_OUTPUT=folder / "m.json")
    scene.dataProvider().setUserNoDataValue(2, [])
    with pytest.raises(
        QgsProcessingException, match="the bands of scene have different no-data settings"
    ):
        run("cluster", INPUT=scene, OUTPUT=folder / "c.tif")
    assert (
        run("fit", INPUT=[scene, other], NODATA="7", MODEL_OUTPUT=folder / "m.json")["N_VALID"]
        == 18000
    )


def test_what_is_no_number_is_refused(run, write, pixels, folder):
    for text in ("far", "0,,1", "nan", "1;2"):
        with pytest.raises(QgsProcessingException, match="is not a number"):
            run("cluster", INPUT=write("scene.tif", pixels), NODATA=text, OUTPUT=folder / "c.tif")
    with pytest.raises(QgsProcessingException, match="nodata"):
        run("cluster", INPUT=write("scene.tif", pixels), NODATA="1,2", OUTPUT=folder / "c.tif")
    assert not list(folder.iterdir())


def test_a_value_is_not_of_an_alpha_band(empty_rows, write, pixels):
    """Alpha 0 means no data. Alpha 7 does not, though 7 is the nodata value of the bands."""
    alpha = np.full((1, 100, 100), 255, np.uint16)
    alpha[0, 40:50], alpha[0, 50:60] = 0, 7
    scene = write("alpha.tif", np.concatenate([pixels, alpha]))
    dataset = gdal.Open(scene, gdal.GA_Update)
    dataset.GetRasterBand(4).SetColorInterpretation(gdal.GCI_AlphaBand)
    dataset.FlushCache()
    assert empty_rows(scene, NODATA="7") == [*range(40, 50), *LOWER]


@pytest.mark.parametrize(
    ("name", "given", "valid"),
    [
        ("rgba_feathered_nodata255.tif", {}, 2700),
        ("rgba_feathered_nodata255.tif", {"NODATA": "none"}, 2700),
        ("gt_-3.402823e+38.tif", {}, 2800),
        ("gt_-3.402823e+38.tif", {"NODATA": "-3.4e38"}, 2800),
        ("rgba_intmask.tif", {}, 2500),
        ("pc_no_nodata.tif", {}, 3000),
        ("pc_no_nodata.tif", {"NODATA": "0"}, 2400),
    ],
)
def test_files_of_the_field(run, folder, name, given, valid):
    layer = QgsRasterLayer(str(FIELD / name), "scene")
    for scene in (layer, str(FIELD / name)):
        assert run("cluster", INPUT=scene, OUTPUT=folder / "c.tif", **given)["N_VALID"] == valid


def test_bands_that_are_stacked_keep_their_own_nodata(run, folder, labels_of):
    pair, apart = ["mr_ten.tif", "mr_pair.vrt"], ["mr_ten.tif", "mr_b.tif", "mr_slope.tif"]
    for more in ({}, {"RESOLUTION": 40}):
        labels = []
        for files in (pair, apart):
            run(
                "stackbands",
                INPUT=[str(FIELD / name) for name in files],
                OUTPUT=folder / "s.vrt",
                **more,
            )
            run("cluster", INPUT=folder / "s.vrt", OUTPUT=folder / "c.tif")
            labels.append(labels_of(folder / "c.tif"))
        assert np.array_equal(*labels) and len(np.unique(labels[0])) == 5


def test_the_model_s_value_is_used_where_the_layer_has_none(run, folder):
    scene = QgsRasterLayer(str(FIELD / "pc_no_nodata.tif"), "scene")
    model = {"MODEL": folder / "m.json", "OUTPUT": folder / "c.tif"}
    run("fit", INPUT=[scene], NODATA="0", MODEL_OUTPUT=folder / "m.json")
    log = QgsProcessingFeedback(False)
    assert run("predict", log, INPUT=scene, **model)["N_VALID"] == 2400
    told = "the model's no-data value is used: 0 (if all pixels have data, set NODATA to none)"
    assert told in log.textLog()
    for text, valid in (("none", 3000), ("0", 2400), ("-1", 3000)):
        log = QgsProcessingFeedback(False)
        assert run("predict", log, INPUT=scene, NODATA=text, **model)["N_VALID"] == valid
        assert "the model's no-data value" not in log.textLog()
    additional(scene, (1e6, 1e6))
    assert run("predict", INPUT=scene, **model)["N_VALID"] == 3000, "what the layer says goes first"


def test_an_additional_value_of_a_layer_is_not_one_of_its_alpha_band(
    run, empty_rows, write, pixels
):
    alpha = np.full((1, 100, 100), 7, np.uint16)
    alpha[0, 40:50] = 0
    path = write("alpha.tif", np.concatenate([pixels, alpha]))
    dataset = gdal.Open(path, gdal.GA_Update)
    dataset.GetRasterBand(4).SetColorInterpretation(gdal.GCI_AlphaBand)
    dataset.FlushCache()
    scene = QgsRasterLayer(path, "scene")
    for band in (1, 2, 3):
        scene.dataProvider().setUserNoDataValue(band, [QgsRasterRange(7, 7)])
    assert empty_rows(scene) == [*range(40, 50), *LOWER]
    scene.dataProvider().setUserNoDataValue(4, [QgsRasterRange(7, 7)])
    assert empty_rows(scene) == [*range(40, 50), *LOWER]
