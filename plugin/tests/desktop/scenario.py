"""Runs inside QGIS, step by step: open the scene, run the dialog, show layer and legend, take the picture."""

import os
import traceback

import processing
from qgis.core import QgsCoordinateReferenceSystem, QgsMessageLog, QgsMultiBandColorRenderer, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication, QDockWidget
from qgis.utils import iface

SCENE, OUTPUT = os.environ["BANDCLUSTER_SCENE"], os.environ["BANDCLUSTER_OUTPUT"]
state = {}


def picture(path):
    QApplication.primaryScreen().grabWindow(0).save(path)


def arrange():
    """No window manager: the window is moved by hand. Only layers and toolbox stay beside the map."""
    window = iface.mainWindow()
    window.setGeometry(0, 0, 1400, 950)
    for dock in window.findChildren(QDockWidget):
        dock.setVisible(dock.objectName() in ("Layers", "ProcessingToolbox"))
    toolbox = window.findChild(QDockWidget, "ProcessingToolbox")
    if toolbox:
        toolbox.setVisible(True)
        toolbox.searchBox.setText("bandcluster")
        toolbox.algorithmTree.clearSelection()
    layers = window.findChild(QDockWidget, "Layers")
    window.resizeDocks([layers] + ([toolbox] if toolbox else []), [300, 260][: 2 if toolbox else 1], 1)


def open_scene():
    arrange()
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:32618"))
    layer = QgsRasterLayer(SCENE, "Sentinel-2 scene")
    renderer = QgsMultiBandColorRenderer(layer.dataProvider(), 3, 2, 1)
    layer.setRenderer(renderer)
    QgsProject.instance().addMapLayer(layer)
    layer.setDefaultContrastEnhancement()
    state["scene"] = layer
    iface.zoomFull()


def open_dialog():
    parameters = {"INPUT": state["scene"].id(), "CLUSTERS": 6, "OUTPUT": OUTPUT}
    dialog = processing.createAlgorithmDialog("bandcluster:cluster", parameters)
    dialog.setGeometry(250, 120, 900, 640)
    dialog.show()
    state["dialog"] = dialog


def run():
    if os.environ["BANDCLUSTER_DIALOG"]:
        picture(os.environ["BANDCLUSTER_DIALOG"])
    state["dialog"].algorithmFinished.connect(lambda *_: QTimer.singleShot(1500, safely(show)))
    state["dialog"].runButton().click()


def show():
    state["dialog"].close()
    root = QgsProject.instance().layerTreeRoot()
    for node in root.findLayers():
        node.setExpanded(node.layer() != state["scene"])
    iface.zoomFull()
    QTimer.singleShot(2500, safely(end))


def end():
    picture(os.environ["BANDCLUSTER_PICTURE"])
    QgsProject.instance().clear()
    os._exit(0)


def safely(step):
    """A failing step ends QGIS with its reason, where a modal would wait for ever."""

    def run_step():
        try:
            step()
        except BaseException:
            traceback.print_exc()
            os._exit(1)

    return run_step


QgsMessageLog.logMessage("bandcluster's desktop scenario begins")
for after, step in ((3000, open_scene), (5000, open_dialog), (7000, run)):
    QTimer.singleShot(after, safely(step))
