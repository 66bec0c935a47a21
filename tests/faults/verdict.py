"""The allowed results of a disturbed run: all outputs old, or all new."""

import re

from jobs import LAST, NEW, OURS, Bench, Done, contents

LONGEST_LINE = 600
CODES = (0, 1, 2, 130)


class Judge:
    """Compares the files after a run with the allowed results."""

    def __init__(self, bench: Bench, job: str, overwrite: bool, place):
        self.bench, self.job, self.overwrite, self.place = bench, job, overwrite, place
        self.inputs = contents(place / "in")
        self.old = contents(place / "outputs")
        self.new = bench.wanted(job, NEW, overwrite)

    def problems(
        self, done: Done, *, also=(), silent=False, leftovers=False, inputs=True, last=True
    ) -> "list[str]":
        """The errors found; an empty list if there are none.

        `also`: other allowed outcomes. `silent`: the message may be missing. `leftovers`: temporary
        files may stay, because removing them fails. `last`: the map is new only if all files are.
        """
        if done.hung:
            return [f"hangs for {done.seconds:.0f} s"]
        found = [] if silent or done.code == 0 else message_faults(done)
        if inputs and contents(self.place / "in") != self.inputs:
            found.append("an input was changed")
        there = contents(self.place / "outputs")
        whole = {name: text for name, text in there.items() if not name.startswith(OURS)}
        stays = sorted(set(there) - set(whole))
        killed = done.code < 0
        if killed:
            found += self._of_a_killed_run(whole, last)
        elif done.code == 0:
            if whole not in (self.new, *also):
                found.append(
                    "exit 0, but other outputs than an undisturbed run's:"
                    f" {differences(whole, self.new)}"
                )
        elif whole != self.old:
            found.append(
                f"exit {done.code}, but outputs were changed: {differences(whole, self.old)}"
            )
        if stays and not killed and not leftovers:
            found.append(f"leaves {', '.join(stays)}")
        return found + (self._next_run() if killed and not found else [])

    def _of_a_killed_run(self, there, last) -> "list[str]":
        halves = [
            name
            for name in {*there, *self.old}
            if there.get(name) not in (self.old.get(name), self.new.get(name))
        ]
        if halves:
            return [f"neither old nor new after a kill: {', '.join(sorted(halves))}"]
        name = LAST.get(self.job)
        if (
            last
            and name
            and there.get(name) == self.new[name] != self.old.get(name)
            and there != self.new
        ):
            return [f"{name} is new, but not all others are: {differences(there, self.new)}"]
        return []

    def _next_run(self) -> "list[str]":
        done = self.bench.run(
            [self.bench.binary, *self.bench.words(self.job, NEW, True)], self.place
        )
        there = contents(self.place / "outputs")
        if done.code != 0:
            return [f"the next run fails: {done.stderr.strip()}"]
        if there != self.bench.wanted(self.job, NEW, True):
            return [
                f"after the next run: {differences(there, self.bench.wanted(self.job, NEW, True))}"
            ]
        return []


def message_faults(done: Done) -> "list[str]":
    """What is wrong with the message of a run that has failed."""
    text = done.stderr
    if done.code < 0:
        return []
    if done.code not in CODES:
        return [f"exit {done.code}: {text.strip()[:200]}"]
    lines = text.splitlines()
    if len(lines) != 1 and done.code != 130:
        return [f"the message has {len(lines)} lines, not 1: {text[:300]!r}"]
    if len(text) > LONGEST_LINE:
        return [f"a message of {len(text)} characters: {text[:200]!r}"]
    if re.search(r"panick|defect|os error|unwrap|\.rs:", text):
        return [f"the message has words of the implementation: {text.strip()[:200]!r}"]
    if lines and len(lines[0]) < 20:
        return [f"the message is too short: {text!r}"]
    return []


def _first_line(there: str, wanted: str) -> str:
    lines = sorted(set(there.splitlines()) ^ set(wanted.splitlines()))
    return f" ({lines[0][:120]})" if "\n" in there else ""


def differences(there, wanted) -> str:
    """The files that differ, and how."""
    told = []
    for name in sorted({*there, *wanted}):
        if name not in there:
            told.append(f"{name} is missing")
        elif name not in wanted:
            told.append(f"{name} should not be there")
        elif there[name] != wanted[name]:
            told.append(f"{name} differs{_first_line(there[name], wanted[name])}")
    return ", ".join(told)
