"""The explorer over a real canvas: its pictures, its panel, and changes while it works."""

import json
import time
from types import SimpleNamespace

import bandcluster
import numpy as np
import pytest
from desktop import session
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.gui import QgsMapToolPan
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QItemSelectionModel, QPointF, Qt
from qgis.PyQt.QtGui import QImage, QMouseEvent, QPainter
from qgis.PyQt.QtWidgets import QFileDialog
from scenes import DATA, read

pytest_plugins = ("explorer_panel",)


def shown(explorer):
    """The labels of the first scene as they are painted."""
    return explorer.overlay.sides[0][1][0]


def type_weights(panel, text):
    """Types band weights, and starts without waiting for the end of typing."""
    panel.search.weights.setText(text)
    panel.start()


def test_the_first_look_says_that_it_is_one(panel, add, small, look_at, until, monkeypatch):
    from bandcluster_qgis.explorer.pixels import Pixels

    waits = SimpleNamespace(over=False)
    summarise = Pixels.summarise

    def late(pixels, progress):
        while not waits.over:
            if not progress(0.0, "reading"):
                raise bandcluster.Cancelled("cancelled")
        summarise(pixels, progress)

    monkeypatch.setattr(Pixels, "summarise", late)
    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    until(lambda: panel.explorer.overlay.sides)
    assert panel.explorer.state == "coarse"
    assert panel.state.text.text().startswith("A first look")
    assert len(panel.classes.table.classes.rows) == 4
    panel.number.slider.setValue(7)
    until(lambda: len(panel.classes.table.classes.rows) == 7)
    assert panel.explorer.state == "coarse"
    waits.over = True
    until(lambda: panel.explorer.state in ("summary", "exact"))


def test_a_large_scene_without_overviews_is_shown_part_after_part(
    panel, add, write, look_at, until, monkeypatch
):
    from bandcluster_qgis.explorer import view

    explorer, told = panel.explorer, []
    read_on = view.Buffer.read_on

    def late(buffer, _until, feedback):
        """Reads one part at a time, and none before there can be a model."""
        while explorer.fitting.pixels.coarse is None and not feedback.isCanceled():
            time.sleep(0.005)
        read_on(buffer, 0, feedback)

    monkeypatch.setattr(view.Buffer, "read_on", late)
    pixels = np.tile(read("s2_train.tif")[:, :500, :500], (1, 5, 5))
    layer = add(write("large.tif", pixels, options=["TILED=YES", "COMPRESS=DEFLATE"]))
    look_at(layer)
    explorer.painted.connect(
        lambda: told.append(
            (explorer.overlay.share, (shown(explorer).labels > 0).mean(), panel.state.text.text())
        )
    )
    panel.search.layer.setLayer(layer)
    until(lambda: told and told[-1][0] == 1)
    shares, covered, texts = zip(*told)
    assert shares[0] < 0.5 and np.allclose(shares, covered, atol=0.2) and covered[-1] == 1
    assert texts[0].startswith("A first look, at ") and "The map is filled" in texts[0]
    assert "The map is filled" not in texts[-1] and explorer.fitting.pixels.coarse_share < 1
    assert len(np.unique(shown(explorer).labels)) == 4


def test_a_first_look_at_too_few_pixels_is_no_failure(panel, add, write, look_at, ready):
    pixels = np.zeros((2, 2100, 2100), np.uint8)
    pixels[:, 5:9, 5:9] = np.arange(1, 33).reshape(2, 4, 4)  # no sample is here
    layer = add(write("dark.tif", pixels, nodata=0))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    explorer = ready()
    assert explorer.model.counts.sum() == 16 and explorer.fitting._coarse.model(4) is None


@pytest.mark.parametrize(
    "scaling, weights", [(0, ""), (1, ""), (0, "1, 2, 0.1, 3e-1"), (1, "1,2,9,1")]
)
def test_the_classes_are_those_that_cluster_a_scene_writes(
    panel, add, small, look_at, ready, run, folder, scaling, weights
):
    from bandcluster_qgis.explorer.writing import cluster_values

    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.scaling.setCurrentIndex(scaling)
    panel.search.layer.setLayer(layer)
    type_weights(panel, weights)
    panel.number.slider.setValue(5)
    explorer = ready(5)
    assert explorer.state == "exact"
    assert len(explorer.settings.band_weights) == (4 if weights else 0)
    written = run(
        "cluster",
        **cluster_values(explorer),
        OUTPUT=folder / "map.tif",
        MODEL_OUTPUT=folder / "model.json",
    )
    map_labels = read(folder / "map.tif")[0]
    window = explorer.scene.grid.window(explorer.scene.grid.box, 1e-9)
    bands, mask = explorer.scene.read(window)
    assert mask is None and np.array_equal(np.stack(bands), read(layer.source()))
    labels = explorer.model.predict(bands)
    assert labels.tobytes() == map_labels.tobytes()
    assert json.loads(explorer.model.to_json()) == json.loads((folder / "model.json").read_text())
    assert written["OUTPUT"]


def test_at_full_resolution_the_canvas_shows_the_pixels_of_the_map(
    panel, add, small, map_window, ready
):
    layer = add(small("s2_train.tif"))
    canvas = map_window.mapCanvas()
    size = layer.rasterUnitsPerPixelX()
    middle, screen = layer.extent().center(), canvas.mapSettings().outputSize()
    wide, high = screen.width() * size / 2, screen.height() * size / 2
    canvas.setExtent(
        QgsRectangle(middle.x() - wide, middle.y() - high, middle.x() + wide, middle.y() + high)
    )
    panel.search.layer.setLayer(layer)
    explorer = ready()
    picture = shown(explorer)
    expected = explorer.model.predict(read(layer.source()))
    left = round((picture.box.left - layer.extent().xMinimum()) / size)
    top = round((layer.extent().yMaximum() - picture.box.top) / size)
    rows, columns = picture.labels.shape
    assert (rows, columns) == (layer.height(), layer.width())
    assert np.array_equal(picture.labels, expected[top : top + rows, left : left + columns])


def test_nodata_is_nothing_on_the_map(panel, add, small, look_at, ready):
    layer = add(small("l8_nodata_a.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    explorer = ready()
    pixels, nodata = read(layer.source()), layer.dataProvider().sourceNoDataValue(1)
    window = explorer.scene.grid.window(explorer.scene.grid.box, 1e-9)
    bands, _mask = explorer.scene.read(window)
    from bandcluster_qgis.explorer.pixels import labels_of_view

    labels = labels_of_view(explorer.model, explorer.scene, bands, None)
    assert np.array_equal(labels == 0, (pixels == nodata).any(axis=0))
    assert (labels == 0).any() and (labels > 0).any()


def test_a_scale_of_the_bands_is_undone(panel, add, write, ready, look_at):
    path = write("scaled.tif", read("s2_train.tif")[:, :200, :200], place=None)
    dataset = gdal.Open(path, gdal.GA_Update)
    for band in range(1, 5):
        dataset.GetRasterBand(band).SetScale(0.0001)
        dataset.GetRasterBand(band).SetOffset(-0.1)
    del dataset
    layer = add(path)
    look_at(layer)
    panel.search.layer.setLayer(layer)
    explorer = ready()
    bands, _mask = explorer.scene.read(explorer.scene.grid.window(explorer.scene.grid.box, 1e-9))
    assert np.array_equal(np.stack(bands), read(path))


def test_alpha_is_a_mask_and_no_band(panel, add, write, ready, look_at):
    pixels = read("l7_uint8.tif")[:3, :200, :200]
    alpha = np.full((1, 200, 200), 255, np.uint8)
    alpha[:, :50] = 0
    path = write(
        "rgba.tif", np.concatenate([pixels, alpha]), options=["PHOTOMETRIC=RGB", "ALPHA=YES"]
    )
    layer = add(path)
    look_at(layer)
    panel.search.layer.setLayer(layer)
    explorer = ready()
    assert explorer.scene.bands == (1, 2, 3)
    bands, mask = explorer.scene.read(explorer.scene.grid.window(explorer.scene.grid.box, 1e-9))
    assert np.array_equal(mask, alpha[0] != 0)
    assert explorer.model.counts.sum() == 150 * 200


def test_another_reference_system_and_a_rotated_canvas(panel, add, small, map_window, ready, until):
    layer = add(small("s2_train.tif"), crs="EPSG:4326")
    canvas = map_window.mapCanvas()
    canvas.setExtent(canvas.mapSettings().layerExtentToOutputExtent(layer, layer.extent()))
    panel.search.layer.setLayer(layer)
    explorer = ready()
    transform = explorer.overlay.view([explorer.scene]).transforms[layer.id()]
    box, size = layer.extent(), layer.rasterUnitsPerPixelX()
    expected = explorer.model.predict(read(layer.source()))

    def agreement():
        picture, found = shown(explorer), []
        for x in np.linspace(picture.box.left, picture.box.right, 37)[1:-1]:
            for y in np.linspace(picture.box.bottom, picture.box.top, 31)[1:-1]:
                there = transform(x, y)
                column, row = (there[0] - box.xMinimum()) / size, (box.yMaximum() - there[1]) / size
                inside = 0 <= column < layer.width() and 0 <= row < layer.height()
                around = (
                    expected[max(int(row) - 3, 0) :, max(int(column) - 3, 0) :][:7, :7]
                    if inside
                    else [0]
                )
                found.append(picture.label_at(x, y) in np.unique(around))
        return np.mean(found)

    assert agreement() > 0.97  # at a border, a pixel of the screen may be on either side
    before = shown(explorer)
    canvas.setRotation(30)
    until(lambda: shown(explorer) is not before)
    assert agreement() > 0.97


def test_picking_merging_naming_and_undoing(panel, add, small, look_at, ready):
    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    panel.number.slider.setValue(6)
    explorer = ready(6)
    point = QgsPointXY(layer.extent().center())
    explorer.pick_at(point)
    [picked] = explorer.picked
    assert explorer.overlay.label_at(point) == picked
    rows = panel.classes.table.selectionModel().selectedRows()
    assert [panel.classes.table.classes.rows[index.row()].value for index in rows] == [picked]
    other = next(row.value for row in explorer.rows() if row.value != picked)
    explorer.pick((picked, other))
    panel.classes.merge.click()
    assert len(panel.classes.table.classes.rows) == 5
    merged = min(picked, other)
    name = panel.classes.table.classes.index(
        [row.value for row in explorer.rows()].index(merged), 2
    )
    assert panel.classes.table.classes.setData(name, "land")
    colors = explorer.overlay.item.sides[0][0].image.pixelColor(*middle(explorer))
    assert explorer.rows()[name.row()].name == "land"
    panel.classes.undo.click()
    assert len(explorer.rows()) == 5 and "land" not in [row.name for row in explorer.rows()]
    panel.classes.undo.click()
    assert len(panel.classes.table.classes.rows) == 6
    panel.classes.redo.click()
    assert len(panel.classes.table.classes.rows) == 5
    assert explorer.overlay.item.sides[0][0].image.pixelColor(*middle(explorer)) == colors


def test_edits_are_undone_after_a_better_model_has_other_labels(panel, add, small, look_at, ready):
    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    explorer = ready()
    first = explorer.model
    explorer.edit("rename", explorer.edits.named(1, "water"))
    explorer.edit("merge", explorer.edits.merged([1, 3]))
    panel.view.keep.click()
    explorer.pick((2, 1), flashes=False)

    # As if a better model had the classes in the opposite order.
    told = json.loads(first.to_json())
    for key in ("classes", "centers"):
        told[key].reverse()
    for value, one in enumerate(told["classes"], start=1):
        one["value"] = value
    better = bandcluster.Model.from_json(json.dumps(told))
    assert np.array_equal(better.centers, first.centers[::-1])
    explorer.fitting.plan.keep(4, better)
    explorer._tell_changed()
    assert [(row.members, row.name) for row in explorer.rows() if len(row.members) > 1] == [
        ((2, 4), "water")
    ]
    assert explorer.picked == (3, 2)
    assert explorer.kept[0].palette(better) == explorer.palette(better)
    panel.classes.undo.click()
    assert {row.value: row.name for row in explorer.rows()}[4] == "water"
    assert len(explorer.rows()) == 4
    panel.classes.undo.click()
    assert explorer.edits == type(explorer.edits)() and not panel.classes.undo.isEnabled()
    panel.classes.redo.click()
    panel.classes.redo.click()
    assert explorer.edits.groups == ((2, 4),) and explorer.edits.names == ((2, "water"),)


def middle(explorer):
    image = explorer.overlay.item.sides[0][0].image
    return image.width() // 2, image.height() // 2


def test_hidden_and_solo_classes_leave_the_map_free(panel, add, small, look_at, ready):
    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    explorer = ready()
    image, labels = explorer.overlay.item.sides[0][0].image, shown(explorer).labels

    def alphas(value):
        row, column = np.argwhere(labels == value)[0]
        return explorer.overlay.item.sides[0][0].image.pixelColor(int(column), int(row)).alpha()

    assert not image.isNull() and {alphas(value) for value in (1, 2, 3, 4)} == {255}
    panel.classes.table.classes.setData(
        panel.classes.table.classes.index(0, 0),
        Qt.CheckState.Unchecked,
        Qt.ItemDataRole.CheckStateRole,
    )
    first = panel.classes.table.classes.rows[0].value
    assert alphas(first) == 0
    explorer.undo.undo()
    explorer.pick((3,), flashes=False)
    panel.classes.solo.click()
    assert [alphas(value) for value in (1, 2, 3, 4)] == [0, 0, 255, 0]
    panel.classes.solo.click()
    assert {alphas(value) for value in (1, 2, 3, 4)} == {255}


def test_a_row_that_is_chosen_flashes_and_its_signature_is_shown(
    panel, add, small, look_at, ready, until
):
    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    explorer = ready()
    both = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    panel.classes.table.selectionModel().select(panel.classes.table.classes.index(1, 0), both)
    value = panel.classes.table.classes.rows[1].value
    assert explorer.picked == (value,)
    assert [row.value for row in panel.classes.signatures._rows] == [value]
    assert explorer.overlay.is_flashing()
    until(lambda: not explorer.overlay.is_flashing())


def test_wrong_options_are_told_and_nothing_is_fitted_by_them(
    panel, add, small, look_at, ready, until
):
    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    ready()
    panel.search.options.setText("linkage=average")
    panel.start()
    assert "linkage" in panel.search.problem.text() and not panel.search.problem.isHidden()
    assert panel.explorer.settings.options == ()
    panel.search.options.setText("")
    panel.start()
    assert panel.search.problem.isHidden()


def test_the_numbers_of_classes_are_compared_by_weights(panel, add, small, look_at, ready):
    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    explorer = ready()
    equal = explorer.fitting.plan.choice
    panel.view.keep.click()
    type_weights(panel, "1, 1, 1, 9")
    explorer = ready()
    found = explorer.fitting.plan.choice
    assert found.recommended and found.candidates != equal.candidates
    assert {explorer.fitting.model(k).to_json().count("band_weights") for k in range(2, 10)} == {1}
    panel.view.keep.click()
    assert [kept.title for kept in explorer.kept] == [
        "K-means, 4 classes",
        "K-means, band weights 1, 1, 1, 9, 4 classes",
    ]
    assert [kept.fitting.settings.band_weights for kept in explorer.kept] == [(), (1, 1, 1, 9)]


@pytest.mark.parametrize(
    "weights, box, name, why",
    [
        ("1, many, 1, 1", None, "", "Band weights: '1, many, 1, 1' is not a number"),
        ("1, 0, 1, 1", None, "", "Band weights: a band weight is 0"),
        ("1, nan, 1, 1", None, "", "Band weights: '1, nan, 1, 1' is not a number"),
        ("1, 2", None, "", "Band weights: 2 band weights are given for 4 bands: give one for each"),
        ("1, 2, 1, 1", "metrics", "spectral_angle", "does not go with"),
        ("1, 2, 1, 1", "algorithm", "gmm", "weights change nothing"),
    ],
)
def test_wrong_weights_are_told_and_nothing_is_fitted_by_them(
    panel, add, small, look_at, qtbot, weights, box, name, why
):
    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    panel.explorer.cancel()
    search, settings = panel.search, panel.explorer.settings
    if box is not None:
        type_weights(panel, weights)
        settings = panel.explorer.settings
        assert settings.band_weights == (1, 2, 1, 1)
        choices = getattr(search, box)
        choices.setCurrentIndex(choices.findData(name))
    else:
        search.weights.setText(weights)
        search.weights.textEdited.emit(weights)  # the text is read when the user stops typing
        qtbot.waitUntil(lambda: bool(search.problem.text()))
    assert why in search.problem.text() and not search.problem.isHidden()
    assert panel.explorer.settings == settings
    type_weights(panel, "")
    assert search.problem.isHidden() and panel.explorer.settings.band_weights == ()


def test_weights_are_those_of_the_chosen_bands(panel, add, small, look_at, ready):
    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    panel.search._bands = (4, 2)
    type_weights(panel, "1, 2, 1, 1")
    assert "4 band weights are given for 2 bands" in panel.search.problem.text()
    type_weights(panel, "1, 3")
    assert panel.search.problem.isHidden()
    explorer = ready()
    pixels = read(layer.source())[[3, 1]]
    expected = bandcluster.fit(pixels, 4, band_weights=[1, 3], n_init=2)
    assert np.array_equal(explorer.model.predict(pixels), expected.predict(pixels))
    panel.search.layer.setLayer(add(small("s2_13band.tif")))
    assert panel.search.weights.text() == "" and panel.search.problem.isHidden()


@pytest.mark.parametrize(
    "name, k", [("bisecting", 4), ("isodata", 4), ("gmm", 4), ("birch", 4), ("hdbscan", 0)]
)
def test_other_algorithms(panel, add, write, look_at, ready, name, k):
    layer = add(write("small.tif", read("s2_train.tif")[:, :120, :120]))
    look_at(layer)
    panel.search.algorithm.setCurrentIndex(panel.search.algorithm.findData(name))
    panel.search.layer.setLayer(layer)
    explorer = ready(k)
    assert explorer.settings.algorithm == name and explorer.rows()
    assert panel.number.slider.isEnabled() == (k > 0)


def test_isodata_with_more_classes_than_its_usual_limit_is_written_as_it_is_shown(
    panel, add, write, look_at, ready, run, folder, monkeypatch
):
    from bandcluster_qgis.explorer import settings
    from bandcluster_qgis.explorer.writing import cluster_values

    monkeypatch.setattr(settings, "FEWEST", 17)
    monkeypatch.setattr(settings, "MOST", 18)
    layer = add(write("small.tif", read("s2_train.tif")[:, :120, :120]))
    look_at(layer)
    panel.search.algorithm.setCurrentIndex(panel.search.algorithm.findData("isodata"))
    panel.search.layer.setLayer(layer)
    explorer = ready(17)
    assert explorer.rows() and explorer.state == "exact"
    run("cluster", **cluster_values(explorer), OUTPUT=folder / "map.tif")
    expected = explorer.model.predict(read(layer.source()))
    assert expected.tobytes() == read(folder / "map.tif")[0].tobytes()


def test_settings_of_before_are_there_at_once(panel, add, small, look_at, ready):
    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    explorer = ready()
    model, choice = explorer.model, explorer.fitting.plan.choice
    assert f">{choice.recommended}<" in panel.number.advice.text()
    panel.search.scaling.setCurrentIndex(1)
    assert explorer.model is not model
    panel.search.scaling.setCurrentIndex(0)
    assert explorer.model is model and not explorer.is_working()


def test_a_neighbour_shows_the_same_classes(panel, add, small, map_window, ready, until):
    neighbour, layer = add(small("s2_predict.tif")), add(small("s2_train.tif"))
    map_window.mapCanvas().setLayers([layer, neighbour])
    map_window.mapCanvas().setExtent(neighbour.extent())
    panel.search.layer.setLayer(layer)
    explorer = ready()
    panel.view.neighbour.setLayer(neighbour)

    def is_shown():
        pictures = explorer.overlay.sides[0][1] if explorer.overlay.sides else []
        return bool(pictures) and bool((pictures[-1].labels > 0).mean() > 0.9)

    until(is_shown)


def test_comparing_with_kept_classes_and_with_the_scene(panel, add, small, look_at, ready, until):
    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    explorer = ready()
    panel.view.keep.click()
    panel.number.slider.setValue(9)
    ready(9)
    panel.view.compared.setCurrentIndex(2)
    panel.view.compared.activated.emit(2)
    until(lambda: len(explorer.overlay.item.sides) == 2)
    assert [model.n_clusters for model, _pictures in explorer.overlay.sides] == [9, 4]
    assert explorer.overlay.item.split == 0.5
    panel.refresh()
    assert panel.view.compared.currentIndex() == 2
    panel.view.compared.activated.emit(1)
    panel.refresh()
    assert panel.view.compared.currentText() == "The scene"
    assert (
        explorer.compared == "scene"
        and len(explorer.overlay.item.sides) == 1
        and explorer.overlay.item.split == 0.5
    )
    panel.view.compared.activated.emit(0)
    assert explorer.overlay.item.split is None


def test_the_state_is_saved_and_comes_back(panel, add, small, look_at, ready, tmp_path):
    from bandcluster_qgis.explorer import saved

    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    panel.number.slider.setValue(5)
    explorer = ready(5)
    explorer.edit("merge", explorer.edits.merged([2, 4]).named(2, "water"))
    rows = explorer.rows()
    saved.save(explorer, tmp_path / "coast.explorer.json")
    model = bandcluster.Model.load(tmp_path / "coast.json")
    assert model.n_clusters == 4 and "water" in model.class_names
    panel.search.scaling.setCurrentIndex(1)
    panel.number.slider.setValue(8)
    ready(8)
    panel.open_state(tmp_path / "coast.explorer.json")
    explorer = ready(5)
    assert (
        explorer.rows() == rows
        and panel.number.slider.value() == 5
        and panel.search.scaling.currentIndex() == 0
    )


def test_weights_are_saved_with_the_state_and_come_back(
    panel, add, small, look_at, ready, tmp_path
):
    from bandcluster_qgis.explorer import saved

    layer, path = add(small("s2_train.tif")), tmp_path / "coast.explorer.json"
    look_at(layer)
    panel.search.layer.setLayer(layer)
    type_weights(panel, "1, 2, 0.3, 1")
    explorer = ready()
    rows = explorer.rows()
    saved.save(explorer, path)
    type_weights(panel, "")
    panel.open_state(path)
    assert panel.search.weights.text() == "1, 2, 0.3, 1"
    assert ready().settings.band_weights == (1, 2, 0.3, 1) and explorer.rows() == rows
    told = json.loads(path.read_text())
    for wrong in ("many", [[1]], None, 3):
        told["settings"]["band_weights"] = wrong
        path.write_text(json.dumps(told))
        panel.open_state(path)
        assert "not a saved state of the explorer" in panel.bar.items()[0].text()
    del told["settings"]["band_weights"]  # older states have no weights
    path.write_text(json.dumps(told))
    panel.open_state(path)
    assert explorer.settings.band_weights == () and panel.search.weights.text() == ""


def test_a_state_that_cannot_be_written_is_told_by_its_name(
    panel, add, small, look_at, ready, tmp_path, monkeypatch
):
    layer, path = add(small("s2_train.tif")), tmp_path / "coast.explorer.json"
    look_at(layer)
    panel.search.layer.setLayer(layer)
    ready()
    (tmp_path / "coast.explorer.json.part").mkdir()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: (str(path), ""))
    panel.results.save_state()
    [told] = [item.text() for item in panel.bar.items()]
    assert told == f"{path} cannot be written: Is a directory; check the space and permissions"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"kind": "bandcluster-explorer", "version": 1}', '{"kind": 3}']
)
def test_what_is_no_state_is_refused(panel, tmp_path, text):
    path = tmp_path / "x.explorer.json"
    path.write_text(text)
    panel.open_state(path)
    assert "not a saved state of the explorer" in panel.bar.items()[0].text()


def test_a_layer_that_is_removed_takes_its_classes_with_it(panel, add, small, look_at, until):
    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    QgsProject.instance().removeMapLayer(layer.id())
    assert panel.explorer.fitting is None and panel.explorer.overlay.item.sides == []
    other = add(small("s2_predict.tif"))
    look_at(other)
    panel.search.layer.setLayer(other)
    until(lambda: panel.explorer.overlay.item.sides)
    QgsProject.instance().clear()
    assert panel.explorer.overlay.item.sides == [] and panel.classes.table.classes.rows == []


def test_a_scene_without_a_reference_system(panel, add, write, look_at, ready):
    layer = add(write("plain.tif", read("s2_train.tif")[:, :150, :150]))
    layer.setCrs(QgsCoordinateReferenceSystem())
    look_at(layer)
    panel.search.layer.setLayer(layer)
    explorer = ready()
    assert explorer.scene.pixel_area is None
    assert panel.classes.table.classes.data(panel.classes.table.classes.index(0, 4)) == ""


def test_a_layer_that_gdal_does_not_read_is_refused(panel, add, small, monkeypatch):
    layer = add(small("s2_train.tif"))
    monkeypatch.setattr(QgsRasterLayer, "providerType", lambda _layer: "wms")
    panel.search.layer.setLayer(layer)
    assert "only what GDAL reads" in panel.bar.items()[0].text()


def test_a_map_tool_that_is_gone_does_not_come_back(panel, map_window):
    canvas, pick = map_window.mapCanvas(), panel.classes.pick
    tool = QgsMapToolPan(canvas)
    canvas.setMapTool(tool)
    pick.setEnabled(True)
    pick.click()
    assert canvas.mapTool() is panel._pick_tool
    sip.delete(tool)
    pick.click()
    assert canvas.mapTool() is None and not pick.isChecked()


def test_the_end_in_the_middle_of_the_work(map_window, add, small, look_at, until):
    from bandcluster_qgis.explorer.panel import Panel

    panel = Panel(map_window, map_window.mainWindow())
    layer = add(small("s2_13band.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    panel.number.slider.setValue(9)
    assert panel.explorer.is_working()
    panel.end()
    assert not panel.explorer.is_working()
    assert not [
        item
        for item in map_window.mapCanvas().scene().items()
        if item is panel.explorer.overlay.item
    ]
    panel.deleteLater()


def test_the_work_is_stopped_and_taken_up_again(panel, add, small, look_at, ready):
    layer = add(small("s2_13band.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    panel.state.stop.click()
    assert not panel.explorer.is_working()
    panel.state.stop.click()
    assert panel.explorer.is_working()
    ready()


def test_write_fills_in_the_dialogs(panel, add, small, look_at, ready, monkeypatch, tmp_path):
    from bandcluster_qgis import dialogs

    opened = []
    monkeypatch.setattr(dialogs, "show_algorithm", lambda *given: opened.append(given))
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_given: (str(tmp_path / "model"), "")
    )
    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    explorer = ready()
    panel.results.write.click()
    assert opened[-1][0] == "bandcluster:cluster"
    assert opened[-1][1]["INPUT"] == layer.id() and opened[-1][1]["CLUSTERS"] == 4
    explorer.edit("rename", explorer.edits.named(1, "forest"))
    panel.results.write.click()
    assert opened[-1] == (
        "bandcluster:predict",
        {"INPUT": layer.id(), "MODEL": str(tmp_path / "model.json")},
    )
    assert bandcluster.Model.load(tmp_path / "model.json").class_names[0] == "forest"


def test_a_closed_panel_shows_nothing_and_comes_back(panel, add, small, look_at, ready):
    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    explorer = ready()
    panel.closedStateChanged.emit(True)
    assert explorer.overlay.item.sides == [] and not explorer.is_working()
    panel.closedStateChanged.emit(False)
    assert len(explorer.overlay.item.sides) == 1
    ready()


def test_the_line_is_dragged_on_the_map(panel, add, small, look_at, ready, map_window):
    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    explorer = ready()
    panel.view.compared.activated.emit(1)
    viewport, middle = map_window.mapCanvas().viewport(), map_window.mapCanvas().width() // 2

    def mouse(kind, x):
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QCoreApplication.sendEvent(viewport, QMouseEvent(kind, QPointF(x, 50), left, left, none))

    mouse(QEvent.Type.MouseButtonPress, middle)
    mouse(QEvent.Type.MouseMove, 100)
    mouse(QEvent.Type.MouseButtonRelease, 100)
    assert explorer.overlay.item.split == pytest.approx(0.2, abs=0.01)
    mouse(QEvent.Type.MouseMove, 300)
    assert explorer.overlay.item.split == pytest.approx(0.2, abs=0.01)


def test_the_line_parts_what_is_painted(panel, add, small, look_at, ready, map_window):
    layer = add(small("s2_train.tif"))
    look_at(layer)
    panel.search.layer.setLayer(layer)
    explorer = ready()
    panel.view.compared.activated.emit(1)
    canvas = map_window.mapCanvas()

    def painted():
        image = QImage(canvas.width(), canvas.height(), QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        explorer.overlay.item.paint(painter)
        painter.end()
        return [image.pixelColor(x, canvas.height() // 2).alpha() > 0 for x in (180, 320)]

    assert painted() == [True, False]
    panel.view.compared.activated.emit(0)
    assert painted() == [True, True]


def test_the_plugin_is_unloaded_and_qgis_ends_in_the_middle(tmp_path):
    """Unloads the plugin in the real desktop. If QGIS crashes, its exit status shows it."""
    session.play("explorer_close.py", tmp_path, timeout=300, scene=DATA / "s2_13band.tif")
