"""Runs inside QGIS: opens the scene, runs the dialog, shows the layer, takes a picture."""

import os

from qgis.core import QgsProject
from qgis.PyQt.QtWidgets import QApplication
from steps import arrange, open_dialog, open_scene, play, run, show_map


def scenario():
    yield 3  # QGIS is still busy with its window
    arrange(1400, 950)
    scene = open_scene(os.environ["BANDCLUSTER_SCENE"], "Sentinel-2 scene")
    yield from show_map()
    parameters = {"INPUT": scene.id(), "CLUSTERS": 6, "OUTPUT": os.environ["BANDCLUSTER_OUTPUT"]}
    dialog = open_dialog("cluster", parameters, (250, 120, 900, 640))
    yield 2
    if os.environ["BANDCLUSTER_DIALOG"]:
        dialog.grab().save(os.environ["BANDCLUSTER_DIALOG"])
    yield from run(dialog)
    dialog.close()
    for node in QgsProject.instance().layerTreeRoot().findLayers():
        node.setExpanded(node.layer() != scene)
    yield from show_map()
    QApplication.primaryScreen().grabWindow(0).save(os.environ["BANDCLUSTER_PICTURE"])


play(scenario())
