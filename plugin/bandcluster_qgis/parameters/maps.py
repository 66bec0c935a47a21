"""The parameters that say what a map shows: unclassified pixels, colours, filters, polygons."""

from qgis.core import (
    Qgis,
    QgsProcessing,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
)

from ..translation import tr
from .common import advanced, with_help

MAX_DISTANCE = "MAX_DISTANCE"
RADIUS_QUANTILE = "RADIUS_QUANTILE"
COLORS = "COLORS"
MAJORITY = "MAJORITY"
SIEVE = "SIEVE"
CREATE_OPTIONS = "CREATE_OPTIONS"
POLYGONS = "POLYGONS"

_LARGEST_WINDOW = 255

# The table of GDAL's options; since QGIS 3.40 it is one of QGIS's own widgets.
_OPTIONS_WIDGET = (
    {"widget_type": "rasteroptions"}
    if Qgis.versionInt() >= 34000
    else {"class": "processing.algs.gdal.ui.RasterOptionsWidget.RasterOptionsWidgetWrapper"}
)


def radius_options():
    """The parameters for unclassified pixels."""
    real = QgsProcessingParameterNumber.Type.Double
    return [
        advanced(
            QgsProcessingParameterNumber(
                MAX_DISTANCE,
                tr("Maximum distance from the class"),
                real,
                None,
                optional=True,
                minValue=0,
            ),
            tr(
                "Pixels farther than this from their class are unclassified: they get a label of"
                " their own. The distance is in the units of the bands, or in standard deviations"
                " if the bands are scaled. Not set: every pixel gets the nearest class."
            ),
        ),
        advanced(
            QgsProcessingParameterNumber(
                RADIUS_QUANTILE,
                tr("Unclassified beyond quantile"),
                real,
                None,
                optional=True,
                minValue=0,
                maxValue=1,
            ),
            tr(
                "Each class gets a maximum distance of its own: this share of its training pixels"
                " lies within it. With 0.99, pixels farther away than 99 % of the training pixels"
                " are unclassified."
            ),
        ),
    ]


def map_options():
    """The parameters for a map: filters, colours, format."""
    integer = QgsProcessingParameterNumber.Type.Integer
    return [
        with_help(
            QgsProcessingParameterString(COLORS, tr("Colours of the classes"), optional=True),
            tr(
                "One colour for each class, starting with the largest: darkgreen,#0000ff,khaki. Or"
                " palette:NAME for any number of classes: okabe-ito, tol-bright, tol-muted, tab10,"
                " set2, paired, viridis, plasma, cividis, turbo. Empty: the colours of the scene,"
                " or of the model."
            ),
        ),
        advanced(
            QgsProcessingParameterNumber(
                MAJORITY,
                tr("Majority filter window (pixels)"),
                integer,
                0,
                minValue=0,
                maxValue=_LARGEST_WINDOW,
            ),
            tr(
                "Every pixel gets the most frequent class in a window of this size around it. The"
                " size is an odd number, such as 3. 0: no filter."
            ),
        ),
        advanced(
            QgsProcessingParameterNumber(
                SIEVE,
                tr("Sieve: minimum size of a patch (pixels)"),
                integer,
                0,
                minValue=0,
                maxValue=2**31 - 1,
            ),
            tr(
                "Patches with fewer pixels get the class of their largest neighbour. The majority"
                " filter is applied before. 0: no sieve."
            ),
        ),
        _create_options(),
    ]


def _create_options():
    options = QgsProcessingParameterString(CREATE_OPTIONS, tr("Creation options"), optional=True)
    options.setMetadata({"widget_wrapper": _OPTIONS_WIDGET})
    return advanced(
        options,
        tr(
            "GDAL's creation options of the map, such as COMPRESS=ZSTD|BLOCKXSIZE=256. Those that"
            " would change its values, colours or georeference are refused. Empty: tiled,"
            " compressed by DEFLATE."
        ),
    )


def polygons_output():
    return with_help(
        QgsProcessingParameterVectorDestination(
            POLYGONS,
            tr("Polygons of the map"),
            QgsProcessing.SourceType.TypeVectorPolygon,
            optional=True,
            createByDefault=False,
        ),
        tr(
            "The patches of the map as polygons, with the value, name, area in hectares and colour"
            " of their class."
        ),
    )
