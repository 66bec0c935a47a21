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
