import sys

import numpy as np
import rasterio
from sklearn.cluster import KMeans

with rasterio.open(sys.argv[1]) as scene:
    imgxyb, profile = np.moveaxis(scene.read(), 0, -1), scene.profile
img1d = imgxyb.reshape((imgxyb.shape[0] * imgxyb.shape[1], imgxyb.shape[2]))
labels = KMeans(n_clusters=4, random_state=0).fit(img1d).labels_.reshape(imgxyb.shape[:2])
profile.update(count=1, dtype="uint8", nodata=None)
with rasterio.open(sys.argv[2], "w", **profile) as map:
    map.write(labels.astype(np.uint8), 1)
