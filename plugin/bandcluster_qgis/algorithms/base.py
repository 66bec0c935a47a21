"""What the algorithms have in common: parameters become a request, its outcome becomes results and layers."""

from qgis.core import QgsProcessingAlgorithm, QgsProcessingException, QgsRasterLayer
from qgis.PyQt.QtGui import QIcon

from .. import binding
from ..binding import bandcluster
from ..failures import FAILURES
from ..icon import icon_path
from ..layers.rasters import is_of_rasters, rasters, takes_several
from ..layers.styling import OwnStyler, style_on_load
from ..parameters import maps, outputs, search
from ..translation import tr, translatable
from .given import Given
from .outcome import tell
from .progress import Progress

_TAGS = translatable(("classification", "unsupervised", "clustering", "k-means", "raster"))


# The groups of the toolbox: id and title.
CLUSTER = ("cluster", translatable("Cluster"))
CLASSES = ("classes", translatable("Classes"))
QUALITY = ("quality", translatable("Quality"))


class BandclusterAlgorithm(QgsProcessingAlgorithm):
    """A subclass gives the texts, its parameters, and three things.

    ``request(given)`` returns the request without outputs; what is not None of it becomes ``asked``.
    It runs on the main thread, where layers and the project may be touched.
    ``FIELDS`` has the request's field of each output.
    ``results(outcome, progress)`` returns the results besides the outputs.
    """

    NAME = TITLE = DESCRIPTION = ICON = ""
    GROUP = ()  # one of the three above
    TAGS = ()
    FIELDS = {}
    STYLER = OwnStyler  # of the layers that are made

    def __init__(self):
        super().__init__()
        self.asked = {}
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

    def checkParameterValues(self, values, context):
        values = dict(values)
        try:
            # QGIS checks rasters, too, but tells less ("Incorrect parameter value for INPUT") and loads no products.
            for definition in filter(is_of_rasters, self.parameterDefinitions()):
                found = [QgsRasterLayer() for _ in rasters(definition, values.get(definition.name()), context)]
                if found:
                    values[definition.name()] = found if takes_several(definition) else found[0]
        except FAILURES as problem:
            return False, str(problem)
        if self.parameterDefinition(search.CLUSTERS) is not None:
            clusters = self.parameterAsInt(values, search.CLUSTERS, context)
            if not 1 <= clusters <= search.LARGEST_CLUSTERS:
                return False, tr("The number of classes is {number}; choose one from 1 to {largest}").format(
                    number=clusters, largest=search.LARGEST_CLUSTERS
                )
        return super().checkParameterValues(values, context)

    def prepareAlgorithm(self, values, context, feedback):
        # A failure here would reach the caller as "There were errors executing the algorithm" only: it is raised by
        # processAlgorithm, whose message is passed on.
        try:
            request = self.request(Given(self, values, context))
            self.asked = {field: value for field, value in request.items() if value is not None}
        except FAILURES as problem:
            self._problem = problem
        return True

    def processAlgorithm(self, values, context, feedback):
        try:
            if self._problem is not None:
                raise self._problem
            binding.ensure_loaded()
            written = self._outputs(values, context)
            results = self.work(self._complete(values, written, context), Progress(feedback))
            feedback.setProgress(100)
        except bandcluster.Cancelled as cancelled:
            raise QgsProcessingException(tr("cancelled")) from cancelled
        except FAILURES as failure:
            raise QgsProcessingException(" ".join(str(failure).split())) from failure
        for key in (outputs.OUTPUT, maps.POLYGONS):
            style_on_load(written.get(key), self.STYLER, context)
        return {**written, **results}

    def work(self, request, progress) -> dict:
        """Does what is asked for; returns the results besides the outputs."""
        outcome = bandcluster.run_job(request, progress=progress)
        tell(outcome.get("warnings", ()), progress)
        return self.results(outcome, progress)

    def _outputs(self, values, context) -> dict:
        """The paths of the outputs that are wanted.

        Asked for in the thread that runs: what is asked for earlier is not loaded into the project afterwards.
        """
        paths = {}
        for definition in self.destinationParameterDefinitions():
            is_layer = definition.type() in ("rasterDestination", "vectorDestination")
            path_of = self.parameterAsOutputLayer if is_layer else self.parameterAsFileOutput
            paths[definition.name()] = path_of(values, definition.name(), context)
        return {key: path for key, path in paths.items() if path}

    def _complete(self, values, written, context) -> dict:
        """The request, with the outputs and how to run."""
        request = {**self.asked, **{self.FIELDS[key]: path for key, path in written.items()}, "overwrite": True}
        if self.parameterDefinition(outputs.MEMORY) is not None:
            request["memory"] = self.parameterAsInt(values, outputs.MEMORY, context)
        if outputs.REPORT in written:
            request["note"] = self._command(values, context)
        return request

    def _command(self, values, context) -> str:
        """What does the same again."""
        if hasattr(self, "asQgisProcessCommand"):  # from QGIS 3.24
            command, complete = self.asQgisProcessCommand(values, context)
            if complete:
                return command
        return self.asPythonCommand(values, context)
