"""bandcluster:choosek: recommend a number of classes for a scene."""

import math

from ..failures import Refused
from ..parameters import outputs, scenes, search
from ..translation import tr, translatable
from . import given as fields
from .base import QUALITY, BandclusterAlgorithm

translatable(("low", "medium", "high"))  # the values of certainty in outcomes


class ChooseK(BandclusterAlgorithm):
    NAME = "choosek"
    TITLE = translatable("Choose the number of classes")
    GROUP = QUALITY
    ICON = "choosek"
    TAGS = translatable(("elbow", "silhouette", "number of clusters", "how many classes"))
    FIELDS = {outputs.REPORT: "report"}
    DESCRIPTION = translatable(
        "Recommends a number of classes for a scene.\nFinds classes for every number in a range and"
        " measures how well they are separated: silhouette and Calinski-Harabasz (higher is"
        " better), Davies-Bouldin (lower is better), and stability, which tells whether all starts"
        " find the same classes (1: they do). Each number is ranked by the first three measures;"
        " the number with the best ranks is recommended, among those that are stable. The log says"
        " how certain that is. If the classes of a scene blend into each other, no number is right:"
        " look at the maps, too. A Processing model can pass the number on to 'Cluster a scene'."
    )

    def initAlgorithm(self, configuration=None):
        self.addParameter(scenes.scene())
        self.addParameter(scenes.bands())
        for bound in search.range_of_clusters():
            self.addParameter(bound)
        self.addParameter(search.choosable())
        for option in [*search.search_options(), *scenes.pixel_options(scenes.mask)]:
            self.addParameter(option)
        self.addParameter(outputs.memory())
        self.addParameter(outputs.report_output())
        for number in outputs.choice_numbers():
            self.addOutput(number)

    def request(self, given):
        least, largest = given.whole(search.MIN), given.whole(search.MAX)
        if least > largest:
            raise Refused(
                tr(
                    "the minimum number of classes, {least}, is above the maximum, {largest};"
                    " exchange them"
                ).format(least=least, largest=largest)
            )
        algorithm = given.choice(search.ALGORITHM, search.CHOOSABLE)
        how = {**fields.scene(given), **fields.how_to_search(given, algorithm)}
        return {"command": "choose_k", "min": least, "max": largest, **how}

    def results(self, outcome, progress):
        progress.table(_table(outcome))
        number, certainty, reason = (
            outcome["recommended_k"],
            outcome["certainty"],
            outcome["reason"],
        )
        progress.note(
            tr("Recommended: {number} classes; certainty: {certainty}. {reason}").format(
                number=number, certainty=tr(certainty), reason=reason
            )
        )
        return {outputs.RECOMMENDED_K: number, outputs.N_VALID: outcome["n_valid"]}


def _table(outcome):
    """A line for each candidate; the recommended one is marked."""
    by_bic = outcome["candidates"][0].get("bic") is not None
    last = "BIC" if by_bic else tr("stability")
    header = tr("     k        inertia  silhouette  Calinski-Harabasz  Davies-Bouldin  {last:>9s}")
    yield header.format(last=last)
    for candidate in outcome["candidates"]:
        measures = {name: math.nan if value is None else value for name, value in candidate.items()}
        last = f"{_short(measures['bic']):>9s}" if by_bic else f"{measures['stability']:9.3f}"
        mark = "*" if candidate["k"] == outcome["recommended_k"] else " "
        yield (
            f"{mark} {candidate['k']:4d}  {_short(measures['inertia']):>13s} "
            f" {measures['silhouette']:10.4f}  {_short(measures['calinski_harabasz']):>17s} "
            f" {measures['davies_bouldin']:14.4f}  {last}"
        )


def _short(value):
    """About six digits, as on the command line: an exponent only from ten digits on."""
    if abs(value) >= 1e9:
        return f"{value:.5e}"
    return f"{value:.0f}" if abs(value) >= 1e5 else f"{value:.6g}"
