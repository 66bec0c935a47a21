"""A model in another scene: what makes their samples comparable, and whether the model can be trusted there."""

import math
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
    def between(cls, scene, model) -> "Correction":
        """From the scene's samples to those of the model, where both say for each band what a sample means."""
        pairs = list(zip(scene.scaling, model.scaling))
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

    def apply(self, pixels, nodata):
        """The pixels (bands, height, width) corrected, and the nodata values that they have then."""
        if set(self.scales) == {1.0} and set(self.offsets) == {0.0}:
            return pixels, nodata
        exact = pixels.dtype.itemsize <= 2 or pixels.dtype == np.float32
        column = (-1, 1, 1)
        scales, offsets = np.reshape(self.scales, column), np.reshape(self.offsets, column)
        corrected = (pixels * scales + offsets).astype(np.float32 if exact else np.float64)
        for band, value in enumerate(nodata):
            if value is not None:
                # A corrected sample may be of the same value.
                corrected[band][pixels[band] == value] = np.nan
        return corrected, [None] * len(nodata)


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
                "Bands moved by {moved:.2f} standard deviations on average; {far:.1%} of the pixels are unusually far"
            ).format(moved=drift.overall, far=drift.beyond_radius)
        )
        for warning in drift.warnings:
            progress.warn(f"{warning.code}: {warning.message}")
        return drift


def _numbers(what, text) -> tuple:
    try:
        numbers = tuple(float(number) for number in text.split(",")) if text.strip() else ()
    except ValueError:
        numbers = (math.nan,)
    if not all(map(math.isfinite, numbers)):
        raise RasterError(tr("{}: '{}' is not a number, or several with commas between them").format(what, text))
    return numbers
