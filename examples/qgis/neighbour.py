"""Finds classes in a scene, and labels its neighbour with them, in QGIS.

Open both scenes in QGIS, select them in the layer panel (the first one is the scene), and run this
file in *Plugins > Python Console*. The maps are layers in the colours of the scene.
"""

import tempfile

import processing
from qgis.utils import iface


def label_neighbour(scene, neighbour, folder, run=processing.runAndLoadResults):
    """Writes scene.tif, neighbour.tif and model.json into the folder; returns the names of the
    maps.
    """
    cluster = {
        "INPUT": scene,
        "CLUSTERS": 6,
        "OUTPUT": f"{folder}/scene.tif",
        "MODEL_OUTPUT": f"{folder}/model.json",
    }
    found = run("bandcluster:cluster", cluster)
    predict = {
        "INPUT": neighbour,
        "MODEL": found["MODEL_OUTPUT"],
        "OUTPUT": f"{folder}/neighbour.tif",
    }
    return found["OUTPUT"], run("bandcluster:predict", predict)["OUTPUT"]


if __name__ == "__console__":  # the name that a file has in QGIS's console
    scene, neighbour = iface.layerTreeView().selectedLayers()
    label_neighbour(scene, neighbour, tempfile.mkdtemp())
