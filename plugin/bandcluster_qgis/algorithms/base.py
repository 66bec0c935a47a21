"""The base of all algorithms.

It makes a request of the parameters, and results and layers of the outcome.
"""

from configparser import ConfigParser
from functools import lru_cache
from html import escape
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProperty,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtGui import QIcon

from .. import binding, dialogs
from ..binding import bandcluster
from ..failures import FAILURES, told
from ..icon import icon_path
from ..layers.rasters import is_of_rasters, rasters, takes_several
from ..layers.results import Results
from ..layers.styling import OwnStyler
from ..parameters import outputs, scenes, search
from ..translation import tr, translatable
from .given import KEYS, Given
from .outcome import tell
from .progress import Progress

# The groups of the toolbox: id and title.
CLUSTER = ("cluster", translatable("Cluster"))
CLASSES = ("classes", translatable("Classes"))
QUALITY = ("quality", translatable("Quality"))


class BandclusterAlgorithm(QgsProcessingAlgorithm):
    """The base class: a subclass adds its texts, its parameters and three members.

    ``request(given)`` returns the request without outputs; its fields that are not None go into
    ``asked``. It runs on the main thread, where layers and the project may be touched. ``FIELDS``
    has the request's field of each output, ``LAYERS`` the suffix of each layer's name.
    ``results(outcome, progress)`` returns the results besides the outputs.
    """

    NAME = TITLE = DESCRIPTION = ICON = ""
    GROUP = ()  # one of the three above
    TAGS = ()
    PAGE = "docs/tutorial.md"  # a page of the documentation
    FIELDS = {}
    LAYERS = {}
    STYLER = OwnStyler  # styles the layer OUTPUT

    def __init__(self):
        super().__init__()
        self.asked = {}
        self._problem = None
        self._scene = ""  # the layers are named after it

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
        # Also in English: many users with another language search for the English terms. The
        # toolbox searches tags, names and the words of short descriptions.
        return list(dict.fromkeys(tag for english in self.TAGS for tag in (tr(english), english)))

    def shortDescription(self):
        return tr(self.DESCRIPTION).split("\n")[0]

    def shortHelpString(self):
        definitions = self.parameterDefinitions()
        results = [
            output
            for output in self.outputDefinitions()
            if self.parameterDefinition(output.name()) is None
        ]
        parts = [(definition.description(), definition.help()) for definition in definitions]
        if results:
            parts.append(
                (
                    tr("Results also hold"),
                    "\n".join(f"- {result.description()}" for result in results),
                )
            )
        if QgsApplication.platform() == "qgis_process":  # it shows plain text
            return "\n\n".join(
                [tr(self.DESCRIPTION), *(tr("{}: {}").format(*part) for part in parts)]
            )
        return "\n".join(
            [
                _html(tr(self.DESCRIPTION)),
                *(f"<b>{_html(name)}</b><br/>{_html(text)}" for name, text in parts),
            ]
        )

    def helpUrl(self):
        return f"{_metadata()['repository']}/blob/main/{self.PAGE}"

    def icon(self):
        return QIcon(self.svgIconPath())

    def svgIconPath(self):
        return icon_path(self.ICON)

    def canExecute(self):
        problem = binding.problem()
        # The desktop opens the window that offers the library instead of this dialog.
        return not problem or _is_offered(), problem

    def createCustomParametersWidget(self, parent=None):
        if not _is_offered():
            return None
        from ..widgets.library import LibraryDialog

        offer, name = LibraryDialog(parent), self.id()
        offer.accepted.connect(self.provider().library_came)
        offer.accepted.connect(lambda: _open(name, offer.parameters))
        return offer

    def checkParameterValues(self, values, context):
        given, values = values, dict(values)
        try:
            # QGIS also checks rasters, but its message says less ("Incorrect parameter value for
            # INPUT"), and it cannot load products.
            for definition in filter(is_of_rasters, self.parameterDefinitions()):
                found = [
                    QgsRasterLayer()
                    for _ in rasters(definition, values.get(definition.name()), context)
                ]
                if found:
                    values[definition.name()] = found if takes_several(definition) else found[0]
        except FAILURES as problem:
            return False, self._told(problem)
        if self.parameterDefinition(search.CLUSTERS) is not None:
            clusters = self.parameterAsInt(values, search.CLUSTERS, context)
            if not 1 <= clusters <= search.LARGEST_CLUSTERS:
                return False, tr(
                    "The number of classes is {number}; choose one from 1 to {largest}"
                ).format(number=clusters, largest=search.LARGEST_CLUSTERS)
        fits, why = super().checkParameterValues(values, context)
        return (fits, why) if not fits else self._checked(given, context)

    def _checked(self, values, context):
        """Whether the library accepts the request, and the reason if it does not.

        It is checked while the user can still change the values.
        """
        try:
            binding.ensure_loaded()
            request = self.request(Given(self, values, context, is_trial=True))
            # A separate context for the names of outputs: nobody loads its layers.
            own = QgsProcessingContext()
            own.setProject(context.project())
            written = self._outputs(values, own)
            self.check(
                {
                    **_without_none(request),
                    **self._output_fields(written),
                    **self._memory(values, context),
                }
            )
        except FAILURES as problem:
            return False, self._told(problem)
        return True, ""

    def check(self, request) -> None:
        """Raises one of FAILURES if the request is not valid."""
        bandcluster.check_job({**request, "overwrite": True})

    def prepareAlgorithm(self, values, context, feedback):
        # A failure here would reach the caller only as "There were errors executing the algorithm".
        # So processAlgorithm raises it: its message is passed on.
        try:
            given = Given(self, values, context)
            self.asked = _without_none(self.request(given))
            self._scene = given.scene_name()
        except FAILURES as problem:
            self._problem = problem
        return True

    def processAlgorithm(self, values, context, feedback):
        try:
            if self._problem is not None:
                raise self._problem
            binding.ensure_loaded()
            written = self._outputs(values, context)
            with Progress(feedback) as progress:
                results = self.work(self._complete(values, written, context), progress)
            feedback.setProgress(100)
        except bandcluster.Cancelled as cancelled:
            raise QgsProcessingException(tr("cancelled")) from cancelled
        except FAILURES as failure:
            raise QgsProcessingException(self._told(failure)) from failure
        layers = Results(self, self._scene, context)
        for key, path in written.items():
            layers.show(key, path)
        self.load_more(layers, values, results, context)
        return {**written, **results}

    def load_more(self, layers, values, results, context) -> None:
        """Loads files that are not outputs of the algorithm."""

    def work(self, request, progress) -> dict:
        """Runs the request; returns the results besides the outputs."""
        outcome = bandcluster.run_job(request, progress=progress)
        tell(outcome.get("warnings", ()), progress)
        return self.results(outcome, progress)

    def _outputs(self, values, context) -> dict:
        """The paths of the outputs that are wanted.

        Called in the thread that runs: outputs that are asked for earlier are not loaded into the
        project afterwards.
        """
        paths = {}
        for definition in self.destinationParameterDefinitions():
            # In a batch, an output that is not wanted has an empty name. QGIS would still load it
            # if its path were asked for.
            if not _is_wanted(values.get(definition.name(), definition.defaultValue())):
                continue
            is_layer = definition.type() in ("rasterDestination", "vectorDestination")
            path_of = self.parameterAsOutputLayer if is_layer else self.parameterAsFileOutput
            paths[definition.name()] = path_of(values, definition.name(), context)
        return {key: path for key, path in paths.items() if path}

    def _complete(self, values, written, context) -> dict:
        """The request, with the outputs and the settings of the run."""
        request = {
            **self.asked,
            **self._output_fields(written),
            "overwrite": True,
            **self._memory(values, context),
        }
        if outputs.REPORT in written:
            request["note"] = self._command(values, context)
        return request

    def _output_fields(self, written) -> dict:
        return {self.FIELDS[key]: path for key, path in written.items()}

    def _memory(self, values, context) -> dict:
        has_memory = self.parameterDefinition(outputs.MEMORY) is not None
        return (
            {"memory": self.parameterAsInt(values, outputs.MEMORY, context)} if has_memory else {}
        )

    def _told(self, failure) -> str:
        """The failure in the words of the dialog."""
        keys = {**KEYS, **{field: key for key, field in self.FIELDS.items()}}
        definitions = {field: self.parameterDefinition(key) for field, key in keys.items()}
        return told(
            failure,
            {
                field: _name(one.description())
                for field, one in definitions.items()
                if one is not None
            },
        )

    def _command(self, values, context) -> str:
        """The command that repeats the run."""
        if not isinstance(
            values.get(scenes.BANDS), (str, type(None))
        ):  # a list: it cannot stand in a command
            values = {
                **values,
                scenes.BANDS: ",".join(map(str, Given(self, values, context).bands())),
            }
        if hasattr(self, "asQgisProcessCommand"):  # from QGIS 3.24
            command, complete = self.asQgisProcessCommand(values, context)
            if complete:
                return command
        return self.asPythonCommand(values, context)


def _is_offered() -> bool:
    """Whether the library must be fetched and there is a user to ask."""
    return QgsApplication.platform() == "desktop" and binding.is_missing()


def _open(algorithm, parameters):
    """Opens the dialog that the user wanted, once the one in its place has closed."""
    QTimer.singleShot(0, lambda: dialogs.show_algorithm(algorithm, parameters))


def _without_none(request) -> dict:
    return {field: value for field, value in request.items() if value is not None}


def _is_wanted(destination) -> bool:
    """Whether an output has a name."""
    sink = getattr(destination, "sink", None)
    if sink is None:
        return destination not in (None, "")
    is_static = sink.propertyType() == QgsProperty.Type.StaticProperty
    return not is_static or sink.staticValue() not in (None, "")


def _name(label) -> str:
    """The label of a parameter, without its explanation in brackets."""
    return label.split(" (")[0].split("\N{FULLWIDTH LEFT PARENTHESIS}")[0]


def _html(text) -> str:
    return escape(text, quote=False).replace("\n", "<br/>")


@lru_cache(maxsize=1)
def _metadata():
    parser = ConfigParser(interpolation=None)
    parser.read(Path(__file__).parents[1] / "metadata.txt", encoding="utf-8")
    return parser["general"]
