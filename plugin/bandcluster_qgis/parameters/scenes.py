"""The parameters that say which pixels are read."""

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBand,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ..translation import tr
from .common import advanced, with_help

INPUT = "INPUT"
BANDS = "BANDS"
NODATA = "NODATA"
MASK = "MASK"
MASK_SCL = "MASK_SCL"
AOI = "AOI"
SCALE = "SCALE"
OFFSET = "OFFSET"


def pixel_options(masks):
    """Which pixels of the chosen bands are used; ``masks`` is one of :func:`mask` and :func:`masks`."""
    return [nodata(), masks(), mask_scl(), area()]


def scene():
    return with_help(
        QgsProcessingParameterRasterLayer(INPUT, tr("Input raster")),
        tr(
            "The scene: a raster of one band or more, any type and size. Its nodata values and mask are respected. A "
            "Sentinel-2 product (its .SAFE folder, zip or MTD_MSIL...xml) is taken, too: its bands of 10 m, or those "
            "that a model asks for by name. 'Open a Sentinel-2 product' shows it, and gives it other bands."
        ),
    )


def scenes():
    raster = QgsProcessing.SourceType.TypeRaster
    return with_help(
        QgsProcessingParameterMultipleLayers(INPUT, tr("Input rasters"), raster),
        tr(
            "One scene or several; the classes are found in all of them together. The sizes may differ. Sentinel-2 "
            "products (.SAFE folder, zip or MTD_MSIL...xml) are taken, too: their bands of 10 m."
        ),
    )


def bands():
    return _bands(
        tr("Bands (none chosen: all)"),
        tr("The bands to use, in this order. None chosen: all of them (but an alpha band)."),
    )


def bands_of_model():
    return _bands(
        tr("Bands (none chosen: those of the model)"),
        tr(
            "The bands to use, in the order of the model's. None chosen: those with the names that the model keeps; "
            "where the bands have no names, all of them in their order (but an alpha band)."
        ),
    )


def nodata():
    return advanced(
        QgsProcessingParameterString(NODATA, tr("No-data value"), optional=True),
        tr(
            "The value that marks pixels without data, such as 0 or -9999: one number for all bands, or one for each "
            "with commas between them; none for a band without such a value. Empty: as the layer has it, with its "
            "additional no-data value; where classes are applied to a layer that has none, the model's."
        ),
    )


def mask():
    return with_help(
        QgsProcessingParameterRasterLayer(MASK, tr("Mask"), optional=True),
        tr("A raster of the same size: pixels where it is 0 or has no data are left out."),
    )


def masks():
    raster = QgsProcessing.SourceType.TypeRaster
    return with_help(
        QgsProcessingParameterMultipleLayers(MASK, tr("Masks"), raster, optional=True),
        tr("None, or one raster for each scene, of its size and in the same order: pixels where it is 0 are left out."),
    )


def mask_scl():
    return with_help(
        QgsProcessingParameterBoolean(MASK_SCL, tr("Leave out clouds (SCL)"), defaultValue=False),
        tr(
            "Of Sentinel-2 L2A products: leaves out clouds, their shadows, cirrus, saturated pixels and those without "
            "data, by the scene classification (classes 0, 1, 3, 8, 9 and 10 of the band SCL)."
        ),
    )


def area():
    polygons = [QgsProcessing.SourceType.TypeVectorPolygon]
    return advanced(
        QgsProcessingParameterFeatureSource(AOI, tr("Area of interest"), polygons, optional=True),
        tr(
            "A layer of polygons, in any reference system: pixels with their centre in none of them are left out. Of "
            "several scenes it limits all."
        ),
    )


def correction_options():
    """What makes a scene comparable with the one that the model comes from."""
    return [
        advanced(
            QgsProcessingParameterString(SCALE, tr("Scale"), optional=True),
            tr(
                "What to multiply the samples with before they meet the model: one number for all bands, or one for "
                "each with commas between them, such as 10000 for reflectance from 0 to 1. Scale and offset both empty:"
                " as the scene's own and the model's say, where both have them; 1 and 0: nothing is done."
            ),
        ),
        advanced(
            QgsProcessingParameterString(OFFSET, tr("Offset"), optional=True),
            tr(
                "What to add to the samples after that, such as -1000 for Sentinel-2 products of processing baseline "
                "04.00 (since 2022) where the model comes from an older one."
            ),
        ),
    ]


def _bands(label, text):
    return with_help(
        QgsProcessingParameterBand(BANDS, label, parentLayerParameterName=INPUT, optional=True, allowMultiple=True),
        text,
    )
