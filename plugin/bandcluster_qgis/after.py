"""What is done with a class raster once its labels are there: filters, a table of the classes, polygons."""

from dataclasses import dataclass

import numpy as np
from osgeo import gdal

from .binding import bandcluster
from .gdal_calls import RasterError, checked, flush
from .label_writer import LabelWriter, describe
from .staging import staged, temporary
from .translation import tr
from .windows import Window

_ROWS = 512  # read at one go


@dataclass(frozen=True)
class After:
    """What the user asked for; 0: no such filter."""

    majority: int = 0
    sieve: int = 0

    @property
    def filters(self) -> bool:
        return bool(self.majority or self.sieve)


def finish_map(path, model, after, tally, album, progress, renumbering=None, measure=None):
    """Filter a class raster and describe its classes; returns what there is of each in the end.

    ``renumbering`` is the value that each label from 0 is to have, where these are others than those written. ``album``
    gets the labels that were changed. ``measure`` is asked, with the path and a progress, for the means of the finished
    map's labels (None: the model's are theirs).
    """
    written = tally
    if renumbering is not None:
        tally = _replaced(path, _renumber, model, renumbering, progress.span(0, 0.1))
    if after.majority:
        progress.say(tr("Filtering: each pixel takes the most frequent class around it"))
        tally = _replaced(path, _smooth, model, after.majority, progress.span(0.1, 0.5))
    if after.sieve:
        progress.say(tr("Sieving: small patches take the class of their largest neighbour"))
        tally = _replaced(path, _sieve, model, after.sieve, progress.span(0.5, 0.8))
    tally.means = measure(path, progress.span(0.8, 1)) if measure else None
    describe(path, model, tally)
    if tally is not written:
        for y, labels in _strips(_open(path)):
            album.relabel(y, labels)
    return tally


def labels_of(path):
    """What reads the labels of a window of a class raster that is there."""
    dataset = _open(path)
    return lambda window: _labels(dataset, *window)


def _replaced(path, make, *arguments):
    """Put what ``make`` writes from a raster, to a new path, in its place."""
    with staged(path) as new:
        return make(_open(path), new, *arguments)


def _renumber(source, new, model, values, progress):
    return _copy(source, source, new, model, progress, values.astype(model.label_dtype))


def _smooth(source, new, model, window, progress):
    width, height, reach = source.RasterXSize, source.RasterYSize, window // 2
    with LabelWriter((new, None), source, model) as writer:
        for y in range(0, height, _ROWS):
            rows = min(_ROWS, height - y)
            first, end = max(y - reach, 0), min(y + rows + reach, height)
            labels = _rows(source, first, end - first)
            part = progress.span(y / height, (y + rows) / height)
            labels = bandcluster.majority(labels, window, rows=(y - first, y - first + rows), progress=part)
            writer.write(Window(0, y, width, rows), labels)
    return writer.tally


def _sieve(source, new, model, size, progress):
    """GDAL writes row by row: to a plain file, for rows of a tiled, compressed one would be compressed again."""
    band = source.GetRasterBand(1)
    what = tr("{} cannot be written; check the folder and the space left on the disk").format(new)
    create = gdal.GetDriverByName("GTiff").Create
    with temporary(new) as path:
        plain = checked(what, create, path, source.RasterXSize, source.RasterYSize, 1, band.DataType)
        target, part = plain.GetRasterBand(1), progress.span(0, 0.7)
        try:
            checked(what, gdal.SieveFilter, band, band.GetMaskBand(), target, size, 4, callback=part)
        except RasterError:
            progress.check()  # a cancel, too, makes GDAL fail
            raise
        flush(what, plain)
        tally = _copy(plain, source, new, model, progress.span(0.7, 1))
        target = plain = None  # closed before it is deleted
    return tally


def _copy(labels, place, new, model, progress, values=None):
    """Write the labels of a raster as a class raster in the place of another; ``values``: of each label, if new."""
    width, height = labels.RasterXSize, labels.RasterYSize
    with LabelWriter((new, None), place, model) as writer:
        for y, strip in _strips(labels):
            progress.check()
            rows = len(strip)
            writer.write(Window(0, y, width, rows), strip if values is None else values[strip])
            progress((y + rows) / height)
    return writer.tally


def _strips(dataset):
    """Labels of whole rows, from the top, with the number of the first row."""
    for y in range(0, dataset.RasterYSize, _ROWS):
        yield y, _rows(dataset, y, min(_ROWS, dataset.RasterYSize - y))


def _rows(dataset, first, count):
    """Labels of whole rows."""
    return _labels(dataset, 0, first, dataset.RasterXSize, count)


def _labels(dataset, x, y, width, height):
    what = tr("{} cannot be read again").format(dataset.GetDescription())
    raw = checked(what, dataset.GetRasterBand(1).ReadRaster, x, y, width, height)
    dtype = np.uint8 if dataset.GetRasterBand(1).DataType == gdal.GDT_Byte else np.uint16
    return np.frombuffer(raw, dtype).reshape(height, width)


def _open(path):
    return checked(tr("{} cannot be read again").format(path), gdal.Open, path)
