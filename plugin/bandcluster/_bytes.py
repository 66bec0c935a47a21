"""The library's files as bytes, to send objects between processes (pickle, Dask)."""

from __future__ import annotations

import os
import tempfile
from typing import Any


def saved(thing: Any) -> bytes:
    """The content of the file that ``thing.save`` writes."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "saved")
        thing.save(path)
        with open(path, "rb") as file:
            return file.read()


def loaded(kind: Any, content: bytes) -> Any:
    """The object of class ``kind`` whose file has this content."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "saved")
        with open(path, "wb") as file:
            file.write(content)
        return kind.load(path)
