"""The icon of the plugin, its provider and its algorithms."""

import os

ICON_PATH = os.path.join(os.path.dirname(__file__), "icons", "bandcluster.svg")
