"""The floor: how long it takes to read a scene and to write a map of its size, and nothing else.

    python benches/peers/floor.py SCENE LABELS OUTPUT

Every block of SCENE is read once, on two threads with a dataset handle each. All bands are read in
one call into a reused buffer, pixel by pixel as in the file, which is the quickest way. Then the
content of LABELS, a map of classes, is written to OUTPUT. LABELS is read before the clock starts.
Prints JSON: seconds of both parts, and their total. It needs osgeo.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from osgeo import gdal

gdal.UseExceptions()

CACHE = 256 << 20
THREADS = 2
LARGEST_BLOCK = 1024  # limits blocks of whole lines, and other large ones
SMALLEST_BLOCK = 512  # a virtual raster reports 128, whatever its files have
CREATION = [
    "TILED=YES",
    "BLOCKXSIZE=512",
    "BLOCKYSIZE=512",
    "COMPRESS=DEFLATE",
    "NUM_THREADS=2",
    "BIGTIFF=IF_SAFER",
]


def main(scene, labels_path, output):
    gdal.SetCacheMax(CACHE)
    labels = Labels(labels_path)
    start = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda part: read(scene, part), range(THREADS)))
    read_at = time.perf_counter()
    labels.write(output)
    end = time.perf_counter()
    print(
        json.dumps(
            {"seconds": {"read": read_at - start, "write": end - read_at}, "total": end - start}
        )
    )


def read(path, part):
    """Reads every second row of blocks, beginning with the first or the second."""
    dataset = gdal.Open(path)
    bands, sample = (
        dataset.RasterCount,
        gdal.GetDataTypeSize(dataset.GetRasterBand(1).DataType) // 8,
    )
    wide, high = block_size(dataset)
    buffer = memoryview(bytearray(bands * sample * wide * high))
    for top in range(part * high, dataset.RasterYSize, THREADS * high):
        height = min(high, dataset.RasterYSize - top)
        for left in range(0, dataset.RasterXSize, wide):
            width = min(wide, dataset.RasterXSize - left)
            dataset.ReadRaster(
                left,
                top,
                width,
                height,
                buf_pixel_space=bands * sample,
                buf_line_space=bands * sample * width,
                buf_band_space=sample,
                buf_obj=buffer[: bands * sample * width * height],
            )


def block_size(dataset):
    return [
        min(max(size, SMALLEST_BLOCK), LARGEST_BLOCK)
        for size in dataset.GetRasterBand(1).GetBlockSize()
    ]


class Labels:
    """A map of classes in memory, with everything that is needed to write it again."""

    def __init__(self, path):
        dataset = gdal.Open(path)
        self.width, self.height = dataset.RasterXSize, dataset.RasterYSize
        self.place = dataset.GetProjection(), dataset.GetGeoTransform()
        self.values = memoryview(dataset.ReadRaster(buf_type=gdal.GDT_Byte))

    def write(self, path):
        target = gdal.GetDriverByName("GTiff").Create(
            path, self.width, self.height, 1, gdal.GDT_Byte, CREATION
        )
        target.SetProjection(self.place[0])
        target.SetGeoTransform(self.place[1])
        for top in range(0, self.height, 512):
            lines = min(512, self.height - top)
            values = self.values[top * self.width : (top + lines) * self.width]
            target.WriteRaster(0, top, self.width, lines, bytes(values))
        target.FlushCache()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
