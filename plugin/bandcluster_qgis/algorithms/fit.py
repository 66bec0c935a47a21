"""bandcluster:fit: find classes in one scene or several, and keep them as a model."""

import contextlib
import os

from ..parameters import classes, maps, outputs, scenes, search
from ..translation import translatable
from . import given as fields
from .base import CLUSTER, BandclusterAlgorithm
from .outcome import MAP_LAYERS, fit_results


class Fit(BandclusterAlgorithm):
    NAME = "fit"
    TITLE = translatable("Find classes")
    GROUP = CLUSTER
    ICON = "fit"
    PAGE = "docs/algorithms.md"
    TAGS = translatable(("classification", "train", "fit", "model", "mosaic", "several scenes"))
    FIELDS = {
        outputs.MODEL_OUTPUT: "model",
        outputs.REPORT: "report",
        outputs.LABELS_DIR: "labels_dir",
    }
    LAYERS = {outputs.LABELS_DIR: MAP_LAYERS[outputs.OUTPUT]}
    DESCRIPTION = translatable(
        "Finds classes in one scene, or in several scenes together, and saves them as a model.\nIf"
        " you choose a folder for maps, a map of each scene is written there. Use the model in"
        " 'Apply classes' to label other scenes that have the same bands."
    )

    def initAlgorithm(self, configuration=None):
        self.addParameter(scenes.scenes())
        self.addParameter(scenes.bands())
        for option in [*search.fit_options(), classes.like(), *scenes.pixel_options(scenes.masks)]:
            self.addParameter(option)
        for option in maps.radius_options():
            self.addParameter(option)
        self.addParameter(outputs.load_maps())
        self.addParameter(outputs.memory())
        self.addParameter(outputs.model_output(optional=False))
        self.addParameter(outputs.class_report_output())
        self.addParameter(outputs.labels_dir())
        for output in [*outputs.fit_numbers(), outputs.maps_of_scenes()]:
            self.addOutput(output)

    def request(self, given):
        how = {**fields.several_scenes(given), **fields.fit(given), **fields.radius(given)}
        return {"command": "fit", "like": given.file(classes.LIKE), **how}

    def check(self, request):
        # QGIS only chooses a name for the folder. The library needs an existing folder, so it is
        # made when the work begins.
        is_there = os.path.isdir(request.get("labels_dir", ""))
        super().check(request if is_there else {**request, "labels_dir": None})

    def work(self, request, progress):
        with _folder(request.get("labels_dir")):
            return super().work(request, progress)

    def results(self, outcome, progress):
        written = outcome.get("labels")
        more = {outputs.MAPS: [one["output"] for one in written]} if written else {}
        return {**fit_results(outcome, progress), **more}

    def load_more(self, layers, values, results, context):
        if context.project() is not None and self.parameterAsBool(
            values, outputs.LOAD_MAPS, context
        ):
            for path in results.get(outputs.MAPS, ()):
                layers.add(outputs.LABELS_DIR, path)


@contextlib.contextmanager
def _folder(path):
    """Makes a folder for results; it is removed again if the job fails."""
    is_new = path is not None and not os.path.exists(path)
    if is_new:
        os.makedirs(path)
    try:
        yield
    except BaseException:
        if is_new:
            os.rmdir(path)
        raise
