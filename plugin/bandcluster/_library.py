"""Where the native library may be."""

from __future__ import annotations

import ctypes.util
import os
import sys
from pathlib import Path

from ._abi import ABI_VERSION
from .errors import LibraryUnavailable

ENVIRONMENT_VARIABLE = "BANDCLUSTER_LIBRARY"

_SONAME = f"libbandcluster.so.{ABI_VERSION}"

_HERE = Path(__file__).resolve().parent


def development_folder() -> Path:
    """Where Cargo puts what it builds, if this package is the one in the development tree."""
    return _HERE.parent.parent / "target" / "release"


def _file_names() -> tuple[str, ...]:
    if sys.platform == "win32":
        return ("bandcluster.dll", "libbandcluster.dll")
    if sys.platform == "darwin":
        return ("libbandcluster.dylib",)
    return ("libbandcluster.so",)


def find_library() -> str:
    """The native library that is used.

    It is looked for in this order: the environment variable ``BANDCLUSTER_LIBRARY`` (a file), beside this package,
    ``target/release`` of the development tree, the system's library path.

    Returns
    -------
    str
        Its path, or the name under which the system knows it.

    Raises
    ------
    LibraryUnavailable
        When it is in none of them.

    Examples
    --------
    >>> bandcluster.find_library()  # doctest: +ELLIPSIS
    '...bandcluster...'
    """
    chosen = os.environ.get(ENVIRONMENT_VARIABLE)
    if chosen:
        if not os.path.isfile(chosen):
            raise LibraryUnavailable(
                f"{ENVIRONMENT_VARIABLE} names {chosen}, which is not a file; correct the variable or unset it"
            )
        return os.path.abspath(chosen)
    for folder in (_HERE, development_folder()):
        for name in _file_names():
            if (folder / name).is_file():
                return str(folder / name)
    return _system_library()


def _system_library() -> str:
    found = ctypes.util.find_library("bandcluster")
    if found:
        return found
    if sys.platform.startswith("linux"):
        # find_library needs ldconfig or a compiler; the loader itself may know more, LD_LIBRARY_PATH for one.
        try:
            ctypes.CDLL(_SONAME)
            return _SONAME
        except OSError:
            pass
    raise LibraryUnavailable(
        f"the bandcluster library ({_file_names()[0]}) was not found beside {_HERE}, nor on the system's library path; "
        f"install it, or set {ENVIRONMENT_VARIABLE} to its full path"
    )
