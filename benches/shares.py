"""The shares of processor time: decoding, copies, summary and so on, for each job.

    python benches/shares.py SCENES

Prints a table in Markdown. It needs perf (Debian's package linux-perf), the program built by
`make build`, and the scenes that `make bench` makes.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = Path(__file__).parent.parent / "target/release/bandcluster"

JOBS = {
    "train": ["cluster", "train.tif", "-k", "4"],
    "predict": ["predict", "--model", "MODEL", "predict.tif"],
    "tile": ["cluster", "tile.tif", "-k", "10"],
    "tile, 13 bands": ["cluster", "tile13.tif", "-k", "10"],
    "tile, reflectances": ["cluster", "tile_float.tif", "-k", "10"],
}

# A symbol belongs to the first column with a word that it begins with, or else to the column of its
# library. The same functions sum floats for the summary's totals and for the classes.
KERNEL = "bandcluster::kernel::"
SYMBOLS = {
    "summary": ("bandcluster::summary", f"{KERNEL}totals", f"{KERNEL}moments"),
    "fit": ("bandcluster::cluster", f"{KERNEL}two_nearest"),
    "nearest centre": (f"{KERNEL}nearest", f"{KERNEL}grouped"),
    "sums": (
        f"{KERNEL}accumulate",
        f"{KERNEL}label_sums",
        f"{KERNEL}exact_sum",
        f"{KERNEL}integer_sum",
        "bandcluster::model::refine",
    ),
    "pixels and labels": ("bandcluster",),
}
LIBRARIES = {
    "inflate, deflate": ("libdeflate", "libz"),
    "GDAL": ("libgdal", "libtiff"),
    "copies": ("libc.",),
    "system": ("[kernel", "[vdso"),
}
OTHERS = "start and others"
COLUMNS = [*LIBRARIES, *SYMBOLS, OTHERS]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("scenes", type=Path)
    scenes = parser.parse_args().scenes
    if not shutil.which("perf"):
        sys.exit("perf is not here: install it (apt install linux-perf)")
    print(f"| job | processor time | {' | '.join(COLUMNS)} |")
    print(f"| --- | {' | '.join('---:' for _ in range(len(COLUMNS) + 1))} |")
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model.json"
        subprocess.run([PROGRAM, "fit", scenes / "train.tif", "--model", model, "-q"], check=True)
        for job, words in JOBS.items():
            seconds = profile(
                command(words, scenes, model, Path(folder) / "map.tif"), Path(folder) / "perf.data"
            )
            total = sum(seconds.values())
            shares = " | ".join(f"{100 * seconds[column] / total:.0f} %" for column in COLUMNS)
            print(f"| {job} | {total:.2f} s | {shares} |", flush=True)


def command(words, scenes, model, output):
    """The command line of a job; its map is written to ``output``."""
    named = [
        scenes / word if word.endswith(".tif") else model if word == "MODEL" else word
        for word in words
    ]
    last = next(i for i, word in enumerate(words) if word.endswith(".tif"))
    return [PROGRAM, *named[: last + 1], output, *named[last + 1 :], "-q", "--overwrite"]


def profile(command, data):
    """Processor seconds by column."""
    record = ["perf", "record", "-q", "-F", "2000", "-e", "cpu-clock", "-o", data]
    recorded = subprocess.run([*record, *command], stderr=subprocess.PIPE, text=True)
    if recorded.returncode:
        sys.exit(f"perf or the job failed: {recorded.stderr}")
    report = ["perf", "script", "-i", data, "-F", "ip,sym,dso"]
    samples = subprocess.run(report, check=True, capture_output=True, text=True).stdout.splitlines()
    seconds = dict.fromkeys(COLUMNS, 0.0)
    for sample in samples:
        seconds[column_of(sample)] += 1 / 2000
    return seconds


def column_of(sample):
    """The column of a line such as ``7f00 bandcluster::summary::add (/usr/bin/bandcluster)``."""
    _address, _, rest = sample.strip().partition(" ")
    symbol, _, library = rest.rpartition(" (")
    symbol, library = symbol.lstrip("<&"), library.rstrip(")").rsplit("/", 1)[-1]
    for names, word in ((SYMBOLS, symbol), (LIBRARIES, library)):
        for column, beginnings in names.items():
            if word.startswith(beginnings):
                return column
    return OTHERS


if __name__ == "__main__":
    main()
