import sys

import numpy as np
import rasterio
import spectral

with rasterio.open(sys.argv[1]) as scene:
    imgxyb, profile = np.moveaxis(scene.read(), 0, -1), scene.profile
labels, _ = spectral.kmeans(imgxyb, 4)
profile.update(count=1, dtype="uint8", nodata=None)
with rasterio.open(sys.argv[2], "w", **profile) as map:
    map.write(labels.astype(np.uint8), 1)
