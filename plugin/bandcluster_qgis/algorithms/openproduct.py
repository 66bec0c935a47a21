"""bandcluster:openproduct: the bands of a Sentinel-2 product as one layer."""

from ..layers.styling import SceneStyler
from ..parameters import opening, outputs, scenes
from ..translation import translatable
from .base import CLUSTER, BandclusterAlgorithm


class OpenProduct(BandclusterAlgorithm):
    NAME = "openproduct"
    TITLE = translatable("Open a Sentinel-2 product")
    ICON = "openproduct"
    TAGS = translatable(
        ("Sentinel-2", "SAFE", "L1C", "L2A", "clouds", "SCL", "bands", "layer stack")
    )
    LAYERS = {outputs.OUTPUT: translatable("{} bands")}
    GROUP = CLUSTER
    FIELDS = {outputs.OUTPUT: "output"}
    STYLER = SceneStyler
    DESCRIPTION = translatable(
        "Makes one layer of the bands of a Sentinel-2 product (L1C or L2A), in natural"
        " colours.\nBands keep their names and their scale and offset. They are resampled to the"
        " pixel size of the finest band. The layer is a small virtual raster that reads the files"
        " of the product: keep them where they are. Clouds can be left out of the layer."
    )

    def initAlgorithm(self, configuration=None):
        for parameter in opening.of_products():
            self.addParameter(parameter)

    def request(self, given):
        return {
            "command": "open_product",
            "input": given.file(scenes.INPUT),
            "bands": list(map(str, given.bands())) or None,
            "resolution": given.number(opening.RESOLUTION),
            "mask_scl": given.yes(scenes.MASK_SCL),
        }

    def results(self, outcome, progress):
        return {}
