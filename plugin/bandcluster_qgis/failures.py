"""What a user can cause or mend. Anything else is a bug, and keeps its traceback."""

from .binding import bandcluster


class Refused(Exception):
    """What was chosen cannot be used; the message says what was found, and what to do."""


FAILURES = (bandcluster.BandclusterError, Refused, OSError)
