"""Maps of several scenes that were fitted together, in one folder."""

import contextlib
import os

from .after import After
from .engine import label_scene
from .gdal_calls import RasterError
from .product import METADATA
from .report import Album
from .staging import staged_map
from .translation import tr


def map_paths(folder, titles) -> list:
    """The path of each scene's map: the scene's own name, as the command line calls it (fit --labels-dir)."""
    if os.path.exists(folder) and not os.path.isdir(folder):
        raise RasterError(tr("{} is a file, and a folder is wanted for the maps; choose another").format(folder))
    paths = [os.path.join(folder, f"{_stem(title)}.tif") for title in titles]
    seen = {}
    for title, path in zip(titles, paths):
        name = path.casefold()  # some systems take names that differ in capitals for one
        if name in seen:
            raise RasterError(
                tr("the maps of {one} and {other} would both be {path}; give the scenes names of their own").format(
                    one=seen[name], other=title, path=path
                )
            )
        seen[name] = title
    return paths


def write_maps(scenes, model, paths, progress):
    """A map of each scene; all of them appear once all are complete."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(_folder(os.path.dirname(paths[0])))
        written = [stack.enter_context(staged_map(path)) for path in paths]
        for number, (scene, path) in enumerate(zip(scenes, written)):
            span = progress.span(number / len(scenes), (number + 1) / len(scenes))
            label_scene(scene, model, After(), (path, None), Album(scene, wanted=False), span)


@contextlib.contextmanager
def _folder(path):
    """A folder that is there; one that was made goes again if what is done in it fails."""
    made = not os.path.isdir(path)
    os.makedirs(path, exist_ok=True)
    try:
        yield
    except BaseException:
        if made:
            with contextlib.suppress(OSError):  # some maps may be there
                os.rmdir(path)
        raise


def _stem(title) -> str:
    """A scene's name without folder and extension: S2A of S2A.SAFE.zip or S2A.SAFE/MTD_MSIL2A.xml."""
    folder, name = os.path.split(title.rstrip("/").rstrip(os.sep))
    name = os.path.basename(folder) if name in METADATA else name
    return os.path.splitext(name[:-4] if name.lower().endswith(".zip") else name)[0]
