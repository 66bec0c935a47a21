"""A map of classes under new values: what merging makes of it, without the scene."""

import numpy as np

from .gdal_calls import RasterError
from .label_writer import LabelWriter, describe
from .raster_io import common_type
from .translation import tr


def relabel(scene, values, model, path, progress):
    """Write a map with new values to a GeoTIFF: ``values[i]`` for label ``i + 1``, with the classes of ``model``."""
    if len(scene.bands) != 1:
        raise RasterError(
            tr("{scene} has {count} bands; choose a map of classes, which has one").format(
                scene=scene.title, count=len(scene.bands)
            )
        )
    samples, table = common_type([scene]), np.array([0, *values], model.label_dtype)
    windows = scene.windows(samples.dtype)
    with LabelWriter((path, None), scene.georeference, model) as writer:
        for number, window in enumerate(windows):
            progress.check()
            block = scene.read(window, samples, progress.span(number / len(windows), (number + 1) / len(windows)))
            writer.write(window, table[_labels(scene, block, len(values))])
    describe(path, model, writer.tally)


def _labels(scene, block, n_labels):
    """The labels of a block, 0 where there is none."""
    labels = block.pixels[0]
    [nodata] = scene.nodata
    nothing = np.isnan(labels) if nodata is None else np.isnan(labels) | (labels == nodata)
    if block.valid is not None:
        nothing |= ~block.valid
    labels = np.where(nothing, 0, labels)
    known = (labels >= 0) & (labels <= n_labels) & (labels == np.trunc(labels))
    if not known.all():
        raise RasterError(
            tr(
                "{scene} has the label {label}, and those of the model are 1 to {largest}; choose a map made with this "
                "model"
            ).format(scene=scene.title, label=labels[~known].min(), largest=n_labels)
        )
    return labels.astype(np.intp)
