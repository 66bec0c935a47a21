"""Reading the blocks of a scene ahead of the work on them, so that decoding and clustering overlap."""

import threading
import weakref
from collections import deque
from concurrent.futures import ThreadPoolExecutor, wait

from .binding import bandcluster

_AHEAD = 2  # blocks that are read, or being read, while another is worked on
_TICK = 0.05  # seconds between looks at whether the user has cancelled


class ReadAhead:
    """A thread with a scene of its own (a GDAL handle must stay in the thread that opened it).

    Thread and handle live as long as ``owner``: a second pass finds the blocks that GDAL has kept.
    """

    def __init__(self, owner, open_scene):
        self._thread = ThreadPoolExecutor(1, "bandcluster-read")
        self._stop = _Stop()
        self._opened = []
        self._open_scene = open_scene
        weakref.finalize(owner, _close, self._thread, self._opened, self._stop)

    def blocks(self, windows, samples, progress):
        """Every window with its block, in their order. While one is waited for, ``progress`` tells whether to go on."""
        self._stop.clear()
        left, reading = iter(windows), deque()
        try:
            while True:
                for window in left:
                    reading.append((window, self._thread.submit(self._read, window, samples)))
                    if len(reading) > _AHEAD:
                        break
                if not reading:
                    return
                window, block = reading.popleft()
                yield window, _result(block, progress)
        finally:
            # Done, cancelled, failed, or given up by the caller: nothing goes on behind its back.
            self._stop.set()
            for _window, block in reading:
                if not block.cancel():
                    block.exception()

    def _read(self, window, samples):
        if not self._opened:
            self._opened.append(self._open_scene())
        return self._opened[0].read(window, samples, self._stop)


def _result(block, progress):
    """What a thread returns or raises, unless the user cancels before."""
    while not wait([block], _TICK).done:
        progress.check()
    return block.result()


def _close(thread, opened, stop):
    stop.set()
    try:
        thread.submit(opened.clear)
    except RuntimeError:  # the interpreter ends, and the thread with it
        opened.clear()
    thread.shutdown(wait=False)


class _Stop(threading.Event):
    """What GDAL asks while it reads, on the thread that reads."""

    def __call__(self, *_progress) -> bool:
        return not self.is_set()

    def check(self):
        if self.is_set():
            raise bandcluster.Cancelled("cancelled")
