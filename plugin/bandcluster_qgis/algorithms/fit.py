"""bandcluster:fit: find classes in one scene or several, and keep them as a model."""

from .. import class_parameters, parameters
from ..engine import fit_scenes
from ..like import Like
from ..staging import staged
from .base import BandclusterAlgorithm, Job, fit_results


class Fit(BandclusterAlgorithm):
    NAME = "fit"
    TITLE = "Find classes"
    TAGS = ("train", "model", "mosaic")
    DESCRIPTION = (
        "Finds classes in one scene, or in several together, and saves them as a model.\n"
        "Give the model to 'Apply classes' to label these scenes, or others with the same bands."
    )

    def initAlgorithm(self, configuration=None):
        self.addParameter(parameters.scenes())
        self.addParameter(parameters.bands())
        for option in parameters.fit_options():
            self.addParameter(option)
        self.addParameter(class_parameters.like())
        self.addParameter(parameters.masks())
        for option in parameters.reach_options():
            self.addParameter(option)
        self.addParameter(parameters.model_output(optional=False))
        for number in parameters.fit_numbers():
            self.addOutput(number)

    def collect(self, given, context):
        return Job(
            self.scene_inputs(given, context),
            settings=self.fit_settings(given, context),
            like=self.parameterAsFile(given, class_parameters.LIKE, context) or None,
            reach=self.reach(given, context),
        )

    def work(self, job, outputs, context, progress):
        with staged(outputs[parameters.MODEL_OUTPUT]) as model_path:
            like, scenes = Like(job.like), job.open_scenes(progress)
            like.check(scenes)
            fitted = fit_scenes(scenes, job.settings, progress)
            job.reach.apply(fitted.model)
            model, _values = like.apply(fitted.model)
            model.save(model_path)
        return fit_results(fitted)
