"""How the classes look once the result is a layer."""

from qgis.core import (
    QgsContrastEnhancement,
    QgsMultiBandColorRenderer,
    QgsProcessingLayerPostProcessorInterface,
    QgsRaster,
    QgsRasterMinMaxOrigin,
)


def style_on_load(path, styler, context):
    """Have the layer of an output, if it is going to be loaded, shown by a styler of this class, whatever style
    Processing is set to give to results.
    """
    if path and context.willLoadLayerOnCompletion(path):
        context.layerToLoadOnCompletionDetails(path).setPostProcessor(styler())


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


class OwnStyler(Styler):
    """One legend entry for each class: what the style beside the file, or within it, says."""

    def style(self, layer):
        layer.loadDefaultStyle()


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
