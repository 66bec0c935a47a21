"""The real scenes, as files and as arrays."""

from pathlib import Path

import numpy as np

try:
    from osgeo import gdal

    gdal.UseExceptions()
except ImportError:  # PyPI has no osgeo for Windows
    import rasterio

    gdal = None

PLUGIN = Path(__file__).resolve().parent.parent
ROOT = PLUGIN.parent
DATA = ROOT / "tests" / "data"


def read(name) -> np.ndarray:
    """All bands of a raster: (bands, height, width)."""
    if gdal:
        pixels = gdal.Open(str(DATA / name)).ReadAsArray()
    else:
        with rasterio.open(DATA / name) as file:
            pixels = file.read()
    return pixels if pixels.ndim == 3 else pixels[np.newaxis]


def cut(pixels, size=400):
    """A part from the middle, with some of everything in it; a view, not packed."""
    top, left = ((length - size) // 2 for length in pixels.shape[1:])
    return pixels[:, max(top, 0) :, max(left, 0) :][:, :size, :size]
