"""Writing class rasters: tiled, compressed GeoTIFF with colours and class names."""

import json

from osgeo import gdal

from .gdal_calls import checked
from .staging import legend_path
from .tally import Tally

# Level 6, which is GDAL's default, takes three times as long as 4, and saves a tenth of the size.
_OPTIONS = ["TILED=YES", "COMPRESS=DEFLATE", "ZLEVEL=4", "BIGTIFF=IF_SAFER", "NUM_THREADS=ALL_CPUS"]


class LabelWriter:
    """A new class raster in the place of another raster: 0 is nodata, then the classes of a model.

    To be used as a context manager: leaving it writes everything out, or says why that failed. ``tally`` then tells
    what was written.
    """

    def __init__(self, path, place, model):
        self._what = f"{path} cannot be written; check the folder and the space left on the disk"
        gdal_type = gdal.GDT_Byte if model.label_dtype.itemsize == 1 else gdal.GDT_UInt16
        self._dataset = checked(
            self._what,
            gdal.GetDriverByName("GTiff").Create,
            path,
            place.RasterXSize,
            place.RasterYSize,
            1,
            gdal_type,
            _OPTIONS,
        )
        _copy_georeference(place, self._dataset)
        # Before any pixel: a colour table set later would not fit into the open file.
        _style(self._dataset, model)
        self.tally = Tally(self._dataset, model.n_clusters)

    def write(self, window, labels):
        band = self._dataset.GetRasterBand(1)
        checked(self._what, band.WriteRaster, *window, labels.tobytes())
        self.tally.add(window, labels)

    def __enter__(self):
        return self

    def __exit__(self, failure, *_details):
        if failure is None:
            checked(self._what, self._close)
        self._dataset = None

    def _close(self):
        self._dataset.FlushCache()
        self._dataset = None
        return gdal.GetLastErrorType()


def describe(path, model, tally):
    """Give a finished class raster the colours and names that the classes of the model have now, a table of them, and
    the legend that QGIS loads by itself.
    """
    what = f"{path} cannot be given its colours; check the folder and the space left on the disk"
    dataset = checked(what, gdal.Open, path, gdal.GA_Update)
    _style(dataset, model)
    dataset.FlushCache()
    # Opened to be read, so that the table goes into the companion and leaves the pixels' file alone.
    dataset = checked(what, gdal.Open, path)
    checked(what, dataset.GetRasterBand(1).SetDefaultRAT, attribute_table(model, tally))
    dataset.FlushCache()
    model.save_qml(legend_path(path), tally.counts)


def attribute_table(model, tally):
    """A row for each class, with the columns that the command line writes."""
    known = json.loads(model.to_json())
    classes, counts, hectares = known["classes"], tally.counts[1:], tally.hectares[1:]
    rgb = [bytes.fromhex(color[1:]) for color in model.class_colors]
    columns = [
        ("Value", gdal.GFT_Integer, gdal.GFU_MinMax, range(1, len(classes) + 1)),
        ("Class", gdal.GFT_String, gdal.GFU_Name, map(printable, model.class_names)),
        ("Red", gdal.GFT_Integer, gdal.GFU_Red, [color[0] for color in rgb]),
        ("Green", gdal.GFT_Integer, gdal.GFU_Green, [color[1] for color in rgb]),
        ("Blue", gdal.GFT_Integer, gdal.GFU_Blue, [color[2] for color in rgb]),
        # Real numbers: there may be more pixels than 32 bits count.
        ("Pixels", gdal.GFT_Real, gdal.GFU_PixelCount, counts),
    ]
    if None not in hectares:
        columns.append(("Area_ha", gdal.GFT_Real, gdal.GFU_Generic, hectares))
    for number, band in enumerate(known["bands"]):
        means = [one["mean"][number] for one in classes]
        columns.append((f"Mean {printable(band['name'] or '')}", gdal.GFT_Real, gdal.GFU_Generic, means))
    table = gdal.RasterAttributeTable()
    if hasattr(table, "SetTableType"):
        table.SetTableType(gdal.GRTT_THEMATIC)
    table.SetRowCount(len(classes))
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
    band.SetCategoryNames(["nodata", *model.class_names])


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
    for value, color in enumerate(model.class_colors, start=1):
        table.SetColorEntry(value, (*bytes.fromhex(color[1:]), 255))
    return table
