"""What the algorithms have in common."""

import json
import os
from dataclasses import dataclass, replace

from qgis.core import QgsProcessingAlgorithm, QgsProcessingException
from qgis.PyQt.QtGui import QIcon

from .. import binding, class_parameters, map_parameters, parameters
from ..after import After
from ..area import Area
from ..area_parameter import AOI
from ..bands import bands_by_name, contradict
from ..binding import bandcluster
from ..engine import FitSettings
from ..gdal_calls import RasterError
from ..icon import icon_path
from ..opening_parameters import VirtualRasterDestination
from ..polygons import check_polygons_name, style_beside
from ..product import ProductSource
from ..progress import Progress
from ..raster_io import Scene, Source
from ..reach import Reach
from ..sources import as_qgis_loads, polygon_area, raster_sources
from ..staging import legend_path
from ..translation import tr, translatable
from ..trust import Correction

# What a user can cause or mend. Anything else is a bug, and keeps its traceback.
FAILURES = (bandcluster.BandclusterError, RasterError, OSError)


_TAGS = translatable(("classification", "unsupervised", "clustering", "k-means", "raster"))


@dataclass(frozen=True)
class SceneInput:
    """A scene as chosen by the user, before it is opened in the thread that reads it."""

    source: Source
    bands: list
    mask: "Source | None"
    area: "Area | None" = None

    def open(self, progress) -> Scene:
        scene = Scene(self.source, self.bands, self.mask, self.area)
        if scene.left_out:
            progress.note(
                tr(
                    "{scene}: band {number} is an alpha band and is used as a mask; choose the bands if it holds data"
                ).format(scene=scene.title, number=scene.left_out)
            )
        return scene

    def open_like(self, first, progress) -> Scene:
        """The scene with the bands of another, by name where none are chosen and names tell, and in its samples."""
        scene = self.open(progress)
        tells = not self.bands and len(scene.bands) == len(first.bands)  # else it will be refused
        found = bands_by_name(scene, first.band_names) if tells else None
        if found and found != scene.bands:
            scene = replace(self, bands=found).open(progress)
        elif tells and contradict(scene, first.band_names):
            raise RasterError(
                tr(
                    "the bands of {first} are {wanted} and those of {scene} are {found}; choose the bands (BANDS) if "
                    "they are the same"
                ).format(
                    first=first.title,
                    wanted=", ".join(first.band_names),
                    scene=scene.title,
                    found=", ".join(scene.band_names),
                )
            )
        correction = Correction.between(scene, first)
        if not correction.is_none:
            progress.note(
                tr(
                    "{scene}: the samples are brought to those of {first}, as the scale and offset of both say: {bands}"
                ).format(scene=scene.title, first=first.title, bands=correction)
            )
            scene.correct(correction)
        return scene


@dataclass(frozen=True)
class Job:
    """What the user chose, but for the outputs."""

    scenes: list
    settings: "FitSettings | dict | None" = None
    model: "str | None" = None
    after: After = After()
    colors: str = ""
    like: "str | None" = None
    reach: "Reach | None" = None
    correction: "Correction | None" = None
    command: str = ""  # that runs it again
    draws_on: tuple = ()  # names of files, beside those of the scenes

    def open_scenes(self, progress) -> list:
        """The scenes, as the first one has them: its bands, found by name where names tell, and in its samples."""
        first, *others = self.scenes
        scenes = [first.open(progress)]
        scenes += [scene.open_like(scenes[0], progress) for scene in others]
        if all(scene.outside_area for scene in scenes):
            names = ", ".join(scene.title for scene in scenes)
            raise RasterError(
                tr("no polygon of {area} touches {scenes}; choose an area on the same ground").format(
                    area=self.scenes[0].area.title, scenes=names
                )
            )
        return scenes

    def files(self) -> list:
        """Names of what is read, which an output must not replace."""
        sources = [source for scene in self.scenes for source in (scene.source, scene.mask) if source]
        names = [name for source in sources for name in source.files()]
        return [*names, *self.draws_on, *(model for model in (self.model, self.like) if model)]


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
                    _check_extension(path, tr("a virtual raster"), ".vrt")
                elif definition.type() == "rasterDestination":
                    _check_extension(path, tr("a GeoTIFF"), ".tif", ".tiff")
                elif definition.type() == "vectorDestination":
                    check_polygons_name(path)
                _check_output(path, self._job.files())
                outputs[key] = path
        if parameters.OUTPUT in outputs and self._job.scenes:
            sources = [scene.source for scene in self._job.scenes]
            _check_legend(outputs[parameters.OUTPUT], sources)
            if map_parameters.POLYGONS in outputs:
                _check_style(outputs[map_parameters.POLYGONS], outputs[parameters.OUTPUT], sources)
        return outputs


def _with_commas_read(given) -> dict:
    """The parameters with bands such as "4,3,2" written as QGIS wants them: it would make 0 of that."""
    bands = given.get(parameters.BANDS)
    return {**given, parameters.BANDS: bands.replace(",", ";")} if isinstance(bands, str) else given


def check_label_output(path, job):
    """That a map whose name was not chosen by the user replaces nothing that is read."""
    if any(_same_file(path, name) for name in job.files()):
        raise RasterError(tr("the map {} would replace an input; choose another folder").format(path))
    _check_legend(path, [scene.source for scene in job.scenes])


def _check_output(path, inputs):
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise RasterError(tr("the folder {} of the output does not exist; create it or choose another").format(folder))
    if any(_same_file(path, name) for name in inputs):
        raise RasterError(tr("the output {} is also an input; choose another name for the output").format(path))


def _check_extension(path, what, *extensions):
    if os.path.splitext(path)[1].lower() not in extensions:
        raise RasterError(
            tr("{path} is to be {what}; give a name that ends in {extension}").format(
                path=path, what=what, extension=extensions[0]
            )
        )


def _check_legend(path, sources):
    """The map's legend must not become the style of a scene of the same name."""
    legend = os.path.abspath(legend_path(path))
    for source in sources:
        same = os.path.abspath(legend_path(source.name)) == legend
        if same and os.path.exists(source.name) and os.path.abspath(source.name) != os.path.abspath(path):
            raise RasterError(
                tr(
                    "{legend}, the legend of the map, would be the style of the input {scene}, too; give the output "
                    "another name"
                ).format(legend=legend, scene=source.name)
            )


def _check_style(polygons, labels, sources):
    """The polygons' style must become neither the map's legend nor the style of a scene."""
    style = style_beside(polygons)
    if style and os.path.abspath(style) == os.path.abspath(legend_path(labels)):
        raise RasterError(
            tr("{}: the polygons and the map would have one style, {}; give one of them another name").format(
                polygons, style
            )
        )
    if style:
        _check_legend(polygons, sources)


def _same_file(path, name) -> bool:
    return os.path.exists(path) and os.path.exists(name) and os.path.samefile(path, name)


def fit_results(fitted) -> dict:
    return {
        parameters.INERTIA: fitted.model.inertia,
        parameters.N_ITER: fitted.model.n_iter,
        parameters.N_VALID: fitted.n_valid,
    }
