"""What makes one layer of the bands of several files."""

from .. import opening_parameters, parameters
from ..staging import staged
from ..styling import style_scene_on_load
from .base import CLUSTER, BandclusterAlgorithm


class OpeningAlgorithm(BandclusterAlgorithm):
    """A subclass collects a job whose settings are the XML of a virtual raster."""

    GROUP = CLUSTER

    def resolution(self, given, context) -> "float | None":
        """The size of a pixel that is asked for."""
        key = opening_parameters.RESOLUTION
        return None if given.get(key) is None else self.parameterAsDouble(given, key, context)

    def work(self, job, outputs, context, progress):
        with staged(outputs[parameters.OUTPUT]) as path, open(path, "w", encoding="utf-8") as file:
            file.write(job.settings["xml"])
        style_scene_on_load(outputs[parameters.OUTPUT], context)
        return {}
