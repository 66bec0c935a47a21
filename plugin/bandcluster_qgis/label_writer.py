"""Writing class rasters: tiled, compressed GeoTIFF with colours and class names."""

from osgeo import gdal

from .gdal_calls import checked

# Level 6, which is GDAL's default, takes three times as long as 4, and saves a tenth of the size.
_OPTIONS = ["TILED=YES", "COMPRESS=DEFLATE", "ZLEVEL=4", "BIGTIFF=IF_SAFER", "NUM_THREADS=ALL_CPUS"]


class LabelWriter:
    """A new class raster in the place of a scene: 0 is nodata, then the classes of a model.

    To be used as a context manager: leaving it writes everything out, or says why that failed.
    """

    def __init__(self, path, scene, model):
        self._what = f"{path} cannot be written; check the folder and the space left on the disk"
        gdal_type = gdal.GDT_Byte if model.label_dtype.itemsize == 1 else gdal.GDT_UInt16
        self._dataset = checked(
            self._what,
            gdal.GetDriverByName("GTiff").Create,
            path,
            scene.width,
            scene.height,
            1,
            gdal_type,
            _OPTIONS,
        )
        _copy_georeference(scene.georeference, self._dataset)
        # Before any pixel: a colour table set later would not fit into the open file.
        _style(self._dataset, model)

    def write(self, window, labels):
        band = self._dataset.GetRasterBand(1)
        checked(self._what, band.WriteRaster, *window, labels.tobytes())

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
