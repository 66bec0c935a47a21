"""A model in another scene: what makes their samples comparable, and whether the model can be trusted there."""

import math
import re
from dataclasses import dataclass

import numpy as np

from .binding import bandcluster
from .gdal_calls import RasterError
from .translation import tr

_SAMPLE = 1_000_000  # pixels that tell how a scene is distributed, about


@dataclass(frozen=True)
class Correction:
    """What the samples of each band are multiplied with, and what is added then; one number for all or one per band."""

    scales: tuple = (1.0,)
    offsets: tuple = (0.0,)

    @classmethod
    def parse(cls, scales, offsets) -> "Correction | None":
        """From texts such as "-1000" or "0.1,0.1,0.2"; None where both are empty."""
        if not scales.strip() and not offsets.strip():
            return None
        numbers = cls(_numbers(tr("Scale"), scales) or (1.0,), _numbers(tr("Offset"), offsets) or (0.0,))
        if 0 in numbers.scales:
            raise RasterError(tr("the scale is 0; give another factor"))
        return numbers

    @classmethod
    def between(cls, scene, other) -> "Correction":
        """From a scene's samples to those of a model or another scene, where both say for each band what these mean."""
        pairs = list(zip(scene.scaling, other.scaling))
        if any((1.0, 0.0) in pair or not pair[1][0] for pair in pairs):  # a scale of 0 says nothing
            return cls()
        scales = tuple(own / wanted for (own, _), (wanted, _) in pairs)
        offsets = tuple((own - to) / wanted for (_, own), (wanted, to) in pairs)
        needed = any(abs(scale - 1) > 1e-9 for scale in scales) or any(abs(offset) > 1e-9 for offset in offsets)
        return cls(scales, offsets) if needed else cls()

    def check(self, n_bands) -> None:
        for numbers in (self.scales, self.offsets):
            if len(numbers) not in (1, n_bands):
                raise RasterError(
                    tr("{numbers} numbers correct {bands} bands; give one for each band, or one for all").format(
                        numbers=len(numbers), bands=n_bands
                    )
                )

    @property
    def is_none(self) -> bool:
        """Whether it leaves the samples as they are."""
        return set(self.scales) == {1.0} and set(self.offsets) == {0.0}

    def __str__(self) -> str:
        return ", ".join(f"* {scale:.6g} {offset:+.6g}" for scale, offset in zip(self.scales, self.offsets))

    def apply(self, pixels, nodata):
        """Floats (bands, height, width) corrected; NaN where a sample is its band's nodata value."""
        column = (-1, 1, 1)
        scales, offsets = np.reshape(self.scales, column), np.reshape(self.offsets, column)
        # In double precision, whatever the samples are.
        corrected = (pixels.astype(np.float64, copy=False) * scales + offsets).astype(pixels.dtype)
        for band, value in enumerate(nodata):
            if value is not None:
                # A corrected sample may be of the same value.
                corrected[band][pixels[band] == value] = np.nan
        return corrected


class Sample:
    """An even sample of a scene's pixels, gathered while they pass by."""

    def __init__(self, scene):
        self._step = max(1, int(math.sqrt(scene.width * scene.height / _SAMPLE)))
        self._summary = None

    def add(self, window, pixels, nodata, valid):
        x, y, _width, _height = window
        even = (slice(-y % self._step, None, self._step), slice(-x % self._step, None, self._step))
        part = pixels[(slice(None), *even)]
        if part.size:
            if self._summary is None:
                self._summary = bandcluster.Summary(len(pixels), pixels.dtype)
            self._summary.add(part, nodata=nodata, mask=None if valid is None else valid[even])

    def tell(self, model, progress) -> "bandcluster.Drift | None":
        """How far the scene is from what the model was fitted on (None: nothing is known), and warn."""
        if self._summary is None or not self._summary.info().n_valid:
            return None
        try:
            drift = model.drift(self._summary)
        except bandcluster.InvalidArgument:  # a model of a version that did not tell
            return None
        progress.note(
            tr(
                "Bands moved by {moved:.2f} standard deviations on average; {far:.1%} of the pixels are unusually far. "
                "Median and standard deviations that each band moved by:"
            ).format(moved=drift.overall, far=drift.beyond_radius)
        )
        progress.table(f"{band.name:>12}  {band.shift:+12.6g}  {band.distance:6.2f}" for band in drift.bands)
        for warning in drift.warnings:
            progress.warn(f"{warning.code}: {in_qgis(warning.message)}")
        return drift


def in_qgis(message) -> str:
    """A warning's message with the parameters of QGIS in the place of the options of the command line."""
    return re.sub(r"--(offset|scale)\b", lambda option: option[1].upper(), message)


def _numbers(what, text) -> tuple:
    try:
        numbers = tuple(float(number) for number in text.split(",")) if text.strip() else ()
    except ValueError:
        numbers = (math.nan,)
    if not all(map(math.isfinite, numbers)):
        raise RasterError(tr("{}: '{}' is not a number, or several with commas between them").format(what, text))
    return numbers
