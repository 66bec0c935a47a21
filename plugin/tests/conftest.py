"""Paths of the packages under test, and copies of the real scenes.

They are copied because reading may leave files beside them.
"""

import shutil
import sys

import pytest
from scenes import DATA, PLUGIN

sys.path.insert(0, str(PLUGIN))


@pytest.fixture
def copied(tmp_path):
    """Copies a scene of tests/data into this test's folder; returns its path."""

    def copy(name):
        return str(shutil.copy(DATA / name, tmp_path))

    return copy
