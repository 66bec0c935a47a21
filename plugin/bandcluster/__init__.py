"""Unsupervised classification of multi-band images: the Python side of the bandcluster library.

    import bandcluster

    model = bandcluster.fit(image, n_clusters=4)    # image: NumPy array (bands, rows, columns)
    labels = model.predict(image)                   # (rows, columns), 0 = nodata, 1..4
    model.save("model.json")

Images that do not fit into memory go through `Summary` and `Refinement` block by block, with the
same result. For raster files there are functions from file to file, which use the library and GDAL:

    outcome = bandcluster.cluster_file("scene.tif", "map.tif", n_clusters=4, model="model.json")
    bandcluster.predict_file("model.json", "neighbour.tif", "neighbour_map.tif")

`bandcluster.sklearn` has scikit-learn's estimators, for tables of pixels.

Only NumPy is needed. The native library is loaded by the first call, not by the import: see
`load_library`.

In the examples, ``np`` is NumPy, ``image`` is an array of shape (4, 60, 80) with three classes,
``model`` is its model, ``labels`` is its map, and ``scene.tif`` is a file with its pixels.
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
    # The version comes from the library, which has it from Cargo.toml. Asking for it loads the
    # library.
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
