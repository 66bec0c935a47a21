"""Sphinx's configuration of the documentation site. The pages are made by sources.py."""

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "plugin"))

project = "bandcluster"
author = "The bandcluster contributors"
release = re.search(r'^version = "(.+)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]
extensions = ["myst_parser", "breathe", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]

html_theme = "furo"
html_title = f"bandcluster {release}"
html_logo = str(ROOT / "plugin" / "bandcluster_qgis" / "icons" / "bandcluster.svg")
html_favicon = html_logo
html_show_copyright = False

myst_heading_anchors = 4

breathe_projects = {"c": os.environ.get("BANDCLUSTER_DOXYGEN", "")}
breathe_default_project = "c"
breathe_domain_by_extension = {"h": "c"}

autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_typehints = "none"
autodoc_member_order = "bysource"
# Its docstrings and signatures are wanted, not what it computes.
autodoc_mock_imports = ["dask", "distributed"]
napoleon_google_docstring = False
default_role = "py:obj"  # `Model` in a docstring is a link


def setup(app):
    app.connect("autodoc-process-docstring", mark_code)


def mark_code(app, what, name, obj, options, lines):
    """Indented lines of a module's docstring are code, which reStructuredText wants to be told."""
    if what == "module":
        for number in range(len(lines) - 1, 0, -1):
            begins = lines[number].startswith("    ") and not lines[number - 1].strip()
            before = next((line for line in reversed(lines[:number]) if line.strip()), "")
            if begins and not before.startswith("    "):
                lines[number:number] = ["::", ""]
