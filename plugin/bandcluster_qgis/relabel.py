"""A map of classes under new values: what merging makes of it, without the scene."""

import numpy as np

from .gdal_calls import RasterError
from .label_writer import LabelWriter
from .raster_io import common_type
from .translation import tr


def relabel(scene, values, model, path, progress) -> int:
    """Write a map with new values to a GeoTIFF: ``values[i]`` for label ``i + 1``, with the classes of ``model``.

    Returns the number of pixels that are not nodata.
    """
    if len(scene.bands) != 1:
        raise RasterError(
            tr("{} has {} bands; choose a map of classes, which has one").format(scene.title, len(scene.bands))
        )
    samples, table = common_type([scene]), np.array([0, *values], model.label_dtype)
    windows, n_valid = scene.windows(samples.dtype), 0
    with LabelWriter((path, None), scene, model) as writer:
        for number, window in enumerate(windows):
            progress.check()
            block = scene.read(window, samples, progress.span(number / len(windows), (number + 1) / len(windows)))
            labels = table[_labels(scene, block, len(values))]
            writer.write(window, labels, None)
            n_valid += int(np.count_nonzero(labels))
    return n_valid


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
            tr("{} has the label {}, and those of the model are 1 to {}; choose a map made with this model").format(
                scene.title, labels[~known].min(), n_labels
            )
        )
    return labels.astype(np.intp)
