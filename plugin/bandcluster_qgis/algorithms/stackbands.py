"""bandcluster:stackbands: the bands of several files as one layer."""

from ..layers.styling import SceneStyler
from ..parameters import opening, outputs, scenes
from ..translation import translatable
from .base import CLUSTER, BandclusterAlgorithm


class StackBands(BandclusterAlgorithm):
    NAME = "stackbands"
    TITLE = translatable("Stack bands of several files")
    ICON = "stackbands"
    TAGS = translatable(("stack", "bands", "layer stack", "merge", "Sentinel-2", "Landsat", "JP2", "resample", "SCL"))
    GROUP = CLUSTER
    FIELDS = {outputs.OUTPUT: "output"}
    STYLER = SceneStyler
    DESCRIPTION = translatable(
        "Makes one layer of the bands of several files, such as the JP2 files of 10, 20 and 60 m of a Sentinel-2 scene "
        "or the bands of a Landsat scene.\n"
        "Bands without a name are called after their files: B08 where the file's name says so. All are brought to the "
        "pixels of the finest of them, over the ground that all show. The layer is a small virtual raster that reads "
        "the files themselves: keep them where they are."
    )

    def initAlgorithm(self, configuration=None):
        for parameter in opening.of_files():
            self.addParameter(parameter)

    def request(self, given):
        return {
            "command": "stack",
            "inputs": [raster.name for raster in given.rasters(scenes.INPUT)],
            "resolution": given.number(opening.RESOLUTION),
            "mask_scl": given.yes(scenes.MASK_SCL),
        }

    def results(self, outcome, progress):
        return {}
