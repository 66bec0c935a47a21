"""The targets of bandcluster, and the figures of the results that are compared with them."""

from dataclasses import dataclass

from contenders import BANDCLUSTER, FLOOR, INTELEX, QGIS, QGIS_START, SKLEARN
from results import quotient

MEMORY = 600e6  # bytes
ALIKE = 1.1  # ratios up to this count as equal


@dataclass(frozen=True)
class Target:
    """A figure of the results, its limit, and the unit of both."""

    job: str
    what: str
    limit: float
    measured: callable
    at_least: bool = False
    unit: str = "x"

    def verdict(self, results):
        value = self.measured(results)
        if value is None:
            return "not measured"
        return (
            "met"
            if (value >= self.limit if self.at_least else value <= self.limit)
            else "**not met**"
        )

    def wanted(self):
        return ("at least " if self.at_least else "at most ") + self.written(self.limit)

    def found(self, results):
        value = self.measured(results)
        return "" if value is None else self.written(value)

    def written(self, value):
        if self.unit == "MB":
            return f"{value / 1e6:.0f} MB"
        if self.unit == "s":
            return f"{value:.1f} s"
        return (
            f"{value:.6f}"
            if self.unit == "exact"
            else f"{value:.2f}"
            if value < 10
            else f"{value:.0f}"
        )


def times_the_floor(job, limit):
    return Target(job, "time / floor", limit, lambda r: r.ratio((job, BANDCLUSTER), (job, FLOOR)))


def times_quicker(job, peer, limit):
    measured = lambda r: r.ratio((job, peer), (job, BANDCLUSTER))  # noqa: E731
    return Target(job, f"{peer}'s time / bandcluster's", limit, measured, at_least=True)


def memory(job):
    return Target(job, "peak memory", MEMORY, lambda r: r.peak(job, BANDCLUSTER), unit="MB")


def inertia(job, peer):
    measured = lambda r: quotient(r.inertia(job, BANDCLUSTER), r.inertia(job, peer))  # noqa: E731
    return Target(job, f"inertia / {peer}'s", 1, measured, unit="exact")


def linear_time(results):
    return quotient(
        results.nanoseconds("gigapixel", BANDCLUSTER), results.nanoseconds("tile", BANDCLUSTER)
    )


def constant_memory(results):
    return quotient(results.peak("gigapixel", BANDCLUSTER), results.peak("tile", BANDCLUSTER))


def choosing_beyond_summary(results):
    phases = results.phases("choose_k", BANDCLUSTER)
    return phases["total"] - phases["summary"] if phases else None


def slowest_algorithm(results):
    """The slowest algorithm's seconds from file to map, without the summary."""
    phases = [results.phases("algorithms", name) for name in results.systems("algorithms")]
    return max((spent["total"] - spent["summary"] for spent in phases if spent), default=None)


def largest_algorithm(results):
    return max(
        (results.peak("algorithms", name) for name in results.systems("algorithms")), default=None
    )


def qgis_over_command_line(results):
    return results.ratio(("qgis", QGIS), ("qgis", BANDCLUSTER))


def qgis_without_its_start(results):
    """For information: QGIS's extra time over the command line, without QGIS's own start."""
    seconds = [results.seconds("qgis", system) for system in (QGIS, QGIS_START, BANDCLUSTER)]
    return None if None in seconds else (seconds[0] - seconds[1]) / seconds[2]


TARGETS = [
    times_the_floor("train", 1.5),
    times_quicker("train", SKLEARN, 20),
    times_quicker("train", INTELEX, 6),
    memory("train"),
    times_the_floor("predict", 1.15),
    times_the_floor("tile", 1.8),
    times_quicker("tile", SKLEARN, 20),
    times_quicker("tile", INTELEX, 20),
    inertia("tile", SKLEARN),
    inertia("tile", INTELEX),
    memory("tile"),
    times_quicker("restarts", SKLEARN, 20),
    times_quicker("restarts", INTELEX, 20),
    inertia("restarts", SKLEARN),
    inertia("restarts", INTELEX),
    times_the_floor("tile13", 2.5),
    memory("tile13"),
    times_the_floor("tile_float", 2),
    memory("tile_float"),
    Target("gigapixel", "time per pixel / the tile's", ALIKE, linear_time),
    Target("gigapixel", "peak memory / the tile's", ALIKE, constant_memory),
    Target(
        "sweep",
        "all 19 fits and their measures",
        5,
        lambda r: r.seconds("sweep", BANDCLUSTER),
        unit="s",
    ),
    Target("choose_k", "beyond the summary", 10, choosing_beyond_summary, unit="s"),
    Target("algorithms", "the slowest, beyond the summary", 30, slowest_algorithm, unit="s"),
    Target("algorithms", "the largest peak memory", MEMORY, largest_algorithm, unit="MB"),
    Target("qgis", "time in QGIS / on the command line", 1.5, qgis_over_command_line),
]
