"""Runs inside QGIS: installs the ZIP without a library, fetches the library, runs.

The library is fetched when an algorithm is opened. If a folder for pictures is given, it takes
pictures of the message, the window and the algorithm's dialog.
"""

import json
import os
from pathlib import Path

import pyplugin_installer
import qgis.utils
from qgis.core import QgsApplication
from qgis.PyQt.QtWidgets import QApplication, QPushButton
from qgis.utils import iface
from steps import arrange, open_dialog, open_scene, play, run, show_map

PICTURES = Path(os.environ["BANDCLUSTER_PICTURES"])


def scenario():
    yield 3  # QGIS is still busy with its window
    arrange(1400, 950)
    pyplugin_installer.instance().installFromZipFile(os.environ["BANDCLUSTER_ARCHIVE"])
    if "bandcluster_qgis" not in qgis.utils.active_plugins:
        qgis.utils.loadPlugin("bandcluster_qgis")
        qgis.utils.startPlugin("bandcluster_qgis")
    scene = open_scene(os.environ["BANDCLUSTER_SCENE"], "Sentinel-2 scene")
    yield from show_map()
    offer = open_dialog("cluster", {"CLUSTERS": 5}, (350, 250, 700, 300))
    yield 1
    QApplication.primaryScreen().grabWindow(0).save(str(PICTURES / "offer.png"))
    told = {"before": type(offer).__name__, "kept before": kept(), "offered": buttons()}
    offer.fetch.click()

    def pip_has_ended():
        return not offer.isVisible() or offer.failure.isVisible()

    yield pip_has_ended
    if offer.isVisible():
        QApplication.primaryScreen().grabWindow(0).save(str(PICTURES / "failure.png"))
        raise RuntimeError(offer.failure.text() + offer.log.toPlainText())
    yield 2
    [opened] = [
        one for one in QApplication.topLevelWidgets() if type(one).__name__ == "AlgorithmDialog"
    ]
    QApplication.primaryScreen().grabWindow(0).save(str(PICTURES / "opened.png"))
    told["after"] = [
        opened.algorithm().id(),
        opened.mainWidget().wrappers["CLUSTERS"].parameterValue(),
    ]
    opened.close()
    parameters = {"INPUT": scene.id(), "OUTPUT": os.environ["BANDCLUSTER_OUTPUT"]}
    dialog = open_dialog("cluster", parameters, (250, 120, 900, 640))
    results = yield from run(dialog)
    told.update({"offered after": buttons(), "valid": results["N_VALID"], "kept": kept()})
    dialog.close()
    Path(os.environ["BANDCLUSTER_RESULT"]).write_text(json.dumps(told))


def buttons():
    """The buttons of the plugin's messages in the bar."""
    ours = [one for one in iface.messageBar().items() if one.title() == "bandcluster"]
    return [button.text() for one in ours for button in one.findChildren(QPushButton)]


def kept():
    folder = Path(QgsApplication.qgisSettingsDirPath(), "bandcluster", "wheels")
    return sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []


play(scenario())
