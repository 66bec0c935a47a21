"""The legend of a model: names and colours of the classes, and styles for QGIS."""

from __future__ import annotations

import ctypes
import os
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from .. import _native
from .._types import PathLike
from ..errors import InvalidArgument
from ._facts import Facts


class Legend(Facts):
    """The part of `Model` that names and colours its classes."""

    @property
    def legend(self) -> list[tuple[int, str, str]]:
        """Label, name and ``"#rrggbb"`` of the classes, and of unclassified pixels if any."""
        values = range(1, self.n_labels + 1)
        return [
            (value, self._text("model_class_name", value), f"#{self._color(value):06x}")
            for value in values
        ]

    @property
    def class_names(self) -> list[str]:
        """Names of the classes, class 1 first. May be set, to one name for each class."""
        return [self._text("model_class_name", value) for value in self._values()]

    @class_names.setter
    def class_names(self, names: Sequence[str]) -> None:
        for value, name in self._for_each_class("class_names", names):
            self._change("model_set_class_name", value, _native.name(name))

    @property
    def class_colors(self) -> list[str]:
        """Colours of the classes as ``"#rrggbb"``, class 1 first.

        May be set, also to (red, green, blue).
        """
        return [f"#{self._color(value):06x}" for value in self._values()]

    @class_colors.setter
    def class_colors(self, colors: Sequence[Any]) -> None:
        numbers = [_color_number(color) for color in colors]
        for value, number in self._for_each_class("class_colors", numbers):
            self._change("model_set_class_color", value, number)

    def natural_colors(self, red: int, green: int, blue: int) -> None:
        """Colour the classes like the scene.

        Parameters
        ----------
        red, green, blue : int
            The bands, 1 to `n_bands`, that are shown as red, green and blue.

        Raises
        ------
        InvalidArgument
            For a band that does not exist.

        Examples
        --------
        >>> model = bandcluster.fit(image, 3)
        >>> model.natural_colors(3, 2, 1)
        """
        bands = [_native.whole("band", band, 1, self.n_bands) for band in (red, green, blue)]
        self._change("model_natural_colors", *bands)

    def set_colors(self, colors: str) -> None:
        """Colour the classes by a list of colours, or by the name of a palette.

        Parameters
        ----------
        colors : str
            ``"black,#00ff00,red"``: one for each class by its CSS name or as #rrggbb; or
            ``"palette:NAME"`` for any number of classes: okabe-ito, tol-bright, tol-muted, tab10,
            set2, paired, viridis, plasma, cividis or turbo.

        Raises
        ------
        InvalidArgument
            For an unknown name, or a wrong number of colours.

        Examples
        --------
        >>> model = bandcluster.fit(image, 3)
        >>> model.set_colors("navy,darkgreen,#f0e68c")
        >>> model.class_colors
        ['#000080', '#006400', '#f0e68c']
        """
        self._change("model_set_colors", _native.text("list of colours", colors))

    def save_qml(self, path: PathLike, counts: Sequence[int] | None = None) -> None:
        """Write the legend of a map for QGIS.

        QGIS loads it by itself if it lies beside the raster (map.qml beside map.tif).

        Parameters
        ----------
        path : path
            The file to write.
        counts : list of int, optional
            Number of pixels of each label in the map, from 0 (nodata) on; None: the training
            pixels.

        Raises
        ------
        IOFailure
            For a file that cannot be written.

        Examples
        --------
        >>> model.save_qml("map.qml")
        """
        numbers = np.asarray(() if counts is None else counts, np.uint64)
        data = None if counts is None else numbers.ctypes.data
        _native.call("model_save_qml", self._handle, data, numbers.size, os.fsencode(path))

    def save_polygons_qml(self, path: PathLike) -> None:
        """Write the style of a map's polygons for QGIS.

        QGIS loads it by itself (map.qml beside map.geojson).

        Polygons are styled by the class in their field ``value``: with its colour and name.

        Parameters
        ----------
        path : path
            The file to write.

        Raises
        ------
        IOFailure
            For a file that cannot be written.

        Examples
        --------
        >>> model.save_polygons_qml("polygons.qml")
        """
        _native.call("model_save_polygons_qml", self._handle, os.fsencode(path))

    def _values(self) -> range:
        return range(1, self.n_clusters + 1)

    def _color(self, value: int) -> int:
        color = ctypes.c_uint32()
        _native.call("model_class_color", self._handle, value, ctypes.byref(color))
        return color.value

    def _for_each_class(self, what: str, items: Sequence[Any]) -> Iterable[tuple[int, Any]]:
        if len(items) != self.n_clusters:
            raise InvalidArgument(
                f"{what} needs {self.n_clusters} entries, one for each class; found {len(items)}"
            )
        return zip(self._values(), items)


def _color_number(color: Any) -> int:
    """0xRRGGBB of "#rrggbb" or (red, green, blue)."""
    if isinstance(color, str):
        if re.fullmatch("#[0-9a-fA-F]{6}", color):
            return int(color[1:], 16)
        raise InvalidArgument(f"a colour must be '#rrggbb' or (red, green, blue), found {color!r}")
    red, green, blue = (
        _native.whole("a colour's component", component, 0, 255) for component in color
    )
    return red << 16 | green << 8 | blue
