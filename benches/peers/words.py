"""Names, numbers and tables as they are written on the page."""

from contenders import (
    BANDCLUSTER,
    FAISS,
    FLOOR,
    GRASS,
    INTELEX,
    LINFA,
    QGIS,
    QGIS_START,
    SAGA,
    SKLEARN,
)
from measure import DOES_NOT_FIT

NAMES = {
    BANDCLUSTER: "**bandcluster**",
    FLOOR: "floor",
    SKLEARN: "rasterio + scikit-learn",
    INTELEX: "rasterio + scikit-learn-intelex",
    FAISS: "rasterio + faiss",
    LINFA: "rasterio + linfa",
    GRASS: "GRASS: i.cluster + i.maxlik",
    SAGA: "SAGA: K-Means Clustering for Grids",
    QGIS: "QGIS",
    QGIS_START: "QGIS, its start alone",
}
TITLES = {
    "train": "Train: a strip of 89 million pixels, 4 classes",
    "predict": "Predict: a second strip, with the classes of the first",
    "tile": "Tile: a Sentinel-2 tile, 10 classes",
    "restarts": "Tile, ten restarts for everybody",
    "tile13": "Tile, 13 bands",
    "tile_float": "Tile, reflectances",
    "gigapixel": "Mosaic: nine tiles",
    "sweep": "Sweep: 2 to 20 classes",
    "choose_k": "Which number of classes",
    "algorithms": "Every algorithm, on the tile",
    "qgis": "In QGIS",
    "in_memory": "In memory, from C",
}
SHORT = {
    "train": "train",
    "predict": "predict",
    "tile": "tile",
    "restarts": "tile, ten restarts each",
    "tile13": "tile, 13 bands",
    "tile_float": "tile, reflectances",
    "gigapixel": "mosaic",
    "sweep": "sweep",
    "choose_k": "choose k",
    "algorithms": "algorithms",
    "qgis": "in QGIS",
}


def table(head, rows, alignment):
    """A table in Markdown; alignment has a letter for each column, l or r."""
    lines = {"l": "---", "r": "---:"}
    all_rows = [head, [lines[letter] for letter in alignment], *rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in all_rows)


def duration(seconds):
    if seconds < 0.1:
        return f"{seconds:.3f} s"
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s"


def size(n_bytes):
    return f"{n_bytes / 1e6:.0f} MB" if n_bytes < 1e9 else f"{n_bytes / 1e9:.1f} GB"


def millions(pixels):
    return f"{pixels / 1e6:.1f} million" if pixels < 1e7 else f"{pixels / 1e6:.0f} million"


def why_not(entry):
    """Why a system has no figures."""
    if entry["outcome"] == DOES_NOT_FIT and "needed" in entry:
        return f"does not fit (about {entry['needed'] / 1e9:.0f} GB)"
    if "stopped_after" in entry:
        return f"{entry['outcome']} after {duration(entry['stopped_after'])}"
    return entry["outcome"]
