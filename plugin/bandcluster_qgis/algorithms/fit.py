"""bandcluster:fit: find classes in one scene or several, and keep them as a model."""

from dataclasses import dataclass

from .. import parameters
from ..engine import FitSettings, fit_scenes
from ..gdal_calls import RasterError
from ..sources import raster_sources
from ..staging import staged
from .base import BandclusterAlgorithm, SceneInput, fit_results


@dataclass
class _Job:
    scenes: list
    settings: FitSettings
    model_output: str


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
        self.addParameter(parameters.model_output(optional=False))
        for number in parameters.fit_numbers():
            self.addOutput(number)

    def collect(self, parameters_given, context):
        sources = raster_sources(self, parameters_given, parameters.INPUT, context)
        masks = raster_sources(self, parameters_given, parameters.MASK, context)
        if masks and len(masks) != len(sources):
            raise RasterError(
                f"there are {len(masks)} masks for {len(sources)} scenes; give one mask for each scene, or none"
            )
        bands = self.parameterAsInts(parameters_given, parameters.BANDS, context)
        scenes = [SceneInput(source, bands, mask) for source, mask in zip(sources, masks or [None] * len(sources))]
        inputs = [name for scene in scenes for name in scene.files()]
        return _Job(
            scenes,
            self.fit_settings(parameters_given, context),
            self.output_path(parameters_given, parameters.MODEL_OUTPUT, context, inputs),
        )

    def work(self, job, context, progress):
        scenes = [scene.open() for scene in job.scenes]
        with staged(job.model_output) as model_path:
            fitted = fit_scenes(scenes, job.settings, progress)
            fitted.model.save(model_path)
        return {parameters.MODEL_OUTPUT: job.model_output, **fit_results(fitted)}
