"""Turns the values of raster parameters into names that the library opens.

Main thread only.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from qgis.core import (
    QgsMapLayer,
    QgsProcessingParameterDefinition,
    QgsProcessingUtils,
    QgsRasterLayer,
)

from ..failures import Refused
from ..translation import tr


@dataclass(frozen=True)
class Raster:
    """A chosen raster: its name, and its layer if it is a layer."""

    name: str
    layer: "QgsRasterLayer | None" = None

    def title(self) -> str:
        """The user's name of the raster."""
        return self.layer.name() if self.layer else raster_title(self.name)


def raster_title(name) -> str:
    """A file's name without folder and extension.

    For a product, the name of the product: the metadata files of all products have the same name.
    """
    path = Path(name.split("|")[0])
    if path.name.startswith("MTD_MSIL"):
        path = path.parent
    return path.name.split(".")[0]


def is_of_rasters(definition) -> bool:
    """Whether a parameter takes one raster, or several."""
    return definition.type() in ("raster", "multilayer")


def rasters(definition, value, context) -> "list[Raster]":
    """The rasters in a parameter's value; empty for an optional parameter without one."""
    items = _items(value, takes_several(definition))
    if not items and not definition.flags() & QgsProcessingParameterDefinition.Flag.FlagOptional:
        raise Refused(tr("{}: nothing is chosen; choose a raster").format(definition.description()))
    return [_raster(item, context) for item in items]


def takes_several(definition) -> bool:
    return definition.type() == "multilayer"


def _items(value, several) -> list:
    if value in (None, ""):
        return []
    if several and isinstance(value, str) and not os.path.exists(value):
        return value.split(";")
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _raster(item, context) -> Raster:
    if isinstance(item, QgsMapLayer):
        return raster_of(item)
    # A file that is not a layer is left to the library, because QGIS cannot load products.
    is_there = os.path.exists(str(item))
    hint = QgsProcessingUtils.LayerHint.Raster
    layer = QgsProcessingUtils.mapLayerFromString(str(item), context, not is_there, hint)
    if layer is not None:
        return raster_of(layer)
    if not is_there:
        raise Refused(tr("there is no file or layer {}; choose an existing raster").format(item))
    return Raster(str(item))


def raster_of(layer) -> Raster:
    """The raster of a layer, with the name that the library opens."""
    if not isinstance(layer, QgsRasterLayer) or not layer.isValid():
        raise Refused(
            tr("{} is not a raster layer; choose a raster layer or file").format(layer.name())
        )
    if layer.providerType() != "gdal":
        raise Refused(
            tr(
                "the layer {layer} comes from '{provider}', and only what GDAL reads can be used;"
                " export the layer to a GeoTIFF first"
            ).format(layer=layer.name(), provider=layer.providerType())
        )
    # QGIS appends open options and more to the name: "name|option:KEY=VALUE".
    name, *more = layer.dataProvider().dataSourceUri().split("|")
    return Raster("|".join([name, *(part for part in more if part.startswith("option:"))]), layer)
