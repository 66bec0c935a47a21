"""An area of interest: polygons that say which pixels to use. A pixel is inside when its centre is."""

import struct
from dataclasses import dataclass

import numpy as np
from osgeo import gdal, ogr, osr

from .gdal_calls import RasterError, checked
from .translation import tr

# Sides that are straight in one reference system are curves in another: they are cut into pieces, so many for the
# length of the scene.
_PIECES = 100


@dataclass(frozen=True)
class Area:
    """Polygons as a layer has them. Only bytes and text, so that it may cross from one thread to another."""

    title: str
    polygons: tuple  # well-known binary
    system: str  # the reference system as WKT; empty: the scene's

    def over(self, dataset, title) -> "PlacedArea":
        """The area in pixels of a raster, whose handle it uses now and not later."""
        return PlacedArea(_Place(self, dataset, title).pixel_polygons(self.polygons))


class PlacedArea:
    """Polygons in pixels of a scene (columns and rows from its upper left corner), for one thread.

    They are burnt into one window at a time: nothing of the size of the scene is made.
    """

    def __init__(self, polygons):
        driver = ogr.GetDriverByName("Memory") or ogr.GetDriverByName("MEM")  # one until GDAL 3.10, the other since
        self._source = (
            driver.CreateDataSource("") if hasattr(driver, "CreateDataSource") else driver.Create("", 0, 0, 0)
        )
        self._layer = self._source.CreateLayer("area", None, ogr.wkbPolygon)
        for polygon in polygons:
            feature = ogr.Feature(self._layer.GetLayerDefn())
            feature.SetGeometryDirectly(polygon)
            self._layer.CreateFeature(feature)
        self.is_empty = self._layer.GetFeatureCount() == 0

    def inside(self, window) -> np.ndarray:
        """Which pixels (height, width) of a window are inside."""
        shape = (window.height, window.width)
        self._layer.SetSpatialFilterRect(window.x, window.y, window.x + window.width, window.y + window.height)
        if self._layer.GetFeatureCount() == 0:
            return np.zeros(shape, bool)
        burnt = gdal.GetDriverByName("MEM").Create("", window.width, window.height, 1, gdal.GDT_Byte)
        # Whole numbers are taken off exactly: a pixel is inside or not whatever the window.
        burnt.SetGeoTransform((window.x, 1, 0, window.y, 0, 1))
        checked(
            tr("an area of interest cannot be drawn"), gdal.RasterizeLayer, burnt, [1], self._layer, burn_values=[1]
        )
        raw = burnt.GetRasterBand(1).ReadRaster(0, 0, window.width, window.height, buf_type=gdal.GDT_Byte)
        return np.frombuffer(raw, np.uint8).reshape(shape) != 0


class _Place:
    """How to get from an area's coordinates to those of a raster, and to its pixels."""

    def __init__(self, area, dataset, title):
        transform = dataset.GetGeoTransform(can_return_null=True)
        inverse = transform and gdal.InvGeoTransform(transform)
        if not inverse:
            raise RasterError(
                tr("{scene} does not say where it lies, so {area} cannot be laid over it; give a mask instead").format(
                    scene=title, area=area.title
                )
            )
        self._area, self._inverse = area, inverse
        self._size = dataset.RasterXSize, dataset.RasterYSize
        self._transform = self._bounds = None
        ours, theirs = dataset.GetSpatialRef(), area.system and osr.SpatialReference(area.system)
        if ours and theirs:
            ours = ours.Clone()
            for system in (ours, theirs):
                system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
            if not ours.IsSame(theirs):
                self._transform = osr.CoordinateTransformation(theirs, ours)
                self._bounds = _bounds(osr.CoordinateTransformation(ours, theirs), _extent(transform, self._size))

    def pixel_polygons(self, polygons) -> list:
        """The polygons that touch the raster, in pixels."""
        found = []
        for wkb in polygons:
            geometry = self._bring(ogr.CreateGeometryFromWkb(wkb).GetLinearGeometry())
            found += [self._in_pixels(polygon) for polygon in _polygons(geometry)]
        width, height = self._size
        return [polygon for polygon in found if _touches(polygon.GetEnvelope(), (0, width, 0, height))]

    def _bring(self, geometry):
        """A geometry in the raster's coordinates; of one that reaches far beyond it only what is near, for far away
        there may be no coordinates."""
        if self._transform is None:
            return geometry
        if self._bounds is not None:
            left, right, bottom, top = self._bounds
            extent = geometry.GetEnvelope()
            if not _touches(extent, self._bounds):
                return None
            if extent[0] < left or extent[1] > right or extent[2] < bottom or extent[3] > top:
                geometry = self._cut(geometry)
            geometry.Segmentize(max(right - left, top - bottom) / _PIECES)
        what = tr("{} cannot be brought to the scene's reference system").format(self._area.title)
        checked(what, geometry.Transform, self._transform)
        return geometry

    def _cut(self, geometry):
        left, right, bottom, top = self._bounds
        frame = ogr.CreateGeometryFromWkb(
            _wkb([np.array([(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)])])
        )
        try:
            return checked("", geometry.Intersection, frame)
        except RasterError:
            what = tr("{}: a polygon crosses itself; mend it first (Fix geometries)").format(self._area.title)
            return checked(what, checked(what, geometry.MakeValid).Intersection, frame)

    def _in_pixels(self, polygon):
        x0, x_column, x_row, y0, y_column, y_row = self._inverse
        rings = []
        for index in range(polygon.GetGeometryCount()):
            x, y = np.array(polygon.GetGeometryRef(index).GetPoints())[:, :2].T
            rings.append(np.column_stack([x0 + x * x_column + y * x_row, y0 + x * y_column + y * y_row]))
        return ogr.CreateGeometryFromWkb(_wkb(rings))


def _polygons(geometry):
    """The polygons that a geometry consists of."""
    if geometry is None or geometry.IsEmpty():
        return
    if ogr.GT_Flatten(geometry.GetGeometryType()) == ogr.wkbPolygon:
        yield geometry
        return
    for index in range(geometry.GetGeometryCount()):
        part = geometry.GetGeometryRef(index)
        if part.GetGeometryCount():  # not a line or a point
            yield from _polygons(part)


def _wkb(rings) -> bytes:
    """A polygon of rings, arrays (points, 2), as well-known binary."""
    parts = [struct.pack("<I", len(ring)) + np.ascontiguousarray(ring, "<f8").tobytes() for ring in rings]
    return struct.pack("<BII", 1, ogr.wkbPolygon, len(rings)) + b"".join(parts)


def _touches(extent, other) -> bool:
    """Whether two rectangles (least and largest x, least and largest y) share any ground."""
    return extent[0] < other[1] and extent[1] > other[0] and extent[2] < other[3] and extent[3] > other[2]


def _extent(transform, size):
    """Least x, least y, largest x and largest y of a raster."""
    corners = [gdal.ApplyGeoTransform(transform, x, y) for x in (0, size[0]) for y in (0, size[1])]
    columns, rows = zip(*corners)
    return min(columns), min(rows), max(columns), max(rows)


def _bounds(transform, extent):
    """The extent, with a margin, in other coordinates (least and largest x, least and largest y); None where it cannot
    be told."""
    try:
        left, bottom, right, top = transform.TransformBounds(*extent, 21)
    except (RuntimeError, TypeError, AttributeError):  # AttributeError: GDAL before 3.4
        return None
    if not (np.isfinite([left, bottom, right, top]).all() and left < right and bottom < top):
        return None
    x, y = (right - left) / 20, (top - bottom) / 20
    return left - x, right + x, bottom - y, top + y
