"""Reading rasters with GDAL, block by block. The library itself has no GDAL: QGIS's own is the only one here."""

import math
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
from osgeo import gdal

from .area import Area
from .gdal_calls import RasterError, checked
from .read_ahead import read_ahead
from .translation import tr
from .windows import windows

_DTYPES = {
    gdal.GDT_Byte: np.uint8,
    gdal.GDT_UInt16: np.uint16,
    gdal.GDT_Int16: np.int16,
    gdal.GDT_UInt32: np.uint32,
    gdal.GDT_Int32: np.int32,
    gdal.GDT_Float32: np.float32,
    gdal.GDT_Float64: np.float64,
}
if hasattr(gdal, "GDT_Int8"):  # from GDAL 3.7
    _DTYPES[gdal.GDT_Int8] = np.int8


@dataclass(frozen=True)
class Source:
    """A raster as GDAL opens it. Only names, so that it may cross from one thread to another."""

    name: str
    open_options: tuple = ()

    def files(self) -> list:
        """Its own name, and those of the files that it draws on: a mosaic has sources that the user did not name."""
        try:
            return [self.name, *(self.open().GetFileList() or ())]
        except RasterError:
            return [self.name]  # opening it to read will say why

    @property
    def title(self) -> str:
        """How messages call it."""
        return self.name

    @property
    def masked_by(self) -> str:
        """What of the source itself was chosen to leave pixels out; empty for nothing."""
        return ""

    def open(self, threads="ALL_CPUS"):
        # GeoTIFFs are then decoded on all cores (from GDAL 3.6).
        gdal.SetThreadLocalConfigOption("GDAL_NUM_THREADS", threads)
        try:
            return self._open()
        finally:
            gdal.SetThreadLocalConfigOption("GDAL_NUM_THREADS", None)

    def _open(self):
        return checked(
            tr("{} cannot be opened as a raster; choose another, or fetch it again").format(self.title),
            gdal.OpenEx,
            self.name,
            gdal.OF_RASTER | gdal.OF_VERBOSE_ERROR,
            open_options=list(self.open_options),
        )


@dataclass
class Block:
    """Pixels (bands, height, width) and, unless all are valid, where they are."""

    pixels: np.ndarray
    valid: "np.ndarray | None"

    @property
    def n_bytes(self) -> int:
        return self.pixels.nbytes + (0 if self.valid is None else self.valid.nbytes)


@dataclass
class Scene:
    """The chosen bands of a raster and where its pixels are valid, read through a GDAL handle of its own.

    One thread at a time may use a handle.
    """

    source: Source
    bands: list = field(default_factory=list)  # empty: all but an alpha band
    mask: "Source | None" = None  # pixels where it is 0 or has no data are left out
    area: "Area | None" = None  # pixels with their centre outside are left out

    def __post_init__(self):
        self._dataset = self.source.open()
        alpha = alpha_of(self._dataset)
        self.left_out = None if alpha in self.bands else alpha  # number of the alpha band, which then is a mask
        self.bands = _chosen(self._dataset, self.bands, self.source.title)
        self._bands = [self._dataset.GetRasterBand(number) for number in self.bands]
        self._masks = [self._dataset.GetRasterBand(alpha)] if self.left_out else own_masks(self._bands)
        self.signed_bytes = has_signed_bytes(self._bands, self.source.title)
        self._mask_dataset = self.mask and _open_mask(self.mask, self._dataset, self.source.title)
        self._area = self.area and self.area.over(self._dataset, self.source.title)
        self.width, self.height = self._dataset.RasterXSize, self._dataset.RasterYSize
        self.nodata = [nodata_of(band) for band in self._bands]
        self.scaling = [scaling_of(band) for band in self._bands]
        self._correction = None
        self.band_names = [band.GetDescription() or f"band {number}" for number, band in zip(self.bands, self._bands)]

    def correct(self, correction):
        """Have the samples corrected when they are read: as floats, without data where they are NaN."""
        if not correction.is_none:
            self._correction, self._stored_nodata = correction, self.nodata
            self.nodata = [None] * len(self.nodata)

    @property
    def title(self) -> str:
        return self.source.title

    @property
    def class_bands(self) -> list:
        """The names of bands whose values are classes: Sentinel-2's scene classification, and bands with a palette."""
        described = zip(self.band_names, self._bands)
        return [name for name, band in described if name.upper() == "SCL" or band.GetColorTable() is not None]

    @property
    def outside_area(self) -> bool:
        """Whether the area of interest does not touch the scene at all."""
        return bool(self._area) and self._area.is_empty

    @property
    def gdal_type(self) -> int:
        """The GDAL type that holds the samples of all the bands, as they are read."""
        stored = reduce(gdal.DataTypeUnion, [band.DataType for band in self._bands])
        if self._correction is None:
            return stored
        return gdal.DataTypeUnion(stored, gdal.GDT_Float32)

    @property
    def georeference(self):
        """The dataset, for its CRS and geotransform."""
        return self._dataset

    def natural_bands(self) -> "tuple[int, int, int] | None":
        """Which of the chosen bands (1-based) are red, green and blue, if their names or colours say so."""
        found = [
            _first(self._bands, names, color)
            for names, color in (
                (("b04", "red"), gdal.GCI_RedBand),
                (("b03", "green"), gdal.GCI_GreenBand),
                (("b02", "blue"), gdal.GCI_BlueBand),
            )
        ]
        return None if None in found else tuple(found)

    def windows(self, dtype) -> list:
        """The windows in which to read the scene as samples of ``dtype``."""
        block_width, block_height = self._bands[0].GetBlockSize()
        pixel_bytes = len(self.bands) * np.dtype(dtype).itemsize
        return windows(self.width, self.height, pixel_bytes, block_width, block_height)

    def blocks(self, windows, samples, progress, kept=None):
        """Windows and their blocks as ``samples``, read ahead by another thread: until it ends, by nobody else.

        ``kept`` has the blocks that are in memory already, and may keep those that are not.
        """

        def read(window, stop):
            return kept.read(self, window, samples, stop) if kept else self.read(window, samples, stop)

        return read_ahead(read, windows, progress)

    def read(self, window, samples, progress) -> Block:
        """The pixels of a window as ``samples``; ``progress`` is called by GDAL, and may cancel."""
        inside = self._area and self._area.inside(window)
        if inside is not None and not inside.any():
            return Block(np.zeros((len(self.bands), window.height, window.width), samples.dtype), inside)
        try:
            raw = self._read(self._dataset, window, samples.gdal_type, progress, band_list=self.bands)
        except RasterError:
            # GDAL's threads keep the reason to themselves: without them it is told.
            plain = self.source.open(threads=None)
            raw = self._read(plain, window, samples.gdal_type, progress, band_list=self.bands)
        pixels = np.frombuffer(raw, samples.dtype).reshape(len(self.bands), window.height, window.width)
        self._forget(window)
        if self._correction:
            pixels = self._correction.apply(pixels, self._stored_nodata)
        return Block(pixels, self._valid(window, inside, progress))

    def _forget(self, window):
        """Take the blocks of a window out of GDAL's cache, where no other window has a part of them.

        The cache may grow to a twentieth of the machine's memory, and new memory costs more than the same used again.
        """
        width, height = self._bands[0].GetBlockSize()
        right, bottom = window.x + window.width, window.y + window.height
        if (right == self.width or right % width == 0) and (bottom == self.height or bottom % height == 0):
            for band in self._bands:
                band.FlushCache()

    def _valid(self, window, inside, progress):
        shape = (window.height, window.width)
        masks = [
            np.frombuffer(self._read(band, window, gdal.GDT_Byte, progress), np.uint8).reshape(shape) != 0
            for band in self._masks
        ]
        if self._mask_dataset:
            band = self._mask_dataset.GetRasterBand(1)
            values = np.frombuffer(self._read(band, window, gdal.GDT_Float64, progress)).reshape(shape)
            nodata = nodata_of(band)
            masks.append((values != 0) & ~np.isnan(values) & (True if nodata is None else values != nodata))
        if inside is not None:
            masks.append(inside)
        return np.logical_and.reduce(masks) if masks else None

    def _read(self, source, window, gdal_type, progress, **named):
        try:
            return checked(
                tr("{} cannot be read, it may be damaged or cut short; check the file or fetch it again").format(
                    self.title
                ),
                source.ReadRaster,
                *window,
                buf_type=gdal_type,
                callback=progress,
                **named,
            )
        except RasterError:
            progress.check()  # a cancel, too, makes GDAL fail
            raise


@dataclass(frozen=True)
class SampleType:
    """How samples are read: GDAL's type of the buffer, NumPy's type of what is in it."""

    gdal_type: int
    dtype: type


def common_type(scenes) -> SampleType:
    """The type that holds the samples of all the scenes and that the library takes."""
    union = reduce(gdal.DataTypeUnion, [scene.gdal_type for scene in scenes])
    signed = [scene.signed_bytes for scene in scenes]
    if all(signed):
        return SampleType(gdal.GDT_Byte, np.int8)
    if any(signed):
        raise RasterError(
            tr("{} has signed bytes and other scenes have not; convert it first (gdal_translate -ot Int16)").format(
                scenes[signed.index(True)].title
            )
        )
    if gdal.DataTypeIsComplex(union):
        complex_scene = next(scene for scene in scenes if gdal.DataTypeIsComplex(scene.gdal_type))
        raise RasterError(
            tr(
                "{} holds complex numbers, which cannot be clustered; convert it first, for example to amplitude"
            ).format(complex_scene.title)
        )
    if union not in _DTYPES:  # 64-bit integers
        union = gdal.GDT_Float64
    return SampleType(union, _DTYPES[union])


def _chosen(dataset, bands, title) -> list:
    count = dataset.RasterCount
    if count == 0:
        raise RasterError(tr("{} has no bands of its own; choose one of its subdatasets").format(title))
    for number in bands:
        if not 1 <= number <= count:
            raise RasterError(
                tr("{scene} has {count} bands and band {number} was asked for; choose from 1 to {count}").format(
                    scene=title, count=count, number=number
                )
            )
    alpha = alpha_of(dataset)
    return list(bands) or [number for number in range(1, count + 1) if number != alpha]


def alpha_of(dataset) -> "int | None":
    """The number of the first band that is marked as alpha, if there are others."""
    if dataset.RasterCount == 1:
        return None
    numbers = range(1, dataset.RasterCount + 1)
    return next((number for number in numbers if _is_alpha(dataset.GetRasterBand(number))), None)


def has_signed_bytes(bands, title) -> bool:
    """Whether the samples are signed bytes as GDAL before 3.7 has them: marked as such, but typed as unsigned."""
    marks = [band.GetMetadataItem("PIXELTYPE", "IMAGE_STRUCTURE") == "SIGNEDBYTE" for band in bands]
    if any(marks) and not all(mark and band.DataType == gdal.GDT_Byte for mark, band in zip(marks, bands)):
        raise RasterError(
            tr(
                "{}: signed bytes beside other types cannot be read by this GDAL; convert them first "
                "(gdal_translate -ot Int16)"
            ).format(title)
        )
    return all(marks)


def _is_alpha(band) -> bool:
    return band.GetColorInterpretation() == gdal.GCI_AlphaBand


def own_masks(bands) -> list:
    """The mask bands of the file itself: one for the whole dataset (or alpha), else those of single bands.

    An alpha band that is chosen as data is no mask: some files call their near infrared so.
    """
    flags = [band.GetMaskFlags() for band in bands]
    if flags[0] & gdal.GMF_PER_DATASET:
        by_alpha = flags[0] & gdal.GMF_ALPHA
        return [] if by_alpha and any(map(_is_alpha, bands)) else [bands[0].GetMaskBand()]
    return [band.GetMaskBand() for band, flag in zip(bands, flags) if flag == 0]


def _open_mask(mask, dataset, title):
    opened = mask.open()
    found, wanted = (opened.RasterXSize, opened.RasterYSize), (dataset.RasterXSize, dataset.RasterYSize)
    if found != wanted:
        raise RasterError(
            tr(
                "the mask {mask} is {mask_size} pixels and {scene} is {scene_size}; give a mask of the same size"
            ).format(mask=mask.title, mask_size=_by(found), scene=title, scene_size=_by(wanted))
        )
    return opened


def _by(size) -> str:
    width, height = size
    return f"{width} x {height}"


def nodata_of(band):
    value = band.GetNoDataValue()
    if value is None:
        return None
    # Written in decimals in the file's metadata, the value may miss the float32 it stands for.
    return float(np.float32(value)) if band.DataType == gdal.GDT_Float32 else float(value)


def scaling_of(band):
    """Scale and offset of a band's samples; 1 and 0 where it says none, or what means nothing."""
    scale, offset = band.GetScale(), band.GetOffset()
    scale, offset = (1.0 if scale is None else scale), (0.0 if offset is None else offset)
    return (scale, offset) if math.isfinite(scale) and math.isfinite(offset) and scale else (1.0, 0.0)


def _first(bands, names, color):
    """Position (1-based) of the first band with one of these names, else of the first with this colour."""
    for position, band in enumerate(bands, start=1):
        if band.GetDescription().lower() in names:
            return position
    for position, band in enumerate(bands, start=1):
        if band.GetColorInterpretation() == color:
            return position
    return None
