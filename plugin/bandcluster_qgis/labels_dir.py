"""Maps of several scenes that were fitted together, in one folder."""

import contextlib
import os

from qgis.core import QgsProcessingContext, QgsProcessingUtils

from .after import After
from .engine import label_scene
from .gdal_calls import RasterError
from .report import Album
from .staging import staged_map
from .styling import style_on_load
from .translation import tr


def map_paths(folder, titles) -> list:
    """The path of each scene's map: the scene's own name, as the command line calls it (fit --labels-dir)."""
    paths = [os.path.join(folder, f"{_stem(title)}.tif") for title in titles]
    for number, path in enumerate(paths):
        if path in paths[:number]:
            raise RasterError(
                tr("the maps of {one} and {other} would both be {path}; give the scenes names of their own").format(
                    one=titles[paths.index(path)], other=titles[number], path=path
                )
            )
    return paths


def write_maps(scenes, model, paths, progress):
    """A map of each scene; all of them appear once all are complete."""
    os.makedirs(os.path.dirname(paths[0]), exist_ok=True)
    with contextlib.ExitStack() as stack:
        written = [stack.enter_context(staged_map(path)) for path in paths]
        for number, (scene, path) in enumerate(zip(scenes, written)):
            span = progress.span(number / len(scenes), (number + 1) / len(scenes))
            label_scene(scene, model, After(), (path, None), Album(scene, wanted=False), span)


def load_maps(paths, context):
    """Have the maps loaded where there is a project: QGIS itself does not look into a folder."""
    if context.project() is None:
        return
    for path in paths:
        name = os.path.splitext(os.path.basename(path))[0]
        hint = QgsProcessingUtils.LayerHint.Raster
        details = QgsProcessingContext.LayerDetails(name, context.project(), name, hint)
        context.addLayerToLoadOnCompletion(path, details)
        style_on_load(path, context)


def _stem(title) -> str:
    """A scene's name without folder and extension: S2A_T18SVG of S2A_T18SVG.SAFE.zip."""
    name = os.path.basename(title.rstrip("/").rstrip(os.sep))
    return os.path.splitext(name[:-4] if name.lower().endswith(".zip") else name)[0]
