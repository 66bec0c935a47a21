"""Loading the library, calling it, and owning what it makes.

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

    There is no need to call this: the first use does. A program calls it to choose the file itself,
    before anything else; once a library is loaded, further calls do nothing.

    Parameters
    ----------
    path : str, optional
        Its file; None: where `find_library` finds it.

    Raises
    ------
    LibraryUnavailable
        When it is missing, does not load, or is of another version.

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
    """Call a function of the library that cannot fail, and return what it returns."""
    if _loaded is None:
        load_library()
    return _loaded[name](*arguments)


def call(name: str, *arguments) -> None:
    """Call a function of the library that returns a status, and raise the exception of that
    status.
    """
    with _exit.waited_for(), held(arguments):
        _checked(name, *arguments)


def change(changed: Shared, name: str, *arguments) -> None:
    """As `call`, of a function that changes one of its arguments, which many may read: waits until
    nobody does.
    """
    others = (given for given in arguments if given is not changed)
    with _exit.waited_for(), held(others), changed.changed():
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
    """The last error's message, taken apart at the name of the field that it is about, if there is
    one.
    """
    position = ctypes.c_uint64()
    field = ask("last_error_field", ctypes.byref(position))
    message, begins = ask("last_error"), position.value
    parts = (message[:begins], field, message[begins + len(field) :])
    return tuple(part.decode("utf-8", "replace") for part in parts)


def existing_file(path) -> bytes:
    """The path of a file to read, for the library.

    Whatever else may be wrong with the file, the library tells.
    """
    if not os.path.exists(path):
        raise errors.IOFailure(f"{os.fsdecode(path)}: no such file; check the path")
    return os.fsencode(path)


# What C's texts cannot hold: NUL, which ends them, and halves of pairs, which are no UTF-8.
_UNKNOWN_TO_C = re.compile("[\0\ud800-\udfff]")


def text(what: str, text: str) -> bytes:
    """UTF-8 for the library."""
    if _UNKNOWN_TO_C.search(text):
        raise errors.InvalidArgument(
            f"a {what} must not hold a NUL character or half a surrogate pair"
        )
    return text.encode()


def name(text: str) -> bytes:
    """The name of a class or a band. As in the library, what cannot be shown becomes a space."""
    return _UNKNOWN_TO_C.sub(" ", text).encode()


def version() -> str:
    """The version of the native library.

    Returns
    -------
    str
        Such as ``"0.1.0"``.

    Examples
    --------
    >>> bandcluster.version() == bandcluster.__version__
    True
    """
    return ask("version").decode()


class Shared(ctypes.c_void_p):
    """The address of an object that the library lets many threads read, or one change."""

    def __init__(self) -> None:
        super().__init__()
        self.state = threading.Condition()
        self.readers: list[int] = []  # the thread of each call

    def __enter__(self) -> None:
        with self.state:
            self.readers.append(threading.get_ident())

    def __exit__(self, *error) -> None:
        with self.state:
            self.readers.remove(threading.get_ident())
            self.state.notify_all()

    @contextlib.contextmanager
    def changed(self) -> Iterator[None]:
        with self.state:  # new readers wait for it, too
            if threading.get_ident() in self.readers:
                raise errors.InvalidArgument(_AT_WORK)
            self.state.wait_for(lambda: not self.readers)
            yield


class OneAtATime(ctypes.c_void_p):
    """The address of an object that the library lets one thread at a time use."""

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


def held(arguments: Iterable) -> contextlib.ExitStack:
    """Waits until these objects may be used, and keeps them so.

    All threads take them in one order: none waits in a circle.
    """
    handles = {id(given): given for given in arguments if isinstance(given, (Shared, OneAtATime))}
    with contextlib.ExitStack() as stack:
        for _, handle in sorted(handles.items()):
            stack.enter_context(handle)
        return stack.pop_all()


class NativeObject:
    """The Python owner of an opaque object of the library, which is freed with it."""

    _free: str  # the library's function that frees it
    _handle_type: type[ctypes.c_void_p] = ctypes.c_void_p

    def _open(self, name: str, *arguments, call=call) -> None:
        """Own what the library's function ``name``, called by ``call``, puts into its last
        argument.
        """
        self._handle = self._handle_type()
        call(name, *arguments, ctypes.byref(self._handle))
        # Not at the end of the interpreter: a daemon thread may be at work on the object then.
        weakref.finalize(self, ask, self._free, self._handle).atexit = False

    def _text(self, name: str, *arguments) -> str:
        """The text that the library's function ``name`` has of the object."""
        text = ctypes.c_char_p()
        # The text lies in the object: nobody may change that before it is copied.
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
    """The ``bandcluster_run`` argument of the calls made inside the ``with`` block; True shows
    tqdm's bar.

    What ``progress`` raises stops the call and is raised again here. There is a callback even
    without ``progress``: it is where Python notices Ctrl-C while the library works. It does so
    before the first line of ``relay``, where ctypes would drop the KeyboardInterrupt; so that is
    kept, too, until the library has returned.
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
        except BaseException as error:  # whatever it is, it must not unwind through the library
            kept.append(error)
            return 0

    callback = PROGRESS(relay)
    run = Run(threads=whole("threads", threads, 0, 2**32 - 1), progress=callback)
    try:
        with _interrupts_kept(kept):
            yield ctypes.byref(run)
    except (
        errors.BandclusterError
    ):  # Ctrl-C comes out even where the call has failed by itself meanwhile
        if not kept:
            raise
    if kept:
        raise kept.pop()


@contextlib.contextmanager
def _interrupts_kept(kept: list[BaseException]) -> Iterator[None]:
    """What Ctrl-C raises goes into ``kept``.

    Only the main thread gets it: elsewhere there is nothing to do.
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
    """Only a False cancels (Python's or NumPy's); None, which a plain function returns, goes on."""
    return type(answer).__name__ in ("bool", "bool_") and not answer


def whole(name: str, value, low: int, high: int) -> int:
    """``value`` as an int from ``low`` to ``high``; ctypes itself would wrap a number that is too
    large.
    """
    try:
        number = operator.index(value)
    except TypeError:
        raise errors.InvalidArgument(f"{name} must be a whole number, found {value!r}") from None
    if not low <= number <= high:
        raise errors.InvalidArgument(f"{name} must be from {low} to {high}, found {number}")
    return number
