"""What the files of a Sentinel-2 product are, or files of single bands."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Sequence
from dataclasses import dataclass

from . import _native


@dataclass(frozen=True)
class ProductBand:
    """A band of a product, in the finest resolution there is."""

    name: str
    """Such as ``"B8A"``; L2A also has ``"AOT"``, ``"WVP"`` and ``"SCL"``."""
    file: str
    """The file it is in, as the list of files has it."""
    nodata: float | None
    """What marks pixels without data."""
    scale: float
    """Reflectance is sample x scale + offset."""
    offset: float
    by_default: bool
    """Whether it is among those that are read where none are asked for: the bands of 10 m."""


@dataclass(frozen=True)
class Product:
    """A Sentinel-2 product: see `product`."""

    bands: tuple[ProductBand, ...]
    scl_left_out: frozenset[int]
    """The classes of the band SCL to leave out: clouds, their shadows, and what cannot be used."""


class _Described(_native.NativeObject):
    _free = "product_free"

    def json(self) -> str:
        return self._text("product_json")


def product(name: str, files: Sequence[str], metadata: str | None = None) -> Product:
    """What is known of a Sentinel-2 product (L1C or L2A, in the layout since December 2016). No
    file is opened.

    Parameters
    ----------
    name : str
        What messages call it.
    files : list of str
        The names of all its files, with ``/`` between folders.
    metadata : str, optional
        The text of the file called ``MTD_MSIL1C.xml`` or ``MTD_MSIL2A.xml``. Without it every file
        is a band (scale 1, offset 0), called by the band in its name, else by its name without the
        extension.

    Returns
    -------
    Product

    Raises
    ------
    InvalidData
        Where something is missing.

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
