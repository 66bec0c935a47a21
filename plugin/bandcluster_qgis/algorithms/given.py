"""The values of an algorithm's parameters, and the parts of requests made from them.

Main thread only.
"""

import json
import math

from ..failures import Refused
from ..layers.area import area_file
from ..layers.nodata import nodata_in, nodata_of
from ..layers.rasters import is_of_rasters, raster_title, rasters
from ..layers.seeds import seed_file
from ..parameters import classes, maps, opening, outputs, scenes, search
from ..translation import tr

# The parameter of each field of a request, except outputs.
KEYS = {
    "input": scenes.INPUT,
    "inputs": scenes.INPUT,
    "bands": scenes.BANDS,
    "nodata": scenes.NODATA,
    "mask": scenes.MASK,
    "mask_scl": scenes.MASK_SCL,
    "aoi": scenes.AOI,
    "multiply": scenes.SCALE,
    "add": scenes.OFFSET,
    "resolution": opening.RESOLUTION,
    "n_clusters": search.CLUSTERS,
    "min": search.MIN,
    "max": search.MAX,
    "algorithm": search.ALGORITHM,
    "options": search.OPTIONS,
    "seed": search.SEED,
    "n_init": search.N_INIT,
    "scaling": search.SCALING,
    "metric": search.METRIC,
    "band_weights": search.BAND_WEIGHTS,
    "seeds": search.SEEDS,
    "seed_field": search.SEED_FIELD,
    "fix_seeds": search.FIX_SEEDS,
    "model": classes.MODEL,
    "like": classes.LIKE,
    "into": classes.GROUPS,
    "labels": classes.LABELS,
    "max_distance": maps.MAX_DISTANCE,
    "radius_quantile": maps.RADIUS_QUANTILE,
    "colors": maps.COLORS,
    "majority": maps.MAJORITY,
    "sieve": maps.SIEVE,
    "memory": outputs.MEMORY,
}


class Given:
    """The values that the user gave, by the keys of the parameters.

    In a trial no file is written.
    """

    def __init__(self, algorithm, values, context, is_trial=False):
        self.algorithm, self.values, self.context, self.is_trial = (
            algorithm,
            values,
            context,
            is_trial,
        )

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
        if not math.isfinite(number):  # only a script can pass this
            title = self.algorithm.parameterDefinition(key).description()
            raise Refused(
                tr("{title}: {number} is not a finite number; give a number").format(
                    title=title, number=number
                )
            )
        return number

    def yes(self, key) -> bool:
        return self.algorithm.parameterAsBool(self.values, key, self.context)

    def choice(self, key, names) -> str:
        return names[self.algorithm.parameterAsEnum(self.values, key, self.context)]

    def rasters(self, key) -> list:
        return rasters(self.algorithm.parameterDefinition(key), self.values.get(key), self.context)

    def numbers(self, key) -> "list | None":
        """Numbers from a text such as "-1000" or "0.1,0.1,0.2"."""
        title = self.algorithm.parameterDefinition(key).description()
        return numbers_in(self.text(key) or "", title)

    def bands(self) -> list:
        """Numbers and names of bands.

        They come from a text, or from the number or list that scripts and models give.
        """
        value = self.values.get(scenes.BANDS)
        if isinstance(value, (int, float)):
            value = [value]
        if not isinstance(value, (list, tuple)):
            text = self.text(scenes.BANDS) or ""
            # Semicolons separate names that contain commas.
            value = text.split(";" if ";" in text else ",")
        parts = [f"{part:g}" if isinstance(part, float) else str(part).strip() for part in value]
        return [int(part) if part.isdecimal() else part for part in parts if part]

    def scene_name(self) -> str:
        """The user's name of the first raster that is used; empty if there is none."""
        for key in (scenes.INPUT, classes.LABELS):
            definition = self.algorithm.parameterDefinition(key)
            if definition is not None and is_of_rasters(definition):
                return next((raster.title() for raster in self.rasters(key)), "")
        return raster_title(self.text(scenes.INPUT) or "")

    def area(self) -> "str | None":
        chosen = self.values.get(scenes.AOI)
        if chosen in (None, "") or self.is_trial:
            return None
        source = self.algorithm.parameterAsSource(self.values, scenes.AOI, self.context)
        return area_file(source, chosen, self.context)

    def seeds(self) -> dict:
        """The fields of seeds; empty without a layer, so that the other values may stay."""
        chosen = self.values.get(search.SEEDS)
        if chosen in (None, ""):
            return {}
        field = self.text(search.SEED_FIELD)
        how = {"fix_seeds": self.yes(search.FIX_SEEDS)}
        if self.is_trial:  # it is not opened yet
            return {"seeds": "seeds.gpkg", "seed_field": field, **how}
        source = self.algorithm.parameterAsSource(self.values, search.SEEDS, self.context)
        path, field = seed_file(source, chosen, field, self.context)
        return {"seeds": path, "seed_field": field, **how}


def scene(given) -> dict:
    """The scene and the choice of its pixels."""
    chosen, masks = given.rasters(scenes.INPUT), given.rasters(scenes.MASK)
    return {
        "input": chosen[0].name,
        "mask": masks[0].name if masks else None,
        **_pixels(given, chosen),
    }


def several_scenes(given) -> dict:
    """Scenes that are used together."""
    chosen, masks = given.rasters(scenes.INPUT), given.rasters(scenes.MASK)
    if masks and len(masks) != len(chosen):
        raise Refused(
            tr(
                "there are {masks} masks for {scenes} scenes; give one mask for each scene, or none"
            ).format(masks=len(masks), scenes=len(chosen))
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
    seeds = given.seeds()
    return {
        **how_to_search(given, algorithm),
        **seeds,
        # The dialog always has a number of classes; with seeds it is ignored.
        "n_clusters": given.whole(search.CLUSTERS) if takes_number and not seeds else None,
        "options": own_options(given.text(search.OPTIONS) or "") or None,
    }


def how_to_search(given, algorithm) -> dict:
    """The settings of the search that do not depend on the number of classes."""
    return {
        "algorithm": algorithm,
        # The dialog's number of starts applies to these algorithms only.
        "n_init": given.whole(search.N_INIT) if algorithm in ("kmeans", "bisecting") else None,
        "seed": given.whole(search.SEED),
        "metric": given.choice(search.METRIC, search.METRICS),
        "scaling": given.choice(search.SCALING, search.SCALINGS),
        "band_weights": given.numbers(search.BAND_WEIGHTS),
    }


def radius(given) -> dict:
    """Which pixels are unclassified."""
    return {
        "max_distance": given.number(maps.MAX_DISTANCE),
        "radius_quantile": given.number(maps.RADIUS_QUANTILE),
    }


def class_map(given) -> dict:
    """How the map is filtered, coloured and written."""
    return {
        **radius(given),
        "colors": given.text(maps.COLORS),
        "majority": given.whole(maps.MAJORITY) or None,
        "sieve": given.whole(maps.SIEVE) or None,
        "creation_options": [
            option for option in (given.text(maps.CREATE_OPTIONS) or "").split("|") if option
        ],
    }


def numbers_in(text, title) -> "list | None":
    """The numbers in a text such as "1, 2, 0.5"; None for no text. `title` is what they are."""
    text = text.strip()
    if not text:
        return None
    try:
        numbers = [float(number) for number in text.split(",")]
    except ValueError:
        numbers = [math.nan]
    if not all(map(math.isfinite, numbers)):
        raise Refused(
            tr("{}: '{}' is not a number or a list of numbers; separate numbers by commas").format(
                title, text
            )
        )
    return numbers


def own_options(text) -> dict:
    """The options in a text such as "name=value,name=value"."""
    options = {}
    for item in filter(str.strip, text.split(",")):
        name, equals, value = (part.strip() for part in item.partition("="))
        if not (name and equals and value):
            raise Refused(
                tr("the option '{}' is not name=value, such as linkage=average").format(
                    item.strip()
                )
            )
        try:
            options[name] = json.loads(value)
        except ValueError:
            options[name] = value
    return options
