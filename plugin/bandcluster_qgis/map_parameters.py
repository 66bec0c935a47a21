"""The parameters of what becomes of a map once its labels are there: keys (frozen), texts, limits."""

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
)

from .parameters import advanced, with_help
from .translation import tr

COLORS = "COLORS"
MAJORITY = "MAJORITY"
SIEVE = "SIEVE"
POLYGONS = "POLYGONS"

_LARGEST_WINDOW = 255


def map_options():
    """What becomes of a map once its labels are there."""
    integer = QgsProcessingParameterNumber.Type.Integer
    return [
        with_help(
            QgsProcessingParameterString(COLORS, tr("Colours of the classes"), optional=True),
            tr(
                "One for each class, from the largest: black,#ff0000,green. Or palette:NAME for any number of classes: "
                "okabe-ito, tol-bright, tol-muted, tab10, set2, paired, viridis, plasma, cividis, turbo. Empty: those "
                "of the scene, or of the model."
            ),
        ),
        advanced(
            QgsProcessingParameterNumber(
                MAJORITY, tr("Majority filter: window in pixels"), integer, 0, minValue=0, maxValue=_LARGEST_WINDOW
            ),
            tr(
                "Every pixel takes the class that is most frequent in a window around it: odd, such as 3. 0: no filter."
            ),
        ),
        advanced(
            QgsProcessingParameterNumber(
                SIEVE, tr("Sieve: least size of a patch in pixels"), integer, 0, minValue=0, maxValue=2**31 - 1
            ),
            tr("Smaller patches take the class of their largest neighbour, after the majority filter. 0: no sieve."),
        ),
    ]


def polygons_output():
    return with_help(
        QgsProcessingParameterVectorDestination(
            POLYGONS,
            tr("Polygons"),
            QgsProcessing.SourceType.TypeVectorPolygon,
            optional=True,
            createByDefault=False,
        ),
        tr("The patches of the map as polygons, with value, name, area in hectares and colour of their class."),
    )
