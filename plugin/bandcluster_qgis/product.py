"""Sentinel-2 products, as a .SAFE folder, a zip of one, or its metadata file: their bands as one virtual raster.

The command line opens products alike (src/gdal/inventory.rs and grid.rs), so both give the same labels.
"""

import os
from dataclasses import dataclass

from osgeo import gdal

from .binding import bandcluster, ensure_loaded
from .gdal_calls import RasterError, checked
from .raster_io import Source
from .translation import tr
from .virtual_raster import Band, CloudMask, virtual_raster

METADATA = ("MTD_MSIL1C.xml", "MTD_MSIL2A.xml")
_SCL = "SCL"
_MOST_METADATA = 64 << 20  # bytes; some hundred kilobytes are usual


class Product:
    """A product's files, and what its metadata says of its bands."""

    def __init__(self, title, root, files):
        ensure_loaded()
        self.title, self.root = title, root
        metadata = [name for name in files if os.path.basename(name) in METADATA]
        text = _text(f"{root}/{metadata[0]}")
        described = bandcluster.product(title, files, text)
        self._bands, self._scl_left_out = described.bands, described.scl_left_out

    @classmethod
    def at(cls, path) -> "Product | None":
        """The product that a path leads to; None where it leads to something else."""
        text = os.fspath(path)
        if not text.startswith("/vsi"):
            text = os.path.abspath(text)  # the virtual raster may be read from elsewhere
        text = text.replace(os.sep, "/").rstrip("/")
        folder, _slash, name = text.rpartition("/")
        if name in METADATA and gdal.VSIStatL(text) is not None:
            root = folder
        elif text.lower().endswith(".zip"):
            root = text if text.startswith("/vsizip/") else f"/vsizip/{text}"
        elif os.path.isdir(text) and any(os.path.exists(f"{text}/{metadata}") for metadata in METADATA):
            root = text
        else:
            return None
        # GDAL gives a name that is not UTF-8 as bytes; no file of a product is called so.
        names = [name for name in gdal.ReadDirRecursive(root) or () if isinstance(name, str)]
        files = sorted(name.replace(os.sep, "/") for name in names)
        return cls(text, root, files) if any(os.path.basename(name) in METADATA for name in files) else None

    @classmethod
    def wanted_at(cls, path) -> "Product":
        """The same where nothing else is of use."""
        found = cls.at(path)
        if found is None:
            raise RasterError(
                tr(
                    "{} is no Sentinel-2 product; choose a .SAFE folder, a zip of one, or the file MTD_MSIL1C.xml or "
                    "MTD_MSIL2A.xml in it"
                ).format(path)
            )
        return found

    @property
    def names(self) -> list:
        """The names of all bands."""
        return [band.name for band in self._bands]

    def file(self, band) -> str:
        """The name of a band's file, for GDAL."""
        return f"{self.root}/{band.file}"

    @property
    def default_names(self) -> list:
        """The names of the bands that are taken where none are asked for."""
        return [band.name for band in self._chosen(())]

    def default_file(self) -> str:
        """The file of one of the bands."""
        return self.file(self._chosen(())[0])

    def virtual_raster(self, names=(), resolution=None, mask_scl=False) -> str:
        """The XML of a virtual raster of the bands called so, in this order; none: those of 10 m.

        All are brought to the pixels of the finest of them, or to ``resolution`` in metres from the same corner.
        ``mask_scl``: its mask leaves out what the scene classification has as clouds, their shadows or unusable.
        """
        scl = self._named(_SCL) if mask_scl else None
        mask = CloudMask(self._layer(scl), self._scl_left_out) if scl else None
        return virtual_raster([self._layer(band) for band in self._chosen(names)], resolution, mask)

    def _layer(self, band) -> Band:
        is_classes = band.name == _SCL
        return Band(band.name, Source(self.file(band)), 1, band.nodata, band.scale, band.offset, is_classes)

    def _chosen(self, names) -> list:
        if not names:
            return [band for band in self._bands if band.by_default]
        if len({name.casefold() for name in names}) < len(names):
            raise RasterError(tr("{}: a band is asked for twice; give each once").format(", ".join(names)))
        return [self._named(name) for name in names]

    def _named(self, name):
        for band in self._bands:
            if band.name.casefold() == name.casefold():
                return band
        raise RasterError(
            tr("{product} has no band {band}; it has {bands}").format(
                product=self.title, band=name, bands=", ".join(self.names)
            )
        )


@dataclass(frozen=True)
class ProductSource(Source):
    """A product as a scene: the names of bands, and whether its clouds are masked, make the raster that GDAL opens."""

    product: "Product | None" = None
    mask_scl: bool = False

    @classmethod
    def of(cls, product, mask_scl, names=()):
        return cls(product.virtual_raster(names, mask_scl=mask_scl), (), product, mask_scl)

    @property
    def title(self) -> str:
        return self.product.title

    @property
    def masked_by(self) -> str:
        return tr("the SCL band") if self.mask_scl else ""

    def files(self) -> list:
        return [self.product.title]

    def with_classification(self) -> "ProductSource":
        """The same with the scene classification as a band, where the product has one."""
        scl = [name for name in self.product.names if name == _SCL]
        return self.of_bands([*self.product.default_names, *scl])

    def of_bands(self, names) -> "ProductSource":
        """The same with the bands of these names."""
        return ProductSource.of(self.product, self.mask_scl, names)


def _text(path) -> str:
    """The text of a file of any of GDAL's file systems."""
    what = tr("{} cannot be read; fetch the product again").format(path)
    size = checked(what, gdal.VSIStatL, path).size
    if size > _MOST_METADATA:
        raise RasterError(what)
    file = checked(what, gdal.VSIFOpenL, path, "rb")
    try:
        return bytes(gdal.VSIFReadL(1, size, file) or b"").decode("utf-8", "replace")
    finally:
        gdal.VSIFCloseL(file)
