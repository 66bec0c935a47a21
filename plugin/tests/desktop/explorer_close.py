"""Runs inside QGIS: the window is closed while the explorer reads and fits."""

import os

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QTimer
from qgis.utils import iface, plugins
from steps import play


def close():
    yield 3  # QGIS is still busy with its window
    layer = QgsRasterLayer(os.environ["BANDCLUSTER_SCENE"], "scene")
    QgsProject.instance().addMapLayer(layer)
    plugins["bandcluster_qgis"].show_explorer()
    panel = plugins["bandcluster_qgis"]._panel
    panel.layer.setLayer(layer)
    yield panel.explorer.is_working
    QgsProject.instance().setDirty(False)  # else QGIS asks
    QTimer.singleShot(0, iface.actionExit().trigger)
    yield 3600


play(close())
