"""The page for who meets bandcluster for the first time: what to run first, and what after that."""

from html import escape

import processing
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout

from . import binding
from .translation import tr, translatable

# Algorithms in the order in which a user meets them, and what each is for.
_STEPS = (
    (
        "openproduct",
        translatable(
            "A Sentinel-2 product as it was fetched? Makes one layer of its bands, without its clouds if you like."
        ),
    ),
    (
        "stackbands",
        translatable("The bands are in files of their own, of different pixels perhaps? Makes one layer of them."),
    ),
    (
        "choosek",
        translatable("How many classes has the scene? Tries several numbers on all pixels and recommends one."),
    ),
    (
        "cluster",
        translatable(
            "The main job: finds the classes and makes a map of them. Ask for a report to see what each class is, "
            "and for the model to use the classes again."
        ),
    ),
    (
        "mergeclasses",
        translatable("Two classes are one on the ground, or need a name? Says so to the model and to the map."),
    ),
    (
        "stylefromlayer",
        translatable("You named and coloured the classes in the layer's styling? Takes that into the model."),
    ),
    (
        "predict",
        translatable(
            "Gives the same classes to the neighbouring scene, or to next year's, and warns if they do not fit."
        ),
    ),
    ("fit", translatable("Finds the classes of several scenes at once, for a mosaic whose parts match.")),
)
_GOOD_TO_KNOW = translatable(
    (
        "Pixels are compared by their values in all bands: choose bands that tell, and leave out those that do not.",
        "Nodata and masked pixels stay nodata (0). Clouds become a class of their own unless a mask leaves them out.",
        "The same input, settings and seed give the same map, on any computer.",
        "Every algorithm can be run in batch, in the model designer, and by qgis_process.",
    )
)


class FirstSteps(QDialog):
    """The page, in a window of its own. A click on a step opens the dialog of its algorithm."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setWindowTitle(tr("bandcluster: first steps"))
        self.resize(720, 780)
        self.page = QTextBrowser(self)
        self.page.setOpenLinks(False)
        self.page.setHtml(_html())
        self.page.anchorClicked.connect(self._open)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        close.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.page)
        layout.addWidget(close)

    def _open(self, link):
        processing.createAlgorithmDialog(link.toString(), {}).show()


def _html() -> str:
    registry = QgsApplication.processingRegistry()
    steps = [(registry.algorithmById(f"bandcluster:{name}"), text) for name, text in _STEPS]
    problem = binding.problem()
    return "".join(
        [
            f"<h2>{escape(tr('From a satellite image to a map of classes'))}</h2>",
            f"<p><b>{escape(problem)}</b></p>" if problem else "",
            f"<p>{escape(tr('Open a scene with several bands. Then, from here or from the Processing toolbox:'))}</p>",
            '<table cellpadding="6">',
            *(_row(algorithm, tr(text)) for algorithm, text in steps if algorithm),
            f"</table><h3>{escape(tr('Good to know'))}</h3><ul>",
            *(f"<li>{escape(tr(text))}</li>" for text in _GOOD_TO_KNOW),
            f"</ul><p>{escape(tr('This page is in the menu Help, Plugins.'))}</p>",
        ]
    )


def _row(algorithm, text) -> str:
    icon = QUrl.fromLocalFile(algorithm.svgIconPath()).toString()
    link = f'<a href="{algorithm.id()}">{escape(algorithm.displayName())}</a>'
    return f'<tr><td><img src="{icon}" width="32" height="32"/></td><td><b>{link}</b><br/>{escape(text)}</td></tr>'
