"""bandcluster:mergeclasses: make several classes one, in a model and on maps that are there."""

from contextlib import suppress

from .. import class_parameters, parameters
from ..binding import bandcluster
from ..gdal_calls import RasterError
from ..relabel import relabel
from ..sources import raster_sources
from ..staging import staged, staged_map
from ..styling import style_on_load
from ..translation import tr, translatable
from .base import CLASSES, BandclusterAlgorithm
from .job import Job, SceneInput


class MergeClasses(BandclusterAlgorithm):
    NAME = "mergeclasses"
    TITLE = translatable("Merge and name classes")
    GROUP = CLASSES
    ICON = "mergeclasses"
    TAGS = translatable(("merge", "combine", "rename", "recode", "reclassify", "model"))
    DESCRIPTION = translatable(
        "Makes several classes of a model one, and names classes.\n"
        "The new model gives the merged classes to any scene ('Apply classes'). A map of the old classes is relabelled "
        "without the scene. Merged classes are numbered anew, the largest is 1; the log tells the pairs. Where classes "
        "are only named, their numbers stay."
    )

    def initAlgorithm(self, configuration=None):
        self.addParameter(parameters.model())
        self.addParameter(class_parameters.groups())
        self.addParameter(class_parameters.labels())
        self.addParameter(parameters.model_output(optional=False))
        self.addParameter(class_parameters.relabelled_output())
        for result in class_parameters.merge_results():
            self.addOutput(result)

    def collect(self, given, context):
        maps = raster_sources(self, given, class_parameters.LABELS, context)
        groups = _groups(self.parameterAsString(given, class_parameters.GROUPS, context))
        model = self.parameterAsFile(given, parameters.MODEL, context)
        return Job([SceneInput(source, [], None) for source in maps], settings=groups, model=model)

    def work(self, job, outputs, context, progress):
        labels = outputs.get(parameters.OUTPUT)
        if bool(labels) != bool(job.scenes):
            raise RasterError(tr("a map of the old classes (LABELS) and its output (OUTPUT) go together; give both"))
        old = bandcluster.Model.load(job.model)
        model, values = old.merge(job.settings)
        with staged(outputs[parameters.MODEL_OUTPUT]) as model_path, staged_map(labels) as labels_path:
            model.save(model_path)
            if labels:
                [scene] = job.open_scenes(progress)
                progress.say(tr("Writing the merged classes"))
                relabel(scene, values, model, labels_path, progress)
        if labels:
            style_on_load(labels, context)
        progress.table(_table(old, model, values))
        mapping = ",".join(f"{old}={new}" for old, new in enumerate(values, start=1))
        return {class_parameters.N_CLUSTERS: model.n_clusters, class_parameters.MAPPING: mapping}


def _groups(text) -> dict:
    """What the text says: name=values, with semicolons between."""
    groups = {}
    for item in filter(str.strip, text.split(";")):
        name, _equals, values = (part.strip() for part in item.rpartition("="))
        numbers = None
        with suppress(ValueError):
            numbers = [int(value) for value in values.split(",")]
        if not name or numbers is None:
            raise RasterError(
                tr("'{}' is not a name and the values of its classes, such as water=1,3").format(item.strip())
            )
        if name in groups:
            raise RasterError(tr("{} is given twice; name all of its classes at once").format(name))
        groups[name] = numbers
    return groups


def _table(old, model, values):
    """The old classes, a line for each, and what has become of them."""
    names = {value: name for value, name, _color in model.legend}
    for (value, name, _color), new in zip(old.legend, values):
        yield f"{value:5d}  {name}  ->  {new}  {names[new]}"
