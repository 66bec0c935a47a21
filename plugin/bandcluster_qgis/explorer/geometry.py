"""The pixels of a raster that a view shows, and their places.

Plain Python and NumPy; y of the map grows upwards.
"""

from dataclasses import dataclass

import numpy as np

_STEP = 16  # pixels between transformed points; those between are interpolated


@dataclass(frozen=True)
class Box:
    """A rectangle in a map's units."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self):
        return self.right - self.left

    @property
    def height(self):
        return self.top - self.bottom

    def meets(self, other) -> "Box | None":
        """The intersection of both boxes, or None."""
        left, bottom = max(self.left, other.left), max(self.bottom, other.bottom)
        right, top = min(self.right, other.right), min(self.top, other.top)
        return Box(left, bottom, right, top) if left < right and bottom < top else None


@dataclass(frozen=True)
class Grid:
    """The grid of a raster: columns and rows in a box."""

    box: Box
    columns: int
    rows: int

    def center_at(self, x, y) -> "tuple | None":
        """The centre of the pixel at a point; None outside."""
        wide, high = self.box.width / self.columns, self.box.height / self.rows
        column, row = np.floor((x - self.box.left) / wide), np.floor((self.box.top - y) / high)
        if not (0 <= column < self.columns and 0 <= row < self.rows):
            return None
        return float(self.box.left + (column + 0.5) * wide), float(
            self.box.top - (row + 0.5) * high
        )

    def window(self, view, resolution) -> "Window | None":
        """The whole pixels that a view shows.

        They are at least as fine as `resolution`, the size of a pixel of the screen in map units.
        """
        common = self.box.meets(view)
        if common is None:
            return None
        wide, high = self.box.width / self.columns, self.box.height / self.rows
        first = max(int(np.floor((common.left - self.box.left) / wide + 1e-9)), 0)
        last = min(int(np.ceil((common.right - self.box.left) / wide - 1e-9)), self.columns)
        upper = max(int(np.floor((self.box.top - common.top) / high + 1e-9)), 0)
        lower = min(int(np.ceil((self.box.top - common.bottom) / high - 1e-9)), self.rows)
        last, lower = max(last, first + 1), max(lower, upper + 1)
        box = Box(
            self.box.left + first * wide,
            self.box.top - lower * high,
            self.box.left + last * wide,
            self.box.top - upper * high,
        )
        columns, rows = last - first, lower - upper
        read_columns = min(columns, max(int(np.ceil(box.width / resolution)), 1))
        read_rows = min(rows, max(int(np.ceil(box.height / resolution)), 1))
        return Window(box, read_columns, read_rows)


@dataclass(frozen=True)
class Window:
    """A part of a raster to read: the box of its pixels, and how many columns and rows to read."""

    box: Box
    columns: int
    rows: int


def places(view, columns, rows, transform):
    """The places of a view's pixels in a raster's system, as arrays of x and y.

    Both are (rows, columns), with NaN outside. `transform` turns a point of the map into one of the
    raster's system, or returns None.
    """
    across = np.unique(np.append(np.arange(0, columns, _STEP), columns - 1))
    down = np.unique(np.append(np.arange(0, rows, _STEP), rows - 1))
    xs = view.left + (across + 0.5) * view.width / columns
    ys = view.top - (down + 0.5) * view.height / rows
    known = np.full((2, len(down), len(across)), np.nan)
    for i, y in enumerate(ys):
        for j, x in enumerate(xs):
            point = transform(x, y)
            if point is not None:
                known[:, i, j] = point
    return [_between(one, down, across, rows, columns) for one in known]


def _between(known, down, across, rows, columns):
    """Interpolates values at some rows and columns for all rows and columns."""
    wide = np.stack([np.interp(np.arange(columns), across, row) for row in known])
    return _lines(wide, down, rows)


def _lines(wide, down, rows):
    above = np.clip(
        np.searchsorted(down, np.arange(rows), side="right") - 1, 0, max(len(down) - 2, 0)
    )
    if len(down) == 1:
        return np.repeat(wide, rows, axis=0)
    share = ((np.arange(rows) - down[above]) / (down[above + 1] - down[above]))[:, None]
    return wide[above] * (1 - share) + wide[above + 1] * share


def indices(xs, ys, window):
    """The rows and columns of a window's pixels at some places, and which lie in it."""
    with np.errstate(invalid="ignore"):
        columns = np.floor((xs - window.box.left) * (window.columns / window.box.width))
        rows = np.floor((window.box.top - ys) * (window.rows / window.box.height))
        inside = (columns >= 0) & (columns < window.columns) & (rows >= 0) & (rows < window.rows)
        columns, rows = (np.where(inside, one, 0).astype(np.intp) for one in (columns, rows))
    return rows, columns, inside


def samples(grid, count, size) -> "list[Window]":
    """Small windows at full resolution, evenly spread.

    They are read for a coarse look at a large raster without overviews.
    """
    wide, high = grid.box.width / grid.columns, grid.box.height / grid.rows
    found = []
    for top in _starts(grid.rows, count, size):
        for left in _starts(grid.columns, count, size):
            columns, rows = min(size, grid.columns - left), min(size, grid.rows - top)
            box = Box(
                grid.box.left + left * wide,
                grid.box.top - (top + rows) * high,
                grid.box.left + (left + columns) * wide,
                grid.box.top - top * high,
            )
            found.append(Window(box, columns, rows))
    return found


def _starts(length, count, size):
    if length <= count * size:
        return range(0, length, size)
    return [int(start) for start in np.linspace(0, length - size, count)]
