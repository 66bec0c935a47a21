"""From what the user put into a Processing parameter to rasters that GDAL can open. Main thread only."""

import os

from qgis.core import QgsMapLayer, QgsProcessingUtils, QgsRasterLayer

from .gdal_calls import RasterError
from .raster_io import Source


def raster_source(algorithm, parameters, key, context) -> "Source | None":
    """The raster of a parameter; None when it is empty."""
    if parameters.get(key) in (None, ""):
        return None
    layer = algorithm.parameterAsRasterLayer(parameters, key, context)
    return _source(layer, parameters[key])


def raster_sources(algorithm, parameters, key, context) -> list:
    """The rasters of a parameter that takes several."""
    given = _items(parameters.get(key))
    layers = algorithm.parameterAsLayerList(parameters, key, context)
    if len(layers) == len(given):
        return [_source(layer, item) for layer, item in zip(layers, given)]
    # QGIS leaves out silently what it cannot load: find it, and say so.
    return [_source(_resolve(item, context), item) for item in given]


def _items(value) -> list:
    if value in (None, ""):
        return []
    if isinstance(value, str):
        return value.split(";")
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _resolve(item, context):
    if isinstance(item, QgsMapLayer):
        return item
    return QgsProcessingUtils.mapLayerFromString(str(item), context, True, QgsProcessingUtils.LayerHint.Raster)


def _source(layer, given) -> Source:
    if not isinstance(layer, QgsRasterLayer) or not layer.isValid():
        raise RasterError(_why_no_raster(given))
    if layer.providerType() != "gdal":
        raise RasterError(
            f"the layer {layer.name()} comes from '{layer.providerType()}', and only what GDAL reads can be used; "
            "export the layer to a GeoTIFF first"
        )
    # QGIS appends open options to the name: "name|option:KEY=VALUE".
    name, *extras = layer.dataProvider().dataSourceUri().split("|")
    return Source(name, tuple(extra[len("option:") :] for extra in extras if extra.startswith("option:")))


def _why_no_raster(given) -> str:
    name = given.name() if isinstance(given, QgsMapLayer) else str(given)
    if not isinstance(given, QgsMapLayer) and not os.path.exists(name):
        return f"there is no file or layer {name}; choose an existing raster"
    return f"{name} is not a raster that GDAL can read; choose a raster file or layer"
