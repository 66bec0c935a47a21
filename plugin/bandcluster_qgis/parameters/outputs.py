"""The parameters of the outputs and of the memory, and the numbers in the results."""

from qgis.core import (
    QgsProcessingOutputMultipleLayers,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
)

from ..translation import tr
from .common import advanced, with_help

OUTPUT = "OUTPUT"
CONFIDENCE = "CONFIDENCE"
MODEL_OUTPUT = "MODEL_OUTPUT"
REPORT = "REPORT"
LABELS_DIR = "LABELS_DIR"
LOAD_MAPS = "LOAD_MAPS"
MEMORY = "MEMORY"

RECOMMENDED_K = "RECOMMENDED_K"
INERTIA = "INERTIA"
N_ITER = "N_ITER"
N_VALID = "N_VALID"
DRIFT = "DRIFT"
MAPS = "MAPS"

_MOST_MEMORY = 4 * 1024 * 1024  # MiB


def labels_output():
    return with_help(
        QgsProcessingParameterRasterDestination(OUTPUT, tr("Map of classes")),
        tr(
            "The class of each pixel: 1 is the largest class, 0 is nodata. A GeoTIFF with colours,"
            " class names and areas."
        ),
    )


def confidence_output():
    return with_help(
        QgsProcessingParameterRasterDestination(
            CONFIDENCE, tr("Map of confidence"), optional=True, createByDefault=False
        ),
        tr(
            "How sure the class of each pixel is: from 0, where another class is just as near, to"
            " 1, in the centre of the class. A GeoTIFF."
        ),
    )


def model_output(optional):
    return with_help(
        QgsProcessingParameterFileDestination(
            MODEL_OUTPUT,
            tr("New model"),
            model_filter(),
            optional=optional,
            createByDefault=not optional,
        ),
        tr(
            "The model as a JSON file. 'Apply classes' gives other scenes the same classes with it."
        ),
    )


def labels_dir():
    return with_help(
        QgsProcessingParameterFolderDestination(
            LABELS_DIR, tr("Folder for maps of the scenes"), optional=True, createByDefault=False
        ),
        tr(
            "A map of each scene, named after it: SCENE.tif. The classes are the same in all maps,"
            " so that they can be put together as a mosaic."
        ),
    )


def load_maps():
    return with_help(
        QgsProcessingParameterBoolean(
            LOAD_MAPS, tr("Load the maps of the scenes"), defaultValue=True
        ),
        tr("Adds the maps in the folder for maps to the project."),
    )


def maps_of_scenes():
    return QgsProcessingOutputMultipleLayers(MAPS, tr("The maps of the scenes"))


def report_output():
    return _report(tr("An HTML page with charts of the measures."))


def class_report_output():
    return _report(
        tr(
            "An HTML page: the map, the classes with their spectral signatures, which classes are"
            " hard to tell apart, and how to repeat the run."
        )
    )


def memory():
    integer = QgsProcessingParameterNumber.Type.Integer
    return advanced(
        QgsProcessingParameterNumber(
            MEMORY, tr("Memory (MiB)"), integer, 512, minValue=1, maxValue=_MOST_MEMORY
        ),
        tr(
            "The memory that the run may use, in MiB. With more memory large scenes are faster."
            " With less memory the summary of the pixels is coarser, which may change the classes a"
            " little."
        ),
    )


def fit_numbers():
    return [
        QgsProcessingOutputNumber(
            INERTIA,
            tr("Inertia: sum of the squared distances of the pixels to the mean of their class"),
        ),
        QgsProcessingOutputNumber(N_ITER, tr("Number of iterations")),
        valid_number(),
    ]


def choice_numbers():
    return [
        QgsProcessingOutputNumber(RECOMMENDED_K, tr("Recommended number of classes")),
        valid_number(),
    ]


def valid_number():
    return QgsProcessingOutputNumber(N_VALID, tr("Number of valid pixels"))


def drift_number():
    return QgsProcessingOutputNumber(
        DRIFT, tr("Drift: mean shift of the bands from the training pixels, in standard deviations")
    )


def _report(text):
    page = QgsProcessingParameterFileDestination(
        REPORT, tr("Report"), tr("HTML files (*.html)"), optional=True, createByDefault=False
    )
    return with_help(page, text)


def model_filter():
    return tr("bandcluster models (*.json)")
