"""Files of bands that belong together, such as those of 10, 20 and 60 m of one date, as one virtual raster.

The command line takes the same with commas between them (src/gdal/inventory.rs and grid.rs), so both give the same
labels.
"""

import os
from dataclasses import replace

from .binding import bandcluster, ensure_loaded
from .gdal_calls import RasterError
from .product import ProductSource
from .raster_io import alpha_of, has_signed_bytes, nodata_of, own_masks, scaling_of
from .translation import tr
from .virtual_raster import Band, CloudMask, virtual_raster


def stacked(sources, resolution=None, mask_scl=False) -> str:
    """The XML of a virtual raster of all bands of these rasters, in their order.

    They are brought to the pixels of the finest of them, or to ``resolution`` (units of their reference system).
    ``mask_scl``: the one called SCL is no band; its mask leaves out what it has as clouds, their shadows or unusable.
    Of a product these are the bands of 10 m, and its SCL where it is to be the mask.
    """
    ensure_loaded()
    sources = [
        _of_product(source, mask_scl) if isinstance(source, ProductSource) else _anywhere(source) for source in sources
    ]
    # What the names of the files say: B08 of T18SVG_20220615T155541_B08_10m.jp2.
    said = bandcluster.product("", [source.name for source in sources])
    bands = [band for source, file in zip(sources, said.bands) for band in _bands(source, file.name)]
    mask = CloudMask(_scl(bands), said.scl_left_out) if mask_scl else None
    return virtual_raster([band for band in bands if not (mask and band is mask.band)], resolution, mask)


def _of_product(source, mask_scl) -> ProductSource:
    return source.with_classification() if mask_scl else source


def _anywhere(source):
    """The same by a name that holds wherever the virtual raster is read from."""
    return replace(source, name=os.path.abspath(source.name)) if os.path.exists(source.name) else source


def _bands(source, name) -> list:
    """The bands of a raster whose file is called so."""
    dataset = source.open(threads=None)
    stored = [dataset.GetRasterBand(number) for number in range(1, dataset.RasterCount + 1)]
    if not stored:
        raise RasterError(tr("{} has no bands of its own; choose one of its subdatasets").format(source.title))
    if alpha_of(dataset) or own_masks(stored):
        raise RasterError(
            tr(
                "{} has a mask or an alpha band, which a stack of bands cannot keep; give its pixels without data a "
                "nodata value first (Warp)"
            ).format(source.title)
        )
    if any(has_signed_bytes([band], source.title) for band in stored):
        raise RasterError(
            tr(
                "{} has signed bytes, which a stack of bands cannot keep; convert it first (Translate, to Int16)"
            ).format(source.title)
        )
    return [_band(source, number, band, name, len(stored)) for number, band in enumerate(stored, start=1)]


def _band(source, number, band, file_name, count) -> Band:
    stem, _extension = os.path.splitext(os.path.basename(source.name))
    name = band.GetDescription().strip() or (file_name if count == 1 else f"{stem} band {number}")
    is_classes = band.GetColorTable() is not None or _is_scl(name)
    return Band(name, source, number, nodata_of(band), *scaling_of(band), is_classes)


def _is_scl(name) -> bool:
    return name.casefold() == "scl"


def _scl(bands) -> Band:
    found = [band for band in bands if _is_scl(band.name)]
    if len(found) != 1:
        raise RasterError(
            tr(
                "clouds are to be left out, and {count} of the bands are called SCL; choose the file of the scene "
                "classification of the same scene, ..._SCL_20m.jp2, too"
            ).format(count=len(found))
        )
    if len(bands) == 1:
        raise RasterError(tr("there is no band beside SCL; choose the files of the bands, too"))
    return found[0]
