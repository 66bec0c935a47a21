"""The panel's state in files: a small JSON file, and the model beside it.

If they differ, the model counts.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from qgis.core import QgsProject, QgsRasterLayer

from ..failures import Refused
from ..layers.rasters import raster_of
from ..translation import tr
from .edits import Edits
from .seeds import Seeds
from .settings import Settings
from .writing import edited

SUFFIX = ".explorer.json"
_KIND, _VERSION = "bandcluster-explorer", 1


@dataclass(frozen=True)
class State:
    settings: Settings
    k: int
    edits: Edits


def file_filter() -> str:
    return tr("states of the explorer (*.explorer.json)")


def save(explorer, path) -> None:
    """Writes the state, and the model in the same folder."""
    path = Path(path)
    model = path.with_name(path.name.split(".")[0] + ".json")
    edited(explorer).save(model)
    told = {
        "kind": _KIND,
        "version": _VERSION,
        "model": model.name,
        "layer": explorer.scene.title,
        "settings": asdict(explorer.settings),
        "n_clusters": explorer.k,
        "edits": explorer.edits.to_json(),
    }
    partial = path.with_name(path.name + ".part")
    try:
        partial.write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")
        partial.replace(path)
    except OSError as why:  # its own words name the partial file
        raise Refused(
            tr("{path} cannot be written: {why}; check the space and permissions").format(
                path=path, why=why.strerror
            )
        ) from why


def load(path) -> State:
    """Reads a state; raises Refused for any other file."""
    try:
        told = json.loads(Path(path).read_text(encoding="utf-8"))
        if told["kind"] != _KIND or told["version"] != _VERSION:
            raise ValueError(told["kind"])
        given = {name: _hashable(value) for name, value in told["settings"].items()}
        if "seeds" in given:
            given["seeds"] = Seeds.from_json(told["settings"]["seeds"])
        given["band_weights"] = tuple(map(float, given.get("band_weights", ())))
        settings, k = Settings(**given), int(told["n_clusters"])
        if k not in settings.numbers():
            raise ValueError(k)
        return State(settings, k, Edits.from_json(told["edits"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(
            tr(
                "{} is not a saved state of the explorer; choose a file that the explorer has saved"
            ).format(path)
        ) from error


def layer_of(state) -> QgsRasterLayer:
    """The project's layer of the state's scene; it is added if it is missing."""
    for layer in QgsProject.instance().mapLayers().values():
        if isinstance(layer, QgsRasterLayer) and layer.providerType() == "gdal":
            if raster_of(layer).name == state.settings.source:
                return layer
    layer = QgsRasterLayer(state.settings.source, Path(state.settings.source).stem)
    if not layer.isValid():
        raise Refused(
            tr("the scene {} cannot be opened; check its path").format(state.settings.source)
        )
    QgsProject.instance().addMapLayer(layer)
    return layer


def _hashable(value):
    return tuple(map(_hashable, value)) if isinstance(value, list) else value
