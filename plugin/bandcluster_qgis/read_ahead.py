"""Reading the blocks of a scene ahead of the work on them, so that decoding and clustering overlap."""

import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor, wait

from .binding import bandcluster

_AHEAD = 2  # blocks that are read, or being read, while another is worked on
_TICK = 0.05  # seconds between looks at whether the user has cancelled


def read_ahead(read, windows, progress):
    """Every window with what ``read(window, progress)`` returns, in their order; another thread reads.

    The thread ends with the iteration, and is waited for: a GDAL handle that a thread still holds when QGIS ends
    brings it down. Until then the caller leaves the handle that ``read`` uses alone. While a block is waited for,
    ``progress`` tells whether to go on.
    """
    stop = _Stop()
    left, reading = iter(windows), deque()
    with ThreadPoolExecutor(1, "bandcluster-read") as thread:
        try:
            while True:
                for window in left:
                    reading.append((window, thread.submit(read, window, stop)))
                    if len(reading) > _AHEAD:
                        break
                if not reading:
                    return
                window, block = reading.popleft()
                yield window, _result(block, progress)
        finally:
            # Done, cancelled, failed, or given up by the caller: nothing goes on behind its back.
            stop.set()
            for _window, block in reading:
                block.cancel()


def _result(block, progress):
    """What a thread returns or raises, unless the user cancels before."""
    while not wait([block], _TICK).done:
        progress.check()
    return block.result()


class _Stop(threading.Event):
    """What GDAL asks while it reads, on the thread that reads."""

    def __call__(self, *_progress) -> bool:
        return not self.is_set()

    def check(self):
        if self.is_set():
            raise bandcluster.Cancelled("cancelled")
