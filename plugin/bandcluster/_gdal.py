"""Finds the GDAL of a Python environment, in rasterio's wheel or in conda.

The system does not find it there.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "BANDCLUSTER_GDAL"

# The folders of the libraries in rasterio's wheel, beside its package.
_WHEELS_FOLDER = "rasterio.libs"

# The same names as in src/gdal/modules.rs: libgdal.so.36, libgdal-3c6b5a21.so.36.3.10.3,
# libgdal.36.dylib, gdal310.dll.
_LIBRARY = re.compile(
    r"libgdal([-.\d][\w.-]*)?\.(so[.\d]*|dylib|dll)|gdal([-.\d][\w.-]*)?\.dll", re.IGNORECASE
)


def environment() -> dict[str, str]:
    """The environment variables with which a program finds this environment's GDAL.

    Empty if there is none. Variables that the user has set are not changed.
    """
    if os.environ.get(VARIABLE):
        return {}
    package = _rasterio()
    library = next(_libraries(package), None)
    if library is None:
        return {}
    found = {VARIABLE: str(library)}
    if package is not None:
        data = {"GDAL_DATA": "gdal_data", "PROJ_DATA": "proj_data", "PROJ_LIB": "proj_data"}
        found |= {
            name: str(package / folder)
            for name, folder in data.items()
            if (package / folder).is_dir()
        }
    found = {name: value for name, value in found.items() if not os.environ.get(name)}
    if library.parent.name == _WHEELS_FOLDER:
        # The libraries of a wheel do not say where the libraries that they need are; only
        # rasterio's own modules do.
        searched = (os.environ.get("LD_LIBRARY_PATH"), str(library.parent))
        found["LD_LIBRARY_PATH"] = ":".join(filter(None, searched))
    return found


def load_rasterios() -> bool:
    """Load rasterio, with its GDAL, into this process; False if it is not installed."""
    try:
        import rasterio
    except ImportError:
        return False
    with rasterio.Env():  # tells GDAL and PROJ the folders of their data
        return True


def _rasterio() -> Path | None:
    """The folder of rasterio, found without importing it."""
    found = importlib.util.find_spec("rasterio")
    return Path(found.origin).parent if found and found.origin else None


def _libraries(package: Path | None) -> Iterator[Path]:
    """The libraries of GDAL in rasterio's wheel, then those of a conda environment.

    A wheel is for Linux and Windows or for macOS.
    """
    inside = (
        ()
        if package is None
        else (package.parent / _WHEELS_FOLDER, package / ".libs", package / ".dylibs")
    )
    for folder in (*inside, Path(sys.prefix, "lib"), Path(sys.prefix, "Library", "bin")):
        if folder.is_dir():
            yield from sorted(file for file in folder.iterdir() if _LIBRARY.fullmatch(file.name))
