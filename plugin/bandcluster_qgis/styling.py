"""How the classes look once the result is a layer."""

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsContrastEnhancement,
    QgsFillSymbol,
    QgsMultiBandColorRenderer,
    QgsProcessingLayerPostProcessorInterface,
    QgsRaster,
    QgsRasterMinMaxOrigin,
    QgsRendererCategory,
)
from qgis.PyQt.QtGui import QColor

from .staging import legend_path


def style_on_load(path, context):
    """Have the layer of a class raster, if it is going to be loaded, shown with the legend beside its file."""
    _on_load(path, ClassStyler(legend_path(path)), context)


def style_scene_on_load(path, context):
    """Have the layer of a scene, if it is going to be loaded, shown in natural colours."""
    _on_load(path, SceneStyler(), context)


def style_polygons_on_load(path, model, context):
    """Have the layer of a map's polygons, if it is going to be loaded, shown in the colours of its classes."""
    _on_load(path, PolygonStyler(model.legend), context)


def _on_load(path, styler, context):
    if path and context.willLoadLayerOnCompletion(path):
        context.layerToLoadOnCompletionDetails(path).setPostProcessor(styler)


class Styler(QgsProcessingLayerPostProcessorInterface):
    """Styles a layer. Called on the main thread when the layer is there."""

    _alive = []  # QGIS does not own post-processors: without this, Python would free them too early

    def __init__(self):
        super().__init__()
        self._alive.append(self)

    def postProcessLayer(self, layer, context, feedback):
        self.style(layer)
        layer.emitStyleChanged()
        layer.triggerRepaint()


class ClassStyler(Styler):
    """One legend entry for each class, with its name and share: what the legend file says."""

    def __init__(self, legend):
        super().__init__()
        self._legend = legend

    def style(self, layer):
        layer.loadNamedStyle(self._legend)


class SceneStyler(Styler):
    """The bands that are marked so as red, green and blue, between their 2 % and 98 %: QGIS takes the first three."""

    def style(self, layer):
        provider, renderer = layer.dataProvider(), layer.renderer()
        marked = {provider.colorInterpretation(band): band for band in range(1, layer.bandCount() + 1)}
        shown = [
            marked.get(color)
            for color in (
                QgsRaster.ColorInterpretation.RedBand,
                QgsRaster.ColorInterpretation.GreenBand,
                QgsRaster.ColorInterpretation.BlueBand,
            )
        ]
        if isinstance(renderer, QgsMultiBandColorRenderer) and None not in shown:
            renderer.setRedBand(shown[0])
            renderer.setGreenBand(shown[1])
            renderer.setBlueBand(shown[2])
            layer.setContrastEnhancement(
                QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum,
                QgsRasterMinMaxOrigin.Limits.CumulativeCut,
            )


class PolygonStyler(Styler):
    """Polygons filled with the colour of their class, without outlines."""

    def __init__(self, legend):
        super().__init__()
        self._classes = legend

    def style(self, layer):
        categories = [QgsRendererCategory(value, _fill(color), name) for value, name, color in self._classes]
        layer.setRenderer(QgsCategorizedSymbolRenderer("value", categories))


def _fill(color):
    symbol = QgsFillSymbol.createSimple({"outline_style": "no"})
    symbol.setColor(QColor(color))
    return symbol
