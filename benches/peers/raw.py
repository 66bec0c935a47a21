"""Writes the samples of a scene without a header, band after band, for in_memory.c.

    python benches/peers/raw.py SCENE OUTPUT

Prints JSON: width, height, bands, and nodata. The samples must be int16. It needs osgeo.
"""

import json
import sys

from osgeo import gdal

gdal.UseExceptions()

LINES = 512


def main(scene, output):
    dataset = gdal.Open(scene)
    bands = [dataset.GetRasterBand(number + 1) for number in range(dataset.RasterCount)]
    if any(band.DataType != gdal.GDT_Int16 for band in bands):
        sys.exit(f"raw: {scene} has samples of another type than int16")
    with open(output, "wb") as file:
        for band in bands:
            for top in range(0, dataset.RasterYSize, LINES):
                lines = min(LINES, dataset.RasterYSize - top)
                file.write(band.ReadRaster(0, top, dataset.RasterXSize, lines))
    facts = {"width": dataset.RasterXSize, "height": dataset.RasterYSize, "bands": len(bands)}
    print(json.dumps({**facts, "nodata": bands[0].GetNoDataValue()}))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
