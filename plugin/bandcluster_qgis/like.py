"""A new fit that takes the numbers, names and colours of an old model."""

import numpy as np

from .binding import bandcluster
from .gdal_calls import RasterError
from .translation import tr


class Like:
    """The model that a fit is to be like, read from a file; or none, and then nothing is changed."""

    def __init__(self, path):
        self._model = bandcluster.Model.load(path) if path else None

    def check(self, scenes):
        """That the scenes have as many bands; the names of bands are compared once there is a model."""
        for scene in scenes if self._model else ():
            if len(scene.bands) != self._model.n_bands:
                raise RasterError(
                    tr(
                        "{scene} gives {found} bands, and the model to be like has {wanted}: choose the same bands"
                    ).format(scene=scene.title, found=len(scene.bands), wanted=self._model.n_bands)
                )

    def apply(self, model):
        """The model as it is to be, and the new value of each label from 0, where values change."""
        if self._model is None:
            return model, None
        aligned, matches = model.align(self._model)
        return aligned, np.array([0, *(match.value for match in matches)], aligned.label_dtype)


def renumbering(before, model, values, new_values):
    """The value that each one on a map is to have, from 0, where a pass that wrote it only changed the classes' order.

    ``before`` are the centres by which the pass gave the labels, and ``values`` what these were on the map (see
    :meth:`Like.apply`); ``model`` has the centres in their new order, and ``new_values`` what its labels are to be.
    None where the centres differ in more than their order, or two are the same.
    """
    old, new = np.lexsort(before.T), np.lexsort(model.centers.T)
    places = before[old]
    if not np.array_equal(places, model.centers[new]) or (places[1:] == places[:-1]).all(axis=1).any():
        return None
    labels = np.arange(model.n_labels + 1)
    moved = labels.copy()
    moved[old + 1] = new + 1
    on_map = labels if values is None else values
    table = np.arange(on_map.max() + 1)
    table[on_map] = moved if new_values is None else new_values[moved]
    return table
