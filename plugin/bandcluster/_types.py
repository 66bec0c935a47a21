"""The types that several signatures use."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Optional, Union

from numpy.typing import ArrayLike

PathLike = Union[str, "os.PathLike[str]"]
"""A file's name."""

Progress = Union[Callable[[float, str], object], bool]
"""Called with the fraction done and a message; returning False cancels.

True: tqdm's bar.
"""

Nodata = Union[float, Sequence[Optional[float]], None]
"""The value of pixels without data: one number for all bands, or one per band."""

Init = Union[ArrayLike, Mapping[str, ArrayLike], None]
"""Centres that k-means starts from: an array (centres, bands), or means by name."""
