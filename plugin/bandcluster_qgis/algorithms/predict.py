"""bandcluster:predict: label a scene with the classes of a model."""

from ..parameters import classes, maps, outputs, scenes
from ..translation import tr, translatable
from . import given as fields
from .base import CLUSTER, BandclusterAlgorithm
from .outcome import MAP_LAYERS, columns, percent, tell_classes


class Predict(BandclusterAlgorithm):
    NAME = "predict"
    TITLE = translatable("Apply classes")
    GROUP = CLUSTER
    ICON = "predict"
    TAGS = translatable(("classification", "predict", "model", "label", "neighbour"))
    LAYERS = MAP_LAYERS
    FIELDS = {
        outputs.OUTPUT: "output",
        outputs.CONFIDENCE: "confidence",
        outputs.REPORT: "report",
        maps.POLYGONS: "polygons",
    }
    DESCRIPTION = translatable(
        "Labels a scene with the classes of a model, so that its map matches the map of the scene"
        " the model was fitted on.\nThe scene must have the bands of the model, in the same units."
        " If no bands are chosen, they are found by the names that are stored in the model. If the"
        " bands have no names, all bands are used in their order, and the log lists the pairs. The"
        " log warns if the scene looks shifted or scaled, if its bands seem to be in another order,"
        " or if it differs from what the model was fitted on."
    )

    def initAlgorithm(self, configuration=None):
        self.addParameter(scenes.scene())
        self.addParameter(classes.model())
        self.addParameter(scenes.bands_of_model())
        for option in [*scenes.pixel_options(scenes.mask), *scenes.correction_options()]:
            self.addParameter(option)
        for option in [*maps.radius_options(), *maps.map_options()]:
            self.addParameter(option)
        self.addParameter(outputs.memory())
        self.addParameter(outputs.labels_output())
        self.addParameter(outputs.confidence_output())
        self.addParameter(outputs.class_report_output())
        self.addParameter(maps.polygons_output())
        self.addOutput(outputs.valid_number())
        self.addOutput(outputs.drift_number())

    def request(self, given):
        return {
            "command": "predict",
            "model": given.file(classes.MODEL),
            **fields.scene(given),
            "multiply": given.numbers(scenes.SCALE),
            "add": given.numbers(scenes.OFFSET),
            **fields.class_map(given),
        }

    def results(self, outcome, progress):
        self._tell_how_it_was_read(outcome, progress)
        tell_classes(outcome, progress)
        if outcome["drift"]:
            _tell_drift(outcome["drift"], progress)
        overall = outcome["drift"] and outcome["drift"]["overall"]
        return {outputs.N_VALID: outcome["n_valid"], outputs.DRIFT: overall}

    def _tell_how_it_was_read(self, outcome, progress):
        """Tells how bands were paired and samples converted, if the user did not choose that."""
        scene, pairs = (
            outcome["inputs"][0],
            [(pair["model"], pair["scene"]) for pair in outcome["bands"]],
        )
        if "bands" not in self.asked and not outcome["by_name"]:
            text = tr(
                "{scene}: the bands are paired with the model's bands by position, not by name:"
                " {pairs}. If that is wrong, choose the bands"
            )
            progress.note(
                text.format(
                    scene=scene, pairs=", ".join(f"{model} <- {own}" for model, own in pairs)
                )
            )
        if outcome["corrections"] and not {"multiply", "add"} & set(self.asked):
            each = ", ".join(
                f"* {one['scale']:.6g} {one['offset']:+.6g}" for one in outcome["corrections"]
            )
            text = tr(
                "{scene}: the samples are converted to those of the model with the scale and offset"
                " of both: {bands}"
            )
            progress.note(text.format(scene=scene, bands=each))


def _tell_drift(drift, progress):
    text = tr(
        "Compared with the training pixels, the bands have shifted by {moved:.2f} standard"
        " deviations on average. {far} of the pixels are farther from their class than 99 % of the"
        " training pixels. Shift of each band:"
    )
    text = text.format(moved=drift["overall"], far=percent(drift["beyond_radius"]))
    progress.note(text)
    rows = [
        (band["name"], f"{band['shift']:+.6g}", f"{band['distance']:.2f}")
        for band in drift["bands"]
    ]
    progress.table(columns([tr("band"), tr("median"), tr("standard deviations")], rows, left=(0,)))
