"""bandcluster:fit: find classes in one scene or several, and keep them as a model."""

import contextlib
import os

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

    def work(self, request, progress):
        with _folder(request.get("labels_dir")):
            return super().work(request, progress)

    def results(self, outcome, progress):
        return fit_results(outcome)


@contextlib.contextmanager
def _folder(path):
    """A folder for results, which QGIS only names; one that was made goes again if the job fails."""
    is_new = path is not None and not os.path.exists(path)
    if is_new:
        os.makedirs(path)
    try:
        yield
    except BaseException:
        if is_new:
            os.rmdir(path)
        raise
