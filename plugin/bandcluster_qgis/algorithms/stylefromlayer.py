"""bandcluster:stylefromlayer: names and colours that were edited in QGIS, taken back into a model."""

import re

from qgis.core import QgsPalettedRasterRenderer

from .. import class_parameters, parameters
from ..binding import bandcluster
from ..gdal_calls import RasterError
from ..sources import raster_sources
from ..staging import staged
from ..translation import tr, translatable
from .base import CLASSES, BandclusterAlgorithm
from .job import Job, SceneInput

# What legends say of a class beside its name: "water (23.4 %)", "sand (< 0.1 %)".
_SHARE = re.compile(r" \((\d+\.\d|< 0\.1) %\)$")


class StyleFromLayer(BandclusterAlgorithm):
    NAME = "stylefromlayer"
    TITLE = translatable("Names and colours from a layer")
    GROUP = CLASSES
    ICON = "stylefromlayer"
    TAGS = translatable(("style", "legend", "symbology", "rename", "colour", "model"))
    DESCRIPTION = translatable(
        "Takes the names and colours of classes, as edited in a layer's symbology, back into the model.\n"
        "Maps that are made with the new model have them, too. The layer is a map of the model's classes, shown as "
        "Paletted/Unique values."
    )

    def initAlgorithm(self, configuration=None):
        self.addParameter(class_parameters.styled_layer())
        self.addParameter(parameters.model())
        self.addParameter(parameters.model_output(optional=False))

    def collect(self, given, context):
        sources = raster_sources(self, given, parameters.INPUT, context)
        layer = self.parameterAsRasterLayer(given, parameters.INPUT, context)
        if not context.project() or layer.id() not in context.project().mapLayers():
            # Processing loads a file without the style that lies beside it.
            layer.loadDefaultStyle()
        model = self.parameterAsFile(given, parameters.MODEL, context)
        return Job([SceneInput(source, [], None) for source in sources], settings=_entries(layer), model=model)

    def work(self, job, outputs, context, progress):
        model = bandcluster.Model.load(job.model)
        labels = range(1, model.n_labels + 1)
        # A GeoTIFF's palette has 256 colours, however many classes there are: those are shown, too, but without a name.
        unknown = sorted(
            value
            for value, (label, _color) in job.settings.items()
            if value and value not in labels and _name(label, value)
        )
        if unknown:
            raise RasterError(
                tr(
                    "the layer has the value {value:g}, and those of the model are 1 to {largest}; choose the model it "
                    "was made with"
                ).format(value=unknown[0], largest=model.n_labels)
            )
        names, colors = model.class_names, model.class_colors
        # What comes after the classes is of unclassified pixels, whose name and colour are always the same.
        for index in range(model.n_clusters):
            label, color = job.settings.get(index + 1, ("", colors[index]))
            names[index], colors[index] = _name(label, index + 1) or names[index], color
        progress.table(
            f"{index:5d}  {color}  {name}" for index, (name, color) in enumerate(zip(names, colors), start=1)
        )
        model.class_names, model.class_colors = names, colors
        with staged(outputs[parameters.MODEL_OUTPUT]) as path:
            model.save(path)
        return {}


def _entries(layer) -> dict:
    """The label and colour of each value in a layer's legend. Main thread only."""
    renderer = layer.renderer()
    if not isinstance(renderer, QgsPalettedRasterRenderer):
        raise RasterError(
            tr("the layer {} is not shown as Paletted/Unique values; choose that in its symbology").format(layer.name())
        )
    return {entry.value: (entry.label, entry.color.name()) for entry in renderer.classes()}


def _name(label, value) -> str:
    """The name that a label of a legend begins with; none where it only tells the value."""
    name = _SHARE.sub("", label).strip()
    return "" if name == f"{value:g}" else name
