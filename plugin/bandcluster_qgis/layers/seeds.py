"""Seeds: points and polygons of a layer of any kind, all or the selected ones, as file or texts."""

from qgis.core import (
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeatureRequest,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessingFeatureSource,
    QgsProject,
)
from qgis.PyQt.QtCore import QMetaType, QVariant

from ..failures import Refused
from ..translation import tr
from .area import write_shapes, written

NAME_FIELD = "seed"  # in the files that `write_seeds` writes
# Qt6 has no QVariant.Type; with Qt5, QGIS before 3.38 accepts no other type.
_TEXT = (
    QVariant.Type.String  # type: ignore[attr-defined]
    if hasattr(QVariant, "Type")
    else QMetaType.Type.QString
)
_DIGITS = 17  # of a coordinate as text: enough to keep its exact value


def seed_file(source, chosen, field, context) -> "tuple[str, str | None]":
    """A temporary GeoPackage of a feature source, and its field with the seeds' names.

    ``source`` is None if there is no layer ``chosen``; the field is None if none is given. Main
    thread only.
    """
    if source is None:
        raise Refused(
            tr("there is no layer {} for the seeds; choose a layer of points or polygons").format(
                chosen
            )
        )
    fields, index = _field(source, field)
    unchecked = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
    # Selected features come in another order in each run of QGIS.
    features = sorted(source.getFeatures(QgsFeatureRequest(), unchecked), key=lambda one: one.id())
    features = [one for one in features if one.hasGeometry()]
    if not features:
        raise Refused(
            tr("the layer of seeds, {}, has no features to use; draw some, or select some").format(
                source.sourceName()
            )
        )
    attributes = [[] if index is None else [one.attribute(index)] for one in features]
    geometries = [one.geometry() for one in features]
    problem, path = written(source, chosen, context, zip(geometries, attributes), fields)
    if problem:
        raise _not_written(path, problem, is_temporary=True)
    return path, fields[0].name() if field else None


def seeds_of(layer, field, system, only_selected=False) -> list:
    """Pairs of a name (None without a field) and a geometry as WKT. Main thread only."""
    index = _field(layer, field)[1]
    found = layer.getSelectedFeatures() if only_selected else layer.getFeatures()
    features = [one for one in sorted(found, key=lambda one: one.id()) if one.hasGeometry()]
    if not features:
        raise Refused(
            tr("the layer of seeds, {}, has no features to use; draw some, or select some").format(
                layer.name()
            )
        )
    names = [None if index is None else _name(one, index, layer, field) for one in features]
    geometries = [one.geometry() for one in features]
    if layer.crs().isValid() and system.isValid():
        transform = QgsCoordinateTransform(layer.crs(), system, QgsProject.instance())
        for feature, geometry in zip(features, geometries):
            _bring(geometry, transform, feature, layer)
    return [(name, geometry.asWkt(_DIGITS)) for name, geometry in zip(names, geometries)]


def _bring(geometry, transform, feature, layer):
    try:
        geometry.transform(transform)
    except QgsCsException as why:
        raise Refused(
            tr(
                "feature {number} of {layer} has no place in the scene's coordinate reference"
                " system; move it to the scene, or remove it"
            ).format(number=feature.id(), layer=layer.name())
        ) from why


def write_seeds(path, shapes, system, is_temporary=False) -> None:
    """Writes pairs of a name and a geometry as WKT to a GeoPackage, in any thread.

    The names are in the field NAME_FIELD. Messages do not name a temporary file.
    """
    fields = QgsFields()
    fields.append(QgsField(NAME_FIELD, _TEXT))
    features = [(QgsGeometry.fromWkt(shape), [name]) for name, shape in shapes]
    problem = write_shapes(str(path), system, features, fields)
    if problem:
        raise _not_written(path, problem, is_temporary)


def _not_written(path, why, is_temporary):
    shown = tr("a temporary file") if is_temporary else str(path)
    return Refused(
        tr("the seeds cannot be written to {path}: {why}").format(
            path=shown, why=why.replace(str(path), shown)
        )
    )


def _name(feature, index, layer, field):
    value = feature.attribute(index)
    name = (
        ""
        if value is None or (isinstance(value, QVariant) and value.isNull())
        else str(value).strip()
    )
    if not name:
        raise Refused(
            tr(
                "feature {number} of {layer} has no value in the field {field}, which names its"
                " seed; give it one, or choose another field"
            ).format(number=feature.id(), layer=layer.name(), field=field)
        )
    return name


def _field(source, name):
    """The fields of the file (one of this name, or none), and its index in the source."""
    fields = QgsFields()
    if not name:
        return fields, None
    index = source.fields().lookupField(name)
    if index < 0:
        names = ", ".join(source.fields().names())
        raise Refused(
            tr("the layer of seeds has no field {name}; choose one of {names}").format(
                name=name, names=names
            )
        )
    field = QgsField(source.fields()[index])
    if field.name().lower() == "fid":  # GeoPackages already have it
        field.setName("seed")
    fields.append(field)
    return fields, index
