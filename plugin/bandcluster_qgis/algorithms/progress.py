"""What a job tells while it runs, on a QGIS feedback; and whether it is cancelled."""

import threading

from qgis import utils

from ..translation import tr, translatable

# What the library calls its phases, and what users are told when one begins.
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


# The jobs that run, in whatever thread: each from its beginning to its end.
RUNNING = set()


class Progress:
    """Callable as the library calls a progress function; False then means cancel.

    Feedback is touched on the calling thread only, which is the thread that all callbacks come on;
    but for its cancel. As a context it is the job itself, which is known to run until the context
    ends.
    """

    def __init__(self, feedback):
        self._feedback = feedback
        self._phase = ""
        self.thread = threading.get_ident()

    def __enter__(self):
        RUNNING.add(self)
        return self

    def __exit__(self, *_error):
        RUNNING.discard(self)

    def cancel(self) -> None:
        self._feedback.cancel()

    def __call__(self, fraction, phase) -> bool:
        if phase != self._phase and phase in _PHASES:
            self._phase = phase
            self._feedback.setProgressText(tr(_PHASES[phase]))
        self._feedback.setProgress(100 * fraction)
        return not self._feedback.isCanceled()

    def note(self, text) -> None:
        """Tell the user what they should know about the result."""
        self._feedback.pushInfo(text)

    def warn(self, text) -> None:
        """Tell the user what may make the result wrong."""
        self._feedback.pushWarning(text)

    def table(self, lines) -> None:
        """Tell the user lines whose columns stand under each other."""
        for line in lines:
            self._feedback.pushCommandInfo(_unbroken(line) if utils.iface else line)


def _unbroken(line) -> str:
    """A dialog's log is HTML, which makes one space of many; not of those that do not break."""
    return line.replace(" ", "\N{NO-BREAK SPACE}")
