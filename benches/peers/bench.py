"""The runner: runs contenders in turn and collects their results in one dictionary.

results["jobs"][job]["systems"][system] holds the runs of one system in one job: scene, command,
outcome, and the lists "seconds", "memory" and "told" (one item per finished run). If a run did not
finish, it holds the reason.
"""

import json
import os
import sys
import time
from pathlib import Path

import measure
from contenders import FLOOR
from measure import DOES_NOT_FIT, DONE


class Bench:
    """The folders and programs of a comparison, and its results so far."""

    def __init__(self, options, work, results):
        self.scenes = Path(options.scenes).resolve()
        self.work = Path(work).resolve()
        self.program = Path(options.program).resolve()
        self.library = Path(options.library).resolve()
        self.runs, self.peer_runs = options.runs, options.peer_runs
        self.with_peers = not options.no_peers
        self.timeout = options.timeout
        self.results = results

    # Files

    def scene(self, name):
        return self.scenes / name

    def output(self, scene, name):
        """The path of a map or model that is made from a scene."""
        return self.work / f"{Path(scene).stem}_{name}"

    def facts(self, scene):
        return self.results["scenes"][Path(scene).name]

    def shown(self, command):
        """A command as a reader would type it: programs and files without folders."""
        words = (str(word) for word in command)
        return " ".join(
            word.replace(f"{self.work}/", "").replace(f"{self.scenes}/", "")
            for word in map(name_of, words)
        )

    # Runs

    def side_by_side(self, job, contenders, runs=None):
        """Runs the contenders in turn, round after round, so that other load affects all alike.

        The first contender runs once before, without being counted, and its output becomes the
        labels for the floor.
        """
        self.once(contenders[0])
        for contender in contenders:
            if contender.system == FLOOR:
                os.replace(
                    self.output(contender.reads[0], "map.tif"),
                    self.output(contender.reads[0], "labels.tif"),
                )
        for _ in range(runs or self.runs):
            for contender in contenders:
                self.measured(job, contender)

    def peers(self, job, contenders):
        """Runs each peer `peer_runs` times, or not at all if it does not fit into memory."""
        if not self.with_peers:
            return
        for contender in contenders:
            for _ in range(self.peer_runs):
                if self.fits(job, contender):
                    self.measured(job, contender)

    def fits(self, job, contender):
        """Whether the peer should run: it may fit into free memory, and has not failed before."""
        entry = self.entry(job, contender)
        facts = self.facts(contender.reads[0])
        needed = contender.appetite * facts["pixels"] * facts["bands"]
        if needed > measure.memory()["MemAvailable"]:
            entry.update(outcome=DOES_NOT_FIT, needed=needed)
            self.say(
                f"{job}: {contender.system} does not fit (it would take about"
                f" {needed / 1e9:.0f} GB)"
            )
        return entry["outcome"] == DONE

    def measured(self, job, contender):
        """Runs a contender once, adds the run to the results and returns it."""
        run = self.attempt(contender)
        entry = self.entry(job, contender)
        entry["outcome"] = run.outcome
        if run.outcome != DONE:
            entry.update(complaint=run.complaint, stopped_after=run.seconds, stopped_at=run.peak)
            self.say(
                f"{job}: {contender.system} {run.outcome} after {run.seconds:.1f} s:"
                f" {run.complaint[-300:]}"
            )
            return run
        entry["seconds"].append(contender.seconds(run))
        entry["memory"].append(contender.peak(run))
        entry["told"].append(run.told)
        self.say(
            f"{job}: {contender.system} {entry['seconds'][-1]:.2f} s,"
            f" {entry['memory'][-1] / 1e6:.0f} MB"
        )
        return run

    def once(self, contender):
        """Runs a contender that must succeed and is not counted."""
        run = self.attempt(contender)
        if run.outcome != DONE:
            sys.exit(f"compare: {self.shown(contender.command)} {run.outcome}: {run.complaint}")
        return run

    def attempt(self, contender):
        contender.clear()
        measure.warm(self.files(contender.reads))
        measure.settle()
        return measure.run(contender.command, contender.environment, self.timeout)

    def files(self, scenes):
        """The files behind scenes: the mosaic is made of the tile."""
        return {
            path.with_name("tile.tif") if path.suffix == ".vrt" else path
            for path in map(Path, scenes)
        }

    def entry(self, job, contender):
        """The results of this system in this job, created if there are none."""
        systems = self.results["jobs"][job]["systems"]
        fresh = {"outcome": DONE, "seconds": [], "memory": [], "told": []}
        if contender.reads:
            scene = Path(contender.reads[0]).name
            fresh.update(scene=scene, pixels=self.results["scenes"].get(scene, {}).get("pixels"))
        return systems.setdefault(
            contender.system, {**fresh, "command": self.shown(contender.command)}
        )

    def say(self, line):
        print(f"{time.strftime('%H:%M:%S')}  {line}", file=sys.stderr, flush=True)


def name_of(word):
    """Programs and scripts without their folder; other words as they are."""
    path = Path(word)
    is_program = path.is_absolute() and path.is_file() and os.access(path, os.X_OK)
    return path.name if is_program or path.suffix == ".py" else word


def load(path):
    try:
        return json.loads(Path(path).read_text())
    except FileNotFoundError:
        return {"jobs": {}}


def save(path, results):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(f"{path}.unfinished")
    unfinished.write_text(json.dumps(results, indent=1) + "\n")
    os.replace(unfinished, path)
