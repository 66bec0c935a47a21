"""The progress of a call, passed to a callable or shown as tqdm's bar."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from ._types import Progress

Tell = Callable[[float, str], object]


@contextlib.contextmanager
def reporting(progress: Progress | None) -> Iterator[Tell | None]:
    """The callable for progress; for True, one that moves tqdm's bar.

    Raises ImportError if tqdm is not installed.
    """
    if progress is None or progress is False:
        yield None
    elif progress is True:
        try:
            from tqdm.auto import tqdm
        except ImportError as error:
            raise ImportError(
                "progress=True needs tqdm (pip install tqdm); or give a callable"
            ) from error
        with tqdm(total=100, bar_format="{desc}: {percentage:3.0f} %|{bar}| {elapsed}") as bar:
            yield _moves(bar)
    else:
        yield progress


def _moves(bar: Any) -> Tell:
    def tell(fraction: float, message: str) -> None:
        bar.set_description_str(message, refresh=False)
        bar.update(100 * fraction - bar.n)

    return tell


def part(progress: Tell | None, low: float, high: float) -> Tell | None:
    """The progress function of a part of the work."""
    if progress is None:
        return None
    return lambda fraction, message: progress(low + fraction * (high - low), message)
