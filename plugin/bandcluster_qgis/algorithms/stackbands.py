"""bandcluster:stackbands: the bands of several files as one layer."""

from ..layers.styling import SceneStyler
from ..parameters import opening, outputs, scenes
from ..translation import translatable
from .base import CLUSTER, BandclusterAlgorithm


class StackBands(BandclusterAlgorithm):
    NAME = "stackbands"
    TITLE = translatable("Stack bands of several files")
    ICON = "stackbands"
    TAGS = translatable(
        ("layer stack", "bands", "merge bands", "Sentinel-2", "Landsat", "JP2", "resample", "SCL")
    )
    GROUP = CLUSTER
    FIELDS = {outputs.OUTPUT: "output"}
    STYLER = SceneStyler
    DESCRIPTION = translatable(
        "Makes one layer of the bands of several files, such as the JP2 files of 10, 20 and 60 m of"
        " a Sentinel-2 scene or the bands of a Landsat scene.\nBands without a name are named after"
        " their files, such as B08 if that is in the file's name. All bands are resampled to the"
        " pixel size of the finest band, over the area that all of them cover. The layer is a small"
        " virtual raster that reads the files: keep them where they are."
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
