"""The GDAL of a Python environment, which the system does not find: rasterio's wheel brings one,
and so does conda.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "BANDCLUSTER_GDAL"

# Of the libraries in rasterio's wheel, beside its package.
_WHEELS_FOLDER = "rasterio.libs"

# As src/gdal/modules.rs knows it: libgdal.so.36, libgdal-3c6b5a21.so.36.3.10.3, libgdal.36.dylib,
# gdal310.dll.
_LIBRARY = re.compile(
    r"libgdal([-.\d][\w.-]*)?\.(so[.\d]*|dylib|dll)|gdal([-.\d][\w.-]*)?\.dll", re.IGNORECASE
)


def environment() -> dict[str, str]:
    """What a program's environment needs in order to find this environment's GDAL, if there is one;
    else nothing.

    What the user has set stays.
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
        # The libraries of a wheel do not tell where those that they need are; only rasterio's own
        # modules do.
        searched = (os.environ.get("LD_LIBRARY_PATH"), str(library.parent))
        found["LD_LIBRARY_PATH"] = ":".join(filter(None, searched))
    return found


def load_rasterios() -> bool:
    """Load rasterio, with its GDAL, into this process; False where it is not installed."""
    try:
        import rasterio
    except ImportError:
        return False
    with rasterio.Env():  # tells GDAL and PROJ where their data are
        return True


def _rasterio() -> Path | None:
    """The folder of rasterio, which is not imported for this."""
    found = importlib.util.find_spec("rasterio")
    return Path(found.origin).parent if found and found.origin else None


def _libraries(package: Path | None) -> Iterator[Path]:
    """The libraries of GDAL in rasterio's wheel (of Linux and Windows, of macOS), then those of a
    conda environment.
    """
    inside = (
        ()
        if package is None
        else (package.parent / _WHEELS_FOLDER, package / ".libs", package / ".dylibs")
    )
    for folder in (*inside, Path(sys.prefix, "lib"), Path(sys.prefix, "Library", "bin")):
        if folder.is_dir():
            yield from sorted(file for file in folder.iterdir() if _LIBRARY.fullmatch(file.name))
