"""The parameters of 'Open a Sentinel-2 product' and 'Stack bands of several files'."""

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterString,
)

from ..translation import tr
from . import outputs, scenes
from .common import with_help

RESOLUTION = "RESOLUTION"


class VirtualRasterDestination(QgsProcessingParameterRasterDestination):
    """A raster that is written as a .vrt; QGIS's own parameter would make it a .tif."""

    def clone(self):
        copy = VirtualRasterDestination(self.name(), self.description())
        copy.setHelp(self.help())
        return copy

    def defaultFileExtension(self):
        return "vrt"

    def createFileFilter(self):
        return tr("Virtual rasters (*.vrt)")

    def supportedOutputRasterLayerExtensions(self):
        return ["vrt"]

    def isSupportedOutputValue(self, value, context):
        return True, ""  # the algorithm refuses names with another extension


def of_products():
    return [
        with_help(
            QgsProcessingParameterFile(
                scenes.INPUT,
                tr("Product"),
                fileFilter=tr("Sentinel-2 products (MTD_MSIL1C.xml MTD_MSIL2A.xml *.zip *.ZIP)")
                + ";;"
                + tr("All files (*)"),
            ),
            tr(
                "The zip as downloaded, or the file MTD_MSIL1C.xml or MTD_MSIL2A.xml in a .SAFE"
                " folder. The name of the folder can be typed, too."
            ),
        ),
        with_help(
            QgsProcessingParameterString(
                scenes.BANDS, tr("Bands (none chosen: the 10 m bands)"), optional=True
            ),
            tr(
                "The names of the bands, in the order wanted, separated by commas, such as"
                " B04,B03,B02,B08,B11. None chosen: B02, B03, B04 and B08."
            ),
        ),
        _resolution(
            tr("Pixel size (m)"),
            tr(
                "The pixel size that all bands are resampled to, in metres. Not set: the pixel size"
                " of the finest band. Coarser bands are interpolated, finer bands are averaged."
            ),
        ),
        scenes.mask_scl(),
        _output(
            tr(
                "The bands as one layer: a virtual raster (.vrt) that refers to the files of the"
                " product."
            )
        ),
    ]


def of_files():
    raster = QgsProcessing.SourceType.TypeRaster
    return [
        with_help(
            QgsProcessingParameterMultipleLayers(scenes.INPUT, tr("Files of bands"), raster),
            tr(
                "The layers or files whose bands are wanted, in this order: all bands of each file,"
                " and the 10 m bands of a Sentinel-2 product. Pixel sizes may differ. All files"
                " must cover the same area in the same coordinate reference system."
            ),
        ),
        _resolution(
            tr("Pixel size (units of the coordinate reference system)"),
            tr(
                "The pixel size that all bands are resampled to, usually in metres. Not set: the"
                " pixel size of the finest band. Coarser bands are interpolated, finer bands are"
                " averaged."
            ),
        ),
        with_help(
            QgsProcessingParameterBoolean(
                scenes.MASK_SCL, tr("Leave out clouds (SCL)"), defaultValue=False
            ),
            tr(
                "Uses the scene classification of Sentinel-2 L2A as a mask and not as a band:"
                " leaves out clouds, cloud shadows, cirrus, saturated pixels and pixels without"
                " data. The classification must be among the files (..._SCL_20m.jp2) or in a"
                " product."
            ),
        ),
        _output(tr("The bands as one layer: a virtual raster (.vrt) that refers to the files.")),
    ]


def _resolution(title, text):
    real = QgsProcessingParameterNumber.Type.Double
    return with_help(QgsProcessingParameterNumber(RESOLUTION, title, real, None, True, 0), text)


def _output(text):
    return with_help(VirtualRasterDestination(outputs.OUTPUT, tr("New scene")), text)
