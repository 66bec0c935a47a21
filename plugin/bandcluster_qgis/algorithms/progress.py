"""Shows the progress of a job in a QGIS feedback, and asks it for a cancel."""

import threading

from qgis import utils

from ..translation import tr, translatable

# The library's names of its phases, and the text that users see when a phase begins.
_PHASES = {
    "reading": translatable("Reading and summarising the pixels"),
    "fitting": translatable("Clustering"),
    "refining": translatable("Refining the class centres"),
    "labelling": translatable("Writing the classes"),
    "relabelling": translatable("Writing the merged classes"),
    "filtering": translatable("Filtering: each pixel takes the most frequent class around it"),
    "sieving": translatable("Sieving: small patches take the class of their largest neighbour"),
    "measuring": translatable("Measuring the classes"),
    "writing polygons": translatable("Writing polygons"),
    "drawing": translatable("Drawing the report"),
}


# The running jobs of all threads.
RUNNING = set()

# A job does not end while it is being cancelled: its feedback may end with it.
_ending = threading.RLock()


class Progress:
    """A progress function for the library: it returns False to cancel.

    The library calls it on the thread that made the call, so the feedback is used on that thread
    only; its cancel may come from another thread. As a context manager it marks the job as running
    until the context ends.
    """

    def __init__(self, feedback):
        self._feedback = feedback
        self._phase = ""
        self.thread = threading.get_ident()

    def __enter__(self):
        RUNNING.add(self)
        return self

    def __exit__(self, *_error):
        with _ending:
            RUNNING.discard(self)

    def cancel(self) -> None:
        """Cancels the job, if it still runs."""
        with _ending:
            if self in RUNNING:
                self._feedback.cancel()

    def __call__(self, fraction, phase) -> bool:
        if phase != self._phase and phase in _PHASES:
            self._phase = phase
            self._feedback.setProgressText(tr(_PHASES[phase]))
        self._feedback.setProgress(100 * fraction)
        return not self._feedback.isCanceled()

    def note(self, text) -> None:
        """Tells the user something to know about the result."""
        self._feedback.pushInfo(text)

    def warn(self, text) -> None:
        """Warns the user that the result may be wrong."""
        self._feedback.pushWarning(text)

    def table(self, lines) -> None:
        """Shows lines with aligned columns."""
        for line in lines:
            self._feedback.pushCommandInfo(_unbroken(line) if utils.iface else line)


def _unbroken(line) -> str:
    """Keeps spaces: the dialog's log is HTML, which merges spaces that may break."""
    return line.replace(" ", "\N{NO-BREAK SPACE}")
