#!/usr/bin/env python3
"""Runs the notebooks of this folder and stores them with their outputs: `make notebooks`."""

import argparse
import os
import shutil
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def executed(path: Path, installed: bool = False):
    """The notebook with the outputs of a run in a copy of this folder, where its files do not stay.

    Its kernel finds the package of this tree, or the one that is installed.
    """
    notebook = nbformat.read(path, as_version=4)
    folders = [None if installed else str(ROOT / "plugin"), os.environ.get("PYTHONPATH")]
    found = os.pathsep.join(filter(None, folders))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "docs" / "notebooks"
        place.mkdir(parents=True)
        # Its cells find the scenes of this tree.
        (Path(folder) / "tests").mkdir()
        (Path(folder) / "tests" / "data").symlink_to(ROOT / "tests" / "data")
        where = {"metadata": {"path": str(place)}}
        # A busy machine takes minutes to start a kernel, and to bring what a cell has printed, in
        # pieces.
        patience = {
            "timeout": 1800,
            "startup_timeout": 600,
            "iopub_timeout": 600,
            "coalesce_streams": True,
        }
        client = NotebookClient(notebook, record_timing=False, resources=where, **patience)
        client.execute(env={**os.environ, "PYTHONPATH": found, "PYTHONWARNINGS": "ignore"})
    return notebook


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("notebooks", nargs="*", type=Path, default=sorted(HERE.glob("*.ipynb")))
    for path in arguments.parse_args().notebooks:
        notebook = executed(path)
        partial = path.with_suffix(".partial")
        nbformat.write(notebook, partial)
        shutil.move(partial, path)
        print(path)


if __name__ == "__main__":
    main()
