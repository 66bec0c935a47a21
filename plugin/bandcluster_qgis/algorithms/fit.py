"""bandcluster:fit: find classes in one scene or several, and keep them as a model."""

from .. import area_parameter, class_parameters, parameters
from ..engine import Fitted, fit_scenes
from ..labels_dir import map_paths, write_maps
from ..like import Like
from ..report import save_fit_report
from ..staging import staged
from ..translation import translatable
from .base import CLUSTER, BandclusterAlgorithm, fit_results
from .output_names import check_label_output


class Fit(BandclusterAlgorithm):
    NAME = "fit"
    TITLE = translatable("Find classes")
    GROUP = CLUSTER
    ICON = "fit"
    TAGS = translatable(("train", "model", "mosaic"))
    DESCRIPTION = translatable(
        "Finds classes in one scene, or in several together, and saves them as a model.\n"
        "Maps of the scenes go into a folder, if you choose one. Give the model to 'Apply classes' to label other "
        "scenes with the same bands."
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
        self.addParameter(parameters.labels_dir())
        for number in parameters.fit_numbers():
            self.addOutput(number)

    def collect(self, given, context):
        like = self.parameterAsFile(given, class_parameters.LIKE, context) or None
        settings, reach = self.fit_settings(given, context), self.reach(given, context)
        return self.job(given, context, settings=settings, like=like, reach=reach)

    def work(self, job, outputs, context, progress):
        model_file, report = outputs[parameters.MODEL_OUTPUT], outputs.get(parameters.REPORT)
        folder = outputs.get(parameters.LABELS_DIR)
        maps = map_paths(folder, [scene.source.title for scene in job.scenes]) if folder else []
        for path in maps:
            check_label_output(path, job)
        fit, reported = (0.5 if maps else 1) * (0.8 if report else 1), 0.6 if maps else 1
        with staged(model_file) as model_path, staged(report) as report_path:
            like, scenes = Like(job.like), job.open_to_cluster(progress)
            like.check(scenes)
            fitted = fit_scenes(scenes, job.settings, progress.span(0, fit))
            job.reach.apply(fitted.model)
            model, _values = like.apply(fitted.model)
            model.save(model_path)
            if report_path:
                shown = Fitted(model, fitted.n_valid)
                save_fit_report(scenes, shown, report_path, job.command, model_file, progress.span(fit, reported))
            if maps:
                write_maps(scenes, model, maps, progress.span(reported, 1))
        return fit_results(fitted)
