"""The settings that decide which classes are found.

They become the options of an algorithm, a job or `Summary.fit`. Plain Python.
"""

from dataclasses import dataclass

from .seeds import Seeds

FEWEST, MOST = 2, 20  # limits of the slider
_WITH_STARTS = ("kmeans", "bisecting")
_WITHOUT_NUMBER = ("dbscan", "optics", "hdbscan", "meanshift", "affinity")
_COUNTS = {"gmm": "n_components", "isodata": "initial_clusters"}  # other names of n_clusters
_MEASURED = ("kmeans", "gmm")
_MOST_OF_ISODATA = 16  # the library's default of ISODATA's max_clusters


@dataclass(frozen=True)
class Settings:
    """All settings that decide which classes are found, except their number.

    `source` is the name that the library opens; `bands` are numbers (empty: all except alpha
    bands), `nodata` a number or None for each band (empty: as in the file), `options` pairs of
    names and values, `band_weights` a number for each band (empty: all bands count equally).
    """

    source: str
    bands: tuple = ()
    nodata: tuple = ()
    algorithm: str = "kmeans"
    options: tuple = ()
    scaling: str = "none"
    metric: str = "euclidean"
    band_weights: tuple = ()
    n_init: int = 10
    seed: int = 0
    seeds: Seeds = Seeds()

    def pixels(self) -> tuple:
        """The settings that a summary depends on."""
        return self.source, self.bands, self.nodata

    def weights_told(self) -> str:
        """The band weights as they are typed: 1, 2, 0.5."""
        return ", ".join(repr(weight).removesuffix(".0") for weight in self.band_weights)

    def options_of(self, k) -> dict:
        """The options of the algorithm for this number of classes.

        ISODATA refuses to begin with more classes than its `max_clusters`, so that grows with them.
        """
        is_above = self.algorithm == "isodata" and k > _MOST_OF_ISODATA
        return {**({"max_clusters": k} if is_above else {}), **dict(self.options)}

    def takes_number(self) -> bool:
        return self.algorithm not in _WITHOUT_NUMBER

    def is_measured(self) -> bool:
        """Whether numbers of classes can be compared."""
        return self.algorithm in _MEASURED and not self.options and not self.seeds.shapes

    def numbers(self) -> tuple:
        """The numbers of classes that can be chosen; (0,) if the algorithm finds the number.

        Every seed is a class. If the centres of seeds are fixed, their number is the only choice.
        """
        if not self.takes_number():
            return (0,)
        n_seeds = len(self.seeds.names())
        if n_seeds and self.seeds.fix:
            return (n_seeds,)
        least = max(FEWEST, n_seeds)
        return tuple(range(least, max(MOST, least) + 1))

    def nearest(self, k) -> int:
        """The nearest number of classes that can be chosen."""
        return min(self.numbers(), key=lambda number: abs(number - k))

    def reading(self) -> dict:
        """The fields of a request that choose the pixels."""
        fields = {"inputs": [self.source], "bands": list(self.bands), "nodata": list(self.nodata)}
        return {name: value for name, value in fields.items() if value}

    def request(self, k, seeds="seeds.gpkg") -> dict:
        """A job that makes the map of these classes, without the map's name.

        `seeds` is the file of the seeds.
        """
        reading = self.reading()
        [source] = reading.pop("inputs")
        how = {name: value for name, value in self._common().items() if value is not None}
        number = {"n_clusters": k} if self.takes_number() else {}
        options = self.options_of(k)
        own = {"options": options} if options else {}
        starts = {"seeds": seeds, "fix_seeds": self.seeds.fix} if self.seeds.shapes else {}
        return {"command": "cluster", "input": source, **reading, **how, **number, **own, **starts}

    def fit(self, k, starts=None) -> dict:
        """The arguments of `Summary.fit`; `starts` are the means of the seeds by name."""
        number = {_COUNTS.get(self.algorithm, "n_clusters"): k} if self.takes_number() else {}
        seeds = {"init": starts, "fix": self.seeds.fix} if starts else {}
        return {**self._common(), **number, **self.options_of(k), **seeds}

    def choice(self) -> dict:
        """The arguments of `choose_k`, as in *Choose the number of classes*."""
        return {**self._common(), "min": FEWEST, "max": MOST}

    def _common(self) -> dict:
        return {
            "algorithm": self.algorithm,
            "scaling": self.scaling,
            "metric": self.metric,
            "band_weights": list(self.band_weights) or None,
            "seed": self.seed,
            "n_init": self.n_init if self.algorithm in _WITH_STARTS else None,
        }
