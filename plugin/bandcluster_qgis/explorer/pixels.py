"""The summaries of a scene: a coarse one at once, then that of all pixels; and passes over the
pixels.
"""

import tempfile
import threading
from pathlib import Path

import numpy as np

from ..binding import bandcluster
from ..layers.seeds import NAME_FIELD, write_seeds
from .geometry import Window, samples

_SIDE = 512  # pixels of the coarse look at a scene
_PIECES = (12, 48)  # windows across and down, and pixels of a side, where a scene has no overviews
_LARGE = 4096  # pixels of a side from which on such a scene is not read whole for a coarse look
_MEMORY = 256  # MiB: what *Cluster a scene* gives the summary, so that its classes are the same


class Pixels:
    """One scene's pixels in some bands. Several threads may use it."""

    def __init__(self, scene, settings):
        self.scene = scene
        self.coarse = self.whole = None
        self.coarse_share = 1.0  # of the pixels, what the coarse summary has seen
        self._reading, self._files = settings.reading(), None
        self._so_far, self._read = None, 0  # of the whole: the pieces merged, and their number
        self._lock = threading.Lock()

    def open(self) -> None:
        """Opens the files by the library, which tells what cannot be used."""
        with self._lock:
            if self._files is None:
                self._files = bandcluster.Scenes(self._reading)
                self.scene.store_as(self._files.dtype)

    def look(self, feedback=None) -> None:
        """The coarse summary, from a decimated reading."""
        with self._lock:
            if self.coarse is not None:
                return
            grid, scene = self.scene.grid, self.scene
            is_large = min(grid.columns, grid.rows) > _LARGE and not scene.has_overviews
            windows = samples(grid, *_PIECES) if is_large else [_decimated(grid)]
            summary = bandcluster.Summary(len(scene.bands), scene.dtype, _MEMORY)
            for window in windows:
                read = scene.read(window, feedback)
                if read is None:
                    return
                bands, mask = read
                summary.add(bands, nodata=scene.nodata, mask=mask)
            seen = sum(window.columns * window.rows for window in windows)
            self.coarse_share = seen / (grid.columns * grid.rows)
            self.coarse = summary

    def summarise(self, progress) -> None:
        """The summary of all pixels; what was read before a cancel stays read."""
        self.open()
        with self._lock:
            files = self._files
            while self._read < files.n_pieces:
                part = _part(progress, self._read, files.n_pieces)
                piece = files.summary(self._read, _MEMORY, progress=part)
                if self._so_far is None:
                    self._so_far = piece
                else:
                    self._so_far.merge(piece)
                self._read += 1
            self.whole = self._so_far

    def starts(self, seeds, progress) -> dict:
        """The means of the pixels under seeds, by their names: those that *Cluster a scene* starts
        from.
        """
        self.open()
        with tempfile.TemporaryDirectory(prefix="bandcluster-") as folder:
            path = Path(folder) / "seeds.gpkg"
            write_seeds(path, seeds.shapes, self.scene.file_crs)
            try:
                return self._files.seeds(path, NAME_FIELD, progress=progress)
            except bandcluster.InvalidData as why:  # the user knows nothing of this file
                raise bandcluster.InvalidData(str(why).replace(f" of {path}", "")) from why

    def describe(self, model) -> None:
        """Puts the names, nodata values and natural colours of the bands into a model."""
        self._files.describe(model)

    def refined(self, model, progress):
        """The model refined over all pixels until its classes stand."""
        model = type(model).from_json(model.to_json())  # others label with the old one
        self._files.refine(model, progress=progress)
        return model


def _decimated(grid) -> Window:
    columns, rows = min(grid.columns, _SIDE), min(grid.rows, _SIDE)
    return Window(grid.box, columns, rows)


def _part(progress, number, count):
    """The progress of one piece of several."""
    return lambda fraction, phase: progress((number + fraction) / count, phase)


def labels_of_view(model, scene, bands, mask, progress=None):
    """The labels of pixels that were read, whatever nodata values the model knows."""
    nodata = [np.nan if value is None else value for value in scene.nodata]
    return model.predict(bands, nodata=nodata, mask=mask, progress=progress)
