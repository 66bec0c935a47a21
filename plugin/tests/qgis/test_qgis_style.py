"""The result as a layer: one legend entry for each class, with the model's name and colour."""

import bandcluster
import pytest
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsPalettedRasterRenderer,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsRasterLayer,
)


@pytest.fixture
def loaded(provider, qgis_new_project, folder, qtbot, monkeypatch):
    """Runs an algorithm in a thread and loads its output as the dialog does; returns the layer."""

    def loaded(name, **parameters):
        from processing.gui import Postprocessing

        # Since 3.44 it needs a real layers panel, which the mock of the desktop does not have.
        monkeypatch.setattr(Postprocessing, "iface", None, raising=False)
        context, feedback, ended = QgsProcessingContext(), QgsProcessingFeedback(), []
        context.setProject(QgsProject.instance())
        output = str(parameters["OUTPUT"])
        algorithm = provider.algorithm(name).create()
        given = {key: str(value) for key, value in parameters.items()}
        given["OUTPUT"] = QgsProcessingOutputLayerDefinition(output, QgsProject.instance())
        task = QgsProcessingAlgRunnerTask(algorithm, given, context, feedback)
        task.executed.connect(lambda success, _results: ended.append(success))
        QgsApplication.taskManager().addTask(task)
        qtbot.waitUntil(lambda: bool(ended), timeout=600_000)
        assert ended == [True]
        Postprocessing.handleAlgorithmResults(algorithm, context, feedback)
        return next(
            layer
            for layer in QgsProject.instance().mapLayers().values()
            if layer.source() == output
        )

    return loaded


def legend(layer):
    renderer = layer.renderer()
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    return [(entry.value, entry.color.name(), entry.label) for entry in renderer.classes()]


def test_classes_have_the_model_s_names_and_colours(run, loaded, copied, folder):
    layer = loaded(
        "cluster",
        INPUT=copied("s2_train.tif"),
        CLUSTERS=5,
        OUTPUT=folder / "c.tif",
        MODEL_OUTPUT=folder / "m.json",
    )
    model = bandcluster.Model.load(folder / "m.json")
    shares = [f"{100 * count / model.counts.sum():.1f} %" for count in model.counts]
    titles = [f"{name} ({share})" for name, share in zip(model.class_names, shares)]
    assert legend(layer) == list(zip(range(1, 6), model.class_colors, titles))
    assert layer.dataProvider().sourceHasNoDataValue(1)


def test_predict_shows_names_that_the_user_gave(run, loaded, copied, folder, tmp_path):
    run("fit", INPUT=[copied("s2_train.tif")], MODEL_OUTPUT=tmp_path / "m.json")
    model = bandcluster.Model.load(tmp_path / "m.json")
    model.class_names = ["forest", "water", "fields", "sand"]
    model.class_colors = ["#000000", "#ff0000", "#008000", "#ffff00"]
    model.save(tmp_path / "m.json")
    layer = loaded(
        "predict",
        INPUT=copied("s2_predict.tif"),
        MODEL=tmp_path / "m.json",
        OUTPUT=folder / "p.tif",
    )
    assert [label.split(" (")[0] for _, _, label in legend(layer)] == [
        "forest",
        "water",
        "fields",
        "sand",
    ]
    assert [color for _, color, _ in legend(layer)] == ["#000000", "#ff0000", "#008000", "#ffff00"]


def test_natural_colours_look_like_the_scene(run, copied, folder):
    """The order of brightness is that of the classes' visible bands."""
    run(
        "cluster",
        INPUT=copied("s2_train.tif"),
        OUTPUT=folder / "c.tif",
        MODEL_OUTPUT=folder / "m.json",
    )
    model = bandcluster.Model.load(folder / "m.json")
    colors = [bytes.fromhex(color[1:]) for color in model.class_colors]
    brightness = [sum(color) for color in colors]
    visible = model.centers[:, :3].sum(axis=1)
    assert sorted(range(4), key=lambda at: brightness[at]) == sorted(
        range(4), key=lambda at: visible[at]
    )


def test_without_a_post_processor_the_file_tells_its_colours(run, copied, folder):
    """Models, qgis_process and other programs have no post-processor."""
    run(
        "cluster",
        INPUT=copied("s2_train.tif"),
        OUTPUT=folder / "c.tif",
        MODEL_OUTPUT=folder / "m.json",
    )
    layer = QgsRasterLayer(str(folder / "c.tif"), "plain")
    colors = bandcluster.Model.load(folder / "m.json").class_colors
    assert [color for value, color, _ in legend(layer) if 1 <= value <= 4] == colors
    assert layer.dataProvider().dataType(1) == Qgis.DataType.Byte
