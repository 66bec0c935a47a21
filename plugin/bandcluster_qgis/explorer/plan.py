"""What is fitted next, and what is done.

Plain Python; several threads may use a plan.
"""

import threading

FIT, MEASURE, REFINE = "fit", "measure", "refine"


class Plan:
    """The models of one summary by some settings, the user's number first.

    The neighbours of that number follow. Models of a summary may have to be refined over the
    pixels. Only the user's number is refined, and last: until then its classes are those of the
    summary, which differ little.
    """

    def __init__(self, settings, k):
        self.settings = settings
        self.choice = None  # what `choose_k` returned
        self._lock = threading.Lock()
        self._k, self._models, self._failed = k, {}, {}
        self._is_measured = not settings.is_measured()

    def look_at(self, k) -> None:
        with self._lock:
            self._k = k

    def is_looked_at(self, k) -> bool:
        return self._k == k

    def next(self):
        """The next step and its number of classes; None when all is done."""
        with self._lock:
            if self._missing():
                return FIT, 0
            if not self._is_measured:
                return MEASURE, 0
            looked_at = self._models.get(self._k)
            return (REFINE, self._k) if looked_at is not None and not looked_at.converged else None

    def number(self, besides=()):
        """The next number to fit, none of these; None if there is no other."""
        with self._lock:
            free = [k for k in self._missing() if k not in besides]
            return min(free, key=lambda k: (abs(k - self._k), k), default=None)

    def _missing(self):
        done = self._models.keys() | self._failed.keys()
        return [k for k in self.settings.numbers() if k not in done]

    def model(self, k):
        """The model of `k` classes, or None."""
        return self._models.get(k)

    def why_not(self, k) -> str:
        """Why there is no model of `k` classes."""
        return self._failed.get(k, "")

    def count(self) -> int:
        """How many of the numbers are done."""
        return len(self._models) + len(self._failed)

    def keep(self, k, model) -> None:
        with self._lock:
            self._models[k] = model

    def fail(self, k, why) -> None:
        with self._lock:
            self._failed[k] = why

    def measure(self, choice) -> None:
        """Takes the result of `choose_k`, or None if it failed."""
        with self._lock:
            self.choice, self._is_measured = choice, True
