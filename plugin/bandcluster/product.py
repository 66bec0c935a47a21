"""The bands in the files of a Sentinel-2 product, or in other files."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Sequence
from dataclasses import dataclass

from . import _native


@dataclass(frozen=True)
class ProductBand:
    """A band of a product, in its finest resolution."""

    name: str
    """Such as ``"B8A"``; L2A also has ``"AOT"``, ``"WVP"`` and ``"SCL"``."""
    file: str
    """Its file, as in the list of files."""
    nodata: float | None
    """The value of pixels without data."""
    scale: float
    """Reflectance is sample x scale + offset."""
    offset: float
    by_default: bool
    """Whether it is read if no bands are chosen: the bands of 10 m."""


@dataclass(frozen=True)
class Product:
    """A Sentinel-2 product: see `product`."""

    bands: tuple[ProductBand, ...]
    scl_left_out: frozenset[int]
    """The classes of the band SCL to leave out: clouds, their shadows, and unusable pixels."""


class _Described(_native.NativeObject):
    _free = "product_free"

    def json(self) -> str:
        return self._text("product_json")


def product(name: str, files: Sequence[str], metadata: str | None = None) -> Product:
    """The bands of a Sentinel-2 product (L1C or L2A, in the layout since December 2016).

    No file is opened.

    Parameters
    ----------
    name : str
        Its name in messages.
    files : list of str
        The names of all its files, with ``/`` between folders.
    metadata : str, optional
        The text of the file ``MTD_MSIL1C.xml`` or ``MTD_MSIL2A.xml``. Without it every file is a
        band (scale 1, offset 0), named by the band in the file's name, or by the file's name
        without its extension.

    Returns
    -------
    Product

    Raises
    ------
    InvalidData
        If something is missing.

    Examples
    --------
    >>> found = bandcluster.product("a folder", ["T18SVG_20200101T155539_B08_10m.jp2", "slope.tif"])
    >>> [band.name for band in found.bands]
    ['B08', 'slope']
    """
    names = (ctypes.c_char_p * len(files))(
        *(_native.text("name of a file", file) for file in files)
    )
    text = None if metadata is None else _native.text("metadata", metadata)
    arguments = _native.text("name", name), names, len(files), text
    found = json.loads(_Described._create("product_new", *arguments).json())
    return Product(
        tuple(ProductBand(**band) for band in found["bands"]), frozenset(found["scl_left_out"])
    )
