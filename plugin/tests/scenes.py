"""The real scenes, as files and as arrays."""

from pathlib import Path

import numpy as np

try:
    from osgeo import gdal, ogr, osr

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


def write_seeds(path) -> str:
    """Writes seeds in s2_train.tif as a GeoPackage: the field cover has their names.

    They are wood, a polygon around rows 50 to 69 and columns 100 to 129, and lagoon, a point in row
    600 and column 500.
    """
    left, side, _, top, _, _ = gdal.Open(str(DATA / "s2_train.tif")).GetGeoTransform()
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    system = osr.SpatialReference()
    system.ImportFromEPSG(32618)
    layer = source.CreateLayer("seeds", system, ogr.wkbUnknown)
    layer.CreateField(ogr.FieldDefn("cover", ogr.OFTString))
    x, y = left + 100 * side, top - 50 * side
    box = (
        f"POLYGON(({x} {y},{x + 30 * side} {y},{x + 30 * side} {y - 20 * side},{x}"
        f" {y - 20 * side},{x} {y}))"
    )
    point = f"POINT({left + 500.5 * side} {top - 600.5 * side})"
    for name, shape in (("wood", box), ("lagoon", point)):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField("cover", name)
        feature.SetGeometry(ogr.CreateGeometryFromWkt(shape))
        layer.CreateFeature(feature)
    return str(path)
