"""Loads the Python binding and its native library into QGIS.

In the ZIPs the binding lies inside this folder. In the development tree, or if it comes as a wheel,
it is a package of its own. The library lies beside the binding, or in a wheel that was fetched
(wheels.py).
"""

import atexit
import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from qgis.core import QgsApplication

from . import wheels

if find_spec(f"{__package__}.bandcluster"):
    from . import bandcluster
else:
    import bandcluster

__all__ = ["bandcluster", "ensure_loaded", "is_missing", "problem"]

_loaded = False


def problem() -> str:
    """Why the library cannot be used here; empty if it can be used."""
    try:
        ensure_loaded()
    except (bandcluster.BandclusterError, OSError) as error:
        return str(error)
    return ""


def is_missing() -> bool:
    """Whether the library is missing and can be fetched."""
    return wheels.are_listed() and bool(problem())


def ensure_loaded() -> None:
    """Load the library from a private copy.

    Updating a plugin overwrites its files. If one of them were mapped into this process, QGIS would
    crash.
    """
    global _loaded
    if not _loaded:
        bandcluster.load_library(_library())
        _loaded = True


def _library() -> str:
    """The file to load.

    It is the file that the environment variable names, the one in the fetched wheel, or the one
    beside the binding or in the system.
    """
    fetches = wheels.are_listed() and not os.environ.get("BANDCLUSTER_LIBRARY")
    try:
        fetched = wheels.library() if fetches else None
        if fetched:
            name, content = fetched
            return str(_written(content, Path(name).suffix))
        path = bandcluster.find_library()
    except wheels.NoLibrary as problem:
        raise bandcluster.LibraryUnavailable(str(problem)) from problem
    except bandcluster.LibraryUnavailable as problem:
        if not fetches:
            raise
        raise bandcluster.LibraryUnavailable(wheels.missing()) from problem
    return str(_private_copy(path)) if os.path.isfile(path) else path


def _private_copy(library: str) -> Path:
    """A copy of the library that no update and no other QGIS writes to."""
    return _written(Path(library).read_bytes(), Path(library).suffix)


def _written(content: bytes, suffix: str) -> Path:
    """A file with this content; its name has the content's hash and the process id."""
    name = f"{hashlib.sha256(content).hexdigest()[:32]}-{os.getpid()}{suffix}"
    folder = _folder()
    copy = folder / name
    if not copy.is_file():
        _remove_stale(folder)
        partial = copy.with_suffix(".part")
        partial.write_bytes(content)
        partial.replace(copy)
    return copy


def _folder() -> Path:
    """The folder of copies: in the user's profile, which no other user writes to.

    If there is no profile or it is read-only, a temporary folder.
    """
    profile = QgsApplication.qgisSettingsDirPath()
    if os.path.isabs(profile):
        folder = Path(profile) / "bandcluster" / "native"
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    folder = Path(tempfile.mkdtemp(prefix="bandcluster-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _remove_stale(folder: Path) -> None:
    for copy in folder.iterdir():
        if not _in_use(copy):
            with contextlib.suppress(OSError):  # on Windows another QGIS may still have it loaded
                copy.unlink()


def _in_use(copy: Path) -> bool:
    """Whether the process in the copy's name is alive.

    Not needed on Windows, which refuses to delete a loaded file.
    """
    if sys.platform == "win32":
        return False
    try:
        os.kill(int(copy.stem.rpartition("-")[2]), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        pass
    return True
