"""Results as layers of the project: their names, styles and order."""

from qgis.core import QgsProcessingContext, QgsProcessingUtils

from ..parameters import maps, outputs
from ..translation import tr
from .rasters import raster_title
from .styling import ConfidenceStyler, OwnStyler

# From top to bottom. In the order of their paths, confidence would hide the classes.
_ORDER = (maps.POLYGONS, outputs.OUTPUT, outputs.LABELS_DIR, outputs.CONFIDENCE)
_STYLERS = {
    outputs.CONFIDENCE: ConfidenceStyler,
    maps.POLYGONS: OwnStyler,
    outputs.LABELS_DIR: OwnStyler,
}


class Results:
    """The layers of one run, to be loaded when it has ended."""

    def __init__(self, algorithm, scene, context):
        self._algorithm, self._scene, self._context = algorithm, scene, context
        self._together = []  # the layers of this run that stylers have seen

    def show(self, key, path) -> None:
        """Prepares an output, if it is going to be loaded.

        It gets our style, whatever style Processing is set to use.
        """
        if not self._context.willLoadLayerOnCompletion(path):
            return
        details = self._context.layerToLoadOnCompletionDetails(path)
        # A name that the user chose stays; so does a file's name, if Processing is set so.
        if details.name == self._algorithm.parameterDefinition(key).description():
            details.name = self._named(key, self._scene)
        self._style(key, details)

    def add(self, key, path) -> None:
        """Adds a raster that is not an output of the algorithm."""
        details = QgsProcessingContext.LayerDetails(
            self._named(key, raster_title(path)),
            self._context.project(),
            key,
            QgsProcessingUtils.LayerHint.Raster,
        )
        details.forceName = True  # runs in two folders may make maps with the same name
        self._style(key, details)
        self._context.addLayerToLoadOnCompletion(path, details)

    def _named(self, key, scene) -> str:
        ending = self._algorithm.LAYERS.get(key)
        return (
            tr(ending).format(scene)
            if ending and scene
            else self._algorithm.parameterDefinition(key).description()
        )

    def _style(self, key, details) -> None:
        styler = _STYLERS.get(key, self._algorithm.STYLER)
        rank = _ORDER.index(key) if key in _ORDER else 0
        details.setPostProcessor(styler(self._together, rank))
        if hasattr(
            details, "layerSortKey"
        ):  # from QGIS 3.32 on; before, the stylers sort the layers
            details.layerSortKey = -rank
