"""bandcluster:fit: find classes in one scene or several, and keep them as a model."""

from .. import parameters
from ..engine import fit_scenes
from ..report import save_fit_report
from ..staging import staged
from .base import BandclusterAlgorithm, fit_results


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
        self.addParameter(parameters.masks())
        for option in parameters.reach_options():
            self.addParameter(option)
        self.addParameter(parameters.model_output(optional=False))
        self.addParameter(parameters.class_report_output())
        for number in parameters.fit_numbers():
            self.addOutput(number)

    def collect(self, given, context):
        settings, reach = self.fit_settings(given, context), self.reach(given, context)
        return self.job(given, context, settings=settings, reach=reach)

    def work(self, job, outputs, context, progress):
        model, report = outputs[parameters.MODEL_OUTPUT], outputs.get(parameters.REPORT)
        with staged(model) as model_path, staged(report) as report_path:
            scenes = job.open_scenes(progress)
            fitted = fit_scenes(scenes, job.settings, progress.span(0, 0.8 if report_path else 1))
            job.reach.apply(fitted.model)
            fitted.model.save(model_path)
            if report_path:
                save_fit_report(scenes, fitted, report_path, job.command, model, progress.span(0.8, 1))
        return fit_results(fitted)
