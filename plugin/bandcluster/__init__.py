"""Unsupervised classification of multi-band images: the Python side of the bandcluster library.

    import bandcluster

    model = bandcluster.fit(image, n_clusters=4)    # image: NumPy array (bands, rows, columns)
    labels = model.predict(image)                   # (rows, columns), 0 = nodata, 1..4
    model.save("model.json")

What does not fit into memory goes through `Summary` and `Refinement` block by block, with the same
result. What is in raster files goes from file to file, by the library and GDAL:

    outcome = bandcluster.cluster_file("scene.tif", "map.tif", n_clusters=4, model="model.json")
    bandcluster.predict_file("model.json", "neighbour.tif", "neighbour_map.tif")

`bandcluster.sklearn` has scikit-learn's estimators, over tables of pixels.

Only NumPy is needed. The native library is looked for at the first call, not at import: see
`load_library`.

In the examples, ``np`` is NumPy, ``image`` an array of three classes and shape (4, 60, 80),
``model`` a model of it, ``labels`` its map, and ``scene.tif`` a file of it.
"""

from __future__ import annotations

from ._fit import fit
from ._library import find_library
from ._merge import Match
from ._native import load_library, version
from ._plot import plot
from .choice import Candidate, Choice, choose_k
from .dendrogram import Dendrogram
from .drift import BandDrift, Drift, DriftWarning
from .errors import (
    BandclusterError,
    Cancelled,
    InternalError,
    InvalidArgument,
    InvalidData,
    InvalidModel,
    IOFailure,
    LibraryUnavailable,
    OutOfMemory,
)
from .files import (
    Outcome,
    choose_k_file,
    cluster_file,
    fit_files,
    info,
    predict_file,
    predict_files,
)
from .jobs import check_job, run_job
from .maps import count_labels, majority, row_areas
from .model import Model
from .product import Product, ProductBand, product
from .refinement import Refinement
from .report import Page, Picture, save_report
from .scenes import Scenes
from .summary import Summary, SummaryInfo
from .zonal import ZonalMeans

__version__: str
"""The version of the package and its library."""


def __getattr__(name: str) -> str:
    # The library has its version from Cargo.toml, the one place that says it; it is not loaded
    # before it is asked.
    if name == "__version__":
        return version()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "BandDrift",
    "BandclusterError",
    "Cancelled",
    "Candidate",
    "Choice",
    "Dendrogram",
    "Drift",
    "DriftWarning",
    "IOFailure",
    "InternalError",
    "InvalidArgument",
    "InvalidData",
    "InvalidModel",
    "LibraryUnavailable",
    "Match",
    "Model",
    "OutOfMemory",
    "Outcome",
    "Page",
    "Picture",
    "Product",
    "ProductBand",
    "Refinement",
    "Scenes",
    "Summary",
    "SummaryInfo",
    "ZonalMeans",
    "check_job",
    "choose_k",
    "choose_k_file",
    "cluster_file",
    "count_labels",
    "find_library",
    "fit",
    "fit_files",
    "info",
    "load_library",
    "save_report",
    "majority",
    "plot",
    "predict_file",
    "predict_files",
    "product",
    "row_areas",
    "run_job",
    "version",
]
