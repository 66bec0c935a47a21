"""Jobs on raster files: what the command line does, without it."""

from __future__ import annotations

import ctypes
import json
import os
from collections.abc import Callable, Mapping

from . import _gdal, _native, errors


def check_job(request: Mapping[str, object]) -> None:
    """Check what :func:`run_job` would check before it opens a scene: the options, and the names of the outputs.

    Raises what :func:`run_job` would raise; nothing is written.
    """
    _native.call("check_job", _native.text("request", _json(request)))


def run_job(
    request: Mapping[str, object],
    *,
    threads: int = 0,
    progress: Callable[[float, str], object] | None = None,
) -> dict:
    """Run a job on raster files, and tell what was done.

    ``request["command"]`` is ``"cluster"``, ``"fit"``, ``"predict"``, ``"choose_k"``, ``"merge"``, ``"info"``,
    ``"open_product"`` or ``"stack"``; the other fields are the options of that command, with underscores
    (docs/job-request.schema.json)::

        run_job({"command": "cluster", "input": "scene.tif", "output": "map.tif", "n_clusters": 5})

    Files may be paths of any kind. A field that there is not, or whose value cannot be, raises
    :class:`InvalidArgument`, which names it, before any pixel is read. Outputs that exist are refused, unless
    ``overwrite`` is true. ``progress`` is called with a fraction and what is being done; where it returns False, the
    job ends with :class:`Cancelled`, and no file is left.

    The outcome is a dictionary (docs/job-outcome.schema.json). Its ``warnings`` are dictionaries, too: ``code``, values
    by their names, and ``message``.
    """
    text = _json(request)
    outcome = ctypes.c_void_p()
    with _native.running(threads, progress) as run:
        try:
            _call(text, run, outcome)
        except errors.InvalidArgument as refused:
            before, field, after = refused.parts
            if field == "overwrite":
                # As Python writes what JSON writes true.
                refused.parts = (before, field, after.replace("=true", "=True"))
                refused.args = ("".join(refused.parts),)
            raise
    try:
        return json.loads(ctypes.string_at(outcome))
    finally:
        _native.ask("text_free", outcome)


def _call(text: str, run, outcome: ctypes.c_void_p) -> None:
    arguments = _native.text("request", text), run, ctypes.byref(outcome)
    try:
        _native.call("run_job", *arguments)
    except errors.IOFailure:
        # Only where there is no GDAL: a process has one.
        if _native.ask("gdal_path") is not None or not _gdal.load_rasterios():
            raise
        _native.call("run_job", *arguments)


def _json(request: Mapping[str, object]) -> str:
    try:
        return json.dumps(dict(request), default=_plain, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise errors.InvalidArgument(f"the request does not become JSON: {error}") from error


def _plain(value):
    """What JSON has no type for: numbers and arrays of NumPy, ranges and the like, paths."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, (range, set, frozenset)):
        return list(value)
    return os.fsdecode(value)
