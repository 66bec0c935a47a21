"""The parameters for finding classes."""

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..translation import tr, translatable
from .common import advanced, with_help

CLUSTERS = "CLUSTERS"
MIN = "MIN"
MAX = "MAX"
ALGORITHM = "ALGORITHM"
OPTIONS = "OPTIONS"
SEED = "SEED"
N_INIT = "N_INIT"
SCALING = "SCALING"
METRIC = "METRIC"
BAND_WEIGHTS = "BAND_WEIGHTS"
SEEDS = "SEEDS"
SEED_FIELD = "SEED_FIELD"
FIX_SEEDS = "FIX_SEEDS"

SCALINGS = ("none", "zscore")
METRICS = ("euclidean", "spectral_angle")

# The algorithms in the order of the parameter's choices: the library's name, the title, and whether
# it takes the number of classes. Otherwise it finds the number itself.
ALGORITHMS = (
    ("kmeans", translatable("K-means"), True),
    ("bisecting", translatable("Bisecting k-means"), True),
    ("isodata", translatable("ISODATA"), True),
    ("gmm", translatable("Gaussian mixture"), True),
    ("agglomerative", translatable("Agglomerative"), True),
    ("birch", translatable("BIRCH"), True),
    ("dbscan", translatable("DBSCAN"), False),
    ("optics", translatable("OPTICS"), False),
    ("hdbscan", translatable("HDBSCAN"), False),
    ("meanshift", translatable("Mean shift"), False),
    ("spectral", translatable("Spectral"), True),
    ("affinity", translatable("Affinity propagation"), False),
)
CHOOSABLE = ("kmeans", "gmm")
LARGEST_CLUSTERS = 65535
_LARGEST_CANDIDATE = 255
_LARGEST_INTEGER = 2**31 - 1


def fit_options():
    """All parameters for finding classes."""
    integer = QgsProcessingParameterNumber.Type.Integer
    return [
        with_help(
            QgsProcessingParameterNumber(
                CLUSTERS, tr("Number of classes"), integer, 4, minValue=1, maxValue=LARGEST_CLUSTERS
            ),
            tr(
                "The number of classes to find. ISODATA starts with this number and may change it."
                " DBSCAN, OPTICS, HDBSCAN, mean shift and affinity propagation find the number"
                " themselves and ignore this value. With seeds there are as many classes as seeds."
            ),
        ),
        with_help(
            QgsProcessingParameterEnum(
                ALGORITHM,
                tr("Algorithm"),
                [tr(title) for _name, title, _clusters in ALGORITHMS],
                defaultValue=0,
            ),
            tr(
                "How classes are found. K-means: each pixel belongs to the class whose mean is"
                " nearest. Most of the other algorithms work on a few thousand points that"
                " represent the pixels; each pixel gets the class of the nearest point."
            ),
        ),
        *search_options(),
        *seed_options(),
        advanced(
            QgsProcessingParameterString(OPTIONS, tr("Options of the algorithm"), optional=True),
            tr(
                "Further options of the chosen algorithm, by scikit-learn's names, separated by"
                " commas, such as: linkage=average, n_representatives=3000. The page that the Help"
                " button opens lists them."
            ),
        ),
    ]


def seed_options():
    """The parameters of seeds."""
    shapes = [QgsProcessing.SourceType.TypeVectorPoint, QgsProcessing.SourceType.TypeVectorPolygon]
    return [
        advanced(
            QgsProcessingParameterFeatureSource(SEEDS, tr("Seeds"), shapes, optional=True),
            tr(
                "A layer of points or polygons, in any coordinate reference system, that show"
                " examples of the classes. K-means starts from the means of the pixels under them"
                " instead of searching, and the classes take their names. There are as many classes"
                " as seeds; for more, give their number under 'Options of the algorithm', such as"
                " n_clusters=8."
            ),
        ),
        advanced(
            QgsProcessingParameterField(
                SEED_FIELD,
                tr("Field with the names of the seeds"),
                parentLayerParameterName=SEEDS,
                optional=True,
            ),
            tr(
                "Features with the same value in this field are one seed, with this name. Empty:"
                " each feature is one."
            ),
        ),
        advanced(
            QgsProcessingParameterBoolean(
                FIX_SEEDS, tr("Keep the means of the seeds"), defaultValue=False
            ),
            tr(
                "K-means does not move the centres: each pixel gets the class of the nearest seed,"
                " as in a supervised classification by minimum distance."
            ),
        ),
    ]


def choosable():
    """The parameter of algorithms whose numbers of classes can be compared."""
    titles = [tr(title) for name, title, _clusters in ALGORITHMS if name in CHOOSABLE]
    return with_help(
        QgsProcessingParameterEnum(ALGORITHM, tr("Algorithm"), titles, defaultValue=0),
        tr(
            "The algorithm whose numbers of classes are compared. K-means: by the measures"
            " described above. Gaussian mixture: by the Bayesian information criterion (BIC; lower"
            " is better)."
        ),
    )


def range_of_clusters():
    """The parameters for the range of numbers of classes."""
    integer = QgsProcessingParameterNumber.Type.Integer

    def bound(key, label, default, text):
        number = QgsProcessingParameterNumber(
            key, label, integer, default, minValue=2, maxValue=_LARGEST_CANDIDATE
        )
        return with_help(number, text)

    return [
        bound(
            MIN, tr("Minimum number of classes"), 2, tr("The smallest number of classes to try.")
        ),
        bound(
            MAX,
            tr("Maximum number of classes"),
            12,
            tr(
                "The largest number of classes to try. If this number is recommended, try larger"
                " ones, too."
            ),
        ),
    ]


def search_options():
    """The parameters for the search that do not depend on the number of classes."""
    integer = QgsProcessingParameterNumber.Type.Integer
    return [
        with_help(
            QgsProcessingParameterEnum(
                SCALING,
                tr("Scaling of the bands"),
                [tr("None"), tr("Z-score")],
                defaultValue=0,
            ),
            tr(
                "Z-score gives every band the same weight. Use it for bands with different units or"
                " ranges."
            ),
        ),
        advanced(
            QgsProcessingParameterEnum(
                METRIC, tr("Metric"), [tr("Euclidean"), tr("Spectral angle")], defaultValue=0
            ),
            tr(
                "How K-means compares pixels. Spectral angle: by the angle between their spectra,"
                " so that differences in brightness (sun, slope, shade) have no effect. It needs"
                " bands without scaling."
            ),
        ),
        advanced(
            QgsProcessingParameterString(BAND_WEIGHTS, tr("Band weights"), optional=True),
            tr(
                "How much each band counts in distances: a number above 0 for each band, in the"
                " order of the bands, separated by commas, such as: 1, 2, 1, 1. The differences in"
                " the band are multiplied by it, after scaling. Not for Gaussian mixture and"
                " spectral angle. Empty: all bands count equally."
            ),
        ),
        advanced(
            QgsProcessingParameterNumber(
                N_INIT, tr("Number of starts"), integer, 10, minValue=1, maxValue=_LARGEST_INTEGER
            ),
            tr(
                "K-means and bisecting k-means run this many times from different starting centres;"
                " the best result is kept."
            ),
        ),
        advanced(
            QgsProcessingParameterNumber(
                SEED, tr("Random seed"), integer, 0, minValue=0, maxValue=_LARGEST_INTEGER
            ),
            tr("The same seed gives the same classes, on any computer and any number of cores."),
        ),
    ]
