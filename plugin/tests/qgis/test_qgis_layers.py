"""Results as layers: names, order, styles, and layers that were not asked for."""

import tempfile

import pytest
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsSettings,
    QgsSingleBandPseudoColorRenderer,
)

LAYERS = ("OUTPUT", "CONFIDENCE", "POLYGONS")


class Heard(QgsProcessingFeedback):
    def __init__(self):
        super().__init__()
        self.errors = []

    def reportError(self, error, fatalError=False):
        self.errors.append(error)


@pytest.fixture
def load(provider, qgis_new_project, monkeypatch):
    """Runs an algorithm and loads its layers like a dialog; returns reported errors."""

    def load(name, **parameters):
        from processing.gui import Postprocessing

        monkeypatch.setattr(Postprocessing, "iface", None, raising=False)
        context, feedback = QgsProcessingContext(), Heard()
        context.setProject(QgsProject.instance())
        given = {
            key: str(value) if hasattr(value, "__fspath__") else value
            for key, value in parameters.items()
        }
        for key in LAYERS:
            if key in given:
                given[key] = QgsProcessingOutputLayerDefinition(given[key], QgsProject.instance())
        algorithm = provider.algorithm(name).create()
        results, succeeded = algorithm.run(given, context, feedback)
        assert succeeded, feedback.errors
        loaded = Postprocessing.handleAlgorithmResults(
            algorithm, context, feedback, parameters=given
        )
        assert loaded == (not feedback.errors)
        return feedback.errors

    return load


def layers():
    """The layers of the project, from the top."""
    return [node.layer() for node in QgsProject.instance().layerTreeRoot().findLayers()]


def names():
    return [layer.name() for layer in layers()]


def test_a_batch_gives_empty_names_where_nothing_is_wanted(load, copied, folder):
    empty = {"CONFIDENCE": "", "POLYGONS": "", "MODEL_OUTPUT": "", "REPORT": ""}
    assert load("cluster", INPUT=copied("s2_train.tif"), OUTPUT=folder / "c.tif", **empty) == []
    assert [layer.source() for layer in layers()] == [str(folder / "c.tif")]
    assert sorted(file.name for file in folder.iterdir()) == ["c.qml", "c.tif", "c.tif.aux.xml"]


def test_temporary_layers_are_called_after_their_scene(load, copied):
    layer = QgsRasterLayer(copied("s2_train.tif"), "my scene")
    QgsProject.instance().addMapLayer(layer)
    temporary = dict.fromkeys(LAYERS, "TEMPORARY_OUTPUT")
    load("cluster", INPUT=layer.id(), **temporary)
    assert set(names()) == {
        "my scene",
        "my scene classes",
        "my scene confidence",
        "my scene polygons",
    }
    QgsProject.instance().clear()
    load("cluster", INPUT=copied("s2_predict.tif"), **temporary)
    assert names() == ["s2_predict polygons", "s2_predict classes", "s2_predict confidence"]


@pytest.mark.parametrize("by_filename, name", [(True, "forest"), (False, "s2_train classes")])
def test_files_have_the_name_that_the_settings_want(load, copied, by_filename, name, monkeypatch):
    from processing.core.ProcessingConfig import ProcessingConfig

    setting = ProcessingConfig.settings[ProcessingConfig.PREFER_FILENAME_AS_LAYER_NAME].qname
    before = QgsSettings().value(setting)
    QgsSettings().setValue(setting, by_filename)
    monkeypatch.setattr("qgis.core.QgsRasterLayer.isTemporary", lambda _layer: False)
    try:
        # QGIS takes files in the folder for temporary files for temporary layers.
        with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
            load("cluster", INPUT=copied("s2_train.tif"), OUTPUT=f"{folder}/forest.tif")
            assert names() == [name]
    finally:
        QgsProject.instance().clear()
        (
            QgsSettings().setValue(setting, before)
            if before is not None
            else QgsSettings().remove(setting)
        )


@pytest.mark.parametrize("files", ["acb", "bca", "cab"])
def test_confidence_lies_below_the_map_whatever_their_files_are_called(load, copied, folder, files):
    scene = QgsRasterLayer(copied("s2_train.tif"), "scene")
    QgsProject.instance().addMapLayer(scene)
    ends = dict(zip(LAYERS, (".tif", ".tif", ".gpkg")))
    given = {key: folder / (name + end) for name, (key, end) in zip(files, ends.items())}
    load("cluster", INPUT=scene.id(), **given)
    order = [given["POLYGONS"], given["OUTPUT"], given["CONFIDENCE"]]
    assert [layer.source().split("|")[0] for layer in layers()] == [
        *map(str, order),
        scene.source(),
    ]
    assert all(layer.isValid() for layer in layers())


def test_confidence_has_a_ramp_from_0_to_1(load, copied, folder):
    load(
        "cluster",
        INPUT=copied("s2_train.tif"),
        OUTPUT=folder / "c.tif",
        CONFIDENCE=folder / "s.tif",
    )
    renderer = layers()[1].renderer()
    assert isinstance(renderer, QgsSingleBandPseudoColorRenderer)
    items = renderer.shader().rasterShaderFunction().colorRampItemList()
    assert (items[0].value, items[-1].value) == (0, 1)
    lightness = [item.color.lightness() for item in items]
    assert lightness[0] < lightness[-1]


def test_polygons_have_outlines_in_their_own_colour(load, copied, folder):
    load(
        "cluster",
        INPUT=copied("s2_train.tif"),
        SIEVE=50,
        OUTPUT=folder / "c.tif",
        POLYGONS=folder / "p.gpkg",
    )
    categories = layers()[0].renderer().categories()
    assert len(categories) == 4
    for category in categories:
        [fill] = category.symbol().symbolLayers()
        assert fill.strokeColor() == fill.fillColor()
        assert fill.strokeWidth() == 0, "a pixel, at every scale"


def test_maps_in_a_folder_are_loaded_if_wanted(load, copied, folder):
    scenes = [copied("s2_train.tif"), copied("s2_predict.tif")]
    given = {"INPUT": scenes, "MODEL_OUTPUT": folder / "m.json", "LABELS_DIR": folder / "maps"}
    load("fit", **given)
    assert sorted(names()) == ["s2_predict classes", "s2_train classes"]
    assert {layer.renderer().type() for layer in layers()} == {"paletted"}
    QgsProject.instance().clear()
    load("fit", **given, LOAD_MAPS=False)
    assert names() == []


def test_a_script_is_told_of_the_maps_in_a_folder(run, copied, folder):
    results = run(
        "fit",
        INPUT=[copied("s2_train.tif")],
        MODEL_OUTPUT=folder / "m.json",
        LABELS_DIR=folder / "maps",
    )
    assert results["MAPS"] == [str(folder / "maps" / "s2_train.tif")]
    assert "MAPS" not in run("fit", INPUT=[copied("s2_train.tif")], MODEL_OUTPUT=folder / "m.json")
