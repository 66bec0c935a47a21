"""bandcluster:cluster: find classes in a scene, and label it with them."""

from dataclasses import dataclass

from .. import parameters
from ..engine import FitSettings, fit_scenes, label_scene
from ..staging import staged
from ..styling import style_on_load
from .base import BandclusterAlgorithm, SceneInput, fit_results


@dataclass
class _Job:
    scene: SceneInput
    settings: FitSettings
    output: str
    model_output: "str | None"


class Cluster(BandclusterAlgorithm):
    NAME = "cluster"
    TITLE = "Cluster a scene"
    TAGS = ("isodata", "segment", "land cover")
    DESCRIPTION = (
        "Groups the pixels of a scene into classes by their values in all bands, and makes a map of the classes.\n"
        "Classes are numbered by size, the largest is 1; 0 is nodata. They are coloured like the scene where its bands "
        "tell what is red, green and blue. Save the model to give other scenes the same classes with 'Apply classes'."
    )

    def initAlgorithm(self, configuration=None):
        self.addParameter(parameters.scene())
        self.addParameter(parameters.bands())
        for option in parameters.fit_options():
            self.addParameter(option)
        self.addParameter(parameters.mask())
        self.addParameter(parameters.labels_output())
        self.addParameter(parameters.model_output(optional=True))
        for number in parameters.fit_numbers():
            self.addOutput(number)

    def collect(self, parameters_given, context):
        scene = self.scene_input(parameters_given, context)
        inputs = scene.files()
        return _Job(
            scene,
            self.fit_settings(parameters_given, context),
            self.output_path(parameters_given, parameters.OUTPUT, context, inputs),
            self.output_path(parameters_given, parameters.MODEL_OUTPUT, context, inputs),
        )

    def work(self, job, context, progress):
        scene = job.scene.open()
        with staged(job.model_output) as model_path, staged(job.output) as labels_path:
            fitted = fit_scenes([scene], job.settings, progress.span(0, 0.75))
            label_scene(scene, fitted.model, labels_path, progress.span(0.75, 1))
            if model_path:
                fitted.model.save(model_path)
        style_on_load(job.output, fitted.model, context)
        results = {parameters.OUTPUT: job.output, **fit_results(fitted)}
        if job.model_output:
            results[parameters.MODEL_OUTPUT] = job.model_output
        return results
