"""bandcluster:stylefromlayer: save names and colours that were edited in QGIS in a model."""

from ..binding import bandcluster
from ..failures import Refused
from ..layers.legend import legend
from ..parameters import classes, outputs, scenes
from ..translation import tr, translatable
from .base import CLASSES, BandclusterAlgorithm


class StyleFromLayer(BandclusterAlgorithm):
    NAME = "stylefromlayer"
    TITLE = translatable("Names and colours from a layer")
    GROUP = CLASSES
    ICON = "stylefromlayer"
    TAGS = translatable(("style", "legend", "symbology", "rename", "colour", "color", "model"))
    FIELDS = {outputs.MODEL_OUTPUT: "output"}
    DESCRIPTION = translatable(
        "Saves the names and colours of classes, as edited in a layer's symbology, in a new"
        " model.\nMaps that are made with the new model have them, too. The layer must be a map of"
        " the model's classes, shown as Paletted/Unique values."
    )

    def initAlgorithm(self, configuration=None):
        self.addParameter(classes.styled_layer())
        self.addParameter(classes.model())
        self.addParameter(outputs.model_output(optional=False))

    def request(self, given):
        layer = given.algorithm.parameterAsRasterLayer(given.values, scenes.INPUT, given.context)
        if layer is None:
            raise Refused(
                tr("QGIS cannot load {} as a raster layer; choose another raster").format(
                    given.text(scenes.INPUT)
                )
            )
        project = given.context.project()
        if not project or layer.id() not in project.mapLayers():
            # Processing loads a file without the style file beside it.
            layer.loadDefaultStyle()
        return {"model": given.file(classes.MODEL), "legend": legend(layer)}

    def check(self, request):
        """Does nothing: the library has no such job to check."""

    def work(self, request, progress):
        model, shown = bandcluster.Model.load(request["model"]), request["legend"]
        labels = range(1, model.n_labels + 1)
        # A GeoTIFF's palette always has 256 colours. Those beyond the classes are shown without a
        # name.
        unknown = sorted(
            value
            for value, (name, _color) in shown.items()
            if value and value not in labels and name
        )
        if unknown:
            raise Refused(
                tr(
                    "the layer has the value {value:g}, and the values of the model are 1 to"
                    " {largest}; choose the model that the map was made with"
                ).format(value=unknown[0], largest=model.n_labels)
            )
        names, colors = model.class_names, model.class_colors
        # The values after the classes are unclassified pixels; their name and colour never change.
        for index in range(model.n_clusters):
            name, colors[index] = shown.get(index + 1, ("", colors[index]))
            names[index] = name or names[index]
        progress.table(
            f"{index:5d}  {color}  {name}"
            for index, (name, color) in enumerate(zip(names, colors), start=1)
        )
        model.class_names, model.class_colors = names, colors
        model.save(request["output"])
        return {}
