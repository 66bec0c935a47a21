"""What makes one layer of the bands of several files."""

from ..layers.styling import SceneStyler
from ..parameters import outputs
from ..staging import staged
from .base import CLUSTER, BandclusterAlgorithm


class OpeningAlgorithm(BandclusterAlgorithm):
    """A subclass requests the XML of a virtual raster."""

    GROUP = CLUSTER
    FIELDS = {outputs.OUTPUT: "output"}
    STYLER = SceneStyler

    def work(self, request, progress):
        with staged(request["output"]) as path, open(path, "w", encoding="utf-8") as file:
            file.write(request["xml"])
        return {}
