"""The types that several signatures name."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Optional, Union

PathLike = Union[str, "os.PathLike[str]"]
"""A file's name."""

Progress = Union[Callable[[float, str], object], bool]
"""Called with the fraction done and what is being done; returning False cancels. True: tqdm's bar."""

Nodata = Union[float, Sequence[Optional[float]], None]
"""What marks pixels without data: one number for all bands, or one per band."""
