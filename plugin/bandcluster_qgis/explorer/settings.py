"""What decides which classes are found, and how the faces of the library are told so. Plain Python."""

from dataclasses import dataclass

FEWEST, MOST = 2, 20  # numbers of classes on the slider
_WITH_STARTS = ("kmeans", "bisecting")
_WITHOUT_NUMBER = ("dbscan", "optics", "hdbscan", "meanshift", "affinity")
_COUNTS = {"gmm": "n_components", "isodata": "initial_clusters"}  # what others call n_clusters
_MEASURED = ("kmeans", "gmm")


@dataclass(frozen=True)
class Settings:
    """Everything that decides which classes are found, but for their number.

    `source` is the name that the library opens; `bands` are numbers (none: all but alpha), `nodata` numbers or None for
    each (none: as the file has it), `options` pairs of names and values.
    """

    source: str
    bands: tuple = ()
    nodata: tuple = ()
    algorithm: str = "kmeans"
    options: tuple = ()
    scaling: str = "none"
    metric: str = "euclidean"
    n_init: int = 10
    seed: int = 0

    def pixels(self) -> tuple:
        """What a summary depends on."""
        return self.source, self.bands, self.nodata

    def takes_number(self) -> bool:
        return self.algorithm not in _WITHOUT_NUMBER

    def is_measured(self) -> bool:
        """Whether numbers of classes can be compared."""
        return self.algorithm in _MEASURED and not self.options

    def numbers(self) -> tuple:
        """The numbers of classes that can be chosen; 0 where the algorithm finds the number itself."""
        return tuple(range(FEWEST, MOST + 1)) if self.takes_number() else (0,)

    def reading(self) -> dict:
        """The fields of a request that say which pixels are read."""
        fields = {"inputs": [self.source], "bands": list(self.bands), "nodata": list(self.nodata)}
        return {name: value for name, value in fields.items() if value}

    def request(self, k) -> dict:
        """A job that makes the map of these classes, but for the map's name."""
        reading = self.reading()
        [source] = reading.pop("inputs")
        how = {name: value for name, value in self._common().items() if value is not None}
        number = {"n_clusters": k} if self.takes_number() else {}
        own = {"options": dict(self.options)} if self.options else {}
        return {"command": "cluster", "input": source, **reading, **how, **number, **own}

    def fit(self, k) -> dict:
        """The arguments of `Summary.fit`."""
        number = {_COUNTS.get(self.algorithm, "n_clusters"): k} if self.takes_number() else {}
        return {**self._common(), **number, **dict(self.options)}

    def choice(self) -> dict:
        """The arguments of `choose_k`: as *Choose the number of classes* asks."""
        return {**self._common(), "min": FEWEST, "max": MOST}

    def _common(self) -> dict:
        return {
            "algorithm": self.algorithm,
            "scaling": self.scaling,
            "metric": self.metric,
            "seed": self.seed,
            "n_init": self.n_init if self.algorithm in _WITH_STARTS else None,
        }
