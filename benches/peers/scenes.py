"""Makes the scenes that the comparison runs on, from the real Sentinel-2 clips in tests/data.

    python benches/peers/scenes.py [--size PIXELS] FOLDER [NAME...]

A clip is repeated like tiles on a floor, and every second one is mirrored, so that edges meet. Each
tile has a gain of its own (normal, standard deviation 3 %) and each sample has noise (normal,
standard deviation 4 DN): values are as many and as spread as in a real scene of that size.
train.tif and predict.tif are strips: tilted, with wavy edges, in a black frame (nodata, 0) that is
about half of their area. Random numbers depend only on a tile's place, so scenes are the same every
time. Only missing scenes are made. --size makes a tile of another size. It needs osgeo and numpy.
"""

import argparse
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from osgeo import gdal

gdal.UseExceptions()

CLIPS = Path(__file__).resolve().parents[2] / "tests" / "data"
CREATION = [
    "TILED=YES",
    "BLOCKXSIZE=512",
    "BLOCKYSIZE=512",
    "COMPRESS=DEFLATE",
    "NUM_THREADS=2",
    "BIGTIFF=IF_SAFER",
]
SEED = 20240611
GAIN_SD = 0.03
NOISE_SD = 4.0
NODATA = 0
REFLECTANCE = np.float32(10000)  # digital numbers to one unit of reflectance
TILE_SIZE = 10980  # a Sentinel-2 tile at 10 m
MOSAIC = 3  # tiles along one side of the gigapixel mosaic


@dataclass(frozen=True)
class Scene:
    """The source of a scene: clip, bands (from 1), size, sample type, black frame or none."""

    clip: str
    bands: tuple
    width: int
    height: int
    dtype: type
    frame: bool = False


COLOURS = (3, 2, 1)  # red, green, blue
SCENES = {
    "train.tif": Scene("s2_train.tif", COLOURS, 8530, 10433, np.int16, frame=True),
    "tile.tif": Scene("s2_train.tif", (1, 2, 3, 4), TILE_SIZE, TILE_SIZE, np.uint16),
    "predict.tif": Scene("s2_predict.tif", COLOURS, 13770, 10065, np.int16, frame=True),
    "tile13.tif": Scene("s2_13band.tif", tuple(range(1, 14)), TILE_SIZE, TILE_SIZE, np.uint16),
}
CROPS = {"tile_1mpx.tif": 1000, "tile_10mpx.tif": 3162}


def main(folder, names, size):
    folder.mkdir(parents=True, exist_ok=True)
    gdal.SetCacheMax(256 << 20)
    SCENES["tile.tif"] = replace(SCENES["tile.tif"], width=size, height=size)
    makers = recipes(folder)
    for name in names or makers:
        if name not in makers:
            sys.exit(f"scenes: there is no scene named {name}; choose from {', '.join(makers)}")
        make_missing(folder / name, makers)


def recipes(folder):
    """For each scene, the function that writes it to a path."""
    tile = folder / "tile.tif"
    makers = {
        name: lambda path, scene=scene: tile_clip(scene, path) for name, scene in SCENES.items()
    }
    makers["tile_float.tif"] = lambda path: convert(
        tile, path, gdal.GDT_Float32, lambda samples: samples / REFLECTANCE
    )
    for name, size in CROPS.items():
        makers[name] = lambda path, size=size: convert(
            tile, path, gdal.GDT_UInt16, lambda samples: samples, size
        )
    makers["gigapixel.vrt"] = lambda path: mosaic(tile, path)
    return makers


def make_missing(path, makers):
    """Makes a scene, and the tile that it is cut from. A file gets its name when it is complete."""
    if path.exists():
        return
    if path.name not in SCENES:
        make_missing(path.with_name("tile.tif"), makers)
    print(f"making {path.name}", flush=True)
    unfinished = path.with_name("unfinished_" + path.name)
    makers[path.name](unfinished)
    os.replace(unfinished, path)


# Scenes from a clip


def tile_clip(scene, path):
    """Fills the scene with copies of the clip, one row of tiles at a time."""
    source = gdal.Open(str(CLIPS / scene.clip))
    clip = np.stack([source.GetRasterBand(band).ReadAsArray() for band in scene.bands]).astype(
        np.float32
    )
    target = create(path, source, scene.width, scene.height, gdal_type(scene.dtype), scene.bands)
    step = clip.shape[1]
    for row in range(-(-scene.height // step)):
        top = row * step
        strip = row_of_tiles(clip, row, min(step, scene.height - top), scene)
        if scene.frame:
            strip[:, ~inside(scene, top, strip.shape[1])] = NODATA
        target.WriteArray(strip, 0, top)
    target.FlushCache()


def row_of_tiles(clip, row, height, scene):
    """The samples of one row of tiles, cut to the scene's width and to `height` lines."""
    step = clip.shape[2]
    strip = np.empty((len(clip), height, scene.width), scene.dtype)
    for column in range(-(-scene.width // step)):
        samples = tile(clip, row, column, np.iinfo(scene.dtype).max)
        left = column * step
        right = min(left + step, scene.width)
        strip[:, :, left:right] = samples[:, :height, : right - left]
    return strip


def tile(clip, row, column, largest):
    """The clip's copy in this row and column: mirrored, with gain and noise, without nodata."""
    random = np.random.default_rng([SEED, row, column])
    mirrored = clip[:, :: -1 if row % 2 else 1, :: -1 if column % 2 else 1]
    samples = random.standard_normal(clip.shape, dtype=np.float32)
    samples *= np.float32(NOISE_SD)
    samples += mirrored * np.float32(random.normal(1, GAIN_SD))
    np.rint(samples, out=samples)
    return np.clip(samples, NODATA + 1, largest, out=samples)


def inside(scene, top, height):
    """Which pixels of these lines are inside the sensor's strip, a tilted, wavy rectangle."""
    x = np.arange(scene.width, dtype=np.float32) / scene.width - np.float32(0.5)
    y = (np.arange(top, top + height, dtype=np.float32) / scene.height - np.float32(0.5))[:, None]
    cosine, sine = np.float32(np.cos(0.24)), np.float32(np.sin(0.24))
    across, along = x * cosine + y * sine, y * cosine - x * sine
    return (np.abs(across) < 0.34 + wave(along)) & (np.abs(along) < 0.37 + wave(across))


def wave(position):
    """The shift of the strip's edge at a position along it, as a fraction of the scene's side."""
    return np.float32(0.012) * np.sin(np.float32(21) * position) + np.float32(0.003) * np.sin(
        np.float32(170) * position
    )


# Scenes from the tile


def convert(source_path, path, sample_type, change, size=None):
    """Copies the first `size` lines and columns (or all), changed and in another sample type."""
    source = gdal.Open(str(source_path))
    width, height = (size, size) if size else (source.RasterXSize, source.RasterYSize)
    target = create(path, source, width, height, sample_type, range(1, source.RasterCount + 1))
    for top in range(0, height, 512):
        lines = min(512, height - top)
        target.WriteArray(change(source.ReadAsArray(0, top, width, lines)), 0, top)
    target.FlushCache()


def mosaic(source_path, path):
    """A virtual raster that repeats the tile in both directions."""
    source = gdal.Open(str(source_path))
    width, height = source.RasterXSize, source.RasterYSize
    target = gdal.GetDriverByName("VRT").Create(str(path), width * MOSAIC, height * MOSAIC, 0)
    describe(target, source)
    for band in range(1, source.RasterCount + 1):
        target.AddBand(source.GetRasterBand(band).DataType)
        describe_band(target.GetRasterBand(band), source.GetRasterBand(band))
        for place in range(MOSAIC * MOSAIC):
            row, column = divmod(place, MOSAIC)
            xml = vrt_source(source_path.name, band, width, height, column * width, row * height)
            target.GetRasterBand(band).SetMetadataItem(f"source_{place}", xml, "new_vrt_sources")
    target.FlushCache()


def vrt_source(name, band, width, height, left, top):
    return (
        "<SimpleSource><SourceFilename"
        f' relativeToVRT="1">{name}</SourceFilename><SourceBand>{band}</SourceBand><SrcRect'
        f' xOff="0" yOff="0" xSize="{width}" ySize="{height}"/><DstRect xOff="{left}" yOff="{top}"'
        f' xSize="{width}" ySize="{height}"/></SimpleSource>'
    )


# Shared by all scenes


def create(path, source, width, height, sample_type, bands):
    """A new GeoTIFF with the source's georeference and band names."""
    target = gdal.GetDriverByName("GTiff").Create(
        str(path), width, height, len(bands), sample_type, CREATION
    )
    describe(target, source)
    for number, band in enumerate(bands, start=1):
        describe_band(target.GetRasterBand(number), source.GetRasterBand(band))
    return target


def describe(target, source):
    target.SetProjection(source.GetProjection())
    target.SetGeoTransform(source.GetGeoTransform())


def describe_band(target, source):
    target.SetDescription(source.GetDescription())
    target.SetNoDataValue(NODATA)


def gdal_type(dtype):
    return {np.int16: gdal.GDT_Int16, np.uint16: gdal.GDT_UInt16}[dtype]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument(
        "--size", type=int, default=TILE_SIZE, help="pixels along a side of the tile"
    )
    given = parser.parse_args()
    main(given.folder, given.names, given.size)
