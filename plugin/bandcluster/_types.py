"""The types that several signatures name."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Union

PathLike = Union[str, "os.PathLike[str]"]
"""A file's name."""

Progress = Callable[[float, str], object]
"""Called with the fraction done and what is being done; returning False cancels."""
