"""bandcluster:choosek: how many classes a scene has."""

import math

from .. import area_parameter, parameters
from ..engine import choose_k
from ..gdal_calls import RasterError
from ..staging import staged
from ..translation import tr, translatable
from .base import QUALITY, BandclusterAlgorithm
from .job import Job

translatable(("low", "medium", "high"))  # what the binding says of certainty


class ChooseK(BandclusterAlgorithm):
    NAME = "choosek"
    TITLE = translatable("Choose the number of classes")
    GROUP = QUALITY
    ICON = "choosek"
    TAGS = translatable(("elbow", "silhouette", "number of clusters"))
    DESCRIPTION = translatable(
        "Recommends a number of classes for a scene.\n"
        "Finds classes for every number in a range, and measures how well they are apart: silhouette and "
        "Calinski-Harabasz (the higher the better), Davies-Bouldin (the lower the better), and stability: whether the "
        "starts find the same classes (1: they do). Recommended is the number with the least sum of ranks by the first "
        "three, among those that are stable. The log says how sure that is. Scenes whose classes blend into each other "
        "have no right number: look at the maps, too. A Processing model can feed the number into 'Cluster a scene'."
    )

    def initAlgorithm(self, configuration=None):
        self.addParameter(parameters.scene())
        self.addParameter(parameters.bands())
        for bound in parameters.range_of_clusters():
            self.addParameter(bound)
        self.addParameter(parameters.choosable())
        for option in parameters.search_options():
            self.addParameter(option)
        self.addParameter(parameters.mask())
        self.addParameter(parameters.mask_scl())
        self.addParameter(area_parameter.area())
        self.addParameter(parameters.report_output())
        for number in parameters.choice_numbers():
            self.addOutput(number)

    def collect(self, given, context):
        least = self.parameterAsInt(given, parameters.MIN, context)
        largest = self.parameterAsInt(given, parameters.MAX, context)
        if least > largest:
            raise RasterError(
                tr("the least number of classes, {least}, is above the largest, {largest}; exchange them").format(
                    least=least, largest=largest
                )
            )
        settings = self.search_settings(given, context)
        settings["algorithm"] = parameters.CHOOSABLE[self.parameterAsEnum(given, parameters.ALGORITHM, context)]
        if settings["algorithm"] == "gmm":
            del settings["n_init"]  # which is meant for k-means
        return Job(self.scene_inputs(given, context), settings={**settings, "min": least, "max": largest})

    def work(self, job, outputs, context, progress):
        (scene,) = job.open_to_cluster(progress)
        with staged(outputs.get(parameters.REPORT)) as report:
            choice, n_valid = choose_k(scene, {**job.settings, "report": report, "title": scene.title}, progress)
        progress.table(_table(choice))
        progress.note(
            tr("Recommended: {number} classes; certainty: {certainty}. {reason}").format(
                number=choice.recommended, certainty=tr(choice.certainty), reason=choice.reason
            )
        )
        return {parameters.RECOMMENDED_K: choice.recommended, parameters.N_VALID: n_valid}


def _table(choice):
    """The candidates, a line for each, the recommended one marked."""
    by_bic = not math.isnan(choice.candidates[0].bic)
    last = "BIC" if by_bic else tr("stability")
    header = tr("     k        inertia  silhouette  Calinski-Harabasz  Davies-Bouldin  {last:>9s}")
    yield header.format(last=last)
    for candidate in choice.candidates:
        last = f"{_short(candidate.bic):>9s}" if by_bic else f"{candidate.stability:9.3f}"
        mark = "*" if candidate.k == choice.recommended else " "
        yield (
            f"{mark} {candidate.k:4d}  {_short(candidate.inertia):>13s}  {candidate.silhouette:10.4f}  "
            f"{_short(candidate.calinski_harabasz):>17s}  {candidate.davies_bouldin:14.4f}  {last}"
        )


def _short(value):
    """Six digits or so, as the command line shows them: an exponent only where there would be ten."""
    if abs(value) >= 1e9:
        return f"{value:.5e}"
    return f"{value:.0f}" if abs(value) >= 1e5 else f"{value:.6g}"
