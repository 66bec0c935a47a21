"""Jobs on raster files, as on the command line."""

from __future__ import annotations

import ctypes
import json
import os
from collections.abc import Mapping
from typing import Any

from . import _gdal, _native, errors
from ._types import Progress


def check_job(request: Mapping[str, object]) -> None:
    """Check a request as `run_job` does before it opens a scene.

    The options and the names of the outputs are checked.

    Nothing is written.

    Parameters
    ----------
    request : dict
        As `run_job` takes it.

    Raises
    ------
    InvalidArgument, IOFailure
        What `run_job` would raise.

    Examples
    --------
    >>> request = {"command": "cluster", "input": "scene.tif", "output": "map.tif", "n_clusters": 0}
    >>> bandcluster.check_job(request)
    Traceback (most recent call last):
    bandcluster.errors.InvalidArgument: n_clusters is 0: give a number from 1 to 65535
    """
    _native.call("check_job", _native.text("request", request_json(request)))


def run_job(
    request: Mapping[str, object],
    *,
    threads: int = 0,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Run a job on raster files, and return its outcome.

    Parameters
    ----------
    request : dict
        ``request["command"]`` is ``"cluster"``, ``"fit"``, ``"predict"``, ``"choose_k"``,
        ``"merge"``, ``"info"``, ``"open_product"`` or ``"stack"``; the other fields are the options
        of that command, with underscores (docs/job-request.schema.json). Files may be paths of any
        kind. Outputs that exist are refused, unless ``overwrite`` is true.
    threads, progress
        As `cluster_file` takes them.

    Returns
    -------
    dict
        The outcome (docs/job-outcome.schema.json). Its ``warnings`` are dictionaries, too:
        ``code``, values by their names, and ``message``.

    Raises
    ------
    InvalidArgument
        For an unknown field or an invalid value, which the message names, before any pixel is read.
    IOFailure
        For a file that cannot be read or written, or if GDAL is not found.
    Cancelled
        When ``progress`` returned False. No file is left.

    Examples
    --------
    >>> request = {
    ...     "command": "cluster", "input": "scene.tif", "output": "map.tif",
    ...     "n_clusters": 3, "overwrite": True,
    ... }
    >>> outcome = bandcluster.run_job(request)
    >>> outcome["classes"][0]["name"]
    'class 1'
    """
    text = request_json(request)
    outcome = ctypes.c_void_p()
    with _native.running(threads, progress) as run:
        try:
            call_with_gdal("run_job", _native.text("request", text), run, ctypes.byref(outcome))
        except errors.InvalidArgument as refused:
            before, field, after = refused.parts
            if field == "overwrite":
                # Python writes True for JSON's true.
                refused.parts = (before, field, after.replace("=true", "=True"))
                refused.args = ("".join(refused.parts),)
            raise
    return json.loads(taken_text(outcome))


def taken_text(text: ctypes.c_void_p) -> bytes:
    """A text that the library returned; its memory is freed."""
    try:
        return ctypes.string_at(text)
    finally:
        _native.ask("text_free", text)


def call_with_gdal(name: str, *arguments: object) -> None:
    """Call a function that needs GDAL; if there is no other GDAL, rasterio's is loaded."""
    try:
        _native.call(name, *arguments)
    except errors.IOFailure:
        # Only if there is no GDAL: a process must not load two.
        if _native.ask("gdal_path") is not None or not _gdal.load_rasterios():
            raise
        _native.call(name, *arguments)


def request_json(request: Mapping[str, object]) -> str:
    try:
        return json.dumps(dict(request), default=_plain, allow_nan=False)
    except TypeError as error:
        raise errors.InvalidArgument(str(error)) from error
    except ValueError as error:
        raise errors.InvalidArgument(
            f"a number of the request is NaN or infinite ({error}): leave it out; NaN is nodata in"
            " any case, and with nodata='none' nothing else is"
        ) from error


def _plain(value: Any) -> Any:
    """Converts types that JSON does not have: NumPy's numbers and arrays, ranges, paths."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, (range, set, frozenset)):
        return list(value)
    try:
        return os.fsdecode(value)
    except TypeError:
        kind = type(value).__name__
        raise TypeError(
            f"the request has a value of type {kind}: give numbers, texts, lists or paths; of"
            " models and images, paths of files"
        ) from None
