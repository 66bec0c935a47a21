"""bandcluster:predict: label a scene with the classes of a model."""

from ..parameters import classes, maps, outputs, scenes
from ..translation import tr, translatable
from . import given as fields
from .base import CLUSTER, BandclusterAlgorithm


class Predict(BandclusterAlgorithm):
    NAME = "predict"
    TITLE = translatable("Apply classes")
    GROUP = CLUSTER
    ICON = "predict"
    TAGS = translatable(("predict", "model", "label", "neighbour"))
    FIELDS = {
        outputs.OUTPUT: "output",
        outputs.CONFIDENCE: "confidence",
        outputs.REPORT: "report",
        maps.POLYGONS: "polygons",
    }
    DESCRIPTION = translatable(
        "Labels a scene with the classes of a model, so that its map matches that of the scene the model comes from.\n"
        "The scene must have the model's bands, in the same units. Where none are chosen, they are found by the names "
        "that the model keeps; where the bands have no names, all are taken in their order, and the log tells the "
        "pairs. The log warns where the scene looks shifted, scaled, in another order of bands, or unlike what the "
        "model was fitted on."
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
        if outcome["drift"]:
            _tell_drift(outcome["drift"], progress)
        overall = outcome["drift"] and outcome["drift"]["overall"]
        return {outputs.N_VALID: outcome["n_valid"], outputs.DRIFT: overall}

    def _tell_how_it_was_read(self, outcome, progress):
        """Tell which bands met which, and how samples were changed, where the user did not say so."""
        scene, pairs = outcome["inputs"][0], [(pair["model"], pair["scene"]) for pair in outcome["bands"]]
        if "bands" not in self.asked and not outcome["by_name"]:
            text = tr(
                "{scene}: the bands are paired with the model's by position, not by name: {pairs}. If that is wrong, "
                "choose the bands"
            )
            progress.note(text.format(scene=scene, pairs=", ".join(f"{model} <- {own}" for model, own in pairs)))
        if outcome["corrections"] and not {"multiply", "add"} & set(self.asked):
            each = ", ".join(f"* {one['scale']:.6g} {one['offset']:+.6g}" for one in outcome["corrections"])
            text = tr(
                "{scene}: the samples are brought to those of the model, as the scale and offset of both say: {bands}"
            )
            progress.note(text.format(scene=scene, bands=each))


def _tell_drift(drift, progress):
    text = tr(
        "Bands moved by {moved:.2f} standard deviations on average; {far:.1%} of the pixels are unusually far. Median "
        "and standard deviations that each band moved by:"
    )
    text = text.format(moved=drift["overall"], far=drift["beyond_radius"])
    progress.note(text)
    lines = [f"{band['name']:>12}  {band['shift']:+12.6g}  {band['distance']:6.2f}" for band in drift["bands"]]
    progress.table(lines)
