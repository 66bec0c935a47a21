"""Paints the classes over the map.

They are on the canvas and not in the project, so a project cannot refer to them.
"""

import numpy as np
from qgis.core import QgsGeometry, QgsPointXY, QgsWkbTypes
from qgis.gui import QgsMapCanvasItem, QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import QEvent, QObject, QPointF, QRectF, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QCursor, QImage, QPainter, QPen, QPolygonF, QTransform

from .edits import index_of

_NEAR = 6  # pixels: the swipe's line can be dragged from this distance
_HANDLE = 9.0
_RING = 9  # diameter of a seed's mark in pixels of the screen


class Painted:
    """A picture of classes for Qt to draw."""

    def __init__(self, picture, palette):
        self.picture = picture
        labels = picture.labels
        if labels.dtype != np.uint8:
            labels = index_of(labels).astype(np.uint8)
        self._labels = np.ascontiguousarray(labels)  # the image does not copy them
        rows, columns = self._labels.shape
        self._indexed = QImage(
            self._labels.data, columns, rows, columns, QImage.Format.Format_Indexed8
        )
        self.recolor(palette)

    def recolor(self, palette) -> None:
        self._indexed.setColorTable(palette)
        # Made once, not whenever the canvas is painted.
        self.image = self._indexed.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


class ClassesItem(QgsMapCanvasItem):
    """The pictures on the canvas: on all of it, or on two sides.

    `sides` has one list of `Painted`, or two: left and right of `split` (0 to 1).
    """

    def __init__(self, canvas):
        super().__init__(canvas)
        self._canvas = canvas
        self.sides, self.split, self.opacity = [], None, 1.0
        self.setZValue(-5)  # below rubber bands and markers

    def boundingRect(self):
        return QRectF(0, 0, self._canvas.width(), self._canvas.height())

    def updatePosition(self):
        self.setPos(0, 0)
        self.prepareGeometryChange()
        self.update()

    def paint(self, painter, _option=None, _widget=None):
        whole = self.boundingRect()
        line = None if self.split is None else whole.width() * self.split
        for number, side in enumerate(self.sides):
            painter.save()
            painter.setOpacity(self.opacity)
            if line is not None:
                left, right = (0.0, line) if number == 0 else (line, whole.width())
                painter.setClipRect(QRectF(left, 0, right - left, whole.height()))
            for painted in side:
                self._paint(painter, painted)
            painter.restore()
        if line is not None:
            _paint_line(painter, line, whole.height())

    def _paint(self, painter, painted):
        box, image = painted.picture.box, painted.image
        corners = (
            (box.left, box.top),
            (box.right, box.top),
            (box.right, box.bottom),
            (box.left, box.bottom),
        )
        there = QPolygonF([self.toCanvasCoordinates(QgsPointXY(x, y)) for x, y in corners])
        wide, high = image.width(), image.height()
        here = QPolygonF([QPointF(0, 0), QPointF(wide, 0), QPointF(wide, high), QPointF(0, high)])
        transform = QTransform()
        if not QTransform.quadToQuad(here, there, transform):
            return
        painter.setTransform(transform, True)
        painter.drawImage(0, 0, image)
        painter.resetTransform()


def _paint_line(painter, x, height):
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for color, width in ((QColor(0, 0, 0, 140), 3.0), (QColor("white"), 1.5)):
        painter.setPen(QPen(color, width))
        painter.drawLine(QPointF(x, 0), QPointF(x, height))
    middle = QPointF(x, height / 2)
    painter.setPen(QPen(QColor(0, 0, 0, 140), 1.0))
    painter.setBrush(QColor("white"))
    painter.drawEllipse(middle, _HANDLE, _HANDLE)
    painter.setPen(QPen(QColor(60, 60, 60), 1.5))
    for side in (-1, 1):
        tip = middle + QPointF(5.5 * side, 0)
        painter.drawLine(tip, tip + QPointF(-3 * side, -3))
        painter.drawLine(tip, tip + QPointF(-3 * side, 3))
    painter.restore()


class Swipe(QObject):
    """Lets the user drag the line between two sides with any active tool."""

    moved = pyqtSignal(float)

    def __init__(self, canvas, item):
        super().__init__(canvas)
        self._canvas, self._item, self._is_dragging, self._is_near = canvas, item, False, False
        canvas.viewport().installEventFilter(self)
        canvas.viewport().setMouseTracking(True)

    def end(self):
        self._canvas.viewport().removeEventFilter(self)
        self._show_near(False)

    def eventFilter(self, _watched, event):
        if self._item.split is None:
            return False
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and self._meets(event):
            self._is_dragging = True
            return True
        if kind == QEvent.Type.MouseButtonRelease and self._is_dragging:
            self._is_dragging = False
            return True
        if kind == QEvent.Type.MouseMove:
            if self._is_dragging:
                self.moved.emit(min(max(event.pos().x() / max(self._canvas.width(), 1), 0.0), 1.0))
                return True
            self._show_near(self._meets(event))
        return False

    def _meets(self, event):
        return abs(event.pos().x() - self._item.split * self._canvas.width()) <= _NEAR

    def _show_near(self, is_near):
        if is_near != self._is_near:
            self._is_near = is_near
            tool = self._canvas.mapTool()
            usual = tool.cursor() if tool is not None else QCursor()
            self._canvas.viewport().setCursor(
                QCursor(Qt.CursorShape.SplitHCursor) if is_near else usual
            )


class SeedMarks(QObject):
    """Shows the seeds: rings around points, and the borders of polygons."""

    def __init__(self, canvas):
        super().__init__(canvas)
        self._canvas, self._shapes, self._scene = canvas, (), None
        self._geometries, self._bands, self._is_visible = [], [], True
        for kind in (
            QgsWkbTypes.GeometryType.PointGeometry,
            QgsWkbTypes.GeometryType.PolygonGeometry,
        ):
            band = QgsRubberBand(canvas, kind)
            band.setColor(QColor("white"))
            band.setSecondaryStrokeColor(QColor(0, 0, 0, 160))
            band.setFillColor(QColor(255, 255, 255, 40))
            band.setIcon(QgsRubberBand.IconType.ICON_CIRCLE)
            band.setIconSize(_RING)
            band.setWidth(2)
            self._bands.append(band)
        canvas.destinationCrsChanged.connect(self._place)

    def show_shapes(self, shapes, scene) -> None:
        """Shows geometries (WKT, in the reference system of the scene)."""
        if (shapes, scene) != (self._shapes, self._scene):
            self._shapes, self._scene = shapes, scene
            self._geometries = [QgsGeometry.fromWkt(shape) for shape in shapes]
            self._place()

    def set_visible(self, is_visible) -> None:
        self._is_visible = is_visible
        for band in self._bands:
            band.setVisible(is_visible)

    def end(self) -> None:
        self._canvas.destinationCrsChanged.disconnect(self._place)
        for band in self._bands:
            self._canvas.scene().removeItem(band)

    def _place(self):
        points, polygons = self._bands
        points.reset(QgsWkbTypes.GeometryType.PointGeometry)
        polygons.reset(QgsWkbTypes.GeometryType.PolygonGeometry)
        for geometry in self._geometries:
            for part in geometry.asGeometryCollection():
                band = points if part.type() == QgsWkbTypes.GeometryType.PointGeometry else polygons
                band.addGeometry(part, self._scene.crs)
        self.set_visible(self._is_visible)  # a rubber band shows itself whenever it gets a geometry


class PickTool(QgsMapTool):
    """A click on the map picks the class there; Ctrl or Shift adds it to the picked ones."""

    picked = pyqtSignal(QgsPointXY, bool)

    def __init__(self, canvas):
        super().__init__(canvas)
        self.setCursor(QCursor(Qt.CursorShape.CrossCursor))

    def canvasReleaseEvent(self, event):
        if event.button() == Qt.MouseButton.LeftButton:
            more = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
            self.picked.emit(event.mapPoint(), any(bool(event.modifiers() & one) for one in more))
