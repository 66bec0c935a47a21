"""The parameters that say what is written, and how much memory that may take; the numbers that results hold."""

from qgis.core import (
    QgsProcessingOutputNumber,
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
MEMORY = "MEMORY"

RECOMMENDED_K = "RECOMMENDED_K"
INERTIA = "INERTIA"
N_ITER = "N_ITER"
N_VALID = "N_VALID"
DRIFT = "DRIFT"

_MOST_MEMORY = 4 * 1024 * 1024  # MiB


def labels_output():
    return with_help(
        QgsProcessingParameterRasterDestination(OUTPUT, tr("Classes")),
        tr("The class of each pixel, 1 for the largest; 0 is nodata. A GeoTIFF with colours, class names and areas."),
    )


def confidence_output():
    return with_help(
        QgsProcessingParameterRasterDestination(CONFIDENCE, tr("Confidence"), optional=True, createByDefault=False),
        tr(
            "How sure each pixel's class is: from 0, where another class is as near, to 1, in the centre of the class. "
            "A GeoTIFF."
        ),
    )


def model_output(optional):
    return with_help(
        QgsProcessingParameterFileDestination(
            MODEL_OUTPUT, tr("Model file"), model_filter(), optional=optional, createByDefault=not optional
        ),
        tr("The model as a JSON file, with which other scenes get the same classes."),
    )


def labels_dir():
    return with_help(
        QgsProcessingParameterFolderDestination(
            LABELS_DIR, tr("Folder for maps of the scenes"), optional=True, createByDefault=False
        ),
        tr(
            "A map of each scene, called like it: SCENE.tif. The classes are the same in all, so that they make one "
            "mosaic."
        ),
    )


def report_output():
    return _report(tr("A page with charts of the measures, for a web browser."))


def class_report_output():
    return _report(
        tr(
            "A page for a web browser: the map, the classes with their spectral signatures, which of them are hard to "
            "tell apart, and how to do it again."
        )
    )


def memory():
    integer = QgsProcessingParameterNumber.Type.Integer
    return advanced(
        QgsProcessingParameterNumber(MEMORY, tr("Memory (MiB)"), integer, 512, minValue=1, maxValue=_MOST_MEMORY),
        tr(
            "How much memory the work may take, in MiB. More makes large scenes faster; less makes the summary of the "
            "pixels coarser, which may change classes a little."
        ),
    )


def fit_numbers():
    return [
        QgsProcessingOutputNumber(INERTIA, tr("Inertia: sum of squared distances of the pixels to their class means")),
        QgsProcessingOutputNumber(N_ITER, tr("Number of iterations")),
        valid_number(),
    ]


def choice_numbers():
    return [QgsProcessingOutputNumber(RECOMMENDED_K, tr("Recommended number of classes")), valid_number()]


def valid_number():
    return QgsProcessingOutputNumber(N_VALID, tr("Number of pixels that are not nodata"))


def drift_number():
    return QgsProcessingOutputNumber(
        DRIFT, tr("Drift: by how many standard deviations the bands moved since the model was fitted")
    )


def _report(text):
    page = QgsProcessingParameterFileDestination(
        REPORT, tr("Report"), tr("HTML files (*.html)"), optional=True, createByDefault=False
    )
    return with_help(page, text)


def model_filter():
    return tr("bandcluster models (*.json)")
