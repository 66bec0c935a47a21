"""The names and colours of classes in a layer's legend. Main thread only."""

import re

from qgis.core import QgsPalettedRasterRenderer

from ..failures import Refused
from ..translation import tr

# The share that legends show after a class's name: "water (23.4 %)", "sand (< 0.1 %)".
_SHARE = re.compile(r" \((\d+\.\d|< 0\.1) %\)$")


def legend(layer) -> dict:
    """The name, which may be empty, and the colour of each value in a layer's legend."""
    renderer = layer.renderer()
    if not isinstance(renderer, QgsPalettedRasterRenderer):
        raise Refused(
            tr(
                "the layer {} is not shown as Paletted/Unique values; choose that in its symbology"
            ).format(layer.name())
        )
    return {
        entry.value: (_name(entry.label, entry.value), entry.color.name())
        for entry in renderer.classes()
    }


def _name(label, value) -> str:
    """The name at the start of a legend's label; empty if the label is only the value."""
    name = _SHARE.sub("", label).strip()
    return "" if name == f"{value:g}" else name
