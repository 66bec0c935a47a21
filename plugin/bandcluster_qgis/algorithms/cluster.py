"""bandcluster:cluster: find classes in a scene, and label it with them."""

from .. import area_parameter, class_parameters, parameters
from ..engine import cluster_scene
from ..like import Like
from ..report import Album
from ..staging import staged
from ..styling import style_on_load
from .base import BandclusterAlgorithm, fit_results


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
        self.addParameter(class_parameters.like())
        self.addParameter(parameters.mask())
        self.addParameter(area_parameter.area())
        for option in parameters.reach_options():
            self.addParameter(option)
        self.addParameter(parameters.labels_output())
        self.addParameter(parameters.confidence_output())
        self.addParameter(parameters.model_output(optional=True))
        self.addParameter(parameters.class_report_output())
        for number in parameters.fit_numbers():
            self.addOutput(number)

    def collect(self, given, context):
        like = self.parameterAsFile(given, class_parameters.LIKE, context) or None
        settings, reach = self.fit_settings(given, context), self.reach(given, context)
        return self.job(given, context, settings=settings, like=like, reach=reach)

    def work(self, job, outputs, context, progress):
        labels, model = outputs[parameters.OUTPUT], outputs.get(parameters.MODEL_OUTPUT)
        [scene] = job.open_scenes(progress)
        confidence, report = outputs.get(parameters.CONFIDENCE), outputs.get(parameters.REPORT)
        with (
            staged(model) as model_path,
            staged(labels) as labels_path,
            staged(confidence) as confidence_path,
            staged(report) as report_path,
        ):
            album = Album(scene, wanted=report_path is not None)
            paths, adjust = (labels_path, confidence_path), (job.reach, Like(job.like))
            fitted = cluster_scene(scene, job.settings, adjust, paths, album, progress)
            if model_path:
                fitted.model.save(model_path)
            album.save(fitted.model, report_path, command=job.command, model_file=model)
        style_on_load(labels, fitted.model, context)
        return fit_results(fitted)
