"""bandcluster:openproduct: the bands of a Sentinel-2 product as one layer."""

from ..parameters import opening, scenes
from ..product import Product
from ..translation import translatable
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
        for parameter in opening.of_products():
            self.addParameter(parameter)

    def request(self, given):
        names = [name.strip() for name in (given.text(scenes.BANDS) or "").split(",") if name.strip()]
        resolution, mask_scl = given.number(opening.RESOLUTION), given.yes(scenes.MASK_SCL)
        product = Product.wanted_at(given.file(scenes.INPUT))
        return {"xml": product.virtual_raster(names, resolution, mask_scl)}
