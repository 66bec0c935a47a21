"""bandcluster:cluster: find classes in a scene, and label it with them."""

from ..parameters import classes, maps, outputs, scenes, search
from ..translation import translatable
from . import given as fields
from .base import CLUSTER, BandclusterAlgorithm
from .outcome import MAP_LAYERS, fit_results


class Cluster(BandclusterAlgorithm):
    NAME = "cluster"
    TITLE = translatable("Cluster a scene")
    GROUP = CLUSTER
    ICON = "bandcluster"
    PAGE = "docs/algorithms.md"
    TAGS = (
        *translatable(
            (
                "classification",
                "unsupervised",
                "clustering",
                "k-means",
                "segmentation",
                "land cover",
            )
        ),
        *translatable(("kmeans", "ISO cluster", "expectation maximisation", "density")),
        *(part for name, title, _takes_number in search.ALGORITHMS for part in (name, title)),
    )
    FIELDS = {
        outputs.OUTPUT: "output",
        outputs.CONFIDENCE: "confidence",
        outputs.MODEL_OUTPUT: "model",
        outputs.REPORT: "report",
        maps.POLYGONS: "polygons",
    }
    LAYERS = MAP_LAYERS
    DESCRIPTION = translatable(
        "Groups the pixels of a scene into classes by their values in all bands, and makes a map of"
        " the classes.\nClasses are numbered by size: the largest is 1, and 0 is nodata. They have"
        " the colours of the scene if its red, green and blue bands are known. Save the model to"
        " give other scenes the same classes with 'Apply classes'."
    )

    def initAlgorithm(self, configuration=None):
        self.addParameter(scenes.scene())
        self.addParameter(scenes.bands())
        for option in [*search.fit_options(), classes.like(), *scenes.pixel_options(scenes.mask)]:
            self.addParameter(option)
        for option in [*maps.radius_options(), *maps.map_options()]:
            self.addParameter(option)
        self.addParameter(outputs.memory())
        self.addParameter(outputs.labels_output())
        self.addParameter(outputs.confidence_output())
        self.addParameter(outputs.model_output(optional=True))
        self.addParameter(outputs.class_report_output())
        self.addParameter(maps.polygons_output())
        for number in outputs.fit_numbers():
            self.addOutput(number)

    def request(self, given):
        how = {**fields.scene(given), **fields.fit(given), **fields.class_map(given)}
        return {"command": "cluster", "like": given.file(classes.LIKE), **how}

    def results(self, outcome, progress):
        return fit_results(outcome, progress)
