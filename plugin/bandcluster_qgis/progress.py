"""Progress and cancel: fractions of the parts of a job, on the bar of a QGIS feedback."""

from qgis import utils

from .binding import bandcluster


class Progress:
    """A part of the bar. Callable as the binding and GDAL call a progress function; False then means cancel.

    Feedback is touched on the calling thread only, which is the thread that all callbacks come on.
    """

    def __init__(self, feedback, low=0.0, high=1.0):
        self._feedback = feedback
        self._low = low
        self._high = high

    def __call__(self, fraction, *_message) -> bool:
        self._feedback.setProgress(100 * self._at(fraction))
        return not self._feedback.isCanceled()

    def span(self, low, high) -> "Progress":
        """A part of this part."""
        return Progress(self._feedback, self._at(low), self._at(high))

    def check(self) -> None:
        """Raise if the user has cancelled."""
        if self._feedback.isCanceled():
            raise bandcluster.Cancelled("cancelled")

    def say(self, text) -> None:
        """Tell the user what begins."""
        self._feedback.setProgressText(text)

    def note(self, text) -> None:
        """Tell the user what they should know about the result."""
        self._feedback.pushInfo(text)

    def table(self, lines) -> None:
        """Tell the user lines whose columns stand under each other."""
        for line in lines:
            self._feedback.pushCommandInfo(_unbroken(line) if utils.iface else line)

    def warn(self, text) -> None:
        """Tell the user what may make the result wrong."""
        self._feedback.pushWarning(text)

    def _at(self, fraction) -> float:
        return self._low + (self._high - self._low) * fraction


def _unbroken(line) -> str:
    """A dialog's log is HTML, which makes one space of many; not of those that do not break."""
    return line.replace(" ", "\N{NO-BREAK SPACE}")
