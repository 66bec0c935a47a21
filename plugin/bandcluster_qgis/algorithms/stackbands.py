"""bandcluster:stackbands: the bands of several files as one layer."""

from .. import opening_parameters, parameters
from ..band_files import stacked
from ..sources import raster_sources
from ..translation import translatable
from .job import Job
from .opening import OpeningAlgorithm


class StackBands(OpeningAlgorithm):
    NAME = "stackbands"
    TITLE = translatable("Stack bands of several files")
    ICON = "stackbands"
    TAGS = translatable(("stack", "bands", "layer stack", "merge", "Sentinel-2", "Landsat", "JP2", "resample", "SCL"))
    DESCRIPTION = translatable(
        "Makes one layer of the bands of several files, such as the JP2 files of 10, 20 and 60 m of a Sentinel-2 scene "
        "or the bands of a Landsat scene.\n"
        "Bands without a name are called after their files: B08 where the file's name says so. All are brought to the "
        "pixels of the finest of them, over the ground that all show. The layer is a small virtual raster that reads "
        "the files themselves: keep them where they are."
    )

    def initAlgorithm(self, configuration=None):
        for parameter in opening_parameters.of_files():
            self.addParameter(parameter)

    def collect(self, given, context):
        sources = raster_sources(self, given, parameters.INPUT, context)
        mask_scl = self.parameterAsBool(given, parameters.MASK_SCL, context)
        xml = stacked(sources, self.resolution(given, context), mask_scl)
        files = tuple(name for source in sources for name in source.files())
        return Job([], settings={"xml": xml}, draws_on=files)

    def _masks_clouds(self, given, context):
        return False  # by a file of its own: the inputs need not be products
