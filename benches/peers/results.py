"""Figures from the results of a comparison; None if something was not measured."""

import statistics

from contenders import INTELEX, SKLEARN
from measure import DONE


class Results:
    def __init__(self, data):
        self.data = data

    def jobs(self):
        return [job for job, kept in self.data["jobs"].items() if kept["systems"]]

    def systems(self, job):
        """Names and entries of a job's systems."""
        kept = self.data["jobs"].get(job, {"systems": {}})["systems"]
        return {**kept, **self._predictions()} if job == "predict" and kept else kept

    def _predictions(self):
        """The entries of the peers in Python for predicting, from their runs of `train`."""
        fitted = self.data["jobs"].get("train", {"systems": {}})["systems"]
        pixels = self.data["scenes"].get("predict.tif", {}).get("pixels")
        return {
            system: prediction(fitted[system], pixels)
            for system in (SKLEARN, INTELEX)
            if system in fitted
        }

    def entry(self, job, system):
        return self.systems(job).get(system)

    def done(self, job, system):
        entry = self.entry(job, system)
        return entry if entry and entry["outcome"] == DONE and entry["seconds"] else None

    def seconds(self, job, system):
        """The median of the runs."""
        entry = self.done(job, system)
        return statistics.median(entry["seconds"]) if entry else None

    def peak(self, job, system):
        """The largest memory of the runs, in bytes."""
        entry = self.done(job, system)
        return max(entry["memory"]) if entry else None

    def inertia(self, job, system):
        entry = self.done(job, system)
        return entry.get("inertia") if entry else None

    def pixels(self, job, system):
        """The number of pixels of the scene in a system's job."""
        entry = self.entry(job, system)
        return entry.get("pixels") if entry else None

    def nanoseconds(self, job, system):
        """The median per pixel."""
        return quotient(self.seconds(job, system), self.pixels(job, system), 1e9)

    def ratio(self, above, below):
        """The ratio of the median seconds of two pairs (job, system)."""
        return quotient(self.seconds(*above), self.seconds(*below))

    def last_told(self, job, system):
        entry = self.done(job, system)
        return entry["told"][-1] if entry else None

    def phases(self, job, system):
        """The median seconds of every phase that a system reports."""
        entry = self.done(job, system)
        told = [run["seconds"] for run in entry["told"] if "seconds" in run] if entry else []
        return {
            name: statistics.median(run[name] for run in told) for name in (told[0] if told else ())
        }


def prediction(fitted, pixels):
    told = [run for run in fitted["told"] if "predict" in run["seconds"]]
    seconds = [
        {phase: s for phase, s in run["seconds"].items() if phase.startswith("predict")}
        for run in told
    ]
    return {
        **fitted,
        "scene": "predict.tif",
        "pixels": pixels,
        "seconds": [sum(phases.values()) for phases in seconds],
        "memory": [run["memory"]["predict_write"] for run in told],
        "told": [{"seconds": phases} for phases in seconds],
    }


def quotient(above, below, scale=1):
    return above / below * scale if above is not None and below else None
