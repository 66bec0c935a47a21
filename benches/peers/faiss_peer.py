"""faiss's Kmeans clusters all pixels; rasterio reads the scene and writes the map.

    python faiss_peer.py SCENE OUTPUT -k 4 --centres C.json

faiss would use 256 pixels for each class by default; here it uses all. It computes in float32, sums
too. It makes 25 iterations by default, and one start.
"""

import argparse

import numpy as np
from tutorial import Stopwatch, read, save_centres, write


def main():
    options = parse()
    watch = Stopwatch()
    import faiss

    watch.lap("import")
    pixels, profile = read(options.scene)
    pixels = np.ascontiguousarray(pixels, np.float32)
    watch.lap("read")
    model = faiss.Kmeans(
        pixels.shape[1], options.clusters, seed=0, max_points_per_centroid=len(pixels)
    )
    objective = model.train(pixels)
    watch.lap("fit")
    _, labels = model.index.search(pixels, 1)
    watch.lap("label")
    write(options.output, labels, profile)
    watch.lap("write")
    save_centres(options.centres, model.centroids)
    watch.tell(inertia=float(objective), n_iter=len(model.iteration_stats), kind="faiss.Kmeans")


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("scene")
    parser.add_argument("output")
    parser.add_argument("-k", "--clusters", type=int, required=True)
    parser.add_argument("--centres", required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
