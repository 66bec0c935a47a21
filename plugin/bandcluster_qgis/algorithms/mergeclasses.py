"""bandcluster:mergeclasses: merge classes in a model and on existing maps."""

from ..parameters import classes, outputs
from ..translation import tr, translatable
from .base import CLASSES, BandclusterAlgorithm
from .outcome import columns, tell_classes


class MergeClasses(BandclusterAlgorithm):
    NAME = "mergeclasses"
    TITLE = translatable("Merge and name classes")
    GROUP = CLASSES
    ICON = "mergeclasses"
    TAGS = translatable(("merge", "combine", "rename", "recode", "reclassify", "model"))
    FIELDS = {outputs.MODEL_OUTPUT: "output", outputs.OUTPUT: "labels_output"}
    LAYERS = {outputs.OUTPUT: translatable("{} merged")}
    DESCRIPTION = translatable(
        "Merges several classes of a model into one, and names classes.\n'Apply classes' gives the"
        " merged classes to any scene with the new model. A map of the old classes can be"
        " relabelled without the scene. After a merge all classes get new numbers, the largest is"
        " 1; the log lists the old and the new numbers. If classes are only named, their numbers do"
        " not change."
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
        return {
            "command": "merge",
            "model": given.file(classes.MODEL),
            "into": [
                group.strip()
                for group in (given.text(classes.GROUPS) or "").split(";")
                if group.strip()
            ],
            "labels": labels[0].name if labels else None,
        }

    def results(self, outcome, progress):
        pairs = outcome["mapping"]
        rows = [
            (str(one["from"]), one["from_name"], str(one["to"]), one["to_name"]) for one in pairs
        ]
        progress.table(
            columns([tr("old value"), tr("name"), tr("new value"), tr("name")], rows, left=(1, 3))
        )
        tell_classes(outcome, progress)
        mapping = ",".join(f"{one['from']}={one['to']}" for one in pairs)
        return {classes.N_CLUSTERS: outcome["n_clusters"], classes.MAPPING: mapping}
