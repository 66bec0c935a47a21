"""Runs inside QGIS: docs/tutorial.md, step by step, in a folder that holds its two scenes.

It writes there the tutorial's files, a picture of each step, and dialogs.json: the values of the
dialogs, by the labels that a user reads. If a result is not as in the tutorial, QGIS ends.
"""

import json
import os
from pathlib import Path

from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsContrastEnhancement,
    QgsPalettedRasterRenderer,
    QgsProject,
    QgsRasterMinMaxOrigin,
    QgsSettings,
)
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QToolBar, QWidget
from qgis.utils import iface
from steps import arrange, open_dialog, open_scene, play, run, show_map

SCENE, NEIGHBOUR = "s2_train.tif", "s2_predict.tif"
COLORS = "darkgreen,steelblue,khaki,yellowgreen"
GROUPS = "fields and sand=3,4; forest=1; water and marsh=2"
LAND_COLORS = ("khaki", "darkgreen", "steelblue")

LAYERS = {"Layers": 250}
# Parts of the status bar to hide: scale and reference system remain.
UNUSED = (
    "mCoordsEdit",
    "mMagnifierWidget",
    "mRotationLabel",
    "mRotationEdit",
    "mRenderSuppressionCBox",
    "mMessageLogViewerButton",
)

folder = Path(os.environ["BANDCLUSTER_FOLDER"])
filled_in = {}  # for each dialog title: the values by the labels of their parameters


def story():
    yield 3  # QGIS is still busy with its window
    settle()
    yield 0.5  # the layout changes
    scene = yield from open_the_scene()
    yield from choose_a_number(scene)
    classes = yield from cluster(scene)
    land = yield from merge(classes)
    yield from take_colours_into_the_model(land)
    yield from label_the_neighbour(land)


def settle():
    """Makes file names relative to the folder, and hides unused parts of the window."""
    os.chdir(folder)
    QgsSettings().setValue("Processing/Configuration/OUTPUTS_FOLDER", str(folder))
    window = iface.mainWindow()
    for bar in window.findChildren(QToolBar):
        bar.setVisible(bar.parent() is not window)
    for part in window.statusBar().findChildren(QWidget):
        if part.objectName() in UNUSED or part.metaObject().className() == "QgsLocatorWidget":
            part.hide()


def open_the_scene():
    arrange_for_one()
    scene = open_scene(SCENE, Path(SCENE).stem)
    stretch(scene, 0.05, 0.95)
    yield from show_map()
    picture(iface.mainWindow(), "scene")
    return scene


def arrange_for_one():
    arrange(850, 680, LAYERS)


def stretch(layer, lower, upper):
    """Stretches each band between these quantiles, as Symbology > Cumulative count cut does."""
    origin = QgsRasterMinMaxOrigin()
    origin.setLimits(QgsRasterMinMaxOrigin.Limits.CumulativeCut)
    origin.setCumulativeCutLower(lower)
    origin.setCumulativeCutUpper(upper)
    layer.renderer().setMinMaxOrigin(origin)
    linear = QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    layer.setContrastEnhancement(linear, QgsRasterMinMaxOrigin.Limits.CumulativeCut)
    red = layer.renderer().redContrastEnhancement()
    samples = gdal.Open(layer.source()).ReadAsArray()[2]
    for limit, part in ((red.minimumValue(), lower), (red.maximumValue(), upper)):
        found = (samples <= limit).mean()  # approximate: QGIS counts a sample of pixels in bins
        expect(
            abs(found - part) < 0.02,
            True,
            f"whether {part} of the pixels are below {limit} ({found})",
        )


def choose_a_number(scene):
    dialog = fill_in("choosek", {"INPUT": scene.id()}, (0, 0, 960, 590))
    results = yield from run(dialog)
    expect(results["RECOMMENDED_K"], 4, "the recommended number of classes")
    yield 0.5
    picture(dialog, "choose-k")
    dialog.close()


def cluster(scene):
    given = {"INPUT": scene.id(), "CLUSTERS": 4, "COLORS": COLORS}
    made = {"OUTPUT": "classes.tif", "MODEL_OUTPUT": "model.json", "REPORT": "report.html"}
    dialog = fill_in("cluster", {**given, **made}, (0, 0, 900, 870))
    yield 1
    picture(dialog, "cluster")
    yield from finish(dialog, made)
    classes = yield from only_layer("classes")
    wanted = [QColor(color).name() for color in COLORS.split(",")]
    expect(legend(classes), dict(enumerate(wanted, start=1)), "the legend")
    show(classes)
    arrange_for_one()  # again, because the panel of results has opened
    yield from show_map()
    picture(iface.mainWindow(), "classes")
    return classes


def merge(classes):
    given = {"MODEL": "model.json", "GROUPS": GROUPS, "LABELS": classes.id()}
    made = {"MODEL_OUTPUT": "merged.json", "OUTPUT": "land.tif"}
    dialog = fill_in("mergeclasses", {**given, **made}, (0, 0, 900, 480))
    yield 1
    picture(dialog, "merge")
    results = yield from finish(dialog, made)
    expect(results["MAPPING"], "1=2,2=3,3=1,4=1", "the new numbers of the classes")
    return (yield from only_layer("land"))


def take_colours_into_the_model(land):
    """Edits colours in the layer, as the styling panel does, and writes them to the model."""
    entries = land.renderer().classes()
    for entry, color in zip(entries, LAND_COLORS, strict=True):
        entry.color = QColor(color)
    land.setRenderer(QgsPalettedRasterRenderer(land.dataProvider(), 1, entries))
    land.triggerRepaint()
    made = {"MODEL_OUTPUT": "land.json"}
    dialog = fill_in(
        "stylefromlayer", {"INPUT": land.id(), "MODEL": "merged.json", **made}, (0, 0, 900, 400)
    )
    yield from finish(dialog, made)


def label_the_neighbour(land):
    given, made = {"INPUT": NEIGHBOUR, "MODEL": "land.json"}, {"OUTPUT": "neighbour.tif"}
    yield from finish(fill_in("predict", {**given, **made}, (0, 0, 900, 700)), made)
    neighbour = yield from only_layer("neighbour")
    expect(legend(neighbour), legend(land), "the neighbour's legend")
    show(land, neighbour)
    arrange(740, 930, LAYERS)
    yield from show_map()
    picture(iface.mainWindow(), "neighbour")


def fill_in(algorithm, parameters, geometry):
    """Opens a dialog with these values, and records them as a user sees them."""
    dialog = open_dialog(algorithm, parameters, geometry)
    known = QgsApplication.processingRegistry().algorithmById(f"bandcluster:{algorithm}")
    layers = QgsProject.instance().mapLayers()
    filled_in[known.displayName()] = {
        known.parameterDefinition(key).description(): (
            layers[value].name() if value in layers else str(value)
        )
        for key, value in parameters.items()
    }
    (folder / "dialogs.json").write_text(json.dumps(filled_in, indent=1))
    return dialog


def finish(dialog, made):
    """Runs, closes the dialog, and checks that the files exist; `yield from` it."""
    results = yield from run(dialog)
    dialog.close()
    for name in made.values():
        if not (folder / name).is_file():
            raise AssertionError(f"{dialog.windowTitle()} has not written {name}")
    return results


def only_layer(name):
    """Waits for the layer that a dialog loads from a file of this name; `yield from` it."""

    def layers():
        return [
            layer
            for layer in QgsProject.instance().mapLayers().values()
            if Path(layer.source()).stem == name
        ]

    yield layers
    [layer] = layers()
    expect(layer.isValid(), True, f"whether {name} is valid")
    expect(layer.crs().authid(), "EPSG:32618", f"the reference system of {name}")
    return layer


def legend(layer):
    """The colours by value, without nodata."""
    return {
        int(entry.value): entry.color.name() for entry in layer.renderer().classes() if entry.value
    }


def show(*layers):
    """Shows only these layers in the map, and only their legends."""
    for node in QgsProject.instance().layerTreeRoot().findLayers():
        node.setItemVisibilityChecked(node.layer() in layers)
        node.setExpanded(node.layer() in layers)


def picture(widget, name):
    if not widget.grab().save(str(folder / f"tutorial-{name}.png")):
        raise OSError(f"the picture {name} cannot be written")


def expect(found, wanted, what):
    if found != wanted:
        raise AssertionError(f"{what}: found {found!r}, expected {wanted!r}")


play(story())
