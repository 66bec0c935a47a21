"""bandcluster:cluster: find classes in a scene, and label it with them."""

from ..parameters import classes, maps, outputs, scenes, search
from ..translation import translatable
from . import given as fields
from .base import CLUSTER, BandclusterAlgorithm
from .outcome import fit_results


class Cluster(BandclusterAlgorithm):
    NAME = "cluster"
    TITLE = translatable("Cluster a scene")
    GROUP = CLUSTER
    ICON = "bandcluster"
    TAGS = translatable(("isodata", "segment", "land cover"))
    FIELDS = {
        outputs.OUTPUT: "output",
        outputs.CONFIDENCE: "confidence",
        outputs.MODEL_OUTPUT: "model",
        outputs.REPORT: "report",
        maps.POLYGONS: "polygons",
    }
    DESCRIPTION = translatable(
        "Groups the pixels of a scene into classes by their values in all bands, and makes a map of the classes.\n"
        "Classes are numbered by size, the largest is 1; 0 is nodata. They are coloured like the scene where its bands "
        "tell what is red, green and blue. Save the model to give other scenes the same classes with 'Apply classes'."
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
        return fit_results(outcome)
