"""The drift of a scene: its distance from the training pixels of a model."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import _native

if TYPE_CHECKING:
    from .model import Model
    from .summary import Summary


@dataclass(frozen=True)
class BandDrift:
    """The shift of a band."""

    name: str
    """The model's name of the band."""
    shift: float
    """Difference of the medians, in the band's units; positive if the scene's is higher."""
    distance: float
    """Distance of the distributions, in standard deviations of the training pixels."""


@dataclass(frozen=True)
class DriftWarning:
    """A warning to read before a map is used."""

    code: str
    """``"offset"``, ``"scale"``, ``"band_order"`` or ``"drift"``."""
    message: str
    """What was found."""
    values: dict[str, Any] = field(default_factory=dict)
    """The same as values.

    For example, ``add`` or ``multiply`` makes the samples comparable.
    """

    @classmethod
    def _of(cls, found: dict[str, Any]) -> DriftWarning:
        values = {
            name: value for name, value in found.items() if name not in ("code", "band", "message")
        }
        return cls(found["code"], found["message"], values)


class _Comparison(_native.NativeObject):
    _free = "drift_free"

    def __init__(self, model: Model, sample: Summary) -> None:
        self._open("drift_new", model._handle, sample._handle)

    def json(self) -> str:
        return self._text("drift_json")


@dataclass(frozen=True)
class Drift:
    """A comparison of a scene with the training pixels of a model: see `Model.drift`.

    It can be pickled. A report cannot show it afterwards.
    """

    overall: float
    """Mean shift of the bands, in standard deviations of the training pixels."""
    beyond_radius: float
    """Share of pixels farther from their class than 99 % of its training pixels.

    It is about 0.01 if there is no drift.
    """
    bands: tuple[BandDrift, ...]
    warnings: tuple[DriftWarning, ...]
    """The warnings; empty if there are none."""
    _comparison: _Comparison | None = field(repr=False, compare=False)  # for reports

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_comparison": None}


def drift(model: Model, sample: Summary) -> Drift:
    """What `Model.drift` returns."""
    comparison = _Comparison(model, sample)
    found = json.loads(comparison.json())
    return Drift(
        overall=found["overall"],
        beyond_radius=found["beyond_radius"],
        bands=tuple(BandDrift(**band) for band in found["bands"]),
        warnings=tuple(map(DriftWarning._of, found["warnings"])),
        _comparison=comparison,
    )
