"""The notebooks of docs/notebooks run, and are stored with the outputs that they have."""

import re
import sys

import nbformat
import pytest
from scenes import ROOT

FOLDER = ROOT / "docs" / "notebooks"
sys.path.insert(0, str(FOLDER))

from run import executed  # noqa: E402


def shown(notebook):
    """For each cell: printed text, kinds of output, tables (of Dask's only their presence).

    Not what it warned of: Dask does on a busy machine.
    """
    cells = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                continue
            data = output.get("data", {})
            table = data.get("text/html", "")
            ours = table if table.startswith("<table style") else ""
            printed = output.get("text", "") if output.get("name") == "stdout" else ""
            cells.append((printed, sorted(data), re.sub("<[^>]*>", " ", ours)))
    return cells


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs_and_its_outputs_are_stored(path):
    stored = nbformat.read(path, as_version=4)
    nbformat.validate(stored)
    assert shown(executed(path)) == shown(stored), "store them anew: make notebooks"
