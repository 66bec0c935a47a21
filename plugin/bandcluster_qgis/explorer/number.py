"""The number of classes: its slider, and the curve of a measure that compares the numbers."""

import math

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from ..translation import tr, translatable
from .charts import MeasureChart
from .forms import fill_row, scaled
from .settings import FEWEST, MOST

_FIRST = 4  # classes until the user moves the slider
_MEASURES = (
    ("silhouette", translatable("Silhouette")),
    ("davies_bouldin", translatable("Davies-Bouldin (lower is better)")),
    ("stability", translatable("Stability")),
    ("calinski_harabasz", translatable("Calinski-Harabasz")),
)
_MEASURES_OF_MIXTURES = (("bic", translatable("BIC (lower is better)")), *_MEASURES[:2])
_CERTAINTIES = {
    "low": translatable("low"),
    "medium": translatable("medium"),
    "high": translatable("high"),
}


class NumberBox(QWidget):
    """The slider and the curve.

    Signals: `chosen`, with the number.
    """

    chosen = pyqtSignal(int)

    def __init__(self, explorer, parent=None):
        super().__init__(parent)
        self._explorer = explorer
        self.title = scaled(QLabel(), 1.4, is_bold=True)
        # Nothing is cut off on the right, also with a large font.
        self.title.setMinimumWidth(self.title.fontMetrics().horizontalAdvance(_classes(MOST)))
        self.measure = QComboBox()
        fill_row(self.measure)
        self.measure.setToolTip(tr("The measure that the curve shows"))
        self.measure.currentIndexChanged.connect(self._show_measure)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(FEWEST, MOST)
        self.slider.setValue(_FIRST)
        self.slider.setPageStep(1)
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.setTickInterval(1)
        self.slider.valueChanged.connect(self._choose)
        self.chart = MeasureChart(self.slider)
        self.advice = QLabel()
        self.advice.setWordWrap(True)
        self.advice.setOpenExternalLinks(False)
        self.advice.linkActivated.connect(lambda k: self.slider.setValue(int(k)))
        self._least, self._most = scaled(QLabel(), 0.85), scaled(QLabel(), 0.85)
        self._lay_out()

    def _lay_out(self):
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.title)
        head.addWidget(self.measure, 1)
        head.addStretch()
        ends = QHBoxLayout()
        ends.setContentsMargins(0, 0, 0, 4)
        ends.addWidget(self._least)
        ends.addStretch(1)
        ends.addWidget(self._most)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 4, 0, 0)
        rows.setSpacing(2)
        rows.addLayout(head)
        rows.addWidget(self.chart)
        rows.addWidget(self.slider)
        rows.addLayout(ends)
        rows.addWidget(self.advice)

    def value(self) -> int:
        return self.slider.value()

    def show_number(self, settings, k) -> None:
        """Moves the slider, within the limits of the settings, without a signal."""
        numbers = settings.numbers()
        before = self.slider.blockSignals(True)
        if settings.takes_number():
            self.slider.setRange(numbers[0], numbers[-1])
            self.slider.setValue(k)
        self.slider.blockSignals(before)

    def refresh(self) -> None:
        """Shows the present state of the explorer."""
        self._show_number()
        self._fill_measures()
        self._show_measure()

    def _choose(self, k):
        self.chosen.emit(k)
        self._show_number()

    def _show_number(self):
        settings, model = self._explorer.settings, self._explorer.model
        takes = settings is None or settings.takes_number()
        self.slider.setEnabled(settings is None or len(settings.numbers()) > 1)
        if settings is not None:
            self.show_number(settings, self._explorer.k)
        count = self.value() if takes else model.n_clusters if model is not None else None
        self.title.setText(_classes("–" if count is None else count))
        self._least.setText(str(self.slider.minimum()))
        self._most.setText(str(self.slider.maximum()))
        self.chart.update()

    def _fill_measures(self):
        settings = self._explorer.settings
        for part in (self.measure, self.chart):
            part.setVisible(settings is None or settings.is_measured())
        measures = (
            _MEASURES_OF_MIXTURES
            if settings is not None and settings.algorithm == "gmm"
            else _MEASURES
        )
        names = [name for name, _title in measures]
        if [self.measure.itemData(number) for number in range(self.measure.count())] != names:
            self.measure.clear()
            for name, title in measures:
                self.measure.addItem(tr(title), name)

    def _choice(self):
        return None if self._explorer.fitting is None else self._explorer.fitting.plan.choice

    def _show_measure(self, *_change):
        choice, name = self._choice(), self.measure.currentData()
        values = (
            {}
            if choice is None
            else {one.k: getattr(one, name, math.nan) for one in choice.candidates}
        )
        self.chart.show_values(values, 0 if choice is None else choice.recommended)
        self.advice.setText(self._advice(choice))
        self.advice.setToolTip("" if choice is None else choice.reason)

    def _advice(self, choice):
        settings = self._explorer.settings
        if choice is not None:
            link = f'<a href="{choice.recommended}">{choice.recommended}</a>'
            certainty = tr(_CERTAINTIES[choice.certainty])
            return tr("Recommended: {number} classes (certainty: {certainty})").format(
                number=link, certainty=certainty
            )
        if settings is None:
            return ""
        if not settings.takes_number():
            return tr("This algorithm finds the number of classes itself.")
        if settings.seeds.shapes:
            return tr("Each seed is a class. Numbers of classes are not compared.")
        if not settings.is_measured():
            return tr(
                "Numbers of classes are compared only for K-means and Gaussian mixtures without"
                " further options."
            )
        return tr("The numbers of classes are compared when all are fitted.")


def _classes(number) -> str:
    return tr("{number} classes").format(number=number)
