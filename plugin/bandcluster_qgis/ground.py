"""How large pixels are on the ground: the same rules as those of the command line."""

import math
from itertools import accumulate

import numpy as np
from osgeo import gdal, osr

from .binding import bandcluster

# Areas are added up as integers of this many to the square metre, so that sums do not depend on any order.
_UNITS = 10**12
_HECTARE = 10**4


class Ground:
    """The area of pixels: unknown, the same for all, or the same in each row."""

    def __init__(self, dataset):
        self._transform = dataset.GetGeoTransform(can_return_null=True)
        self._same, self.rows = None, None
        reference = dataset.GetSpatialRef()
        if self._transform and reference:
            self._same, self.rows = _areas(reference, self._transform, dataset.RasterXSize, dataset.RasterYSize)

    @property
    def known(self) -> bool:
        return self._same is not None or self.rows is not None

    def hectares(self, pixels, units) -> "float | None":
        """The area of so many pixels; ``units`` is the sum of their areas where it changes from row to row."""
        if self.rows is not None:
            return units / (_UNITS * _HECTARE)
        return None if self._same is None else pixels * self._same / _HECTARE

    def polygon_hectares(self, polygon) -> "float | None":
        """The area of a polygon whose corners are corners of pixels: exactly that of its pixels."""
        if not self.known:
            return None
        above = None if self.rows is None else [0, *accumulate(self.rows)]
        inverse = gdal.InvGeoTransform(self._transform)
        outer, *holes = (
            _twice(polygon.GetGeometryRef(ring).GetPoints(), inverse, above)
            for ring in range(polygon.GetGeometryCount())
        )
        area = (outer - sum(holes)) // 2
        return self.hectares(area, area)


def _twice(points, to_pixels, above) -> int:
    """Twice the area of a ring by the shoelace formula, in pixels, or in units where rows have areas of their own."""
    corners = []
    for x, y, *_height in points:
        column, row = gdal.ApplyGeoTransform(to_pixels, x, y)
        row = max(round(row), 0)
        corners.append((round(column), row if above is None else above[min(row, len(above) - 1)]))
    return abs(sum(a * d - c * b for (a, b), (c, d) in zip(corners, corners[1:])))


def _areas(reference, transform, width, height):
    """The area of all pixels in square metres, or None; the areas of those in each row in units, or None."""
    _left, step_x, shear, top, tilt, step_y = transform
    if reference.IsGeographic():
        # Latitudes of a rotated pole are not those of the ellipsoid.
        if tilt or reference.IsDerivedGeographic():
            return None, None
        unit = reference.GetAngularUnits()
        latitudes = (top + np.arange(height + 1) * step_y) * unit
        return None, _rows(reference, latitudes, abs(step_x) * unit)
    if not (reference.IsProjected() or reference.IsLocal()):
        return None, None
    if (reference.GetAttrValue("PROJECTION") or "").startswith(("Mercator", "Popular Visualisation")):
        return None, _mercator(reference, transform, width, height)
    area = abs(step_x * step_y - shear * tilt) * reference.GetLinearUnits() ** 2
    return (area if math.isfinite(area) and area > 0 else None), None


def _mercator(reference, transform, width, height):
    """Rows along parallels, columns equally wide in longitude; in the plane, areas grow towards the poles."""
    left, step_x, shear, top, tilt, step_y = transform
    if shear or tilt:
        return None
    reference, base = reference.Clone(), reference.CloneGeogCS()
    for system in (reference, base):
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    edges = [(left, top + row * step_y) for row in range(height + 1)]
    # The left edge from top to bottom, and the middle of the upper edge (half way round the earth at most).
    points = osr.CoordinateTransformation(reference, base).TransformPoints([*edges, (left + step_x * width / 2, top)])
    unit = base.GetAngularUnits()
    half = math.copysign(1, step_x) * (points[-1][0] - points[0][0]) % round(2 * math.pi / unit)
    return _rows(reference, np.array([point[1] for point in points[:-1]]) * unit, half * 2 / width * unit)


def _rows(reference, latitudes, width):
    if not np.isfinite(latitudes).all():
        return None
    areas = bandcluster.row_areas(reference.GetSemiMajor(), reference.GetSemiMinor(), latitudes, width)
    rows = [round(float(area) * _UNITS) for area in areas]
    return rows if any(rows) else None
