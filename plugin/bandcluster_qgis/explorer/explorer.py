"""The state of the panel, without its widgets: scene, classes, view and edits."""

import traceback
from collections import OrderedDict
from dataclasses import dataclass

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateTransform,
    QgsCsException,
    QgsMessageLog,
    QgsProject,
    QgsRasterBlockFeedback,
)
from qgis.PyQt import QtGui, QtWidgets
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..binding import ensure_loaded
from ..failures import FAILURES
from ..translation import tr
from .canvas import ClassesItem, Painted, Swipe
from .edits import Edits, labels_of, palette, rows
from .fitting import Fitting
from .geometry import Box
from .newest import Latest
from .pixels import Pixels
from .scene import Scene
from .task import FittingTask, is_users
from .view import Painter, Request, View

# Qt6 moved them from QtWidgets to QtGui.
_UndoStack, _UndoCommand = (
    next(getattr(module, name) for module in (QtGui, QtWidgets) if hasattr(module, name))
    for name in ("QUndoStack", "QUndoCommand")
)

_KEPT_FITTINGS = 6  # number of settings whose models are kept, to return to them at once
_MOST_KEPT = 5  # number of kept results to compare with
_PATIENCE = 60_000  # milliseconds that a cancelled task has to end
_REST = 400  # milliseconds after the last move of the slider
_FLASHES, _FLASH = 4, 140  # number, and milliseconds of each


@dataclass(frozen=True, eq=False)  # two kept results are never equal
class Kept:
    """Settings and a number of classes that others are compared with."""

    title: str
    fitting: Fitting
    k: int
    model: object  # whose labels the edits have
    edits: Edits

    def edits_of(self, model) -> Edits:
        return self.edits.relabelled(self.model, model)


class Explorer(QObject):
    """The explorer.

    Signals: `changed` (anything that the panel shows), `painted` (a new picture is on the canvas),
    `failed`.
    """

    changed = pyqtSignal()
    painted = pyqtSignal()
    failed = pyqtSignal(str)
    progressed = pyqtSignal(float, str)  # percent and phase; 100 and "" when nothing runs
    picked_changed = pyqtSignal()
    _labelled = pyqtSignal(object, object, object)

    def __init__(self, canvas, parent=None):
        super().__init__(parent)
        self.canvas = canvas
        self.item = ClassesItem(canvas)
        self.swipe = Swipe(canvas, self.item)
        self.swipe.moved.connect(self.set_split)
        self.undo = _UndoStack(self)
        self.scene = self.fitting = None
        self.neighbours = []  # other scenes that also show the classes
        self.k, self.picked, self.solo, self.is_shown = 0, (), False, True
        self.kept = []
        self.compared = None  # a Kept, or "scene"
        # Edits with the model whose labels they have (None: the refined model), by `_key`.
        self._edits = {}
        self._pictures, self._task = [], None
        self._told = None  # the model that the panel shows
        self._pixels, self._fittings = OrderedDict(), OrderedDict()
        self.share_shown = 1.0  # share of the pixels of the view that are read
        self._latest = Latest(Painter(), self._labelled.emit, _is_outdated, QgsRasterBlockFeedback)
        self._labelled.connect(self._take_labels)
        self._flash = QTimer(self)
        self._flash.setInterval(_FLASH)
        self._flash.timeout.connect(self._flash_on)
        self._flashes = 0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self.go_on)
        for signal in (canvas.extentsChanged, canvas.rotationChanged, canvas.destinationCrsChanged):
            signal.connect(self.look)
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
        self._work()
        self.look()
        self._tell_changed()
        return True

    @property
    def settings(self):
        return None if self.fitting is None else self.fitting.settings

    def set_number(self, k) -> None:
        if self.fitting is None or self.k == k:
            return
        self._set_number(k)
        self.look()
        # Refinement waits until the slider rests.
        if self.model is None or self.is_working():
            self._work()
        else:
            self._rest.start()
        self._tell_changed()

    def _tell_changed(self):
        model = self.model
        if self.picked and model is not None and self._told not in (None, model):
            to, members = labels_of(self._told, model), self.edits_of(model).members
            self.picked = tuple(
                dict.fromkeys(members(to[value])[0] for value in self.picked if value in to)
            )
        self._told = model
        self.changed.emit()

    def _set_number(self, k):
        self.k = self.settings.nearest(k)
        self.picked, self.solo = (), False
        self.fitting.look_at(self.k)

    def clear(self) -> None:
        """Stops exploring."""
        self._rest.stop()
        self._cancel_task()
        self._latest.forget()
        self.scene = self.fitting = self.compared = self.item.split = None
        self.neighbours, self.kept, self._pictures, self.picked = [], [], [], ()
        self.share_shown = 1.0
        self._pixels.clear()
        self._fittings.clear()
        self._edits.clear()
        self.undo.clear()
        self._show([])
        self.progressed.emit(100, "")
        self._tell_changed()

    def end(self) -> None:
        """Restores the canvas and ends all threads."""
        for signal in (
            self.canvas.extentsChanged,
            self.canvas.rotationChanged,
            self.canvas.destinationCrsChanged,
        ):
            signal.disconnect(self.look)
        QgsProject.instance().layersWillBeRemoved.disconnect(self._forget_layers)
        self._flash.stop()
        self._rest.stop()
        task = self._task
        self._cancel_task()
        if task is not None:
            task.waitForFinished(_PATIENCE)
        self._latest.end()
        self.swipe.end()
        if self.item.scene() is not None:
            self.canvas.scene().removeItem(self.item)

    def _forget_layers(self, names):
        if self.scene is not None and self.scene.layer_id in names:
            self.clear()
        elif any(scene.layer_id in names for scene in self.neighbours):
            self.neighbours = [scene for scene in self.neighbours if scene.layer_id not in names]
            self.look()
            self._tell_changed()

    # --- the work in the background ---------------------------------------------------------------

    def _work(self):
        """Starts the task if there is work to do; cancels the task of another fitting."""
        if self._task is not None and self._task.fitting is self.fitting:
            return
        self._cancel_task()
        if self.fitting.is_done():
            self.progressed.emit(100, "")
            return
        task = FittingTask(tr("bandcluster explorer: {}").format(self.scene.title), self.fitting)
        self._task = task
        task.advanced.connect(lambda: self._advance(task))
        task.ended.connect(lambda error: self._end_task(task, error))
        task.progressChanged.connect(lambda percent: self._tell_progress(task, percent))
        QgsApplication.taskManager().addTask(task)

    def cancel(self) -> None:
        """Cancels the work for the user; the models made so far stay."""
        self._rest.stop()
        self._cancel_task()
        self._tell_changed()

    def go_on(self) -> None:
        """Continues the cancelled work."""
        if self.fitting is not None:
            self._work()
            self._tell_changed()

    def is_working(self) -> bool:
        return self._task is not None

    def _cancel_task(self):
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            self.progressed.emit(100, "")

    def _tell_progress(self, task, percent):
        if task is self._task:
            self.progressed.emit(percent, task.phase)

    def _advance(self, task):
        if task is not self._task:
            return
        shown = self._pictures[0][0] if self._pictures else None
        if shown is None or shown is not self.model:
            self.look()
        self._tell_changed()

    def _end_task(self, task, error):
        if task is not self._task:
            return
        self._task = None
        self.progressed.emit(100, "")
        if error is not None:
            self._tell(error)
        elif self.fitting is not None and not self.fitting.is_done() and not task.isCanceled():
            self._rest.start()  # the user has moved to another number meanwhile
        self._tell_changed()

    def _tell(self, error):
        if not is_users(error):
            text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
            QgsMessageLog.logMessage(text, "bandcluster", Qgis.MessageLevel.Critical)
        self.failed.emit(_one_line(error))

    # --- the picture ------------------------------------------------------------------------------

    def look(self) -> None:
        """Requests the classes of what the canvas shows now."""
        if self.fitting is None or not self.is_shown:
            return
        view = self._view()
        if view is None:
            return
        fittings = [(self.fitting, self.k)]
        if isinstance(self.compared, Kept):
            fittings.append((self.compared.fitting, self.compared.k))
        models = tuple(
            (lambda progress, one=one, k=k: one.make(k, progress)) for one, k in fittings
        )
        names = tuple((id(one), k, one.state(k)) for one, k in fittings)
        scenes = (self.scene, *self.neighbours)
        self._latest.ask(
            Request(view, scenes, models, names, tuple(scene.dtype for scene in scenes))
        )

    def _view(self):
        settings = self.canvas.mapSettings()
        extent, units = settings.visibleExtent(), settings.mapUnitsPerPixel()
        if not settings.hasValidSettings() or extent.isEmpty() or not units > 0:
            return None
        units /= max(self.canvas.devicePixelRatioF(), 1)
        system = settings.destinationCrs()
        box = Box(extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum())
        columns, rows = (max(int(round(length / units)), 1) for length in (box.width, box.height))
        return View(box, columns, rows, system.authid() or system.toWkt(), self._transforms())

    def _transforms(self):
        """Functions that turn a point of the map into one of a scene, by layer.

        Only for scenes with another reference system than the map's.
        """
        system = self.canvas.mapSettings().destinationCrs()
        return {
            scene.layer_id: _transform(system, scene.crs)
            for scene in (self.scene, *self.neighbours)
            if system.isValid() and scene.crs.isValid() and scene.crs != system
        }

    def _take_labels(self, request, shown, error):
        if self.fitting is None or request.scenes != (self.scene, *self.neighbours):
            return
        if error is not None:
            self._pictures = []
            self._show([])
            self._tell(error)
            return
        if request.names[0][:2] != (id(self.fitting), self.k):
            return
        if shown is None:
            if self.fitting.plan.why_not(self.k):
                self._pictures = []
                self._show([])
            return
        self._pictures, self.share_shown = shown.sides, shown.share
        self._repaint()
        self.painted.emit()
        if self.model is not self._told:
            self._tell_changed()

    def _repaint(self):
        """Paints the pictures with the current colours."""
        sides = [
            [Painted(picture, self._palette(number, model)) for picture in pictures]
            for number, (model, pictures) in enumerate(self._pictures)
        ]
        self._show(sides)

    def _show(self, sides):
        self.item.sides = sides if self.is_shown else []
        self.item.update()

    def _palette(self, number, model, only=frozenset()):
        if number == 1:
            is_kept = isinstance(self.compared, Kept)
            edits = self.compared.edits_of(model) if is_kept else Edits()
            return palette(rows(model, edits), edits.hidden)
        edits = self.edits_of(model)
        found, hidden = rows(model, edits), edits.hidden
        if self.solo and self.picked:
            hidden = frozenset(row.value for row in found) - frozenset(self.picked)
        return palette(found, hidden, only)

    def _recolor(self, only=frozenset()):
        for number, ((model, _pictures), side) in enumerate(zip(self._pictures, self.item.sides)):
            colors = self._palette(number, model, only)
            for painted in side:
                painted.recolor(colors)
        self.item.update()

    def set_shown(self, is_shown) -> None:
        self.is_shown = is_shown
        if is_shown:
            self._repaint()
            self.look()
        else:
            self._show([])

    def set_opacity(self, opacity) -> None:
        self.item.opacity = opacity
        self.item.update()

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

    # --- classes ----------------------------------------------------------------------------------

    @property
    def model(self):
        return None if self.fitting is None else self.fitting.model(self.k)

    @property
    def state(self) -> str:
        """The state of the model that is shown.

        It is of a coarse look, of all pixels, or exact; empty if there is none.
        """
        return "" if self.fitting is None else self.fitting.state(self.k)

    @property
    def edits(self) -> Edits:
        return self.edits_of(self.model)

    def edits_of(self, model) -> Edits:
        """The edits, with the labels of a model."""
        made_at, edits = self._edits.get(self._key(), (None, Edits()))
        return edits.relabelled(made_at, model)

    def rows(self) -> list:
        model = self.model
        return [] if model is None else rows(model, self.edits_of(model))

    def edit(self, title, edits) -> None:
        """Makes a change that can be undone."""
        if edits != self.edits:
            key = self._key()
            before = self._edits.get(key, (None, Edits()))
            self.do(title, lambda now: self.set_edits(key, now), before, (self.model, edits))

    def do(self, title, take, before, after) -> None:
        """Calls `take` with the state after a change; undo calls it with the one before."""
        self.undo.push(_Change(title, take, before, after))

    def set_edits(self, key, edits) -> None:
        """Takes edits, and shows the number of classes they were made at, so undo is visible.

        They come with the model whose labels they have.
        """
        self._edits[key] = edits
        if key == self._key():
            members = self.edits.members
            self.picked = tuple(value for value in self.picked if members(value)[0] == value)
            self._recolor()
            self._tell_changed()
        elif self.fitting is not None and key[0] == self.settings:
            self.set_number(key[1])

    def take_edits(self, edits) -> None:
        """Takes the edits of another session."""
        if self.fitting is not None:
            self._edits[self._key()] = None, edits
            self.undo.clear()
            self._recolor()
            self._tell_changed()

    def _key(self):
        return self.settings, self.k

    def pick(self, values, flashes=True) -> None:
        self.picked = tuple(values)
        if self.solo:
            self._recolor()
        if flashes and self.picked:
            self._flashes = _FLASHES
            self._flash_on()
            self._flash.start()
        self.picked_changed.emit()

    def pick_at(self, point, is_more=False) -> None:
        """Picks the class at a point of the map."""
        label = self.label_at(point)
        value = self.edits.members(label)[0] if label else 0
        if not value:
            self.pick(self.picked if is_more else (), flashes=False)
        elif is_more:
            others = tuple(one for one in self.picked if one != value)
            self.pick(others if value in self.picked else (*others, value))
        else:
            self.pick((value,))

    def label_at(self, point) -> int:
        """The label that is shown at a point of the map; 0 for none."""
        pictures = self._pictures[0][1] if self._pictures else []
        found = (picture.label_at(point.x(), point.y()) for picture in pictures)
        return next((label for label in found if label), 0)

    def center_at(self, point) -> "tuple | None":
        """The centre of the scene's pixel at a point of the map, in the scene's system.

        None if there is no pixel.
        """
        if self.scene is None:
            return None
        transform = self._transforms().get(self.scene.layer_id)
        there = (point.x(), point.y()) if transform is None else transform(point.x(), point.y())
        return None if there is None else self.scene.grid.center_at(*there)

    def set_solo(self, is_solo) -> None:
        self.solo = is_solo
        self._recolor()
        self._tell_changed()

    def _flash_on(self):
        self._flashes -= 1
        is_on = self._flashes % 2 == 1 and self._flashes > 0
        self._recolor(frozenset(self.picked) if is_on else frozenset())
        if self._flashes <= 0:
            self._flash.stop()

    # --- comparing --------------------------------------------------------------------------------

    def keep(self, title) -> None:
        """Keeps the classes that are shown, to compare others with them."""
        if self.model is not None:
            now = Kept(title, self.fitting, self.k, self.model, self.edits)
            self.kept = [*self.kept, now][-_MOST_KEPT:]
            self._tell_changed()

    def compare(self, with_what) -> None:
        """Compares with a `Kept`, with the scene ("scene"), or with nothing (None)."""
        self.compared = with_what
        self.item.split = None if with_what is None else self.item.split or 0.5
        self._pictures = self._pictures[:1]
        self._repaint()
        self.look()
        self._tell_changed()

    def set_split(self, share) -> None:
        self.item.split = share
        self.item.update()


class _Change(_UndoCommand):
    def __init__(self, title, take, before, after):
        super().__init__(title)
        self._take, self._before, self._after = take, before, after

    def redo(self):
        self._take(self._after)

    def undo(self):
        self._take(self._before)


def _is_outdated(old, new) -> bool:
    """Whether to drop the old picture: it is of another view, not only of another number."""
    return not new.has_pixels_of(old)


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


def _transform(from_system, to_system):
    transform = QgsCoordinateTransform(
        from_system, to_system, QgsProject.instance().transformContext()
    )

    def point(x, y):
        try:
            there = transform.transform(x, y)
        except QgsCsException:
            return None
        return there.x(), there.y()

    return point


def _one_line(error) -> str:
    return " ".join(str(error).split()) or type(error).__name__
