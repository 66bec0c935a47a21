"""The parameters for classes after they are found: keys (frozen), texts."""

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ..translation import tr
from .common import advanced, with_help
from .outputs import OUTPUT, model_filter
from .scenes import INPUT

MODEL = "MODEL"
LIKE = "LIKE"
GROUPS = "GROUPS"
LABELS = "LABELS"

N_CLUSTERS = "N_CLUSTERS"
MAPPING = "MAPPING"


def model():
    return with_help(
        QgsProcessingParameterFile(MODEL, tr("Model"), fileFilter=model_filter()),
        tr("The file of a model (.json) that 'Cluster a scene' or 'Find classes' has written."),
    )


def like():
    return advanced(
        QgsProcessingParameterFile(
            LIKE, tr("Like this model"), fileFilter=model_filter(), optional=True
        ),
        tr(
            "A model that was fitted earlier on the same bands. Each new class gets the number,"
            " name and colour of the class of that model that is most like it, so that maps keep"
            " their legend. Classes that are new get the numbers after those. The number of a class"
            " that is not found again stays free. The log lists the pairs."
        ),
    )


def groups():
    return with_help(
        QgsProcessingParameterString(GROUPS, tr("Classes to merge")),
        tr(
            "The name of the merged class and the values of the classes to merge: water=1,3."
            " Several groups are separated by semicolons: water=1,3; crops=2,5. A single value"
            " gives a class a name: forest=4. Other classes are not changed."
        ),
    )


def labels():
    return with_help(
        QgsProcessingParameterRasterLayer(LABELS, tr("Map of the old classes"), optional=True),
        tr("A map that was made with the model. It is relabelled; the scene is not needed."),
    )


def relabelled_output():
    return with_help(
        QgsProcessingParameterRasterDestination(
            OUTPUT, tr("New map of the merged classes"), optional=True, createByDefault=False
        ),
        tr(
            "The map with the new values: 1 is the largest class, 0 is nodata. A GeoTIFF with"
            " colours and names."
        ),
    )


def styled_layer():
    return with_help(
        QgsProcessingParameterRasterLayer(INPUT, tr("Styled layer")),
        tr(
            "A map of the model's classes, whose symbology (Paletted/Unique values) has the new"
            " names and colours."
        ),
    )


def merge_results():
    return [
        QgsProcessingOutputNumber(N_CLUSTERS, tr("Number of classes in the new model")),
        QgsProcessingOutputString(
            MAPPING, tr("The new value of each old value, such as 1=2,2=1,3=2")
        ),
    ]
