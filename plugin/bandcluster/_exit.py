"""Stops the library's calls when the interpreter ends, and waits for them.

Only daemon threads can be inside the library then. From then on CPython ends a thread that asks for
the interpreter: it unwinds the thread's stack. In a progress callback that stack holds frames of
the library, and unwinding them aborts the process.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
import time
from collections.abc import Iterator

from . import errors

# Calls stop within half a second, later on a busy machine, and never if a progress callable does
# not return.
_LONGEST_WAIT = 30.0

# How long a thread waits for the interpreter's end. There is a limit because an exit handler may
# wait for the thread.
_LINGER = 10.0

_changed = threading.Condition()
_inside: list[int] = []  # the thread of each call
_ending: int | None = None  # the thread that ends the interpreter


def must_stop() -> bool:
    """Whether the interpreter is ending, on another thread.

    The exit handlers on its own thread may still call the library.
    """
    return _ending is not None and _ending != threading.get_ident()


@contextlib.contextmanager
def waited_for() -> Iterator[None]:
    """Surrounds a call of the library: the interpreter does not end before it has returned."""
    thread = threading.get_ident()
    with _changed:
        late = must_stop()
        if not late:
            _inside.append(thread)
    if late:
        _linger()
        raise errors.Cancelled(
            "the interpreter is ending: only its main thread may make a call now"
        )
    try:
        yield
    finally:
        with _changed:
            _inside.remove(thread)
            _changed.notify_all()
        if must_stop():
            _linger()


def _linger() -> None:
    """Lets the interpreter end first; it would print the exception of this thread."""
    time.sleep(_LINGER)


@atexit.register
def _end() -> None:
    global _ending
    _ending = thread = threading.get_ident()
    with _changed:
        _changed.wait_for(lambda: all(caller == thread for caller in _inside), _LONGEST_WAIT)


def _forget() -> None:
    """Resets the state in a forked process, which has only the thread that forked."""
    global _changed, _ending
    _changed, _ending = threading.Condition(), None
    _inside.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
