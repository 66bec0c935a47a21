"""bandcluster:openproduct: the bands of a Sentinel-2 product as one layer."""

from ..layers.styling import SceneStyler
from ..parameters import opening, outputs, scenes
from ..translation import translatable
from .base import CLUSTER, BandclusterAlgorithm


class OpenProduct(BandclusterAlgorithm):
    NAME = "openproduct"
    TITLE = translatable("Open a Sentinel-2 product")
    ICON = "openproduct"
    TAGS = translatable(("Sentinel-2", "SAFE", "L1C", "L2A", "clouds", "SCL", "bands", "stack"))
    GROUP = CLUSTER
    FIELDS = {outputs.OUTPUT: "output"}
    STYLER = SceneStyler
    DESCRIPTION = translatable(
        "Makes one layer of the bands of a Sentinel-2 product (L1C or L2A), in natural colours.\n"
        "Bands keep their names, and what their samples mean (scale and offset). They are brought to the pixels of the "
        "finest of them. The layer is a small virtual raster that reads the product's own files: keep them where they "
        "are. Clouds can be left out of everything that is done with the layer."
    )

    def initAlgorithm(self, configuration=None):
        for parameter in opening.of_products():
            self.addParameter(parameter)

    def request(self, given):
        names = [name.strip() for name in (given.text(scenes.BANDS) or "").split(",") if name.strip()]
        return {
            "command": "open_product",
            "input": given.file(scenes.INPUT),
            "bands": names or None,
            "resolution": given.number(opening.RESOLUTION),
            "mask_scl": given.yes(scenes.MASK_SCL),
        }

    def results(self, outcome, progress):
        return {}
