"""Charts: a measure above the slider, and the signatures of classes.

They take the colours of the theme.
"""

import math

from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF
from qgis.PyQt.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOptionSlider

from ..translation import tr

_DOT = 3.0
_MARGIN = 6


class _Chart(QLabel):
    """The base of the charts.

    It is a label because QGIS's themes are style sheets: they set the text colour of labels, but
    not of plain widgets.
    """

    def faint(self, share):
        """The text colour, this transparent."""
        color = QColor(self.palette().windowText().color())
        color.setAlphaF(1 - share)
        return color


class MeasureChart(_Chart):
    """A measure for each number of classes, above the number's place on a slider."""

    def __init__(self, slider, parent=None):
        super().__init__(parent)
        self._slider = slider
        self.values, self.recommended = {}, 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self):
        return QSize(200, int(3.5 * self.fontMetrics().height()))

    def minimumSizeHint(self):
        return QSize(80, self.sizeHint().height())

    def show_values(self, values, recommended) -> None:
        """Shows `values` by number of classes; NaN is left out."""
        self.values = {k: value for k, value in values.items() if math.isfinite(value)}
        self.recommended = recommended
        self.update()

    def paintEvent(self, _event):
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = self.palette()
        grey = self.faint(0.45)
        if not self.values:
            return
        area = QRectF(0, _MARGIN, self.width(), self.height() - 2 * _MARGIN)
        low, high = min(self.values.values()), max(self.values.values())
        points = {
            k: self._point(k, value, low, high, area) for k, value in sorted(self.values.items())
        }
        accent = colors.highlight().color()
        if self.recommended in points:
            x = points[self.recommended].x()
            painter.setPen(QPen(grey, 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        self._fill(painter, list(points.values()), accent)
        painter.setPen(QPen(accent, 1.6))
        painter.drawPolyline(QPolygonF(list(points.values())))
        for k, point in points.items():
            is_now = k == self._slider.value()
            painter.setPen(QPen(accent, 1.6))
            painter.setBrush(accent if is_now or k == self.recommended else colors.window().color())
            size = _DOT + 1.5 if is_now else _DOT if k == self.recommended else 1.8
            painter.drawEllipse(point, size, size)

    def _fill(self, painter, points, accent):
        path = QPainterPath(QPointF(points[0].x(), self.height()))
        for point in points:
            path.lineTo(point)
        path.lineTo(QPointF(points[-1].x(), self.height()))
        soft = QColor(accent)
        soft.setAlpha(40)
        painter.fillPath(path, soft)

    def _point(self, k, value, low, high, area):
        share = (value - low) / (high - low) if high > low else 0.5
        return QPointF(self._x(k), area.bottom() - share * area.height())

    def _x(self, k):
        """The middle of the slider's handle at this number."""
        option = QStyleOptionSlider()
        self._slider.initStyleOption(option)
        style = self._slider.style()
        complex_control, part = QStyle.ComplexControl.CC_Slider, QStyle.SubControl
        handle = style.subControlRect(complex_control, option, part.SC_SliderHandle, self._slider)
        groove = style.subControlRect(complex_control, option, part.SC_SliderGroove, self._slider)
        span = groove.width() - handle.width()
        slider = self._slider
        place = QStyle.sliderPositionFromValue(slider.minimum(), slider.maximum(), k, span, False)
        return slider.x() - self.x() + groove.left() + place + handle.width() / 2


class SignatureChart(_Chart):
    """The mean of each class in each band.

    If few classes are shown, with one standard deviation about it. Lines end in the names of their
    classes, for readers who cannot tell all colours apart.
    """

    def __init__(self, parent=None):
        super().__init__(parent)
        self._rows, self._bands = [], []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self):
        return QSize(240, 8 * self.fontMetrics().height())

    def minimumSizeHint(self):
        return QSize(120, 6 * self.fontMetrics().height())

    def show_rows(self, rows, bands) -> None:
        self._rows, self._bands = [row for row in rows if row.count], bands
        self.update()

    def paintEvent(self, _event):
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics, grey = self.fontMetrics(), self.faint(0.3)
        if not self._rows:
            painter.setPen(grey)
            painter.drawText(
                self.rect(), Qt.AlignmentFlag.AlignCenter, tr("Signatures of the classes")
            )
            return
        with_spread = len(self._rows) <= 3
        low, high = self._range(with_spread)
        ticks = _ticks(low, high)
        left = max(metrics.horizontalAdvance(_shown(tick)) for tick in ticks) + 2 * _MARGIN
        high_enough = self.height() - metrics.height() - 3 * _MARGIN
        names = [
            metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, self.width() // 4)
            for row in self._rows
        ]
        right = max(map(metrics.horizontalAdvance, names)) + 3 * _MARGIN
        area = QRectF(left, _MARGIN + 2, self.width() - left - right, high_enough)
        painter.setPen(grey)
        for tick in ticks:
            y = area.bottom() - (tick - low) / (high - low) * area.height()
            if area.top() - 1 <= y <= area.bottom() + 1:
                painter.setPen(QPen(self.faint(0.8), 1))
                painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
                painter.setPen(grey)
                line = QRectF(0, y - metrics.height() / 2, left - _MARGIN, metrics.height())
                painter.drawText(
                    line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, _shown(tick)
                )
        xs = self._places(area)
        self._name_bands(painter, xs, area, metrics)
        for row in self._rows:
            self._draw(painter, row, xs, area, low, high, with_spread)
        ends = [
            area.bottom() - (row.mean[-1] - low) / (high - low) * area.height()
            for row in self._rows
        ]
        self._name_lines(painter, names, ends, xs[-1], area, metrics)

    def _places(self, area):
        n_bands = len(self._rows[0].mean)
        if n_bands == 1:
            return [area.center().x()]
        inset = min(area.width() * 0.06, 24)
        step = (area.width() - 2 * inset) / (n_bands - 1)
        return [area.left() + inset + number * step for number in range(n_bands)]

    def _name_bands(self, painter, xs, area, metrics):
        """Writes the names of the bands that there is room for."""
        names = (
            self._bands
            if len(self._bands) == len(xs)
            else [str(number + 1) for number in range(len(xs))]
        )
        widest = max(map(metrics.horizontalAdvance, names))
        room = xs[1] - xs[0] if len(xs) > 1 else area.width()
        if widest > room and len(xs) <= 30:
            names = [
                metrics.elidedText(name, Qt.TextElideMode.ElideRight, max(int(room), 12))
                for name in names
            ]
            widest = max(map(metrics.horizontalAdvance, names))
        every = max(1, math.ceil((widest + 4) / room)) if room > 0 else len(xs)
        top = area.bottom() + _MARGIN / 2
        for number in range(0, len(xs), every):
            box = QRectF(xs[number] - 60, top, 120, metrics.height() + 2)
            painter.drawText(
                box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, names[number]
            )

    def _name_lines(self, painter, names, ends, x, area, metrics):
        """Right of the lines' ends, as many names as there is room for, the largest classes
        first."""
        height = 0.85 * metrics.height()
        most = max(1, int(area.height() // height) + 1)
        labels = sorted(zip(ends[:most], names))
        places = _apart([end for end, _name in labels], height, area.bottom())
        for (end, name), place in zip(labels, places):
            painter.setPen(QPen(self.faint(0.6), 1))
            left = area.right() + _MARGIN
            painter.drawLine(QPointF(x + _DOT + 2, end), QPointF(left - 2, place))
            painter.setPen(self.faint(0.3))
            line = QRectF(left, place - height, self.width() - left, 2 * height)
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)

    def _draw(self, painter, row, xs, area, low, high, with_spread):
        def point(x, value):
            return QPointF(x, area.bottom() - (value - low) / (high - low) * area.height())

        color = QColor(row.color)
        if with_spread:
            upper = [point(x, mean + spread) for x, mean, spread in zip(xs, row.mean, row.spread)]
            lower = [point(x, mean - spread) for x, mean, spread in zip(xs, row.mean, row.spread)]
            soft = QColor(color)
            soft.setAlpha(60)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(soft)
            painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))
        points = [point(x, mean) for x, mean in zip(xs, row.mean)]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # A grey line below makes lines in the colour of the background visible.
        for pen in (QPen(QColor(128, 128, 128), 3.2), QPen(color, 2)):
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF(points))
        painter.setPen(QPen(QColor(128, 128, 128), 1))
        painter.setBrush(color)
        for place in points:
            painter.drawEllipse(place, _DOT, _DOT)

    def _range(self, with_spread):
        share = 1.0 if with_spread else 0.0
        lows = [
            mean - share * spread
            for row in self._rows
            for mean, spread in zip(row.mean, row.spread)
        ]
        highs = [
            mean + share * spread
            for row in self._rows
            for mean, spread in zip(row.mean, row.spread)
        ]
        low, high = min(lows), max(highs)
        margin = 0.04 * (high - low) or 1.0
        return low - margin, high + margin


def _apart(heights, gap, bottom):
    """Heights from top to bottom, moved until they are a gap apart, and above the bottom."""
    heights = list(heights)
    for number in range(1, len(heights)):
        heights[number] = max(heights[number], heights[number - 1] + gap)
    for number in reversed(range(len(heights))):
        heights[number] = min(heights[number], bottom - gap * (len(heights) - 1 - number))
    return heights


def _ticks(low, high, wanted=4):
    """Round numbers between two numbers."""
    raw = (high - low) / wanted
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= raw)
    first = math.ceil(low / step)
    return [number * step for number in range(first, int(math.floor(high / step)) + 1)] or [low]


def _shown(number) -> str:
    return f"{number:.6g}"
