"""Runs inside QGIS: the plugin is unloaded while the explorer reads and fits, and QGIS ends."""

import os

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication, QDockWidget
from qgis.utils import iface, plugins, unloadPlugin
from steps import play


def close():
    yield 3  # QGIS is still busy with its window
    layer = QgsRasterLayer(os.environ["BANDCLUSTER_SCENE"], "scene")
    QgsProject.instance().addMapLayer(layer)
    plugins["bandcluster_qgis"].show_explorer()
    panel = plugins["bandcluster_qgis"]._panel
    panel.search.layer.setLayer(layer)
    yield panel.explorer.is_working
    unloadPlugin("bandcluster_qgis")
    if iface.mainWindow().findChildren(QDockWidget, "BandclusterExplorer")[0].isVisible():
        raise AssertionError("the panel is still there")
    # When it is closed, QGIS removes the layers first. quit() alone does not, and 3.40 crashes.
    QTimer.singleShot(1000, lambda: (QgsProject.instance().clear(), QApplication.quit()))
    yield 3600


play(close())
