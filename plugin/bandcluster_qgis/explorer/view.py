"""The part of a scene on the screen: its pixels, read once for a view, and their classes."""

from dataclasses import dataclass, field

import numpy as np

from .geometry import Box, indices, places
from .pixels import labels_of_view

_MOST_PIXELS = 16_000_000  # of a screen; a larger view is read coarser


@dataclass(frozen=True)
class View:
    """What the canvas shows: a box in map units, and its pixels on the screen.

    `transforms` has a function for each layer in another reference system, from points of the map
    to that system.
    """

    box: Box
    columns: int
    rows: int
    system: str = ""
    transforms: dict = field(default_factory=dict, compare=False, hash=False)

    def limited(self) -> "View":
        share = (_MOST_PIXELS / (self.columns * self.rows)) ** 0.5
        if share >= 1:
            return self
        columns, rows = max(int(self.columns * share), 1), max(int(self.rows * share), 1)
        return View(self.box, columns, rows, self.system, self.transforms)


@dataclass(frozen=True)
class Buffer:
    """The pixels of a scene in a view.

    Their place on the map, the bands, and the mask of valid pixels (None: all).
    """

    box: Box
    bands: list
    mask: "np.ndarray | None"


@dataclass(frozen=True)
class Picture:
    """Classes on the map: labels (rows, columns), 0 outside."""

    box: Box
    labels: np.ndarray

    def label_at(self, x, y) -> int:
        """The label at a point; 0 outside."""
        rows, columns = self.labels.shape
        column = int(np.floor((x - self.box.left) / self.box.width * columns))
        row = int(np.floor((self.box.top - y) / self.box.height * rows))
        return int(self.labels[row, column]) if 0 <= row < rows and 0 <= column < columns else 0


def read_view(scene, view, feedback=None) -> "Buffer | None":
    """The pixels of a scene in a view; None if there are none, or if cancelled."""
    transform = view.transforms.get(scene.layer_id)
    if transform is None:
        window = scene.grid.window(view.box, view.box.width / view.columns)
        read = None if window is None else scene.read(window, feedback)
        return None if read is None else Buffer(window.box, *read)
    return _reprojected(scene, view, transform, feedback)


def _reprojected(scene, view, transform, feedback):
    """The scene on the pixels of the screen: each takes the nearest pixel of the scene."""
    xs, ys = places(view.box, view.columns, view.rows, transform)
    if np.isnan(xs).all() or np.isnan(ys).all():
        return None
    seen = Box(
        float(np.nanmin(xs)), float(np.nanmin(ys)), float(np.nanmax(xs)), float(np.nanmax(ys))
    )
    if seen.width <= 0 or seen.height <= 0:
        return None
    window = scene.grid.window(seen, min(seen.width / view.columns, seen.height / view.rows))
    read = None if window is None else scene.read(window, feedback)
    if read is None:
        return None
    bands, mask = read
    rows, columns, inside = indices(xs, ys, window)
    if mask is not None:
        inside &= mask[rows, columns]
    return Buffer(view.box, [band[rows, columns] for band in bands], inside)


def classes_of(scene, buffer, model, progress=None) -> Picture:
    return Picture(buffer.box, labels_of_view(model, scene, buffer.bands, buffer.mask, progress))


@dataclass(frozen=True)
class Request:
    """What to show: scenes in a view, by one model or by two side by side.

    `models` are functions that return a model, or None while there is none; `names` tell them
    apart.
    """

    view: View
    scenes: tuple
    models: tuple = field(compare=False)
    names: tuple = ()
    kinds: tuple = ()  # of samples, if they are known

    def has_pixels_of(self, other) -> bool:
        if other is None:
            return False
        return (self.view, self.scenes, self.kinds) == (other.view, other.scenes, other.kinds)


class Painter:
    """Turns requests into pictures; it keeps the pixels of the last view."""

    def __init__(self):
        self._request, self._buffers = None, ()

    def __call__(self, request, feedback) -> "list | None":
        """For each model, the model and a picture of every scene.

        None if cancelled, or while there is no model.
        """
        if not request.has_pixels_of(self._request):
            view = request.view.limited()
            buffers = [read_view(scene, view, feedback) for scene in request.scenes]
            if feedback.isCanceled():
                return None
            self._request, self._buffers = request, buffers
        shown = []
        for make in request.models:
            model = make(_progress(feedback))
            if model is None:
                return None
            shown.append((model, self._pictures(request, model, feedback)))
        return shown

    def _pictures(self, request, model, feedback):
        return [
            classes_of(scene, buffer, model, _progress(feedback))
            for scene, buffer in zip(request.scenes, self._buffers)
            if buffer is not None and len(buffer.bands) == model.n_bands
        ]


def _progress(feedback):
    return lambda _fraction, _phase: not feedback.isCanceled()
