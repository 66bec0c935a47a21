"""bandcluster:fit: find classes in one scene or several, and keep them as a model."""

from .. import area_parameter, class_parameters, parameters
from ..engine import Fitted, fit_scenes
from ..like import Like
from ..report import save_fit_report
from ..staging import staged
from ..translation import translatable
from .base import CLUSTER, BandclusterAlgorithm, fit_results


class Fit(BandclusterAlgorithm):
    NAME = "fit"
    TITLE = translatable("Find classes")
    GROUP = CLUSTER
    ICON = "fit"
    TAGS = translatable(("train", "model", "mosaic"))
    DESCRIPTION = translatable(
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
        self.addParameter(parameters.mask_scl())
        self.addParameter(area_parameter.area())
        for option in parameters.reach_options():
            self.addParameter(option)
        self.addParameter(parameters.model_output(optional=False))
        self.addParameter(parameters.class_report_output())
        for number in parameters.fit_numbers():
            self.addOutput(number)

    def collect(self, given, context):
        like = self.parameterAsFile(given, class_parameters.LIKE, context) or None
        settings, reach = self.fit_settings(given, context), self.reach(given, context)
        return self.job(given, context, settings=settings, like=like, reach=reach)

    def work(self, job, outputs, context, progress):
        model_file, report = outputs[parameters.MODEL_OUTPUT], outputs.get(parameters.REPORT)
        with staged(model_file) as model_path, staged(report) as report_path:
            like, scenes = Like(job.like), job.open_scenes(progress)
            like.check(scenes)
            fitted = fit_scenes(scenes, job.settings, progress.span(0, 0.8 if report_path else 1))
            job.reach.apply(fitted.model)
            model, _values = like.apply(fitted.model)
            model.save(model_path)
            if report_path:
                shown = Fitted(model, fitted.n_valid)
                save_fit_report(scenes, shown, report_path, job.command, model_file, progress.span(0.8, 1))
        return fit_results(fitted)
