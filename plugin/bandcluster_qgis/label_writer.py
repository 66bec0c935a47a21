"""Writing class rasters: tiled, compressed GeoTIFF with colours and class names."""

import json
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from osgeo import gdal

from .gdal_calls import checked, flush
from .staging import legend_path
from .tally import Tally
from .translation import tr

# Level 6, which is GDAL's default, takes three times as long as 4, and saves a tenth of the size.
_OPTIONS = ["TILED=YES", "COMPRESS=DEFLATE", "ZLEVEL=4", "BIGTIFF=IF_SAFER", "NUM_THREADS=ALL_CPUS"]

_BEHIND = 2  # windows that may wait to be written while another is worked on


class LabelWriter:
    """A new class raster in the place of another (0 is nodata, then the classes of a model), and one of confidence.

    ``paths`` are those of the two; the second may be None. Another thread counts and writes while the caller works on
    the next window. To be used as a context manager: leaving it writes everything out, or says why that failed.
    ``tally`` then tells what was written.
    """

    def __init__(self, paths, place, model):
        labels, confidence = paths
        gdal_type = gdal.GDT_Byte if model.label_dtype.itemsize == 1 else gdal.GDT_UInt16
        self._labels = _File(labels, place, gdal_type)
        # Before any pixel: a colour table set later would not fit into the open file.
        _style(self._labels.dataset, model)
        self._confidence = _File(confidence, place, gdal.GDT_Float32, "PREDICTOR=3") if confidence else None
        if self._confidence:
            band = self._confidence.dataset.GetRasterBand(1)
            band.SetDescription("confidence")
            band.SetNoDataValue(float("nan"))
        self.tally = Tally(self._labels.dataset, model.n_labels)
        self._thread, self._writing = ThreadPoolExecutor(1, "bandcluster-write"), deque()

    def room_for_confidence(self, window):
        """An array for the confidence of a window's labels; None where it is not wanted."""
        _x, _y, width, height = window
        return np.empty((height, width), np.float32) if self._confidence else None

    def write(self, window, labels, confidence=None):
        """Have a window written; its arrays are the writer's from here on. Raises what was wrong with earlier ones."""
        self._writing.append(self._thread.submit(self._write, window, labels, confidence))
        self._await(_BEHIND)

    def _write(self, window, labels, confidence):
        self._labels.write(window, labels)
        self.tally.add(window, labels)
        if self._confidence:
            self._confidence.write(window, confidence)

    def _await(self, most):
        """Wait until at most so many windows are left to be written."""
        while len(self._writing) > most:
            self._writing.popleft().result()

    def __enter__(self):
        return self

    def __exit__(self, failure, *_details):
        try:
            if failure is None:
                self._await(0)
        except BaseException as problem:
            failure = problem
            raise
        finally:
            self._thread.shutdown(cancel_futures=True)
            self._close(failure)

    def _close(self, failure):
        for file in filter(None, (self._labels, self._confidence)):
            file.close(check=failure is None)


class _File:
    """A raster of one band in the place of another raster."""

    def __init__(self, path, place, gdal_type, *options):
        self._path = path
        self._what = tr("{} cannot be written; check the folder and the space left on the disk").format(path)
        create = gdal.GetDriverByName("GTiff").Create
        size = (place.RasterXSize, place.RasterYSize)
        self.dataset = checked(self._what, create, path, *size, 1, gdal_type, [*_OPTIONS, *options])
        _copy_georeference(place, self.dataset)

    def write(self, window, values):
        """Write values, and have them compressed at once: GDAL would wait until its cache is full, or the end."""
        band = self.dataset.GetRasterBand(1)
        checked(self._what, band.WriteRaster, *window, values.tobytes())
        flush(self._what, band)

    def close(self, check):
        if check:
            checked(self._what, self._flush)
            checked(self._what, _ends_with_its_blocks, self._path)
        self.dataset = None

    def _flush(self):
        self.dataset.FlushCache()
        self.dataset = None
        return gdal.GetLastErrorType()


def _ends_with_its_blocks(path):
    """None if the file of a raster is cut off: GDAL 3.10 does not tell when the disk was full."""
    dataset = gdal.Open(path)
    if dataset is None:
        return None
    band = dataset.GetRasterBand(1)
    width, height = band.GetBlockSize()
    size = os.path.getsize(path)
    for row in range(-(-band.YSize // height)):
        for column in range(-(-band.XSize // width)):
            place, length = (
                int(band.GetMetadataItem(f"BLOCK_{what}_{column}_{row}", "TIFF") or 0) for what in ("OFFSET", "SIZE")
            )
            if place + length > size:
                return None
    return True


def describe(path, model, tally):
    """Give a finished class raster the colours and names that the classes of the model have now, a table of them, and
    the legend that QGIS loads by itself.
    """
    what = tr("{} cannot be given its colours; check the folder and the space left on the disk").format(path)
    dataset = checked(what, gdal.Open, path, gdal.GA_Update)
    _style(dataset, model)
    flush(what, dataset)
    # Opened to be read, so that the table goes into the companion and leaves the pixels' file alone.
    dataset = checked(what, gdal.Open, path)
    checked(what, dataset.GetRasterBand(1).SetDefaultRAT, attribute_table(model, tally))
    flush(what, dataset)
    model.save_qml(legend_path(path), tally.counts)


def attribute_table(model, tally):
    """A row for each class, with the columns that the command line writes."""
    known = json.loads(model.to_json())
    values, names, colors = zip(*model.legend)
    rgb = [bytes.fromhex(color[1:]) for color in colors]
    columns = [
        ("Value", gdal.GFT_Integer, gdal.GFU_MinMax, values),
        ("Class", gdal.GFT_String, gdal.GFU_Name, map(printable, names)),
        ("Red", gdal.GFT_Integer, gdal.GFU_Red, [color[0] for color in rgb]),
        ("Green", gdal.GFT_Integer, gdal.GFU_Green, [color[1] for color in rgb]),
        ("Blue", gdal.GFT_Integer, gdal.GFU_Blue, [color[2] for color in rgb]),
        # Real numbers: there may be more pixels than 32 bits count.
        ("Pixels", gdal.GFT_Real, gdal.GFU_PixelCount, tally.counts[1:]),
    ]
    if None not in tally.hectares:
        columns.append(("Area_ha", gdal.GFT_Real, gdal.GFU_Generic, tally.hectares[1:]))
    for number, band in enumerate(known["bands"]):
        if tally.means is not None:
            means = tally.means[1:, number].tolist()
        else:
            # Unclassified pixels, which come last if there may be any, have no mean.
            means = [one["mean"][number] for one in known["classes"]]
            means += [float("nan")] * (len(values) - len(means))
        columns.append((f"Mean {printable(band['name'] or '')}", gdal.GFT_Real, gdal.GFU_Generic, means))
    table = gdal.RasterAttributeTable()
    if hasattr(table, "SetTableType"):
        table.SetTableType(gdal.GRTT_THEMATIC)
    table.SetRowCount(len(values))
    setters = {
        gdal.GFT_Integer: table.SetValueAsInt,
        gdal.GFT_Real: table.SetValueAsDouble,
        gdal.GFT_String: table.SetValueAsString,
    }
    for column, (name, kind, usage, values) in enumerate(columns):
        table.CreateColumn(name, kind, usage)
        for row, value in enumerate(values):
            setters[kind](row, column, value)
    return table


def printable(text) -> str:
    """The text without control characters, which XML cannot hold."""
    return "".join(letter if letter.isprintable() or letter == "\u3000" else " " for letter in text)


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
