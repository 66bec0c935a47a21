"""bandcluster:fit: find classes in one scene or several, and keep them as a model."""

from ..parameters import classes, maps, outputs, scenes, search
from ..translation import translatable
from . import given as fields
from .base import CLUSTER, BandclusterAlgorithm
from .outcome import fit_results


class Fit(BandclusterAlgorithm):
    NAME = "fit"
    TITLE = translatable("Find classes")
    GROUP = CLUSTER
    ICON = "fit"
    TAGS = translatable(("train", "model", "mosaic"))
    FIELDS = {outputs.MODEL_OUTPUT: "model", outputs.REPORT: "report", outputs.LABELS_DIR: "labels_dir"}
    DESCRIPTION = translatable(
        "Finds classes in one scene, or in several together, and saves them as a model.\n"
        "Maps of the scenes go into a folder, if you choose one. Give the model to 'Apply classes' to label other "
        "scenes with the same bands."
    )

    def initAlgorithm(self, configuration=None):
        self.addParameter(scenes.scenes())
        self.addParameter(scenes.bands())
        for option in [*search.fit_options(), classes.like(), *scenes.pixel_options(scenes.masks)]:
            self.addParameter(option)
        for option in maps.radius_options():
            self.addParameter(option)
        self.addParameter(outputs.memory())
        self.addParameter(outputs.model_output(optional=False))
        self.addParameter(outputs.class_report_output())
        self.addParameter(outputs.labels_dir())
        for number in outputs.fit_numbers():
            self.addOutput(number)

    def request(self, given):
        how = {**fields.several_scenes(given), **fields.fit(given), **fields.radius(given)}
        return {"command": "fit", "like": given.file(classes.LIKE), **how}

    def results(self, outcome, progress):
        return fit_results(outcome)
