"""The parameters for the pixels that are read."""

from qgis.core import (
    QgsProcessing,
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

_PACKAGE = __package__.rpartition(".")[0]


def pixel_options(masks):
    """The parameters for the choice of pixels.

    ``masks`` is one of :func:`mask` and :func:`masks`.
    """
    return [nodata(), masks(), mask_scl(), area()]


def scene():
    return with_help(
        QgsProcessingParameterRasterLayer(INPUT, tr("Input raster")),
        tr(
            "The scene: a raster with one or more bands, of any type and size. Its nodata values"
            " and mask are used. A Sentinel-2 product (its .SAFE folder, zip or MTD_MSIL...xml) can"
            " be given, too: its 10 m bands are used, or the bands that a model asks for by name."
            " 'Open a Sentinel-2 product' shows a product and offers its other bands."
        ),
    )


def scenes():
    raster = QgsProcessing.SourceType.TypeRaster
    return with_help(
        QgsProcessingParameterMultipleLayers(INPUT, tr("Input rasters"), raster),
        tr(
            "One or more scenes; the classes are found in all of them together. Their sizes may"
            " differ. Sentinel-2 products (.SAFE folder, zip or MTD_MSIL...xml) can be given, too:"
            " their 10 m bands are used."
        ),
    )


def bands():
    return _bands(
        tr("Bands (none chosen: all)"),
        tr(
            "The bands to use, by number or name, in this order, separated by commas: 4,3,2 or"
            " B04,B03,B02. The button lists the bands of the layer. None chosen: all bands except"
            " an alpha band."
        ),
    )


def bands_of_model():
    return _bands(
        tr("Bands (none chosen: those of the model)"),
        tr(
            "The bands to use, by number or name, in the order of the model's bands, separated by"
            " commas. The button lists the bands of the layer. None chosen: the bands with the"
            " names that are stored in the model; if the bands have no names, all bands in their"
            " order, except an alpha band."
        ),
    )


def nodata():
    return advanced(
        QgsProcessingParameterString(NODATA, tr("No-data value"), optional=True),
        tr(
            "The value that marks pixels without data, such as 0 or -9999: one number for all"
            " bands, or one for each band, separated by commas; none for a band without such a"
            " value. Empty: the values of the layer, with its additional no-data value. If the"
            " layer has none, 'Apply classes' uses those of the model."
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
        tr(
            "None, or one raster for each scene, of the same size and in the same order: pixels"
            " where it is 0 or has no data are left out."
        ),
    )


def mask_scl():
    return with_help(
        QgsProcessingParameterBoolean(MASK_SCL, tr("Leave out clouds (SCL)"), defaultValue=False),
        tr(
            "For Sentinel-2 L2A products: leaves out clouds, cloud shadows, cirrus, saturated"
            " pixels and pixels without data, using the scene classification (classes 0, 1, 3, 8, 9"
            " and 10 of the SCL band)."
        ),
    )


def area():
    polygons = [QgsProcessing.SourceType.TypeVectorPolygon]
    return with_help(
        QgsProcessingParameterFeatureSource(AOI, tr("Area of interest"), polygons, optional=True),
        tr(
            "A polygon layer, in any coordinate reference system: pixels whose centre is in none of"
            " the polygons are left out. It applies to all scenes."
        ),
    )


def correction_options():
    """The parameters that make a scene comparable with the model's scene."""
    return [
        advanced(
            QgsProcessingParameterString(SCALE, tr("Scale"), optional=True),
            tr(
                "The factor that samples are multiplied by before the model is applied: one number"
                " for all bands, or one for each band, separated by commas, such as 10000 for"
                " reflectance from 0 to 1. Scale and offset both empty: the scene's and the model's"
                " own scale and offset are used, if both have them. 1 and 0: samples are not"
                " changed."
            ),
        ),
        advanced(
            QgsProcessingParameterString(OFFSET, tr("Offset"), optional=True),
            tr(
                "What is added to the samples after that, such as -1000 for Sentinel-2 products of"
                " processing baseline 04.00 (since 2022) if the model was fitted on an older"
                " product."
            ),
        ),
    ]


def _bands(label, text):
    # Not QGIS's band parameter: it needs one layer, and here there may be several, or products.
    parameter = QgsProcessingParameterString(BANDS, label, optional=True)
    parameter.setMetadata({"widget_wrapper": {"class": f"{_PACKAGE}.widgets.bands.BandsWidget"}})
    return with_help(parameter, text)
