"""The nodata values that the user set in a layer or a parameter."""

import math

from qgis.core import QgsRaster

from ..failures import Refused
from ..translation import tr

_AS_THE_FILE_HAS_IT = "file"


def nodata_in(text) -> "list | None":
    """The nodata values in a text such as "0" or "-9999,none,0"; None for no text.

    One number for all bands, or one for each.
    """
    return [_value(part.strip()) for part in text.split(",")] if text.strip() else None


def nodata_of(rasters) -> "list | None":
    """The nodata settings of the layers that differ from their files.

    They are the additional no-data value, or that the file's own value is not used.
    """
    found = {_of_layer(raster.layer) if raster.layer else _AS_THE_FILE_HAS_IT for raster in rasters}
    if len(found) > 1:
        raise Refused(
            tr(
                "the layers have different no-data values of their own; set the no-data value"
                " (NODATA) for all of them"
            )
        )
    [value] = found or [_AS_THE_FILE_HAS_IT]
    return None if value == _AS_THE_FILE_HAS_IT else [value]


def _of_layer(layer):
    provider = layer.dataProvider()
    found = {_of_band(provider, band, layer.name()) for band in _measured(provider)}
    if len(found) > 1:
        raise Refused(
            tr(
                "the bands of {} have different no-data settings in the layer; set the no-data"
                " value (NODATA)"
            ).format(layer.name())
        )
    [value] = found
    return value


def _measured(provider) -> list:
    """The bands except alpha bands, which have no nodata values."""
    bands = range(1, provider.bandCount() + 1)
    alphas = {
        band
        for band in bands
        if provider.colorInterpretation(band) == QgsRaster.ColorInterpretation.AlphaBand
    }
    return [band for band in bands if band not in alphas] or list(bands)


def _of_band(provider, band, name):
    has_own = provider.sourceHasNoDataValue(band) and provider.useSourceNoDataValue(band)
    ranges = provider.userNoDataValues(band)
    if not ranges:
        is_off = provider.sourceHasNoDataValue(band) and not has_own
        return None if is_off else _AS_THE_FILE_HAS_IT
    values = {value for one in ranges for value in (one.min(), one.max())}
    if has_own:
        values.add(provider.sourceNoDataValue(band))
    if len(values) > 1:
        shown = ", ".join(f"{value:g}" for value in sorted(values))
        raise Refused(
            tr(
                "the layer {layer} has several no-data values ({values}), and only one for each"
                " band can be used; set it (NODATA), or write the layer with one (Translate)"
            ).format(layer=name, values=shown)
        )
    return _AS_THE_FILE_HAS_IT if has_own else values.pop()


def _value(text):
    if text == "none":
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return value
    raise Refused(
        tr(
            "No-data value: '{}' is not a number; give a number such as 0, or one for each band,"
            " separated by commas"
        ).format(text)
    )
