"""The programs in examples/qgis run in QGIS and make the same maps as the library."""

import runpy
from types import SimpleNamespace

import bandcluster
import pytest
import qgis.utils
from scenes import DATA, read

EXAMPLES = DATA.parents[1] / "examples" / "qgis"


@pytest.fixture
def scenes(copied):
    return copied("s2_train.tif"), copied("s2_predict.tif")


@pytest.fixture(scope="module")
def expected():
    """The labels of both scenes."""
    scene, neighbour = (read(DATA / name) for name in ("s2_train.tif", "s2_predict.tif"))
    model = bandcluster.fit(scene, 6)
    return [model.predict(scene), model.predict(neighbour)]


def test_model_of_the_designer(provider, scenes, folder, expected):
    import processing
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProcessingModelAlgorithm

    model = QgsProcessingModelAlgorithm()
    assert model.fromFile(str(EXAMPLES / "neighbour.model3"))
    valid, issues = model.validate()
    assert valid, issues
    names = {output.description(): output.name() for output in model.parameterDefinitions()}
    maps = {"Map of the scene": folder / "scene.tif", "Map of the neighbour": folder / "other.tif"}
    given = {names[text]: str(path) for text, path in maps.items()}
    given |= {names["Scene"]: scenes[0], names["Neighbour"]: scenes[1]}
    given |= {names["Number of classes"]: 6, names["Model"]: str(folder / "model.json")}
    processing.run(model, given, context=QgsProcessingContext(), feedback=QgsProcessingFeedback())
    for path, labels in zip(maps.values(), expected):
        assert (read(path)[0] == labels).all()


def test_script_of_the_console(provider, scenes, folder, expected, monkeypatch):
    import processing

    program = runpy.run_path(str(EXAMPLES / "neighbour.py"))
    maps = program["label_neighbour"](*scenes, folder, run=processing.run)
    for path, labels in zip(maps, expected):
        assert (read(path)[0] == labels).all()

    # The console runs it on the two selected layers.
    asked = []
    layers = SimpleNamespace(selectedLayers=lambda: list(scenes))
    iface = SimpleNamespace(layerTreeView=lambda: layers)
    monkeypatch.setattr(qgis.utils, "iface", iface)
    monkeypatch.setattr(
        processing, "runAndLoadResults", lambda *given: asked.append(given) or given[1]
    )
    monkeypatch.setattr("tempfile.mkdtemp", lambda: str(folder))
    runpy.run_path(str(EXAMPLES / "neighbour.py"), run_name="__console__")
    assert [name for name, _parameters in asked] == ["bandcluster:cluster", "bandcluster:predict"]
    assert [parameters["INPUT"] for _name, parameters in asked] == list(scenes)
