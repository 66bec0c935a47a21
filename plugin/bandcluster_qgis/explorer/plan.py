"""What is fitted next, and what has been. Plain Python; several threads may use a plan."""

import threading

FIT, MEASURE, REFINE = "fit", "measure", "refine"


class Plan:
    """The models of one summary and settings: the number that is looked at first, then its
    neighbours.

    Models of a summary may want to be refined over the pixels. Only the one that is looked at is,
    and last: until then its classes are those of the summary, which differ little.
    """

    def __init__(self, settings, k):
        self.settings = settings
        self.choice = None  # what `choose_k` told
        self._lock = threading.Lock()
        self._k, self._models, self._failed = k, {}, {}
        self._is_measured = not settings.is_measured()

    def look_at(self, k) -> None:
        with self._lock:
            self._k = k

    def is_looked_at(self, k) -> bool:
        return self._k == k

    def next(self):
        """The next step: what is to be done, and with which number of classes; None when all is
        done.
        """
        with self._lock:
            missing = [
                k
                for k in self.settings.numbers()
                if k not in self._models and k not in self._failed
            ]
            if missing:
                return FIT, min(missing, key=lambda k: (abs(k - self._k), k))
            if not self._is_measured:
                return MEASURE, 0
            looked_at = self._models.get(self._k)
            return (REFINE, self._k) if looked_at is not None and not looked_at.converged else None

    def model(self, k):
        """The model of so many classes, if there is one yet."""
        return self._models.get(k)

    def why_not(self, k) -> str:
        """Why there is no model of so many classes."""
        return self._failed.get(k, "")

    def count(self) -> int:
        """How many of the numbers are done with."""
        return len(self._models) + len(self._failed)

    def keep(self, k, model) -> None:
        with self._lock:
            self._models[k] = model

    def fail(self, k, why) -> None:
        with self._lock:
            self._failed[k] = why

    def measure(self, choice) -> None:
        """What `choose_k` told, or None if it could not."""
        with self._lock:
            self.choice, self._is_measured = choice, True
