"""bandcluster:openproduct: the bands of a Sentinel-2 product as one layer."""

from .. import parameters, product_parameters
from ..product import Product
from ..staging import staged
from ..styling import style_scene_on_load
from ..translation import translatable
from .base import CLUSTER, FAILURES, BandclusterAlgorithm, Job


class OpenProduct(BandclusterAlgorithm):
    NAME = "openproduct"
    TITLE = translatable("Open a Sentinel-2 product")
    GROUP = CLUSTER
    ICON = "openproduct"
    TAGS = translatable(("Sentinel-2", "SAFE", "L1C", "L2A", "clouds", "SCL", "bands", "stack"))
    DESCRIPTION = translatable(
        "Makes one layer of the bands of a Sentinel-2 product (L1C or L2A), in natural colours.\n"
        "Bands keep their names, and what their samples mean (scale and offset). They are brought to the pixels of the "
        "finest of them. The layer is a small virtual raster that reads the product's own files: keep them where they "
        "are. Clouds can be left out of everything that is done with the layer."
    )

    def initAlgorithm(self, configuration=None):
        for parameter in product_parameters.all_of_them():
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
        resolution = given.get(product_parameters.RESOLUTION)
        if resolution is not None:
            resolution = self.parameterAsDouble(given, product_parameters.RESOLUTION, context)
        names = [name.strip() for name in names if name.strip()]
        mask_scl = self.parameterAsBool(given, parameters.MASK_SCL, context)
        return Job([], settings={"xml": found.virtual_raster(names, resolution, mask_scl)})

    def work(self, job, outputs, context, progress):
        with staged(outputs[parameters.OUTPUT]) as path, open(path, "w", encoding="utf-8") as file:
            file.write(job.settings["xml"])
        style_scene_on_load(outputs[parameters.OUTPUT], context)
        return {}
