"""An area of interest: polygons of a layer of any kind, all or the selected ones, as a file.

Main thread only.
"""

from qgis.core import (
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeatureRequest,
    QgsFields,
    QgsMapLayer,
    QgsProcessingFeatureSource,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingUtils,
    QgsVectorFileWriter,
    QgsWkbTypes,
)

from ..failures import Refused
from ..translation import tr


def area_file(source, chosen, context) -> str:
    """A temporary GeoPackage of the polygons of a feature source.

    ``source`` is None if there is no layer ``chosen``.
    """
    if source is None:
        raise Refused(
            tr("there is no layer {} for the area of interest; choose a layer of polygons").format(
                chosen
            )
        )
    # GDAL also accepts polygons that cross themselves; QGIS's check would refuse the whole layer.
    unchecked = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
    features = source.getFeatures(QgsFeatureRequest().setSubsetOfAttributes([]), unchecked)
    geometries = [feature.geometry() for feature in features if feature.hasGeometry()]
    # Polygons, also those in collections with points and lines; the library ignores the latter.
    polygons = [one for one in geometries if not one.isNull() and one.constGet().dimension() == 2]
    if not polygons:
        raise Refused(
            tr(
                "the area of interest {area} has {count} features and no polygons; choose a layer"
                " of polygons, and select some if only selected ones are to be used"
            ).format(area=source.sourceName(), count=len(geometries))
        )
    problem, path = written(source, chosen, context, [(polygon, []) for polygon in polygons])
    if problem:
        raise Refused(
            tr("the area of interest cannot be written to {path}: {why}").format(
                path=path, why=problem
            )
        )
    return path


def written(source, chosen, context, features, fields=None):
    """Writes geometries and attributes in their source's reference system.

    Returns an error message, if any, and the file.
    """
    # Reports and messages use the name of this file for the layer.
    name = "".join(letter if letter.isalnum() else "_" for letter in source.sourceName()) or "layer"
    path = QgsProcessingUtils.generateTempFilename(f"{name}.gpkg")
    return (
        write_shapes(path, _system(source, chosen, context), features, fields or QgsFields()),
        path,
    )


def write_shapes(path, system, features, fields) -> str:
    """Writes geometries and attributes to a GeoPackage, in any thread.

    Returns an error message; empty if there was none.
    """
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    writer = QgsVectorFileWriter.create(
        path, fields, QgsWkbTypes.Type.Unknown, system, QgsCoordinateTransformContext(), options
    )
    for geometry, attributes in features:
        feature = QgsFeature(fields)
        feature.setGeometry(geometry)
        feature.setAttributes(attributes)
        writer.addFeature(feature)
    problem = writer.errorMessage()
    del writer  # closes the file
    return problem


def _system(source, chosen, context):
    """The reference system of a source.

    For a layer of geometry collections, only the provider of the data has it.
    """
    if source.sourceCrs().isValid():
        return source.sourceCrs()
    if isinstance(chosen, QgsProcessingFeatureSourceDefinition):
        chosen = chosen.source.staticValue()
    layer = chosen
    if not isinstance(chosen, QgsMapLayer):
        layer = QgsProcessingUtils.mapLayerFromString(str(chosen), context)
    return layer.dataProvider().crs() if layer is not None else source.sourceCrs()
