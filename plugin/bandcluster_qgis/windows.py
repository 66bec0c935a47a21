"""How a raster is cut into the blocks in which it is read, worked on and written."""

from typing import NamedTuple

BLOCK_BYTES = 16 * 2**20  # small enough to cancel soon, large enough to keep all cores busy
_OUTPUT_TILE = 256  # blocks in multiples of it write each tile of the output once


class Window(NamedTuple):
    x: int
    y: int
    width: int
    height: int


def windows(width, height, pixel_bytes, block_width, block_height, budget=BLOCK_BYTES) -> "list[Window]":
    """Windows that cover a raster, each of about ``budget`` bytes, along the blocks that the file is stored in."""
    columns, rows = _size(width, pixel_bytes, block_width, block_height, budget)
    return [
        Window(x, y, min(columns, width - x), min(rows, height - y))
        for y in range(0, height, rows)
        for x in range(0, width, columns)
    ]


def _size(width, pixel_bytes, block_width, block_height, budget):
    rows = budget // (pixel_bytes * width)
    if block_width >= width:  # stored in strips: any rows will do
        return width, _align(rows, _OUTPUT_TILE)
    unit_height = max(_OUTPUT_TILE, block_height)
    if rows >= unit_height:
        return width, _align(rows, unit_height)
    unit_width = max(_OUTPUT_TILE, block_width)
    return max(unit_width, _align(budget // (pixel_bytes * unit_height), unit_width)), unit_height


def _align(length, unit):
    """The length cut down to a multiple of the unit, if that leaves any; at least 1."""
    return max(1, length // unit * unit or length)
