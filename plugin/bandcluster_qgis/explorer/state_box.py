"""What the explorer does at the moment: a sentence, the progress, and a button to stop it."""

from qgis.core import QgsApplication
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from ..translation import tr, translatable
from . import fitting
from .forms import tool

_PHASES = {
    fitting.READING: translatable("Reading all pixels"),
    fitting.FITTING: translatable("Fitting every number of classes"),
    fitting.MEASURING: translatable("Measuring every number of classes"),
    fitting.REFINING: translatable("Refining the classes over all pixels"),
}


class StateBox(QWidget):
    def __init__(self, explorer, parent=None):
        super().__init__(parent)
        self._explorer = explorer
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(5)
        self.stop = tool("/mActionStop.svg", tr("Stop"), self._stop_or_go_on)
        line = QHBoxLayout()
        line.addWidget(self.text, 1)
        line.addWidget(self.stop)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(2)
        rows.addLayout(line)
        rows.addWidget(self.progress)
        explorer.progressed.connect(self._show_progress)
        explorer.painted.connect(self.refresh)

    def refresh(self) -> None:
        """Shows the present state of the explorer."""
        explorer = self._explorer
        self.text.setText(self._told())
        can_go_on = (
            explorer.fitting is not None
            and not explorer.is_working()
            and not explorer.fitting.is_done()
        )
        self.stop.setVisible(explorer.is_working() or can_go_on)
        icon = "/mActionPlay.svg" if can_go_on else "/mActionStop.svg"
        self.stop.setIcon(QgsApplication.getThemeIcon(icon))
        self.stop.setToolTip(tr("Go on") if can_go_on else tr("Stop"))

    def _told(self):
        explorer = self._explorer
        if explorer.fitting is None:
            return tr(
                "Choose a raster layer. Its classes are shown over the map; they are not a layer of"
                " the project."
            )
        why = explorer.fitting.plan.why_not(explorer.k)
        if why:
            return " ".join(str(why).split())
        share = explorer.fitting.pixels.coarse_share
        states = {
            "": tr("Reading the scene…"),
            fitting.COARSE: tr("A first look, at {} of the pixels.").format(_percent(share)),
            fitting.SUMMARY: tr("Classes of all pixels; they are still being refined."),
            fitting.EXACT: tr("Classes of all pixels, as the map will have them."),
        }
        told = states[explorer.state]
        if explorer.overlay.share < 1:
            filled = _percent(explorer.overlay.share)
            told += " " + tr("The map is filled as its pixels are read: {}.").format(filled)
        return told

    def _show_progress(self, percent, phase):
        self.progress.setValue(int(percent) if phase else 0)
        self.progress.setToolTip(tr(_PHASES[phase]) if phase in _PHASES else "")
        self.refresh()

    def _stop_or_go_on(self):
        if self._explorer.is_working():
            self._explorer.cancel()
        else:
            self._explorer.go_on()


def _percent(share):
    return f"{100 * share:.2g} %"
