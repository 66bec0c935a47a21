"""The blocks in which a raster is read cover it once, stay small, and follow how it is stored."""

import numpy as np
import pytest


@pytest.mark.parametrize(
    "size",
    [
        (832, 832, 8, 256, 256),
        (832, 832, 8, 832, 1),
        (10980, 10980, 26, 1024, 1024),
        (100_000, 300, 26, 256, 256),
        (100_000, 5, 800, 100_000, 1),
        (1, 1, 1, 1, 1),
        (3, 100_000, 8, 128, 128),
    ],
)
@pytest.mark.parametrize("budget", [2**24, 2**16, 1])
def test_every_pixel_once(size, budget):
    from bandcluster_qgis.windows import windows

    width, height, pixel_bytes, block_width, block_height = size
    seen = np.zeros((height, width), np.uint8)
    for x, y, columns, rows in windows(*size, budget=budget):
        assert columns >= 1 and rows >= 1
        seen[y : y + rows, x : x + columns] += 1
        smallest = max(256, block_width) * max(256, block_height) if block_width < width else width
        assert columns * rows * pixel_bytes <= max(budget, smallest * pixel_bytes)
    assert (seen == 1).all()


def test_along_the_tiles_of_file_and_output():
    from bandcluster_qgis.windows import windows

    for x, y, _columns, _rows in windows(10980, 10980, 26, 1024, 1024):
        assert x % 1024 == 0 and y % 1024 == 0
    assert all(y % 256 == 0 for _x, y, _columns, _rows in windows(10980, 10980, 2, 10980, 1))
