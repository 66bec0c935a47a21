"""How far classes reach: pixels farther away are unclassified."""

from dataclasses import dataclass

from .gdal_calls import RasterError
from .translation import tr


@dataclass(frozen=True)
class Reach:
    max_distance: "float | None"
    radius_quantile: "float | None"

    def __post_init__(self):
        if None not in (self.max_distance, self.radius_quantile):
            raise RasterError(tr("a largest distance and a quantile of distances are both given; give one of them"))

    def apply(self, model):
        """Give the model the radii that were asked for; without any, it keeps those it has."""
        if self.max_distance is not None:
            model.set_max_distance(self.max_distance)
        if self.radius_quantile is not None:
            model.set_radius_quantile(self.radius_quantile)
