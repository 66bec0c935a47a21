"""rasterio reads, scikit-learn's KMeans clusters all pixels, rasterio writes: as tutorials do it.

    python sklearn_peer.py SCENE OUTPUT -k 4 --centres C.json
        [--intelex] [--restarts 10] [--predict SCENE OUTPUT]

KMeans has its defaults: one k-means++ start, at most 300 iterations, tolerance 1e-4. The seed is
set, so that a run can be repeated. --intelex uses Intel's extension instead, --restarts makes more
starts, and --predict also labels another scene.
"""

import argparse

from tutorial import Stopwatch, read, save_centres, write


def main():
    options = parse()
    watch = Stopwatch()
    model_class = import_kmeans(options.intelex)
    watch.lap("import")
    pixels, profile = read(options.scene)
    watch.lap("read")
    model = model_class(n_clusters=options.clusters, n_init=options.restarts, random_state=0).fit(
        pixels
    )
    watch.lap("fit")
    write(options.output, model.labels_, profile)
    watch.lap("write")
    if options.predict:
        del pixels
        predict(model, *options.predict, watch)
    save_centres(options.centres, model.cluster_centers_)
    watch.tell(
        inertia=float(model.inertia_), n_iter=int(model.n_iter_), kind=model_class.__module__
    )


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("scene")
    parser.add_argument("output")
    parser.add_argument("-k", "--clusters", type=int, required=True)
    parser.add_argument("--centres", required=True)
    parser.add_argument("--intelex", action="store_true")
    parser.add_argument("--restarts", type=int, default=1)
    parser.add_argument("--predict", nargs=2)
    return parser.parse_args()


def import_kmeans(intelex):
    if intelex:
        from sklearnex import patch_sklearn

        patch_sklearn(verbose=False)
    from sklearn.cluster import KMeans

    return KMeans


def predict(model, scene, output, watch):
    pixels, profile = read(scene)
    watch.lap("predict_read")
    labels = model.predict(pixels)
    watch.lap("predict")
    write(output, labels, profile)
    watch.lap("predict_write")


if __name__ == "__main__":
    main()
