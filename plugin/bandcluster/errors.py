"""The exceptions: one class for each status code of the library."""


class BandclusterError(Exception):
    """The base class of bandcluster's errors."""


class InvalidArgument(BandclusterError, ValueError):
    """An option is out of range, or an array has a shape that does not fit.

    ``parts`` is the message in three parts: the text before the name of the request's field that it
    is about, that name, and the rest. The name is empty if the message is about no field. A program
    whose users know the field by another name can insert that name.
    """

    parts = ("", "", "")


class InvalidData(BandclusterError, ValueError):
    """The pixels cannot be clustered.

    None is valid, too few are distinct, a band is constant, or the numbers of bands differ.
    """


class InvalidModel(BandclusterError, ValueError):
    """The file or text is not a valid model (or saved summary).

    It is something else, is damaged, or comes from a newer version.
    """


class IOFailure(BandclusterError, OSError):
    """A file could not be read or written."""


class Cancelled(BandclusterError):
    """The progress callable returned False."""


class OutOfMemory(BandclusterError, MemoryError):
    """The library could not get the memory it needs."""


class InternalError(BandclusterError, RuntimeError):
    """The library failed unexpectedly: please report this bug."""


class LibraryUnavailable(BandclusterError, OSError):
    """The native library was not found, does not load here, or has another version."""
