"""Every algorithm on one real scene: agreement with scikit-learn, and a picture.

    PYTHONPATH=plugin BANDCLUSTER_LIBRARY=target/release/libbandcluster.so \\
        .venv/bin/python benches/algorithms.py

prints the rows of the table in docs/algorithms.md and draws the maps in docs/images/algorithms.png.
With ``--picture`` it only draws; with ``--only NAME`` it compares one algorithm. The whole run
takes some minutes. It needs Pillow.
"""

import argparse
import warnings
from pathlib import Path

import bandcluster
import numpy as np
from osgeo import gdal
from PIL import Image, ImageDraw, ImageFont
from sklearn import cluster, mixture
from sklearn.metrics import adjusted_rand_score
from sklearn.neighbors import KNeighborsClassifier

ROOT = Path(__file__).resolve().parent.parent
SCENE = ROOT / "tests" / "data" / "s2_train.tif"
PICTURE = ROOT / "docs" / "images" / "algorithms.png"

# The small sample is for slow algorithms of scikit-learn (spectral, affinity), and for optics,
# whose steepness depends on the number of pixels.
SAMPLE, SMALL_SAMPLE = 5000, 2000
REPRESENTATIVES = 2000
SHARE = (
    SAMPLE / REPRESENTATIVES
)  # scikit-learn counts pixels of the sample, bandcluster representatives

CUT = (
    slice(325, 565),
    slice(412, 652),
)  # rows, columns: fields, forest, a marsh with a creek, the lagoon
COLUMNS, GAP, CAPTION = 5, 10, 26  # panels per row; pixels between panels, and of a caption
NOISE = (170, 170, 170)

# Land covers of this scene: name, mean (B02 B03 B04 B08), and the colour of a class with this mean.
# The colours of other classes are interpolated, so that a colour means the same in every map.
COVERS = [
    ("open water", (1290, 1030, 840, 455), (85, 150, 205)),
    ("water with marsh", (1195, 931, 652, 307), (40, 85, 165)),
    ("marsh", (1015, 710, 540, 680), (128, 96, 140)),
    ("thin wood, shade", (1019, 742, 585, 1374), (88, 120, 96)),
    ("forest", (990, 731, 527, 1800), (25, 85, 45)),
    ("bare soil", (1336, 1151, 1340, 1900), (190, 115, 75)),
    ("meadow, stubble", (1218, 1073, 1009, 2378), (225, 195, 110)),
    ("green field", (1150, 1040, 832, 2896), (150, 190, 70)),
    ("dense green", (1135, 1058, 741, 3520), (185, 222, 70)),
    ("sand, roofs", (1838, 1786, 1999, 2485), (250, 236, 214)),
]


def algorithms():
    """For each algorithm: name, bandcluster's options, maker of the peer, sample size."""
    optics = {"min_samples": 33, "min_cluster_size": 100}
    hdbscan = {"min_samples": 20, "min_cluster_size": 40}
    return [
        ("kmeans", {"n_clusters": 6}, lambda: cluster.KMeans(6, n_init=10, random_state=0), SAMPLE),
        (
            "bisecting",
            {"n_clusters": 6},
            lambda: cluster.BisectingKMeans(6, n_init=10, random_state=0),
            SAMPLE,
        ),
        ("isodata", {"initial_clusters": 6, "max_clusters": 8}, None, SAMPLE),
        ("gmm", {"n_components": 6}, lambda: mixture.GaussianMixture(6, random_state=0), SAMPLE),
        ("agglomerative", {"n_clusters": 6}, lambda: cluster.AgglomerativeClustering(6), SAMPLE),
        ("birch", {"n_clusters": 6}, lambda: cluster.Birch(n_clusters=6), SAMPLE),
        (
            "dbscan",
            {"eps": 60, "min_samples": 10},
            lambda: cluster.DBSCAN(eps=60, min_samples=round(10 * SHARE)),
            SAMPLE,
        ),
        ("optics", {"xi": 0.02, **optics}, lambda: cluster.OPTICS(xi=0.02, **optics), SMALL_SAMPLE),
        ("hdbscan", hdbscan, lambda: cluster.HDBSCAN(**times(hdbscan, SHARE), copy=True), SAMPLE),
        (
            "meanshift",
            {"bandwidth": 400},
            lambda: cluster.MeanShift(bandwidth=400, n_jobs=2),
            SAMPLE,
        ),
        (
            "spectral",
            {"n_clusters": 6},
            lambda: cluster.SpectralClustering(6, affinity="nearest_neighbors", random_state=0),
            SMALL_SAMPLE,
        ),
        (
            "affinity",
            {"preference": -6e7, "n_representatives": SMALL_SAMPLE},
            lambda: cluster.AffinityPropagation(
                preference=-6e7, damping=0.7, max_iter=400, random_state=0
            ),
            SMALL_SAMPLE,
        ),
    ]


def times(counts, factor):
    """Options that count pixels, for a sample that is larger by a factor."""
    return {name: round(count * factor) for name, count in counts.items()}


def read(path):
    """The bands of a scene: (bands, height, width)."""
    return gdal.Open(str(path)).ReadAsArray()


def has_noise(model):
    """Whether the last class is noise."""
    return model.class_names[-1] == "noise"


def peer_labels(peer, pixels, others):
    """scikit-learn's labels of pixels, by a fit on them and by a fit on other pixels."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # warnings about a disconnected neighbour graph, which docs/algorithms.md mentions
        own = peer().fit_predict(pixels)
        elsewhere = peer().fit_predict(others)
    return own, KNeighborsClassifier(1).fit(others, elsewhere).predict(pixels)


def table_row(name, options, labels, model, agreement, itself, n_pixels):
    """One row of the table in Markdown."""
    given = ", ".join(f"{option}={value:g}" for option, value in options.items())
    noise = f"{100 * np.mean(labels == model.n_clusters):.0f} %" if has_noise(model) else ""
    n_classes = model.n_clusters - has_noise(model)
    scores = " | ".join("" if score is None else f"{score:.2f}" for score in (agreement, itself))
    return f"| {name} | {given} | {n_pixels} | {n_classes} | {noise} | {scores} |"


def compare(name, options, peer, n_pixels, image, model, labels):
    """The row of an algorithm, measured on a sample of the pixels."""
    if peer is None:
        return table_row(name, options, labels, model, None, None, "")
    random = np.random.default_rng(0)
    places = random.choice(labels.size, 2 * n_pixels, replace=False)
    here, there = places[:n_pixels], places[n_pixels:]
    values = image.reshape(len(image), -1).T.astype(float)
    own, transferred = peer_labels(peer, values[here], values[there])
    agreement = adjusted_rand_score(own, labels.ravel()[here])
    n_found = len(set(own) - {-1})
    row = table_row(
        name, options, labels, model, agreement, adjusted_rand_score(own, transferred), n_pixels
    )
    return (
        f"{row}  <!-- scikit-learn: {n_found} classes, {100 * np.mean(own == -1):.0f} % noise -->"
    )


def natural(image):
    """Pixels in natural colours: (height, width, 3) of bytes.

    Each band is stretched from its 1st to its 99th percentile.
    """
    bands = image[[2, 1, 0]].astype(float)
    low, high = np.percentile(bands, [1, 99], axis=(1, 2))[:, :, None, None]
    return (
        (np.clip((bands - low) / (high - low), 0, 1) ** 0.75 * 255)
        .astype(np.uint8)
        .transpose(1, 2, 0)
    )


def class_colors(model):
    """The colour of each class, by the covers similar to its mean; noise is grey."""
    covers = np.array([values for _, values, _ in COVERS], float)
    colors = np.array([color for _, _, color in COVERS], float)
    spread = covers.std(axis=0)  # gives visible bands the weight of the infrared
    distances = (((model.centers[:, None] - covers) / spread) ** 2).sum(axis=2) + 1e-9
    shares = distances**-3
    mixed = (shares / shares.sum(axis=1, keepdims=True)) @ colors
    if has_noise(model):
        mixed[-1] = NOISE
    return mixed.round().astype(np.uint8)


def map_picture(model, labels):
    """A map in the colours of its classes, at the scene's resolution."""
    palette = np.vstack([[0, 0, 0], class_colors(model)]).astype(np.uint8)
    return palette[labels]


def caption(name, model):
    """The name of an algorithm and the number of classes that it found."""
    n_classes = model.n_clusters - has_noise(model)
    return f"{name}, {n_classes} classes" + (" + noise" if has_noise(model) else "")


def font():
    """A legible font, if there is one."""
    try:
        return ImageFont.truetype("DejaVuSans.ttf", 17)
    except OSError:
        return ImageFont.load_default()


def sheet(panels):
    """Pictures of one size in rows, each under its caption."""
    height, width = panels[0][1].shape[:2]
    rows = -(-len(panels) // COLUMNS)
    step_x, step_y = width + GAP, height + CAPTION + GAP
    page = Image.new("RGB", (COLUMNS * step_x + GAP, rows * step_y + GAP), "white")
    draw, face = ImageDraw.Draw(page), font()
    for index, (text, picture) in enumerate(panels):
        x, y = GAP + index % COLUMNS * step_x, GAP + index // COLUMNS * step_y
        draw.text((x, y), text, fill="black", font=face)
        page.paste(Image.fromarray(picture), (x, y + CAPTION))
    left, top = len(panels) % COLUMNS * step_x + 3 * GAP, rows * step_y - step_y + GAP
    legend(draw, face, left, top)
    return page


def legend(draw, face, left, top):
    """Draws the meaning of the colours into the last row."""
    draw.text(
        (left, top), "A class has the colour of what its mean is like:", fill="black", font=face
    )
    entries = [(name, color) for name, _, color in COVERS] + [("noise", NOISE)]
    for index, (name, color) in enumerate(entries):
        x, y = left + index // 6 * 240, top + CAPTION + index % 6 * 34
        draw.rectangle((x, y + 4, x + 30, y + 26), fill=color)
        draw.text((x + 40, y + 4), name, fill="black", font=face)


def main():
    """Fits, compares, and draws."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--picture", action="store_true", help="draw only, without scikit-learn")
    parser.add_argument(
        "--only", metavar="NAME", help="compare this algorithm only, without the picture"
    )
    given = parser.parse_args()
    image = read(SCENE)
    panels = [("the scene", natural(image[(slice(None), *CUT)]))]
    for name, options, peer, n_pixels in algorithms():
        if given.only not in (None, name):
            continue
        model = bandcluster.fit(image, algorithm=name, **options)
        labels = model.predict(image)
        panels.append((caption(name, model), map_picture(model, labels)[CUT]))
        if not given.picture:
            print(compare(name, options, peer, n_pixels, image, model, labels), flush=True)
    if not given.only:
        sheet(panels).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
