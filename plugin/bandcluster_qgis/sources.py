"""From what the user put into a Processing parameter to rasters that GDAL opens, and to polygons. Main thread only."""

import os

from qgis.core import (
    QgsFeatureRequest,
    QgsMapLayer,
    QgsProcessingFeatureSource,
    QgsProcessingParameterDefinition,
    QgsProcessingUtils,
    QgsRasterLayer,
    QgsWkbTypes,
)

from .area import Area
from .gdal_calls import RasterError
from .parameters import INPUT, MASK_SCL
from .product import Product, ProductSource
from .raster_io import Source
from .translation import tr


def raster_sources(algorithm, parameters, key, context, mask_scl=False) -> list:
    """The rasters of a parameter, which may take one or several; any scene of them may be a Sentinel-2 product.

    ``mask_scl``: all are products, and what their scene classification has as clouds is left out.
    """
    definition = algorithm.parameterDefinition(key)
    several = definition.type() == "multilayer"
    given = _items(parameters.get(key), several)
    if not given and not definition.flags() & QgsProcessingParameterDefinition.Flag.FlagOptional:
        raise RasterError(tr("{}: nothing is chosen; choose a raster").format(definition.description()))
    products = _products(algorithm, key, given)
    if mask_scl and None in products:
        raise RasterError(
            tr(
                "clouds are to be masked by the SCL band, and {} is no Sentinel-2 product; choose the product itself "
                "(its .SAFE folder, zip or MTD_MSIL2A.xml), or open it with 'Open a Sentinel-2 product'"
            ).format(_called(given[products.index(None)]))
        )
    if any(products):
        return [
            ProductSource.of(product, mask_scl) if product else _source(_resolve(item, context), item)
            for product, item in zip(products, given)
        ]
    if several:
        layers = algorithm.parameterAsLayerList(parameters, key, context)
    else:
        layers = [algorithm.parameterAsRasterLayer(parameters, key, context)] if given else []
    if len(layers) != len(given):
        # QGIS leaves out silently what it cannot load: find it, and say so.
        layers = [_resolve(item, context) for item in given]
    return [_source(layer, item) for layer, item in zip(layers, given)]


def as_qgis_loads(algorithm, parameters, key) -> dict:
    """The parameters as QGIS's own check takes them: several rasters as a list (not as a text with ; between them), and
    a layer of one band in the place of a product, which QGIS itself does not load.
    """
    several = algorithm.parameterDefinition(key).type() == "multilayer"
    given = _items(parameters.get(key), several)
    products = _products(algorithm, key, given)
    if not given:
        return parameters
    items = [
        QgsRasterLayer(product.default_file(), product.title, "gdal") if product else item
        for product, item in zip(products, given)
    ]
    return {**parameters, key: items if several else items[0]}


def polygon_area(algorithm, parameters, key, context) -> "Area | None":
    """The polygons of a parameter, of a layer all or only the selected ones, as the user chose; None for no layer."""
    if not _items(parameters.get(key), False):
        return None
    source = algorithm.parameterAsSource(parameters, key, context)
    if source is None:
        raise RasterError(
            tr("there is no layer {} for the area of interest; choose a layer of polygons").format(parameters[key])
        )
    name = source.sourceName()
    # GDAL takes polygons that cross themselves, too: QGIS's check would refuse the whole layer.
    unchecked = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
    features = source.getFeatures(QgsFeatureRequest().setSubsetOfAttributes([]), unchecked)
    geometries = [feature.geometry() for feature in features if feature.hasGeometry()]
    polygons = [g.asWkb().data() for g in geometries if g.type() == QgsWkbTypes.GeometryType.PolygonGeometry]
    if not polygons:
        raise RasterError(
            tr(
                "the area of interest {area} has {count} features and no polygons; choose a layer of polygons, and "
                "select some if only selected ones are to be used"
            ).format(area=name, count=len(geometries))
        )
    return Area(name, tuple(polygons), source.sourceCrs().toWkt())


def _items(value, several) -> list:
    if value in (None, ""):
        return []
    if several and isinstance(value, str):
        return value.split(";")
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _products(algorithm, key, items) -> list:
    """The product that each item leads to, or None: other rasters than scenes are no products."""
    scenes = key == INPUT and algorithm.parameterDefinition(MASK_SCL) is not None
    return [Product.at(item) if scenes and isinstance(item, str) else None for item in items]


def _resolve(item, context):
    if isinstance(item, QgsMapLayer):
        return item
    return QgsProcessingUtils.mapLayerFromString(str(item), context, True, QgsProcessingUtils.LayerHint.Raster)


def _source(layer, given) -> Source:
    if not isinstance(layer, QgsRasterLayer) or not layer.isValid():
        raise RasterError(_why_no_raster(given))
    if layer.providerType() != "gdal":
        raise RasterError(
            tr(
                "the layer {layer} comes from '{provider}', and only what GDAL reads can be used; export the layer to "
                "a GeoTIFF first"
            ).format(layer=layer.name(), provider=layer.providerType())
        )
    # QGIS appends open options to the name: "name|option:KEY=VALUE".
    name, *extras = layer.dataProvider().dataSourceUri().split("|")
    return Source(name, tuple(extra[len("option:") :] for extra in extras if extra.startswith("option:")))


def _called(given) -> str:
    """How a message calls a layer or a file."""
    return given.name() if isinstance(given, QgsMapLayer) else str(given)


def _why_no_raster(given) -> str:
    if isinstance(given, QgsMapLayer):
        return tr("{} is not a raster layer; choose a raster layer or file").format(given.name())
    if not os.path.exists(str(given)):
        return tr("there is no file or layer {}; choose an existing raster").format(given)
    try:
        Source(str(given)).open()
    except RasterError as error:
        return str(error)  # with GDAL's reason, which QGIS does not tell
    return tr("QGIS cannot load {} as a raster layer; choose another raster").format(given)
