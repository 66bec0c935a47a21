"""bandcluster:openproduct: the bands of a Sentinel-2 product as one layer."""

from .. import opening_parameters, parameters
from ..product import Product
from ..translation import translatable
from .base import FAILURES
from .job import Job
from .opening import OpeningAlgorithm


class OpenProduct(OpeningAlgorithm):
    NAME = "openproduct"
    TITLE = translatable("Open a Sentinel-2 product")
    ICON = "openproduct"
    TAGS = translatable(("Sentinel-2", "SAFE", "L1C", "L2A", "clouds", "SCL", "bands", "stack"))
    DESCRIPTION = translatable(
        "Makes one layer of the bands of a Sentinel-2 product (L1C or L2A), in natural colours.\n"
        "Bands keep their names, and what their samples mean (scale and offset). They are brought to the pixels of the "
        "finest of them. The layer is a small virtual raster that reads the product's own files: keep them where they "
        "are. Clouds can be left out of everything that is done with the layer."
    )

    def initAlgorithm(self, configuration=None):
        for parameter in opening_parameters.of_products():
            self.addParameter(parameter)

    def checkParameterValues(self, given, context):
        try:
            Product.wanted_at(self.parameterAsFile(given, parameters.INPUT, context))
        except FAILURES as problem:
            return False, str(problem)
        return super().checkParameterValues(given, context)

    def collect(self, given, context):
        found = Product.wanted_at(self.parameterAsFile(given, parameters.INPUT, context))
        names = self.parameterAsString(given, parameters.BANDS, context).split(",")
        names = [name.strip() for name in names if name.strip()]
        mask_scl = self.parameterAsBool(given, parameters.MASK_SCL, context)
        xml = found.virtual_raster(names, self.resolution(given, context), mask_scl)
        return Job([], settings={"xml": xml})
