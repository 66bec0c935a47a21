"""What there is in a map: the pixels of each class, and their area."""

import numpy as np

from .binding import bandcluster
from .ground import Ground


class Tally:
    """Counts labels while a map is written, window after window."""

    def __init__(self, dataset, n_labels):
        self._ground = Ground(dataset)
        self._counts = np.zeros(n_labels + 1, np.int64)
        self._units = [0] * (n_labels + 1)
        self.means = None  # per band, of the pixels of each label from 0; None where the model's are theirs

    def add(self, window, labels):
        rows = self._ground.rows
        if rows is None:
            self._counts += self._count(labels)
            return
        for units, row in zip(rows[window.y : window.y + window.height], labels):
            counts = self._count(row)
            self._counts += counts
            for label in np.flatnonzero(counts):
                self._units[label] += int(counts[label]) * units

    @property
    def counts(self) -> list:
        """The pixels of each label, from 0 (nodata)."""
        return self._counts.tolist()

    @property
    def n_valid(self) -> int:
        return sum(self.counts[1:])

    @property
    def hectares(self) -> list:
        """The area of each label, from 0; None where it is not known how large pixels are."""
        return [self._ground.hectares(count, units) for count, units in zip(self.counts, self._units)]

    def _count(self, labels):
        return bandcluster.count_labels(labels, len(self._counts) - 1).astype(np.int64)
