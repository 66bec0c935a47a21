"""bandcluster:predict: label a scene with the classes of a model."""

from dataclasses import replace

from .. import parameters
from ..binding import bandcluster
from ..engine import label_scene
from ..gdal_calls import RasterError
from ..staging import staged
from ..styling import style_on_load
from .base import BandclusterAlgorithm, Job


class Predict(BandclusterAlgorithm):
    NAME = "predict"
    TITLE = "Apply classes"
    TAGS = ("predict", "model", "label", "neighbour")
    DESCRIPTION = (
        "Labels a scene with the classes of a model, so that its map matches that of the scene the model comes from.\n"
        "The scene must have the model's bands, in the same units. Where none are chosen, the bands are found by the "
        "names that the model keeps, else all are taken in their order."
    )

    def initAlgorithm(self, configuration=None):
        self.addParameter(parameters.scene())
        self.addParameter(parameters.model())
        self.addParameter(parameters.bands())
        self.addParameter(parameters.mask())
        self.addParameter(parameters.labels_output())
        self.addOutput(parameters.valid_number())

    def collect(self, given, context):
        return Job(self.scene_inputs(given, context), model=self.parameterAsFile(given, parameters.MODEL, context))

    def work(self, job, outputs, context, progress):
        labels = outputs[parameters.OUTPUT]
        model = bandcluster.Model.load(job.model)
        scene = _scene_of_model(job, model, progress)
        with staged(labels) as labels_path:
            n_valid = label_scene(scene, model, labels_path, progress)
        style_on_load(labels, model, context)
        return {parameters.N_VALID: n_valid}


def _scene_of_model(job, model, progress):
    """The scene with the bands that the model wants."""
    [scene] = job.open_scenes(progress)
    [chosen] = job.scenes
    if not chosen.bands:
        found = _bands_by_name(scene, model.band_names)
        scene = replace(chosen, bands=found).open(progress) if found else scene
    if len(scene.bands) != model.n_bands:
        raise RasterError(
            f"the model has {model.n_bands} bands ({', '.join(model.band_names)}) and {scene.title} gives "
            f"{len(scene.bands)}; choose the {model.n_bands} bands of the model, in its order"
        )
    return scene


def _bands_by_name(scene, wanted):
    """Numbers of the bands with the model's names, in its order; None when they do not tell.

    A model of bands 3, 2, 1 must not meet bands 1, 2, 3. Names that only count ("band 1") say nothing about a file
    with another number of bands.
    """
    numbers = dict(zip(scene.band_names, scene.bands))
    unique = len(numbers) == len(scene.bands) and len(set(wanted)) == len(wanted)
    counted = any(name.startswith("band ") for name in wanted)
    if not unique or (counted and len(wanted) != len(scene.bands)) or not numbers.keys() >= set(wanted):
        return None
    return [numbers[name] for name in wanted]
