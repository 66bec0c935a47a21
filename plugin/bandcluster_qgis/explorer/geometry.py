"""The pixels of a raster that a view shows, and their places.

Plain Python and NumPy; y of the map grows upwards.
"""

import math
from dataclasses import dataclass
from itertools import product

import numpy as np

_STEP = 16  # pixels between transformed points; those between are interpolated
_PLACES = 16  # samples of a raster in each direction
_SAMPLE = 64  # side of a sample in pixels, if the raster's blocks are at least as large
_PART, _MOST_PARTS = 1024**2, 1024  # the raster's pixels in a part of a window, and its parts


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
    """The grid of a raster: columns and rows in a box, stored in blocks of columns and rows."""

    box: Box
    columns: int
    rows: int
    block: tuple = (256, 256)

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
        columns, rows = last - first, lower - upper
        box = self._box(first, upper, columns, rows)
        read_columns = min(columns, max(int(np.ceil(box.width / resolution)), 1))
        read_rows = min(rows, max(int(np.ceil(box.height / resolution)), 1))
        return Window(box, read_columns, read_rows)

    def samples(self) -> "list[Window]":
        """Small windows at full resolution, each in one block, in the order of `spread`."""
        found = []
        for column, row in spread(_PLACES, _PLACES):
            rows = min(_SAMPLE, max(self.rows // _PLACES, 1))
            top, rows = _run(row, rows, self.rows, self.block[1])
            columns = min(_SAMPLE**2 // rows, max(self.columns // _PLACES, 1))
            left, columns = _run(column, columns, self.columns, self.block[0])
            found.append(Window(self._box(left, top, columns, rows), columns, rows))
        return list(dict.fromkeys(found))

    def parts(self, window) -> "list[Part]":
        """A window in parts of whole blocks, in the order of `spread`; one part if it is small.

        So each block of a file is decoded once, and what is read first lies everywhere.
        """
        wide, high = self.box.width / self.columns, self.box.height / self.rows
        left = int(round((window.box.left - self.box.left) / wide))
        top = int(round((self.box.top - window.box.top) / high))
        columns, rows = (
            int(round(length)) for length in (window.box.width / wide, window.box.height / high)
        )
        if columns * rows <= 4 * _PART:
            return [window.whole()]
        size = max(_PART, columns * rows // _MOST_PARTS)
        part_columns = min(_whole_blocks(math.isqrt(size), self.block[0]), self.columns)
        part_rows = _whole_blocks(size // part_columns, self.block[1])
        across = _cuts(left, columns, window.columns, part_columns)
        down = _cuts(top, rows, window.rows, part_rows)
        return [
            window.part(down[row : row + 2], across[column : column + 2])
            for column, row in spread(len(across) - 1, len(down) - 1)
        ]

    def _box(self, left, top, columns, rows):
        wide, high = self.box.width / self.columns, self.box.height / self.rows
        return Box(
            self.box.left + left * wide,
            self.box.top - (top + rows) * high,
            self.box.left + (left + columns) * wide,
            self.box.top - top * high,
        )


@dataclass(frozen=True)
class Window:
    """A part of a raster to read: the box of its pixels, and how many columns and rows to read."""

    box: Box
    columns: int
    rows: int

    def centers(self):
        """The x of the pixels' centres, in a row, and their y, in a column."""
        xs = self.box.left + (np.arange(self.columns) + 0.5) * (self.box.width / self.columns)
        ys = self.box.top - (np.arange(self.rows) + 0.5) * (self.box.height / self.rows)
        return xs[None], ys[:, None]

    def whole(self) -> "Part":
        return Part(slice(0, self.rows), slice(0, self.columns), self)

    def part(self, rows, columns) -> "Part":
        """The part between two rows and two columns."""
        (upper, lower), (first, last) = rows, columns
        wide, high = self.box.width / self.columns, self.box.height / self.rows
        box = Box(
            self.box.left + first * wide,
            self.box.top - lower * high,
            self.box.left + last * wide,
            self.box.top - upper * high,
        )
        return Part(
            slice(upper, lower), slice(first, last), Window(box, last - first, lower - upper)
        )


@dataclass(frozen=True)
class Part:
    """A part of a window: its rows and columns there, and the window to read for it."""

    rows: slice
    columns: slice
    window: Window


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


def spread(columns, rows):
    """The cells of a grid in an order in which the first ones, however many, lie everywhere.

    The two numbers are those of M. Roberts's R2 sequence, which fills a square evenly.
    """
    cells = product(range(columns), range(rows))
    return sorted(cells, key=lambda cell: (0.7548776662 * cell[0] + 0.5698402910 * cell[1]) % 1)


def _run(cell, length, whole, block):
    """The start and the length of a run of pixels near the middle of a cell, within one block."""
    middle = (2 * cell + 1) * whole // (2 * _PLACES)
    first = middle // block * block
    last = min(first + block, whole)
    length = min(length, last - first)
    return min(max(middle - length // 2, first), last - length), length


def _whole_blocks(length, block):
    """The largest length of whole blocks that is not above another; at least one block."""
    return max(length // block, 1) * block


def _cuts(first, length, n_read, size):
    """The borders of the parts of `size` pixels, among `n_read` that are read of `length`."""
    borders = range((first // size + 1) * size, first + length, size)
    inner = {round((border - first) * n_read / length) for border in borders}
    return [0, *sorted(inner - {0, n_read}), n_read]
