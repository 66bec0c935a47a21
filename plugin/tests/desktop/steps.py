"""Runs inside QGIS: plays a scenario step by step; and steps that scenarios share."""

import os
import sys
import time
import traceback

import processing
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsMultiBandColorRenderer,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.utils import iface

PATIENCE = 600  # seconds that a scenario waits for anything; a busy machine takes minutes
PANELS = {"Layers": 300, "ProcessingToolbox": 330}  # and their widths


def play(scenario):
    """Runs a scenario: a generator that yields seconds, or a function to wait for.

    If a step fails, QGIS ends with the reason: a modal dialog would wait for ever.
    """

    def go_on():
        try:
            awaited = next(scenario)
        except StopIteration:
            QgsProject.instance().clear()
            os._exit(0)
        if callable(awaited):
            poll(awaited, time.monotonic() + PATIENCE)
        else:
            QTimer.singleShot(int(1000 * awaited), safely(go_on))

    def poll(ready, deadline):
        if ready():
            go_on()
        elif time.monotonic() > deadline:
            raise TimeoutError(f"{ready.__qualname__} is not true after {PATIENCE} seconds")
        else:
            QTimer.singleShot(100, safely(lambda: poll(ready, deadline)))

    safely(go_on)()


def safely(step):
    def run_step():
        try:
            step()
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)

    return run_step


def arrange(width, height, panels=PANELS):
    """Moves the window, because there is no window manager, and shows only these panels."""
    window = iface.mainWindow()
    window.setGeometry(0, 0, width, height)
    docks = {dock.objectName(): dock for dock in window.findChildren(QDockWidget)}
    for name, dock in docks.items():
        dock.setVisible(name in panels)
    if "ProcessingToolbox" in panels:
        toolbox = docks["ProcessingToolbox"]
        toolbox.searchBox.setText("bandcluster")
        toolbox.algorithmTree.clearSelection()
    window.resizeDocks([docks[name] for name in panels], list(panels.values()), 1)


def open_scene(path, name):
    """Loads the scene in natural colours (3, 2, 1); the project gets its reference system."""
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:32618"))
    layer = QgsRasterLayer(path, name)
    if not layer.isValid():
        raise OSError(f"{path} cannot be opened")
    layer.setRenderer(QgsMultiBandColorRenderer(layer.dataProvider(), 3, 2, 1))
    QgsProject.instance().addMapLayer(layer)
    layer.setDefaultContrastEnhancement()
    return layer


def open_dialog(algorithm, parameters, geometry):
    dialog = processing.createAlgorithmDialog(f"bandcluster:{algorithm}", parameters)
    dialog.show()
    dialog.setGeometry(*geometry)  # after show(), which restores the geometry of the last dialog
    return dialog


def run(dialog):
    """Clicks on Run and waits for the results; `yield from` it."""
    told = []
    dialog.algorithmFinished.connect(lambda *finished: told.append(finished))
    dialog.runButton().click()

    def algorithm_finished():
        return told

    yield algorithm_finished
    yield 1.5  # the layers load
    [(succeeded, results)] = told
    if not succeeded:
        raise RuntimeError(f"{dialog.windowTitle()} failed")
    return results


def show_map():
    """Zooms to all layers and waits until they are drawn; `yield from` it."""
    iface.zoomFull()
    yield 1
    canvas = iface.mapCanvas()

    def map_is_drawn():
        return not canvas.isDrawing()

    yield map_is_drawn
    yield 0.5
