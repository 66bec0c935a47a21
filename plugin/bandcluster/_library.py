"""Finds the native library."""

from __future__ import annotations

import ctypes.util
import hashlib
import os
import sys
from pathlib import Path

from ._abi import ABI_VERSION
from ._platform import FILE_NAMES, this_platform
from .errors import LibraryUnavailable

ENVIRONMENT_VARIABLE = "BANDCLUSTER_LIBRARY"

_SONAME = f"libbandcluster.so.{ABI_VERSION}"

_HERE = Path(__file__).resolve().parent

# In the QGIS plugin: PLATFORM/FILE for several platforms, and their checksums
# (plugin/build_zip.py).
NATIVE = _HERE / "native"
CHECKSUMS = "SHA256SUMS"


def development_folder() -> Path:
    """Cargo's output folder, if this package is the one in the development tree."""
    return _HERE.parent.parent / "target" / "release"


def _file_names() -> tuple[str, ...]:
    name = FILE_NAMES.get(this_platform().partition("-")[0], FILE_NAMES["linux"])
    # GNU's compilers for Windows name import libraries as on Linux.
    return (name, f"lib{name}") if sys.platform == "win32" else (name,)


def checksums() -> dict[str, tuple[Path, str]]:
    """The libraries of this package by platform: the file (it may be missing) and its SHA-256."""
    if not (NATIVE / CHECKSUMS).is_file():
        return {}
    lines = (NATIVE / CHECKSUMS).read_text(encoding="ascii").splitlines()
    # Lines as `sha256sum` writes them: HASH  PLATFORM/FILE
    pairs = (line.split(maxsplit=1) for line in lines)
    return {name.partition("/")[0]: (NATIVE / name, checksum) for checksum, name in pairs}


def find_library() -> str:
    """The path of the native library.

    It is looked for in this order: the file that the environment variable ``BANDCLUSTER_LIBRARY``
    names, this package, ``target/release`` of the development tree, the system's library path.

    Returns
    -------
    str
        Its path, or the name under which the system knows it.

    Raises
    ------
    LibraryUnavailable
        If it is in none of them, or the package's own library was changed.

    Examples
    --------
    >>> bandcluster.find_library()  # doctest: +ELLIPSIS
    '...bandcluster...'
    """
    chosen = os.environ.get(ENVIRONMENT_VARIABLE)
    if chosen:
        if not os.path.isfile(chosen):
            raise LibraryUnavailable(
                f"{ENVIRONMENT_VARIABLE} names {chosen}, which is not a file; correct the variable"
                " or unset it"
            )
        return os.path.abspath(chosen)
    for find in (_beside, _packaged, _developed, _installed):
        found = find()
        if found:
            return found
    raise LibraryUnavailable(
        f"the bandcluster library ({_file_names()[0]}) was not found in {_HERE}, nor on the"
        f" system's library path{_other_platforms()}; install it, or set {ENVIRONMENT_VARIABLE} to"
        " its full path"
    )


def _beside() -> str | None:
    return _in_folder(_HERE)


def _developed() -> str | None:
    return _in_folder(development_folder())


def _in_folder(folder: Path) -> str | None:
    return next((str(folder / name) for name in _file_names() if (folder / name).is_file()), None)


def _packaged() -> str | None:
    """The library for this platform in this package, if it has one."""
    file, wanted = checksums().get(this_platform(), (None, ""))
    if file is None or not file.is_file():
        return None
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != wanted:
        raise LibraryUnavailable(
            f"{file} is not the library that this package was built with (its SHA-256 is {found}"
            f" instead of {wanted}); install the package again, or set {ENVIRONMENT_VARIABLE} to a"
            " library that you trust"
        )
    return str(file)


def _installed() -> str | None:
    found = ctypes.util.find_library("bandcluster")
    if found or not sys.platform.startswith("linux"):
        return found
    # find_library needs ldconfig or a compiler; the loader also uses other paths, such as
    # LD_LIBRARY_PATH.
    try:
        ctypes.CDLL(_SONAME)
        return _SONAME
    except OSError:
        return None


def _other_platforms() -> str:
    """A note on the platforms of this package, if this platform is not among them."""
    names = [name for name, (file, _) in checksums().items() if file.is_file()]
    return (
        f" (this package has it for {', '.join(names)}; this is {this_platform()})" if names else ""
    )
