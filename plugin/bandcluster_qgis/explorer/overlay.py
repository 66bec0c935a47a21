"""The classes over the map: labelled in a thread, and painted on the canvas."""

from qgis.core import QgsCoordinateTransform, QgsCsException, QgsProject, QgsRasterBlockFeedback
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from .canvas import ClassesItem, Painted, Swipe
from .geometry import Box
from .newest import Latest
from .view import Painter, Request, View

_FLASHES, _FLASH = 4, 140  # number, and milliseconds of each


class Overlay(QObject):
    """The overlay.

    `palette(side, model, flashes)` returns the colours of a model's labels. Signals: `moved` (the
    canvas shows another part of the map), `labelled` (a request, what is `Shown` for it, or None,
    and an error, or None).
    """

    moved = pyqtSignal()
    labelled = pyqtSignal(object, object, object)

    def __init__(self, canvas, palette, parent=None):
        super().__init__(parent)
        self._canvas, self._palette = canvas, palette
        self.item = ClassesItem(canvas)
        self.sides, self.is_shown = [], True  # for one or two models, the model and its pictures
        self.share = 1.0  # share of the pixels of the view that are read
        self._swipe = Swipe(canvas, self.item)
        self._swipe.moved.connect(self.set_split)
        self._latest = Latest(Painter(), self.labelled.emit, _is_outdated, QgsRasterBlockFeedback)
        self._flash = QTimer(self)
        self._flash.setInterval(_FLASH)
        self._flash.timeout.connect(self._flash_on)
        self._flashes = 0
        for signal in self._signals():
            signal.connect(self.moved)

    def end(self) -> None:
        """Restores the canvas and ends the thread."""
        for signal in self._signals():
            signal.disconnect(self.moved)
        self._flash.stop()
        self._latest.end()
        self._swipe.end()
        if self.item.scene() is not None:
            self._canvas.scene().removeItem(self.item)

    def _signals(self):
        canvas = self._canvas
        return canvas.extentsChanged, canvas.rotationChanged, canvas.destinationCrsChanged

    # --- what is labelled -------------------------------------------------------------------------

    def ask(self, scenes, fittings) -> None:
        """Requests the classes of scenes in what the canvas shows now.

        `fittings` are pairs of a fitting and a number of classes: one, or two to compare.
        """
        view = self.view(scenes) if self.is_shown else None
        if view is None:
            return
        models = tuple(
            (lambda progress, one=one, k=k: one.make(k, progress)) for one, k in fittings
        )
        names = tuple((id(one), k, one.state(k)) for one, k in fittings)
        kinds = tuple(scene.dtype for scene in scenes)
        self._latest.ask(Request(view, scenes, models, names, kinds))

    def forget(self) -> None:
        """Drops the requests and the pictures."""
        self._latest.forget()
        self.item.split = None
        self.show([])

    def view(self, scenes) -> "View | None":
        settings = self._canvas.mapSettings()
        extent, units = settings.visibleExtent(), settings.mapUnitsPerPixel()
        if not settings.hasValidSettings() or extent.isEmpty() or not units > 0:
            return None
        units /= max(self._canvas.devicePixelRatioF(), 1)
        system = settings.destinationCrs()
        box = Box(extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum())
        columns, rows = (max(int(round(length / units)), 1) for length in (box.width, box.height))
        return View(box, columns, rows, system.authid() or system.toWkt(), self.transforms(scenes))

    def transforms(self, scenes) -> dict:
        """Functions that turn a point of the map into one of a scene, by layer.

        Only for scenes with another reference system than the map's.
        """
        system = self._canvas.mapSettings().destinationCrs()
        return {
            scene.layer_id: _transform(system, scene.crs)
            for scene in scenes
            if system.isValid() and scene.crs.isValid() and scene.crs != system
        }

    # --- what is painted --------------------------------------------------------------------------

    def show(self, sides, share=1.0) -> None:
        """Shows pictures of classes: for one model, or for two on the sides of the line."""
        self.sides, self.share = sides, share
        self._repaint()

    def recolor(self, flashes=False) -> None:
        for number, ((model, _pictures), side) in enumerate(zip(self.sides, self.item.sides)):
            colors = self._palette(number, model, flashes)
            for painted in side:
                painted.recolor(colors)
        self.item.update()

    def set_shown(self, is_shown) -> None:
        self.is_shown = is_shown
        self._repaint()

    def set_opacity(self, opacity) -> None:
        self.item.opacity = opacity
        self.item.update()

    def set_split(self, share) -> None:
        """Moves the line between two sides; None: there is one side."""
        self.item.split = share
        self.item.update()

    def flash(self) -> None:
        self._flashes = _FLASHES
        self._flash_on()
        self._flash.start()

    def is_flashing(self) -> bool:
        return self._flash.isActive()

    def label_at(self, point) -> int:
        """The label that is shown at a point of the map; 0 for none."""
        pictures = self.sides[0][1] if self.sides else []
        found = (picture.label_at(point.x(), point.y()) for picture in pictures)
        return next((label for label in found if label), 0)

    def _repaint(self):
        self.item.sides = [
            [Painted(picture, self._palette(number, model, False)) for picture in pictures]
            for number, (model, pictures) in enumerate(self.sides if self.is_shown else [])
        ]
        self.item.update()

    def _flash_on(self):
        self._flashes -= 1
        self.recolor(self._flashes % 2 == 1 and self._flashes > 0)
        if self._flashes <= 0:
            self._flash.stop()


def _is_outdated(old, new) -> bool:
    """Whether to drop the old picture: it is of another view, not only of another number."""
    return not new.has_pixels_of(old)


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
