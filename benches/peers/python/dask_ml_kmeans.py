import sys

import numpy as np
import rioxarray
from dask_ml.cluster import KMeans

scene = rioxarray.open_rasterio(sys.argv[1], chunks={"x": -1, "y": 512}, lock=False)
table = scene.data.reshape((scene.shape[0], -1)).T
labels = KMeans(n_clusters=4, random_state=0).fit(table).labels_
classes = scene.isel(band=0).copy(data=labels.reshape(scene.shape[1:]).astype(np.uint8).compute())
classes.attrs.pop("long_name", None)
classes.rio.to_raster(sys.argv[2])
