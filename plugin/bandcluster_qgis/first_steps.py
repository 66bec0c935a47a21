"""The page for new users: what to run first, and what to run next."""

from html import escape

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout

from . import binding, dialogs
from .translation import tr, translatable

# The algorithms in the order of use, and the purpose of each.
_STEPS = (
    (
        "openproduct",
        translatable(
            "For a Sentinel-2 product as downloaded: makes one layer of its bands, without clouds"
            " if you like."
        ),
    ),
    (
        "stackbands",
        translatable(
            "For bands in separate files, also with different pixel sizes: makes one layer of them."
        ),
    ),
    (
        "choosek",
        translatable(
            "How many classes are there in the scene? Tries several numbers on all pixels and"
            " recommends one."
        ),
    ),
    (
        "cluster",
        translatable(
            "The main step: finds the classes and makes a map of them. Save a report to see what"
            " each class is, and the model to use the classes again."
        ),
    ),
    (
        "mergeclasses",
        translatable(
            "Merges classes that are the same on the ground, and names classes, in the model and in"
            " the map."
        ),
    ),
    (
        "stylefromlayer",
        translatable(
            "Saves names and colours that you have set in the layer's symbology in the model."
        ),
    ),
    (
        "predict",
        translatable(
            "Gives the same classes to a neighbouring scene, or to next year's scene, and warns if"
            " they do not fit."
        ),
    ),
    (
        "fit",
        translatable("Finds classes in several scenes at once, for a mosaic whose parts match."),
    ),
)
_GOOD_TO_KNOW = translatable(
    (
        (
            "Pixels are compared by their values in all bands: choose the bands that separate your"
            " classes, and leave out others."
        ),
        (
            "Nodata and masked pixels stay nodata (0). Clouds become classes of their own unless a"
            " mask leaves them out."
        ),
        "The same input, settings and seed give the same map, on any computer.",
        (
            "Every algorithm can be run as a batch process, in the model designer, and with"
            " qgis_process."
        ),
    )
)


class FirstSteps(QDialog):
    """The page in a window. A click on a step opens the dialog of its algorithm."""

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
        dialogs.show_algorithm(link.toString(), {})


def _html() -> str:
    registry = QgsApplication.processingRegistry()
    steps = [(registry.algorithmById(f"bandcluster:{name}"), text) for name, text in _STEPS]
    problem = binding.problem()
    return "".join(
        [
            f"<h2>{escape(tr('From a satellite image to a map of classes'))}</h2>",
            f"<p><b>{escape(problem)}</b></p>" if problem else "",
            "<p>",
            escape(
                tr(
                    "Open a scene with several bands. Then, from here or from the Processing"
                    " toolbox:"
                )
            ),
            "</p>",
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
    return (
        f'<tr><td><img src="{icon}" width="32"'
        f' height="32"/></td><td><b>{link}</b><br/>{escape(text)}</td></tr>'
    )
