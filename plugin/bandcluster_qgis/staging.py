"""Outputs appear when they are complete, and not before."""

import contextlib
import os
import uuid

# What GDAL keeps beside a raster. An old one would be wrong for the new file, so it goes with the old file.
_SIDECARS = (".aux.xml", ".ovr", ".msk")


@contextlib.contextmanager
def staged(target):
    """A path beside ``target`` to write to; renamed to it on success, gone on failure. None for None."""
    if target is None:
        yield None
        return
    with temporary(target) as partial:
        yield partial
        _replace(partial, target)


@contextlib.contextmanager
def staged_map(target):
    """As :func:`staged`, for a class raster, with the legend that belongs beside it."""
    legend = None
    try:
        with staged(target) as partial:
            legend = partial and legend_path(partial)
            yield partial
        if legend:
            os.replace(legend, legend_path(target))
    finally:
        if legend:
            _remove(legend)


@contextlib.contextmanager
def temporary(target):
    """A path beside ``target`` to write to; gone in the end, with what GDAL keeps beside it."""
    partial = _beside(target)
    try:
        yield partial
    finally:
        for suffix in ("", *_SIDECARS):
            _remove(partial + suffix)


def legend_path(path):
    """The file beside a class raster in which QGIS looks for its style."""
    return os.path.splitext(path)[0] + ".qml"


def _beside(target):
    folder, name = os.path.split(target)
    return os.path.join(folder, f".{uuid.uuid4().hex[:12]}.part{os.path.splitext(name)[1]}")


def _replace(partial, target):
    for suffix in _SIDECARS:
        _remove(target + suffix)
    os.replace(partial, target)
    for suffix in _SIDECARS:
        if os.path.exists(partial + suffix):
            os.replace(partial + suffix, target + suffix)


def _remove(path):
    with contextlib.suppress(FileNotFoundError):
        os.remove(path)
