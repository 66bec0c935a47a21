"""The fitting as a task of QGIS: with its progress in the window's status bar, and a cancel."""

from qgis.core import QgsRasterBlockFeedback, QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from ..binding import bandcluster
from ..failures import FAILURES


class FittingTask(QgsTask):
    """Runs a `Fitting`.

    It tells of every new model, and in the end of a failure, if there was one.
    """

    advanced = pyqtSignal()
    ended = pyqtSignal(object)  # None, or the error

    def __init__(self, title, fitting):
        # The panel tells that it is done: from QGIS 3.26 on a task can be silent about it.
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
        except Exception as error:  # what leaves this method would be lost
            self._error = error
            return False
        return not self.isCanceled()

    def cancel(self):
        self._feedback.cancel()
        super().cancel()

    def finished(self, _succeeded):
        self.ended.emit(self._error)

    def _progress(self, fraction, phase):
        # The library tells it hundreds of times a second, and the window's thread shows each.
        if (int(100 * fraction), phase) != (self._percent, self.phase):
            self._percent, self.phase = int(100 * fraction), phase
            self.setProgress(self._percent)
        return not self.isCanceled()


def is_users(error) -> bool:
    """Whether the user can mend it."""
    return isinstance(error, FAILURES)
