"""The styles of result layers."""

from qgis.core import (
    QgsColorRampShader,
    QgsContrastEnhancement,
    QgsMultiBandColorRenderer,
    QgsProcessingLayerPostProcessorInterface,
    QgsRaster,
    QgsRasterMinMaxOrigin,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor

# Confidence from 0 to 1: viridis, whose lightness grows evenly.
_SURE = ((0, "#440154"), (0.25, "#3b528b"), (0.5, "#21918c"), (0.75, "#5ec962"), (1, "#fde725"))


class Styler(QgsProcessingLayerPostProcessorInterface):
    """Styles a layer, and puts it above layers of a higher rank.

    Those are the layers that were loaded ``together`` with it. Called on the main thread when the
    layer is there.
    """

    _alive = []  # QGIS does not own post-processors: Python must keep them alive

    def __init__(self, together=None, rank=0):
        super().__init__()
        self._alive.append(self)
        self._together = [] if together is None else together
        self._rank = rank

    def postProcessLayer(self, layer, context, feedback):
        self.style(layer)
        layer.emitStyleChanged()
        layer.triggerRepaint()
        self._together.append((self._rank, layer.id()))
        project = context.project()
        if project is not None:
            put_in_order([name for _rank, name in sorted(self._together)], project.layerTreeRoot())


class OwnStyler(Styler):
    """One legend entry for each class, from the style file or the file's own colours."""

    def style(self, layer):
        layer.loadDefaultStyle()


class ConfidenceStyler(Styler):
    """A colour ramp from 0 to 1, whatever values the map has."""

    def style(self, layer):
        shader = QgsColorRampShader(0, 1, None, QgsColorRampShader.Type.Interpolated)
        shader.setColorRampItemList(
            [
                QgsColorRampShader.ColorRampItem(value, QColor(color), f"{value:g}")
                for value, color in _SURE
            ]
        )
        raster_shader = QgsRasterShader(0, 1)
        raster_shader.setRasterShaderFunction(shader)
        renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, raster_shader)
        renderer.setClassificationMin(0)
        renderer.setClassificationMax(1)
        layer.setRenderer(renderer)


def put_in_order(names, root):
    """Sorts some layers of a group of the tree, from top to bottom; others stay."""
    nodes = [node for node in map(root.findLayer, names) if node is not None]
    group = nodes[0].parent() if nodes else None
    if group is None or any(node.parent() != group for node in nodes):
        return
    wanted = [node.layerId() for node in nodes]
    children = group.children()
    places = sorted(children.index(node) for node in nodes)
    if [children[place].layerId() for place in places] == wanted:
        return
    for place, name in zip(places, wanted):
        node = group.findLayer(name)
        if group.children().index(node) != place:
            group.insertChildNode(place, node.clone())
            group.removeChildNode(node)


class SceneStyler(Styler):
    """The bands marked red, green and blue, stretched from 2 % to 98 %.

    QGIS alone would show the first three bands.
    """

    def style(self, layer):
        provider, renderer = layer.dataProvider(), layer.renderer()
        marked = {
            provider.colorInterpretation(band): band for band in range(1, layer.bandCount() + 1)
        }
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
