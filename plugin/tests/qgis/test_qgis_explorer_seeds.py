"""Seeds in the explorer: clicking them, reading them from a layer, undo, saving and writing."""

import json
from types import SimpleNamespace

import bandcluster
import numpy as np
import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QFileDialog, QLineEdit
from scenes import read
from test_qgis_seeds import layer_of

pytest_plugins = ("explorer_panel",)
PIXELS = {"wood": (100, 60), "water": (200, 200)}  # columns and rows
BOXES = {"wood": [(100, 50, 130, 90), (30, 30, 40, 40)], "Lac d'été": [(190, 190, 210, 215)]}


@pytest.fixture
def explored(panel, add, small, look_at, ready):
    """The panel and its scene's layer, after everything is fitted."""
    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    ready()
    return SimpleNamespace(panel=panel, layer=layer, explorer=panel.explorer, seeds=panel.seeds)


def place(layer, column, row):
    """A point in a pixel, not at its centre."""
    box, side = layer.extent(), layer.rasterUnitsPerPixelX()
    return QgsPointXY(box.xMinimum() + (column + 0.8) * side, box.yMaximum() - (row + 0.3) * side)


def click(explored, name, column, row):
    explored.seeds.name.setEditText(name)
    explored.seeds.add_at(place(explored.layer, column, row))


def starts(explorer):
    return json.loads(explorer.model.to_json())["parameters"]["init"]


def test_clicked_pixels_are_where_classes_begin(explored, ready):
    explorer, panel = explored.explorer, explored.panel
    for name, (column, row) in PIXELS.items():
        click(explored, name, column, row)
    assert panel.number.slider.minimum() == 2 and panel.seeds.title() == "Seeds (2)"
    panel.number.slider.setValue(2)
    ready(2)
    pixels = read(explored.layer.source())
    assert starts(explorer) == {
        name: pixels[:, row, column].tolist() for name, (column, row) in PIXELS.items()
    }
    assert {row.name for row in explorer.rows()} == set(PIXELS)
    click(explored, "wood", 101, 60)
    ready(2)
    assert starts(explorer)["wood"] == pixels[:, 60, 100:102].mean(axis=1).tolist()
    panel.number.slider.setValue(5)
    ready(5)
    assert len(explorer.rows()) == 5 and set(PIXELS) < {row.name for row in explorer.rows()}


def test_each_change_of_seeds_is_undone(explored, ready):
    explorer, panel, seeds = explored.explorer, explored.panel, explored.seeds
    before = explorer.model
    click(explored, "wood", 100, 60)
    click(explored, "water", 200, 200)
    ready()
    seeds.list.topLevelItem(1).setText(0, "lagoon")
    ready()
    assert seeds.seeds.names() == ("wood", "lagoon")
    assert "lagoon" in [row.name for row in explorer.rows()]
    seeds.fix.click()
    ready(2)
    assert explorer.settings.seeds.fix and panel.number.slider.maximum() == 2
    pixels = read(explored.layer.source())
    assert np.array_equal(
        explorer.model.centers[[row.name for row in rows(explorer)].index("wood")],
        pixels[:, 60, 100],
    )
    for _change in range(2):
        panel.classes.undo.click()
    assert seeds.seeds.names() == ("wood", "water") and not seeds.fix.isChecked()
    seeds.list.topLevelItem(0).setSelected(True)
    seeds.remove.click()
    assert seeds.seeds.names() == ("water",)
    for _change in range(3):
        panel.classes.undo.click()
    assert not seeds.seeds.shapes
    assert explorer.model is before


def test_the_number_of_classes_is_undone_with_the_seeds(explored):
    explorer, panel, undo = explored.explorer, explored.panel, explored.explorer.undo
    for number in range(5):
        click(explored, f"class {number}", 20 + 40 * number, 60)
    assert explorer.k == panel.number.value() == 5
    for _change in range(2):
        undo.undo()
    assert explorer.k == panel.number.value() == 4
    panel.number.slider.setValue(8)
    explored.seeds.fix.click()
    assert explorer.k == panel.number.value() == 3
    undo.undo()
    assert explorer.k == panel.number.value() == 8 and not explored.seeds.fix.isChecked()
    undo.redo()
    assert explorer.k == panel.number.value() == 3


def rows(explorer):
    return sorted(explorer.rows(), key=lambda row: row.value)


def test_seeds_of_a_layer_in_another_system(explored, ready, run, folder):

    layer = layer_of(explored.layer.source(), BOXES, system="EPSG:4326")
    explored.seeds.take_layer(layer, "cover")
    assert explored.seeds.seeds.names() == tuple(BOXES)
    assert explored.seeds.seeds.counts()["wood"] == 2
    ready()
    pixels = read(explored.layer.source()).astype(float)
    [(left, top, right, bottom)] = BOXES["Lac d'été"]
    found = starts(explored.explorer)
    assert np.allclose(
        found["Lac d'été"], pixels[:, top:bottom, left:right].reshape(4, -1).mean(axis=1)
    )
    explored.seeds.take_layer(layer, "")
    assert explored.seeds.seeds.names() == (*BOXES, "seed 1", "seed 2", "seed 3")
    layer.selectByIds([2])
    explored.panel.classes.undo.click()
    explored.panel.classes.undo.click()
    explored.seeds.take_layer(layer, "cover", True)
    assert explored.seeds.seeds.names() == ("wood",) and explored.seeds.seeds.counts()["wood"] == 1


def test_the_pixels_are_those_of_the_file_whatever_system_its_layer_has(
    panel, add, small, look_at, ready, run, folder, monkeypatch
):
    from bandcluster_qgis.explorer.writing import cluster_values

    layer = add(small("s2_train.tif"))
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:32619"))
    panel.explorer.canvas.setDestinationCrs(layer.crs())
    look_at(layer)
    panel.search.layer.setLayer(layer)
    explored = SimpleNamespace(layer=layer, seeds=panel.seeds)
    for name, (column, row) in PIXELS.items():
        click(explored, name, column, row)
    explorer, pixels = ready(), read(layer.source())
    for name, (column, row) in PIXELS.items():
        assert starts(explorer)[name] == pixels[:, row, column].tolist()
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_given: (str(folder / "seeds.gpkg"), "")
    )
    values = cluster_values(explorer, panel.results.save_seeds())
    run("cluster", **values, OUTPUT=folder / "map.tif", MODEL_OUTPUT=folder / "model.json")
    assert json.loads((folder / "model.json").read_text())["parameters"]["init"] == starts(explorer)


@pytest.mark.parametrize(
    "k, fix, weights",
    [(3, False, ""), (5, False, ""), (3, True, ""), (5, False, "1, 2, 9, 1"), (3, True, "1,2,9,1")],
)
def test_the_map_that_is_written_has_the_same_bytes(
    explored, ready, run, folder, monkeypatch, k, fix, weights
):
    from bandcluster_qgis import dialogs

    opened = []
    monkeypatch.setattr(dialogs, "show_algorithm", lambda *given: opened.append(given))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: (str(folder / "seeds"), ""))
    click(explored, "water", 200, 200)
    explored.seeds.take_layer(layer_of(explored.layer.source(), BOXES, system="EPSG:4326"), "cover")
    explored.panel.search.weights.setText(weights)
    explored.seeds.fix.setChecked(fix)
    explored.panel.start()
    explored.panel.number.slider.setValue(k)
    explorer = ready(k)
    assert explorer.state == "exact"
    explored.panel.results.write.click()
    [(name, values)] = opened
    assert name == "bandcluster:cluster" and values["FIX_SEEDS"] == fix
    assert values.get("BAND_WEIGHTS", "") == ("1, 2, 9, 1" if weights else "")
    assert QgsVectorLayer(values["SEEDS"], "seeds").featureCount() == 4
    run("cluster", **values, OUTPUT=folder / "map.tif", MODEL_OUTPUT=folder / "model.json")
    labels = explorer.model.predict(read(explored.layer.source()))
    assert labels.tobytes() == read(folder / "map.tif")[0].tobytes()
    assert json.loads(explorer.model.to_json()) == json.loads((folder / "model.json").read_text())


def test_seeds_are_saved_with_the_state_and_come_back(explored, ready, tmp_path):
    from bandcluster_qgis.explorer import saved

    click(explored, "wood", 100, 60)
    click(explored, "water", 200, 200)
    explored.seeds.fix.click()
    explorer = ready(2)
    kept, rows = explored.seeds.seeds, explorer.rows()
    saved.save(explorer, tmp_path / "coast.explorer.json")
    assert bandcluster.Model.load(tmp_path / "coast.json").n_clusters == 2
    for _change in range(3):
        explored.panel.classes.undo.click()
    explored.panel.number.slider.setValue(6)
    ready(6)
    explored.panel.open_state(tmp_path / "coast.explorer.json")
    explorer = ready(2)
    assert (
        explored.seeds.seeds == kept and explorer.rows() == rows and explored.seeds.fix.isChecked()
    )


def test_seeds_that_cannot_be_used(explored, panel, ready, until, write, add):
    explorer = explored.explorer
    explored.seeds.add_at(QgsPointXY(0, 0))
    assert "no pixel of the scene" in panel.bar.items()[0].text()
    panel.bar.clearWidgets()
    far = layer_of(explored.layer.source(), {"far": [(2000, 2000, 2100, 2100)]})
    explored.seeds.take_layer(far, "cover")
    until(lambda: "seed far has no valid pixel" in panel.state.text.text())
    until(lambda: explorer.overlay.item.sides == [])
    panel.classes.undo.click()
    ready()
    explored.seeds.take_layer(far, "klass")
    assert "has no field klass; choose one of other, cover" in panel.bar.items()[0].text()
    panel.bar.clearWidgets()
    nowhere = QgsVectorLayer("Point?crs=EPSG:4326", "nowhere", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(90, 100)))
    nowhere.dataProvider().addFeature(feature)
    explored.seeds.take_layer(nowhere, "")
    assert "feature 1 of nowhere has no place" in panel.bar.items()[0].text()
    assert not explored.seeds.seeds.shapes
    panel.bar.clearWidgets()
    click(explored, "wood", 100, 60)
    panel.search.algorithm.setCurrentIndex(panel.search.algorithm.findData("gmm"))
    assert "Seeds is given, and gmm does not start from centres" in panel.search.problem.text()
    assert explorer.settings.algorithm == "kmeans"


def test_seeds_that_could_not_be_read_are_read_again(explored, panel, ready, until, monkeypatch):
    seeds = bandcluster.Scenes.seeds

    def away(*_given, **_named):
        raise bandcluster.IOFailure("the share is away")

    monkeypatch.setattr(bandcluster.Scenes, "seeds", away)
    click(explored, "wood", 100, 60)
    with pytest.raises(RuntimeError, match="the share is away"):
        until(lambda: not explored.explorer.is_working())
    panel.bar.clearWidgets()
    monkeypatch.setattr(bandcluster.Scenes, "seeds", seeds)
    panel.state.stop.click()
    assert "wood" in {row.name for row in ready().rows()}


def test_the_temporary_file_of_the_seeds_is_not_named(explored, panel, until, monkeypatch):
    from bandcluster_qgis.layers import seeds as layers_seeds

    def away(_scenes, path, *_given, **_named):
        raise bandcluster.IOFailure(f"{path}: its seeds cannot be used: the disk is full")

    def told():
        with pytest.raises(RuntimeError):
            until(lambda: not explored.explorer.is_working())
        [text] = [item.text() for item in panel.bar.items()]
        panel.bar.clearWidgets()
        return text

    monkeypatch.setattr(bandcluster.Scenes, "seeds", away)
    click(explored, "wood", 100, 60)
    assert told() == "Seeds: its seeds cannot be used: the disk is full"
    monkeypatch.setattr(
        layers_seeds, "write_shapes", lambda path, *_given: f"cannot open {path}: the disk is full"
    )
    panel.state.stop.click()
    assert told() == (
        "the seeds cannot be written to a temporary file: cannot open a temporary file: the disk is"
        " full"
    )


def test_reading_seeds_tells_its_progress_and_is_stopped(
    explored, panel, ready, until, monkeypatch
):
    seeds, waits = bandcluster.Scenes.seeds, SimpleNamespace(over=False, stopped=False)

    def late(scenes, *given, progress):
        while not waits.over:
            if not progress(0.5, "reading"):
                waits.stopped = True
                raise bandcluster.Cancelled("cancelled")
        return seeds(scenes, *given, progress=progress)

    monkeypatch.setattr(bandcluster.Scenes, "seeds", late)
    click(explored, "wood", 100, 60)
    until(lambda: panel.state.progress.value() == 25)
    panel.state.stop.click()
    until(lambda: waits.stopped)
    waits.over = True
    panel.state.stop.click()
    assert "wood" in {row.name for row in ready().rows()}


def test_all_features_of_a_layer_without_a_selection(explored):
    from bandcluster_qgis.explorer.seeds_box import LayerDialog

    layers = [layer_of(explored.layer.source(), BOXES) for _layer in range(2)]
    QgsProject.instance().addMapLayers(layers)
    layers[0].selectByIds([2])
    dialog = LayerDialog(explored.seeds)
    dialog.layer.setLayer(layers[0])
    dialog.only_selected.click()
    assert dialog.chosen() == (layers[0], "", True)
    dialog.layer.setLayer(layers[1])
    assert dialog.chosen() == (layers[1], "", False)


def test_another_scene_has_no_seeds(explored, add, small, look_at, ready):
    click(explored, "wood", 100, 60)
    ready()
    other = add(small("s2_predict.tif"))
    explored.panel.search.layer.setLayer(other)
    ready()
    assert not explored.seeds.seeds.shapes and not explored.explorer.undo.canUndo()
    QgsProject.instance().clear()
    assert explored.explorer.fitting is None and not explored.seeds.click.isEnabled()


def test_nothing_is_undone_in_another_scene_that_cannot_be_explored_yet(explored, add, small):
    click(explored, "wood", 100, 60)
    explored.panel.search.options.setText("linkage=average")
    explored.panel.search.layer.setLayer(add(small("s2_predict.tif")))
    assert "linkage" in explored.panel.search.problem.text()
    assert explored.explorer.scene.title == "s2_train"
    assert not explored.explorer.undo.canUndo()


def test_the_tools_of_the_map_take_turns(explored, map_window):
    panel, canvas = explored.panel, map_window.mapCanvas()
    panel.classes.pick.click()
    panel.seeds.click.click()
    assert not panel.classes.pick.isChecked() and canvas.mapTool() is panel._seed_tool
    panel.seeds.click.click()
    assert canvas.mapTool() is not panel._seed_tool
    panel.seeds.click.click()
    panel.closedStateChanged.emit(True)
    assert not panel.seeds.click.isChecked() and not any(
        band.isVisible() for band in panel.seeds.marks._bands
    )
    panel.closedStateChanged.emit(False)


def test_seeds_are_marked_on_the_map(explored, map_window):
    click(explored, "wood", 100, 60)
    explored.seeds.take_layer(layer_of(explored.layer.source(), BOXES), "cover")
    points, polygons = explored.seeds.marks._bands
    assert (points.numberOfVertices(), polygons.size()) == (1, 3)
    rows = [explored.seeds.list.topLevelItem(number) for number in range(2)]
    assert [(row.text(0), row.text(1)) for row in rows] == [("wood", "3"), ("Lac d'été", "1")]
    explored.panel.classes.undo.click()
    assert (points.numberOfVertices(), polygons.size()) == (1, 0)
    explored.panel.closedStateChanged.emit(True)
    map_window.mapCanvas().setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    assert points.numberOfVertices() == 1 and not points.isVisible()
    explored.panel.closedStateChanged.emit(False)
    assert points.isVisible()


def test_a_seed_is_renamed_in_place(explored, qtbot):
    click(explored, "wood", 100, 60)
    seeds = explored.seeds
    seeds.setCollapsed(False)
    seeds.list.editItem(seeds.list.topLevelItem(0), 0)
    editor = seeds.list.findChild(QLineEdit)
    editor.setText("forest")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: seeds.seeds.names() == ("forest",))
    assert seeds.list.topLevelItem(0).text(0) == "forest"
    seeds.list.editItem(seeds.list.topLevelItem(0), 1)
    assert not seeds.list.isPersistentEditorOpen(seeds.list.topLevelItem(0), 1)
    assert seeds.list.state() != seeds.list.State.EditingState
