"""The values of an algorithm's parameters, and what of a request several algorithms make of them. Main thread only."""

import json
import math

from ..failures import Refused
from ..layers.area import area_file
from ..layers.nodata import nodata_in, nodata_of
from ..layers.rasters import rasters
from ..parameters import maps, scenes, search
from ..translation import tr


class Given:
    """The values that the user gave, by the keys of the parameters."""

    def __init__(self, algorithm, values, context):
        self.algorithm, self.values, self.context = algorithm, values, context

    def text(self, key) -> "str | None":
        return self.algorithm.parameterAsString(self.values, key, self.context).strip() or None

    def file(self, key) -> "str | None":
        return self.algorithm.parameterAsFile(self.values, key, self.context) or None

    def whole(self, key) -> int:
        return self.algorithm.parameterAsInt(self.values, key, self.context)

    def number(self, key) -> "float | None":
        if self.values.get(key) is None:
            return None
        number = self.algorithm.parameterAsDouble(self.values, key, self.context)
        if not math.isfinite(number):  # only a script can say so
            title = self.algorithm.parameterDefinition(key).description()
            raise Refused(tr("{title}: {number} is no size; give a number").format(title=title, number=number))
        return number

    def yes(self, key) -> bool:
        return self.algorithm.parameterAsBool(self.values, key, self.context)

    def choice(self, key, names) -> str:
        return names[self.algorithm.parameterAsEnum(self.values, key, self.context)]

    def rasters(self, key) -> list:
        return rasters(self.algorithm.parameterDefinition(key), self.values.get(key), self.context)

    def numbers(self, key) -> "list | None":
        """Numbers from a text such as "-1000" or "0.1,0.1,0.2"."""
        text = self.text(key)
        try:
            return [float(number) for number in text.split(",")] if text else None
        except ValueError:
            title = self.algorithm.parameterDefinition(key).description()
            raise Refused(
                tr("{}: '{}' is not a number, or several with commas between them").format(title, text)
            ) from None

    def bands(self) -> list:
        values = self.values
        if isinstance(values.get(scenes.BANDS), str):  # of "4,3,2" QGIS would make 0
            values = {**values, scenes.BANDS: values[scenes.BANDS].replace(",", ";")}
        return self.algorithm.parameterAsInts(values, scenes.BANDS, self.context)

    def area(self) -> "str | None":
        chosen = self.values.get(scenes.AOI)
        if chosen in (None, ""):
            return None
        source = self.algorithm.parameterAsSource(self.values, scenes.AOI, self.context)
        return area_file(source, chosen, self.context)


def scene(given) -> dict:
    """The scene, and which of its pixels are used."""
    chosen, masks = given.rasters(scenes.INPUT), given.rasters(scenes.MASK)
    return {"input": chosen[0].name, "mask": masks[0].name if masks else None, **_pixels(given, chosen)}


def several_scenes(given) -> dict:
    """Scenes that are used together."""
    chosen, masks = given.rasters(scenes.INPUT), given.rasters(scenes.MASK)
    if masks and len(masks) != len(chosen):
        raise Refused(
            tr("there are {masks} masks for {scenes} scenes; give one mask for each scene, or none").format(
                masks=len(masks), scenes=len(chosen)
            )
        )
    names, mask_names = [raster.name for raster in chosen], [raster.name for raster in masks]
    return {"inputs": names, "mask": mask_names or None, **_pixels(given, chosen)}


def _pixels(given, chosen) -> dict:
    return {
        "bands": given.bands() or None,
        "nodata": nodata_in(given.text(scenes.NODATA) or "") or nodata_of(chosen),
        "mask_scl": given.yes(scenes.MASK_SCL),
        "aoi": given.area(),
    }


def fit(given) -> dict:
    """How classes are found."""
    algorithm, _title, takes_number = given.choice(search.ALGORITHM, search.ALGORITHMS)
    return {
        **how_to_search(given, algorithm),
        "n_clusters": given.whole(search.CLUSTERS) if takes_number else None,
        "options": _own_options(given.text(search.OPTIONS) or "") or None,
    }


def how_to_search(given, algorithm) -> dict:
    """How classes are looked for, whatever their number."""
    return {
        "algorithm": algorithm,
        # The number of starts that the dialog has is meant for these.
        "n_init": given.whole(search.N_INIT) if algorithm in ("kmeans", "bisecting") else None,
        "seed": given.whole(search.SEED),
        "metric": given.choice(search.METRIC, search.METRICS),
        "scaling": given.choice(search.SCALING, search.SCALINGS),
    }


def radius(given) -> dict:
    """Which pixels belong nowhere."""
    return {
        "max_distance": given.number(maps.MAX_DISTANCE),
        "radius_quantile": given.number(maps.RADIUS_QUANTILE),
    }


def class_map(given) -> dict:
    """What becomes of the map."""
    return {
        **radius(given),
        "colors": given.text(maps.COLORS),
        "majority": given.whole(maps.MAJORITY) or None,
        "sieve": given.whole(maps.SIEVE) or None,
        "creation_options": [option for option in (given.text(maps.CREATE_OPTIONS) or "").split("|") if option],
    }


def _own_options(text) -> dict:
    """What the text of options says: name=value, with commas between."""
    options = {}
    for item in filter(str.strip, text.split(",")):
        name, equals, value = (part.strip() for part in item.partition("="))
        if not (name and equals and value):
            raise Refused(tr("the option '{}' is not name=value, such as linkage=average").format(item.strip()))
        try:
            options[name] = json.loads(value)
        except ValueError:
            options[name] = value
    return options
