"""Random scenes: files in many layouts, and the pixels that must be read from them.

The pixels are made together with the files, not read from them.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()

TYPES = {
    "uint8": gdal.GDT_Byte,
    "uint16": gdal.GDT_UInt16,
    "int16": gdal.GDT_Int16,
    "uint32": gdal.GDT_UInt32,
    "int32": gdal.GDT_Int32,
    "float32": gdal.GDT_Float32,
    "float64": gdal.GDT_Float64,
}
# Reference systems by EPSG code: the left and top of scenes, and the pixel size.
SYSTEMS = {
    None: None,
    32633: (500000.0, 4100000.0, 10.0),
    4326: (12.5, 41.25, 0.0005),
    3035: (4321000.0, 3210000.0, 20.0),
}


@dataclass
class Scene:
    """The contents of a scene's files, and the fields of a request that describe them."""

    files: "list[Path]"
    # (bands, height, width): first all bands of the files, in the end the selected bands
    pixels: np.ndarray
    shown: np.ndarray  # (height, width): not hidden by masks, alpha or areas of interest
    geotransform: "tuple | None"
    epsg: "int | None"
    nodata: "float | None" = None
    request: dict = field(default_factory=dict)  # further fields of the request
    told: "list[str]" = field(default_factory=list)
    # A coarser band of floats: of the file and of the array, GDAL makes other last digits.
    is_rounded: bool = False

    @property
    def valid(self) -> np.ndarray:
        """(height, width): the pixels that get a class."""
        found = self.shown & np.isfinite(self.pixels).all(axis=0)
        if self.nodata is not None:
            found &= (self.pixels != self.pixels.dtype.type(self.nodata)).all(axis=0)
        return found

    @property
    def input(self):
        names = [str(path) for path in self.files]
        return names[0] if len(names) == 1 else names


def random_scene(folder: Path, random: np.random.Generator) -> Scene:
    """A scene in a folder; the same for the same state of `random`."""
    dtype = str(random.choice(list(TYPES)))
    n_bands = int(random.choice([1, 1, 2, 2, 3, 3, 4, 4, 6, 7, 9]))
    height, width = (int(2 ** random.uniform(0, 7.2)) for _ in "hw")
    bands, kind = _values(random, dtype, n_bands, height, width)
    epsg, geotransform = _place(random)
    scene = Scene([], bands, np.ones((height, width), bool), geotransform, epsg)
    scene.told = [f"{n_bands} x {height} x {width} {dtype} ({kind})", f"EPSG {epsg}"]
    in_files = _nodata(random, scene, dtype)
    several = n_bands > 1 and random.random() < 0.3
    masked = random.random() < 0.2
    alpha = (
        not several
        and not masked
        and in_files is None
        and dtype in ("uint8", "uint16")
        and random.random() < 0.25
    )
    mask = _holes(random, height, width) if masked or alpha else None
    if mask is not None:
        scene.told.append("a mask in the file" if masked else "an alpha band")
        scene.shown &= mask
    parts = (
        [scene.pixels[index : index + 1] for index in range(n_bands)] if several else [scene.pixels]
    )
    coarse = _coarser(random, scene, parts) if several and mask is None else None
    for number, part in enumerate(parts):
        path = folder / f"part{number}.tif"
        own, opaque = (mask if masked else None), (mask if alpha else None)
        scene.files.append(_write(random, path, part, scene, in_files, own, opaque))
    if coarse is not None:
        scene.pixels[coarse] = _finer(scene.files[coarse], scene)
        scene.is_rounded = scene.pixels.dtype.kind == "f"
    if random.random() < 0.15:
        scene.files = [_virtual(path) for path in scene.files]
        scene.told.append("VRT")
    if several:
        scene.told.append("a file for each band")
    if random.random() < 0.3:
        _choose_bands(random, scene, coarse)
    if random.random() < 0.2:
        _mask_file(random, folder, scene)
    if geotransform and random.random() < 0.2:
        _area(random, folder, scene)
    return scene


def _values(random, dtype, n_bands, height, width):
    """Bands of several kinds: noisy classes, slopes, few values, one value, outliers."""
    kind = str(
        random.choice(
            ["classes", "classes", "classes", "slopes", "few", "noise", "constant", "outliers"]
        )
    )
    shape = (n_bands, height, width)
    rows, columns = np.mgrid[:height, :width]
    if kind == "classes":
        fields = (
            rows // max(1, height // 4) * 3 + columns // max(1, width // 5)
        ) % random.integers(2, 8)
        centers = random.uniform(0, 1, (int(fields.max()) + 1, n_bands))
        values = np.moveaxis(centers[fields], 2, 0) + random.normal(
            0, random.choice([0.003, 0.03, 0.1]), shape
        )
    elif kind == "slopes":
        values = np.stack(
            [rows * random.uniform(-1, 1) + columns * random.uniform(-1, 1) for _ in range(n_bands)]
        )
        values = (values - values.min()) / (np.ptp(values) or 1)
    elif kind == "few":
        values = random.choice(random.uniform(0, 1, int(random.integers(1, 6))), shape)
    elif kind == "constant":
        values = np.full(shape, random.uniform(0, 1))
        values[: n_bands // 2] = random.uniform(0, 1, values[: n_bands // 2].shape)
    else:
        values = random.uniform(0, 1, shape)
        if kind == "outliers":
            values[random.random(shape) < 0.01] *= 20
    if dtype.startswith("float"):
        scale = random.choice([1e-3, 1, 1e4, 1e7])
        return ((values - random.choice([0, 0.5])) * scale).astype(dtype), kind
    limits = np.iinfo(dtype)
    high = min(limits.max, int(random.choice([250, 10000, 60000, 2**31 - 1])))
    low = max(limits.min, -high // 2 if limits.min < 0 else 0)
    return np.clip(low + values * (high - low), limits.min, limits.max).astype(dtype), kind


def _place(random):
    epsg = random.choice([None, 32633, 32633, 4326, 3035])
    if epsg is None:
        return None, None
    left, top, size = SYSTEMS[epsg]
    kind = random.choice(["north up", "north up", "south up", "oblong", "turned"])
    across, along = (0.3 * size, -0.2 * size) if kind == "turned" else (0.0, 0.0)
    tall = size * (1.5 if kind == "oblong" else 1)
    return int(epsg), (left, size, across, top, along, tall if kind == "south up" else -tall)


def _holes(random, height, width) -> np.ndarray:
    """A mask that hides a block and single pixels."""
    shown = random.random((height, width)) > random.choice([0.02, 0.3, 0.9])
    row, column = random.integers(0, height), random.integers(0, width)
    shown[row : row + height // 3, column : column + width // 3] = False
    return shown


def _nodata(random, scene, dtype):
    """Sets some samples to nodata (floats also to NaN or infinities).

    Returns the nodata value if the files should declare it.
    """
    pixels, how = scene.pixels, random.choice(["none", "none", "file", "file", "request"])
    if how != "none":
        # Floats within rounding of the nodata value count as nodata, so use values that no pixel is
        # close to.
        floats = [0, -9999.0, -3.4028234663852886e38]
        numbers = (
            floats
            if dtype.startswith("float")
            else [0, 1, np.iinfo(dtype).max, int(pixels.flat[0])]
        )
        scene.nodata = float(np.dtype(dtype).type(random.choice(numbers)))
        pixels[int(random.integers(0, len(pixels)))][~_holes(random, *scene.shown.shape)] = (
            scene.nodata
        )
        scene.told.append(f"nodata {scene.nodata} by {how}")
    if dtype.startswith("float") and random.random() < 0.3:
        pixels[random.random(pixels.shape) < 0.02] = random.choice([np.nan, np.inf, -np.inf])
        scene.told.append("NaN or infinities")
    if how == "request":
        scene.request["nodata"] = scene.nodata
    return scene.nodata if how == "file" else None


def _coarser(random, scene, parts):
    """Gives one of the files pixels of twice the size; returns its index, or None."""
    height, width = scene.shown.shape
    flat = scene.geotransform and not scene.geotransform[2] and scene.geotransform[5] < 0
    if (
        height % 2
        or width % 2
        or not flat
        or scene.nodata is not None
        or not np.isfinite(scene.pixels).all()
    ):
        return None
    number = int(random.integers(0, len(parts)))
    parts[number] = parts[number][:, ::2, ::2].copy()
    if parts[number].dtype.kind in "iu":
        # The weights of GDAL's resampling are sixteenths: multiples of 16 give whole numbers.
        parts[number] -= parts[number] % 16
    scene.told.append(f"band {number + 1} of pixels of twice the size")
    return number


def _finer(path, scene) -> np.ndarray:
    """The pixels of a coarser file on the scene's grid: GDAL's bilinear resampling."""
    height, width = scene.shown.shape
    left, across, _, top, _, down = scene.geotransform
    # Without these bounds, gdalwarp chooses others if pixels are not square.
    bounds = (left, top + down * height, left + across * width, top)
    how = {"format": "MEM", "width": width, "height": height, "resampleAlg": "bilinear"}
    return gdal.Warp("", str(path), outputBounds=bounds, **how).ReadAsArray()


def _write(random, path, bands, scene, nodata, mask, alpha) -> Path:
    """Writes a GeoTIFF or an ENVI file in a random layout; returns its path."""
    n_bands, height, width = bands.shape
    # ENVI headers cannot hold every rotation.
    turned = scene.geotransform is not None and scene.geotransform[2] != 0
    envi = mask is None and alpha is None and not turned and random.random() < 0.15
    options = [] if envi else _layout(random)
    if nodata is not None and "ENDIANNESS=BIG" in options:
        # GDAL 3.6 writes blocks that are all nodata in the wrong byte order.
        options.remove("ENDIANNESS=BIG")
    if envi:
        path, options = (
            path.with_suffix(".img"),
            [f"INTERLEAVE={random.choice(['BSQ', 'BIL', 'BIP'])}"],
        )
    scene.told.append(" ".join([path.suffix[1:], *options[2:]]) if not envi else options[0])
    driver = gdal.GetDriverByName("ENVI" if envi else "GTiff")
    with_alpha = n_bands + (alpha is not None)
    dataset = driver.Create(str(path), width, height, with_alpha, TYPES[bands.dtype.name], options)
    if alpha is not None:
        # Must be set before the first pixel is written: libtiff ignores later changes.
        dataset.GetRasterBand(with_alpha).SetColorInterpretation(gdal.GCI_AlphaBand)
    if scene.geotransform:
        system = osr.SpatialReference()
        system.ImportFromEPSG(scene.epsg)
        dataset.SetProjection(system.ExportToWkt())
        times = scene.shown.shape[0] // height
        left, across, skew, top, along, down = scene.geotransform
        dataset.SetGeoTransform((left, across * times, skew, top, along, down * times))
    for index, band in enumerate(bands, 1):
        if nodata is not None:
            dataset.GetRasterBand(index).SetNoDataValue(nodata)
        dataset.GetRasterBand(index).WriteArray(band)
    if alpha is not None:
        opaque = np.iinfo(bands.dtype).max
        dataset.GetRasterBand(with_alpha).WriteArray(np.where(alpha, opaque, 0).astype(bands.dtype))
    if mask is not None:
        dataset.CreateMaskBand(gdal.GMF_PER_DATASET)
        dataset.GetRasterBand(1).GetMaskBand().WriteArray(np.where(mask, 255, 0).astype(np.uint8))
    dataset = None
    return path


def _layout(random):
    # By default, GDAL takes the last of four byte bands for alpha.
    options = [
        "PHOTOMETRIC=MINISBLACK",
        "ALPHA=NO",
        f"INTERLEAVE={random.choice(['BAND', 'PIXEL'])}",
    ]
    if random.random() < 0.4:
        options += [
            "TILED=YES",
            f"BLOCKXSIZE={random.choice([16, 32, 64])}",
            f"BLOCKYSIZE={random.choice([16, 48])}",
        ]
    elif random.random() < 0.5:
        options.append(f"BLOCKYSIZE={random.choice([1, 3, 16])}")
    options.append(f"COMPRESS={random.choice(['NONE', 'DEFLATE', 'LZW', 'ZSTD', 'PACKBITS'])}")
    options.append(f"BIGTIFF={random.choice(['NO', 'YES'])}")
    options.append(f"ENDIANNESS={random.choice(['LITTLE', 'BIG'])}")
    return options


def _virtual(path: Path) -> Path:
    virtual = path.with_suffix(".vrt")
    gdal.Translate(str(virtual), str(path), format="VRT")
    return virtual


def _choose_bands(random, scene, coarse):
    n_bands = len(scene.pixels)
    order = random.permutation(n_bands)[: int(random.integers(1, n_bands + 1))]
    if list(order) == [coarse]:  # without other bands, the map would have the coarse pixels
        order = np.append(order, (coarse + 1) % n_bands)
    scene.pixels = scene.pixels[order]
    scene.request["bands"] = [int(index) + 1 for index in order]
    scene.told.append(f"bands {scene.request['bands']}")


def _mask_file(random, folder, scene):
    shown = _holes(random, *scene.shown.shape)
    path = folder / "mask.tif"
    dataset = gdal.GetDriverByName("GTiff").Create(
        str(path), shown.shape[1], shown.shape[0], 1, gdal.GDT_Byte
    )
    if scene.geotransform:
        dataset.SetGeoTransform(scene.geotransform)
    dataset.GetRasterBand(1).WriteArray(shown.astype(np.uint8))
    dataset = None
    scene.shown &= shown
    scene.request["mask"] = str(path)
    scene.told.append("a mask of its own")


def _area(random, folder, scene):
    """A polygon around the centres of a rectangle of pixels, in the scene's reference system."""
    height, width = scene.shown.shape
    row, column = int(random.integers(0, height)), int(random.integers(0, width))
    below, right = (
        int(random.integers(row + 1, height + 1)),
        int(random.integers(column + 1, width + 1)),
    )
    left, across, skew, top, along, down = scene.geotransform

    def at(x, y):
        return [left + across * x + skew * y, top + along * x + down * y]

    west, east, north, south = column + 0.1, right - 0.1, row + 0.1, below - 0.1
    ring = [
        at(*corner)
        for corner in [(west, north), (east, north), (east, south), (west, south), (west, north)]
    ]
    system = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{scene.epsg}"}}
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    path = folder / "area.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": system, "features": [feature]}))
    inside = np.zeros_like(scene.shown)
    inside[row:below, column:right] = True
    scene.shown &= inside
    scene.request["aoi"] = str(path)
    scene.told.append("an area of interest")
