"""Writing class rasters: tiled, compressed GeoTIFF with colours and class names."""

import numpy as np
from osgeo import gdal

from .gdal_calls import checked

# Level 6, which is GDAL's default, takes three times as long as 4, and saves a tenth of the size.
_OPTIONS = ["TILED=YES", "COMPRESS=DEFLATE", "ZLEVEL=4", "BIGTIFF=IF_SAFER", "NUM_THREADS=ALL_CPUS"]


class LabelWriter:
    """A new class raster in the place of a scene (0 is nodata, then the classes of a model), and one of confidence.

    ``paths`` are those of the two; the second may be None. To be used as a context manager: leaving it writes
    everything out, or says why that failed.
    """

    def __init__(self, paths, scene, model):
        labels, confidence = paths
        gdal_type = gdal.GDT_Byte if model.label_dtype.itemsize == 1 else gdal.GDT_UInt16
        self._labels = _File(labels, scene, gdal_type)
        # Before any pixel: a colour table set later would not fit into the open file.
        _style(self._labels.dataset, model)
        self._confidence = _File(confidence, scene, gdal.GDT_Float32, "PREDICTOR=3") if confidence else None
        if self._confidence:
            band = self._confidence.dataset.GetRasterBand(1)
            band.SetDescription("confidence")
            band.SetNoDataValue(float("nan"))

    def room_for_confidence(self, window):
        """An array for the confidence of a window's labels; None where it is not wanted."""
        _x, _y, width, height = window
        return np.empty((height, width), np.float32) if self._confidence else None

    def write(self, window, labels, confidence):
        self._labels.write(window, labels)
        if self._confidence:
            self._confidence.write(window, confidence)

    def __enter__(self):
        return self

    def __exit__(self, failure, *_details):
        for file in filter(None, (self._labels, self._confidence)):
            file.close(check=failure is None)


class _File:
    """A raster of one band in the place of a scene."""

    def __init__(self, path, scene, gdal_type, *options):
        self._what = f"{path} cannot be written; check the folder and the space left on the disk"
        create = gdal.GetDriverByName("GTiff").Create
        size = (scene.width, scene.height)
        self.dataset = checked(self._what, create, path, *size, 1, gdal_type, [*_OPTIONS, *options])
        _copy_georeference(scene.georeference, self.dataset)

    def write(self, window, values):
        checked(self._what, self.dataset.GetRasterBand(1).WriteRaster, *window, values.tobytes())

    def close(self, check):
        if check:
            checked(self._what, self._flush)
        self.dataset = None

    def _flush(self):
        self.dataset.FlushCache()
        self.dataset = None
        return gdal.GetLastErrorType()


def restyle(path, model):
    """Give a finished class raster the colours and names that the classes of the model have now."""
    what = f"{path} cannot be given its colours; check the folder and the space left on the disk"
    dataset = checked(what, gdal.Open, path, gdal.GA_Update)
    _style(dataset, model)
    dataset.FlushCache()


def _style(dataset, model):
    band = dataset.GetRasterBand(1)
    band.SetNoDataValue(0)
    band.SetColorTable(_color_table(model))
    band.SetCategoryNames(["nodata", *(name for _value, name, _color in model.legend)])


def _copy_georeference(source, target):
    transform = source.GetGeoTransform(can_return_null=True)
    if transform:
        target.SetGeoTransform(transform)
    elif source.GetGCPCount():
        target.SetGCPs(source.GetGCPs(), source.GetGCPSpatialRef())
    if source.GetSpatialRef():
        target.SetSpatialRef(source.GetSpatialRef())


def _color_table(model):
    table = gdal.ColorTable()
    table.SetColorEntry(0, (0, 0, 0, 0))
    for value, _name, color in model.legend:
        table.SetColorEntry(value, (*bytes.fromhex(color[1:]), 255))
    return table
