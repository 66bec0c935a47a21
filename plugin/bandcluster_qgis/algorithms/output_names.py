"""Names that outputs must not have."""

import os

from ..gdal_calls import RasterError
from ..polygons import style_beside
from ..staging import legend_path
from ..translation import tr


def check_label_output(path, job):
    """That a map whose name was not chosen by the user replaces nothing that is read."""
    if any(_same_file(path, name) for name in job.files()):
        raise RasterError(tr("the map {} would replace an input; choose another folder").format(path))
    check_legend(path, [scene.source for scene in job.scenes])


def check_output(path, inputs):
    """That an output has a folder and replaces nothing that is read."""
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise RasterError(tr("the folder {} of the output does not exist; create it or choose another").format(folder))
    if any(_same_file(path, name) for name in inputs):
        raise RasterError(tr("the output {} is also an input; choose another name for the output").format(path))


def check_extension(path, what, *extensions):
    """That a name ends as ``what`` is to be: a driver would not be chosen by it."""
    if os.path.splitext(path)[1].lower() not in extensions:
        raise RasterError(
            tr("{path} is to be {what}; give a name that ends in {extension}").format(
                path=path, what=what, extension=extensions[0]
            )
        )


def check_legend(path, sources):
    """The map's legend must not become the style of a scene of the same name."""
    legend = os.path.abspath(legend_path(path))
    for source in sources:
        same = os.path.abspath(legend_path(source.name)) == legend
        if same and os.path.exists(source.name) and os.path.abspath(source.name) != os.path.abspath(path):
            raise RasterError(
                tr(
                    "{legend}, the legend of the map, would be the style of the input {scene}, too; give the output "
                    "another name"
                ).format(legend=legend, scene=source.name)
            )


def check_style(polygons, labels, sources):
    """The polygons' style must become neither the map's legend nor the style of a scene."""
    style = style_beside(polygons)
    if style and os.path.abspath(style) == os.path.abspath(legend_path(labels)):
        raise RasterError(
            tr("{}: the polygons and the map would have one style, {}; give one of them another name").format(
                polygons, style
            )
        )
    if style:
        check_legend(polygons, sources)


def _same_file(path, name) -> bool:
    return os.path.exists(path) and os.path.exists(name) and os.path.samefile(path, name)
