"""Seeds: points and polygons of a layer of any kind, all or the selected ones, as a file. Main thread only."""

from qgis.core import QgsFeatureRequest, QgsField, QgsFields, QgsProcessingFeatureSource

from ..failures import Refused
from ..translation import tr
from .area import written


def seed_file(source, chosen, field, context) -> "tuple[str, str | None]":
    """A temporary GeoPackage of a feature source, which is None where there is no layer ``chosen``.

    Returns also what the field of the seeds' names is called there, if one is given.
    """
    if source is None:
        raise Refused(tr("there is no layer {} for the seeds; choose a layer of points or polygons").format(chosen))
    fields, index = _field(source, field)
    unchecked = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
    # Selected ones come in any order, another one in each run of QGIS.
    features = sorted(source.getFeatures(QgsFeatureRequest(), unchecked), key=lambda one: one.id())
    features = [one for one in features if one.hasGeometry()]
    if not features:
        raise Refused(
            tr("the layer of seeds, {}, has no features to use; draw some, or select some").format(source.sourceName())
        )
    attributes = [[] if index is None else [one.attribute(index)] for one in features]
    geometries = [one.geometry() for one in features]
    problem, path = written(source, chosen, context, zip(geometries, attributes), fields)
    if problem:
        raise Refused(tr("the seeds cannot be written to {path}: {why}").format(path=path, why=problem))
    return path, fields[0].name() if field else None


def _field(source, name):
    """The fields of the file: none, or the one of this name; and its place in the source."""
    fields = QgsFields()
    if not name:
        return fields, None
    index = source.fields().lookupField(name)
    if index < 0:
        names = ", ".join(source.fields().names())
        raise Refused(
            tr("the layer of seeds has no field {name}; choose one of {names}").format(name=name, names=names)
        )
    field = QgsField(source.fields()[index])
    if field.name().lower() == "fid":  # which GeoPackages have already
        field.setName("seed")
    fields.append(field)
    return fields, index
