"""bandcluster:mergeclasses: make several classes one, in a model and on maps that are there."""

from ..failures import Refused
from ..parameters import classes, outputs
from ..translation import tr, translatable
from .base import CLASSES, BandclusterAlgorithm


class MergeClasses(BandclusterAlgorithm):
    NAME = "mergeclasses"
    TITLE = translatable("Merge and name classes")
    GROUP = CLASSES
    ICON = "mergeclasses"
    TAGS = translatable(("merge", "combine", "rename", "recode", "reclassify", "model"))
    FIELDS = {outputs.MODEL_OUTPUT: "output", outputs.OUTPUT: "labels_output"}
    DESCRIPTION = translatable(
        "Makes several classes of a model one, and names classes.\n"
        "The new model gives the merged classes to any scene ('Apply classes'). A map of the old classes is relabelled "
        "without the scene. Merged classes are numbered anew, the largest is 1; the log tells the pairs. Where classes "
        "are only named, their numbers stay."
    )

    def initAlgorithm(self, configuration=None):
        self.addParameter(classes.model())
        self.addParameter(classes.groups())
        self.addParameter(classes.labels())
        self.addParameter(outputs.model_output(optional=False))
        self.addParameter(classes.relabelled_output())
        for result in classes.merge_results():
            self.addOutput(result)

    def request(self, given):
        labels = given.rasters(classes.LABELS)
        if bool(labels) != bool(given.values.get(outputs.OUTPUT)):
            raise Refused(tr("a map of the old classes (LABELS) and its output (OUTPUT) go together; give both"))
        return {
            "command": "merge",
            "model": given.file(classes.MODEL),
            "into": [group.strip() for group in (given.text(classes.GROUPS) or "").split(";") if group.strip()],
            "labels": labels[0].name if labels else None,
        }

    def results(self, outcome, progress):
        pairs = outcome["mapping"]
        lines = [f"{one['from']:5d}  {one['from_name']}  ->  {one['to']}  {one['to_name']}" for one in pairs]
        progress.table(lines)
        mapping = ",".join(f"{one['from']}={one['to']}" for one in pairs)
        return {classes.N_CLUSTERS: outcome["n_clusters"], classes.MAPPING: mapping}
