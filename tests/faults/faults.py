#!/usr/bin/env python3
"""Disturb jobs in many ways, and check that all outputs are old or all are new.

Prints a table of kinds, cases and faults, and for each fault the command that repeats it. The exit
code is 1 if there are faults.
"""

import argparse
import collections
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent))
from jobs import JOBS, Bench  # noqa: E402
from kinds import KINDS, Case, Skipped  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]


def main():
    arguments = parse()
    kinds = arguments.only.split(",") if arguments.only else list(KINDS)
    if unknown := set(kinds) - set(KINDS):
        sys.exit(f"there is no kind {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="bandcluster-faults-", dir=arguments.folder))
    try:
        (folder / "bench").mkdir()
        bench = Bench(folder / "bench", arguments.binary.resolve())
        # Times are measured before parallel runs slow each other down.
        warm(bench)
        table = {kind: try_kind(bench, folder, kind, arguments) for kind in kinds}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tell(table, arguments, time.monotonic() - began)
    sys.exit(any(row.faults for row in table.values()))


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=Path, default=ROOT / "target/release/bandcluster")
    parser.add_argument("--cases", type=int, default=60, help="of each kind [60]")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help=f"kinds, with commas: {', '.join(KINDS)}")
    parser.add_argument("--case", type=int, help="this case alone")
    parser.add_argument("--workers", type=int, default=2, help="runs at the same time [2]")
    parser.add_argument(
        "--folder", type=Path, help="where to work [the system's folder of temporary files]"
    )
    return parser.parse_args()


def warm(bench: Bench) -> None:
    for job in JOBS:
        bench.seconds(job)
        for overwrite in (False, True):
            bench.wanted(job, 3, overwrite)


class Row:
    """The results of one kind."""

    def __init__(self):
        self.cases, self.skipped, self.faults, self.ended = 0, collections.Counter(), [], 0


def try_kind(bench, folder, kind, arguments) -> Row:
    row = Row()
    numbers = [arguments.case] if arguments.case is not None else range(arguments.cases)
    with ThreadPoolExecutor(arguments.workers) as pool:
        for number, case, outcome in pool.map(
            lambda n: try_case(bench, folder, kind, arguments.seed, n), numbers
        ):
            if isinstance(outcome, Skipped):
                row.skipped[str(outcome)] += 1
                continue
            row.cases += 1
            row.ended += "ended by" in case.told
            if outcome:
                row.faults.append((number, case, outcome))
    print(f"{kind}: {row.cases} cases, {len(row.faults)} faults", file=sys.stderr, flush=True)
    return row


def try_case(bench, folder, kind, seed, number):
    """Runs a case. Equal seeds and numbers give equal cases."""
    random = Random(f"{seed}/{kind}/{number}")
    job, overwrite = random.choice(list(JOBS)), random.random() < 0.6
    place = folder / f"{kind}-{number}"
    case = Case(bench, random, place, job, overwrite)
    try:
        bench.case(place, job, overwrite)
        return number, case, KINDS[kind](case)
    except Skipped as skipped:
        return number, case, skipped
    finally:
        shutil.rmtree(place, ignore_errors=True)


def tell(table, arguments, seconds) -> None:
    width = max(map(len, table))
    print(f"{'kind':{width}}  cases  faults")
    for kind, row in table.items():
        notes = [f"{row.ended} ended by the allocator"] if row.ended else []
        notes += [f"{number} left out: {why}" for why, number in row.skipped.items()]
        print(f"{kind:{width}}  {row.cases:5}  {len(row.faults):6}  {'; '.join(notes)}".rstrip())
    cases, faults = (
        sum(map(count, table.values())) for count in (lambda r: r.cases, lambda r: len(r.faults))
    )
    print(f"{'all':{width}}  {cases:5}  {faults:6}  seed {arguments.seed}, {seconds:.0f} s")
    for kind, row in table.items():
        for number, case, problems in row.faults:
            how = "over old outputs" if case.overwrite else "into an empty folder"
            print(f"\n{kind} {number}: {case.job} {how}; {case.told}")
            for problem in problems:
                print(f"    {problem}")
            print(f"    make faults ONLY={kind} SEED={arguments.seed} CASE={number}")


if __name__ == "__main__":
    main()
