"""Prints size and type of scenes as JSON: an object for each scene, by its path. It needs osgeo.

python benches/peers/describe.py SCENE...
"""

import json
import os
import sys

from osgeo import gdal

gdal.UseExceptions()


def describe(path):
    dataset = gdal.Open(path)
    band = dataset.GetRasterBand(1)
    return {
        "width": dataset.RasterXSize,
        "height": dataset.RasterYSize,
        "pixels": dataset.RasterXSize * dataset.RasterYSize,
        "bands": dataset.RasterCount,
        "type": gdal.GetDataTypeName(band.DataType).lower(),
        "format": dataset.GetDriver().LongName,
        "compression": dataset.GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE"),
        "bytes": os.path.getsize(path),
    }


if __name__ == "__main__":
    print(json.dumps({path: describe(path) for path in sys.argv[1:]}))
