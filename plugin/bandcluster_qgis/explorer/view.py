"""The part of a scene on the screen: its pixels, read once for a view, and their classes.

Pixels that take long to read are read and shown part after part.
"""

import time
from dataclasses import dataclass, field

import numpy as np

from .geometry import Box, indices, places
from .pixels import labels_of_view

_MOST_PIXELS = 16_000_000  # of a screen; a larger view is read coarser
_READING = 0.2  # seconds of reading before the next picture


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


class Buffer:
    """The pixels of a scene in a view, read part after part.

    A part that is not read yet has the pixels of the buffer `before`, if that has them.
    """

    def __init__(self, scene, view, before=None):
        self.scene, self._view, self._places = scene, view, None
        self.window = self._window()
        if self.window is None:
            self._parts, self._n_parts = [], 0
            return
        shape = self.window.rows, self.window.columns
        self._bands = [np.zeros(shape, scene.dtype) for _band in scene.bands]
        self._is_valid = np.zeros(shape, bool)
        self._parts = scene.parts(self.window)[::-1]  # the first one is read last
        self._n_parts = len(self._parts)
        if self._n_parts > 1 and before is not None and before.window is not None:
            self._take(before)

    def share(self) -> float:
        """The share of the parts that are read."""
        return 1 - len(self._parts) / max(self._n_parts, 1)

    def read_on(self, until, feedback=None) -> None:
        """Reads parts until a time, but at least one; less if it is cancelled."""
        while self._parts:
            part = self._parts[-1]
            read = self.scene.read(part.window, feedback)
            if read is None:
                return
            bands, mask = read
            for band, samples in zip(self._bands, bands):
                band[part.rows, part.columns] = samples
            self._is_valid[part.rows, part.columns] = True if mask is None else mask
            self._parts.pop()
            if time.monotonic() > until:
                return

    def picture(self, model, progress=None) -> "Picture | None":
        """The classes of the pixels so far; None if the scene is not in the view."""
        if self.window is None or len(self._bands) != model.n_bands:
            return None
        if self._places is None:
            box, bands, mask = self.window.box, self._bands, self._is_valid
        else:
            rows, columns, inside = self._places
            box, bands = self._view.box, [band[rows, columns] for band in self._bands]
            mask = inside & self._is_valid[rows, columns]
        return Picture(box, labels_of_view(model, self.scene, bands, mask, progress))

    def _window(self):
        view = self._view
        transform = view.transforms.get(self.scene.layer_id)
        if transform is None:
            return self.scene.grid.window(view.box, view.box.width / view.columns)
        # Each pixel of the screen takes the nearest pixel of the scene.
        xs, ys = places(view.box, view.columns, view.rows, transform)
        if np.isnan(xs).all() or np.isnan(ys).all():
            return None
        seen = Box(
            float(np.nanmin(xs)), float(np.nanmin(ys)), float(np.nanmax(xs)), float(np.nanmax(ys))
        )
        if seen.width <= 0 or seen.height <= 0:
            return None
        window = self.scene.grid.window(
            seen, min(seen.width / view.columns, seen.height / view.rows)
        )
        if window is not None:
            self._places = indices(xs, ys, window)
        return window

    def _take(self, before):
        """Takes the nearest pixels of another buffer of the scene."""
        xs, ys = self.window.centers()
        rows, columns, inside = indices(xs, ys, before.window)
        for band, samples in zip(self._bands, before._bands):
            band[:] = samples[rows, columns]
        self._is_valid[:] = inside & before._is_valid[rows, columns]


@dataclass(frozen=True)
class Shown:
    """For each model of a request, the model and a picture of every scene.

    `share` is the share of the view whose pixels are read.
    """

    sides: list
    share: float


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

    def __call__(self, request, feedback):
        """Generates pictures until all pixels of the view are read; none if cancelled."""
        if not request.has_pixels_of(self._request):
            self._begin(request)
            self._read_on(feedback)
        while not feedback.isCanceled():
            yield self._shown(request, feedback)
            if self._share() == 1:
                return
            self._read_on(feedback)

    def _begin(self, request):
        view, before = request.view.limited(), {}
        if self._request is not None and self._request.kinds == request.kinds:
            before = {buffer.scene: buffer for buffer in self._buffers}
        self._request = request
        self._buffers = [Buffer(scene, view, before.get(scene)) for scene in request.scenes]

    def _read_on(self, feedback):
        until = time.monotonic() + _READING
        for buffer in self._buffers:
            buffer.read_on(until, feedback)

    def _share(self):
        return min(buffer.share() for buffer in self._buffers)

    def _shown(self, request, feedback):
        """The pictures by each model; None while there is no model."""
        sides = []
        for make in request.models:
            model = make(_progress(feedback))
            if model is None:
                return None
            pictures = (buffer.picture(model, _progress(feedback)) for buffer in self._buffers)
            sides.append((model, [picture for picture in pictures if picture is not None]))
        return Shown(sides, self._share())


def _progress(feedback):
    return lambda _fraction, _phase: not feedback.isCanceled()
