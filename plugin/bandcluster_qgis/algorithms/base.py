"""What the algorithms have in common."""

import json

from qgis.core import QgsProcessingAlgorithm, QgsProcessingException
from qgis.PyQt.QtGui import QIcon

from .. import binding, class_parameters, map_parameters, parameters
from ..after import After
from ..area_parameter import AOI
from ..binding import bandcluster
from ..engine import FitSettings
from ..gdal_calls import RasterError
from ..icon import icon_path
from ..opening_parameters import VirtualRasterDestination
from ..polygons import check_polygons_name
from ..product import ProductSource
from ..progress import Progress
from ..reach import Reach
from ..sources import as_qgis_loads, polygon_area, raster_sources
from ..translation import tr, translatable
from .job import Job, SceneInput
from .output_names import check_extension, check_legend, check_output, check_style

# What a user can cause or mend. Anything else is a bug, and keeps its traceback.
FAILURES = (bandcluster.BandclusterError, RasterError, OSError)


_TAGS = translatable(("classification", "unsupervised", "clustering", "k-means", "raster"))


# The groups of the toolbox: id and title.
CLUSTER = ("cluster", translatable("Cluster"))
CLASSES = ("classes", translatable("Classes"))
QUALITY = ("quality", translatable("Quality"))


class BandclusterAlgorithm(QgsProcessingAlgorithm):
    """A subclass gives the texts, its parameters, and two methods.

    ``collect(parameters, context)`` returns the Job. It runs on the main thread, where layers and the project may be
    touched. ``work(job, outputs, context, progress)`` does it in a worker thread; ``outputs`` are the paths by key,
    without those that are not wanted. It returns the results besides the outputs.
    """

    NAME = TITLE = DESCRIPTION = ICON = ""
    GROUP = ()  # one of the three below
    TAGS = ()

    def __init__(self):
        super().__init__()
        self._job = None
        self._problem = None

    def createInstance(self):
        return type(self)()

    def name(self):
        return self.NAME

    def displayName(self):
        return tr(self.TITLE)

    def group(self):
        return tr(self.GROUP[1])

    def groupId(self):
        return self.GROUP[0]

    def tags(self):
        # In English, too: many who read another language search for the terms of the literature.
        return list(dict.fromkeys(tag for english in (*_TAGS, *self.TAGS) for tag in (tr(english), english)))

    def shortDescription(self):
        return tr(self.DESCRIPTION).split("\n")[0]

    def shortHelpString(self):
        definitions = self.parameterDefinitions()
        numbers = [output for output in self.outputDefinitions() if self.parameterDefinition(output.name()) is None]
        paragraphs = [tr(self.DESCRIPTION)]
        paragraphs += [tr("{}: {}").format(definition.description(), definition.help()) for definition in definitions]
        if numbers:
            paragraphs.append(
                "\n".join([tr("Results also hold:"), *(f"- {number.description()}" for number in numbers)])
            )
        return "\n\n".join(paragraphs)

    def icon(self):
        return QIcon(self.svgIconPath())

    def svgIconPath(self):
        return icon_path(self.ICON)

    def canExecute(self):
        problem = binding.problem()
        return not problem, problem

    def checkParameterValues(self, given, context):
        # QGIS checks, too, but tells less: "Incorrect parameter value for INPUT".
        for key in (parameters.INPUT, parameters.MASK, class_parameters.LABELS):
            try:
                if self._takes_rasters(key):
                    masked = key == parameters.INPUT and self._masks_clouds(given, context)
                    raster_sources(self, given, key, context, masked)
            except FAILURES as problem:
                return False, str(problem)
        if self.parameterDefinition(parameters.CLUSTERS) is not None:
            clusters = self.parameterAsInt(given, parameters.CLUSTERS, context)
            if not 1 <= clusters <= parameters.LARGEST_CLUSTERS:
                return False, tr("The number of classes is {number}; choose one from 1 to {largest}").format(
                    number=clusters, largest=parameters.LARGEST_CLUSTERS
                )
        if self.parameterDefinition(map_parameters.MAJORITY) is not None:
            window = self.parameterAsInt(given, map_parameters.MAJORITY, context)
            if window and (window < 3 or window % 2 == 0):
                return False, tr(
                    "The window of the majority filter is {}; choose an odd number such as 3, or 0 for no filter"
                ).format(window)
        if self._takes_rasters(parameters.INPUT):
            given = as_qgis_loads(self, given, parameters.INPUT)
        return super().checkParameterValues(given, context)

    def _takes_rasters(self, key) -> bool:
        definition = self.parameterDefinition(key)
        return definition is not None and definition.type() in ("raster", "multilayer")

    def prepareAlgorithm(self, given, context, feedback):
        # A failure here would reach the caller as "There were errors executing the algorithm" only: it is raised by
        # processAlgorithm, whose message is passed on.
        try:
            self._job = self.collect(given, context)
        except FAILURES as problem:
            self._problem = problem
        return True

    def processAlgorithm(self, given, context, feedback):
        try:
            if self._problem is not None:
                raise self._problem
            binding.ensure_loaded()
            progress = Progress(feedback)
            outputs = self._outputs(given, context)
            results = self.work(self._job, outputs, context, progress)
            progress(1)
            return {**outputs, **results}
        except bandcluster.Cancelled as cancelled:
            raise QgsProcessingException(tr("cancelled")) from cancelled
        except FAILURES as failure:
            raise QgsProcessingException(" ".join(str(failure).split())) from failure

    def job(self, given, context, **chosen) -> Job:
        """The job on the chosen scenes, with the command that would do it again."""
        return Job(self.scene_inputs(given, context), command=self._command(given, context), **chosen)

    def _command(self, given, context) -> str:
        if hasattr(self, "asQgisProcessCommand"):  # from QGIS 3.24
            command, complete = self.asQgisProcessCommand(given, context)
            if complete:
                return command
        return self.asPythonCommand(given, context)

    def scene_inputs(self, given, context) -> list:
        """The scenes, each with its mask; the bands and the area of interest are the same for all."""
        sources = raster_sources(self, given, parameters.INPUT, context, self._masks_clouds(given, context))
        masks = raster_sources(self, given, parameters.MASK, context)
        if masks and len(masks) != len(sources):
            raise RasterError(
                tr("there are {masks} masks for {scenes} scenes; give one mask for each scene, or none").format(
                    masks=len(masks), scenes=len(sources)
                )
            )
        bands = self.parameterAsInts(_with_commas_read(given), parameters.BANDS, context)
        product = next((source for source in sources if isinstance(source, ProductSource)), None)
        if bands and product:
            raise RasterError(
                tr(
                    "{} is a product, whose bands have names and no numbers; choose no bands, or open it with 'Open a "
                    "Sentinel-2 product' and name the bands there"
                ).format(product.title)
            )
        area = polygon_area(self, given, AOI, context)
        return [SceneInput(source, bands, mask, area) for source, mask in zip(sources, masks or [None] * len(sources))]

    def _masks_clouds(self, given, context) -> bool:
        has = self.parameterDefinition(parameters.MASK_SCL) is not None
        return has and self.parameterAsBool(given, parameters.MASK_SCL, context)

    def fit_settings(self, given, context) -> FitSettings:
        index = self.parameterAsEnum(given, parameters.ALGORITHM, context)
        algorithm, _title, clusters = parameters.ALGORITHMS[index]
        options = self.search_settings(given, context)
        if clusters:
            options[clusters] = self.parameterAsInt(given, parameters.CLUSTERS, context)
        if algorithm not in ("kmeans", "bisecting"):
            del options["n_init"]
        return FitSettings(algorithm, options | self._own_options(given, context))

    def map_settings(self, given, context) -> dict:
        """What becomes of the map: keyword arguments of the job."""
        filters = (self.parameterAsInt(given, key, context) for key in (map_parameters.MAJORITY, map_parameters.SIEVE))
        return {
            "after": After(*filters),
            "colors": self.parameterAsString(given, map_parameters.COLORS, context).strip(),
        }

    def _own_options(self, given, context) -> dict:
        """What the text of options says: name=value, with commas between."""
        options = {}
        for item in filter(str.strip, self.parameterAsString(given, parameters.OPTIONS, context).split(",")):
            name, equals, value = (part.strip() for part in item.partition("="))
            if not (name and equals and value):
                raise RasterError(tr("the option '{}' is not name=value, such as linkage=average").format(item.strip()))
            try:
                options[name] = json.loads(value)
            except ValueError:
                options[name] = value
        return options

    def search_settings(self, given, context) -> dict:
        """What decides how classes are looked for, whatever their number: keyword arguments of the binding."""
        return {
            "n_init": self.parameterAsInt(given, parameters.N_INIT, context),
            "seed": self.parameterAsInt(given, parameters.SEED, context),
            "metric": parameters.METRICS[self.parameterAsEnum(given, parameters.METRIC, context)],
            "scaling": parameters.SCALINGS[self.parameterAsEnum(given, parameters.SCALING, context)],
        }

    def reach(self, given, context) -> Reach:
        keys = (parameters.MAX_DISTANCE, parameters.RADIUS_QUANTILE)
        return Reach(
            *(self.parameterAsDouble(given, key, context) if given.get(key) is not None else None for key in keys)
        )

    def _outputs(self, given, context) -> dict:
        """The paths of the outputs that are wanted, checked.

        Asked for in the thread that runs: what is asked for earlier is not loaded into the project afterwards.
        """
        outputs = {}
        for definition in self.destinationParameterDefinitions():
            key = definition.name()
            layer = definition.type() in ("rasterDestination", "vectorDestination")
            path = (self.parameterAsOutputLayer if layer else self.parameterAsFileOutput)(given, key, context)
            if path:
                if isinstance(definition, VirtualRasterDestination):
                    check_extension(path, tr("a virtual raster"), ".vrt")
                elif definition.type() == "rasterDestination":
                    check_extension(path, tr("a GeoTIFF"), ".tif", ".tiff")
                elif definition.type() == "vectorDestination":
                    check_polygons_name(path)
                check_output(path, self._job.files())
                outputs[key] = path
        if parameters.OUTPUT in outputs and self._job.scenes:
            sources = [scene.source for scene in self._job.scenes]
            check_legend(outputs[parameters.OUTPUT], sources)
            if map_parameters.POLYGONS in outputs:
                check_style(outputs[map_parameters.POLYGONS], outputs[parameters.OUTPUT], sources)
        return outputs


def _with_commas_read(given) -> dict:
    """The parameters with bands such as "4,3,2" written as QGIS wants them: it would make 0 of that."""
    bands = given.get(parameters.BANDS)
    return {**given, parameters.BANDS: bands.replace(",", ";")} if isinstance(bands, str) else given


def fit_results(fitted) -> dict:
    return {
        parameters.INERTIA: fitted.model.inertia,
        parameters.N_ITER: fitted.model.n_iter,
        parameters.N_VALID: fitted.n_valid,
    }
