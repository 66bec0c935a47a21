"""Sentinel-2 products, as a .SAFE folder, a zip of one, or its metadata file: their bands as one virtual raster.

The command line opens products alike (src/gdal/inventory.rs and grid.rs), so both give the same labels.
"""

import math
import os
from dataclasses import dataclass
from xml.etree import ElementTree

from osgeo import gdal

from .binding import bandcluster, ensure_loaded
from .gdal_calls import RasterError, checked
from .raster_io import Source
from .translation import tr

METADATA = ("MTD_MSIL1C.xml", "MTD_MSIL2A.xml")
_SCL = "SCL"
_MOST_METADATA = 64 << 20  # bytes; some hundred kilobytes are usual
_COLORS = {"B04": "Red", "B03": "Green", "B02": "Blue"}


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

    def default_file(self) -> str:
        """The file of one of the bands."""
        return self.file(self._chosen(())[0])

    def virtual_raster(self, names=(), resolution=None, mask_scl=False) -> str:
        """The XML of a virtual raster of the bands called so, in this order; none: those of 10 m.

        All are brought to the pixels of the finest of them, or to ``resolution`` in metres from the same corner.
        ``mask_scl``: its mask leaves out what the scene classification has as clouds, their shadows or unusable.
        """
        bands = self._chosen(names)
        scl = self._named(_SCL) if mask_scl else None
        layers = [_Layer(self.file(band), band.nodata) for band in bands]
        data = [layer for layer, band in zip(layers, bands) if band.name != _SCL] or layers
        grid = min((layer.grid for layer in data), key=lambda grid: grid.pixel)
        grid = grid if resolution is None else grid.at(resolution)
        root = ElementTree.Element("VRTDataset", rasterXSize=str(grid.width), rasterYSize=str(grid.height))
        system = layers[0].dataset.GetSpatialRef()
        if system:
            axes = ",".join(map(str, system.GetDataAxisToSRSAxisMapping()))
            ElementTree.SubElement(root, "SRS", dataAxisToSRSAxisMapping=axes).text = system.ExportToWkt()
        ElementTree.SubElement(root, "GeoTransform").text = ", ".join(map(repr, grid.transform))
        for number, (layer, band) in enumerate(zip(layers, bands), start=1):
            element = layer.element(root, grid, "SimpleSource", classes=band.name == _SCL, band=str(number))
            for tag, value in (
                ("Description", band.name),
                ("NoDataValue", band.nodata),
                ("ColorInterp", _COLORS.get(band.name)),
                ("Offset", band.offset),
                ("Scale", band.scale),
            ):
                if value is not None:
                    ElementTree.SubElement(element, tag).text = value if isinstance(value, str) else repr(value)
        if scl:
            holder = ElementTree.SubElement(root, "MaskBand")
            layer = _Layer(self.file(scl), scl.nodata)
            source = layer.element(holder, grid, "ComplexSource", classes=True)[0]
            left_out = self._scl_left_out
            table = ",".join(f"{value}:{0 if value in left_out else 255}" for value in range(256))
            ElementTree.SubElement(source, "LUT").text = table
        return ElementTree.tostring(root, encoding="unicode")

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

    def of_bands(self, names) -> "ProductSource":
        """The same with the bands of these names."""
        return ProductSource.of(self.product, self.mask_scl, names)


@dataclass(frozen=True)
class _Grid:
    """North-up pixels: those of a product's files."""

    width: int
    height: int
    left: float
    top: float
    pixel: float

    @property
    def transform(self) -> tuple:
        return (self.left, self.pixel, 0.0, self.top, 0.0, -self.pixel)

    def at(self, resolution) -> "_Grid":
        """From the same corner; pixels with their centres outside are left out."""
        if not 0 < resolution < math.inf:
            raise RasterError(tr("the size of a pixel is {} m; choose one above 0").format(resolution))
        width, height = (int(length * self.pixel / resolution + 0.5 + 1e-6) for length in (self.width, self.height))
        if not width or not height:
            raise RasterError(
                tr("a pixel of {} m is larger than the scene; choose a finer resolution").format(f"{resolution:g}")
            )
        return _Grid(width, height, self.left, self.top, float(resolution))


class _Layer:
    """A file of one band, open."""

    def __init__(self, path, nodata):
        self._nodata = nodata
        self._path = path
        self.dataset = Source(path).open(threads=None)
        left, pixel, _, top, _, _ = self.dataset.GetGeoTransform()
        self.grid = _Grid(self.dataset.RasterXSize, self.dataset.RasterYSize, left, top, pixel)

    def element(self, parent, grid, kind, classes, **attributes):
        """A band of a virtual raster whose only source is this file, on a grid. The source is its first element."""
        stored = self.dataset.GetRasterBand(1)
        if self.grid == grid:
            name, (width, height) = self._path, stored.GetBlockSize()
            # Blocks are then read as the file stores them (from GDAL 3.3).
            attributes.update(blockXSize=str(width), blockYSize=str(height))
        else:
            name = self._resampled(grid, classes)
        data_type = gdal.GetDataTypeName(stored.DataType)
        band = ElementTree.SubElement(parent, "VRTRasterBand", dataType=data_type, **attributes)
        source = ElementTree.SubElement(band, kind)
        ElementTree.SubElement(source, "SourceFilename", relativeToVRT="0").text = name
        ElementTree.SubElement(source, "SourceBand").text = "1"
        for rectangle in ("SrcRect", "DstRect"):
            ElementTree.SubElement(source, rectangle, xOff="0", yOff="0", xSize=str(grid.width), ySize=str(grid.height))
        return band

    def _resampled(self, grid, classes) -> str:
        """The XML of the file on another grid. Classes are not mixed."""
        method = "near" if classes else "average" if self.grid.pixel < grid.pixel else "bilinear"
        bottom, right = grid.top - grid.height * grid.pixel, grid.left + grid.width * grid.pixel
        # Coordinates are exact, and no overview is used, so that an average is one of the pixels themselves.
        options = ["-of", "VRT", "-et", "0", "-ovr", "NONE", "-r", method]
        options += ["-te", *map(repr, (grid.left, bottom, right, grid.top))]
        options += ["-ts", str(grid.width), str(grid.height)]
        if self._nodata is not None:
            options += ["-srcnodata", repr(self._nodata), "-dstnodata", repr(self._nodata)]
        what = tr("{} cannot be resampled").format(self._path)
        return checked(what, gdal.Warp, "", self.dataset, options=options).GetMetadata("xml:VRT")[0]


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
