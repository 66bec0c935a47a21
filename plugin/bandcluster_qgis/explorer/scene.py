"""The pixels of a raster layer, read as QGIS reads them to draw.

They come at the screen's resolution, from overviews if there are any.
"""

import math
from contextlib import contextmanager
from queue import LifoQueue

import numpy as np
from qgis.core import Qgis, QgsDistanceArea, QgsProject, QgsRaster, QgsRectangle, QgsUnitTypes

from ..failures import Refused
from ..layers.nodata import nodata_of
from ..layers.rasters import raster_of
from ..translation import tr
from .geometry import Box, Grid

_BLOCK = 256  # side of a block of pixels if the file does not say
_READERS = 2  # threads that read a scene at once: one for the map, one for the summary

_TYPES = {
    getattr(Qgis.DataType, name): np.dtype(kind)
    for name, kind in (
        ("Byte", "u1"),
        ("Int8", "i1"),  # from QGIS 3.30
        ("UInt16", "u2"),
        ("Int16", "i2"),
        ("UInt32", "u4"),
        ("Int32", "i4"),
        ("Float32", "f4"),
        ("Float64", "f8"),
    )
    if hasattr(Qgis.DataType, name)
}


class Scene:
    """A copy of a layer's present state.

    It is made in the main thread. Then any thread may read it, even after the layer is removed.
    `bands` are numbers; empty means all bands except alpha bands.
    """

    def __init__(self, layer, bands=()):
        raster = raster_of(layer)
        self.source, self.title, self.layer_id = raster.name, layer.name(), layer.id()
        self.crs, self.user_nodata = layer.crs(), tuple(nodata_of([raster]) or ())
        # The last one used is the first one taken: it has blocks in its cache.
        self._providers = LifoQueue()
        for provider in [layer.dataProvider().clone() for _reader in range(_READERS)]:
            self._providers.put(provider)
        # The library uses the file's own, whatever the layer is set to.
        self.file_crs = provider.crs() if provider.crs().isValid() else self.crs
        alphas = alpha_bands(provider)
        self.bands = tuple(bands) or measured_bands(provider)
        self._alpha = next((band for band in alphas if band not in self.bands), None)
        types = [_TYPES.get(provider.sourceDataType(band)) for band in self.bands]
        if None in types or not types:
            raise Refused(
                tr("the layer {} has no bands of real numbers; choose another layer").format(
                    self.title
                )
            )
        self.dtype = _common(types)  # QGIS reports another for bands with a scale: `store_as`
        self.nodata = self._nodata(provider)
        extent = provider.extent()
        box = Box(extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum())
        if not (provider.xSize() > 0 and provider.ySize() > 0 and box.width > 0 and box.height > 0):
            raise Refused(tr("the layer {} has no pixels; choose another layer").format(self.title))
        block = provider.xBlockSize() or _BLOCK, provider.yBlockSize() or _BLOCK
        self.grid = Grid(box, provider.xSize(), provider.ySize(), block)
        self.has_overviews = any(pyramid_exists(pyramid) for pyramid in provider.buildPyramidList())
        self.pixel_area = _pixel_area(self.crs, self.grid)

    def store_as(self, dtype) -> None:
        """Takes the sample type from the library, which knows it if it opened the file."""
        self.dtype = np.dtype(dtype)

    def read(self, window, feedback=None) -> "tuple[list, np.ndarray | None] | None":
        """The bands of a window, and the mask of its alpha band (None: all pixels).

        None if cancelled.
        """
        with self._provider() as provider:
            bands = [self._read_band(provider, band, window, feedback) for band in self.bands]
            alpha = (
                None
                if self._alpha is None
                else self._block(provider, self._alpha, window, feedback)
            )
        if feedback is not None and feedback.isCanceled():
            return None
        return bands, None if alpha is None else alpha != 0

    def parts(self, window) -> list:
        """The parts in which a window is read; one part if that takes no time."""
        return self.grid.parts(window) if not self.has_overviews else [window.whole()]

    @contextmanager
    def _provider(self):
        """A provider that no other thread uses."""
        provider = self._providers.get()
        try:
            yield provider
        finally:
            self._providers.put(provider)

    def _read_band(self, provider, band, window, feedback):
        samples = self._block(provider, band, window, feedback)
        scale, offset = provider.bandScale(band), provider.bandOffset(band)
        if scale != 1 or offset != 0:
            # QGIS applies scale and offset; the library clusters the stored samples.
            stored = (samples.astype(np.float64) - offset) / (scale or 1)
            samples = stored if self.dtype.kind == "f" else np.rint(stored)
        return samples.astype(self.dtype, copy=False)

    def _block(self, provider, band, window, feedback):
        box = window.box
        extent = QgsRectangle(box.left, box.bottom, box.right, box.top)
        block = provider.block(band, extent, window.columns, window.rows, feedback)
        if feedback is not None and feedback.isCanceled():
            return np.zeros((window.rows, window.columns), self.dtype)
        if not block.isValid() or block.isEmpty():
            raise Refused(
                tr("the layer {} cannot be read: {}").format(self.title, block.error().summary())
            )
        samples = np.frombuffer(bytes(block.data()), _TYPES[block.dataType()])
        return samples.reshape(window.rows, window.columns)

    def _nodata(self, provider):
        """The nodata value of each band; None for a band without one."""
        if self.user_nodata:
            return list(self.user_nodata) * (len(self.bands) if len(self.user_nodata) == 1 else 1)
        return [
            (
                provider.sourceNoDataValue(band)
                if provider.sourceHasNoDataValue(band) and provider.useSourceNoDataValue(band)
                else None
            )
            for band in self.bands
        ]


def alpha_bands(provider) -> list:
    bands = range(1, provider.bandCount() + 1)
    return [
        band
        for band in bands
        if provider.colorInterpretation(band) == QgsRaster.ColorInterpretation.AlphaBand
    ]


def measured_bands(provider) -> tuple:
    """The bands except alpha bands, which the library uses if none are chosen."""
    alphas = set(alpha_bands(provider))
    every = range(1, provider.bandCount() + 1)
    return tuple(band for band in every if band not in alphas) or tuple(every)


def pyramid_exists(pyramid) -> bool:
    """Whether a pyramid exists: a member in QGIS 3.22, a method in later versions."""
    return pyramid.getExists() if hasattr(pyramid, "getExists") else pyramid.exists


def _common(kinds):
    """The smallest type that holds the samples of all bands."""
    common = np.result_type(*kinds)
    return common if common in _TYPES.values() else np.dtype("f8")


def _pixel_area(crs, grid):
    """The area of a pixel in the middle of the raster, in square metres.

    None if the units of the reference system are unknown.
    """
    if not crs.isValid():
        return None
    wide, high = grid.box.width / grid.columns, grid.box.height / grid.rows
    if not crs.isGeographic():
        metres = QgsUnitTypes.fromUnitToUnitFactor(
            crs.mapUnits(), QgsUnitTypes.DistanceUnit.DistanceMeters
        )
        area = wide * high * metres**2
        return area if math.isfinite(area) and area > 0 else None
    measure = QgsDistanceArea()
    measure.setSourceCrs(crs, QgsProject.instance().transformContext())
    measure.setEllipsoid(crs.ellipsoidAcronym() or "EPSG:7030")
    middle = (grid.box.bottom + grid.box.top) / 2
    return _geographic_area(measure, grid.box.left, middle, wide, high)


def _geographic_area(measure, left, bottom, wide, high):
    from qgis.core import QgsGeometry

    box = QgsGeometry.fromRect(QgsRectangle(left, bottom, left + wide, bottom + high))
    area = measure.measureArea(box)
    return area if math.isfinite(area) and area > 0 else None
