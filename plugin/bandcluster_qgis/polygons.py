"""A class raster as polygons: one for each patch of a class."""

import contextlib
import os

from osgeo import gdal, ogr

from .gdal_calls import RasterError, checked
from .ground import Ground
from .label_writer import printable
from .staging import temporary
from .translation import tr

LAYER = "classes"
_FIELDS = (("value", ogr.OFTInteger), ("name", ogr.OFTString), ("area_ha", ogr.OFTReal), ("color", ogr.OFTString))
# Files that go with a shapefile, and the style, which goes with all but GeoPackages.
_PARTS = (".shx", ".dbf", ".prj", ".cpg", ".qml")
_DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".fgb": "FlatGeobuf", ".shp": "ESRI Shapefile"}

# The table of a GeoPackage that QGIS makes for styles, and looks at. (The command line does the same.)
KEEP_STYLE = (
    "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), "
    "f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, "
    "styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)",
    "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES "
    "('layer_styles', 'attributes', 'layer_styles')",
    "INSERT INTO layer_styles VALUES (1, '', '', '{layer}', 'geom', '{layer}', '{qml}', '', 1, '', '', NULL, "
    "strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
)


def check_polygons_name(path):
    if _extension(path) not in _DRIVERS:
        raise RasterError(
            tr("{}: polygons are written to .gpkg, .geojson, .fgb or .shp; give a name that ends so").format(path)
        )


def write_polygons(raster, target, model, progress):
    """Write the patches of a class raster, each with value, name, area and colour of its class, and their style."""
    if target is None:
        return
    progress.say(tr("Writing polygons"))
    dataset = checked(tr("{} cannot be read again").format(raster), gdal.Open, raster)
    what = tr("{} cannot be written; check the folder and the space left on the disk").format(target)
    with temporary(target) as partial, temporary(_part(target, ".fgb")) as traced:
        # Most formats cannot be changed once written, so names and areas come in a second step.
        checked(what, _closed, _trace, dataset, traced, progress.span(0, 0.6))
        try:
            checked(what, _closed, _complete, dataset, traced, partial, model, progress.span(0.6, 1))
            _replace(partial, target)
        finally:
            for part in _PARTS:
                with contextlib.suppress(FileNotFoundError):
                    os.remove(_part(partial, part))


def _closed(write, *arguments):
    """What is wrong once ``write`` has returned: files are written out when their handles are gone."""
    write(*arguments)
    return gdal.GetLastErrorType()


def _trace(dataset, path, progress):
    what = tr("polygons cannot be written beside {}; check the folder and the space left on the disk").format(path)
    plain = checked(what, ogr.GetDriverByName("FlatGeobuf").CreateDataSource, path)
    layer = _layer(plain, dataset, ["SPATIAL_INDEX=NO"], 1)
    band = dataset.GetRasterBand(1)
    try:
        checked(what, gdal.Polygonize, band, band.GetMaskBand(), layer, 0, callback=progress)
    except RasterError:
        progress.check()  # a cancel, too, makes GDAL fail
        raise


def _complete(dataset, traced, path, model, progress):
    what = tr("{} cannot be written; check the folder and the space left on the disk").format(path)
    driver = _DRIVERS[_extension(path)]
    source = checked(what, ogr.Open, traced)
    written = checked(what, ogr.GetDriverByName(driver).CreateDataSource, path)
    options = ["ENCODING=UTF-8"] if driver == "ESRI Shapefile" else []
    layer = _layer(written, dataset, options, len(_FIELDS))
    ground = Ground(dataset)
    classes = {value: (printable(name), color) for value, name, color in model.legend}
    polygons = source.GetLayer(0)
    total = max(polygons.GetFeatureCount(), 1)
    if driver == "GPKG":
        written.StartTransaction()  # one for all, or it would make one for each polygon
    for number, traced_polygon in enumerate(polygons):
        if number % 1000 == 0 and not progress(number / total):
            progress.check()
        value, shape = traced_polygon.GetFieldAsInteger(0), traced_polygon.GetGeometryRef()
        name, color = classes[value]
        polygon = ogr.Feature(layer.GetLayerDefn())
        for field, content in enumerate((value, name, ground.polygon_hectares(shape), color)):
            if content is None:
                polygon.SetFieldNull(field)
            else:
                polygon.SetField(field, content)
        polygon.SetGeometry(shape)
        checked(what, layer.CreateFeature, polygon)
    if driver == "GPKG":
        checked(what, written.CommitTransaction)
    _style(what, written, driver, model, _part(path, ".qml"))


def _style(what, written, driver, model, beside):
    """What QGIS loads by itself: from within a GeoPackage, else from beside the file."""
    model.save_polygons_qml(beside)
    if driver == "GPKG":
        with open(beside, encoding="utf-8") as file:
            qml = file.read().replace("'", "''")
        os.remove(beside)
        for statement in KEEP_STYLE:
            # It returns nothing, whether it failed or not.
            checked(what, _closed, written.ExecuteSQL, statement.format(layer=LAYER, qml=qml))


def _layer(written, dataset, options, fields):
    what = tr("the layer of the polygons cannot be made; check the folder and the space left on the disk")
    layer = checked(what, written.CreateLayer, LAYER, dataset.GetSpatialRef(), ogr.wkbPolygon, options)
    for name, kind in _FIELDS[:fields]:
        layer.CreateField(ogr.FieldDefn(name, kind))
    return layer


def _replace(partial, target):
    for part in _PARTS:
        if os.path.exists(_part(partial, part)):
            os.replace(_part(partial, part), _part(target, part))
    os.replace(partial, target)


def _part(path, extension):
    return os.path.splitext(path)[0] + extension


def style_beside(path):
    """The file beside polygons of this name in which QGIS looks for their style; None where they hold it themselves."""
    return None if _DRIVERS.get(_extension(path)) == "GPKG" else _part(path, ".qml")


def _extension(path):
    return os.path.splitext(path)[1].lower()
