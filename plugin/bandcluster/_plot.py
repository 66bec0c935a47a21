"""Pictures for notebooks, drawn by matplotlib.

matplotlib is imported when the first picture is drawn.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _arrays, _labelled
from ._types import Nodata
from .errors import InvalidArgument

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .choice import Choice
    from .model import Model

# Maximum number of pixels of a picture's longer side: more than a page shows.
_MOST_PIXELS = 1000

# The colours that the report's style sheet has on light pages.
_GRID, _LINE, _MARK, _EDGE = "#dde3e9", "#2a6f97", "#b83a08", "#8a949e"

# A shape for each class, for those who cannot tell its colour from another's.
_MARKERS = "os^DvPX<>ph*"


def plot(
    scene: Any,
    classes: Any,
    model: Model,
    *,
    bands: Sequence[int] | None = None,
    nodata: Nodata = None,
    channel_axis: int | None = None,
    title: str | None = None,
    figsize: tuple[float, float] | None = None,
) -> Figure:
    """Draw a scene beside its classes, with a legend.

    Parameters
    ----------
    scene : array, DataArray or Dataset
        Pixels as `bandcluster.fit` takes them, (bands, height, width). Of a large scene every n-th
        pixel is used; if it is backed by Dask, only these are computed.
    classes : array or DataArray
        What ``model.predict(scene)`` returned, also if it was saved and opened again.
    model : Model
        The model of the classes.
    bands : three ints, optional
        Bands (from 1) that are shown as red, green and blue; None: the bands that colour the
        model's classes.
    nodata : float or sequence, optional
        As for `bandcluster.Model.predict`; such pixels are transparent.
    channel_axis : int, optional
        As for `bandcluster.Model.predict`.
    title : str, optional
        The title above the scene.
    figsize : (float, float), optional
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InvalidArgument
        If the classes do not have the shape of the scene, or have other coordinates.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> bandcluster.plot(image, model.predict(image), model).savefig("classes.png")
    """
    pixels, labels, nodata = _planes(scene, classes, model, nodata, channel_axis)
    step = max(1, math.ceil(max(labels.shape) / _MOST_PIXELS))
    labels = np.ma.filled(np.asanyarray(labels[::step, ::step]), 0)
    if labels.dtype.kind == "f":  # opened with masked nodata
        labels = np.nan_to_num(labels).astype(np.int64)
    rgb = _natural(model) if bands is None else [int(band) - 1 for band in bands]
    if len(rgb) != 3 or not all(0 <= band < model.n_bands for band in rgb):
        wanted = f"give three, from 1 to {model.n_bands}, for red, green and blue"
        raise InvalidArgument(f"bands are {[band + 1 for band in rgb]}: {wanted}")
    picture = _stretched(
        [np.asanyarray(pixels[band][::step, ::step]) for band in rgb], model, rgb, nodata
    )
    wide = labels.shape[1] > 1.6 * labels.shape[0]
    grid = (2, 1) if wide else (1, 2)
    figure = _figure(figsize or ((9, 9) if wide else (10, 4.5)))
    left, right = figure.subplots(*grid)
    left.imshow(picture, interpolation="nearest")
    left.set_title(title or _bands_title(model, rgb))
    right.imshow(_colored(labels, model), interpolation="nearest")
    right.set_title(f"{model.n_clusters} classes")
    for axes in (left, right):
        axes.set_axis_off()
    _legend(right, labels, model)
    return figure


def signatures(model: Model, axes: Any = None) -> Figure:
    """See `bandcluster.Model.plot_signatures`."""
    if axes is None:
        axes = _figure((max(6, min(14, 0.8 * model.n_bands + 3)), 4)).subplots()
    told = model._told()
    places = np.arange(model.n_bands)
    names = [_shown(band["name"]) for band in told["bands"]]
    for number, found in enumerate(told["classes"]):
        if not found["count"]:
            continue
        mean, spread = np.array(found["mean"]), np.array(found["std"])
        color = found["color"]
        axes.fill_between(places, mean - spread, mean + spread, color=color, alpha=0.2, linewidth=0)
        # A grey line below makes lines in the colour of the page visible.
        axes.plot(places, mean, color=_EDGE, linewidth=3.2, solid_capstyle="round")
        axes.plot(
            places,
            mean,
            color=color,
            linewidth=2,
            marker=_MARKERS[number % len(_MARKERS)],
            markersize=7,
            markeredgecolor=_EDGE,
            label=_shown(found["name"]),
        )
    axes.set_xticks(places, names, rotation=0 if max(map(len, names)) * len(names) < 60 else 60)
    axes.set_ylabel("mean ± one standard deviation")
    axes.grid(axis="y", color=_GRID)
    axes.set_axisbelow(True)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    return axes.figure


def choice(found: Choice) -> Figure:
    """See `bandcluster.Choice.plot`."""
    measures = [
        ("inertia", "Inertia: look for an elbow"),
        ("silhouette", "Silhouette (simplified): higher is better"),
        ("calinski_harabasz", "Calinski-Harabasz: higher is better"),
        ("davies_bouldin", "Davies-Bouldin: lower is better"),
        ("stability", "Stability of restarts (1: all agree)"),
        ("bic", "BIC: lower is better"),
    ]
    known = [
        (name, what)
        for name, what in measures
        if any(_is_finite(getattr(one, name)) for one in found.candidates)
    ]
    columns = min(3, len(known))
    rows = math.ceil(len(known) / columns)
    figure = _figure((4 * columns, 2.7 * rows))
    grid = figure.subplots(rows, columns, squeeze=False)
    numbers = [one.k for one in found.candidates]
    for axes, (name, what) in zip(grid.flat, known):
        axes.plot(
            numbers, [getattr(one, name) for one in found.candidates], marker="o", color=_LINE
        )
        axes.axvline(found.recommended, color=_MARK, linestyle="--", zorder=0)
        axes.set_title(what, fontsize="medium")
        axes.set_xticks(numbers)
        axes.grid(axis="y", color=_GRID)
    for axes in grid.flat[len(known) :]:
        axes.set_visible(False)
    figure.suptitle(f"{found.recommended} classes are recommended (certainty: {found.certainty})")
    figure.supxlabel("number of classes, k")
    return figure


def _figure(size: tuple[float, float]) -> Figure:
    """A figure that a notebook shows when a cell returns it, even if pyplot is not imported."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError("pictures need matplotlib: pip install matplotlib") from error
    figure = Figure(figsize=size, layout="constrained", dpi=80)
    # Not an assignment: matplotlib's class has no such attribute.
    setattr(figure, "_repr_png_", lambda: _png(figure))  # noqa: B010
    return figure


def _png(figure: Figure) -> bytes:
    content = io.BytesIO()
    figure.savefig(content, format="png", bbox_inches="tight")
    return content.getvalue()


def _shown(name: str) -> str:
    """A name for matplotlib: dollars are not mathematics, and no label is hidden."""
    return (" " if name.startswith("_") else "") + name.replace("$", r"\$")


def _is_finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _planes(
    scene: Any, classes: Any, model: Model, nodata: Nodata, channel_axis: int | None
) -> tuple[Any, Any, Any]:
    """The bands of a scene, labels (height, width), and the nodata value of each band, or None."""
    place = None
    if _labelled.is_labelled(scene):
        known = _labelled.scene(scene, channel_axis).in_bands_of(model)
        scene, nodata, place = known.pixels, known.nodata if nodata is None else nodata, known.array
    elif getattr(scene, "ndim", 0) == 3:
        scene = _arrays.bands_first(scene, channel_axis, model.n_bands)
    if nodata is None:
        nodata = model.nodata
    labels = _labelled.plane_of("map of classes", classes, place)
    shape = (model.n_bands, *labels.shape)
    found = (len(scene), *np.shape(scene[0]))
    if labels.ndim != 2 or found != shape:
        raise InvalidArgument(
            f"the scene is {found} and its classes are {labels.shape}: give (bands, height, width),"
            f" of the model's {model.n_bands} bands, and the (height, width) that its predict"
            " returned for it"
        )
    return scene, labels, _arrays.nodata_values(nodata, model.n_bands)


def _natural(model: Model) -> list[int]:
    """The bands (from 0) that colour the classes; otherwise the first bands."""
    told = model._told().get("natural_colors")
    if told is None:
        told = [3, 2, 1] if model.n_bands > 3 else [min(band, model.n_bands) for band in (1, 2, 3)]
    return [band - 1 for band in told]


def _stretched(planes: list, model: Model, rgb: list[int], nodata: Any) -> np.ndarray:
    """Red, green, blue and opacity, stretched like the colours of the model's classes."""
    bands = model._told()["bands"]
    picture = np.ones((*planes[0].shape, 4), np.float32)
    for channel, (band, plane) in enumerate(zip(rgb, planes)):
        hidden = np.ma.getmaskarray(plane)
        plane = np.ma.getdata(plane)
        if nodata is not None:
            hidden = hidden | (plane == nodata[band])
        plane = plane.astype(np.float32)
        hidden = hidden | ~np.isfinite(plane)
        told = bands[band].get("percentiles")
        if told is None:
            seen = plane[~hidden]
            told = np.percentile(seen, (5, 95)) if seen.size else (0, 1)
        low, high = told
        with np.errstate(invalid="ignore"):
            # The percentiles are 5 and 95; leave room on both sides, so that few pixels are
            # saturated.
            room = 0.15 * (high - low)
            picture[..., channel] = (plane - low + room) / max(
                high - low + 2 * room, np.finfo(np.float32).tiny
            )
        picture[hidden, 3] = 0
    return np.nan_to_num(picture.clip(0, 1))


def _colored(labels: np.ndarray, model: Model) -> np.ndarray:
    palette = np.zeros((model.n_labels + 1, 4), np.uint8)
    for value, _, color in model.legend:
        palette[value] = [int(color[place : place + 2], 16) for place in (1, 3, 5)] + [255]
    if labels.size and not 0 <= labels.min() <= labels.max() <= model.n_labels:
        found = f"the classes are from {labels.min()} to {labels.max()}"
        raise InvalidArgument(
            f"{found}: the model's are from 1 to {model.n_labels}, and 0 is nodata"
        )
    return palette[labels]


def _legend(axes: Any, labels: np.ndarray, model: Model) -> None:
    from matplotlib.patches import Patch

    counts = np.bincount(labels.ravel(), minlength=model.n_labels + 1)
    valid = max(1, counts[1:].sum())
    handles = [
        Patch(
            facecolor=color,
            edgecolor=_EDGE,
            label=f"{_shown(name)} ({100 * counts[value] / valid:.0f} %)",
        )
        for value, name, color in model.legend[:30]
    ]
    axes.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1), borderaxespad=0, frameon=False
    )


def _bands_title(model: Model, rgb: list[int]) -> str:
    names = [_shown(model.band_names[band]) or f"band {band + 1}" for band in rgb]
    return "scene: " + ", ".join(names) if len(set(names)) > 1 else f"scene: {names[0]}"
