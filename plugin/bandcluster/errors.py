"""What can go wrong, as exceptions: one class for each status code of the library."""


class BandclusterError(Exception):
    """The base of every error that bandcluster raises on its own account."""


class InvalidArgument(BandclusterError, ValueError):
    """An option is out of range, or an array has a shape that does not fit.

    ``parts`` is the message in three: before the name of the field of a job's request that it is
    about, that name, and the rest. The name is empty where it is about none. A program whose users
    know the field by another name puts that there.
    """

    parts = ("", "", "")


class InvalidData(BandclusterError, ValueError):
    """The pixels cannot be clustered: none is valid, too few are distinct, a band is constant, band
    counts differ.
    """


class InvalidModel(BandclusterError, ValueError):
    """The file or text is not a model (or saved summary), is damaged, or comes from a newer
    version.
    """


class IOFailure(BandclusterError, OSError):
    """A file could not be read or written."""


class Cancelled(BandclusterError):
    """The progress callable returned False."""


class OutOfMemory(BandclusterError, MemoryError):
    """The library could not get the memory it needs."""


class InternalError(BandclusterError, RuntimeError):
    """The library failed in a way it should not: a bug worth reporting."""


class LibraryUnavailable(BandclusterError, OSError):
    """The native library was not found, does not load here, or is of another version."""
