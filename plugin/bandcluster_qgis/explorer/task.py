"""The fitting as a task of QGIS, with progress in the status bar and a cancel button."""

from qgis.core import QgsApplication, QgsRasterBlockFeedback, QgsTask
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..binding import bandcluster
from ..failures import FAILURES

_PATIENCE = 60_000  # milliseconds that a cancelled task has to end
_REST = 400  # milliseconds after the last move of the slider

# The tasks that have not ended: QGIS runs a task until its end, but does not keep its Python part.
_unended = set()


class Work(QObject):
    """The work on a fitting in the background, by one task at a time.

    Signals: `advanced` (there is a new model), `progressed` (percent and phase; 100 and "" when
    nothing runs), `ended` (with the error, or None), `rested` (the work can go on: the slider has
    not moved for a while).
    """

    advanced = pyqtSignal()
    progressed = pyqtSignal(float, str)
    ended = pyqtSignal(object)
    rested = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self._task = None
        self._is_over = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self.rested)

    def start(self, fitting, title) -> None:
        """Starts the task if there is work to do; cancels the task of another fitting."""
        if self._is_over or (self._task is not None and self._task.fitting is fitting):
            return
        self._cancel_task()
        if fitting.is_done():
            self.progressed.emit(100, "")
            return
        task = FittingTask(title, fitting)
        self._task = task
        # Methods, not lambdas: Python may clear a lambda of a cycle while its call is on the way.
        task.advanced.connect(self._advance)
        task.progressed.connect(self._tell_progress)
        task.ended.connect(self._end_task)
        _unended.add(task)
        QgsApplication.taskManager().addTask(task)

    def wait_for_rest(self) -> None:
        if not self._is_over:
            self._rest.start()

    def is_going_on(self) -> bool:
        return self._task is not None

    def cancel(self) -> None:
        self._rest.stop()
        self._cancel_task()

    def end(self) -> None:
        """Cancels the work for good, and waits until no task runs."""
        self._is_over = True
        self.cancel()
        for task in list(_unended):  # also those that were cancelled before
            if task.status() == QgsTask.TaskStatus.Running:
                task.waitForFinished(_PATIENCE)

    def _cancel_task(self):
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            self.progressed.emit(100, "")

    def _tell_progress(self, task, percent, phase):
        if task is self._task:
            self.progressed.emit(percent, phase)

    def _advance(self, task):
        if task is self._task:
            self.advanced.emit()

    def _end_task(self, task, error):
        if task is not self._task:
            return
        self._task = None
        self.progressed.emit(100, "")
        if error is None and not task.fitting.is_done() and not task.isCanceled():
            self._rest.start()  # the user has moved to another number meanwhile
        self.ended.emit(error)


class FittingTask(QgsTask):
    """Runs a `Fitting`.

    Emits signals for every new model, for progress (percent and phase), and at the end (the error,
    or None), each with the task.
    """

    advanced = pyqtSignal(object)
    progressed = pyqtSignal(object, float, str)
    ended = pyqtSignal(object, object)

    def __init__(self, title, fitting):
        # The panel shows that it is done; from QGIS 3.26 on, a task can be silent.
        silent = getattr(QgsTask, "Silent", None) or getattr(QgsTask.Flag, "Silent", None)
        super().__init__(
            title, QgsTask.Flag.CanCancel | silent if silent else QgsTask.Flag.CanCancel
        )
        self.fitting, self._error = fitting, None
        self._told = None
        self._feedback = QgsRasterBlockFeedback()

    def run(self):
        try:
            self.fitting.run(self._progress, self._advance, self._feedback)
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
        _unended.discard(self)
        self.ended.emit(self, self._error)

    def _advance(self):
        self.advanced.emit(self)

    def _progress(self, fraction, phase):
        # The library calls this hundreds of times a second, and the main thread shows each signal.
        percent = int(100 * fraction)
        if (percent, phase) != self._told:
            self._told = percent, phase
            self.setProgress(percent)
            self.progressed.emit(self, percent, phase)
        return not self.isCanceled()


def is_users(error) -> bool:
    """Whether the user can do something about the error."""
    return isinstance(error, FAILURES)
