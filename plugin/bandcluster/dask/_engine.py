"""Runs tasks on a cluster, or by Dask's scheduler on this machine."""

from __future__ import annotations

import functools
import math
import os
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import dask

from .. import _native
from .._progress import Tell, reporting
from .._types import Progress
from ..errors import Cancelled

# Number of summaries or refinements that one task merges: each is small.
_FAN_IN = 8

# Seconds between the client's checks for a cancel.
_TICK = 0.05


class Engine:
    """Runs tasks on a cluster or by Dask's scheduler on this machine, and reports progress."""

    def __init__(self, client: Any, progress: Progress | None) -> None:
        self._client = client or _current_client()
        self._reporting = reporting(progress)
        self.progress: Tell | None = None

    def __enter__(self) -> Engine:
        self.progress = self._reporting.__enter__()
        return self

    def __exit__(self, *error: Any) -> Any:
        return self._reporting.__exit__(*error)

    def n_slots(self) -> int:
        """The number of tasks that run at once."""
        return sum(self._slots_of_machines()) or 1

    def n_threads(self, n_tasks: int) -> int:
        """The number of threads for each of so many tasks.

        A task gets the slots of its machine, divided by the machine's tasks.
        """
        slots = self._slots_of_machines() or [1]
        return max(1, min(slots) // math.ceil(n_tasks / len(slots)))

    def _slots_of_machines(self) -> list[int]:
        if self._client is None:
            return [os.cpu_count() or 1]
        slots: Counter[str | None] = Counter()
        for address, n_threads in self._client.nthreads().items():
            slots[urlsplit(address).hostname] += n_threads
        return list(slots.values())

    def tell(self, fraction: float, message: str) -> None:
        if self.progress is not None and _native._is_false(self.progress(fraction, message)):
            raise Cancelled("the progress callable returned False")

    def gather(self, parts: list, merge: Callable, message: str, low: float, high: float) -> Any:
        """Merges the parts, some at a time on the workers, and returns the result."""
        return self.gather_and_keep(parts, [], merge, message, low, high)[0]

    def gather_and_keep(
        self, parts: list, kept: list, merge: Callable, message: str, low: float, high: float
    ) -> tuple[Any, list]:
        """The same, and the results of ``kept``, which stay on the workers: their futures.

        On this machine these are the results themselves.
        """
        tree, level = list(parts), 0
        while level == 0 or len(tree) > 1:
            groups = [tree[start : start + _FAN_IN] for start in range(0, len(tree), _FAN_IN)]
            tree = [
                task(merge, f"merge-{message}", f"{level}-{index}")(group)
                for index, group in enumerate(groups)
            ]
            level += 1

        def tell(done: int) -> None:
            self.tell(low + (high - low) * done / len(parts), message)

        run = (
            _on_this_machine
            if self._client is None
            else functools.partial(_on_cluster, self._client)
        )
        tell(
            0
        )  # a callable that cannot be called, or that cancels, is found before the work begins
        return run(tree[0], parts, kept, tell)


def _current_client() -> Any:
    """The cluster that Dask would use, or None."""
    distributed = sys.modules.get("distributed")
    if distributed is None:
        return None
    try:
        return distributed.default_client()
    except ValueError:
        return None


def _on_cluster(
    client: Any, root: Any, parts: list, kept: list, tell: Callable[[int], None]
) -> tuple[Any, list]:
    from distributed import as_completed

    # In one call, so that a block is not loaded twice.
    final, *waiting = client.compute([root, *parts, *kept])
    stay, waiting = waiting[len(parts) :], waiting[: len(parts)]
    # The futures of parts are released when they are done, which frees their results once merged.
    events, done = as_completed(waiting, loop=client.loop), 0
    del waiting
    try:
        while not final.done():
            done += len(events.next_batch(block=False))
            tell(done)
            time.sleep(_TICK)
        merged = final.result()
        tell(len(parts))
        return merged, stay
    except BaseException:
        # Without futures, tasks are not run. Client.cancel is no alternative: it breaks the
        # client's connection if merges wait for the cancelled tasks, and all results of the client
        # on the cluster are lost.
        for future in (final, *stay, *events.futures):
            future.release()
        events.clear()
        raise


def _on_this_machine(
    root: Any, parts: list, kept: list, tell: Callable[[int], None]
) -> tuple[Any, list]:
    keys, done = {part.key for part in parts}, 0

    def one_more(key: Any, *_: Any) -> None:
        nonlocal done
        done += key in keys
        tell(done)

    # Dask's global callbacks react to whichever thread computes first.
    callbacks = [(None, None, None, one_more, None), *dask.callbacks.Callback.active]
    # Merging must not be fused with the tasks that are counted.
    merged, *stay = dask.compute(root, *kept, optimize_graph=False, callbacks=callbacks)
    return merged, stay


def unique(what: str) -> str:
    """A name for tasks of one kind, which no other call has."""
    return f"bandcluster-{what}-{uuid.uuid4().hex}"


def task(function: Callable, what: str, number: int | str) -> Callable:
    """A function for workers; tasks of one kind have the same name on the dashboard."""
    key = f"{unique(what)}-{number}"
    return functools.partial(dask.delayed(function, pure=False, traverse=True), dask_key_name=key)
