"""The summaries of a scene (first a coarse one), and passes over its pixels."""

import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from ..binding import bandcluster
from ..layers.seeds import NAME_FIELD, write_seeds
from ..translation import tr
from .geometry import Window

_SIDE = 512  # side of the coarse look at a scene, in pixels
_LARGE = 2048**2  # pixels: a larger scene without overviews is only sampled for a coarse look
_FEWEST_SAMPLES, _LOOK = 8, 0.3  # samples that are read at least, and seconds for the others
_MEMORY = 256  # MiB of the summary, as in *Cluster a scene*: both find the same classes


class Pixels:
    """The pixels of one scene in some bands. Several threads may use it."""

    def __init__(self, scene, settings):
        self.scene = scene
        self.coarse = self.whole = None
        self.coarse_share = 1.0  # share of the pixels that the coarse summary has seen
        self._reading, self._files = settings.reading(), None
        self._so_far, self._read = None, 0  # the merged pieces of all pixels, and their number
        self._lock = threading.Lock()

    def open(self) -> None:
        """Opens the files with the library, which reports what cannot be used."""
        with self._lock:
            if self._files is None:
                self._files = bandcluster.Scenes(self._reading)
                self.scene.store_as(self._files.dtype)

    def look(self, feedback=None) -> None:
        """Makes the coarse summary: from pixels at reduced resolution, or from samples.

        How many samples are read depends on the time that they take.
        """
        with self._lock:
            if self.coarse is not None:
                return
            grid, scene = self.scene.grid, self.scene
            is_large = grid.columns * grid.rows > _LARGE and not scene.has_overviews
            windows = grid.samples() if is_large else [_decimated(grid)]
            summary = bandcluster.Summary(len(scene.bands), scene.dtype, _MEMORY)
            until, n_pixels = time.monotonic() + _LOOK, 0
            for number, window in enumerate(windows):
                if number >= _FEWEST_SAMPLES and time.monotonic() > until:
                    break
                read = scene.read(window, feedback)
                if read is None:
                    return
                bands, mask = read
                summary.add(bands, nodata=scene.nodata, mask=mask)
                n_pixels += window.columns * window.rows
            self.coarse_share = n_pixels / (grid.columns * grid.rows)
            self.coarse = summary

    def summarise(self, progress) -> None:
        """Makes the summary of all pixels; pieces read before a cancel are kept."""
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
        """The means of the pixels under the seeds, by name.

        *Cluster a scene* starts from the same means.
        """
        self.open()
        with tempfile.TemporaryDirectory(prefix="bandcluster-") as folder:
            path = Path(folder) / "seeds.gpkg"
            write_seeds(path, seeds.shapes, self.scene.file_crs, is_temporary=True)
            try:
                return self._files.seeds(path, NAME_FIELD, progress=progress)
            except bandcluster.BandclusterError as why:  # the user does not know this file
                told = str(why).replace(f" of {path}", "").replace(str(path), tr("Seeds"))
                raise type(why)(told) from why

    def describe(self, model) -> None:
        """Puts the names, nodata values and natural colours of the bands into a model."""
        self._files.describe(model)

    def refined(self, model, progress):
        """The model, refined over all pixels until it has converged."""
        model = type(model).from_json(model.to_json())  # other threads still use the old one
        self._files.refine(model, progress=progress)
        return model


def _decimated(grid) -> Window:
    columns, rows = min(grid.columns, _SIDE), min(grid.rows, _SIDE)
    return Window(grid.box, columns, rows)


def _part(progress, number, count):
    """The progress function of one piece of several."""
    return lambda fraction, phase: progress((number + fraction) / count, phase)


def labels_of_view(model, scene, bands, mask, progress=None):
    """The labels of pixels that were read; the model's nodata values are not used."""
    nodata = [np.nan if value is None else value for value in scene.nodata]
    return model.predict(bands, nodata=nodata, mask=mask, progress=progress)
