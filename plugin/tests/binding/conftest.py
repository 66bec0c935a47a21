"""Tests of packages that are not installed are left out: Wine does not run all of them."""

from importlib.util import find_spec

_NEEDED = {
    "test_band_names.py": "rioxarray",
    "test_dask.py": "distributed",
    "test_labelled.py": "rioxarray",
    "test_notebook.py": "rioxarray",
    "test_notebooks.py": "nbformat",
}
collect_ignore = [name for name, package in _NEEDED.items() if find_spec(package) is None]
