"""How the classes look once the result is a layer."""

from qgis.core import QgsPalettedRasterRenderer, QgsProcessingLayerPostProcessorInterface
from qgis.PyQt.QtGui import QColor


def style_on_load(path, model, context):
    """Have the layer of ``path``, if it is going to be loaded, shown with the model's names and colours."""
    if context.willLoadLayerOnCompletion(path):
        styler = ClassStyler(model.legend)
        context.layerToLoadOnCompletionDetails(path).setPostProcessor(styler)


class ClassStyler(QgsProcessingLayerPostProcessorInterface):
    """Gives a layer one legend entry for each class. Called on the main thread when the layer is there."""

    _alive = []  # QGIS does not own post-processors: without this, Python would free them too early

    def __init__(self, legend):
        super().__init__()
        self._classes = [QgsPalettedRasterRenderer.Class(value, QColor(color), name) for value, name, color in legend]
        self._alive.append(self)

    def postProcessLayer(self, layer, context, feedback):
        layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, self._classes))
        layer.emitStyleChanged()
        layer.triggerRepaint()
