"""The state of the panel, without its widgets: scenes, settings, and the models of their classes.

It connects the work in the background (`task`), the map (`overlay`) and the edits (`classes`).
"""

import traceback
from collections import OrderedDict
from dataclasses import dataclass

from qgis.core import Qgis, QgsMessageLog, QgsProject
from qgis.PyQt.QtCore import pyqtSignal

from ..binding import ensure_loaded
from ..failures import FAILURES
from ..translation import tr
from .classes import Classes
from .edits import Edits, palette, rows
from .fitting import Fitting
from .overlay import Overlay
from .pixels import Pixels
from .scene import Scene
from .task import Work, is_users

_KEPT_FITTINGS = 6  # number of settings whose models are kept, to return to them at once
_MOST_KEPT = 5  # number of kept results to compare with


@dataclass(frozen=True, eq=False)  # two kept results are never equal
class Kept:
    """Settings and a number of classes that others are compared with."""

    title: str
    fitting: Fitting
    k: int
    model: object  # whose labels the edits have
    edits: Edits

    def palette(self, model) -> "list[int]":
        edits = self.edits.relabelled(self.model, model)
        return palette(rows(model, edits), edits.hidden)


class Explorer(Classes):
    """The explorer.

    Signals, besides those of `Classes`: `painted` (a new picture is on the canvas), `failed`,
    `progressed` (percent and phase; 100 and "" when nothing runs).
    """

    painted = pyqtSignal()
    failed = pyqtSignal(str)
    progressed = pyqtSignal(float, str)

    def __init__(self, canvas, parent=None):
        super().__init__(parent)
        self.canvas = canvas
        self.scene = self.fitting = None
        self.neighbours = []  # other scenes that also show the classes
        self.kept = []
        self.compared = None  # a Kept, or "scene"
        self._pixels, self._fittings = OrderedDict(), OrderedDict()
        self.overlay = Overlay(canvas, self._palette, self)
        self.overlay.moved.connect(self.look)
        self.overlay.labelled.connect(self._take_labels)
        self._work = Work(self)
        self._work.progressed.connect(self.progressed)
        self._work.advanced.connect(self._advance)
        self._work.ended.connect(self._end_work)
        self._work.rested.connect(self.go_on)
        QgsProject.instance().layersWillBeRemoved.connect(self._forget_layers)

    # --- the scene and the settings ---------------------------------------------------------------

    def explore(self, layer, settings, k) -> bool:
        """Begins with a scene, or goes on with other settings; errors go to `failed`."""
        try:
            ensure_loaded()
            if (
                self.scene is None
                or self.scene.layer_id != layer.id()
                or self.settings.pixels() != settings.pixels()
            ):
                scene = Scene(layer, settings.bands)
            else:
                scene = self.scene
        except FAILURES as failure:
            self.failed.emit(_one_line(failure))
            return False
        pixels = _recent(
            self._pixels, (scene.layer_id, settings.pixels()), lambda: Pixels(scene, settings), 2
        )
        for key in [key for key in self._fittings if key[0] not in self._pixels.values()]:
            del self._fittings[key]  # their summaries take memory
        fitting = _recent(
            self._fittings, (pixels, settings), lambda: Fitting(pixels, settings, k), _KEPT_FITTINGS
        )
        self.scene, self.fitting, self.picked, self.solo = pixels.scene, fitting, (), False
        self._set_number(k)
        self._start_work()
        self.look()
        self._tell_changed()
        return True

    @property
    def settings(self):
        return None if self.fitting is None else self.fitting.settings

    @property
    def model(self):
        return None if self.fitting is None else self.fitting.model(self.k)

    @property
    def state(self) -> str:
        """The state of the model that is shown.

        It is of a coarse look, of all pixels, or exact; empty if there is none.
        """
        return "" if self.fitting is None else self.fitting.state(self.k)

    def set_number(self, k) -> None:
        if self.fitting is None or self.k == k:
            return
        self._set_number(k)
        self.look()
        # Refinement waits until the slider rests.
        if self.model is None or self.is_working():
            self._start_work()
        else:
            self._work.wait_for_rest()
        self._tell_changed()

    def _set_number(self, k):
        self.k = self.settings.nearest(k)
        self.picked, self.solo = (), False
        self.fitting.look_at(self.k)

    def clear(self) -> None:
        """Stops exploring."""
        self._work.cancel()
        self.overlay.forget()
        self.scene = self.fitting = self.compared = None
        self.neighbours, self.kept, self.picked = [], [], ()
        self._pixels.clear()
        self._fittings.clear()
        self._edits.clear()
        self.undo.clear()
        self.progressed.emit(100, "")
        self._tell_changed()

    def end(self) -> None:
        """Restores the canvas and ends all threads."""
        QgsProject.instance().layersWillBeRemoved.disconnect(self._forget_layers)
        self._work.end()
        self.overlay.end()

    def _forget_layers(self, names):
        if self.scene is not None and self.scene.layer_id in names:
            self.clear()
        elif any(scene.layer_id in names for scene in self.neighbours):
            self.neighbours = [scene for scene in self.neighbours if scene.layer_id not in names]
            self.look()
            self._tell_changed()

    # --- the work in the background ---------------------------------------------------------------

    def _start_work(self):
        title = tr("bandcluster explorer: {}").format(self.scene.title)
        self._work.start(self.fitting, title)

    def cancel(self) -> None:
        """Cancels the work for the user; the models made so far stay."""
        self._work.cancel()
        self._tell_changed()

    def go_on(self) -> None:
        """Continues the cancelled work."""
        if self.fitting is not None:
            self._start_work()
            self._tell_changed()

    def is_working(self) -> bool:
        return self._work.is_going_on()

    def _advance(self):
        shown = self.overlay.sides[0][0] if self.overlay.sides else None
        if shown is None or shown is not self.model:
            self.look()
        self._tell_changed()

    def _end_work(self, error):
        if error is not None:
            self._tell(error)
        self._tell_changed()

    def _tell(self, error):
        if not is_users(error):
            text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
            QgsMessageLog.logMessage(text, "bandcluster", Qgis.MessageLevel.Critical)
        self.failed.emit(_one_line(error))

    # --- the map ----------------------------------------------------------------------------------

    def look(self) -> None:
        """Requests the classes of what the canvas shows now."""
        if self.fitting is None:
            return
        fittings = [(self.fitting, self.k)]
        if isinstance(self.compared, Kept):
            fittings.append((self.compared.fitting, self.compared.k))
        self.overlay.ask(self._scenes(), fittings)

    def _scenes(self):
        return self.scene, *self.neighbours

    def _take_labels(self, request, shown, error):
        if self.fitting is None or request.scenes != self._scenes():
            return
        if error is not None:
            self.overlay.show([])
            self._tell(error)
            return
        if request.names[0][:2] != (id(self.fitting), self.k):
            return
        if shown is None:
            if self.fitting.plan.why_not(self.k):
                self.overlay.show([])
            return
        self.overlay.show(shown.sides, shown.share)
        self.painted.emit()
        if self.model is not self._told:
            self._tell_changed()

    def _palette(self, side, model, flashes):
        if side == 0:
            return self.palette(model, flashes)
        is_kept = isinstance(self.compared, Kept)
        return self.compared.palette(model) if is_kept else palette(rows(model, Edits()))

    def recolor(self) -> None:
        self.overlay.recolor()

    def flash(self) -> None:
        self.overlay.flash()

    def set_shown(self, is_shown) -> None:
        self.overlay.set_shown(is_shown)
        self.look()

    def show_on(self, layers) -> None:
        """Shows the classes also on these layers; they are read with the same bands."""
        try:
            self.neighbours = [
                Scene(layer, self.scene.bands)
                for layer in layers
                if layer.id() != self.scene.layer_id
            ]
            for neighbour in self.neighbours:
                neighbour.store_as(self.scene.dtype)
        except FAILURES as failure:
            self.neighbours = []
            self.failed.emit(_one_line(failure))
        self.look()
        self._tell_changed()

    def pick_at(self, point, is_more=False) -> None:
        """Picks the class at a point of the map."""
        label = self.overlay.label_at(point)
        value = self.edits.members(label)[0] if label else 0
        if not value:
            self.pick(self.picked if is_more else (), flashes=False)
        elif is_more:
            others = tuple(one for one in self.picked if one != value)
            self.pick(others if value in self.picked else (*others, value))
        else:
            self.pick((value,))

    def center_at(self, point) -> "tuple | None":
        """The centre of the scene's pixel at a point of the map, in the scene's system.

        None if there is no pixel.
        """
        if self.scene is None:
            return None
        transform = self.overlay.transforms([self.scene]).get(self.scene.layer_id)
        there = (point.x(), point.y()) if transform is None else transform(point.x(), point.y())
        return None if there is None else self.scene.grid.center_at(*there)

    # --- comparing --------------------------------------------------------------------------------

    def keep(self, title) -> None:
        """Keeps the classes that are shown, to compare others with them."""
        model = self.model
        if model is not None:
            now = Kept(title, self.fitting, self.k, model, self.edits_of(model))
            self.kept = [*self.kept, now][-_MOST_KEPT:]
            self._tell_changed()

    def compare(self, with_what) -> None:
        """Compares with a `Kept`, with the scene ("scene"), or with nothing (None)."""
        self.compared = with_what
        overlay = self.overlay
        overlay.set_split(None if with_what is None else overlay.item.split or 0.5)
        overlay.show(overlay.sides[:1], overlay.share)
        self.look()
        self._tell_changed()


def _recent(cache, key, make, most):
    """An entry of a cache, made if it is missing.

    The cache holds `most` entries; the least recently used ones are dropped.
    """
    if key not in cache:
        cache[key] = make()
    cache.move_to_end(key)
    while len(cache) > most:
        cache.popitem(last=False)
    return cache[key]


def _one_line(error) -> str:
    return " ".join(str(error).split()) or type(error).__name__
