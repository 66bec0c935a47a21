"""bandcluster:cluster: find classes in a scene, and label it with them."""

from .. import class_parameters, parameters
from ..engine import cluster_scene
from ..like import Like
from ..staging import staged
from ..styling import style_on_load
from .base import BandclusterAlgorithm, Job, fit_results


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
        for option in parameters.reach_options():
            self.addParameter(option)
        self.addParameter(parameters.labels_output())
        self.addParameter(parameters.confidence_output())
        self.addParameter(parameters.model_output(optional=True))
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
        labels, model = outputs[parameters.OUTPUT], outputs.get(parameters.MODEL_OUTPUT)
        [scene] = job.open_scenes(progress)
        confidence = outputs.get(parameters.CONFIDENCE)
        with staged(model) as model_path, staged(labels) as labels_path, staged(confidence) as confidence_path:
            paths = (labels_path, confidence_path)
            fitted = cluster_scene(scene, job.settings, (job.reach, Like(job.like)), paths, progress)
            if model_path:
                fitted.model.save(model_path)
        style_on_load(labels, fitted.model, context)
        return fit_results(fitted)
