"""bandcluster:cluster: find classes in a scene, and label it with them."""

from .. import area_parameter, class_parameters, map_parameters, parameters
from ..engine import cluster_scene
from ..gdal_calls import RasterError
from ..polygons import write_polygons
from ..report import Album
from ..staging import staged, staged_map
from ..styling import style_on_load
from ..translation import tr, translatable
from .base import CLUSTER, BandclusterAlgorithm, fit_results


class Cluster(BandclusterAlgorithm):
    NAME = "cluster"
    TITLE = translatable("Cluster a scene")
    GROUP = CLUSTER
    ICON = "bandcluster"
    TAGS = translatable(("isodata", "segment", "land cover"))
    DESCRIPTION = translatable(
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
        self.addParameter(parameters.mask_scl())
        self.addParameter(area_parameter.area())
        for option in [*parameters.reach_options(), *map_parameters.map_options()]:
            self.addParameter(option)
        self.addParameter(parameters.labels_output())
        self.addParameter(parameters.confidence_output())
        self.addParameter(parameters.model_output(optional=True))
        self.addParameter(parameters.class_report_output())
        self.addParameter(map_parameters.polygons_output())
        for number in parameters.fit_numbers():
            self.addOutput(number)

    def collect(self, given, context):
        job = self.job(
            given,
            context,
            settings=self.fit_settings(given, context),
            like=self.parameterAsFile(given, class_parameters.LIKE, context) or None,
            reach=self.reach(given, context),
            **self.map_settings(given, context),
        )
        if job.like and job.colors:
            raise RasterError(tr("colours are given, and a model whose colours the classes are to have; give one"))
        return job

    def work(self, job, outputs, context, progress):
        labels, model = outputs[parameters.OUTPUT], outputs.get(parameters.MODEL_OUTPUT)
        polygons = outputs.get(map_parameters.POLYGONS)
        [scene] = job.open_to_cluster(progress)
        confidence, report = outputs.get(parameters.CONFIDENCE), outputs.get(parameters.REPORT)
        most = 0.9 if polygons else 1
        with (
            staged(model) as model_path,
            staged_map(labels) as labels_path,
            staged(confidence) as confidence_path,
            staged(report) as report_path,
        ):
            album = Album(scene, wanted=report_path is not None)
            paths, part = (labels_path, confidence_path), progress.span(0, most)
            fitted, tally = cluster_scene(scene, job, paths, album, part)
            if model_path:
                fitted.model.save(model_path)
            write_polygons(labels_path, polygons, fitted.model, progress.span(most, 1))
            album.save(fitted.model, report_path, tally, command=job.command, model_file=model)
        style_on_load(labels, context)
        style_on_load(polygons, context)
        return fit_results(fitted)
