"""What the algorithms have in common."""

import os
from dataclasses import dataclass

from qgis.core import QgsProcessingAlgorithm, QgsProcessingException
from qgis.PyQt.QtGui import QIcon

from .. import binding, parameters
from ..binding import bandcluster
from ..engine import FitSettings
from ..gdal_calls import RasterError
from ..icon import ICON_PATH
from ..progress import Progress
from ..raster_io import Scene, Source
from ..sources import raster_source, raster_sources
from ..translation import tr

# What a user can cause or mend. Anything else is a bug, and keeps its traceback.
_FAILURES = (bandcluster.BandclusterError, RasterError, OSError)


@dataclass
class SceneInput:
    """A scene as chosen by the user, before it is opened in the thread that reads it."""

    source: Source
    bands: list
    mask: "Source | None"

    def files(self) -> list:
        """Names of what is read, which an output must not replace."""
        return [source.name for source in (self.source, self.mask) if source]

    def open(self) -> Scene:
        return Scene(self.source, self.bands, self.mask)


class BandclusterAlgorithm(QgsProcessingAlgorithm):
    """A subclass gives the texts, its parameters, and two methods.

    ``collect(parameters, context)`` returns what the user chose, as an object of the subclass's own. It runs on the
    main thread, where layers and the project may be touched. ``work(job, context, progress)`` does it in a worker thread,
    and returns the results.
    """

    NAME = TITLE = DESCRIPTION = ""
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
        return tr("Unsupervised classification")

    def groupId(self):
        return "unsupervisedclassification"

    def tags(self):
        return [tr(tag) for tag in ("classification", "unsupervised", "clustering", "k-means", "raster", *self.TAGS)]

    def shortDescription(self):
        return tr(self.DESCRIPTION).split("\n")[0]

    def shortHelpString(self):
        definitions = self.parameterDefinitions()
        numbers = [output for output in self.outputDefinitions() if self.parameterDefinition(output.name()) is None]
        paragraphs = [tr(self.DESCRIPTION)]
        paragraphs += [f"{definition.description()}: {definition.help()}" for definition in definitions]
        paragraphs.append(
            tr("Results also hold:") + "\n" + "\n".join(f"- {number.description()}" for number in numbers)
        )
        return "\n\n".join(paragraphs)

    def icon(self):
        return QIcon(ICON_PATH)

    def svgIconPath(self):
        return ICON_PATH

    def canExecute(self):
        problem = binding.problem()
        return not problem, problem

    def checkParameterValues(self, parameters_given, context):
        # QGIS checks, too, but tells less: "Incorrect parameter value for INPUT".
        for key in (parameters.INPUT, parameters.MASK):
            try:
                raster_sources(self, parameters_given, key, context)
            except RasterError as problem:
                return False, str(problem)
        if self.parameterDefinition(parameters.CLUSTERS) is not None:
            clusters = self.parameterAsInt(parameters_given, parameters.CLUSTERS, context)
            if not 1 <= clusters <= parameters.LARGEST_CLUSTERS:
                return False, tr("The number of classes is {}; choose one from 1 to {}").format(
                    clusters, parameters.LARGEST_CLUSTERS
                )
        return super().checkParameterValues(parameters_given, context)

    def prepareAlgorithm(self, parameters_given, context, feedback):
        # A failure here would reach the caller as "There were errors executing the algorithm" only: it is raised by
        # processAlgorithm, whose message is passed on.
        try:
            self._job = self.collect(parameters_given, context)
        except _FAILURES as problem:
            self._problem = problem
        return True

    def processAlgorithm(self, parameters_given, context, feedback):
        try:
            if self._problem is not None:
                raise self._problem
            binding.ensure_loaded()
            progress = Progress(feedback)
            results = self.work(self._job, context, progress)
            progress(1)
            return results
        except _FAILURES as failure:
            raise QgsProcessingException(" ".join(str(failure).split())) from failure

    def scene_input(self, parameters_given, context) -> SceneInput:
        return SceneInput(
            raster_source(self, parameters_given, parameters.INPUT, context),
            self.parameterAsInts(parameters_given, parameters.BANDS, context),
            raster_source(self, parameters_given, parameters.MASK, context),
        )

    def fit_settings(self, parameters_given, context) -> FitSettings:
        return FitSettings(
            n_clusters=self.parameterAsInt(parameters_given, parameters.CLUSTERS, context),
            n_init=self.parameterAsInt(parameters_given, parameters.N_INIT, context),
            seed=self.parameterAsInt(parameters_given, parameters.SEED, context),
            scaling=parameters.SCALINGS[self.parameterAsEnum(parameters_given, parameters.SCALING, context)],
        )

    def output_path(self, parameters_given, key, context, inputs) -> "str | None":
        """The file an output goes to; None when it is not wanted. It must not be one of the ``inputs``."""
        if self.parameterDefinition(key).type() == "rasterDestination":
            path = self.parameterAsOutputLayer(parameters_given, key, context)
        else:
            path = self.parameterAsFileOutput(parameters_given, key, context)
        if not path:
            return None
        folder = os.path.dirname(os.path.abspath(path))
        if not os.path.isdir(folder):
            raise RasterError(f"the folder {folder} of the output does not exist; create it or choose another")
        if any(_same_file(path, name) for name in inputs):
            raise RasterError(f"the output {path} is also an input; choose another name for the output")
        return path


def fit_results(fitted) -> dict:
    return {
        parameters.INERTIA: fitted.model.inertia,
        parameters.N_ITER: fitted.model.n_iter,
        parameters.N_VALID: fitted.n_valid,
    }


def _same_file(path, name) -> bool:
    return os.path.exists(path) and os.path.exists(name) and os.path.samefile(path, name)
