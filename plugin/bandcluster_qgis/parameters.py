"""The parameters that the algorithms share: keys (frozen), texts, limits."""

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBand,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from .translation import tr, translatable

INPUT = "INPUT"
BANDS = "BANDS"
CLUSTERS = "CLUSTERS"
MIN = "MIN"
MAX = "MAX"
ALGORITHM = "ALGORITHM"
OPTIONS = "OPTIONS"
SEED = "SEED"
N_INIT = "N_INIT"
SCALING = "SCALING"
METRIC = "METRIC"
MASK = "MASK"
MASK_SCL = "MASK_SCL"
MAX_DISTANCE = "MAX_DISTANCE"
RADIUS_QUANTILE = "RADIUS_QUANTILE"
SCALE = "SCALE"
OFFSET = "OFFSET"
CONFIDENCE = "CONFIDENCE"
MODEL = "MODEL"
OUTPUT = "OUTPUT"
MODEL_OUTPUT = "MODEL_OUTPUT"
REPORT = "REPORT"
LABELS_DIR = "LABELS_DIR"

RECOMMENDED_K = "RECOMMENDED_K"
INERTIA = "INERTIA"
N_ITER = "N_ITER"
N_VALID = "N_VALID"
DRIFT = "DRIFT"

SCALINGS = ("none", "zscore")
METRICS = ("euclidean", "spectral_angle")

# The algorithms in the order of the parameter's choices: the library's name, the title, and what it is told the number
# of classes as (None: it finds the number itself).
ALGORITHMS = (
    ("kmeans", translatable("K-means"), "n_clusters"),
    ("bisecting", translatable("Bisecting k-means"), "n_clusters"),
    ("isodata", translatable("ISODATA"), "initial_clusters"),
    ("gmm", translatable("Gaussian mixture"), "n_components"),
    ("agglomerative", translatable("Agglomerative"), "n_clusters"),
    ("birch", translatable("BIRCH"), "n_clusters"),
    ("dbscan", translatable("DBSCAN"), None),
    ("optics", translatable("OPTICS"), None),
    ("hdbscan", translatable("HDBSCAN"), None),
    ("meanshift", translatable("Mean shift"), None),
    ("spectral", translatable("Spectral"), "n_clusters"),
    ("affinity", translatable("Affinity propagation"), None),
)
CHOOSABLE = ("kmeans", "gmm")
LARGEST_CLUSTERS = 65535
_LARGEST_CANDIDATE = 255
_LARGEST_INTEGER = 2**31 - 1


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


def fit_options():
    """Everything that decides how classes are found."""
    integer = QgsProcessingParameterNumber.Type.Integer
    return [
        with_help(
            QgsProcessingParameterNumber(
                CLUSTERS, tr("Number of classes"), integer, 4, minValue=1, maxValue=LARGEST_CLUSTERS
            ),
            tr(
                "How many classes to find. ISODATA begins with so many; DBSCAN, OPTICS, HDBSCAN, mean shift and "
                "affinity propagation find the number themselves."
            ),
        ),
        advanced(
            QgsProcessingParameterEnum(
                ALGORITHM, tr("Algorithm"), [tr(title) for _name, title, _clusters in ALGORITHMS], defaultValue=0
            ),
            tr(
                "How classes are found. K-means: each pixel belongs to the class whose mean is nearest. The others "
                "work on a few thousand representatives of the pixels; each pixel gets the class of the nearest one."
            ),
        ),
        *search_options(),
        advanced(
            QgsProcessingParameterString(OPTIONS, tr("Options of the algorithm"), optional=True),
            tr(
                "Other options by scikit-learn's names, with commas between them, such as: linkage=average, "
                "n_representatives=3000. The project's page on algorithms lists them."
            ),
        ),
    ]


def choosable():
    """What can be fitted to choose a number of classes."""
    titles = [tr(title) for name, title, _clusters in ALGORITHMS if name in CHOOSABLE]
    return advanced(
        QgsProcessingParameterEnum(ALGORITHM, tr("Algorithm"), titles, defaultValue=0),
        tr("What is fitted. Of Gaussian mixtures the Bayesian information criterion decides; of k-means see above."),
    )


def range_of_clusters():
    """The numbers of classes that are tried."""
    integer = QgsProcessingParameterNumber.Type.Integer

    def bound(key, label, default, text):
        number = QgsProcessingParameterNumber(key, label, integer, default, minValue=2, maxValue=_LARGEST_CANDIDATE)
        return with_help(number, text)

    return [
        bound(MIN, tr("Least number of classes"), 2, tr("The least number of classes to try.")),
        bound(
            MAX,
            tr("Largest number of classes"),
            12,
            tr("The largest number of classes to try. If this one is recommended, try larger ones, too."),
        ),
    ]


def search_options():
    """What decides how classes are looked for, whatever their number."""
    integer = QgsProcessingParameterNumber.Type.Integer
    return [
        with_help(
            QgsProcessingParameterEnum(
                SCALING,
                tr("Scaling of the bands"),
                [tr("None"), tr("Z-score")],
                defaultValue=0,
            ),
            tr("Z-score gives every band the same weight: for bands with different units or ranges."),
        ),
        advanced(
            QgsProcessingParameterEnum(METRIC, tr("Metric"), [tr("Euclidean"), tr("Spectral angle")], defaultValue=0),
            tr(
                "How K-means compares pixels. Spectral angle: by the angle between their spectra, so that brightness "
                "(sun, slope, shade) does not count; without scaling."
            ),
        ),
        advanced(
            QgsProcessingParameterNumber(
                N_INIT, tr("Number of starts"), integer, 10, minValue=1, maxValue=_LARGEST_INTEGER
            ),
            tr(
                "K-means (and its bisecting kind) runs this many times from different starting centres; the best "
                "result is kept."
            ),
        ),
        advanced(
            QgsProcessingParameterNumber(SEED, tr("Random seed"), integer, 0, minValue=0, maxValue=_LARGEST_INTEGER),
            tr("The same seed gives the same classes, on any computer and any number of cores."),
        ),
    ]


def model():
    return with_help(
        QgsProcessingParameterFile(MODEL, tr("Model"), fileFilter=model_filter()),
        tr("A model file written by 'Cluster a scene' or 'Find classes'."),
    )


def labels_output():
    return with_help(
        QgsProcessingParameterRasterDestination(OUTPUT, tr("Classes")),
        tr("The class of each pixel, 1 for the largest; 0 is nodata. A GeoTIFF with colours, class names and areas."),
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


def reach_options():
    """What decides which pixels belong nowhere."""
    real = QgsProcessingParameterNumber.Type.Double
    return [
        advanced(
            QgsProcessingParameterNumber(
                MAX_DISTANCE, tr("Largest distance from a class"), real, None, optional=True, minValue=0
            ),
            tr(
                "Pixels farther than this from their class (in the units of the bands, after scaling if there is any) "
                "are unclassified, which is a label of its own. Not set: every pixel gets its nearest class."
            ),
        ),
        advanced(
            QgsProcessingParameterNumber(
                RADIUS_QUANTILE, tr("Quantile of distances"), real, None, optional=True, minValue=0, maxValue=1
            ),
            tr(
                "The same with a radius for each class: the distance within which this part of its training pixels "
                "lies, such as 0.99."
            ),
        ),
    ]


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


def drift_number():
    return QgsProcessingOutputNumber(
        DRIFT, tr("Drift: by how many standard deviations the bands moved since the model was fitted")
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


def report_output():
    return _report(tr("A page with charts of the measures, for a web browser."))


def class_report_output():
    return _report(
        tr(
            "A page for a web browser: the map, the classes with their spectral signatures, which of them are hard to "
            "tell apart, and how to do it again."
        )
    )


def _report(text):
    page = QgsProcessingParameterFileDestination(
        REPORT, tr("Report"), tr("HTML files (*.html)"), optional=True, createByDefault=False
    )
    return with_help(page, text)


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


def model_filter():
    return tr("bandcluster models (*.json)")


def _bands(label, text):
    return with_help(
        QgsProcessingParameterBand(BANDS, label, parentLayerParameterName=INPUT, optional=True, allowMultiple=True),
        text,
    )


def with_help(parameter, text):
    parameter.setHelp(text)
    return parameter


def advanced(parameter, text):
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return with_help(parameter, text)
