"""bandcluster:predict: label a scene with the classes of a model."""

from dataclasses import replace

from .. import area_parameter, map_parameters, parameters
from ..bands import bands_by_name, contradict, is_name
from ..binding import bandcluster
from ..engine import label_scene
from ..gdal_calls import RasterError
from ..polygons import write_polygons
from ..product import ProductSource
from ..report import Album
from ..staging import staged, staged_map
from ..styling import style_on_load
from ..translation import tr, translatable
from ..trust import Correction, Sample, in_qgis
from .base import CLUSTER, BandclusterAlgorithm
from .job import tell_of_alpha


class Predict(BandclusterAlgorithm):
    NAME = "predict"
    TITLE = translatable("Apply classes")
    GROUP = CLUSTER
    ICON = "predict"
    TAGS = translatable(("predict", "model", "label", "neighbour"))
    DESCRIPTION = translatable(
        "Labels a scene with the classes of a model, so that its map matches that of the scene the model comes from.\n"
        "The scene must have the model's bands, in the same units. Where none are chosen, they are found by the names "
        "that the model keeps; where the bands have no names, all are taken in their order, and the log tells the "
        "pairs. The log warns where the scene looks shifted, scaled, in another order of bands, or unlike what the "
        "model was fitted on."
    )

    def initAlgorithm(self, configuration=None):
        self.addParameter(parameters.scene())
        self.addParameter(parameters.model())
        self.addParameter(parameters.bands_of_model())
        self.addParameter(parameters.mask())
        self.addParameter(parameters.mask_scl())
        self.addParameter(area_parameter.area())
        options = (parameters.correction_options, parameters.reach_options, map_parameters.map_options)
        for option in (option for group in options for option in group()):
            self.addParameter(option)
        self.addParameter(parameters.labels_output())
        self.addParameter(parameters.confidence_output())
        self.addParameter(parameters.class_report_output())
        self.addParameter(map_parameters.polygons_output())
        self.addOutput(parameters.valid_number())
        self.addOutput(parameters.drift_number())

    def collect(self, given, context):
        correction = Correction.parse(
            *(self.parameterAsString(given, key, context) for key in (parameters.SCALE, parameters.OFFSET))
        )
        model = self.parameterAsFile(given, parameters.MODEL, context)
        return self.job(
            given,
            context,
            model=model,
            reach=self.reach(given, context),
            correction=correction,
            **self.map_settings(given, context),
        )

    def work(self, job, outputs, context, progress):
        labels, polygons = outputs[parameters.OUTPUT], outputs.get(map_parameters.POLYGONS)
        model = bandcluster.Model.load(job.model)
        if job.colors:
            model.set_colors(job.colors)
        job.reach.apply(model)
        scene = _scene_of_model(job, model, progress)
        correction = job.correction or _by_metadata(scene, model, progress)
        correction.check(len(scene.bands))
        scene.correct(correction)
        sample, most = Sample(scene), 0.9 if polygons else 1
        confidence, report = outputs.get(parameters.CONFIDENCE), outputs.get(parameters.REPORT)
        with staged_map(labels) as labels_path, staged(confidence) as confidence_path, staged(report) as report_path:
            album = Album(scene, wanted=report_path is not None)
            paths, part = (labels_path, confidence_path), progress.span(0, most)
            tally = label_scene(scene, model, job.after, paths, album, part, look=sample.add)
            drift = sample.tell(model, progress)
            write_polygons(labels_path, polygons, model, progress.span(most, 1))
            warnings = [in_qgis(warning.message) for warning in drift.warnings] if drift else []
            told = {"command": job.command, "model_file": job.model, "predicted": True, "warnings": warnings}
            told["drift"] = drift
            album.save(model, report_path, tally, **told)
        style_on_load(labels, context)
        style_on_load(polygons, context)
        return {parameters.N_VALID: tally.n_valid, parameters.DRIFT: drift and drift.overall}


def _by_metadata(scene, model, progress):
    """What brings the scene's samples to those of the model, if the files of both say what their samples mean."""
    correction = Correction.between(scene, model)
    if not correction.is_none:
        progress.note(
            tr(
                "{scene}: the samples are brought to those of the model, as the scale and offset of both say: {bands}"
            ).format(scene=scene.title, bands=correction)
        )
    return correction


def _scene_of_model(job, model, progress):
    """The scene with the bands that the model wants."""
    [chosen] = job.scenes
    wanted = model.band_names
    if isinstance(chosen.source, ProductSource) and all(map(is_name, wanted)):
        job = replace(job, scenes=[replace(chosen, source=chosen.source.of_bands(wanted))])
        [chosen] = job.scenes
    [scene] = job.open_scenes(progress)
    found = None
    if not chosen.bands:
        found = bands_by_name(scene, wanted)
        if found:
            scene = replace(chosen, bands=found).open()
        elif contradict(scene, wanted):
            raise RasterError(
                tr(
                    "the model's bands are {wanted} and those of {scene} are {found}; choose the bands (BANDS) that "
                    "stand for the model's, in its order"
                ).format(wanted=", ".join(wanted), scene=scene.title, found=", ".join(scene.band_names))
            )
    if len(scene.bands) != model.n_bands:
        raise RasterError(
            tr(
                "the model has {count} bands ({names}) and {scene} gives {found}; choose the {count} bands of the "
                "model, in its order"
            ).format(count=model.n_bands, names=", ".join(wanted), scene=scene.title, found=len(scene.bands))
        )
    tell_of_alpha(scene, progress)
    if not chosen.bands and not (found and all(map(is_name, wanted))):
        _tell_pairs(scene, wanted, progress)
    return scene


def _tell_pairs(scene, wanted, progress):
    """Say which band stands for which of the model's, as no names did."""
    pairs, doubtful, band = [], False, tr("band {}")
    for position, (ours, number, theirs) in enumerate(zip(wanted, scene.bands, scene.band_names), start=1):
        named = f" ({theirs})" if is_name(theirs) else ""
        pairs.append(f"{ours or band.format(position)} <- {band.format(number)}{named}")
        doubtful |= is_name(ours) and is_name(theirs) and ours.casefold() != theirs.casefold()
    tell = progress.warn if doubtful else progress.note
    tell(
        tr(
            "{scene}: the bands are paired with the model's by position, not by name: {pairs}. If that is wrong, "
            "choose the bands"
        ).format(scene=scene.title, pairs=", ".join(pairs))
    )
