"""The parameters of what is done with classes once they are found: keys (frozen), texts."""

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
        tr("A model file written by 'Cluster a scene' or 'Find classes'."),
    )


def like():
    return advanced(
        QgsProcessingParameterFile(LIKE, tr("Like this model"), fileFilter=model_filter(), optional=True),
        tr(
            "The model of an earlier fit on the same bands: classes that are most like its own get their numbers, "
            "names and colours, so that maps keep their legend. New classes follow after; those that are not found "
            "keep their place for the next time."
        ),
    )


def groups():
    return with_help(
        QgsProcessingParameterString(GROUPS, tr("Classes to merge")),
        tr(
            "The name of a merged class and the values of its parts, with semicolons between several: "
            "water=1,3; crops=2,5. A single value is only named: forest=4. Classes that are not mentioned stay."
        ),
    )


def labels():
    return with_help(
        QgsProcessingParameterRasterLayer(LABELS, tr("Map of the old classes"), optional=True),
        tr("A map that was made with the model, to be relabelled without the scene."),
    )


def relabelled_output():
    return with_help(
        QgsProcessingParameterRasterDestination(
            OUTPUT, tr("Map of the merged classes"), optional=True, createByDefault=False
        ),
        tr("The map under the new values, 1 for the largest class; 0 is nodata. A GeoTIFF with colours and names."),
    )


def styled_layer():
    return with_help(
        QgsProcessingParameterRasterLayer(INPUT, tr("Styled layer")),
        tr("A map of the model's classes, whose symbology (Paletted/Unique values) has the names and colours wanted."),
    )


def merge_results():
    return [
        QgsProcessingOutputNumber(N_CLUSTERS, tr("Number of classes of the new model")),
        QgsProcessingOutputString(MAPPING, tr("The new value of each old one, such as 1=2,2=1,3=2")),
    ]
