"""Runs inside QGIS: the explorer's panel, step by step, with a picture of each step.

Environment: BANDCLUSTER_FOLDER (with the scenes; pictures go there), BANDCLUSTER_THEME (dark or
nothing), BANDCLUSTER_WIDTH (of the panel) and BANDCLUSTER_STEPS (one, seeds or all).
"""

import os
from pathlib import Path

from qgis.core import QgsApplication, QgsPointXY, QgsProject, QgsSettings
from qgis.PyQt.QtCore import QEvent, QItemSelectionModel, QPointF, Qt
from qgis.PyQt.QtGui import QMouseEvent
from qgis.PyQt.QtWidgets import QApplication, QToolBar
from qgis.utils import iface, plugins
from steps import arrange, open_scene, play, show_map

SCENE, NEIGHBOUR = "s2_train.tif", "s2_predict.tif"
WINDOW = (1240, 900)
# For each class, the columns and rows of its seeds.
SEEDS = {
    "water": [(205, 721), (544, 142), (706, 768)],
    "green field": [(799, 10), (94, 630), (422, 187)],
}

folder = Path(os.environ["BANDCLUSTER_FOLDER"])
width = int(os.environ.get("BANDCLUSTER_WIDTH") or 340)
steps = os.environ.get("BANDCLUSTER_STEPS") or "all"


def story():
    yield 3  # QGIS is still busy with its window
    os.chdir(folder)
    QgsSettings().setValue("Processing/Configuration/OUTPUTS_FOLDER", str(folder))
    if os.environ.get("BANDCLUSTER_THEME") == "dark":
        QgsApplication.setUITheme("Night Mapping")
    for bar in iface.mainWindow().findChildren(QToolBar):
        bar.setVisible(bar.objectName() == "mMapNavToolBar")
    scene = open_scene(SCENE, Path(SCENE).stem)
    plugins["bandcluster_qgis"].show_explorer()
    panel = plugins["bandcluster_qgis"]._panel
    panels = {"Layers": 170, "BandclusterExplorer": width}
    arrange(*WINDOW, panels)
    yield from show_map()
    panel.search.layer.setLayer(scene)
    panel.number.slider.setValue(4)
    yield from settled(panel)
    arrange(*WINDOW, panels)
    yield from settled(panel)
    picture("open")
    if steps in ("all", "seeds"):
        yield from seed(panel)
    if steps == "all":
        yield from slide(panel)
        yield from pick_and_merge(panel)
        yield from compare(panel)
        yield from write(panel)
        yield from robust(panel, scene)


def slide(panel):
    for k in (2, 3, 5, 8, 12, 20):
        panel.number.slider.setValue(k)
        yield from settled(panel)
        if k in (8, 20):
            picture(f"slide-{k}")
    panel.number.slider.setValue(6)
    yield from settled(panel)


def pick_and_merge(panel):
    explorer = panel.explorer
    rows = panel.classes.table.classes.rows
    both = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for number in (3, 5):  # crops, light and dark
        panel.classes.table.selectionModel().select(
            panel.classes.table.classes.index(number, 0), both
        )
    yield 0.05
    picture("pick")
    yield 1
    expect(len(explorer.picked), 2, "the number of picked classes")
    panel.classes.merge.click()
    expect(len(explorer.rows()), len(rows) - 1, "the number of classes")
    [merged] = [row for row in explorer.rows() if len(row.members) > 1]
    explorer.edit("rename", explorer.edits.named(merged.value, "crops"))
    explorer.edit("recolour", explorer.edits.colored(merged.value, "#78c679"))
    yield 0.5
    picture("merge")
    explorer.pick((merged.value,), flashes=False)
    panel.classes.solo.click()
    yield 0.5
    picture("solo")
    panel.classes.solo.click()
    explorer.pick((), flashes=False)


def seed(panel):
    """Clicks three pixels of water and three of green fields, and undoes everything in the end."""
    seeds, canvas = panel.seeds, iface.mapCanvas()
    seeds.setCollapsed(False)
    seeds.click.click()
    for name, places in SEEDS.items():
        seeds.name.setEditText(name)
        for column, row in places:
            click(canvas, place(panel, column, row))
            yield 0.3
    panel.number.slider.setValue(5)
    yield from settled(panel)
    expect(seeds.seeds.names(), tuple(SEEDS), "the names of the seeds")
    expect(
        set(SEEDS) < {row.name for row in panel.explorer.rows()},
        True,
        "whether classes have the seeds' names",
    )
    picture("seeds")
    seeds.fix.click()
    yield from settled(panel)
    expect(
        len(panel.explorer.rows()), len(SEEDS), "the number of classes that stay where seeds are"
    )
    picture("seeds-fixed")
    while seeds.seeds.shapes:
        panel.classes.undo.click()
    seeds.click.click()
    seeds.setCollapsed(True)
    panel.number.slider.setValue(4)
    yield from settled(panel)


def place(panel, column, row):
    """The place of a scene's pixel on the canvas."""
    layer = panel.search.layer.currentLayer()
    box, side = layer.extent(), layer.rasterUnitsPerPixelX()
    point = QgsPointXY(box.xMinimum() + (column + 0.5) * side, box.yMaximum() - (row + 0.5) * side)
    return iface.mapCanvas().getCoordinateTransform().transform(point)


def click(canvas, there):
    left = Qt.MouseButton.LeftButton
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
        event = QMouseEvent(
            kind, QPointF(there.x(), there.y()), left, left, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(canvas.viewport(), event)


def compare(panel):
    panel.view.keep.click()
    panel.number.slider.setValue(12)
    yield from settled(panel)
    panel.view.compared.setCurrentIndex(2)
    panel.view.compared.activated.emit(2)
    yield from settled(panel)
    picture("compare")
    panel.view.compared.setCurrentIndex(1)
    panel.view.compared.activated.emit(1)
    panel.explorer.overlay.set_split(0.4)
    yield 0.5
    picture("compare-scene")
    panel.view.compared.activated.emit(0)
    panel.number.slider.setValue(6)
    yield from settled(panel)


def write(panel):
    """Opens the dialog that writes the map, with all parameters filled in."""
    panel.explorer.undo.undo()
    panel.number.slider.setValue(5)
    yield from settled(panel)
    panel.results.write.click()
    yield 2
    [dialog] = [
        window
        for window in QApplication.topLevelWidgets()
        if hasattr(window, "runButton") and window.isVisible()
    ]
    dialog.setGeometry(120, 60, 860, 720)
    yield 1
    picture("write")
    dialog.close()


def robust(panel, scene):
    """Rotates and reprojects the canvas, and removes the layer during a fit."""
    canvas = iface.mapCanvas()
    canvas.setRotation(25)
    yield from settled(panel)
    picture("rotated")
    canvas.setRotation(0)
    canvas.setDestinationCrs(type(scene.crs())("EPSG:4326"))
    yield from settled(panel)
    iface.zoomFull()
    yield from settled(panel)
    picture("reprojected")
    panel.number.slider.setValue(11)
    QgsProject.instance().removeMapLayer(scene.id())
    yield 1
    expect(panel.explorer.overlay.item.sides, [], "what is painted when the layer is gone")
    picture("removed")


def settled(panel):
    """Waits until everything is fitted, painted and drawn; `yield from` it."""
    explorer = panel.explorer

    def is_settled():
        if explorer.fitting is None or explorer.is_working() or not explorer.fitting.is_done():
            return False
        painted = explorer.overlay.sides and explorer.overlay.sides[0][0] is explorer.model
        return bool(painted) and not iface.mapCanvas().isDrawing()

    yield 0.4
    yield is_settled
    yield 0.6


def expect(found, wanted, what):
    if found != wanted:
        raise AssertionError(f"{what}: found {found!r}, expected {wanted!r}")


def picture(name):
    screen = QApplication.primaryScreen().grabWindow(0, 0, 0, *WINDOW)
    if not screen.save(str(folder / f"explorer-{name}.png")):
        raise OSError(f"the picture {name} cannot be written")


play(story())
