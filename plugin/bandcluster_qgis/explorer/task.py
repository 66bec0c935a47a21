"""The fitting as a task of QGIS, with progress in the status bar and a cancel button."""

from qgis.core import QgsRasterBlockFeedback, QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from ..binding import bandcluster
from ..failures import FAILURES


class FittingTask(QgsTask):
    """Runs a `Fitting`.

    Emits a signal for every new model, and one at the end, with the error if there was one.
    """

    advanced = pyqtSignal()
    ended = pyqtSignal(object)  # None, or the error

    def __init__(self, title, fitting):
        # The panel shows that it is done; from QGIS 3.26 on, a task can be silent.
        silent = getattr(QgsTask, "Silent", None) or getattr(QgsTask.Flag, "Silent", None)
        super().__init__(
            title, QgsTask.Flag.CanCancel | silent if silent else QgsTask.Flag.CanCancel
        )
        self.fitting, self.phase, self._error = fitting, "", None
        self._percent = -1
        self._feedback = QgsRasterBlockFeedback()

    def run(self):
        try:
            self.fitting.run(self._progress, self.advanced.emit, self._feedback)
        except bandcluster.Cancelled:
            return False
        except Exception as error:  # an exception that leaves this method is lost
            self._error = error
            return False
        return not self.isCanceled()

    def cancel(self):
        self._feedback.cancel()
        super().cancel()

    def finished(self, _succeeded):
        self.ended.emit(self._error)

    def _progress(self, fraction, phase):
        # The library calls this hundreds of times a second, and the main thread shows each signal.
        if (int(100 * fraction), phase) != (self._percent, self.phase):
            self._percent, self.phase = int(100 * fraction), phase
            self.setProgress(self._percent)
        return not self.isCanceled()


def is_users(error) -> bool:
    """Whether the user can do something about the error."""
    return isinstance(error, FAILURES)
