"""Loads the library, calls it, and owns the objects that it makes.

Nothing here knows about NumPy arrays.
"""

from __future__ import annotations

import contextlib
import ctypes
import operator
import os
import re
import signal
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator

from . import _exit, errors
from ._abi import ABI_VERSION, PROGRESS, SIGNATURES, Run
from ._library import find_library
from ._progress import Tell, reporting
from ._types import Progress

_ERRORS = {
    1: errors.InvalidArgument,
    2: errors.InvalidData,
    3: errors.InvalidModel,
    4: errors.IOFailure,
    5: errors.Cancelled,
    6: errors.OutOfMemory,
    7: errors.InternalError,
}

_AT_WORK = "a progress callable must not use the object that is at work"

_loaded = None
_loading = threading.Lock()


def load_library(path: str | None = None) -> None:
    """Load the native library.

    The first use of the library calls this. A program may call it before anything else, to choose
    the file. Once a library is loaded, further calls do nothing.

    Parameters
    ----------
    path : str, optional
        The library's file; None: the file that `find_library` finds.

    Raises
    ------
    LibraryUnavailable
        If it is missing, does not load, or has another version.

    Examples
    --------
    >>> bandcluster.load_library()
    """
    global _loaded
    with _loading:
        if _loaded is None:
            _loaded = _open(path or find_library())


def _open(path: str) -> dict[str, Callable]:
    try:
        library = ctypes.CDLL(path)
        found = library.bandcluster_abi_version()
        names = SIGNATURES if found == ABI_VERSION else ()
        functions = {name: getattr(library, f"bandcluster_{name}") for name in names}
    except (OSError, AttributeError) as error:
        raise errors.LibraryUnavailable(
            f"{path} does not load as the bandcluster library of this system: {error}"
        ) from error
    if found != ABI_VERSION:
        raise errors.LibraryUnavailable(
            f"{path} speaks version {found} of the interface and this package speaks version"
            f" {ABI_VERSION}; install the library and the package of one release"
        )
    for name, function in functions.items():
        function.restype, function.argtypes = SIGNATURES[name]
    return functions


def ask(name: str, *arguments):
    """Call a function of the library that cannot fail, and return its result."""
    if _loaded is None:
        load_library()
    return _loaded[name](*arguments)


def call(name: str, *arguments) -> None:
    """Call a function of the library that returns a status; raises the status's exception."""
    with _exit.waited_for(), held(arguments):
        _checked(name, *arguments)


def change(changed: Shared, name: str, *arguments) -> None:
    """As `call`, for a function that changes one of its arguments.

    Many threads may read that argument: the call waits until no thread reads it.
    """
    with _exit.waited_for(), held(arguments, changed):
        _checked(name, *arguments)


def _checked(name: str, *arguments) -> None:
    status = ask(name, *arguments)
    if status:
        message = ask("last_error").decode("utf-8", "replace")
        error = _ERRORS.get(status, errors.BandclusterError)(message or f"status {status}")
        if isinstance(error, errors.InvalidArgument):
            error.parts = _parts()
        raise error


def _parts() -> tuple[str, str, str]:
    """The last error's message, split at the name of the field that it is about, if any."""
    position = ctypes.c_uint64()
    field = ask("last_error_field", ctypes.byref(position))
    message, begins = ask("last_error"), position.value
    parts = (message[:begins], field, message[begins + len(field) :])
    return tuple(part.decode("utf-8", "replace") for part in parts)


def existing_file(path) -> bytes:
    """The path of a file to read, for the library.

    The file must exist; the library reports any other problem.
    """
    if not os.path.exists(path):
        raise errors.IOFailure(f"{os.fsdecode(path)}: no such file; check the path")
    return os.fsencode(path)


# C's texts cannot hold NUL, which ends them, nor single surrogates, which are not UTF-8.
_UNKNOWN_TO_C = re.compile("[\0\ud800-\udfff]")


def text(what: str, text: str) -> bytes:
    """A text as UTF-8 for the library."""
    if _UNKNOWN_TO_C.search(text):
        raise errors.InvalidArgument(
            f"a {what} must not hold a NUL character or half a surrogate pair"
        )
    return text.encode()


def name(text: str) -> bytes:
    """The name of a class or a band; as in the library, control characters become spaces."""
    return _UNKNOWN_TO_C.sub(" ", text).encode()


def version() -> str:
    """The version of the native library.

    Returns
    -------
    str
        The version, such as ``"0.1.0"``.

    Examples
    --------
    >>> bandcluster.version() == bandcluster.__version__
    True
    """
    return ask("version").decode()


class Shared(ctypes.c_void_p):
    """The address of an object that many threads may read, or one may change."""

    def __init__(self) -> None:
        super().__init__()
        self.state = threading.Condition()
        self.readers: list[int] = []  # the thread of each call
        self.writer: int | None = None  # the thread that changes the object, and has the lock

    def __enter__(self) -> None:
        with self.state:
            self._refuse(self.writer == threading.get_ident())
            self.readers.append(threading.get_ident())

    def __exit__(self, *error) -> None:
        with self.state:
            self.readers.remove(threading.get_ident())
            self.state.notify_all()

    @contextlib.contextmanager
    def changed(self) -> Iterator[None]:
        with self.state:  # while it changes, new readers wait
            thread = threading.get_ident()
            self._refuse(self.writer == thread or thread in self.readers)
            self.state.wait_for(lambda: not self.readers)
            self.writer = thread
            try:
                yield
            finally:
                self.writer = None

    @staticmethod
    def _refuse(is_at_work: bool) -> None:
        if is_at_work:
            raise errors.InvalidArgument(_AT_WORK)


class OneAtATime(ctypes.c_void_p):
    """The address of an object that one thread at a time may use."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.Lock()
        self.user: int | None = None  # the thread that has the lock

    def __enter__(self) -> None:
        if self.user == threading.get_ident():
            raise errors.InvalidArgument(_AT_WORK)
        self.lock.acquire()
        self.user = threading.get_ident()

    def __exit__(self, *error) -> None:
        self.user = None
        self.lock.release()


def held(arguments: Iterable, changed: Shared | None = None) -> contextlib.ExitStack:
    """Waits until these objects may be read, or one of them changed, and locks them.

    All threads lock them in the same order, so no deadlock is possible.
    """
    handles = {id(given): given for given in arguments if isinstance(given, (Shared, OneAtATime))}
    with contextlib.ExitStack() as stack:
        for _, handle in sorted(handles.items()):
            stack.enter_context(handle.changed() if handle is changed else handle)
        return stack.pop_all()


class NativeObject:
    """The Python owner of an opaque object of the library; it frees the object."""

    _free: str  # the library's function that frees the object
    _handle_type: type[ctypes.c_void_p] = ctypes.c_void_p

    def _open(self, name: str, *arguments, call=call) -> None:
        """Own the object that the library's function ``name`` puts into its last argument."""
        self._handle = self._handle_type()
        call(name, *arguments, ctypes.byref(self._handle))
        # Not at the end of the interpreter: a daemon thread may still use the object.
        weakref.finalize(self, ask, self._free, self._handle).atexit = False

    def _text(self, name: str, *arguments) -> str:
        """The text of the object that the library's function ``name`` returns."""
        text = ctypes.c_char_p()
        # The text lies in the object, which must not change before it is copied.
        with _exit.waited_for(), held([self._handle]):
            _checked(name, self._handle, *arguments, ctypes.byref(text))
            return (text.value or b"").decode()

    @classmethod
    def _create(cls, name: str, *arguments):
        made = cls.__new__(cls)
        made._open(name, *arguments)
        return made


@contextlib.contextmanager
def running(threads: int, progress: Progress | None) -> Iterator[object]:
    """The ``bandcluster_run`` argument of the calls inside the ``with`` block.

    True shows tqdm's bar. An exception of ``progress`` stops the call and is raised again here.
    There is a callback even without ``progress``: in it Python notices Ctrl-C while the library
    works. Python does so before the first line of ``relay``, where ctypes would drop the
    KeyboardInterrupt; so that exception is also kept until the library has returned.
    """
    with reporting(progress) as progress:
        with _telling(threads, progress) as run:
            yield run


@contextlib.contextmanager
def _telling(threads: int, progress: Tell | None) -> Iterator[object]:
    kept: list[BaseException] = []

    def relay(fraction, message, _user_data):
        if kept or _exit.must_stop():
            return 0
        try:
            return (
                1
                if progress is None
                else int(not _is_false(progress(fraction, message.decode("utf-8", "replace"))))
            )
        except BaseException as error:  # no exception may unwind through the library
            kept.append(error)
            return 0

    callback = PROGRESS(relay)
    run = Run(threads=whole("threads", threads, 0, 2**32 - 1), progress=callback)
    try:
        with _interrupts_kept(kept):
            yield ctypes.byref(run)
    except errors.BandclusterError:  # Ctrl-C is raised even if the call itself has failed
        if not kept:
            raise
    if kept:
        raise kept.pop()


@contextlib.contextmanager
def _interrupts_kept(kept: list[BaseException]) -> Iterator[None]:
    """Puts what Ctrl-C raises into ``kept``.

    Only the main thread gets Ctrl-C: on other threads there is nothing to do.
    """
    handler = signal.getsignal(signal.SIGINT)

    def keep(number, frame):
        try:
            handler(number, frame)
        except BaseException as error:
            kept.append(error)

    try:
        if callable(handler):
            signal.signal(signal.SIGINT, keep)
    except ValueError:  # not the main thread
        handler = None
    try:
        yield
    finally:
        if callable(handler):
            signal.signal(signal.SIGINT, handler)


def _is_false(answer) -> bool:
    """Whether the answer cancels: only False does (Python's or NumPy's), not None."""
    return type(answer).__name__ in ("bool", "bool_") and not answer


def whole(name: str, value, low: int, high: int) -> int:
    """``value`` as an int from ``low`` to ``high``.

    ctypes would wrap a number that is too large.
    """
    try:
        number = operator.index(value)
    except TypeError:
        raise errors.InvalidArgument(f"{name} must be a whole number, found {value!r}") from None
    if not low <= number <= high:
        raise errors.InvalidArgument(f"{name} must be from {low} to {high}, found {number}")
    return number
