"""Choosing bands by number, by name or from a list, for scenes and products."""

import bandcluster
import numpy as np
import pytest
from products import samples, write_product
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import Qt
from scenes import read


@pytest.mark.parametrize(
    "bands",
    ["4,3", "4;3", "4, 3", [4, 3], ["4", "3"], (4.0, 3.0), "B08,B04", "b08;B04", ["B08", 3]],
    ids=str,
)
@pytest.mark.parametrize("name", ["cluster", "fit"])
def test_bands_by_number_and_by_name(run, copied, folder, name, bands):
    scene, output = (
        copied("s2_train.tif"),
        {"OUTPUT": folder / "c.tif"} if name == "cluster" else {},
    )
    given = [scene, copied("s2_predict.tif")] if name == "fit" else scene
    run(name, INPUT=given, BANDS=bands, MODEL_OUTPUT=folder / "m.json", **output)
    assert bandcluster.Model.load(folder / "m.json").band_names == ["B08", "B04"]


def test_one_band_as_scripts_give_it(run, copied, folder):
    for band in (4, 4.0, "4", "B08", "B08;"):
        run("fit", INPUT=[copied("s2_train.tif")], BANDS=band, MODEL_OUTPUT=folder / "m.json")
        assert bandcluster.Model.load(folder / "m.json").band_names == ["B08"]


def test_names_with_commas(run, write, folder):
    scene = write(
        "scene.tif", read("s2_train.tif")[:3, :99, :99], descriptions=["red, 10 m", "green", "blue"]
    )
    run("fit", INPUT=[scene], BANDS="blue; red, 10 m", MODEL_OUTPUT=folder / "m.json")
    assert bandcluster.Model.load(folder / "m.json").band_names == ["blue", "red, 10 m"]


def test_bands_of_a_product(run, tmp_path, folder, labels_of):
    product = write_product(tmp_path)
    run("cluster", INPUT=product, BANDS="B04,B02", OUTPUT=folder / "c.tif")
    pixels = np.stack([samples("B04"), samples("B02")])
    assert np.array_equal(
        labels_of(folder / "c.tif"), bandcluster.fit(pixels, nodata=0).predict(pixels, nodata=0)
    )


def told(dialog):
    """The texts in the message bar above a dialog's parameters."""
    return [item.text() for item in dialog.messageBar().items()]


@pytest.fixture
def line(opened, provider):
    """Opens a dialog with parameters; returns it and its widget of bands."""

    def line(name, **given):
        dialog = opened(provider.algorithm(name).create())
        dialog.setParameters(given)
        return dialog, dialog.mainWidget().wrappers["BANDS"]

    return line


@pytest.mark.parametrize("name", ["cluster", "fit", "choosek", "predict"])
def test_no_dialog_complains_of_bands(line, copied, tmp_path, name):
    scene, product = copied("s2_train.tif"), str(write_product(tmp_path) / "MTD_MSIL2A.xml")
    # A dialog's list of layers keeps only files that QGIS itself can open, so no product.
    for chosen in [scene] if name == "fit" else [scene, product]:
        dialog, bands = line(
            name, INPUT=[chosen, chosen] if name == "fit" else chosen, BANDS=[3, 1]
        )
        assert told(dialog) == []
        assert bands.parameterValue() == "3,1"
        assert dialog.createProcessingParameters()["BANDS"] == "3,1" if name != "predict" else True


def test_the_list_shows_the_layer_s_bands_and_gives_their_order(line, copied):
    from bandcluster_qgis.widgets.bands import BandsDialog

    layer = QgsRasterLayer(copied("s2_train.tif"), "scene")
    QgsProject.instance().addMapLayer(layer)
    for name, given in (("cluster", layer.id()), ("fit", [layer.id()])):
        _dialog, bands = line(name, INPUT=given, BANDS="B08, 2")
        bands._choose()
        [shown] = bands.widget.findChildren(BandsDialog)
        texts = [shown.list.item(row).text() for row in range(4)]
        assert [text.split(": ")[1][:3] for text in texts] == ["B08", "B03", "B02", "B04"]
        assert shown.chosen() == [4, 2]
        shown.list.item(2).setCheckState(Qt.CheckState.Checked)
        shown.accept()
        assert bands.parameterValue() == "4,2,1"


def test_where_there_is_no_list_the_reason_is_told(line, tmp_path):
    from bandcluster_qgis.widgets.bands import BandsDialog
    from qgis.PyQt.QtWidgets import QLabel

    product = str(write_product(tmp_path))
    for given, reason in ((product, "type their names"), (None, "nothing is chosen")):
        _dialog, bands = line("cluster", INPUT=given, BANDS="B04")
        bands._choose()
        [shown] = bands.widget.findChildren(BandsDialog)
        assert reason in shown.findChild(QLabel).text()
        shown.accept()
        assert bands.parameterValue() == "B04"


def test_a_batch_has_a_plain_line(opened, provider):
    dialog = opened(provider.algorithm("fit").create(), is_batch=True)
    panel = dialog.mainWidget()
    wrapper = panel.wrappers[0][panel.parameter_to_column["BANDS"]]
    wrapper.setParameterValue(
        "4,3", panel.processing_context if hasattr(panel, "processing_context") else None
    )
    assert wrapper.parameterValue() == "4,3"
