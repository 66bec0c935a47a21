"""Virtual rasters: bands of several files, brought to the pixels of the finest of them.

The command line does alike (src/gdal/grid.rs), so both give the same labels.
"""

import math
from dataclasses import dataclass
from xml.etree import ElementTree

from osgeo import gdal

from .gdal_calls import RasterError, checked
from .raster_io import Source
from .translation import tr

_COLORS = {"b04": "Red", "red": "Red", "b03": "Green", "green": "Green", "b02": "Blue", "blue": "Blue"}
_LEAST_SHARED = 0.5  # of the ground of the finest file, that all files must show
_SAME = 1e-6  # how much two resolutions may differ and be one: writers round
_MOST_PIXELS = 2**31 - 1  # in a row or column, that GDAL takes
_TOLERANCE = 0.05  # how far corners may be apart, in pixels


@dataclass(frozen=True)
class Band:
    """A band of a file, and what its samples mean."""

    name: str
    source: Source
    number: int = 1  # in the file
    nodata: "float | None" = None
    scale: float = 1.0
    offset: float = 0.0
    is_classes: bool = False  # its values cannot be mixed


@dataclass(frozen=True)
class CloudMask:
    """A band of classes, some of which are to be left out."""

    band: Band
    left_out: frozenset


def virtual_raster(bands, resolution=None, mask=None) -> str:
    """The XML of a virtual raster of these bands, in this order.

    They are brought to the pixels of the finest of them, or to ``resolution`` (units of their reference system) from
    the same corner, over the ground that all of them show. Classes have no say in that. ``mask``: a
    :class:`CloudMask`, whose pixels of the classes to leave out become those without data.
    """
    opened = [_Opened(band) for band in bands]
    masking = _Opened(mask.band) if mask else None
    grid = _common([*opened, *([masking] if masking else [])], resolution)
    root = ElementTree.Element("VRTDataset", rasterXSize=str(grid.width), rasterYSize=str(grid.height))
    system = next((layer.system for layer in opened if layer.system), None)
    if system:
        axes = ",".join(map(str, system.GetDataAxisToSRSAxisMapping()))
        ElementTree.SubElement(root, "SRS", dataAxisToSRSAxisMapping=axes).text = system.ExportToWkt()
    if grid.transform:
        ElementTree.SubElement(root, "GeoTransform").text = ", ".join(map(repr, grid.transform))
    for number, layer in enumerate(opened, start=1):
        element = layer.element(root, grid, "SimpleSource", band=str(number))
        band = layer.band
        for tag, value in (
            ("Description", band.name),
            ("NoDataValue", band.nodata),
            ("ColorInterp", _COLORS.get(band.name.casefold()) or layer.color),
            ("Offset", band.offset),
            ("Scale", band.scale),
        ):
            if value is not None:
                ElementTree.SubElement(element, tag).text = value if isinstance(value, str) else repr(value)
    if masking:
        source = masking.element(ElementTree.SubElement(root, "MaskBand"), grid, "ComplexSource")[0]
        table = ",".join(f"{value}:{0 if value in mask.left_out else 255}" for value in range(256))
        ElementTree.SubElement(source, "LUT").text = table
    return ElementTree.tostring(root, encoding="unicode")


@dataclass(frozen=True)
class _Grid:
    """Columns and rows, and where they lie: GDAL's transform, or None for nowhere."""

    width: int
    height: int
    transform: "tuple | None"

    @property
    def is_north_up(self) -> bool:
        return bool(self.transform) and self.transform[1] > 0 > self.transform[5] and not any(self.transform[2:5:2])

    @property
    def pixel(self) -> float:
        """The width of a pixel; of north-up grids."""
        return self.transform[1]

    @property
    def extent(self) -> tuple:
        """Left, bottom, right and top; of north-up grids."""
        left, width, _, top, _, height = self.transform
        return left, top + self.height * height, left + self.width * width, top

    def corners(self) -> list:
        x0, a, b, y0, c, d = self.transform
        places = [(x, y) for x in (0, self.width) for y in (0, self.height)]
        return [(x0 + x * a + y * b, y0 + x * c + y * d) for x, y in places]

    def fits(self, other) -> bool:
        """Whether both have the same pixels. One that does not say where it lies is taken at its word."""
        if (self.width, self.height) != (other.width, other.height):
            return False
        if not self.transform or not other.transform:
            return True
        pixel = min(math.hypot(*self.transform[1:5:3]), math.hypot(*self.transform[2:6:3]))
        apart = max(math.dist(own, its) for own, its in zip(self.corners(), other.corners()))
        return apart <= _TOLERANCE * pixel

    def at(self, resolution) -> "_Grid":
        """From the same corner with other pixels."""
        if not 0 < resolution < math.inf:
            raise RasterError(tr("the size of a pixel is {}; choose one above 0").format(resolution))
        left, bottom, right, top = self.extent
        if right - left < resolution / 2 or top - bottom < resolution / 2:
            raise RasterError(
                tr("a pixel of {} is larger than the scene; choose a finer resolution").format(f"{resolution:g}")
            )
        width, height = (math.ceil(length / resolution - _SAME) for length in (right - left, top - bottom))
        if max(width, height) > _MOST_PIXELS:
            raise RasterError(
                tr("pixels of {} would be more than {} in a row or column; choose a coarser resolution").format(
                    f"{resolution:g}", _MOST_PIXELS
                )
            )
        return _Grid(width, height, (left, float(resolution), 0.0, top, 0.0, -float(resolution)))

    def within(self, extent) -> "_Grid":
        """The part whose pixels have their centres inside an extent; may be none."""
        x, width, _, y, _, height = self.transform
        left, bottom, right, top = extent
        column, columns = _centres((left - x) / width, (right - x) / width, self.width)
        row, rows = _centres((top - y) / height, (bottom - y) / height, self.height)
        return _Grid(columns, rows, (x + column * width, width, 0.0, y + row * height, 0.0, height))


def _centres(start, end, count) -> tuple:
    """The first of the pixels whose centres lie between, and their number."""
    first = max(math.ceil(start - 0.5 - _SAME), 0)
    last = min(math.floor(end - 0.5 + _SAME), count - 1)
    return first, max(last + 1 - first, 0)


def _common(layers, resolution) -> _Grid:
    """The grid of all files."""
    first = layers[0]
    for layer in layers[1:]:
        if first.system and layer.system and not first.system.IsSame(layer.system):
            raise RasterError(
                tr(
                    "{one} and {other} have different coordinate reference systems; bring them to one first (Warp)"
                ).format(one=layer.title, other=first.title)
            )
    data = [layer for layer in layers if not layer.band.is_classes] or layers
    astray = next((layer for layer in layers if not layer.grid.is_north_up), None)
    if resolution is None and all(layer.grid.fits(data[0].grid) for layer in layers):
        return next((layer.grid for layer in data if layer.grid.transform), data[0].grid)
    if astray:
        raise RasterError(
            tr(
                "{} does not say where it lies or is not north-up, and cannot be resampled; bring it to a north-up "
                "grid first (Warp)"
            ).format(astray.title)
        )
    finest = data[0].grid
    for layer in data[1:]:
        finest = layer.grid if layer.grid.pixel < finest.pixel * (1 - _SAME) else finest
    if resolution is None and all(abs(layer.grid.pixel - finest.pixel) <= _SAME * finest.pixel for layer in layers):
        # Nothing is to be resampled: they are of different scenes.
        other = next(layer for layer in layers if not layer.grid.fits(data[0].grid))
        raise RasterError(
            tr(
                "{one} and {other} do not cover the same ground; choose the bands of one scene, or set the size of a "
                "pixel, which keeps the ground that all show"
            ).format(one=other.title, other=data[0].title)
        )
    shared = finest.extent
    for layer in layers:
        shared = tuple(most(own, its) for most, own, its in zip((max, max, min, min), shared, layer.grid.extent))
        if _area(shared) < _LEAST_SHARED * _area(finest.extent):
            raise RasterError(
                tr("{} shows less than half of the ground of the other files; choose the bands of one scene").format(
                    layer.title
                )
            )
    return (finest if resolution is None else finest.at(resolution)).within(shared)


def _area(extent) -> float:
    left, bottom, right, top = extent
    return max(right - left, 0) * max(top - bottom, 0)


class _Opened:
    """A band, its file open."""

    def __init__(self, band):
        self.band = band
        self._dataset = band.source.open(threads=None)
        self._stored = self._dataset.GetRasterBand(band.number)
        size = self._dataset.RasterXSize, self._dataset.RasterYSize
        self.grid = _Grid(*size, self._dataset.GetGeoTransform(can_return_null=True))
        self.system = self._dataset.GetSpatialRef()

    @property
    def title(self) -> str:
        return self.band.source.title

    @property
    def color(self) -> "str | None":
        """What the file marks the band as, where that is red, green or blue."""
        marked = gdal.GetColorInterpretationName(self._stored.GetColorInterpretation())
        return marked if marked in _COLORS.values() else None

    def element(self, parent, grid, kind, **attributes):
        """A band of a virtual raster whose only source is this one, on a grid. The source is its first element."""
        in_place = self.grid.fits(grid)
        if in_place:
            name, (width, height) = self.band.source.name, self._stored.GetBlockSize()
            # Blocks are then read as the file stores them (from GDAL 3.3).
            attributes.update(blockXSize=str(width), blockYSize=str(height))
        else:
            name = self._resampled(grid)
        data_type = gdal.GetDataTypeName(self._stored.DataType)
        band = ElementTree.SubElement(parent, "VRTRasterBand", dataType=data_type, **attributes)
        source = ElementTree.SubElement(band, kind)
        ElementTree.SubElement(source, "SourceFilename", relativeToVRT="0").text = name
        options = self.band.source.open_options if in_place else ()
        if options:
            holder = ElementTree.SubElement(source, "OpenOptions")
            for option in options:
                key, _equals, value = option.partition("=")
                ElementTree.SubElement(holder, "OOI", key=key).text = value
        ElementTree.SubElement(source, "SourceBand").text = str(self.band.number)
        for rectangle in ("SrcRect", "DstRect"):
            ElementTree.SubElement(source, rectangle, xOff="0", yOff="0", xSize=str(grid.width), ySize=str(grid.height))
        return band

    def _resampled(self, grid) -> str:
        """The XML of the file on another grid. Classes are not mixed."""
        finer = self.grid.pixel < grid.pixel * (1 - _SAME)
        method = "near" if self.band.is_classes else "average" if finer else "bilinear"
        # Coordinates are exact, and no overview is used, so that an average is one of the pixels themselves.
        options = ["-of", "VRT", "-et", "0", "-ovr", "NONE", "-r", method]
        options += ["-te", *map(repr, grid.extent), "-ts", str(grid.width), str(grid.height)]
        values = [self._dataset.GetRasterBand(n + 1).GetNoDataValue() for n in range(self._dataset.RasterCount)]
        values[self.band.number - 1] = self.band.nodata
        if any(value is not None for value in values):
            text = " ".join("none" if value is None else repr(value) for value in values)
            # A pixel without data in one band has some in another.
            options += ["-srcnodata", text, "-dstnodata", text, "-wo", "UNIFIED_SRC_NODATA=NO"]
        what = tr("{} cannot be resampled").format(self.title)
        return checked(what, gdal.Warp, "", self._dataset, options=options).GetMetadata("xml:VRT")[0]
