"""Calls the library to merge classes, and to align them with those of a reference model."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import _native
from .errors import InvalidArgument

if TYPE_CHECKING:
    from .model import Model


@dataclass(frozen=True)
class Match:
    """The new value of a class of an aligned model: see `Model.align`."""

    value: int
    """The class's new value."""
    like: int | None
    """The class of the reference model that it continues; None for a new class."""
    distance: float | None
    """Distance of their means in (scaled) band units; None for a new class."""


def merged(model: Model, groups: Mapping[str, Sequence[int]]) -> tuple[Model, list[int]]:
    """See `Model.merge`."""
    of_class = (ctypes.c_uint32 * model.n_labels)()
    for number, (name, values) in enumerate(groups.items(), start=1):
        for value in values:
            index = _native.whole(f"a class of '{name}'", value, 1, model.n_clusters) - 1
            if of_class[index]:
                first = list(groups)[of_class[index] - 1]
                raise InvalidArgument(
                    f"class {value} cannot be part of both {first} and {name}; choose one"
                )
            of_class[index] = number
    names = (ctypes.c_char_p * len(groups))(*(_native.name(name) for name in groups))
    became = (ctypes.c_uint32 * model.n_labels)()
    new = model._create(
        "model_merge", model._handle, of_class, len(of_class), names, len(groups), became
    )
    return new, list(became)


def aligned(model: Model, like: Model) -> tuple[Model, list[Match]]:
    """See `Model.align`."""
    values, distances = (ctypes.c_uint32 * model.n_labels)(), (ctypes.c_double * model.n_labels)()
    new = model._create("model_align", model._handle, like._handle, values, distances, len(values))
    found = like.n_clusters
    matches = [
        Match(value, value if value <= found else None, None if math.isnan(distance) else distance)
        for value, distance in zip(values, distances)
    ]
    return new, matches
