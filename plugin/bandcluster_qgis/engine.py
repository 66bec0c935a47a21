"""The work itself: scenes through the library, block by block. Nothing here knows about Processing parameters."""

from dataclasses import dataclass

import numpy as np

from .after import After, finish_map, labels_of
from .binding import bandcluster
from .gdal_calls import RasterError
from .kept import Kept
from .label_writer import LabelWriter
from .like import Like, renumbering
from .raster_io import SampleType, Scene, common_type
from .tally import Tally
from .translation import tr

# Of the bar, when a map is to be filtered: until its labels are there.
_LABELLED = 0.8


@dataclass(frozen=True)
class FitSettings:
    algorithm: str
    options: dict


@dataclass(frozen=True)
class Fitted:
    model: "bandcluster.Model"
    n_valid: int


def fit_scenes(scenes, settings, progress) -> Fitted:
    """A model of all the scenes together."""
    kept = Kept()
    fitted, samples = _fit_on_cells(scenes, settings, kept, progress.span(0, 0.6))
    _refine(fitted.model, scenes, samples, kept, progress.span(0.6, 1))
    return fitted


def choose_k(scene, settings, progress):
    """The choice of a number of classes, and the number of pixels that are not nodata.

    ``settings`` are keyword arguments of :func:`bandcluster.choose_k`.
    """
    summary, _samples = _summarise([scene], None, progress.span(0, 0.6))
    progress.say(tr("Trying numbers of classes"))
    choice = bandcluster.choose_k(summary, **settings, progress=progress.span(0.6, 1))
    return choice, summary.info().n_valid


def _summarise(scenes, kept, progress):
    """The summary of all pixels, some of which are kept for the next pass, and the type of the samples."""
    _check_bands(scenes)
    samples = common_type(scenes)
    progress.say(tr("Reading and summarising the pixels"))
    summary = bandcluster.Summary(len(scenes[0].bands), samples.dtype)
    for scene, block, part in _blocks(scenes, samples, kept, progress):
        summary.add(block.pixels, nodata=scene.nodata, mask=block.valid, progress=part)
    return summary, samples


def _fit_on_cells(scenes, settings, kept, progress):
    """A model that knows the pixels' summary only, and the type of the samples."""
    summary, samples = _summarise(scenes, kept, progress.span(0, 0.7))
    progress.say(tr("Clustering"))
    model = summary.fit(algorithm=settings.algorithm, **settings.options, progress=progress.span(0.7, 1))
    _describe(model, scenes[0])
    return Fitted(model, summary.info().n_valid), samples


def cluster_scene(scene, job, paths, album, progress):
    """A model of a scene, whose classes and their confidence are written to new GeoTIFFs (see LabelWriter).

    ``album`` gets the blocks with their labels. Returns what was fitted, and what there is of each class.
    """
    like, kept = Like(job.like), Kept()
    like.check([scene])
    fitted, samples = _fit_on_cells([scene], job.settings, kept, progress.span(0, 0.45))
    model, low, most = fitted.model, 0.45, _LABELLED if job.after.filters else 1
    if job.colors:
        model.set_colors(job.colors)
    job.reach.apply(model)
    while not model.converged:
        # The pass that finds the centres at rest has found the classes, too.
        # There is seldom another: it gets nearly all of the bar.
        progress.say(tr("Refining the class centres and writing the classes"))
        high = low + 0.99 * (most - low)
        centers, refinement = model.centers, bandcluster.Refinement(model, samples.dtype)
        shown, values = like.apply(model)  # nearly always what the last pass will find
        album.begin(shown)
        zonal = bandcluster.ZonalMeans(shown.n_labels, len(scene.bands), samples.dtype)
        with LabelWriter(paths, scene.georeference, shown) as writer:
            for window, block, part in scene_blocks(scene, samples, progress.span(low, high), kept):
                confidence = writer.room_for_confidence(window)
                labels = refinement.add_and_label(
                    block.pixels, nodata=scene.nodata, mask=block.valid, confidence=confidence, progress=part
                )
                labels = labels if values is None else values[labels]
                if shown.n_labels > shown.n_clusters:  # else the means of the classes are those of the model
                    zonal.add(block.pixels, labels, nodata=scene.nodata, mask=block.valid)
                writer.write(window, labels, confidence)
                album.add(window, block.pixels, scene.nodata, block.valid, labels)
            refinement.apply(model)
        found, new_values = like.apply(model)
        table = renumbering(centers, model, values, new_values) if model.converged else None
        if table is not None:
            table = None if np.array_equal(table, np.arange(len(table))) else table
            means = zonal.means if found.n_labels > found.n_clusters else None
            finish = _Finish(scene, samples, paths[0], found, job.after, means, table)
            return Fitted(found, fitted.n_valid), finish.run(writer.tally, album, progress.span(most, 1))
        low = high
    model, _values = like.apply(model)
    tally = label_scene(scene, model, job.after, paths, album, progress.span(low, 1))
    return Fitted(model, fitted.n_valid), tally


def label_scene(scene, model, after, paths, album, progress, look=None) -> Tally:
    """Write the classes of a scene to a new GeoTIFF, and their confidence to another (see LabelWriter).

    ``album`` gets the blocks with their labels. ``look`` is called with each window, its pixels, their nodata values
    and where they are valid. Returns what there is of each class.
    """
    progress.say(tr("Writing the classes"))
    samples = common_type([scene])
    most = _LABELLED if after.filters else 1
    album.begin(model)
    zonal = bandcluster.ZonalMeans(model.n_labels, len(scene.bands), samples.dtype)
    with LabelWriter(paths, scene.georeference, model) as writer:
        for window, block, part in scene_blocks(scene, samples, progress.span(0, most)):
            confidence = writer.room_for_confidence(window)
            valid = {"nodata": scene.nodata, "mask": block.valid}
            if look:
                look(window, block.pixels, scene.nodata, block.valid)
            labels = model.predict(block.pixels, **valid, confidence=confidence, progress=part)
            if not after.filters:
                zonal.add(block.pixels, labels, **valid)
            writer.write(window, labels, confidence)
            album.add(window, block.pixels, scene.nodata, block.valid, labels)
    finish = _Finish(scene, samples, paths[0], model, after, zonal.means)
    return finish.run(writer.tally, album, progress.span(most, 1))


@dataclass(frozen=True)
class _Finish:
    """What is done with a map of a scene once its labels are written: see :func:`finish_map`."""

    scene: Scene
    samples: SampleType
    path: str
    model: "bandcluster.Model"
    after: After
    means: "np.ndarray | None"  # of the pixels of each label from 0 as it was written; None: the model's are theirs
    renumbering: "np.ndarray | None" = None

    def run(self, tally, album, progress) -> Tally:
        return finish_map(
            self.path, self.model, self.after, tally, album, progress, self.renumbering, measure=self._measured
        )

    def _measured(self, path, progress):
        """The means of the finished map's labels, from 0."""
        if self.after.filters:
            return _means_of_map(self.scene, self.samples, path, self.model, progress)
        if self.means is None or self.renumbering is None:
            return self.means
        means = self.means.copy()
        means[self.renumbering[: len(means)]] = self.means
        return means


def _means_of_map(scene, samples, path, model, progress):
    """The means of a scene's pixels under each label, from 0, of a map that is there."""
    progress.say(tr("Measuring the classes"))
    zonal = bandcluster.ZonalMeans(model.n_labels, len(scene.bands), samples.dtype)
    read = labels_of(path)
    for window, block, part in scene_blocks(scene, samples, progress):
        zonal.add(block.pixels, read(window), nodata=scene.nodata, mask=block.valid, progress=part)
    return zonal.means


def _check_bands(scenes):
    first = scenes[0]
    for scene in scenes[1:]:
        if len(scene.bands) != len(first.bands):
            raise RasterError(
                tr("{one} has {count} bands and {other} has {other_count}; choose the same bands in all scenes").format(
                    one=first.title, count=len(first.bands), other=scene.title, other_count=len(scene.bands)
                )
            )


def _refine(model, scenes, samples, kept, progress):
    """Exact passes over the pixels until the centres rest. Their number is unknown: each takes half of what is left."""
    low = 0.0
    while not model.converged:
        progress.say(tr("Refining the class centres"))
        high = (1 + low) / 2
        refinement = bandcluster.Refinement(model, samples.dtype)
        for scene, block, part in _blocks(scenes, samples, kept, progress.span(low, high)):
            refinement.add(block.pixels, nodata=scene.nodata, mask=block.valid, progress=part)
        refinement.apply(model)
        low = high


def _describe(model, scene):
    """Put into the model what the file knows of its bands."""
    known = zip(scene.band_names, scene.nodata, scene.scaling)
    for number, (name, nodata, scaling) in enumerate(known, start=1):
        model.set_band(number, name, nodata, scaling)
    natural = scene.natural_bands()
    if natural:
        model.natural_colors(*natural)


def _blocks(scenes, samples, kept, progress):
    """Every block of every scene, with the progress of the work on it."""
    total = sum(scene.width * scene.height for scene in scenes)
    done = 0
    for scene in scenes:
        after = done + scene.width * scene.height
        for _window, block, part in scene_blocks(scene, samples, progress.span(done / total, after / total), kept):
            yield scene, block, part
        done = after


def scene_blocks(scene, samples, progress, kept=None):
    """Every window of a scene with its pixels, and the progress of the work on it.

    ``kept`` has the pixels that an earlier pass has kept, and keeps those of this one.
    """
    windows = scene.windows(samples.dtype)
    for number, (window, block) in enumerate(scene.blocks(windows, samples, progress, kept)):
        progress.check()
        yield window, block, progress.span(number / len(windows), (number + 1) / len(windows))
