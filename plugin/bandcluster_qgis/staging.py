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
    partial = _beside(target)
    try:
        yield partial
        _replace(partial, target)
    finally:
        for suffix in ("", *_SIDECARS):
            _remove(partial + suffix)


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
