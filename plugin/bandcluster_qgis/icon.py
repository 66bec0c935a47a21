"""The icons of the plugin, its provider and its algorithms."""

import os

_FOLDER = os.path.join(os.path.dirname(__file__), "icons")


def icon_path(name: str) -> str:
    return os.path.join(_FOLDER, f"{name}.svg")


ICON_PATH = icon_path("bandcluster")
