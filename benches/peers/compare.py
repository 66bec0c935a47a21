"""Compares bandcluster with its peers and with the floor, and writes a page about it.

    /usr/bin/python3 benches/peers/scenes.py SCENES
    /usr/bin/python3 benches/peers/compare.py --scenes SCENES --output docs/benchmarks.md

Run benches/peers/setup.sh once before, and build bandcluster. Python must have osgeo and numpy.
After every job, the results are also written to a JSON file, from which report.py can make the page
again. With --only, other jobs keep their results in that file. Nothing else should run on the
machine.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import Bench, load, save
from contenders import HERE, PEER_PYTHON, ROOT
from jobs import JOBS
from machine import machine, versions

BY_NAME = {job.__name__: job for job in JOBS}


def main():
    options = parse()
    results = load(options.results) if options.only else {"jobs": {}}
    results.update(scenes=describe(Path(options.scenes)), machine=machine())
    results.setdefault("versions", {}).update(versions(options.program, not options.no_peers))
    build = hashlib.sha256(Path(options.program).read_bytes()).hexdigest()[:12]
    Path(options.temporary).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="compare_", dir=options.temporary) as work:
        bench = Bench(options, work, results)
        for name in options.only or BY_NAME:
            results["jobs"][name] = {
                "systems": {},
                "day": time.strftime("%Y-%m-%d"),
                "build": build,
            }
            BY_NAME[name](bench)
            save(options.results, results)
    write_page(options)


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scenes", required=True, help="the folder that scenes.py has filled")
    parser.add_argument("--runs", type=int, default=5, help="of bandcluster and the floor")
    parser.add_argument("--peer-runs", type=int, default=1)
    parser.add_argument("--output", default="docs/benchmarks.md", help="the page to write")
    parser.add_argument(
        "--chart", help="the picture to write [images/benchmarks.svg beside the page]"
    )
    parser.add_argument(
        "--only", type=job_names, help=f"some jobs, with commas: {', '.join(BY_NAME)}"
    )
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--program", default=ROOT / "target/release/bandcluster")
    parser.add_argument("--library", default=ROOT / "target/release/libbandcluster.so")
    parser.add_argument("--results", default=ROOT / "target/bench/results.json")
    parser.add_argument(
        "--temporary", default=ROOT / "target/bench", help="where maps and models go for a while"
    )
    parser.add_argument("--timeout", type=float, default=3600, help="seconds that one run may take")
    return parser.parse_args()


def job_names(text):
    names = text.split(",")
    unknown = [name for name in names if name not in BY_NAME]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"no job {', '.join(unknown)}; choose from {', '.join(BY_NAME)}"
        )
    return names


def describe(folder):
    """The size and type of every scene in the folder.

    Another process reads them, because GDAL would make this one large.
    """
    paths = [str(path) for path in sorted([*folder.glob("*.tif"), *folder.glob("*.vrt")])]
    told = subprocess.run(
        [sys.executable, HERE / "describe.py", *paths], check=True, capture_output=True, text=True
    )
    return {Path(path).name: facts for path, facts in json.loads(told.stdout).items()}


def write_page(options):
    """Writes the page with the peers' Python, which has matplotlib."""
    chart = options.chart or Path(options.output).parent / "images" / "benchmarks.svg"
    command = [
        PEER_PYTHON,
        HERE / "report.py",
        "--results",
        options.results,
        "--output",
        options.output,
        "--chart",
        chart,
    ]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
